"""Questions about places that span models: which division, which boundary, how a site lies; for one and for thousands."""

from regions.queries.divisions import (
    DivisionChain,
    DivisionRecord,
    divisions_at,
    divisions_filtered,
    divisions_matching,
    neighbours_of,
    record_of,
)
from regions.queries.points import MAX_POINTS, Located, LocatedPoint, locate
from regions.queries.polygons import MAX_POSITIONS, MAX_REGIONS, MAX_SHAPES, Assessed, AssessedShape, assess
from regions.queries.regions import (
    PlacementFinding,
    boundaries_held,
    boundaries_of,
    boundary_as_of,
    history_of_region,
    placement_of,
    regions_at,
    regions_filtered,
)

__all__ = [
    "MAX_POINTS",
    "MAX_POSITIONS",
    "MAX_REGIONS",
    "MAX_SHAPES",
    "Assessed",
    "AssessedShape",
    "DivisionChain",
    "DivisionRecord",
    "Located",
    "LocatedPoint",
    "PlacementFinding",
    "assess",
    "boundaries_held",
    "boundaries_of",
    "boundary_as_of",
    "divisions_at",
    "divisions_filtered",
    "divisions_matching",
    "history_of_region",
    "locate",
    "neighbours_of",
    "placement_of",
    "record_of",
    "regions_at",
    "regions_filtered",
]
