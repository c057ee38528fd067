"""Production sites: the shape and size each kind may have, what the machine decides about a new one, and overlap.

The size limits are our judgement, wide enough for any honest site: they catch metres taken for degrees and a county
drawn as a field, and leave everything else to a person.
"""

from dataclasses import dataclass

from gi_registry.lib.texts import Refusal, Text
from products.rules.words import SiteKind, SiteState

KM2 = 1_000_000.0
OVERLAP_TOLERANCE_M2 = 1.0
OVERLAP_TOLERANCE_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Form:
    """``takes_point``: a building may be one point. ``is_land``: two of one indication cannot share the same ground."""

    takes_point: bool
    is_land: bool
    min_m2: float
    max_m2: float


FORMS = {
    SiteKind.FIELD: Form(False, True, 10, 20 * KM2),
    SiteKind.ORCHARD: Form(False, True, 10, 20 * KM2),
    SiteKind.GREENHOUSE: Form(False, True, 10, 2 * KM2),
    SiteKind.POND: Form(False, True, 10, 20 * KM2),
    SiteKind.PASTURE: Form(False, True, 10, 200 * KM2),
    SiteKind.GATHERING: Form(False, True, 10, 200 * KM2),
    SiteKind.WORKSHOP: Form(True, False, 1, 1 * KM2),
    SiteKind.CELLAR: Form(True, False, 1, 1 * KM2),
    SiteKind.PACKHOUSE: Form(True, False, 1, 1 * KM2),
}
LAND = frozenset(kind for kind, form in FORMS.items() if form.is_land)
TAKES_GROUND = frozenset({SiteState.PROPOSED, SiteState.ACTIVE, SiteState.FLAGGED})
# Everybody may see how many sites lie in a hexagon of some 36 km2 (H3 resolution 6): a few villages, never a plot. With
# two producers in it each could tell the other's by taking away its own; from three on that leaves a sum.
SITE_CELL_RESOLUTION = 6
FEWEST_PRODUCERS = 3
REVIEWABLE = frozenset({SiteState.PROPOSED, SiteState.FLAGGED})
_REVIEWED = frozenset({SiteState.ACTIVE, SiteState.REFUSED, SiteState.RETIRED})
MACHINE = {
    SiteState.PROPOSED: _REVIEWED,
    SiteState.FLAGGED: _REVIEWED,
    SiteState.ACTIVE: frozenset({SiteState.RETIRED}),
}


def shape_faults(kind: SiteKind, is_point: bool, pointer: str = "/geometry") -> list[Refusal]:
    """Land has an outline; only premises may be one point."""
    if not is_point or FORMS[kind].takes_point:
        return []
    text = Text(f"{kind.text.zh}须为多边形。", f"A {kind.text.en.lower()} must be a polygon.")
    return [Refusal("site_needs_polygon", text, pointer)]


def area_faults(kind: SiteKind, area_m2: float | None, pointer: str = "/geometry") -> list[Refusal]:
    """Areas that are absurd for the kind. None (a point) has none."""
    if area_m2 is None:
        return []
    form = FORMS[kind]
    if area_m2 < form.min_m2:
        text = Text(
            f"面积仅 {area_m2:.1f} 平方米，{kind.text.zh}不会这样小，请检查坐标。",
            f"{area_m2:.1f} m² is absurdly small for a {kind.text.en.lower()}. Check the coordinates.",
        )
        return [Refusal("site_too_small", text, pointer)]
    if area_m2 > form.max_m2:
        text = Text(
            f"面积达 {area_m2 / KM2:,.1f} 平方千米，{kind.text.zh}至多 {form.max_m2 / KM2:g}，请检查坐标。",
            f"{area_m2 / KM2:,.1f} km² exceeds the {form.max_m2 / KM2:g} km² that a {kind.text.en.lower()} can have."
            " Check the coordinates.",
        )
        return [Refusal("site_too_large", text, pointer)]
    return []


def is_overlap(shared_m2: float, smaller_m2: float) -> bool:
    """More than 1 m² and more than 1 % of the smaller: two honest surveys of one fence differ by a hand's breadth."""
    return shared_m2 > OVERLAP_TOLERANCE_M2 and shared_m2 > OVERLAP_TOLERANCE_SHARE * smaller_m2


def overlap_refusal(named: str | None) -> Refusal:
    """``named``: number of the other site where the actor may see it; None keeps a stranger's site unnamed."""
    zh, en = (f"场地 {named}", f"site {named}") if named else ("另一处已登记的场地", "another registered site")
    text = Text(f"与同一地理标志的{zh}重叠。", f"It overlaps {en} of the same indication.")
    return Refusal("site_overlap", text, "/geometry")


def outside_refusal(distance_m: float) -> Refusal:
    text = Text(
        f"场地在产地范围之外，距边界约 {distance_m:,.0f} 米。",
        f"The site lies outside the region, about {distance_m:,.0f} m from its boundary.",
    )
    return Refusal("site_outside", text, "/geometry")
