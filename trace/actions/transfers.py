"""Goods between producers: offered by one, accepted by the other, and only then posted: the same quantity leaves and arrives.

Locks: entitlement, transfer, then the accounts of both in the order of their keys, so that two who send to each other do not wait crosswise.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Refused
from gi_registry.lib.texts import Refusal, Text
from products.actions import only_season_keeper
from products.actions.rows import locked, only_if, save
from products.models import Producer
from trace import policy
from trace.actions.ledger import locked_balances, look, post, terms_of
from trace.actions.quota import base_amount, standing_entitlement, standing_right, stop_long
from trace.models import Entitlement, Transfer
from trace.rules import label_orders as rules
from trace.rules.label_orders import GoodsKind, TransferState
from trace.rules.ledger import Legs, PostingKind

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
    row = locked(row, "quota__season__indication", "producer__organisation", "producer__division")
    only_if(policy.make(actor, row))
    stop_long(reason)
    unit = row.quota.raw_unit if kind is GoodsKind.RAW else row.quota.goods_unit
    amount = base_amount(quantity, unit)
    if taker.pk == row.producer_id:
        raise Refused(_TO_ONESELF)
    _both_stand(row, taker, now)
    waiting = Transfer.objects.filter(giver=row, state=TransferState.OFFERED.value).count()
    if refusals := rules.offer_refusals(waiting):
        raise Refused(refusals)
    legs = _legs(row, taker, kind, amount)
    look(quota=row.quota, kind=PostingKind.TRANSFER, legs=legs, pointer="/quantity")
    transfer = Transfer(giver=row, taker=taker, kind=kind.value, quantity=amount, offered_by=actor.name)
    transfer.reason, transfer.created_at, transfer.updated_at = reason.strip(), now, now
    with remember(actor, reason):
        transfer.save(force_insert=True)
    return transfer


def _both_stand(row: Entitlement, taker: Producer, now: datetime) -> None:
    sides = ((row.producer, _GIVER), (taker, _TAKER))
    if refusals := [refusal for one, refusal in sides if standing_right(row.quota, one, now) is None]:
        raise Refused(refusals)


def _legs(row: Entitlement, taker: Producer, kind: GoodsKind, amount: Decimal) -> Legs:
    """What would move now. Locks the accounts of both."""
    accounts = locked_balances(row.quota, rules.transfer_keys(kind, row.producer_id, taker.pk))
    balances = {key: account.balance for key, account in accounts.items()}
    return rules.transfer_legs(kind, amount, row.producer_id, taker.pk, terms_of(row.quota), balances)


@transaction.atomic
def accept_transfer(*, transfer: Transfer, actor: Actor, now: datetime, reason: str = "") -> Transfer:
    """Confirm: the goods, and with them the right to labels, are the taker's. Raises Refused, also for what is gone meanwhile."""
    row = _stepping(transfer, TransferState.ACCEPTED, policy.take, actor, reason)
    giver, taker, kind = row.giver, row.taker, GoodsKind(row.kind)
    _both_stand(giver, taker, now)
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
