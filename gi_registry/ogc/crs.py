"""The coordinate reference systems that may be asked for (OGC API - Features Part 2, OGC 18-058r1), and the way back from them.

Coordinates follow the axis order of the register: EPSG has latitude before longitude, and northing before easting in the
Gauss-Krueger zones; only CRS84 begins with longitude. PostGIS always means x, y, so those are turned round at the edge.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.contrib.gis import geos
from django.db import connection

from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Refusal, Text

Box = tuple[float, float, float, float]
Point = tuple[float, float]

_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
# A side of a projected box is a curve in degrees: cut into so many, no piece of a side of 400 km is 1 m off.
_CUTS = 64
_OUTSIDE = Text(
    "坐标超出所用坐标系的适用范围。", "A coordinate lies outside the area in which its reference system is of use."
)
_TO_DEGREES = """
SELECT ST_X(at), ST_Y(at) FROM (
  SELECT n, ST_Transform(ST_SetSRID(ST_MakePoint(x, y), %s), 4326) AS at
  FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS given (x, y, n)
) AS made ORDER BY n
"""


@dataclass(frozen=True, slots=True)
class Crs:
    """``srid`` is the one to transform into, or None where degrees of WGS 84 serve as they are. ``domain`` is west, south,
    east, north in metres: beyond it the projection is of no use, and numbers without bound would trouble it."""

    uri: str
    title: Text
    digits: int
    is_flipped: bool = False
    srid: int | None = None
    domain: Box | None = None

    @property
    def is_geographic(self) -> bool:
        return self.srid is None

    def upright(self, point: Sequence[float]) -> Point:
        """x, y of a coordinate written in this system's own order of axes."""
        first, second = point[0], point[1]
        return (second, first) if self.is_flipped else (first, second)

    def boxes(self, lower: Sequence[float], upper: Sequence[float]) -> tuple[Box, ...] | None:
        """The box (x, y) between two corners as written: two when it crosses the antimeridian, none beyond the domain.

        None when the corners are not in order.
        """
        west, south = self.upright(lower)
        east, north = self.upright(upper)
        if south > north or (west > east and not self.is_geographic):
            return None
        if not self.is_geographic:
            inside = self.within_domain((west, south, east, north))
            return (inside,) if inside else ()
        # Huge numbers would only trouble the geometry functions.
        west, south, east, north = (max(-1000.0, min(1000.0, value)) for value in (west, south, east, north))
        if west <= east:
            return ((west, south, east, north),)
        return ((west, south, 180.0, north), (-180.0, south, east, north))

    def lon_lats(self, written: Iterable[Sequence[float]]) -> list[Point]:
        """Longitude and latitude of coordinates written in this system, in its own order of axes. See ``to_degrees``."""
        return self.to_degrees(self.upright(point) for point in written)

    def within_domain(self, box: Box) -> Box | None:
        """The part of a box (x, y) in which there may be anything; None when that is nothing."""
        if self.domain is None:
            return box
        west, south, east, north = (
            pick(ours, theirs) for pick, ours, theirs in zip((max, max, min, min), self.domain, box, strict=True)
        )
        return (west, south, east, north) if west <= east and south <= north else None

    def to_degrees(self, points: Iterable[Point]) -> list[Point]:
        """Longitude and latitude of points x, y of this system. One statement, however many; none for degrees.

        Raises ``Invalid`` for a point outside the domain.
        """
        given = list(points)
        if self.srid is None or not given:
            return given
        west, south, east, north = self.domain or (-math.inf, -math.inf, math.inf, math.inf)
        if not all(west <= x <= east and south <= y <= north for x, y in given):
            raise Invalid(Refusal("coordinate_outside", _OUTSIDE))
        with connection.cursor() as cursor:
            cursor.execute(_TO_DEGREES, [self.srid, [x for x, _ in given], [y for _, y in given]])
            return [(x, y) for x, y in cursor.fetchall()]

    def outline(self, box: Box) -> list[Point]:
        """The outline of a box (x, y) in degrees: one point, a line, or a closed ring with its sides cut into pieces."""
        west, south, east, north = box
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        if west == east or south == north:
            corners = [(west, south), (east, north)] if (west, south) != (east, north) else [(west, south)]
        return self.to_degrees(corners if self.is_geographic else _cut(corners))

    def shape(self, box: Box) -> geos.GEOSGeometry:
        """A box (x, y) as geometry, from checked numbers: text from outside never reaches a geometry parser.

        Without width or height it is a line or a point; as a polygon it would be invalid, and PostGIS would miss rows.
        """
        outline = self.outline(box)
        if len(outline) == 1:
            return geos.Point(outline[0], srid=4326)
        if outline[0] != outline[-1]:
            return geos.LineString(outline, srid=4326)
        return geos.Polygon(geos.LinearRing(outline), srid=4326)


def _cut(corners: list[Point]) -> list[Point]:
    """The same line with points between its corners."""
    cut = [
        (x1 + (x2 - x1) * step / _CUTS, y1 + (y2 - y1) * step / _CUTS)
        for (x1, y1), (x2, y2) in pairwise(corners)
        for step in range(_CUTS)
    ]
    return [*cut, corners[-1]]


_DEGREE_DIGITS = 6  # 0.1 m on the ground
_METRE_DIGITS = 2
# Each zone is of use well beyond Shanxi; a layer that may be asked for in it lies in Shanxi.
_ZONE: Box = (-300_000.0, 0.0, 1_300_000.0, 6_700_000.0)

CRS84 = Crs(
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    Text("WGS 84（经度、纬度）", "WGS 84 (longitude, latitude)"),
    _DEGREE_DIGITS,
)
WORLDWIDE = (
    CRS84,
    Crs(f"{_EPSG}4326", Text("WGS 84（纬度、经度）", "WGS 84 (latitude, longitude)"), _DEGREE_DIGITS, is_flipped=True),
    # CGCS2000 and WGS 84 differ by less than the 0.1 m that is served: the same degrees stand for both.
    Crs(
        f"{_EPSG}4490",
        Text("CGCS2000（纬度、经度）", "CGCS2000 (latitude, longitude)"),
        _DEGREE_DIGITS,
        is_flipped=True,
    ),
    Crs(
        f"{_EPSG}3857",
        Text("Web 墨卡托（米）", "Web Mercator (metres)"),
        _METRE_DIGITS,
        srid=3857,
        domain=(-20_037_508.342789244, -25_000_000.0, 20_037_508.342789244, 25_000_000.0),
    ),
)
ZONES = tuple(
    Crs(
        f"{_EPSG}{srid}",
        Text(
            f"CGCS2000 三度带高斯-克吕格投影，中央经线 {meridian}°（北、东，米）",
            f"CGCS2000 / 3-degree Gauss-Krueger, meridian {meridian} E (northing, easting, metres)",
        ),
        _METRE_DIGITS,
        is_flipped=True,
        srid=srid,
        domain=_ZONE,
    )
    for srid, meridian in ((4546, 111), (4547, 114))
)


def served(*, is_regional: bool) -> tuple[Crs, ...]:
    """What a layer may be asked for in, the default first; the zones of Shanxi only for what lies there."""
    return (*WORLDWIDE, *ZONES) if is_regional else WORLDWIDE
