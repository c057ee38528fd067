"""Posting to the books of a season: accounts locked in the order of their keys, asked, and moved in one breath.

Locks: title, authorisation, batch, issuance, label order, transfer, then the season's quota (shared; closing takes it alone),
then its accounts in the order of their keys. One posting a transaction, or several of one producer: never of two producers
in turn, which could wait for each other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import F

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Problem, Refused
from gi_registry.lib.texts import Refusal, Text
from products.models import SeasonQuota
from products.rules.seasons import QUOTA_UNITS, QuotaState
from products.rules.words import Unit
from trace.actions.ground import RowsRefused
from trace.models import LedgerAccount, LedgerEntry, LedgerTransaction
from trace.rules.ledger import (
    AFTER_CLOSING,
    OUTSIDE,
    ZERO,
    Book,
    Key,
    Leg,
    Legs,
    PostingKind,
    Terms,
    merged,
    overdraft_refusals,
    reversed_legs,
)

Balances = Mapping[Key, Decimal]
_NOT_OPEN = {
    QuotaState.DRAFT: Text("该产季的配额还没有开始执行。", "The season's quota is not in force yet."),
    QuotaState.CLOSED: Text("该产季已关闭，不再记账。", "The season is closed: nothing more is posted to it."),
}
_NOTHING = Refusal("nothing_to_post", Text("没有可记账的数量。", "There is nothing to post."))
_REVERSED = Refusal("already_reversed", Text("该笔记账已冲正。", "The posting was reversed already."))
_IS_REVERSAL = Refusal("is_reversal", Text("冲正本身不能再冲正。", "A reversal is not reversed."))
# What is moved by its own steps, each with a record beside the books, is taken back by those.
BY_HAND = (PostingKind.HARVEST, PostingKind.PROCESSING, PostingKind.PENALTY)
_NOT_BY_HAND = Refusal(
    "not_by_hand",
    Text(
        "只有采收、加工和扣减可以直接冲正；其他记账请从批次、申领或流转处撤销。",
        "Only harvests, processings and penalties are reversed here; undo others at the batch, order or transfer.",
    ),
)


def terms_of(quota: SeasonQuota) -> Terms:
    return Terms(quota.yield_raw * in_base(quota.raw_unit), quota.yield_goods * in_base(quota.goods_unit))


def in_base(unit: str) -> int:
    """What one of a unit is in its base unit."""
    return QUOTA_UNITS[Unit(unit)][1]


def base_of(unit: str) -> Unit:
    """The base unit of its dimension: amounts in the books are in it."""
    dimension = QUOTA_UNITS[Unit(unit)][0]
    return next(one for one, (kind, factor) in QUOTA_UNITS.items() if kind == dimension and factor == 1)


def units_of(quota: SeasonQuota) -> dict[Book, tuple[Text, int]]:
    """What each book is counted in by people: the units of the season, and labels by number."""
    raw, goods = ((Unit(unit).text, in_base(unit)) for unit in (quota.raw_unit, quota.goods_unit))
    return {Book.RAW: raw, Book.GOODS: goods, Book.RIGHT: goods, Book.LABELS: (Text("枚", "labels"), 1)}


def season_refusals(quota: SeasonQuota, kind: PostingKind) -> list[Refusal]:
    """Whether this may still be posted to the season. The database holds it too, against a closing at the same moment."""
    state = QuotaState(quota.state)
    if state is QuotaState.OPEN or (state is QuotaState.CLOSED and kind in AFTER_CLOSING):
        return []
    return [Refusal(f"season_{state.value}", _NOT_OPEN[state], "/season")]


def locked_balances(quota: SeasonQuota, keys: Iterable[Key]) -> dict[Key, LedgerAccount]:
    """The accounts, made where they are missing, ours until the transaction ends, in the order of their keys."""
    wanted = sorted(set(keys), key=_order)
    found = {row.key: row for row in _rows(quota, wanted)}
    if missing := [key for key in wanted if key not in found]:
        fresh = (
            LedgerAccount(quota=quota, kind=key.kind.value, producer_id=key.producer, form_id=key.form)
            for key in missing
        )
        LedgerAccount.objects.bulk_create(fresh, ignore_conflicts=True)
        found = {row.key: row for row in _rows(quota, wanted)}
    return found


def balances_of(quota: SeasonQuota, keys: Iterable[Key]) -> dict[Key, Decimal]:
    """As they stand, nobody held."""
    rows = LedgerAccount.objects.filter(_asked(keys), quota=quota)
    return {row.key: row.balance for row in rows}


def _asked(keys: Iterable[Key]) -> Q:
    asked = Q()
    for key in keys:
        asked |= Q(kind=key.kind.value, producer=key.producer, form=key.form)
    return asked


def _order(key: Key) -> tuple[int, str, int]:
    return key.producer or 0, key.kind.value, key.form or 0


def _rows(quota: SeasonQuota, keys: list[Key]) -> Iterable[LedgerAccount]:
    """What lies outside is read and not locked: nothing is asked of it, and everybody would wait for it."""
    rows = LedgerAccount.objects.filter(_asked(keys), quota=quota)
    outside = [kind.value for kind in OUTSIDE]
    yield from rows.filter(kind__in=outside)
    yield from (
        rows.exclude(kind__in=outside)
        .order_by(F("producer").asc(nulls_first=True), "kind", F("form").asc(nulls_first=True))
        .select_for_update(of=("self",), no_key=True)
    )


@dataclass(frozen=True, slots=True)
class Posting:
    """``legs`` says from the balances what moves; ``source``: columns of what it is for, and its own reason. ``may_be_empty``: a batch made of
    goods that were counted before moves nothing, and belongs to the season all the same."""

    legs: Callable[[Balances], Legs]
    source: Mapping[str, Any] = field(default_factory=dict)
    may_be_empty: bool = False


def post(
    *,
    quota: SeasonQuota,
    kind: PostingKind,
    keys: Iterable[Key],
    legs: Callable[[Balances], Legs],
    actor: Actor,
    now: datetime,
    reason: str = "",
    pointer: str = "",
    may_be_empty: bool = False,
    **source: Any,
) -> LedgerTransaction:
    """Lock ``keys``, let ``legs`` say from their balances what moves, and write it. Within the caller's transaction.

    Raises Refused for a season that is not open, and for every account that does not cover what is asked of it.
    """
    told = {"actor": actor, "now": now, "reason": reason, "pointer": pointer}
    posting = Posting(legs, source, may_be_empty)
    try:
        return post_all(quota=quota, kind=kind, keys=keys, postings=[posting], **told)[0]
    except RowsRefused as no:
        raise no.first from None


def post_all(
    *,
    quota: SeasonQuota,
    kind: PostingKind,
    keys: Iterable[Key],
    postings: Sequence[Posting],
    actor: Actor,
    now: datetime,
    reason: str = "",
    pointer: str = "",
) -> list[LedgerTransaction]:
    """Several, one after the other, with one lock: each on what the one before it left. Raises RowsRefused, Refused."""
    if refusals := season_refusals(quota, kind):
        raise Refused(refusals)
    accounts = locked_balances(quota, keys)
    balances = {key: account.balance for key, account in accounts.items()}
    moved, problems = moves_of(postings, balances, quota, pointer)
    if problems:
        raise RowsRefused(problems)
    by = {"reason": reason.strip(), "by": actor.identity, "by_name": actor.name, "at": now}
    rows = [LedgerTransaction(quota=quota, kind=kind.value, **{**by, **posting.source}) for posting in postings]
    LedgerTransaction.objects.bulk_create(rows)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(transaction_id=row.pk, account_id=accounts[leg.key].pk, amount=leg.amount)
        for row, legs in zip(rows, moved, strict=True)
        for leg in sorted(legs, key=lambda leg: _order(leg.key))
    )
    return rows


def moves_of(
    postings: Sequence[Posting], balances: dict[Key, Decimal], quota: SeasonQuota, pointer: str
) -> tuple[list[Legs], dict[int, Problem]]:
    """What each would move, and why some cannot, by their place. ``balances`` are carried along: as they then would be."""
    told, problems, units = [], {}, units_of(quota)
    for place, posting in enumerate(postings):
        legs = merged(posting.legs(balances))
        refusals = overdraft_refusals(balances, legs, units, pointer)
        if not legs and not posting.may_be_empty:
            refusals = [_NOTHING]
        if refusals:
            problems[place] = Refused(refusals)
            continue
        for leg in legs:
            balances[leg.key] = balances.get(leg.key, ZERO) + leg.amount
        told.append(legs)
    return told, problems


def hold_state(quota: SeasonQuota) -> None:
    """The season stays as it is until the transaction ends: what is written because it is open cannot come after its closing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM products_seasonquota WHERE id = %s FOR KEY SHARE", [quota.pk])
        quota.state = cursor.fetchone()[0]


def look(*, quota: SeasonQuota, kind: PostingKind, legs: Legs, pointer: str) -> None:
    """Raise what posting these legs would, and post nothing."""
    hold_state(quota)
    accounts = locked_balances(quota, [leg.key for leg in legs])
    balances = {key: account.balance for key, account in accounts.items()}
    refusals = season_refusals(quota, kind) or overdraft_refusals(balances, legs, units_of(quota), pointer)
    if refusals:
        raise Refused(refusals)


def reverse(
    *, transaction: LedgerTransaction, actor: Actor, now: datetime, reason: str, **source: Any
) -> LedgerTransaction:
    """Take a posting back by the same entries with the other sign: whole, and once. Raises Refused where what it gave is gone."""
    if transaction.kind == PostingKind.REVERSAL:
        raise Refused(_IS_REVERSAL)
    # Two who reverse it at once wait here: the second finds the first one's reversal.
    LedgerTransaction.objects.select_for_update(of=("self",), no_key=True).get(pk=transaction.pk)
    if LedgerTransaction.objects.filter(reversal_of=transaction).exists():
        raise Refused(_REVERSED)
    back = reversed_legs(legs_of(transaction))
    return post(
        quota=transaction.quota,
        kind=PostingKind.REVERSAL,
        keys=[leg.key for leg in back],
        legs=lambda balances: back,
        actor=actor,
        now=now,
        reason=reason,
        may_be_empty=not back,
        reversal_of=transaction,
        **source,
    )


def legs_of(transaction: LedgerTransaction) -> Legs:
    entries = transaction.entries.select_related("account")
    return tuple(Leg(entry.account.key, entry.amount) for entry in entries)


def by_hand_refusals(transaction: LedgerTransaction) -> list[Refusal]:
    return [] if transaction.kind in (*BY_HAND, PostingKind.REVERSAL) else [_NOT_BY_HAND]
