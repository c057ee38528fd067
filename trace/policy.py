"""Who may do what to goods. Whether the state allows it is decided by the rules."""

from typing import Any

from gi_registry.lib.access import (
    NOT_YOUR_ROLE,
    REGULATORS,
    Actor,
    Allowed,
    Decision,
    Denied,
    RoleKind,
    role_in,
    signed_in,
    watcher,
)
from gi_registry.lib.texts import Text
from products.policy import NOT_YOURS, may_keep_season, owns_producer, title_roles
from trace.rules.label_orders import LabelMove

see = signed_in
_OWN_ORDER = Denied("own_order", Text("不能批准自己的标识申领。", "Nobody approves label orders of their own."))
_OWN_REPORT = Denied("own_report", Text("不能审核自己的报告。", "Nobody reviews a report of their own."))


def make(actor: Actor, thing: Any = None) -> Decision:
    """Drafting, registering, releasing and closing are the producer's own, or its sponsor's for a household."""
    decision = role_in(actor, RoleKind.PRODUCER)
    if not decision or thing is None:
        return decision
    return Allowed() if owns_producer(actor, thing.producer) else NOT_YOURS


def vouch(actor: Actor, batch: Any = None) -> Decision:
    """Evidence is put on record by the maker; a holder of the title may sign attestations (the action tells them apart)."""
    decision = role_in(actor, RoleKind.PRODUCER, RoleKind.HOLDER)
    if not decision or batch is None:
        return decision
    return Allowed() if owns_producer(actor, batch.producer) or _holds(actor, batch.authorisation.title) else NOT_YOURS


def _holds(actor: Actor, title: Any) -> bool:
    return title.holder is not None and title.holder.organisation_id in actor.organisation_ids(RoleKind.HOLDER)


def control(actor: Actor, batch: Any = None) -> Decision:
    """Holding, resuming and reviewing are for the regulators of the place where the batch was made."""
    if batch is None:
        return role_in(actor, *REGULATORS)
    return watcher(actor, batch.division_code, *REGULATORS)


def answer(actor: Actor, report: Any = None) -> Decision:
    """A consumer's report is answered by the regulators of the place of the goods."""
    if report is None:
        return role_in(actor, *REGULATORS)
    return watcher(actor, report.division_code, *REGULATORS)


def withdraw(actor: Actor, batch: Any = None) -> Decision:
    """Recalling and voiding: the producer may always stop its own goods, and the regulator of the place may."""
    return make(actor, batch) or control(actor, batch)


# The producer says what it did with labels; what came back and what was destroyed is said by those who took it in hand.
SAID_BY_MAKER = (LabelMove.ACTIVATED, LabelMove.SPOILED, LabelMove.LOST)


def approve_labels(actor: Actor, order: Any = None) -> Decision:
    """Labels are approved, issued and taken back by the holder of the title or the regulators of the producer's place; those of a holder
    that is the producer too, by the regulators alone."""
    if order is None:
        return role_in(actor, RoleKind.HOLDER, *REGULATORS)
    by_place = watcher(actor, order.producer.division.code, *REGULATORS)
    if owns_producer(actor, order.producer):
        return by_place or _OWN_ORDER
    return _holder_or_place(actor, order.entitlement.authorisation.title, order.producer)


def _holder_or_place(actor: Actor, title: Any, producer: Any) -> Decision:
    if _holds(actor, title):
        return role_in(actor, RoleKind.HOLDER)
    return watcher(actor, producer.division.code, *REGULATORS)


def review_annual_report(actor: Actor, report: Any = None) -> Decision:
    """Annual reports are accepted or returned by whoever approves the labels, but by nobody who is reported on."""
    if report is None:
        return role_in(actor, RoleKind.HOLDER, *REGULATORS)
    decision = _holder_or_place(actor, report.authorisation.title, report.producer)
    return _OWN_REPORT if decision and owns_producer(actor, report.producer) else decision


def set_due_date(actor: Actor, title: Any = None) -> Decision:
    """The day by which reports are due is set by the holder of the title, or by the registrar of its province."""
    decision = role_in(actor, RoleKind.HOLDER, RoleKind.REGISTRAR)
    if not decision or title is None:
        return decision
    return Allowed() if title_roles(actor, title) else NOT_YOUR_ROLE


def take(actor: Actor, transfer: Any = None) -> Decision:
    """Goods are accepted or declined by whom they were offered to, or its sponsor for a household."""
    decision = role_in(actor, RoleKind.PRODUCER)
    if not decision or transfer is None:
        return decision
    return Allowed() if owns_producer(actor, transfer.taker) else NOT_YOURS


def end_offer(actor: Actor, transfer: Any = None) -> Decision:
    """An offer is taken back by whoever made it, or ended by the keeper of the season (the action checks which)."""
    return make(actor, transfer) or may_keep_season(actor, transfer)


def propose(actor: Actor, target: Any = None) -> Decision:
    """Addresses elsewhere: a producer for its own articles, a holder for its own titles."""
    decision = role_in(actor, RoleKind.PRODUCER, RoleKind.HOLDER)
    if not decision or target is None:
        return decision
    if target.form is not None:
        return Allowed() if owns_producer(actor, target.form.producer) else NOT_YOURS
    return Allowed() if _holds(actor, target.title) else NOT_YOURS


def take_down(actor: Actor, target: Any = None) -> Decision:
    """Whoever proposed an address may take it back, and the officials who review it may take it down."""
    return propose(actor, target) or control(actor, target)


def confirm_input(actor: Actor, link: Any = None) -> Decision:
    """That goods went into another's batch is confirmed by whoever made them."""
    return make(actor, link and link.parent)


def end_input(actor: Actor, link: Any = None) -> Decision:
    """Whoever states an input withdraws it or takes it out again; until it is confirmed the other side may turn it down."""
    decision = make(actor, link and link.child)
    if decision or link is None or link.confirmed_at is not None:
        return decision
    return make(actor, link.parent)


def open_recall(actor: Actor, recall: Any = None) -> Decision:
    """A producer may call back its own goods, and the officials of their place may."""
    if recall is None:
        return role_in(actor, RoleKind.PRODUCER, *REGULATORS)
    # Without a producer it is what a laboratory measured for several: theirs to call back is none of each other's business.
    return (recall.producer and make(actor, recall)) or control(actor, recall)


def withdraw_recall(actor: Actor, recall: Any = None) -> Decision:
    """A producer takes back what its own person opened; officials what was opened for their place."""
    if recall is None or recall.opened_by == actor.user_id:
        return open_recall(actor, recall)
    return control(actor, recall)


def lead_recall(actor: Actor, recall: Any = None) -> Decision:
    """Confirming and closing are for the officials of the place that leads it."""
    return control(actor, recall)


def read_notice(actor: Actor, notice: Any = None) -> Decision:
    """A notice is read by those to whom it was sent."""
    return make(actor, notice)


def recover(actor: Actor, item: Any = None) -> Decision:
    """What came back is told by whoever made it, or by the officials who lead the recall."""
    if item is None:
        return role_in(actor, RoleKind.PRODUCER, *REGULATORS)
    return make(actor, item.batch) or control(actor, item.recall)
