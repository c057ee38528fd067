"""What the pages for people show, out of the same values that clients get."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson

from gi_registry.lib import jsonio
from gi_registry.lib.language import is_english, say
from gi_registry.lib.texts import Text
from gi_registry.ogc.collection import Collection
from gi_registry.ogc.crs import CRS84
from gi_registry.ogc.items import Feature
from gi_registry.ogc.params import ItemsQuery

# A page is read by a person and drawn in one small picture; whoever wants more takes the JSON.
MOST_ROWS = 100
SKETCH_TOLERANCE_DEG = 0.003
_SKETCH_PX = 480
# A degree of longitude is 0.79 of one of latitude in the middle of Shanxi.
_ASPECT = 0.79
_YES, _NO = Text("是", "yes"), Text("否", "no")
_NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Sketch:
    """Outlines and points as SVG within ``0 0 width height``."""

    paths: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    width: int
    height: int


def drawable(query: ItemsQuery) -> ItemsQuery:
    """The query as a page asks it: few rows, in degrees, with light outlines."""
    tolerance = max(query.tolerance_deg, SKETCH_TOLERANCE_DEG)
    return replace(query, limit=min(query.limit, MOST_ROWS), crs=CRS84, tolerance_deg=tolerance)


def rows_of(collection: Collection, root: str, features: list[Feature]) -> list[dict[str, Any]]:
    """One row a feature: its id, its address, and its facts as text."""
    here = f"{root}/collections/{collection.id}/items"
    return [
        {"id": feature["id"], "href": f"{here}/{feature['id']}", "facts": told(collection, feature)}
        for feature in features
    ]


def told(collection: Collection, feature: Feature) -> list[tuple[str, str]]:
    """Title and value of every fact of a feature."""
    return [(say(fact.title), _shown(feature["properties"][fact.name])) for fact in collection.properties]


def operations(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Path, summary and operation id of everything in an OpenAPI document."""
    paths = document["paths"].items()
    return [(path, each["summary"], each["operationId"]) for path, methods in paths for each in methods.values()]


def facts_of(schema: dict[str, Any]) -> list[tuple[str, str, str, list[str]]]:
    """Name, title, type and closed list of values of every property in a JSON Schema."""
    return [
        (
            name,
            each.get("title", ""),
            each.get("format") or each.get("type", ""),
            [word for word in each.get("enum", []) if word],
        )
        for name, each in schema["properties"].items()
    ]


def of_tileset(document: dict[str, Any]) -> dict[str, Any]:
    """What the page of a tileset shows out of its document (``tilesets.described``)."""
    plain, lasting = (each["href"] for each in document["links"] if each.get("templated"))
    (tilejson,) = (each["href"] for each in document["links"] if each["rel"] == "describedby")
    box = document["boundingBox"]
    return {
        "plain": plain,
        "lasting": lasting,
        "tilejson": tilejson,
        "extent": [*box["lowerLeft"], *box["upperRight"]],
        "last_zoom": document["tileMatrixSetLimits"][-1]["tileMatrix"],
        "layers": [(layer, facts_of(layer["propertiesSchema"])) for layer in document["layers"]],
    }


def sketch(features: list[Feature]) -> Sketch | None:
    """The features in one picture, or None where none has a place."""
    shapes = [feature["geometry"] for feature in orjson.loads(jsonio.dumps(features)) if feature["geometry"]]
    lines = [line for shape in shapes for line in _lines(shape)]
    points = [position for line in lines for position in line]
    if not points:
        return None
    west, north = min(x for x, _ in points), max(y for _, y in points)
    span = max((max(x for x, _ in points) - west) * _ASPECT, north - min(y for _, y in points), 0.01)
    scale = _SKETCH_PX / span

    def place(position: list[float]) -> tuple[float, float]:
        return round((position[0] - west) * _ASPECT * scale, 1), round((north - position[1]) * scale, 1)

    paths = tuple(_path([place(each) for each in line]) for line in lines if len(line) > 1)
    dots = tuple(place(line[0]) for line in lines if len(line) == 1)
    ends = [place(each) for each in points]
    return Sketch(paths, dots, round(max(x for x, _ in ends)), round(max(y for _, y in ends)))


def _lines(shape: dict[str, Any]) -> Iterator[list[list[float]]]:
    """Every line of a GeoJSON geometry; a point is a line of one position."""
    if shape["type"] == "GeometryCollection":
        for part in shape["geometries"]:
            yield from _lines(part)
        return
    layers = [shape["coordinates"]]
    while layers:
        part = layers.pop()
        if not part:
            continue
        if isinstance(part[0], float | int):
            yield [part[:2]]
        elif isinstance(part[0][0], float | int) and shape["type"] != "MultiPoint":
            yield [position[:2] for position in part]
        else:
            layers.extend(part)


def _path(line: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in line)


def _shown(value: Any) -> str:
    match value:
        case None | "" | []:
            return _NOTHING
        case bool():
            return say(_YES if value else _NO)
        case float():
            return f"{value:,.2f}".rstrip("0").rstrip(".")
        case list():
            return (", " if is_english() else "、").join(map(str, value))
        case dt.date():
            return value.isoformat()
    return str(value)
