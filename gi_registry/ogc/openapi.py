"""The OpenAPI 3.0 document of the map service, made from the collections themselves.

It is apart from the project's own schema on purpose: OGC clients want version 3.0, a literal path for each collection,
and ``style``/``explode`` written out; a template elsewhere in the document would confuse their path matching.
"""

from typing import Any

from gi_registry.lib.language import say
from gi_registry.lib.texts import Text
from gi_registry.ogc import documents, params, tile_api
from gi_registry.ogc.collection import Collection, Property
from gi_registry.ogc.cql2 import LANGUAGES, TEXT
from gi_registry.ogc.cql2.faults import MAX_BYTES
from gi_registry.ogc.crs import CRS84

Document = dict[str, Any]
_SERVICE, _DATA = "service", "data"


def document(root: str, shown: tuple[Collection, ...]) -> Document:
    """``root`` without a slash at its end: clients cut it off the front of an address to find the path."""
    paths: Document = {
        "/": _get("landing", _SERVICE, Text("入口", "Landing page"), documents.JSON),
        "/conformance": _get("conformance", _SERVICE, Text("符合的标准条款", "Conformance classes"), documents.JSON),
        "/api": _get("api", _SERVICE, Text("接口定义", "API definition"), documents.OPENAPI_JSON),
        "/collections": _get("collections", _SERVICE, Text("图层列表", "Collections"), documents.JSON),
    }
    for item in shown:
        paths |= _paths_of(item)
    paths |= tile_api.paths_of(shown)
    return {
        "openapi": "3.0.3",
        "info": {"title": say(documents.TITLE), "description": say(documents.ABOUT), "version": "1.0.0"},
        "servers": [{"url": root}],
        "tags": [{"name": _SERVICE}, {"name": _DATA}, {"name": tile_api.TAG}],
        "paths": paths,
        "components": _components(),
    }


def _paths_of(item: Collection) -> Document:
    here = f"/collections/{item.id}"
    feature_id = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
    systems = {"type": "string", "format": "uri", "default": CRS84.uri, "enum": [crs.uri for crs in item.systems]}
    crs = _query("crs", systems, Text("返回的坐标系", "Reference system of the answer"))
    bbox_crs = _query("bbox-crs", systems, Text("bbox 的坐标系", "Reference system of bbox"))
    filter_crs = _query("filter-crs", systems, Text("filter 中坐标的坐标系", "Reference system of positions in filter"))
    names = [order.name for order in item.properties if order.is_sortable]
    sort = {"type": "array", "items": {"type": "string", "pattern": f"^[+-]?({'|'.join(names)})$"}, "minItems": 1}
    sortby = _query(
        "sortby", sort | {"maxItems": params.MAX_ORDERS}, Text("排序，“-”为降序", "Order, “-” for descending")
    )
    shared = ["bbox", "limit", "datetime", "filter", "filter-lang", "cursor", "offset", "max-allowable-offset"]
    asked = [
        *({"$ref": f"#/components/parameters/{name}"} for name in shared),
        bbox_crs,
        filter_crs,
        crs,
        sortby,
        *map(_filter, item.filters),
    ]
    return {
        here: _get(f"describe.{item.id}", _DATA, item.title, documents.JSON),
        f"{here}/queryables": _get(f"queryables.{item.id}", _DATA, item.title, documents.SCHEMA_JSON),
        f"{here}/schema": _get(f"schema.{item.id}", _DATA, item.title, documents.SCHEMA_JSON),
        f"{here}/items": _get(f"items.{item.id}", _DATA, item.description, documents.GEOJSON, asked),
        f"{here}/items/{{featureId}}": _get(
            f"item.{item.id}",
            _DATA,
            item.title,
            documents.GEOJSON,
            [
                feature_id,
                crs,
                {"$ref": "#/components/parameters/max-allowable-offset"},
            ],
        ),
    }


def _get(name: str, tag: str, summary: Text, media_type: str, parameters: list[Document] | None = None) -> Document:
    return {
        "get": {
            "operationId": name,
            "tags": [tag],
            "summary": say(summary),
            "parameters": [
                *(parameters or []),
                *({"$ref": f"#/components/parameters/{name}"} for name in ("f", "lang")),
            ],
            "responses": {
                "200": {"description": say(summary), "content": _content(media_type)},
                "default": {"$ref": "#/components/responses/Problem"},
            },
        }
    }


def _content(media_type: str) -> Document:
    """Everything is there as a page too."""
    return {media_type: {"schema": {"type": "object"}}, documents.HTML: {"schema": {"type": "string"}}}


def _filter(item: Property) -> Document:
    return _query(item.name, item.filter_schema, item.title)


def _query(name: str, schema: Document, about: Text) -> Document:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "style": "form",
        "explode": False,
        "description": say(about),
        "schema": schema,
    }


def _components() -> Document:
    number = {"type": "number"}
    limit = {"type": "integer", "minimum": 1, "maximum": params.MAX_LIMIT, "default": params.DEFAULT_LIMIT}
    tolerance = number | {"minimum": 0, "maximum": params.MAX_ALLOWABLE_OFFSET, "default": 0}
    listed = [
        _query("bbox", {"type": "array", "items": number, "minItems": 4, "maxItems": 6}, Text("范围：西,南,东,北", "Box: west,south,east,north")),
        _query("limit", limit, Text("每页要素数", "Features a page")),
        _query("datetime", {"type": "string"}, Text("时刻或区间 (RFC 3339)", "Instant or interval (RFC 3339)")),
        _query("filter", {"type": "string", "maxLength": MAX_BYTES}, Text("CQL2 条件", "Condition in CQL2")),
        _query("filter-lang", {"type": "string", "enum": list(LANGUAGES), "default": TEXT}, Text("filter 的语言", "Language of filter")),
        _query("cursor", {"type": "string"}, Text("取自 next 链接", "Taken from a next link")),
        _query("offset", {"type": "integer", "minimum": 0, "maximum": params.MAX_OFFSET}, Text("跳过的要素数", "Features to skip")),
        _query("max-allowable-offset", tolerance, Text("轮廓简化的容差（度）", "Simplify outlines by up to so many degrees")),
        _query("f", {"type": "string", "enum": ["json", "html"]}, Text("格式", "Format")),
        _query("lang", {"type": "string", "enum": list(params.LANGUAGES)}, Text("语言", "Language")),
    ]  # fmt: skip
    problem = {"description": "RFC 9457", "content": {documents.PROBLEM_JSON: {"schema": {"type": "object"}}}}
    return {"parameters": {item["name"]: item for item in listed}, "responses": {"Problem": problem}}
