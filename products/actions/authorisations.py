"""Applying for, granting, interrupting and ending the right to use the special mark."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from gi_registry.lib import clock
from gi_registry.lib.access import Actor, Denied, RoleKind
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Forbidden, Refused
from gi_registry.lib.texts import Refusal, Text
from products import policy
from products.actions.logged import log_authorisations
from products.actions.rows import locked, locked_as_read, only_if, save, stop
from products.models import Authorisation, AuthorisedSite, Producer, Site, Title
from products.rules import authorisations
from products.rules.authorisations import EDITABLE, ENDED, MAX_SITES, STANDING, Dormancy, Given, Ground
from products.rules.calendar import months_after
from products.rules.sites import TAKES_GROUND
from products.rules.words import AuthorisationState as A
from products.rules.words import DocumentKind, SiteState
from regions.queries import placement_of
from regions.rules import Placement

_BAD_INPUT = frozenset({"dates_out_of_order", "deadline_past"})
_RELATED = ("producer__organisation", "producer__division", "title__indication", "title__holder", "title__region")
_OPEN = Refusal(
    "authorisation_open",
    Text("该生产者在此保护形式下已有未终结的核准或申请。", "The producer has an open authorisation under this title."),
    "/title",
)
_NOT_EDITABLE = Refusal(
    "not_editable", Text("提交之后不能再改场地。", "Sites cannot be changed once it has been submitted."), "/sites"
)


def _site_faults(producer: Producer, title: Title, sites: Sequence[Site]) -> list[Refusal]:
    """Own sites of the same indication, or those of households that the producer vouches for, not refused or retired."""
    if len(sites) > MAX_SITES:
        text = Text(f"场地不能超过 {MAX_SITES} 处。", f"There can be at most {MAX_SITES} sites.")
        return [Refusal("too_many_sites", text, "/sites")]
    faults = []
    for place, site in enumerate(sites):
        owner = site.producer
        is_own = owner.pk == producer.pk or owner.organisation.sponsor_id == producer.organisation_id
        if is_own and site.indication_id == title.indication_id and site.state in TAKES_GROUND:
            continue
        text = Text(
            f"场地 {site.number} 不属于该生产者和该地理标志，或已停用。",
            f"Site {site.number} is not of this producer and indication, or no longer in use.",
        )
        faults.append(Refusal("site_not_eligible", text, f"/sites/{place}"))
    return faults


@transaction.atomic
def draft_authorisation(
    *, producer: Producer, title: Title, sites: Sequence[Site], actor: Actor, now: datetime, reason: str = ""
) -> Authorisation:
    """Begin an application with its sites. Raises Forbidden, Invalid (sites), Refused (one is open already)."""
    only_if(policy.may_draft_authorisation(actor, producer))
    stop(_site_faults(producer, title, sites))
    try:
        with remember(actor, reason), transaction.atomic():
            row = Authorisation.objects.create(producer=producer, title=title, created_at=now, updated_at=now)
            AuthorisedSite.objects.bulk_create(AuthorisedSite(authorisation=row, site=site) for site in sites)
    except IntegrityError as error:
        raise Refused(_OPEN) from error
    return row


@transaction.atomic
def change_sites(
    *, authorisation: Authorisation, sites: Sequence[Site], actor: Actor, now: datetime, reason: str = ""
) -> Authorisation:
    """Replace the sites of an application that is a draft or was returned."""
    row = locked_as_read(authorisation, *_RELATED)
    only_if(policy.may_change_authorisation(actor, row))
    if row.state not in EDITABLE:
        raise Refused(_NOT_EDITABLE)
    stop(_site_faults(row.producer, row.title, sites))
    with remember(actor, reason):
        AuthorisedSite.objects.filter(authorisation=row).exclude(site__in=sites).delete()
        kept = set(AuthorisedSite.objects.filter(authorisation=row).values_list("site_id", flat=True))
        fresh = [site for site in sites if site.pk not in kept]
        AuthorisedSite.objects.bulk_create(AuthorisedSite(authorisation=row, site=site) for site in fresh)
        save(row, now)
    return row


@transaction.atomic
def move_authorisation(
    *, authorisation: Authorisation, to: A, actor: Actor, now: datetime, given: Given | None = None
) -> Authorisation:
    """Take one step. Raises Forbidden for a step of somebody else; Invalid for what is missing; Refused by a guard,
    naming the criterion: title, sites, dates, suspension by the registrar, clock.
    """
    given = given or Given()
    Title.objects.select_for_update().get(pk=authorisation.title_id)  # title before authorisation, always
    row = locked(authorisation, *_RELATED)
    only_if(policy.may_move_authorisation(actor, row))
    state, today = A(row.state), clock.day_of(now)
    step = authorisations.step_of(state, to)
    roles = policy.authorisation_roles(actor, row)
    if step and not roles & step.who:
        raise Forbidden(_not_yours(step.who))
    by = roles & step.who if step else roles
    faults = authorisations.move_faults(state, to, given, ground_of(row, to, today), today, by)
    wrong = [fault for fault in faults if fault.code.startswith("missing_") or fault.code in _BAD_INPUT]
    stop(wrong or faults, () if wrong else {fault.code for fault in faults})
    with remember(actor, given.reason):
        row.days = authorisations.spells_after(row.days, state, to, given.valid_from, today)
        save(row, now, **_changes(state, to, given, today, by))
    log_authorisations([row], actor=actor, now=now, reason=given.reason)
    return row


def _changes(state: A, to: A, given: Given, today: date, by: frozenset[RoleKind]) -> dict[str, Any]:
    changes: dict[str, Any] = {"state": to.value, "state_reason": given.reason, "deadline_on": given.deadline_on}
    if state is A.PROV_OK and to is A.ACTIVE:
        changes["valid_from"], changes["valid_until"] = given.valid_from, given.valid_until
        changes["approval_reference"] = given.approval_reference
    if to is A.REFUSED:
        changes["refusal_criterion"] = given.refusal_criterion
    if to is A.SUSPENDED:
        strongest = RoleKind.REGISTRAR if RoleKind.REGISTRAR in by else RoleKind.HOLDER
        changes["suspended_by"] = strongest.value
    elif to in STANDING:
        changes["suspended_by"] = ""
    if to is not A.DORMANT_WARNING:
        changes["stop_proposed_on"] = None
    if to in ENDED:
        changes["ended_on"] = today
    return changes


def _not_yours(who: frozenset[RoleKind]) -> Denied:
    zh = "、".join(kind.text.zh for kind in sorted(who))
    en = ", ".join(kind.text.en.lower() for kind in sorted(who))
    return Denied("not_your_step", Text(f"这一步须由以下角色完成：{zh}。", f"This step is taken by: {en}."))


def ground_of(row: Authorisation, to: A, today: date) -> Ground:
    """What a step stands on. Sites are measured against the region only for steps into standing: it costs a query each."""
    sites = list(row.sites.all()[: MAX_SITES + 1])
    active = [site for site in sites if site.state == SiteState.ACTIVE]
    eligible = [site for site in active if to not in STANDING or _is_in_region(row.title, site, today)]
    used = max((day for day in (row.last_used_on, row.valid_from) if day), default=None)
    return Ground(
        title_stands=row.title.stands_on(today),
        title_expires_on=row.title.expires_on,
        site_count=len(sites),
        documents=frozenset(map(DocumentKind, row.documents.values_list("kind", flat=True)))
        if to is A.SUBMITTED
        else frozenset(),
        eligible_count=len(eligible),
        valid_until=row.valid_until,
        dormant_since=used,
        deadline_on=row.deadline_on,
        was_suspended_by_registrar=row.suspended_by == RoleKind.REGISTRAR,
    )


def _is_in_region(title: Title, site: Site, today: date) -> bool:
    """A site may lie in the region of another title of the name and not in this one's."""
    found = placement_of(title.region, site.geom, today) if title.region else None
    return found is None or found.placement is not Placement.OUTSIDE


# --- the clock ---------------------------------------------------------------------------------------------------


@transaction.atomic
def note_use(*, authorisation: Authorisation, on: date, actor: Actor, now: datetime) -> None:
    """Remember that the mark was used on a day. A warning for non-use ends with it; an earlier day changes nothing."""
    row = locked(authorisation)
    if row.last_used_on and row.last_used_on >= on and row.state != A.DORMANT_WARNING:
        return
    changes: dict[str, Any] = {"last_used_on": max(on, row.last_used_on or on)}
    with remember(actor, "mark used"):
        if row.state == A.DORMANT_WARNING:
            changes |= {"state": A.ACTIVE.value, "stop_proposed_on": None}
        save(row, now, **changes)
    if "state" in changes:
        log_authorisations([row], actor=actor, now=now)


@transaction.atomic
def turn_dormant(*, actor: Actor, now: datetime) -> tuple[int, int]:
    """Warn those unused for 18 months, and propose to stop those unused for 24. Returns (warned, proposed).

    A person stops them: ``move_authorisation(to=STOPPED)`` by the registrar.
    """
    today = clock.day_of(now)
    early = months_after(today, -authorisations.WARN_AFTER_MONTHS)
    unused = Q(last_used_on__isnull=True) | Q(last_used_on__lte=early)
    rows = Authorisation.objects.filter(unused, valid_from__lte=early, state__in=[A.ACTIVE, A.DORMANT_WARNING])
    warned = proposed = 0
    turned = []
    with remember(actor, "clock of non-use"):
        for row in rows.order_by("pk").select_for_update():
            found = authorisations.dormancy(row.last_used_on, row.valid_from, today)
            changes: dict[str, Any] = {}
            if row.state == A.ACTIVE and found is not Dormancy.USED:
                changes["state"] = A.DORMANT_WARNING.value
                turned.append(row)
                warned += 1
            if found is Dormancy.STOP and row.stop_proposed_on is None:
                changes["stop_proposed_on"] = today
                proposed += 1
            if changes:
                save(row, now, **changes)
    log_authorisations(turned, actor=actor, now=now)
    return warned, proposed


@transaction.atomic
def expire_authorisations(*, actor: Actor, now: datetime) -> int:
    """End those whose last day has gone or whose title no longer stands. Counts them."""
    today = clock.day_of(now)
    standing = Title.objects.standing(today).values("pk")
    over = Q(valid_until__lt=today) | ~Q(title__in=standing)
    rows = Authorisation.objects.filter(over, state__in=[*STANDING, A.SUSPENDED]).order_by("pk").select_for_update()
    with remember(actor, "validity over"):
        for row in rows:
            row.days = authorisations.spells_after(row.days, A(row.state), A.EXPIRED, None, today)
            save(row, now, state=A.EXPIRED.value, ended_on=today)
    log_authorisations(rows, actor=actor, now=now)
    return len(rows)
