"""Walking the positions of a shape whose coordinates are a stranger's, to turn them into degrees of WGS 84."""

import math
from collections.abc import Callable
from typing import Any

from gi_registry.lib.texts import Refusal, Text
from products.rules.words import UploadCrs

_DEPTHS = {"Point": 0, "Polygon": 2, "MultiPolygon": 3}
_EASTINGS = {
    UploadCrs.GK_111: 500_000.0,
    UploadCrs.GK_114: 500_000.0,
    UploadCrs.GK_ZONE_37: 37_500_000.0,
    UploadCrs.GK_ZONE_38: 38_500_000.0,
}
PROJECTED = frozenset(_EASTINGS)
# Wider than Shanxi on every side, and far inside what the projection can be computed for.
_REACH_M, _NORTHINGS_M = 400_000.0, (3_000_000.0, 5_500_000.0)
OUTSIDE_ZONE = Refusal(
    "outside_zone",
    Text(
        "坐标不在所说的投影带内，请核对坐标系。",
        "The coordinates do not lie in that zone. Check the coordinate system.",
    ),
    "/geometry",
)

Position = tuple[float, float]


def mapped(document: dict[str, Any], each: Callable[[Position], Position]) -> dict[str, Any]:
    """The shape with every position passed through ``each``. ValueError for coordinates that are none of a site's."""
    kind = document.get("type")
    if not isinstance(kind, str) or kind not in _DEPTHS:
        raise ValueError("no shape of a site")
    return {**document, "coordinates": _descend(document.get("coordinates"), _DEPTHS[kind], each)}


def _descend(value: Any, depth: int, each: Callable[[Position], Position]) -> Any:
    if not isinstance(value, list | tuple):
        raise ValueError("no list of positions")
    if depth:
        return [_descend(inner, depth - 1, each) for inner in value]
    if len(value) < 2 or any(isinstance(number, bool) or not isinstance(number, int | float) for number in value[:2]):
        raise ValueError("no position")
    try:
        return list(each((float(value[0]), float(value[1]))))
    except OverflowError as error:
        raise ValueError("no position") from error


def is_in_zone(position: Position, crs: UploadCrs) -> bool:
    """Whether easting and northing lie where the zone is used: outside it the projection has no answer."""
    easting, northing = position
    if not (math.isfinite(easting) and math.isfinite(northing)):
        return False
    return abs(easting - _EASTINGS[crs]) <= _REACH_M and _NORTHINGS_M[0] <= northing <= _NORTHINGS_M[1]
