"""Closing the books of a season: no label is left open without a word on where it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Refused
from gi_registry.lib.texts import Refusal, Text
from products.actions import move_quota
from products.models import SeasonQuota
from products.rules.seasons import QuotaState
from trace.actions.quota import stop_long
from trace.models import ClosingNote, LabelOrder, LedgerAccount, Transfer
from trace.rules.label_orders import OPEN_ORDERS, TransferState
from trace.rules.ledger import AccountKind

# Labels that a season must not forget: on somebody's roll, or given back and not destroyed.
OPEN_LABELS = (AccountKind.UNUSED, AccountKind.RETURNED)
# So many open accounts are named in a refusal.
MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class Explained:
    """Where open labels of a producer's article are, in the words of the keeper. By the numbers of both."""

    producer: str
    form: str
    reason: str


@transaction.atomic
def close_season(
    *, quota: SeasonQuota, explained: Sequence[Explained], actor: Actor, now: datetime, reason: str = ""
) -> SeasonQuota:
    """Close a season: nothing more is granted, made, labelled or transferred. Raises Refused for orders and offers that are open,
    and for every account of labels that is open and not explained.

    The season is taken alone first: whoever posts meanwhile is done before, or finds it closed.
    """
    stop_long(reason)
    row = move_quota(quota=quota, to=QuotaState.CLOSED, actor=actor, now=now, reason=reason)
    if refusals := _open_refusals(row):
        raise Refused(refusals)
    words = {(one.producer, one.form): one.reason.strip() for one in explained}
    accounts = LedgerAccount.objects.filter(quota=row, kind__in=[kind.value for kind in OPEN_LABELS], balance__gt=0)
    left = list(accounts.select_related("producer", "form").order_by("pk"))
    if missing := [one for one in left if not words.get((one.producer.number, one.form.number))]:
        raise Refused([_unexplained(one) for one in missing[:MOST_TOLD]])
    by = {"by": actor.identity, "by_name": actor.name, "at": now}
    ClosingNote.objects.bulk_create(
        ClosingNote(account=one, labels=int(one.balance), reason=words[one.producer.number, one.form.number], **by)
        for one in left
    )
    return row


def _open_refusals(quota: SeasonQuota) -> list[Refusal]:
    orders = LabelOrder.objects.filter(entitlement__quota=quota, state__in=[state.value for state in OPEN_ORDERS])
    offers = Transfer.objects.filter(giver__quota=quota, state=TransferState.OFFERED.value)
    refusals = []
    if number := orders.count():
        text = Text(f"还有 {number} 份标识申领没有办结。", f"{number} label orders are still open.")
        refusals.append(Refusal("orders_open", text))
    if number := offers.count():
        text = Text(f"还有 {number} 笔流转没有确认。", f"{number} transfers still wait for an answer.")
        refusals.append(Refusal("transfers_open", text))
    return refusals


def _unexplained(account: LedgerAccount) -> Refusal:
    kind, labels = AccountKind(account.kind).text, int(account.balance)
    text = Text(
        f"生产者 {account.producer.number} 的规格 {account.form.number}：{kind.zh} {labels:,} 枚，请说明去向。",
        f"Producer {account.producer.number}, form {account.form.number}: {kind.en.lower()}, {labels:,}: say where they are.",
    )
    return Refusal("labels_open", text, "/explained")
