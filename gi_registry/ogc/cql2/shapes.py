"""Geometry literals of a filter: checked numbers become a shape, a shape becomes WKB; no text reaches a geometry parser.

Vertices need no limit of their own: a filter of 8,000 bytes cannot hold 2,000. Literals are moved to the reference system
of the column, never the column to theirs, so that the index serves.
"""

import math
from collections.abc import Iterator
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry

from gi_registry.lib.problems import Invalid
from gi_registry.ogc.cql2.faults import fault
from gi_registry.ogc.crs import Crs, Point

Node = Any

# How deep the positions of a geometry lie in its coordinates.
_LEVELS = {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}
_FARTHEST_DEG = 1000.0


def shapes_of(node: Node, crs: Crs) -> list[GEOSGeometry]:
    """The shapes of a literal in longitude and latitude: one, or the members of a collection."""
    match node:
        case {"bbox": [*numbers]}:
            return [_box(numbers, crs)]
        case {"type": "GeometryCollection", "geometries": [_, *_] as members}:
            if any(isinstance(member, dict) and "geometries" in member for member in members):
                raise _unusable("GEOMETRYCOLLECTION (GEOMETRYCOLLECTION)")
            return [shape for member in members for shape in shapes_of(member, crs)]
        case {"type": str(name), "coordinates": list(coordinates)} if name in _LEVELS:
            return [_stored(_shape(name, _moved(_checked(coordinates, _LEVELS[name]), crs)))]
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


def _flat(nested: Any) -> Iterator[Point]:
    if isinstance(nested, tuple):
        yield nested
    else:
        for part in nested:
            yield from _flat(part)


def _moved(nested: Any, crs: Crs) -> Any:
    """The same nesting with every position in longitude and latitude; one call for all of them."""
    flat = list(_flat(nested))
    try:
        found = crs.lon_lats(flat)
    except Invalid as outside:
        raise Invalid(refusal.at("/filter") for refusal in outside.errors) from None
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


def _line(positions: list[Point]) -> list[Point]:
    if len(positions) < 2:
        raise _unusable("LINESTRING < 2")
    return positions


def _polygon(rings: list[list[Point]]) -> shapely.Polygon:
    for ring in rings:
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise _unusable("POLYGON: ring[0] <> ring[-1]")
    return shapely.Polygon(rings[0], rings[1:])


def _stored(shape: shapely.Geometry) -> GEOSGeometry:
    if not shapely.is_valid(shape):
        raise _unusable(shapely.is_valid_reason(shape))
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326)


def _box(numbers: list[Any], crs: Crs) -> GEOSGeometry:
    """A box; where its west lies east of its east it crosses the antimeridian and is made of two."""
    if len(numbers) not in (4, 6):
        raise _unusable(f"BBOX ({len(numbers)})")
    checked = [_number(value) for value in numbers]
    boxes = crs.boxes(checked, checked[len(checked) // 2 :])
    if not boxes:
        raise _unusable("BBOX (max, min)" if boxes is None else numbers)
    first, *rest = sorted(map(crs.shape, boxes), key=lambda shape: -shape.area)
    return first.union(rest[0]) if rest and rest[0].area else first
