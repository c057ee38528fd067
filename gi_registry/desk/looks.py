"""How each layer looks, said once: the map of the desk, the MapLibre style, the QGIS files and the legend all follow.

Nothing is told by colour alone: layers differ by shape or by the pattern of their line as well, and counts are written out.
"""

from dataclasses import dataclass, replace
from enum import Enum

from gi_registry.lib.texts import Text
from gi_registry.ogc.collection import Collection
from regions.rules import DivisionLevel

GROUND, LAND, INK = "#e9eef4", "#fbfcfd", "#22303f"


class Mark(Enum):
    """A point's shape: its name in QGIS, the character that draws it on the web, an SVG path in a box of 16 by 16."""

    CIRCLE = "circle", "●", "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z"
    SQUARE = "square", "■", "M3 3h10v10H3z"
    TRIANGLE = "triangle", "▲", "M8 2l6.5 11.5h-13z"
    DIAMOND = "diamond", "◆", "M8 1.5l6 6.5-6 6.5-6-6.5z"

    def __init__(self, qgis: str, glyph: str, path: str) -> None:
        self.qgis, self.glyph, self.path = qgis, glyph, path


@dataclass(frozen=True, slots=True)
class Stroke:
    """``dash`` in widths of the line, as MapLibre counts; empty is a whole line."""

    colour: str
    width_px: float
    dash: tuple[float, ...] = ()

    @property
    def dash_px(self) -> tuple[float, ...]:
        return tuple(round(part * self.width_px, 1) for part in self.dash)


@dataclass(frozen=True, slots=True)
class Sort:
    """Features of one sort within a layer: those whose ``field`` has the ``value``. Shown from ``min_zoom`` on tiles."""

    value: str
    title: Text
    stroke: Stroke
    min_zoom: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """``fill`` empty: outline only. ``sorts`` by ``field`` have strokes of their own. ``named`` writes the features' names,
    ``number`` is counted in many features of one ``cell``, which only their sum makes readable. ``is_small``: areas that
    vanish from afar, so their mark stands there too. ``area`` and ``point`` say in the legend how areas and points are
    drawn. ``is_on`` is False for what is drawn only when asked for."""

    stroke: Stroke
    fill: str = ""
    opacity: float = 0.0
    mark: Mark = Mark.CIRCLE
    field: str = ""
    sorts: tuple[Sort, ...] = ()
    named: bool = False
    number: str = ""
    is_small: bool = False
    is_on: bool = True
    area: Text | None = None
    point: Text | None = None


_CITY = Stroke("#2f4158", 1.5)
_SITES = Look(
    Stroke("#17663f", 1.8),
    fill="#17663f",
    opacity=0.3,
    mark=Mark.SQUARE,
    is_small=True,
    area=Text("地块轮廓", "Outline of a plot"),
    point=Text("方块：场所，或太小看不出的地块", "Square: premises, or a plot too small to see"),
)
LOOKS = {
    "divisions": Look(
        _CITY,
        fill=LAND,
        opacity=1,
        field="level",
        sorts=(
            Sort(DivisionLevel.PROVINCE, Text("省界", "Province"), Stroke("#2f4158", 2.6)),
            Sort(DivisionLevel.CITY, Text("市界", "City"), _CITY),
            Sort(DivisionLevel.COUNTY, Text("县界", "County"), Stroke("#7c8b9d", 0.9, (4, 3)), min_zoom=7),
        ),
        named=True,
    ),
    "regions": Look(
        Stroke("#8a4a06", 1.4),
        fill="#d98e2b",
        opacity=0.18,
        area=Text("实线，浅色底", "Whole line, tinted"),
    ),
    "indications": Look(Stroke("#6b2f86", 1.8, (1, 1.6)), is_on=False, area=Text("点线", "Dotted line")),
    "site_cells": Look(
        Stroke("#17663f", 0.8, (1, 1)),
        fill="#9fcfb4",
        opacity=0.35,
        number="site_count",
        is_on=False,
        area=Text("细点线格，内为场地数", "Dotted cell with the number of sites"),
    ),
    "checks": Look(
        Stroke("#5a3e00", 0.8, (3, 1.5)),
        fill="#c79a1e",
        opacity=0.35,
        number="count",
        is_on=False,
        area=Text("虚线格，内为近 30 天的次数", "Dashed cell with the checks of 30 days"),
    ),
    "sites": _SITES,
    "site_areas": replace(_SITES, is_on=False, point=None),
    "site_points": replace(_SITES, is_on=False, area=None, point=Text("方块", "Square")),
    "producers": Look(Stroke("#14457f", 1.4), mark=Mark.CIRCLE, point=Text("圆点", "Disc")),
    "batches": Look(Stroke("#a3211b", 1.4), mark=Mark.TRIANGLE, is_on=False, point=Text("三角", "Triangle")),
}
# A layer that nobody has dressed yet is drawn all the same.
PLAIN = Look(
    Stroke(INK, 1.2, (2, 2)),
    mark=Mark.DIAMOND,
    is_on=False,
    area=Text("虚线", "Dashed line"),
    point=Text("菱形", "Diamond"),
)


def look_of(layer: Collection) -> Look:
    return LOOKS.get(layer.id, PLAIN)


def in_drawing_order(layers: tuple[Collection, ...]) -> list[Collection]:
    """Wide areas below, points on top, whatever the order of the list is."""
    order = list(LOOKS)
    return sorted(layers, key=lambda layer: order.index(layer.id) if layer.id in LOOKS else len(order))
