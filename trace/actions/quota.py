"""What a season grants to producers, and what they make of it: entitlements, harvests, processing, penalties, batches."""

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

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
from trace.actions.ledger import by_hand_refusals, in_base, locked_balances, post, reverse, season_refusals, terms_of
from trace.models import Batch, Entitlement, EntitlementLine, LedgerTransaction
from trace.rules import ledger, quantities
from trace.rules.batches import MAX_REASON
from trace.rules.entitlement import Plot, Sum, entitlement, factor_refusals
from trace.rules.ledger import STEP, AccountKind, Key, PostingKind
from trace.rules.quantities import QuantityUnit

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
_SEASON_OWED = Text(
    "“{season}”产季执行配额，请在批次中选择该产季。",
    "The season “{season}” has a quota: name it in the batch.",
)
_MIXED = Text(
    "该产季按{unit}记账，本批次数量和净含量都不能换算。",
    "The season is kept in {unit}; neither the batch nor its packs can be counted in it.",
)


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
    sites = _counted_sites(quota, producer, now)
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


def _counted_sites(quota: SeasonQuota, producer: Producer, now: datetime) -> list[Site]:
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
def declare_harvest(
    *, row: Entitlement, quantity: Decimal, actor: Actor, now: datetime, reason: str = ""
) -> LedgerTransaction:
    """Say what was harvested, in the raw unit of the season; never more than the land is entitled to."""
    only_if(policy.make(actor, row))
    stop_long(reason)
    legs = ledger.harvest(base_amount(quantity, row.quota.raw_unit), row.producer_id)
    return post(
        quota=row.quota,
        kind=PostingKind.HARVEST,
        keys=[leg.key for leg in legs],
        legs=lambda balances: legs,
        actor=actor,
        now=now,
        reason=reason,
        pointer="/quantity",
    )


@transaction.atomic
def process_goods(
    *, row: Entitlement, raw: Decimal, goods: Decimal, actor: Actor, now: datetime, reason: str = ""
) -> LedgerTransaction:
    """Say what went in and what came out; never more than the season's conversion gives."""
    only_if(policy.make(actor, row))
    stop_long(reason)
    went_in = base_amount(raw, row.quota.raw_unit, "/raw")
    came_out = base_amount(goods, row.quota.goods_unit, "/goods")
    if refusals := ledger.processing_refusals(went_in, came_out, terms_of(row.quota)):
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


# --- batches -----------------------------------------------------------------------------------------------------


def debit_batch(*, batch: Batch, actor: Actor, now: datetime) -> LedgerTransaction | None:
    """What the registering of a batch takes from the books of its season; nothing where its season has no quota.

    Raises Refused: more than the balance, a season that is owed and not named, goods that the season cannot count.
    """
    quota = _quota_of(batch)
    if quota is None:
        return None
    goods = max(_goods_of(batch, quota) - _counted_before(batch, quota), ledger.ZERO)
    producer, terms = batch.producer_id, terms_of(quota)
    kinds = (_A.PROCESSED, _A.RAW, _A.ENTITLEMENT, _A.PACKED)
    return post(
        quota=quota,
        kind=PostingKind.BATCH,
        keys=[Key(_A.RAW_OUTSIDE), Key(_A.GOODS_OUTSIDE), *(Key(kind, producer) for kind in kinds)],
        legs=lambda balances: ledger.batch(goods, producer, terms, balances),
        actor=actor,
        now=now,
        pointer="/quantity",
        may_be_empty=True,
        batch=batch,
    )


def _counted_before(batch: Batch, quota: SeasonQuota) -> Decimal:
    """How much of a batch came out of batches that are in the books already, of whatever season of the name: goods are counted
    where they entered. In the base unit of the season; an input that it cannot count brings nothing."""
    links = batch.inputs.filter(valid_to__isnull=True, parent__indication=batch.indication_id)
    links = links.filter(parent__postings__kind=PostingKind.BATCH.value, parent__postings__reversal__isnull=True)
    counted = ledger.ZERO
    for link in links.select_related("parent__form"):
        (_, used), (_, whole) = (
            quantities.in_base(*amount)
            for amount in (
                (link.quantity, QuantityUnit(link.unit)),
                (link.parent.quantity, QuantityUnit(link.parent.quantity_unit)),
            )
        )
        counted += (_goods_in(link.parent, quota) or ledger.ZERO) * used / whole
    return counted.quantize(STEP, ROUND_FLOOR)


def _quota_of(batch: Batch) -> SeasonQuota | None:
    """The quota that a batch is held against; None in a season without one. Raises Refused where its season is owed."""
    day = batch.harvested_on or batch.produced_on
    quotas = SeasonQuota.objects.in_force().filter(
        season__indication=batch.indication_id, season__opens_on__lte=day, season__closes_on__gte=day
    )
    found = list(quotas.select_related("season").order_by("pk")[:10])
    quota = next((one for one in found if one.season_id == batch.season_id), None)
    if quota is None:
        if found:
            raise Refused(Refusal("season_owed", _SEASON_OWED.format(season=found[0].season.name), "/season"))
        return None
    return quota


def _goods_of(batch: Batch, quota: SeasonQuota) -> Decimal:
    goods = _goods_in(batch, quota)
    if goods is None:
        unit = QuantityUnit(quota.goods_unit)
        text = Text(_MIXED.zh.format(unit=unit.text.zh), _MIXED.en.format(unit=unit.text.en))
        raise Refused(Refusal("unit_of_season", text, "/quantity_unit"))
    return goods


def _goods_in(batch: Batch, quota: SeasonQuota) -> Decimal | None:
    """In the base unit of the season; None for goods that it cannot count."""
    form, unit = batch.form, QuantityUnit(quota.goods_unit)
    net = (form.net_content, QuantityUnit(form.net_content_unit))
    return quantities.goods_of(unit, batch.quantity, QuantityUnit(batch.quantity_unit), batch.pack_count, *net)


def debit_of(batch: Batch) -> LedgerTransaction | None:
    """The posting by which a batch was registered; None where its season had no quota."""
    return (
        LedgerTransaction.objects.filter(batch=batch, kind=PostingKind.BATCH.value)
        .select_related("quota__season")
        .first()
    )


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
