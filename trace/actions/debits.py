"""What the registering of batches takes from the books of their seasons."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from functools import partial

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Problem, Refused
from gi_registry.lib.texts import Refusal, Text
from products.models import SeasonQuota
from trace.actions.ground import RowsRefused
from trace.actions.ledger import Posting, terms_of
from trace.actions.moves import Held, Move, moves_refused, post_moves
from trace.models import Batch, BatchLink, LedgerTransaction
from trace.rules import ledger
from trace.rules.ledger import STEP, AccountKind, Key, PostingKind
from trace.rules.quantities import QuantityUnit, goods_of, in_base

_A = AccountKind
_SEASON_OWED = Text(
    "“{season}”产季执行配额，请在批次中选择该产季。",
    "The season “{season}” has a quota: name it in the batch.",
)
_MIXED = Text(
    "该产季按{unit}记账，本批次数量和净含量都不能换算。",
    "The season is kept in {unit}; neither the batch nor its packs can be counted in it.",
)

Quotas = Callable[[int], Sequence[SeasonQuota]]


def debit_batches(*, batches: Sequence[Batch], quotas: Quotas, actor: Actor, now: datetime) -> None:
    """What the registering of batches takes from the books of their seasons; nothing where a season has no quota.

    ``quotas``: those in force of an indication. Raises RowsRefused: more than the balance, a season that is owed and not
    named, goods that the season cannot count.
    """
    debits, problems = _debits(dict(enumerate(batches)), quotas)
    if problems:
        raise RowsRefused(problems)
    post_moves(moves=debits, kind=PostingKind.BATCH, actor=actor, now=now)


def debits_refused(*, batches: Mapping[int, Batch], quotas: Quotas, held: Held) -> dict[int, Problem]:
    """The same asked and not done: by the place of each batch, on the balances of ``held``, read where they are missing."""
    debits, problems = _debits(batches, quotas)
    return problems | moves_refused(moves=debits, kind=PostingKind.BATCH, held=held)


def _debits(batches: Mapping[int, Batch], quotas: Quotas) -> tuple[dict[int, Move], dict[int, Problem]]:
    debits: dict[int, Move] = {}
    problems: dict[int, Problem] = {}
    inputs = _inputs_counted(batch for batch in batches.values() if quotas(batch.indication_id))
    for place, batch in batches.items():
        try:
            if quota := _quota_among(quotas(batch.indication_id), batch):
                goods = max(_goods_of(batch, quota) - _counted_before(inputs[batch.pk], quota), ledger.ZERO)
                legs = partial(ledger.batch, goods, batch.producer_id, terms_of(quota))
                posting = Posting(legs, {"batch": batch}, may_be_empty=True)
                debits[place] = Move(quota, batch.producer_id, _keys(batch.producer_id), posting)
        except Refused as no:
            problems[place] = no
    return debits, problems


def _keys(producer: int) -> tuple[Key, ...]:
    kinds = (_A.PROCESSED, _A.RAW, _A.ENTITLEMENT, _A.PACKED)
    return (Key(_A.RAW_OUTSIDE), Key(_A.GOODS_OUTSIDE), *(Key(kind, producer) for kind in kinds))


def _inputs_counted(batches: Iterable[Batch]) -> dict[int | None, list[BatchLink]]:
    """What went into each, by its key, out of batches of its name that are in the books already, of whatever season: goods
    are counted where they entered. One that is not stored yet has no inputs."""
    found: dict[int | None, list[BatchLink]] = defaultdict(list)
    names = {batch.pk: batch.indication_id for batch in batches if batch.pk}
    # Few batches have any: those are sought by the key, and the rest is asked of them alone.
    links = BatchLink.objects.filter(child__in=names, valid_to__isnull=True).prefetch_related("parent__form")
    if inputs := [link for link in links if link.parent.indication_id == names[link.child_id]] if names else []:
        postings = LedgerTransaction.objects.filter(kind=PostingKind.BATCH.value, reversal__isnull=True)
        parents = {link.parent_id for link in inputs}
        counted = set(postings.filter(batch__in=parents).values_list("batch_id", flat=True))
        for link in inputs:
            if link.parent_id in counted:
                found[link.child_id].append(link)
    return found


def _counted_before(links: Iterable[BatchLink], quota: SeasonQuota) -> Decimal:
    """How much these inputs brought, in the base unit of the season; one that it cannot count brings nothing."""
    counted = ledger.ZERO
    for link in links:
        parent = link.parent
        _, used = in_base(link.quantity, QuantityUnit(link.unit))
        _, whole = in_base(parent.quantity, QuantityUnit(parent.quantity_unit))
        counted += (_goods_in(parent, quota) or ledger.ZERO) * used / whole
    return counted.quantize(STEP, ROUND_FLOOR)


def _quota_among(quotas: Sequence[SeasonQuota], batch: Batch) -> SeasonQuota | None:
    """The quota that a batch is held against; None in a season without one. Raises Refused where its season is owed."""
    day = batch.harvested_on or batch.produced_on
    found = [one for one in quotas if one.season.opens_on <= day <= one.season.closes_on]
    quota = next((one for one in found if one.season_id == batch.season_id), None)
    if quota is None and found:
        raise Refused(Refusal("season_owed", _SEASON_OWED.format(season=found[0].season.name), "/season"))
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
    return goods_of(unit, batch.quantity, QuantityUnit(batch.quantity_unit), batch.pack_count, *net)


def debit_of(batch: Batch) -> LedgerTransaction | None:
    """The posting by which a batch was registered; None where its season had no quota."""
    return (
        LedgerTransaction.objects.filter(batch=batch, kind=PostingKind.BATCH.value)
        .select_related("quota__season")
        .first()
    )
