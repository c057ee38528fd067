"""The documents that lead a client to the features: landing page, conformance, collections, schema (OGC 17-069r4, 7.2-7.14)."""

from collections.abc import Iterable
from typing import Any

from gi_registry.lib.language import say
from gi_registry.lib.texts import Text
from gi_registry.ogc import cql2
from gi_registry.ogc.collection import Collection
from gi_registry.ogc.crs import CRS84
from gi_registry.ogc.figures import Extent
from gi_registry.ogc.notices import attribution_of

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
SCHEMA_JSON = "application/schema+json"
PROBLEM_JSON = "application/problem+json"
# Without a blank: some clients compare the type letter by letter.
OPENAPI_JSON = "application/vnd.oai.openapi+json;version=3.0"

TITLE = Text("山西地理标志地图数据", "Map data of the Shanxi GI Registry")
ABOUT = Text(
    "行政区划、产地范围与公开的生产者位置，依照 OGC API - Features 提供。默认坐标为 WGS 84 经度、纬度。",
    "Divisions, production regions and public producer points by OGC API - Features. WGS 84 longitude, latitude unless asked otherwise.",
)
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
# Only what the tests under tests/ogc hold.
CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    *cql2.CONFORMANCE,
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/collections-selection",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/tilesetmetadata",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
)

Document = dict[str, Any]


def link(href: str, rel: str, media_type: str, title: Text) -> Document:
    return {"href": href, "rel": rel, "type": media_type, "title": say(title)}


SELF = Text("本文档", "This document")
PAGE = Text("网页", "This as a page")
_COLLECTION = Text("图层说明", "The collection")
TILES = Text("矢量瓦片", "Vector tiles")
SCHEMES = Text("瓦片方案", "Tile matrix sets")
OGC_REL = "http://www.opengis.net/def/rel/ogc/1.0/"


def landing(root: str) -> Document:
    """``root`` is the absolute address of the service without a slash at its end."""
    return {
        "title": say(TITLE),
        "description": say(ABOUT),
        "links": [
            link(f"{root}/", "self", JSON, SELF),
            link(f"{root}/?f=html", "alternate", HTML, PAGE),
            link(
                f"{root}/api",
                "service-desc",
                OPENAPI_JSON,
                Text("接口定义 (OpenAPI 3.0)", "API definition (OpenAPI 3.0)"),
            ),
            link(f"{root}/api?f=html", "service-doc", HTML, Text("接口说明", "API documentation")),
            link(f"{root}/conformance", "conformance", JSON, Text("符合的标准条款", "Conformance classes")),
            link(f"{root}/collections", "data", JSON, Text("图层", "Collections")),
            _tiles(root),
            link(f"{root}/tileMatrixSets", f"{OGC_REL}tiling-schemes", JSON, SCHEMES),
        ],
    }


def _tiles(here: str) -> Document:
    return link(f"{here}/tiles", f"{OGC_REL}tilesets-vector", JSON, TILES)


def conformance() -> Document:
    return {"conformsTo": list(CONFORMANCE)}


def collections(root: str, shown: Iterable[tuple[Collection, Extent]]) -> Document:
    return {
        "links": [
            link(f"{root}/collections", "self", JSON, SELF),
            link(f"{root}/collections?f=html", "alternate", HTML, PAGE),
        ],
        "collections": [collection(root, item, extent) for item, extent in shown],
    }


def collection(root: str, item: Collection, extent: Extent) -> Document:
    """The same document in the list and alone: clients compare the two. ``extent`` is that of the actor's own rows."""
    here = f"{root}/collections/{item.id}"
    return {
        "id": item.id,
        "title": say(item.title),
        "description": say(item.description),
        "attribution": attribution_of(item),
        "itemType": "feature",
        **_extent(extent),
        "crs": [each.uri for each in item.systems],
        "storageCrs": CRS84.uri,
        "links": [
            link(here, "self", JSON, SELF),
            link(f"{here}?f=html", "alternate", HTML, PAGE),
            link(f"{here}/items", "items", GEOJSON, Text("要素", "Features")),
            link(f"{here}/queryables", QUERYABLES, SCHEMA_JSON, Text("可查询的属性", "Queryables")),
            link(f"{here}/schema", "describedby", SCHEMA_JSON, Text("属性定义", "Schema of the properties")),
            *([_tiles(here)] if item.drawing else []),
        ],
    }


def _extent(extent: Extent) -> Document:
    """OGC 17-069r4, 7.14.3. A layer of which the actor sees nothing has no extent."""
    told: Document = {}
    if extent.box:
        told["spatial"] = {"bbox": [list(extent.box)], "crs": CRS84.uri}
    if extent.days:
        first, last = extent.days
        interval = [first and f"{first}T00:00:00Z", last and f"{last}T23:59:59Z"]
        told["temporal"] = {"interval": [interval], "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
    return {"extent": told} if told else {}


def schema(root: str, item: Collection) -> Document:
    properties: Document = {"geometry": item.shape.schema}
    properties["id"] = {"type": "string", "x-ogc-role": "id"}
    for fact in item.properties:
        properties[fact.name] = fact.schema | {"title": say(fact.title)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{root}/collections/{item.id}/schema",
        "title": say(item.title),
        "description": say(item.description),
        "type": "object",
        "properties": properties,
    }


def page_links(root: str, item: Collection, here: str, page: str, following: str) -> list[Document]:
    """``here`` is this page, ``page`` the same for people, ``following`` the next or ""."""
    links = [link(here, "self", GEOJSON, SELF), link(page, "alternate", HTML, PAGE)]
    if following:
        links.append(link(following, "next", GEOJSON, Text("下一页", "Next page")))
    links.append(link(f"{root}/collections/{item.id}", "collection", JSON, _COLLECTION))
    return links


def feature_links(root: str, item: Collection, here: str, page: str) -> list[Document]:
    return page_links(root, item, here, page, "")
