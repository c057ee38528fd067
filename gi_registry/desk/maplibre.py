"""The looks as a MapLibre style: https://maplibre.org/maplibre-style-spec/, version 8, without sprites and glyph servers.

Marks are characters: text is drawn from the reader's own fonts where a style names no ``glyphs``, so nothing has to be fetched.
"""

from collections.abc import Iterator
from typing import Any

from gi_registry.desk.looks import GROUND, INK, Look, Stroke, in_drawing_order, look_of
from gi_registry.lib.language import is_english, say
from gi_registry.lib.texts import Word
from gi_registry.ogc.collection import SHANXI, Collection

MARK_PX, CELL_PX = 17, 15
# From here on a small area is wide enough to be seen without its mark.
SEEN_FROM_ZOOM = 14
_WHITE = {"text-halo-color": "#fff", "text-halo-width": 1.6}
_AREA = ["==", ["geometry-type"], "Polygon"]
_POINT = ["==", ["geometry-type"], "Point"]
# A tile's cell stands for many features, so it has no id of its own.
_ONE, _CELL = ["has", "id"], ["!", ["has", "id"]]

NAMES, SUM = "names", "sum"

Rule = dict[str, Any]


def style(root: str, layers: tuple[Collection, ...], names: dict[str, Any]) -> dict[str, Any]:
    """``root``: the absolute address of the map service, without a slash at its end.

    Counts of many days lie over each other in one cell, so their source stays empty until somebody adds them up, as the desk
    does.
    ``names``: GeoJSON points at which the names of divisions stand. From the tiles a name would stand once in each of them.
    """
    drawn = [layer for layer in in_drawing_order(layers) if layer.drawing or look_of(layer).number]
    west, south, east, north = SHANXI
    # The divisions' lines over those of regions, which often follow them.
    lined = sorted(drawn, key=lambda layer: bool(look_of(layer).sorts))
    passes = ((_areas, drawn), (_lines, lined), (_marks, drawn), (_words, drawn))
    parts = [part for draw, among in passes for layer in among for part in draw(layer, look_of(layer))]
    sources = {layer.id: _source(root, layer) for layer in drawn}
    return {
        "version": 8,
        "name": "GI Registry",
        "metadata": {"facts": {layer.id: _facts(layer) for layer in drawn}},
        "center": [(west + east) / 2, (south + north) / 2],
        "zoom": 6,
        "sources": sources | {NAMES: {"type": "geojson", "data": names}},
        "layers": [{"id": "ground", "type": "background", "paint": {"background-color": GROUND}}, *parts],
    }


def _facts(layer: Collection) -> dict[str, Rule]:
    """What the properties and their closed words are called in the reader's language, for windows over the map."""
    return {
        item.name: {
            "title": say(item.title),
            "words": {word: say(word) for word in item.words if isinstance(word, Word)},
        }
        for item in layer.properties
    }


def _source(root: str, layer: Collection) -> Rule:
    if look_of(layer).number:
        return {"type": "geojson", "data": {"type": "FeatureCollection", "features": []}}
    return {"type": "vector", "url": f"{root}/collections/{layer.id}/tiles/WebMercatorQuad/tilejson"}


def _part(layer: Collection, name: str, kind: str, **more: Any) -> Rule:
    """``metadata`` names the collection, for switches, and the property to add up where it is counted."""
    look = look_of(layer)
    rule = {"id": f"{layer.id}/{name}", "type": kind, "source": layer.id, **more}
    if not look.number and "source" not in more:
        rule["source-layer"] = layer.id
    if not look.is_on:
        rule["layout"] = {**rule.get("layout", {}), "visibility": "none"}
    counted = {"counted": look.number} if look.number else {}
    return rule | {"metadata": {"collection": layer.id, "title": say(layer.title), **counted}}


def _areas(layer: Collection, look: Look) -> Iterator[Rule]:
    if look.fill:
        paint = {"fill-color": look.fill, "fill-opacity": look.opacity}
        yield _part(layer, "area", "fill", filter=_AREA, paint=paint)


def _lines(layer: Collection, look: Look) -> Iterator[Rule]:
    if look.area:
        yield _part(layer, "line", "line", filter=_AREA, paint=_stroke(look.stroke))
    for sort in reversed(look.sorts):
        wanted = ["all", _AREA, ["==", ["get", look.field], str(sort.value)]]
        more = {"minzoom": sort.min_zoom} if sort.min_zoom else {}
        yield _part(layer, f"line:{sort.value}", "line", filter=wanted, paint=_stroke(sort.stroke), **more)


def _stroke(stroke: Stroke) -> Rule:
    paint: Rule = {"line-color": stroke.colour, "line-width": stroke.width_px}
    return paint | ({"line-dasharray": list(stroke.dash)} if stroke.dash else {})


def _marks(layer: Collection, look: Look) -> Iterator[Rule]:
    if not look.point:
        return
    text = {
        "text-field": look.mark.glyph,
        "text-size": MARK_PX,
        "text-allow-overlap": True,
        "text-ignore-placement": True,
    }
    paint = {"text-color": look.stroke.colour, **_WHITE}
    if look.is_small:
        yield _part(layer, "small", "symbol", filter=_AREA, layout=text, paint=paint, maxzoom=SEEN_FROM_ZOOM)
    yield _part(layer, "mark", "symbol", filter=["all", _POINT, _ONE], layout=text, paint=paint)
    yield from _cells(layer, look)


def _cells(layer: Collection, look: Look) -> Iterator[Rule]:
    """Many features in one place: a disc with their number."""
    radius = ["interpolate", ["linear"], ["get", "count"], 1, 8, 100, 13, 10_000, 20]
    disc = {
        "circle-color": "#fff",
        "circle-radius": radius,
        "circle-stroke-color": look.stroke.colour,
        "circle-stroke-width": 2,
    }
    wanted = ["all", _POINT, _CELL]
    yield _part(layer, "cell", "circle", filter=wanted, paint=disc)
    count = {"text-field": ["to-string", ["get", "count"]], "text-size": 11, "text-allow-overlap": True}
    yield _part(layer, "count", "symbol", filter=wanted, layout=count, paint={"text-color": look.stroke.colour})


def _words(layer: Collection, look: Look) -> Iterator[Rule]:
    paint = {"text-color": INK, **_WHITE}
    if look.number:
        text = {"text-field": ["to-string", ["get", SUM]], "text-size": 12, "text-allow-overlap": True}
        yield _part(layer, "number", "symbol", filter=_AREA, layout=text, paint=paint)
    if look.named:
        name = ["get", "name_en" if is_english() else "name_zh"]
        for sort, zooms, size in zip(look.sorts[1:], ({"maxzoom": 9}, {"minzoom": 8}), (13, 12), strict=True):
            text = {"text-field": name, "text-size": size, "text-max-width": 7}
            wanted = ["==", ["get", look.field], str(sort.value)]
            more = {"source": NAMES, **zooms}
            yield _part(layer, f"name:{sort.value}", "symbol", filter=wanted, layout=text, paint=paint, **more)
