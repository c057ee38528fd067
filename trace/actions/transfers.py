"""Goods between producers: offered by one, accepted by the other, and only then posted: the same quantity leaves and arrives.

Locks: entitlement, transfer, then the accounts in the order of their keys: the giver's for an offer, those of both to accept it, so that
two who send to each other do not wait crosswise.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Problem, Refused
from gi_registry.lib.texts import Refusal, Text
from products.actions import only_season_keeper
from products.actions.rows import locked, only_if, save
from products.models import Producer
from trace import policy
from trace.actions.ground import RowsRefused
from trace.actions.ledger import Posting, balances_of, hold_state, locked_balances, post, terms_of
from trace.actions.logged import log_transfer
from trace.actions.moves import Held, Move, moves_refused
from trace.actions.quota import base_amount, standing_entitlement, standing_right, stop_long
from trace.models import Entitlement, Transfer
from trace.rules import label_orders as rules
from trace.rules.label_orders import GoodsKind, TransferState
from trace.rules.ledger import Key, PostingKind

RELATED = ("giver__quota__season__indication", "giver__producer__organisation", "taker__organisation")
_TO_ONESELF = Refusal(
    "transfer_to_oneself",
    Text("不能流转给自己。", "Goods are not transferred to oneself."),
    "/taker",
)
_GIVER = Refusal(
    "giver_not_authorised",
    Text("转出方目前没有本地理标志的有效核准。", "The giver has no authorisation of this name that stands today."),
)
_TAKER = Refusal(
    "taker_not_authorised",
    Text("转入方目前没有本地理标志的有效核准。", "The taker has no authorisation of this name that stands today."),
    "/taker",
)


@dataclass(frozen=True, slots=True)
class Offer:
    """``quantity`` in ``unit``, which is of the dimension in which the season counts such goods. ``note``: for the taker."""

    row: Entitlement
    taker: Producer
    kind: GoodsKind
    quantity: Decimal
    unit: str
    note: str = ""


def unit_of(row: Entitlement, kind: GoodsKind) -> str:
    """The unit in which the season counts such goods."""
    return row.quota.raw_unit if kind is GoodsKind.RAW else row.quota.goods_unit


@transaction.atomic
def offer_transfer(
    *,
    row: Entitlement,
    taker: Producer,
    kind: GoodsKind,
    quantity: Decimal,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> Transfer:
    """Offer goods, in the unit of the season. Nothing moves before the other confirms. Raises Invalid, Refused."""
    offer = Offer(row, taker, kind, quantity, unit_of(row, kind), reason)
    try:
        return offer_transfers(offers={0: offer}, held=Held(), actor=actor, now=now, reason=reason)[0]
    except RowsRefused as no:
        raise no.first from None


@transaction.atomic
def offer_transfers(
    *, offers: Mapping[int, Offer], held: Held, actor: Actor, now: datetime, reason: str = ""
) -> dict[int, Transfer]:
    """Several of one giver, each of what those before it leave should all be accepted; by place. ``held``: what those of an
    earlier call left. Raises RowsRefused, by place too, Forbidden, Invalid."""
    problems: dict[int, Problem] = {}
    made: dict[int, Transfer] = {}
    for places in _by_entitlement(offers).values():
        row = locked(offers[places[0]].row, "quota__season__indication", "producer__organisation", "producer__division")
        only_if(policy.make(actor, row))
        hold_state(row.quota)
        # Whoever takes them is not held: nothing of theirs is asked, and two who offer to each other would wait crosswise.
        balances = {key: account.balance for key, account in locked_balances(row.quota, _own_keys(row)).items()}
        held.setdefault((row.quota_id, row.producer_id), balances)
        problems |= _offers_refused(row, {place: offers[place] for place in places}, held, now)
        made |= {place: _made(row, offers[place], actor, now) for place in places if place not in problems}
    if problems:
        raise RowsRefused(problems)
    with remember(actor, reason):
        Transfer.objects.bulk_create(made.values())
    return made


def weigh_transfers(*, offers: Mapping[int, Offer], held: Held, now: datetime) -> dict[int, Problem]:
    """The same asked and not done: nobody is held, and the balances of ``held`` are read where they are missing."""
    problems: dict[int, Problem] = {}
    for places in _by_entitlement(offers).values():
        row = offers[places[0]].row
        whose = (row.quota_id, row.producer_id)
        if whose not in held:
            held[whose] = balances_of(row.quota, _own_keys(row))
        problems |= _offers_refused(row, {place: offers[place] for place in places}, held, now)
    return problems


def _by_entitlement(offers: Mapping[int, Offer]) -> dict[int, list[int]]:
    """In the order of seasons, as everything that is posted."""
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, offer in offers.items():
        groups[offer.row.quota_id, offer.row.pk].append(place)
    return {row: groups[quota, row] for quota, row in sorted(groups)}


def _own_keys(row: Entitlement) -> list[Key]:
    keys = {key for kind in GoodsKind for key in rules.transfer_keys(kind, row.producer_id, 0)}
    return [key for key in keys if key.producer == row.producer_id]


def _offers_refused(row: Entitlement, offers: Mapping[int, Offer], held: Held, now: datetime) -> dict[int, Problem]:
    """By place, each after those before it: who may give and take, how many wait already, and what the balance covers."""
    waiting = Counter(
        Transfer.objects.filter(giver=row, state=TransferState.OFFERED.value).values_list("taker", flat=True)
    )
    stands: dict[int, bool] = {}
    moves, problems = {}, {}
    for place, offer in offers.items():
        stop_long(offer.note)
        amount = base_amount(offer.quantity, offer.unit)
        refusals = _parties_refused(row, offer.taker, stands, now) or rules.offer_refusals(
            waiting.total(), waiting[offer.taker.pk]
        )
        if refusals:
            problems[place] = Refused(refusals)
            continue
        waiting[offer.taker.pk] += 1
        legs = partial(rules.transfer_legs, offer.kind, amount, row.producer_id, offer.taker.pk, terms_of(row.quota))
        moves[place] = Move(row.quota, row.producer_id, (), Posting(legs))
    return problems | moves_refused(moves=moves, kind=PostingKind.TRANSFER, held=held)


def _parties_refused(row: Entitlement, taker: Producer, stands: dict[int, bool], now: datetime) -> list[Refusal]:
    """``stands``: who was found to have the right already, by key."""
    if taker.pk == row.producer_id:
        return [_TO_ONESELF]
    refusals = []
    for one, refusal in ((row.producer, _GIVER), (taker, _TAKER)):
        if one.pk not in stands:
            stands[one.pk] = standing_right(row.quota, one, now) is not None
        if not stands[one.pk]:
            refusals.append(refusal)
    return refusals


def _made(row: Entitlement, offer: Offer, actor: Actor, now: datetime) -> Transfer:
    amount = base_amount(offer.quantity, offer.unit)
    transfer = Transfer(giver=row, taker=offer.taker, kind=offer.kind.value, quantity=amount, offered_by=actor.name)
    transfer.reason, transfer.created_at, transfer.updated_at = offer.note.strip(), now, now
    return transfer


@transaction.atomic
def accept_transfer(*, transfer: Transfer, actor: Actor, now: datetime, reason: str = "") -> Transfer:
    """Confirm: the goods, and with them the right to labels, are the taker's. Raises Refused, also for what is gone meanwhile."""
    row = _stepping(transfer, TransferState.ACCEPTED, policy.take, actor, reason)
    giver, taker, kind = row.giver, row.taker, GoodsKind(row.kind)
    if refusals := _parties_refused(giver, taker, {}, now):
        raise Refused(refusals)
    standing_entitlement(quota=giver.quota, producer=taker, now=now)
    posting = post(
        quota=giver.quota,
        kind=PostingKind.TRANSFER,
        keys=rules.transfer_keys(kind, giver.producer_id, taker.pk),
        legs=lambda balances: rules.transfer_legs(
            kind, row.quantity, giver.producer_id, taker.pk, terms_of(giver.quota), dict(balances)
        ),
        actor=actor,
        now=now,
        reason=reason,
    )
    log_transfer(row, actor=actor, now=now, reason=reason)
    return _stepped(row, TransferState.ACCEPTED, actor, now, reason, posting=posting)


@transaction.atomic
def decline_transfer(*, transfer: Transfer, actor: Actor, now: datetime, reason: str = "") -> Transfer:
    """Say No to goods, with the reason."""
    row = _stepping(transfer, TransferState.DECLINED, policy.take, actor, reason, is_reason_owed=True)
    return _stepped(row, TransferState.DECLINED, actor, now, reason)


@transaction.atomic
def withdraw_transfer(*, transfer: Transfer, actor: Actor, now: datetime, reason: str = "") -> Transfer:
    """Take an offer back before it is accepted; the keeper of the season may too, with the reason, as an open one keeps it open."""
    is_own = bool(policy.make(actor, transfer))
    if not is_own:
        only_season_keeper(actor, transfer.giver.quota.season.indication)
    row = _stepping(transfer, TransferState.WITHDRAWN, policy.end_offer, actor, reason, is_reason_owed=not is_own)
    return _stepped(row, TransferState.WITHDRAWN, actor, now, reason)


def _stepping(
    transfer: Transfer,
    to: TransferState,
    may: Callable[..., Any],
    actor: Actor,
    reason: str,
    is_reason_owed: bool = False,
) -> Transfer:
    stop_long(reason, is_owed=is_reason_owed)
    row = locked(transfer, *RELATED)
    only_if(may(actor, row))
    if refusals := rules.transfer_step_refusals(TransferState(row.state), to):
        raise Refused(refusals)
    return row


def _stepped(row: Transfer, to: TransferState, actor: Actor, now: datetime, reason: str, **sets: Any) -> Transfer:
    with remember(actor, reason):
        save(row, now, state=to.value, reason=reason.strip() or row.reason, decided_by=actor.name, **sets)
    return row
