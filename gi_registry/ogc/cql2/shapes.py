"""Geometry literals of a filter: checked numbers become a shape, a shape becomes WKB; no text reaches a geometry parser.

Vertices need no limit of their own: a filter of 8,000 bytes cannot hold 2,000. Literals are moved to the reference system
of the column, never the column to theirs, so that the index serves.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry

from gi_registry.ogc.cql2.faults import fault
from gi_registry.ogc.cql2.terms import ToWgs84

Node = Any
Position = tuple[float, float]

# How deep the positions of a geometry lie in its coordinates.
_LEVELS = {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}
_FARTHEST_DEG = 1000.0
# An edge of a box is no straight line in another reference system: so many pieces an edge follow it.
_PIECES = 16


def shapes_of(node: Node, to_wgs84: ToWgs84 | None) -> list[GEOSGeometry]:
    """The shapes of a literal in longitude and latitude: one, or the members of a collection."""
    match node:
        case {"bbox": [*numbers]}:
            return [_stored(_box(numbers, to_wgs84))]
        case {"type": "GeometryCollection", "geometries": [_, *_] as members}:
            if any(isinstance(member, dict) and "geometries" in member for member in members):
                raise _unusable("GEOMETRYCOLLECTION (GEOMETRYCOLLECTION)")
            return [shape for member in members for shape in shapes_of(member, to_wgs84)]
        case {"type": str(name), "coordinates": list(coordinates)} if name in _LEVELS:
            return [_stored(_shape(name, _moved(_checked(coordinates, _LEVELS[name]), to_wgs84)))]
    raise _unusable(node)


def _unusable(reason: Any) -> Exception:
    return fault("filter_geometry", reason=reason)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _unusable(value)
    return float(value)


def _checked(raw: Any, level: int) -> Any:
    """The coordinates as nested lists of (x, y) with something in each; heights are left aside."""
    if not isinstance(raw, list) or not raw:
        raise _unusable(raw)
    if level:
        return [_checked(part, level - 1) for part in raw]
    if len(raw) not in (2, 3, 4):
        raise _unusable(raw)
    return _number(raw[0]), _number(raw[1])


def _flat(nested: Any) -> Iterator[Position]:
    if isinstance(nested, tuple):
        yield nested
    else:
        for part in nested:
            yield from _flat(part)


def _moved(nested: Any, to_wgs84: ToWgs84 | None) -> Any:
    """The same nesting with every position in longitude and latitude; one call for all of them."""
    flat = list(_flat(nested))
    found = list(to_wgs84(flat)) if to_wgs84 else flat
    if any(not abs(degrees) <= _FARTHEST_DEG for position in found for degrees in position):
        raise _unusable(next(x for position in found for x in position if not abs(x) <= _FARTHEST_DEG))
    rest = iter(found)

    def rebuilt(part: Any) -> Any:
        return next(rest) if isinstance(part, tuple) else [rebuilt(inner) for inner in part]

    return rebuilt(nested)


def _shape(name: str, parts: Any) -> shapely.Geometry:
    match name:
        case "Point":
            return shapely.Point(parts)
        case "MultiPoint":
            return shapely.MultiPoint(parts)
        case "LineString":
            return shapely.LineString(_line(parts))
        case "MultiLineString":
            return shapely.MultiLineString([_line(part) for part in parts])
        case "Polygon":
            return _polygon(parts)
    return shapely.MultiPolygon([_polygon(rings) for rings in parts])


def _line(positions: list[Position]) -> list[Position]:
    if len(positions) < 2:
        raise _unusable("LINESTRING < 2")
    return positions


def _polygon(rings: list[list[Position]]) -> shapely.Polygon:
    for ring in rings:
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise _unusable("POLYGON: ring[0] <> ring[-1]")
    return shapely.Polygon(rings[0], rings[1:])


def _stored(shape: shapely.Geometry) -> GEOSGeometry:
    if not shapely.is_valid(shape):
        raise _unusable(shapely.is_valid_reason(shape))
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326)


def _box(numbers: list[Any], to_wgs84: ToWgs84 | None) -> shapely.Geometry:
    """A box; where its west lies east of its east it crosses the antimeridian and becomes two."""
    if len(numbers) not in (4, 6):
        raise _unusable(f"BBOX ({len(numbers)})")
    x1, y1, x2, y2 = (_number(value) for value in (*numbers[:2], *numbers[len(numbers) // 2 :][:2]))
    if to_wgs84 is None:
        x1, y1, x2, y2 = (max(-_FARTHEST_DEG, min(_FARTHEST_DEG, value)) for value in (x1, y1, x2, y2))
    if x1 <= x2 and y1 <= y2:
        return _frame(x1, y1, x2, y2, to_wgs84)
    (west, south), (east, north) = _moved([(x1, y1), (x2, y2)], to_wgs84)
    if south > north or west <= east:
        raise _unusable("BBOX: south > north")
    halves = shapely.box(west, south, 180.0, north), shapely.box(-180.0, south, east, north)
    return shapely.union_all([half for half in halves if half.area])


def _frame(x1: float, y1: float, x2: float, y2: float, to_wgs84: ToWgs84 | None) -> shapely.Geometry:
    """A box whose corners lie in order; without width or height it is a line or a point."""
    if (x1, y1) == (x2, y2):
        return shapely.Point(_moved((x1, y1), to_wgs84))
    if x1 == x2 or y1 == y2:
        return shapely.LineString(_moved([*_pieces((x1, y1), (x2, y2), to_wgs84), (x2, y2)], to_wgs84))
    corners = [(x1, y1), (x2, y1), (x2, y2), (x1, y2), (x1, y1)]
    ring = [position for start, end in pairwise(corners) for position in _pieces(start, end, to_wgs84)]
    return shapely.Polygon(_moved([*ring, ring[0]], to_wgs84))


def _pieces(start: Position, end: Position, to_wgs84: ToWgs84 | None) -> list[Position]:
    pieces = _PIECES if to_wgs84 else 1
    steps = [step / pieces for step in range(pieces)]
    return [(start[0] + (end[0] - start[0]) * step, start[1] + (end[1] - start[1]) * step) for step in steps]
