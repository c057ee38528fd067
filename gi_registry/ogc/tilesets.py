"""The documents about tiles: OGC API - Tiles (20-057), Tileset Metadata (17-083r4) and, beside them, TileJSON 3.0.0."""

from collections.abc import Sequence
from dataclasses import dataclass

from gi_registry.lib.language import say
from gi_registry.lib.texts import Text
from gi_registry.ogc import mercator
from gi_registry.ogc.collection import Box, Collection
from gi_registry.ogc.crs import CRS84
from gi_registry.ogc.documents import HTML, JSON, OGC_REL, PAGE, SELF, TILES, Document, link
from gi_registry.ogc.drawing import MAX_ZOOM
from gi_registry.ogc.notices import attribution_of

MVT = "application/vnd.mapbox-vector-tile"
_ALL = Text("全部图层", "All layers")
_SET = Text("WebMercatorQuad 瓦片", "Tiles of WebMercatorQuad")
_LASTING = Text("矢量瓦片（此版本不变，可长期缓存）", "Vector tiles of this version, which never change")
_ID = Text("要素标识", "Id of the feature")
_COUNT = Text("此处的要素数", "How many features are here")


@dataclass(frozen=True, slots=True)
class Tileset:
    """Tiles of one layer, or of several together. ``here`` is the absolute address of its list, ``query`` what picked them,
    ``page`` the document asked for as a page for people."""

    root: str
    here: str
    layers: Sequence[Collection]
    page: str
    query: str = ""

    @property
    def title(self) -> str:
        return say(self.layers[0].title if len(self.layers) == 1 else _ALL)

    @property
    def extent(self) -> Box:
        return extent_of(self.layers)

    @property
    def attribution(self) -> str:
        return " · ".join(dict.fromkeys(attribution_of(layer) for layer in self.layers))

    def address(self, *steps: str) -> str:
        return "/".join((self.here, mercator.NAME, *steps)) + self.query


def extent_of(layers: Sequence[Collection]) -> Box:
    wests, souths, easts, norths = zip(*(layer.extent for layer in layers), strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def listed(tileset: Tileset) -> Document:
    links = [link(f"{tileset.here}{tileset.query}", "self", JSON, SELF), link(tileset.page, "alternate", HTML, PAGE)]
    return {"links": links, "tilesets": [_brief(tileset)]}


def _brief(tileset: Tileset) -> Document:
    """What the list and the full description have in common."""
    return {
        "title": tileset.title,
        "dataType": "vector",
        "crs": mercator.CRS,
        "tileMatrixSetId": mercator.NAME,
        "tileMatrixSetURI": mercator.URI,
        "tileMatrixSetLimits": [_limits(each) for each in mercator.all_limits(tileset.extent)],
        "links": [
            link(tileset.address(), "self", JSON, SELF),
            _template(tileset.address("{tileMatrix}", "{tileRow}", "{tileCol}"), TILES),
            link(f"{tileset.root}/tileMatrixSets/{mercator.NAME}", f"{OGC_REL}tiling-scheme", JSON, _SET),
            link(tileset.address("tilejson"), "describedby", JSON, Text("TileJSON", "TileJSON")),
        ],
    }


def described(tileset: Tileset, stamp: str) -> Document:
    west, south, east, north = tileset.extent
    lasting = tileset.address(stamp, "{tileMatrix}", "{tileRow}", "{tileCol}")
    brief = _brief(tileset)
    return brief | {
        "attribution": tileset.attribution,
        "version": stamp,
        "boundingBox": {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84.uri},
        "centerPoint": {"coordinates": _middle(tileset.extent), "tileMatrix": "7", "crs": CRS84.uri},
        "layers": [_layer(layer) for layer in tileset.layers],
        "links": [*brief["links"], link(tileset.page, "alternate", HTML, PAGE), _template(lasting, _LASTING)],
    }


def _layer(layer: Collection) -> Document:
    facts = {
        name: layer.by_name[name].schema | {"title": say(layer.by_name[name].title)} for name in layer.drawing.facts
    }
    own = {name: {"type": kind, "title": title} for name, (kind, title) in _own(layer).items()}
    dimension = {} if layer.shape.dimension is None else {"geometryDimension": layer.shape.dimension}
    return {
        "id": layer.id,
        "title": say(layer.title),
        "description": say(layer.description),
        "dataType": "vector",
        **dimension,
        "minTileMatrix": "0",
        "maxTileMatrix": str(MAX_ZOOM),
        "propertiesSchema": {"type": "object", "properties": own | facts},
    }


def tilejson(tileset: Tileset, stamp: str) -> Document:
    """Its template names rows before columns, as the address does, and the version: what it gives may be kept for ever."""
    return {
        "tilejson": "3.0.0",
        "name": tileset.title,
        "description": " ".join(say(layer.description) for layer in tileset.layers),
        "version": "1.0.0",
        "attribution": tileset.attribution,
        "scheme": "xyz",
        "tiles": [tileset.address(stamp, "{z}", "{y}", "{x}")],
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "bounds": list(tileset.extent),
        "center": [*_middle(tileset.extent), 7],
        "vector_layers": [_vector_layer(layer) for layer in tileset.layers],
    }


def _vector_layer(layer: Collection) -> Document:
    facts = {name: say(layer.by_name[name].title) for name in layer.drawing.facts}
    own = {name: title for name, (_, title) in _own(layer).items()}
    return {
        "id": layer.id,
        "description": say(layer.title),
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "fields": own | facts,
    }


def schemes(root: str) -> Document:
    here = f"{root}/tileMatrixSets"
    links = [link(f"{here}/{mercator.NAME}", "self", JSON, _SET)]
    entry = {"id": mercator.NAME, "title": say(_SET), "uri": mercator.URI, "links": links}
    return {
        "links": [link(here, "self", JSON, SELF), link(f"{here}?f=html", "alternate", HTML, PAGE)],
        "tileMatrixSets": [entry],
    }


def scheme() -> Document:
    """WebMercatorQuad as it is registered, with all its 25 matrices (17-083r4, annex D.1)."""
    return {
        "id": mercator.NAME,
        "title": "Google Maps Compatible for the World",
        "uri": mercator.URI,
        "crs": mercator.CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(zoom) for zoom in range(25)],
    }


def _matrix(zoom: int) -> Document:
    cell_m = mercator.HALF_M * 2 / 256 / 2**zoom
    return {
        "id": str(zoom),
        "scaleDenominator": cell_m / 0.00028,
        "cellSize": cell_m,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-mercator.HALF_M, mercator.HALF_M],
        "tileWidth": 256,
        "tileHeight": 256,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }


def _limits(limits: mercator.Limits) -> Document:
    return {
        "tileMatrix": str(limits.zoom),
        "minTileRow": limits.min_row,
        "maxTileRow": limits.max_row,
        "minTileCol": limits.min_column,
        "maxTileCol": limits.max_column,
    }


def _template(href: str, title: Text) -> Document:
    return link(href, "item", MVT, title) | {"templated": True}


def _own(layer: Collection) -> dict[str, tuple[str, str]]:
    """What tiles hold besides the layer's properties: name -> type and title."""
    counts = {"count": ("integer", say(_COUNT))} if any(band.cells for band in layer.drawing.bands) else {}
    return {"id": ("string", say(_ID)), **counts}


def _middle(extent: Box) -> list[float]:
    west, south, east, north = extent
    return [round((west + east) / 2, 4), round((south + north) / 2, 4)]
