"""Geometry from strangers: GeoJSON (RFC 7946), already decoded, to a sound shapely geometry, or every reason why not.

No user text ever reaches GDAL or a spatial lookup: what comes in is walked number by number here and leaves as plain
coordinates. Decisions, each tested:

* Coordinates are longitude first, in WGS 84 unless the caller names another system (``rules/coordinates.py``); what
  leaves is WGS 84. A ``crs`` member is refused whatever it names (RFC 7946 section 4 removed it,
  and following one is how a server is made to fetch a stranger's address). ``bbox`` is ignored: it is derivable.
* A third number in a position (height) is dropped, since GPS tracks carry it; a fourth is refused.
* Rings must be closed by the sender: an open ring is as often a lost position as a lazy program.
* Ring order is normalised (outer rings counter-clockwise) and positions are rounded to 7 decimals (about 1 cm) *before*
  validity is judged, so that what was judged is what is stored.
* Nothing reaches over more than MAX_SPAN degrees: an edge from a place to its antipode runs nowhere in particular, and
  the database fails on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, starmap
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from shapely.geometry import MultiPolygon, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry

from gi_registry.lib.texts import Refusal, Text
from regions.rules.coordinates import CoordinateSystem, reader_of
from regions.rules.gcj02 import Position

MAX_VERTICES = 100_000
# A site is drawn by whoever holds a producer's key. Judging an outline can cost the square of its positions (a star of
# 100,000 points holds a processor for minutes, one of 5,000 for half a second), and a walk round a field has hundreds.
MAX_SITE_VERTICES = 5_000
MAX_FAULTS = 10
MAX_POINT_FAULTS = 20
MAX_SPAN = 90
DECIMALS = 7
SRID = 4326
POLYGONS = frozenset({"Polygon", "MultiPolygon"})
SITES = frozenset({"Point", "Polygon", "MultiPolygon"})
# China with a margin: longitudes and latitudes there never overlap, so an exchange of axes is told with certainty.
CHINA = (73.0, 3.0, 136.0, 54.0)

_POINT = frozenset({"Point"})
_DEPTHS = {"Point": 0, "Polygon": 2, "MultiPolygon": 3}
_MEMBERS = frozenset({"type", "coordinates", "bbox"})

NOT_OBJECT = Text("几何应为 GeoJSON 对象。", "The geometry must be a GeoJSON object.")
FOREIGN_CRS = Text(
    "请去掉 crs：坐标一律按 WGS 84 经纬度读取。",
    "Leave out crs: coordinates are always read as WGS 84 longitude and latitude.",
)
UNKNOWN_MEMBER = Text("几何中不应有“{name}”。", "A geometry has no member “{name}”.")
BAD_TYPE = Text("几何类型应为 {kinds}。", "The geometry type must be {kinds}.")
EMPTY = Text("几何为空。", "The geometry is empty.")
NOT_LIST = Text("此处应为坐标列表。", "A list of coordinates is expected here.")
NOT_POSITION = Text(
    "每个点应为 [经度, 纬度]（可带高程）。", "A position is [longitude, latitude], perhaps with a height."
)
NOT_FINITE = Text("坐标应为有限的数。", "Coordinates must be finite numbers.")
OUT_OF_RANGE = Text("经度应在 ±180、纬度应在 ±90 之间。", "Longitude lies within ±180 and latitude within ±90.")
AXES_SWAPPED = Text(
    "看来纬度写在了前面：应先写经度，再写纬度。", "It looks as if latitude came first: longitude comes before it."
)
TOO_MANY = Text("点数超过 {most}，请先简化。", "There are more than {most} positions. Simplify it first.")
TOO_WIDE = Text("图形跨度超过 {most} 度。", "It reaches over more than {most} degrees.")
SHORT_RING = Text("每个环至少要有四个点。", "A ring has at least four positions.")
OPEN_RING = Text("环未闭合：首尾两点应相同。", "The ring is not closed: its first and last positions must be equal.")

# GEOS's words for what is wrong -> our code and sentence.
_INVALIDITY = {
    "Ring Self-intersection": ("ring_touches_itself", "同一个环在此处接触自身", "A ring touches itself here"),
    "Self-intersection": ("self_crossing", "边界在此处自相交叉", "The outline crosses itself here"),
    "Hole lies outside shell": ("hole_outside", "内环在外环之外", "A hole lies outside its outer ring"),
    "Holes are nested": ("holes_nested", "内环互相嵌套", "Holes lie inside one another"),
    "Nested shells": ("parts_overlap", "各部分互相重叠", "Parts lie inside one another"),
    "Interior is disconnected": ("interior_cut", "内环把面切断", "Holes cut the area apart"),
    "Duplicate Rings": ("rings_repeated", "有重复的环", "A ring is repeated"),
    "Too few points in geometry component": ("ring_collapsed", "环退化为线或点", "A ring has collapsed"),
}
_INVALID = ("geometry_invalid", "几何无效", "The geometry is not valid")


class GeometryRefused(ValueError):
    """The geometry cannot be used; ``refusals`` say why, each with a JSON pointer."""

    def __init__(self, refusals: list[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(refusals[0].text.en)


def read_geometry(
    document: Any,
    *,
    kinds: frozenset[str] = POLYGONS,
    pointer: str = "/geometry",
    system: CoordinateSystem = CoordinateSystem.CRS84,
    most: int | None = None,
) -> BaseGeometry:
    """A valid, normalised geometry of one of ``kinds``, in WGS 84. Raises GeometryRefused with at most MAX_FAULTS reasons.

    ``most`` positions; without it, kinds that take points are those of sites, which have the smaller limit.
    """
    kind, coordinates = _members(document, kinds, pointer)
    walk = _Walk(most or (MAX_SITE_VERTICES if "Point" in kinds else MAX_VERTICES), system)
    plain = walk.descend(coordinates, _DEPTHS[kind], f"{pointer}/coordinates")
    if not walk.faults:
        walk.faults.extend(_axes(walk.bounds, f"{pointer}/coordinates") or _span(walk.bounds, f"{pointer}/coordinates"))
    if walk.faults:
        raise GeometryRefused(walk.faults)
    geometry = shape({"type": kind, "coordinates": plain})
    if not shapely.is_valid(geometry):
        raise GeometryRefused([_invalidity(geometry, f"{pointer}/coordinates")])
    return shapely.orient_polygons(geometry)


def read_points(
    values: list[Any], *, pointer: str, system: CoordinateSystem = CoordinateSystem.CRS84
) -> list[Position]:
    """Many points, each ``[longitude, latitude]`` or a GeoJSON Point, as WGS 84 with 7 decimals, in the order given.

    Raises GeometryRefused with the first MAX_POINT_FAULTS reasons.
    """
    if sound := _usual_points(values, system):
        return sound
    walk, faults = _Walk(len(values), system), []
    points = []
    for place, value in enumerate(values):
        try:
            points.append(_point(walk, value, f"{pointer}/{place}"))
        except GeometryRefused as refused:
            faults.extend(refused.refusals)
        if len(faults) >= MAX_POINT_FAULTS:
            break
    if faults:
        raise GeometryRefused(faults)
    return points


def _usual_points(values: list[Any], system: CoordinateSystem) -> list[Position] | None:
    """The points where all are pairs of decimals in China, for which there is nothing to refuse: looked at all together
    in a fraction of the time. None where they have to be looked at one by one."""
    if set(map(type, values)) != {list} or set(map(len, values)) != {2}:
        return None
    numbers = list(chain.from_iterable(values))
    if set(map(type, numbers)) != {float} or not math.isfinite(sum(numbers)):
        return None
    if max(map(abs, numbers[::2])) > 180 or max(map(abs, numbers[1::2])) > 90:
        return None
    found = [(round(x, DECIMALS), round(y, DECIMALS)) for x, y in starmap(reader_of(system), values)]
    west, south, east, north = CHINA
    longitudes, latitudes = zip(*found, strict=True)
    is_in_china = (
        west <= min(longitudes) and max(longitudes) <= east and south <= min(latitudes) and max(latitudes) <= north
    )
    return found if is_in_china else None


def _point(walk: _Walk, value: Any, pointer: str) -> Position:
    if isinstance(value, Mapping):
        _, value = _members(value, _POINT, pointer)
        pointer = f"{pointer}/coordinates"
    found = walk.position(value, pointer)
    if found is None:
        faults, walk.faults = walk.faults, []
        raise GeometryRefused(faults)
    if _in_china(found[1], found[0]) and not _in_china(*found):
        raise GeometryRefused([Refusal("axes_swapped", AXES_SWAPPED, pointer)])
    return found


def as_multipolygon(geometry: BaseGeometry) -> MultiPolygon:
    """A polygon as a multipolygon of one; ValueError for what has no area."""
    if isinstance(geometry, Polygon):
        return MultiPolygon([geometry])
    if not isinstance(geometry, MultiPolygon):
        raise ValueError(f"no area: {geometry.geom_type}")
    return geometry


def to_geos(geometry: BaseGeometry, srid: int = SRID) -> GEOSGeometry:
    """For the database: by WKB, so that no text is ever parsed."""
    return GEOSGeometry(memoryview(shapely.to_wkb(geometry)), srid=srid)


def from_geos(geometry: GEOSGeometry) -> BaseGeometry:
    return shapely.from_wkb(bytes(geometry.wkb))


def to_geojson(geometry: GEOSGeometry | None) -> dict[str, Any] | None:
    """GeoJSON with at most 7 decimals."""
    return None if geometry is None else {"type": geometry.geom_type, "coordinates": _rounded(geometry.coords)}


def simplify_together(areas: Sequence[BaseGeometry], tolerance: float) -> list[BaseGeometry]:
    """Areas that do not overlap, simplified so that neighbours keep one common line (GEOS 3.14; PostGIS 3.3 cannot).

    ``tolerance`` is in the units of the areas. One that would not come out sound stays as it is.
    """
    drawn = shapely.coverage_simplify(list(areas), tolerance)
    return [new if new.is_valid and not new.is_empty else old for old, new in zip(areas, drawn, strict=True)]


def point_at(longitude: float, latitude: float) -> GEOSGeometry:
    return to_geos(Point(longitude, latitude))


@dataclass(frozen=True, slots=True)
class Outline:
    """A drawing of an area: SVG path data within ``0 0 width height``."""

    path: str
    width: int
    height: int


class Sheet:
    """A sheet of paper round one area, on which others can be drawn to the same scale: north up, longitudes shortened
    by the cosine of the middle latitude."""

    def __init__(self, frame: BaseGeometry, size_px: int) -> None:
        self.west, south, east, self.north = frame.bounds
        self.stretch = math.cos(math.radians((south + self.north) / 2)) or 1.0
        width, height = (east - self.west) * self.stretch, self.north - south
        self.scale = size_px / max(width, height, 1e-9)
        self.width, self.height = math.ceil(width * self.scale) or 1, math.ceil(height * self.scale) or 1

    def draw(self, geometry: BaseGeometry) -> Outline:
        """Simplified to about half a pixel."""
        pieces = []
        for ring in _rings(geometry.simplify(0.5 / self.scale, preserve_topology=True)):
            points = [f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in ring.coords[:-1]]
            pieces.append("M" + "L".join(points) + "Z")
        return Outline("".join(pieces), self.width, self.height)

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a point comes to lie."""
        return self._x(longitude), self._y(latitude)

    def _x(self, longitude: float) -> float:
        return (longitude - self.west) * self.stretch * self.scale

    def _y(self, latitude: float) -> float:
        return (self.north - latitude) * self.scale


def draw(geometry: BaseGeometry, size_px: int = 320) -> Outline:
    """One area on a sheet of its own."""
    return Sheet(geometry, size_px).draw(geometry)


def _rings(geometry: BaseGeometry) -> Iterator[Any]:
    for part in as_multipolygon(geometry).geoms:
        yield part.exterior
        yield from part.interiors


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float | int):
        return round(coordinates, DECIMALS)
    return [_rounded(item) for item in coordinates]


def _members(document: Any, kinds: frozenset[str], pointer: str) -> tuple[str, Any]:
    if not isinstance(document, Mapping):
        raise GeometryRefused([Refusal("geometry_not_object", NOT_OBJECT, pointer)])
    if "crs" in document:
        raise GeometryRefused([Refusal("foreign_crs", FOREIGN_CRS, f"{pointer}/crs")])
    kind = document.get("type")
    if not isinstance(kind, str) or kind not in kinds:
        text = BAD_TYPE.format(kinds=" / ".join(sorted(kinds)))
        raise GeometryRefused([Refusal("geometry_type", text, f"{pointer}/type")])
    unknown = [str(name)[:40] for name in document if name not in _MEMBERS]
    if unknown:
        text = UNKNOWN_MEMBER.format(name=unknown[0].replace("{", "").replace("}", ""))
        raise GeometryRefused([Refusal("unknown_member", text, pointer)])
    return kind, document.get("coordinates")


class _Walk:
    """One pass over the coordinates: counts, checks, rounds. It stops gathering after MAX_FAULTS."""

    def __init__(self, most: int, system: CoordinateSystem) -> None:
        self.most = most
        self.wgs84 = reader_of(system)
        self.faults: list[Refusal] = []
        self.vertices = 0
        self.bounds = [math.inf, math.inf, -math.inf, -math.inf]

    def descend(self, value: Any, depth: int, pointer: str) -> Any:
        """``depth`` lists down lie the positions, so a deeper nesting ends as "not a position", never in recursion."""
        if depth == 0:
            return self.position(value, pointer)
        if not isinstance(value, list | tuple):
            return self._fault("geometry_not_list", NOT_LIST, pointer)
        if not value:
            return self._fault("geometry_empty", EMPTY, pointer)
        inner = []
        for place, item in enumerate(value):
            if len(self.faults) >= MAX_FAULTS or self.vertices > self.most:
                return None
            inner.append(self.descend(item, depth - 1, f"{pointer}/{place}"))
        return self._ring(inner, pointer) if depth == 1 else inner

    def _ring(self, ring: list[Any], pointer: str) -> list[Any]:
        if None in ring:
            return ring
        if ring[0] != ring[-1]:
            self._fault("ring_open", OPEN_RING, f"{pointer}/{len(ring) - 1}")
        elif len(ring) < 4:
            self._fault("ring_short", SHORT_RING, pointer)
        return ring

    def position(self, value: Any, pointer: str) -> Position | None:
        self.vertices += 1
        if self.vertices > self.most:
            return self._fault("too_many_vertices", TOO_MANY.format(most=f"{self.most:,}"), pointer)
        if not isinstance(value, list | tuple) or len(value) not in (2, 3):
            fault = ("geometry_empty", EMPTY) if value == [] else ("position_shape", NOT_POSITION)
            return self._fault(*fault, pointer)
        if any(isinstance(number, bool) or not isinstance(number, int | float) for number in value):
            return self._fault("position_shape", NOT_POSITION, pointer)
        if not all(_is_finite(number) for number in value):
            return self._fault("position_not_finite", NOT_FINITE, pointer)
        longitude, latitude = value[:2]
        if abs(longitude) > 180 or abs(latitude) > 90:
            swapped = _in_china(latitude, longitude)
            fault = ("axes_swapped", AXES_SWAPPED) if swapped else ("out_of_range", OUT_OF_RANGE)
            return self._fault(*fault, pointer)
        return self._keep(*self.wgs84(float(longitude), float(latitude)))

    def _keep(self, longitude: float, latitude: float) -> Position:
        longitude, latitude = round(longitude, DECIMALS), round(latitude, DECIMALS)
        west, south, east, north = self.bounds
        self.bounds = [min(west, longitude), min(south, latitude), max(east, longitude), max(north, latitude)]
        return longitude, latitude

    def _fault(self, code: str, text: Text, pointer: str) -> None:
        # Swapped axes are wrong at every position: once said is enough.
        told = code == "axes_swapped" and any(fault.code == code for fault in self.faults)
        if len(self.faults) < MAX_FAULTS and not told:
            self.faults.append(Refusal(code, text, pointer))


def _is_finite(number: int | float) -> bool:
    # An integer too long for a float is finite, but would overflow on the way to one.
    return abs(number) < 1e9 if isinstance(number, int) else math.isfinite(number)


def _in_china(longitude: float, latitude: float) -> bool:
    west, south, east, north = CHINA
    return west <= longitude <= east and south <= latitude <= north


def _axes(bounds: list[float], pointer: str) -> list[Refusal]:
    """Numbers in range, yet wholly in China only when read the other way round (Xinjiang: latitude 80 is in range)."""
    west, south, east, north = bounds
    if _in_china(south, west) and _in_china(north, east) and not _in_china(west, south):
        return [Refusal("axes_swapped", AXES_SWAPPED, pointer)]
    return []


def _span(bounds: list[float], pointer: str) -> list[Refusal]:
    west, south, east, north = bounds
    if max(east - west, north - south) > MAX_SPAN:
        return [Refusal("geometry_too_wide", TOO_WIDE.format(most=MAX_SPAN), pointer)]
    return []


def _invalidity(geometry: BaseGeometry, pointer: str) -> Refusal:
    said = shapely.is_valid_reason(geometry)
    reason, _, place = said.partition("[")
    code, zh, en = _INVALIDITY.get(reason.strip(), _INVALID)
    where = ", ".join(place.rstrip("]").split()[:2])
    if where:
        zh, en = f"{zh}（{where}）", f"{en} ({where})"
    return Refusal(code, Text(f"{zh}。", f"{en}."), pointer)
