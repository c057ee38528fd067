"""Where a site lies against a boundary that is itself only known to within some metres.

The rule, for regulators: a boundary is a band, not a line. What lies wholly inside and clear of the band is inside; what
reaches beyond the band is outside; everything between is for a person to look at, and no machine may refuse it.
"""

from gi_registry.lib.texts import Word


class Placement(Word):
    INSIDE = "inside", "在范围内", "Inside the region"
    NEAR_BOUNDARY = "near_boundary", "紧邻边界，须人工核对", "Near the boundary: for a person to check"
    OUTSIDE = "outside", "在范围外", "Outside the region"


def decide_placement(*, is_covered: bool, distance_m: float, accuracy_m: float) -> Placement:
    """Place a site.

    ``is_covered``: no part of the site lies outside (the line itself counts as inside).
    ``distance_m``: for a covered site, how near its edge comes to the line; otherwise how far it reaches beyond the line.
    ``accuracy_m``: half the width of the band, from the boundary's record.
    """
    if distance_m <= accuracy_m:
        return Placement.NEAR_BOUNDARY
    return Placement.INSIDE if is_covered else Placement.OUTSIDE
