"""What a season grants to producers, and what they make of it: entitlements, processing, penalties."""

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from django.db import IntegrityError, transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.clock import day_of
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Refusal, Text
from products.actions import ceiling_of, move_quota, only_season_keeper
from products.actions.rows import constraint_of, locked, only_if, save
from products.models import Authorisation, Producer, SeasonQuota, Site
from products.rules.seasons import QuotaState
from products.rules.words import SiteKind, SiteState
from trace import policy
from trace.actions.ledger import (
    balances_of,
    by_hand_refusals,
    in_base,
    locked_balances,
    post,
    reverse,
    season_refusals,
    terms_of,
    units_of,
)
from trace.models import Entitlement, EntitlementLine, LedgerTransaction
from trace.rules import ledger
from trace.rules.batches import MAX_REASON
from trace.rules.entitlement import Plot, Sum, entitlement, factor_refusals
from trace.rules.ledger import STEP, AccountKind, Key, PostingKind

_A = AccountKind
_NO_RIGHT = Refusal(
    "not_authorised",
    Text("该生产者目前没有本地理标志的有效核准。", "The producer has no authorisation of this name that stands today."),
    "/producer",
)
_TAKEN = Refusal(
    "site_of_another_producer",
    Text(
        "其中一处场地已计入另一生产者本产季的额度。",
        "One of the sites counts for another producer this season already.",
    ),
    "/producer",
)
_NO_REASON = Refusal("reason_missing", Text("请写明原因。", "Give the reason."), "/reason")
_LONG = Refusal(
    "reason_too_long",
    Text(f"原因不超过 {MAX_REASON} 字。", f"A reason has at most {MAX_REASON} characters."),
    "/reason",
)
_AMOUNT = Text("数量应大于零，最多三位小数。", "The quantity is above zero, with at most three decimals.")


@transaction.atomic
def open_quota(*, quota: SeasonQuota, actor: Actor, now: datetime, reason: str = "") -> SeasonQuota:
    """Put the season's figures in force: from now on its batches are held against them."""
    row = move_quota(quota=quota, to=QuotaState.OPEN, actor=actor, now=now, reason=reason)
    if row.cap is not None:
        legs = ledger.cap(row.cap * in_base(row.raw_unit))
        keys = [leg.key for leg in legs]
        post(quota=row, kind=PostingKind.CAP, keys=keys, legs=lambda balances: legs, actor=actor, now=now)
    return row


# --- entitlements ------------------------------------------------------------------------------------------------


@transaction.atomic
def grant_entitlement(
    *,
    quota: SeasonQuota,
    producer: Producer,
    actor: Actor,
    now: datetime,
    factors: Mapping[str, Decimal] | None = None,
    reason: str = "",
) -> Entitlement:
    """Compute what a producer's land may yield and post it; done again, the difference to what was granted before.

    Areas are those of the outlines. Raises Forbidden, Invalid (factors), Refused (no right, a site that counts elsewhere,
    less than was used already).
    """
    only_season_keeper(actor, quota.season.indication)
    stop_long(reason)
    if refusals := season_refusals(quota, PostingKind.GRANT):
        raise Refused(refusals)
    row = standing_entitlement(quota=quota, producer=producer, now=now)
    row = locked(row)
    sites = counted_sites(quota, producer, now)
    if faults := factor_refusals(factors or {}, [site.number for site in sites]):
        raise Invalid(faults)
    pool, kinds = Key(_A.POOL), (_A.ENTITLEMENT, _A.LABEL_RIGHT)
    outside = (Key(_A.RAW_OUTSIDE), Key(_A.RIGHT_OUTSIDE))
    keys = [*outside, *(Key(kind, producer.pk) for kind in kinds), *([pool] if quota.cap is not None else [])]
    accounts = locked_balances(quota, keys)
    left = None if quota.cap is None else accounts[pool].balance + row.quantity
    found = _computed(quota, sites, factors or {}, left)
    legs = ledger.grant(row.quantity, found.quantity, producer.pk, terms_of(quota), quota.cap is not None)
    with remember(actor, reason):
        _put_lines(row, found, now)
    if legs:
        given = {"actor": actor, "now": now, "reason": reason, "pointer": "/producer"}
        post(quota=quota, kind=PostingKind.GRANT, keys=keys, legs=lambda balances: legs, **given)
    return row


def weigh_entitlement(
    *, quota: SeasonQuota, producer: Producer, now: datetime, factors: Mapping[str, Decimal] | None = None
) -> tuple[list[Site], Sum]:
    """What a grant would come to, and the sites that it counts: nobody is held and nothing written. Raises Invalid (factors)."""
    sites = counted_sites(quota, producer, now)
    if faults := factor_refusals(factors or {}, [site.number for site in sites]):
        raise Invalid(faults)
    row = Entitlement.objects.filter(quota=quota, producer=producer).first()
    pool = Key(_A.POOL)
    left = balances_of(quota, [pool]).get(pool, ledger.ZERO) + (row.quantity if row else 0)
    return sites, _computed(quota, sites, factors or {}, None if quota.cap is None else left)


def standing_entitlement(*, quota: SeasonQuota, producer: Producer, now: datetime) -> Entitlement:
    """The producer's place in the books of the season, made where it is missing. Raises Refused to who has no right today."""
    row = Entitlement.objects.filter(quota=quota, producer=producer).first()
    right = standing_right(quota, producer, now)
    if right is None:
        raise Refused(_NO_RIGHT)
    if row is None:
        fresh = Entitlement(quota=quota, producer=producer, authorisation=right, created_at=now, updated_at=now)
        Entitlement.objects.bulk_create([fresh], ignore_conflicts=True)
        row = Entitlement.objects.get(quota=quota, producer=producer)
    return row


def standing_right(quota: SeasonQuota, producer: Producer, now: datetime) -> Authorisation | None:
    """An authorisation of the producer for the season's name that stands today."""
    today = day_of(now)
    rows = Authorisation.objects.filter(producer=producer, title__indication=quota.season.indication_id)
    return next((row for row in rows.select_related("title").order_by("pk") if row.stands_on(today)), None)


def counted_sites(quota: SeasonQuota, producer: Producer, now: datetime) -> list[Site]:
    """Active sites named in the producer's authorisations that stand today, each once."""
    today, indication = day_of(now), quota.season.indication_id
    rows = Authorisation.objects.filter(producer=producer, title__indication=indication).select_related("title")
    standing = [row.pk for row in rows if row.stands_on(today)]
    sites = Site.objects.filter(authorisations__in=standing, state=SiteState.ACTIVE.value, indication=indication)
    return list(sites.select_related("division").defer("geom", "division__geom").distinct().order_by("pk"))


def _computed(quota: SeasonQuota, sites: list[Site], factors: Mapping[str, Decimal], left: Decimal | None) -> Sum:
    plots = [
        Plot(site.pk, site.division.code, SiteKind(site.kind), site.area_m2, factors.get(site.number, Decimal(1)))
        for site in sites
    ]
    ceilings = [ceiling_of(vars(row)) for row in quota.ceilings.all()]
    return entitlement(plots, ceilings, in_base(quota.raw_unit), left)


def _put_lines(row: Entitlement, found: Sum, now: datetime) -> None:
    save(row, now, computed=found.computed, quantity=found.quantity, revision=row.revision + 1)
    ceilings = {ceiling_of(vars(one)): one for one in row.quota.ceilings.all()}
    lines = [
        EntitlementLine(
            entitlement=row,
            quota_id=row.quota_id,
            producer_id=row.producer_id,
            revision=row.revision,
            site_id=line.plot.site,
            ceiling=ceilings[line.ceiling] if line.ceiling else None,
            area_m2=line.plot.area_m2,
            factor=line.plot.factor,
            quantity=line.quantity,
        )
        for line in found.lines
    ]
    try:
        with transaction.atomic():
            EntitlementLine.objects.bulk_create(lines)
    except IntegrityError as error:
        if constraint_of(error) == "entitlement_site_for_one":
            raise Refused(_TAKEN) from error
        raise


@transaction.atomic
def penalise(
    *, row: Entitlement, quantity: Decimal, actor: Actor, now: datetime, reason: str = ""
) -> LedgerTransaction:
    """Take from what may yet be harvested, by the keeper of the season. ``quantity`` in its raw unit; the reason is owed."""
    only_season_keeper(actor, row.quota.season.indication)
    amount = base_amount(quantity, row.quota.raw_unit)
    stop_long(reason, is_owed=True)
    legs = ledger.penalty(amount, row.producer_id, terms_of(row.quota))
    fresh = locked(row)
    posted = post(
        quota=row.quota,
        kind=PostingKind.PENALTY,
        keys=[leg.key for leg in legs],
        legs=lambda balances: legs,
        actor=actor,
        now=now,
        reason=reason,
        pointer="/quantity",
    )
    with remember(actor, reason):
        save(fresh, now, penalties=fresh.penalties + amount)
    return posted


# --- goods -------------------------------------------------------------------------------------------------------


@transaction.atomic
def process_goods(
    *, row: Entitlement, raw: Decimal, goods: Decimal, actor: Actor, now: datetime, reason: str = ""
) -> LedgerTransaction:
    """Say what went in and what came out; never more than the season's conversion gives."""
    only_if(policy.make(actor, row))
    stop_long(reason)
    went_in = base_amount(raw, row.quota.raw_unit, "/raw")
    came_out = base_amount(goods, row.quota.goods_unit, "/goods")
    unit = units_of(row.quota)[ledger.Book.GOODS]
    if refusals := ledger.processing_refusals(went_in, came_out, terms_of(row.quota), unit):
        raise Refused(refusals)
    legs = ledger.processing(went_in, came_out, row.producer_id)
    return post(
        quota=row.quota,
        kind=PostingKind.PROCESSING,
        keys=[leg.key for leg in legs],
        legs=lambda balances: legs,
        actor=actor,
        now=now,
        reason=reason,
        pointer="/raw",
    )


@transaction.atomic
def reverse_posting(
    *, row: Entitlement, posting: LedgerTransaction, actor: Actor, now: datetime, reason: str = ""
) -> LedgerTransaction:
    """Take a harvest, a processing or a penalty back, by the keeper of the season: whole, once, with a reason."""
    only_season_keeper(actor, row.quota.season.indication)
    stop_long(reason, is_owed=True)
    if refusals := by_hand_refusals(posting):
        raise Refused(refusals)
    fresh = locked(row)
    done = reverse(transaction=posting, actor=actor, now=now, reason=reason)
    if posting.kind == PostingKind.PENALTY:
        taken = -sum(e.amount for e in posting.entries.filter(account__kind=_A.ENTITLEMENT.value))
        with remember(actor, reason):
            save(fresh, now, penalties=fresh.penalties - taken)
    return done


# --- what was sent -----------------------------------------------------------------------------------------------


def base_amount(quantity: Decimal, unit: str, pointer: str = "/quantity") -> Decimal:
    """In base units; Invalid for what is no amount."""
    if not quantity.is_finite() or quantity <= 0 or quantity > Decimal(10) ** 12:
        raise Invalid(Refusal("quantity", _AMOUNT, pointer))
    return (quantity * in_base(unit)).quantize(STEP, ROUND_HALF_EVEN)


def stop_long(reason: str, *, is_owed: bool = False) -> None:
    """Raises Invalid for a reason that is too long, or missing where it is owed."""
    if len(reason) > MAX_REASON:
        raise Invalid(_LONG)
    if is_owed and not reason.strip():
        raise Invalid(_NO_REASON)
