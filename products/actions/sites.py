"""Registering production sites, and what people decide about those that the machine could not."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.db.models import QuerySet
from shapely.geometry.base import BaseGeometry

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Refused
from gi_registry.lib.texts import Refusal, Text
from products import policy
from products.actions.rows import locked, only_if, save, stop
from products.models import Indication, Producer, Site
from products.rules import sites
from products.rules.words import SiteKind, SiteState
from regions.geometry import point_at, to_geos
from regions.models import Division
from regions.queries import PlacementFinding, divisions_at, placement_of
from regions.rules import Placement

_NO_DIVISION = Refusal(
    "outside_divisions",
    Text("该位置不在本登记系统的行政区划之内。", "This place lies in none of the divisions of this registry."),
    "/geometry",
)
_NO_TITLE = Refusal(
    "no_standing_title",
    Text("该地理标志目前没有具效力的保护形式。", "No protection title of this indication stands today."),
    "/indication",
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the register makes of a site that could stand: where it lies, its area (None: a point), and the state in which it
    would begin."""

    division: Division
    placement: str
    state: SiteState
    area_m2: float | None


@transaction.atomic
def register_site(
    *,
    producer: Producer,
    indication: Indication,
    kind: SiteKind,
    name: str,
    geometry: BaseGeometry,
    actor: Actor,
    now: datetime,
    reason: str = "",
    named: QuerySet[Site] | None = None,
) -> Site:
    """Register a plot or premises. ``geometry`` comes from ``regions.geometry.read_geometry``, in WGS 84.

    Inside the region: active at once. Near its line: flagged for a person. No boundary on record: proposed, for a
    person. Raises Forbidden, Invalid (shape, absurd area), Refused (outside region or divisions, overlap, no title).
    ``named``: sites that a refusal may name; those that the actor may see, unless others will read it.
    """
    only_if(policy.may_register_site(actor, producer))
    Indication.objects.hold(indication.pk)
    named = Site.objects.visible_to(actor) if named is None else named
    judged = judge_site(indication=indication, kind=kind, geometry=geometry, named=named, today=clock.day_of(now))
    with remember(actor, reason):
        site = Site.objects.create(
            producer=producer,
            indication=indication,
            kind=kind.value,
            name=name,
            geom=to_geos(geometry),
            division=judged.division,
            placement=judged.placement,
            state=judged.state.value,
            created_at=now,
            updated_at=now,
        )
    site.refresh_from_db(fields=["area_m2"])
    return site


def judge_site(
    *, indication: Indication, kind: SiteKind, geometry: BaseGeometry, named: QuerySet[Site], today: date
) -> Judgement:
    """The rules of ``register_site`` and nothing done: previews ask this. Raises Invalid and Refused as it does."""
    stop(sites.shape_faults(kind, geometry.geom_type == "Point"))
    geom = to_geos(geometry)
    area_m2 = Site.objects.measure(geom)
    stop(sites.area_faults(kind, area_m2))
    division = _division_of(geometry)
    finding = _judge(indication, geom, today)
    if sites.FORMS[kind].is_land:
        _refuse_overlap(indication, geom, area_m2 or 0.0, named)
    return Judgement(division, finding.placement.value if finding else "", _first_state(finding), area_m2)


def _division_of(geometry: BaseGeometry) -> Division:
    inner = geometry.representative_point()
    division = divisions_at(point_at(inner.x, inner.y)).innermost
    if division is None:
        raise Refused(_NO_DIVISION)
    return division


def _judge(indication: Indication, geom: GEOSGeometry, today: date) -> PlacementFinding | None:
    """The kindest finding over the regions of all titles that stand; None where none has a boundary today."""
    titles = list(indication.titles.standing(today).select_related("region"))
    if not titles:
        raise Refused(_NO_TITLE)
    regions = {title.region_id: title.region for title in titles if title.region_id}
    findings = [found for region in regions.values() if (found := placement_of(region, geom, today))]
    if not findings:
        return None
    order = (Placement.INSIDE, Placement.NEAR_BOUNDARY, Placement.OUTSIDE)
    best = min(findings, key=lambda found: (order.index(found.placement), found.distance_m))
    if best.placement is Placement.OUTSIDE:
        raise Refused(sites.outside_refusal(best.distance_m))
    return best


def _first_state(finding: PlacementFinding | None) -> SiteState:
    if finding is None:
        return SiteState.PROPOSED
    return SiteState.ACTIVE if finding.placement is Placement.INSIDE else SiteState.FLAGGED


def _refuse_overlap(indication: Indication, geom: GEOSGeometry, area_m2: float, named: QuerySet[Site]) -> None:
    for other in Site.objects.taking_ground(indication.pk).overlapping(geom):
        if sites.is_overlap(other.shared_m2 or 0.0, min(area_m2, other.area_m2 or 0.0)):
            raise Refused(sites.overlap_refusal(other.number if named.filter(pk=other.pk).exists() else None))


_NOTE_MISSING = Refusal("missing_note", Text("请写明核查情况。", "Write what was found."), "/note")


@transaction.atomic
def review_site(*, site: Site, is_accepted: bool, note: str, actor: Actor, now: datetime) -> Site:
    """A person's decision on a site that is flagged or proposed. The note is for the producer to read."""
    row = locked(site, "producer", "division")
    only_if(policy.may_review_site(actor, row))
    stop([] if note.strip() else [_NOTE_MISSING])
    to = SiteState.ACTIVE if is_accepted else SiteState.REFUSED
    _step(row, to, sites.REVIEWABLE)
    with remember(actor, note):
        save(row, now, state=to.value, reviewed_note=note)
    return row


@transaction.atomic
def retire_site(*, site: Site, actor: Actor, now: datetime, reason: str = "") -> Site:
    """Take a site out of use; its ground is free for another. Goods traced to it stay traced."""
    row = locked(site, "producer__organisation", "producer__division", "division")
    only_if(policy.may_retire_site(actor, row))
    _step(row, SiteState.RETIRED, sites.TAKES_GROUND)
    with remember(actor, reason):
        save(row, now, state=SiteState.RETIRED.value)
    return row


def _step(site: Site, to: SiteState, from_states: frozenset[SiteState]) -> None:
    state = SiteState(site.state)
    if state in from_states:
        return
    text = Text(
        f"场地不能从“{state.text.zh}”变为“{to.text.zh}”。",
        f"A site cannot go from “{state.text.en}” to “{to.text.en}”.",
    )
    raise Refused(Refusal("site_move", text))
