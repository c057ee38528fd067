"""Lineages for tests: batches made of others, by the same actions as the real ones."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from gi_registry.lib.access import Actor
from tests.build_trace import Goods
from tests.cast import NOW
from trace import actions
from trace.actions import Use
from trace.models import Batch, BatchLink
from trace.rules.batches import BatchState
from trace.rules.genealogy import InputKind
from trace.rules.quantities import QuantityUnit


def a_lot(goods: Goods, litres: int = 1_000, state: BatchState = BatchState.REGISTERED, **changes: Any) -> Batch:
    """Vinegar without packs."""
    return goods.batch(state, quantity=Decimal(litres), pack_count=None, **changes)


def a_draft(goods: Goods, litres: int = 1_000, **changes: Any) -> Batch:
    return a_lot(goods, litres, BatchState.DRAFT, **changes)


def a_link(
    goods: Goods,
    parent: Batch,
    child: Batch,
    litres: int | Decimal = 100,
    kind: InputKind = InputKind.BLEND,
    *,
    unit: QuantityUnit = QuantityUnit.LITRE,
    actor: Actor | None = None,
    now: datetime = NOW,
    valid_from: datetime | None = None,
) -> BatchLink:
    use = Use(parent, kind, Decimal(litres), unit, valid_from)
    return actions.add_input(batch=child, use=use, actor=actor or goods.maker, now=now)


def registered(goods: Goods, batch: Batch, now: datetime = NOW) -> Batch:
    return actions.register_batch(batch=batch, actor=goods.maker, now=now)


def made_of(
    goods: Goods, *parents: Batch, litres: int = 100, kind: InputKind = InputKind.BLEND, **changes: Any
) -> Batch:
    """A registered batch into which so much of each parent went; as large as all of it."""
    child = a_draft(goods, litres * len(parents), **changes)
    for parent in parents:
        a_link(goods, parent, child, litres, kind)
    return registered(goods, child)


def refusal_of(raised: Any) -> set[str]:
    """The codes of a refusal that ``pytest.raises`` caught."""
    return {error.code for error in raised.value.errors}
