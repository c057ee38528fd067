"""Labels of a season: asked for, approved, issued, and every one of them accounted for; unit codes are labels too.

Locks: batch, issuance, label order, then the books (``actions/ledger.py``).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum
from django.db.models.expressions import F

from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Refusal, Text
from products.actions.rows import locked, only_if, save
from products.models import SeasonQuota
from trace import policy
from trace.actions.debits import debit_of
from trace.actions.ledger import legs_of, locked_balances, look, post, reverse
from trace.actions.quota import standing_entitlement, stop_long
from trace.models import (
    Batch,
    Entitlement,
    Issuance,
    IssuanceRange,
    LabelOrder,
    LabelRange,
    LedgerTransaction,
    ProductForm,
)
from trace.rules import label_orders as rules
from trace.rules.batches import BatchState
from trace.rules.issuances import Activation, IssuanceState, RangeKind, Span
from trace.rules.label_orders import LEAVES_ONCE, MOVES, Counts, LabelMove, OrderState
from trace.rules.ledger import AccountKind, Key, Legs, PostingKind
from trace.rules.quantities import QuantityUnit, goods_of

RELATED = (
    "entitlement__quota__season__indication",
    "entitlement__producer__organisation",
    "entitlement__producer__division",
    "entitlement__authorisation__title__holder",
    "form",
)
_WITH_CODES = Refusal(
    "labels_with_codes",
    Text(
        "这些标识带单件码，请在单件码的签发记录中登记。", "These labels bear unit codes: record it at their issuance."
    ),
)
_FORM = Refusal(
    "form_of_another_indication",
    Text("该产品规格已停用，或属于另一地理标志。", "The product form is out of use, or of another indication."),
    "/form",
)
_UNIT = Refusal(
    "unit_of_season",
    Text(
        "该产品规格的净含量不能按产季的单位计算。",
        "The net content of this form cannot be counted in the season's unit.",
    ),
    "/form",
)
_BATCH = Refusal(
    "batch_of_labels",
    Text(
        "请选择同一生产者、同一产品规格、同一产季的已登记批次。",
        "Name a registered batch of the same producer, product form and season.",
    ),
    "/batch",
)
_CAME_BACK = Refusal(
    "not_returned",
    Text("只有已退回的标识可以销毁。", "Only labels that came back are destroyed."),
    "/first",
)


@dataclass(frozen=True, slots=True)
class LabelSaying:
    """What is said of labels of an order. ``batch``: on whose packs they are activated. ``witnesses``: of a destruction."""

    kind: LabelMove
    span: Span
    batch: Batch | None = None
    witnesses: tuple[str, ...] = ()


@transaction.atomic
def request_labels(
    *, quota: SeasonQuota, form: ProductForm, count: int, actor: Actor, now: datetime, reason: str = ""
) -> LabelOrder:
    """Ask for a tranche of labels. Raises Invalid; Refused: no right, season not open, more than there are goods for."""
    only_if(policy.make(actor, form))
    stop_long(reason)
    if faults := rules.count_faults(count):
        raise Invalid(faults)
    if not form.is_active or form.indication_id != quota.season.indication_id:
        raise Refused(_FORM)
    row = locked(standing_entitlement(quota=quota, producer=form.producer, now=now))
    if refusals := rules.queue_refusals(row.orders.filter(state=OrderState.REQUESTED.value).count()):
        raise Refused(refusals)
    # A look before anybody is asked to approve what is not there. Approval asks again, and takes.
    legs = rules.ordered(net_of(form, quota) * count, row.producer_id)
    look(quota=quota, kind=PostingKind.LABEL_ORDER, legs=legs, pointer="/count")
    order = LabelOrder(entitlement=row, form=form, count=count, tranche=_tranche(row, form), requested_by=actor.name)
    order.reason, order.created_at, order.updated_at = reason.strip(), now, now
    with remember(actor, reason):
        order.save(force_insert=True)
    return order


def _tranche(row: Entitlement, form: ProductForm) -> int:
    latest = LabelOrder.objects.filter(entitlement=row, form=form).aggregate(latest=Max("tranche"))["latest"]
    return (latest or 0) + 1


def net_of(form: ProductForm, quota: SeasonQuota) -> Decimal:
    """The goods that a label stands for, in the base unit of the season."""
    amount = goods_of(
        QuantityUnit(quota.goods_unit), form.net_content, QuantityUnit(form.net_content_unit), None, form.net_content,
        QuantityUnit(form.net_content_unit),
    )  # fmt: skip
    if amount is None:
        raise Refused(_UNIT)
    return amount


def _post(
    row: Entitlement, kind: PostingKind, legs: Legs, actor: Actor, now: datetime, reason: str
) -> LedgerTransaction:
    keys = [leg.key for leg in legs]
    given = {"actor": actor, "now": now, "reason": reason, "pointer": "/count"}
    return post(quota=row.quota, kind=kind, keys=keys, legs=lambda balances: legs, **given)


# --- steps -------------------------------------------------------------------------------------------------------


@transaction.atomic
def approve_labels(*, order: LabelOrder, actor: Actor, now: datetime, reason: str = "") -> LabelOrder:
    """Speak the goods for, by the holder or the officials of the place: from now on they are nobody else's labels."""
    row = _stepping(order, OrderState.APPROVED, policy.approve_labels, actor, reason)
    producer = row.entitlement.producer_id
    legs = rules.ordered(net_of(row.form, row.entitlement.quota) * row.count, producer)
    approval = _post(row.entitlement, PostingKind.LABEL_ORDER, legs, actor, now, reason)
    return _stepped(row, OrderState.APPROVED, actor, now, reason, approval=approval)


@transaction.atomic
def refuse_labels(*, order: LabelOrder, actor: Actor, now: datetime, reason: str = "") -> LabelOrder:
    """Say No, with the reason."""
    row = _stepping(order, OrderState.REFUSED, policy.approve_labels, actor, reason, is_reason_owed=True)
    return _stepped(row, OrderState.REFUSED, actor, now, reason)


@transaction.atomic
def cancel_labels(*, order: LabelOrder, actor: Actor, now: datetime, reason: str = "") -> LabelOrder:
    """Give up an order before it is issued; what was spoken for is free again."""
    row = _stepping(order, OrderState.CANCELLED, policy.make, actor, reason, is_reason_owed=True)
    if row.approval is not None:
        reverse(transaction=row.approval, actor=actor, now=now, reason=reason)
    return _stepped(row, OrderState.CANCELLED, actor, now, reason)


@transaction.atomic
def issue_labels(*, order: LabelOrder, actor: Actor, now: datetime, reason: str = "") -> LabelOrder:
    """Hand the labels over: from now on each of them is accounted for."""
    row = _stepping(order, OrderState.ISSUED, policy.approve_labels, actor, reason)
    legs = rules.issued(row.count, row.entitlement.producer_id, row.form_id)
    _post(row.entitlement, PostingKind.LABEL_ISSUE, legs, actor, now, reason)
    return _stepped(row, OrderState.ISSUED, actor, now, reason)


def _stepping(
    order: LabelOrder, to: OrderState, may: Any, actor: Actor, reason: str, is_reason_owed: bool = False
) -> LabelOrder:
    stop_long(reason, is_owed=is_reason_owed)
    row = locked(order, *RELATED, "approval__quota__season")
    only_if(may(actor, row))
    if refusals := rules.step_refusals(OrderState(row.state), to):
        raise Refused(refusals)
    return row


def _stepped(row: LabelOrder, to: OrderState, actor: Actor, now: datetime, reason: str, **sets: Any) -> LabelOrder:
    with remember(actor, reason):
        save(row, now, state=to.value, reason=reason.strip(), **sets)
    return row


# --- what becomes of labels --------------------------------------------------------------------------------------


@transaction.atomic
def record_labels(
    *, order: LabelOrder, saying: LabelSaying, actor: Actor, now: datetime, reason: str = ""
) -> LabelOrder:
    """Say of labels that they were activated, spoiled, returned, lost or destroyed. Raises Invalid, Refused.

    The producer says what it did with them; who issues them says what came back and what was destroyed before two witnesses.
    """
    kind, span = saying.kind, saying.span
    stop_long(reason)
    if saying.batch is not None:
        saying = replace(saying, batch=locked(saying.batch))
    row = locked(order, *RELATED)
    only_if((policy.make if kind in policy.SAID_BY_MAKER else policy.approve_labels)(actor, row))
    if row.issuance_id is not None:
        raise Refused(_WITH_CODES)
    if faults := rules.move_faults(kind, span, row.count, reason, saying.witnesses, actor.name):
        raise Invalid(faults)
    if refusals := rules.out_refusals(OrderState(row.state)):
        raise Refused(refusals)
    if refusals := [*_taken(row, kind, span), *_pack_refusals(row, saying)]:
        raise Refused(refusals)
    right = net_of(row.form, row.entitlement.quota) * len(span)
    legs = rules.moved(kind, len(span), right, row.entitlement.producer_id, row.form_id)
    posting = _post(row.entitlement, MOVES[kind][2], legs, actor, now, reason)
    _say(row, saying, posting, actor, now, reason)
    return _counted(row, counts_of(row).after(kind, len(span)), actor, now, reason)


def _taken(row: LabelOrder, kind: LabelMove, span: Span) -> list[Refusal]:
    said = LabelRange.objects.filter(order=row)
    kinds = [one.value for one in (LEAVES_ONCE if kind in LEAVES_ONCE else (kind,))]
    if spans := said.filter(kind__in=kinds).sharing(span.first, span.last):
        return [rules.taken_refusal(kind, spans)]
    if kind is not LabelMove.DESTROYED:
        return []
    back = said.filter(kind=LabelMove.RETURNED.value, first__lte=span.last, last__gte=span.first)
    inside = sum(min(last, span.last) - max(first, span.first) + 1 for first, last in back.values_list("first", "last"))
    return [] if inside == len(span) else [_CAME_BACK]


def _pack_refusals(row: LabelOrder, saying: LabelSaying) -> list[Refusal]:
    """Labels go on packs of a batch that is registered, and of this season."""
    if saying.kind is not LabelMove.ACTIVATED:
        return []
    batch = saying.batch
    states = (BatchState.REGISTERED.value, BatchState.RELEASED.value)
    if batch is None or batch.form_id != row.form_id or batch.state not in states:
        return [_BATCH]
    if batch.season_id != row.entitlement.quota.season_id:
        return [_BATCH]
    said = LabelRange.objects.filter(batch=batch, kind=LabelMove.ACTIVATED.value)
    active = said.aggregate(labels=Sum(F("last") - F("first") + 1))["labels"] or 0
    return rules.packs_refusals(len(saying.span), active, batch.pack_count)


def _say(
    row: LabelOrder, saying: LabelSaying, posting: LedgerTransaction, actor: Actor, now: datetime, reason: str
) -> None:
    is_destroyed = saying.kind is LabelMove.DESTROYED
    witness, other = rules.witnesses_of(saying.witnesses, actor.name)[:2] if is_destroyed else ("", "")
    LabelRange.objects.create(
        order=row,
        kind=saying.kind.value,
        first=saying.span.first,
        last=saying.span.last,
        batch=saying.batch if saying.kind is LabelMove.ACTIVATED else None,
        posting=posting,
        reason=reason.strip(),
        witness=witness,
        other_witness=other,
        by=actor.identity,
        by_name=actor.name,
        at=now,
    )


def counts_of(row: LabelOrder) -> Counts:
    return Counts(**{name: getattr(row, name) for name in Counts.__slots__})


def _counted(row: LabelOrder, counts: Counts, actor: Actor, now: datetime, reason: str) -> LabelOrder:
    sets = {name: getattr(counts, name) for name in Counts.__slots__}
    if row.issuance_id is None and counts.is_settled(row.count):
        sets["state"] = OrderState.CLOSED.value
    with remember(actor, reason):
        save(row, now, **sets)
    return row


# --- unit codes are labels ---------------------------------------------------------------------------------------


def label_codes(*, issuance: Issuance, actor: Actor, now: datetime) -> None:
    """An issuance is an order of its own, where the season of its batch has a quota. Within the caller's transaction.

    Raises Refused: more than there are goods for.
    """
    debit = debit_of(issuance.batch)
    if debit is None:
        return
    quota = debit.quota
    form, producer, count = issuance.batch.form, issuance.batch.producer_id, issuance.count
    row = locked(Entitlement.objects.get(quota=quota, producer=producer))
    counts = Counts(active=count) if issuance.activation == Activation.WITH_BATCH else Counts()
    net = net_of(form, quota)
    legs = (
        *rules.ordered(net * count, producer),
        *rules.issued(count, producer, form.pk),
        *rules.recounted(Counts(), counts, count, net, producer, form.pk),
    )
    posting = _post(row, PostingKind.LABEL_ISSUE, legs, actor, now, "")
    order = LabelOrder(entitlement=row, form=form, issuance=issuance, count=count, tranche=_tranche(row, form))
    order.active, order.state, order.approval = counts.active, OrderState.ISSUED.value, posting
    order.requested_by, order.created_at, order.updated_at = actor.name, now, now
    with remember(actor):
        order.save(force_insert=True)


_KINDS = {
    RangeKind.ACTIVATED: PostingKind.ACTIVATION,
    RangeKind.RETURNED: PostingKind.LABEL_RETURN,
    RangeKind.DESTROYED: PostingKind.DESTRUCTION,
}


def recount_codes(*, issuance: Issuance, kind: RangeKind, actor: Actor, now: datetime, reason: str) -> None:
    """Bring the order of an issuance in line with what was said of its units. Nothing where it has none, or nothing changed."""
    found = LabelOrder.objects.filter(issuance=issuance).first()
    if found is None:
        return
    _recount(
        locked(found, *RELATED),
        _counts_of_units(issuance),
        _KINDS.get(kind, PostingKind.LABEL_VOID),
        actor,
        now,
        reason,
    )


def _recount(row: LabelOrder, after: Counts, kind: PostingKind, actor: Actor, now: datetime, reason: str) -> None:
    before = counts_of(row)
    if before == after:
        return
    producer, net = row.entitlement.producer_id, net_of(row.form, row.entitlement.quota)
    legs = rules.recounted(before, after, row.count, net, producer, row.form_id)
    _post(row.entitlement, kind, legs, actor, now, reason)
    _counted(row, after, actor, now, reason)


def credit_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str) -> None:
    """Give back what a batch took, when it is voided, and withdraw the unit codes that were issued for it."""
    debit = debit_of(batch)
    if debit is None:
        return
    orders = list(LabelOrder.objects.filter(issuance__batch=batch).order_by("pk").select_for_update(of=("self",)))
    if orders:
        # Two postings of one producer: all accounts first, in their order, so that nobody waits crosswise.
        labels = (AccountKind.UNUSED, AccountKind.ACTIVE, AccountKind.SPOILED)
        keys = [Key(kind, batch.producer_id, batch.form_id) for kind in labels]
        right = Key(AccountKind.LABEL_RIGHT, batch.producer_id)
        locked_balances(debit.quota, [*keys, right, *(leg.key for leg in legs_of(debit))])
    for found in orders:
        row = locked(found, *RELATED)
        gone = counts_of(row)
        after = Counts(0, row.count - gone.returned - gone.destroyed, gone.returned, gone.destroyed)
        _recount(row, after, PostingKind.LABEL_VOID, actor, now, reason)
    reverse(transaction=debit, actor=actor, now=now, reason=reason)


def _counts_of_units(issuance: Issuance) -> Counts:
    """Of a unit that was said to be several things the last in this order holds: activated, spoiled or void, returned, destroyed."""
    said, kinds = IssuanceRange.objects.filter(issuance=issuance), RangeKind
    back = [kinds.DESTROYED, kinds.RETURNED]
    off = [*back, kinds.SPOILED, kinds.VOID]
    destroyed, gone = said.units_of_kinds([kinds.DESTROYED]), said.units_of_kinds(back)
    is_void = issuance.state == IssuanceState.VOID
    withdrawn = issuance.count if is_void else said.units_of_kinds(off)
    begun = issuance.count
    if issuance.activation == Activation.BY_RANGE and not is_void:
        begun = said.units_of_kinds([*off, kinds.ACTIVATED])
    return Counts(begun - withdrawn, withdrawn - gone, gone - destroyed, destroyed)
