"""What goods were made of: stated, confirmed by the other side, withdrawn or taken out again.

Batches are locked together in the order of their keys, after title and authorisation where those are locked too.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Invalid, Problem, Refused
from gi_registry.lib.texts import Refusal, Text
from products.actions.rows import locked, only_if, save
from trace import policy
from trace.lineage import is_below, stopped_above
from trace.models import Batch, BatchLink
from trace.rules import genealogy as rules
from trace.rules.batches import BatchState
from trace.rules.genealogy import Goods, Input, InputKind, LinkFacts
from trace.rules.quantities import QuantityUnit, in_base

_ENDS = ("producer__organisation", "form")
_USED = Text("该批次已用于其他批次，不能作废。", "Other batches were made of it: it cannot be voided.")


@dataclass(frozen=True, slots=True)
class Use:
    """``quantity`` of ``parent`` goes in. ``valid_from``: since when, now unless told."""

    parent: Batch
    kind: InputKind
    quantity: Decimal
    unit: QuantityUnit
    valid_from: datetime | None = None


@transaction.atomic
def add_input(*, batch: Batch, use: Use, actor: Actor, now: datetime, reason: str = "") -> BatchLink:
    """State that goods of another batch went into this draft. Raises Invalid, Refused with every reason.

    Goods of another producer wait for that producer's word: until then they take nothing from its batch.
    """
    rows = _locked({batch.pk, use.parent.pk})
    child, parent = rows[batch.pk], rows[use.parent.pk]
    only_if(policy.make(actor, child))
    is_own = bool(policy.make(actor, parent))
    begun_at = use.valid_from or now
    link = Input(_goods(parent), use.kind, use.quantity, use.unit)
    if faults := [*rules.link_faults(link), *rules.time_faults(begun_at, begun_at, now, "/valid_from")]:
        raise Invalid(faults)
    if refusals := rules.link_refusals(link, _facts(child, parent, is_own)):
        raise Refused(refusals)
    row = BatchLink(
        parent=parent,
        child=child,
        kind=use.kind.value,
        quantity=use.quantity,
        unit=use.unit.value,
        valid_from=begun_at,
        confirmed_at=now if is_own else None,
        created_at=now,
        updated_at=now,
    )
    with remember(actor, reason):
        row.save(force_insert=True)
    return row


@transaction.atomic
def confirm_input(*, link: BatchLink, actor: Actor, now: datetime) -> BatchLink:
    """The producer of the goods says that they went there. Raises Refused, also where less is left of them by now."""
    row, child, parent = _both(link)
    only_if(policy.confirm_input(actor, row))
    if row.valid_to is not None or row.confirmed_at is not None:
        raise Refused(Refusal("not_waiting", Text("该投料不在等待确认。", "It does not wait for confirmation.")))
    asked = Input(_goods(parent), InputKind(row.kind), row.quantity, QuantityUnit(row.unit))
    child_goods = _goods(child)
    refusals = rules.end_refusals(InputKind.BLEND, child_goods.state, False)
    refusals += [*rules.parent_refusals(asked, child_goods), *rules.amount_refusals(asked, _used(parent))]
    if refusals:
        raise Refused(refusals)
    with remember(actor):
        save(row, now, confirmed_at=now)
    return row


@transaction.atomic
def end_input(
    *, link: BatchLink, actor: Actor, now: datetime, at: datetime | None = None, reason: str = ""
) -> BatchLink:
    """Withdraw an input of a draft (it then never held), or say when packed goods were taken out again.

    Raises Invalid for a time that cannot be, Refused for what cannot be undone.
    """
    row, child, _ = _both(link)
    only_if(policy.end_input(actor, row))
    state = BatchState(child.state)
    if refusals := rules.end_refusals(InputKind(row.kind), state, row.valid_to is not None):
        raise Refused(refusals)
    ended_at = row.valid_from if state is BatchState.DRAFT else at or now
    if faults := rules.time_faults(ended_at, row.valid_from, now, "/at"):
        raise Invalid(faults)
    with remember(actor, reason):
        save(row, now, valid_to=ended_at)
    return row


def hold_inputs(batch: Batch) -> None:
    """Keep a batch and what went into it from changing until the transaction ends. Raises a Problem where its inputs changed
    just now."""
    before = _parents(batch)
    _locked({batch.pk, *before})
    if _parents(batch) != before:
        raise Problem("stale")


def inputs_refused(batch: Batch) -> list[Refusal]:
    """What its inputs say against registering or releasing a batch."""
    links = batch.inputs.filter(valid_to__isnull=True).select_related("parent").order_by("pk")
    inputs = [
        Input(_goods(x.parent), InputKind(x.kind), x.quantity, QuantityUnit(x.unit), x.confirmed_at is not None)
        for x in links
    ]
    if not inputs:
        return []
    named = {link.parent.number for link in inputs if link.parent.state in rules.STOPPED}
    far = [number for number in stopped_above(batch) if number not in named]
    return [*rules.input_refusals(_goods(batch), inputs), *rules.stopped_refusals(far)]


def only_unused(batch: Batch) -> None:
    """Goods of which others were made cannot be said never to have been. Raises Refused."""
    if batch.outputs.holding().filter(confirmed_at__isnull=False).exists():
        raise Refused(Refusal("batch_used", _USED))


def _parents(batch: Batch) -> set[int]:
    return set(batch.inputs.filter(valid_to__isnull=True).values_list("parent_id", flat=True))


def _locked(keys: Collection[int]) -> dict[int, Batch]:
    rows = Batch.objects.filter(pk__in=keys).select_related(*_ENDS).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}


def _both(link: BatchLink) -> tuple[BatchLink, Batch, Batch]:
    """A link as it is now with both its batches, all ours."""
    rows = _locked({link.parent_id, link.child_id})
    row = locked(link)
    row.child, row.parent = rows[row.child_id], rows[row.parent_id]
    return row, row.child, row.parent


def _goods(batch: Batch) -> Goods:
    return Goods(
        number=batch.number,
        indication_id=batch.indication_id,
        state=BatchState(batch.state),
        quantity=batch.quantity,
        unit=QuantityUnit(batch.quantity_unit),
    )


def _used(parent: Batch) -> Decimal:
    """Of a batch, in base units: confirmed, and neither withdrawn nor taken out again."""
    uses = parent.outputs.holding().filter(confirmed_at__isnull=False).values_list("quantity", "unit")
    return sum((in_base(quantity, QuantityUnit(unit))[1] for quantity, unit in uses), Decimal(0))


def _facts(child: Batch, parent: Batch, is_own: bool) -> LinkFacts:
    named = _parents(child)
    is_settled = child.state != BatchState.DRAFT
    return LinkFacts(
        child=_goods(child),
        # How much is left of another's goods is told to nobody else: it is asked when they confirm.
        used=_used(parent) if is_own else Decimal("-Infinity"),
        inputs=len(named),
        is_named_already=parent.pk in named,
        is_circle=is_settled and is_below(child, parent),
    )
