"""Goods for tests: forms and batches, made by the same actions as the real ones, on top of ``build_products``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from gi_registry.lib.access import Actor
from tests.build_products import Register, everybody, the_register
from tests.cast import NOW, TODAY, Cast
from trace import actions
from trace.actions import Content, FormContent
from trace.actions.checks import Sender
from trace.models import Batch, ProductForm
from trace.rules.batches import BatchState
from trace.rules.dates import BatchDates
from trace.rules.quantities import QuantityUnit
from trace.rules.verdicts import Verdict

MADE = date(2026, 9, 10)
GTIN = "09520012345674"
BOTTLE = FormContent(
    name_zh="五年陈酿醋",
    name_en="Vinegar aged five years",
    net_content=Decimal(500),
    net_content_unit=QuantityUnit.MILLILITRE,
    packing="玻璃瓶",
    gtin=GTIN,
)


@dataclass
class Goods:
    """The register with Zhang's bottle, ready for batches. ``maker`` may do everything for Zhang and the province."""

    register: Register
    form: ProductForm
    maker: Actor

    def content(self, **changes: Any) -> Content:
        """1,200 L of vinegar in 2,400 bottles, made and packed on 10 September 2026 at both sites."""
        content = Content(
            form=self.form,
            authorisation=self.register.authorisation,
            sites=(self.register.field, self.register.works),
            dates=BatchDates(produced_on=MADE, packed_on=MADE, best_before_on=date(2029, 9, 10)),
            quantity=Decimal(1_200),
            quantity_unit=QuantityUnit.LITRE,
            pack_count=2_400,
            producer_lot="ZJ-0910",
        )
        return replace(content, **changes)

    def batch(self, state: BatchState = BatchState.RELEASED, now: datetime = NOW, **changes: Any) -> Batch:
        """A batch led to a state along the usual road."""
        register = state is not BatchState.DRAFT
        batch = actions.draft_batch(content=self.content(**changes), actor=self.maker, now=now, register=register)
        for to, step in _ROADS.get(state, ()):
            batch = step(batch=batch, actor=self.maker, now=now, reason=f"到{to.text.zh}")
        return batch

    def body(self, **changes: Any) -> dict[str, Any]:
        """The same content as the API takes it."""
        body = {
            "form": self.form.number,
            "authorisation": self.register.authorisation.number,
            "sites": [self.register.field.number, self.register.works.number],
            "produced_on": "2026-09-10",
            "packed_on": "2026-09-10",
            "best_before_on": "2029-09-10",
            "quantity": "1200.000",
            "quantity_unit": "litre",
            "pack_count": 2_400,
            "producer_lot": "ZJ-0910",
        }
        return {**body, **changes}


_RELEASE = (BatchState.RELEASED, actions.release_batch)
_ROADS: dict[BatchState, tuple[tuple[BatchState, Any], ...]] = {
    BatchState.RELEASED: (_RELEASE,),
    BatchState.ON_HOLD: (_RELEASE, (BatchState.ON_HOLD, actions.hold_batch)),
    BatchState.RECALLED: (_RELEASE, (BatchState.RECALLED, actions.recall_batch)),
    BatchState.CLOSED: (_RELEASE, (BatchState.CLOSED, actions.close_batch)),
    BatchState.VOID: ((BatchState.VOID, actions.void_batch),),
}


def a_form(register: Register, maker: Actor, **changes: Any) -> ProductForm:
    return actions.create_form(
        producer=register.zhang,
        indication=register.indication,
        content=replace(BOTTLE, **changes),
        actor=maker,
        now=NOW,
    )


def the_goods(cast: Cast) -> Goods:
    register = the_register(cast)
    maker = everybody(register.zhang.organisation, register.holder.organisation)
    return Goods(register, a_form(register, maker), maker)


def a_sender(network: int = 0, agent: str = "Mozilla/5.0 (iPhone) Safari/604.1", province: str = "山西") -> Sender:
    """Somebody in the 198.18.0.0/15 block (RFC 2544), each in a network of its own."""
    return Sender(f"198.{18 + network // 256}.{network % 256}.9", agent, province)


def a_check(batch: Batch, network: int = 0, now: datetime = NOW) -> actions.checks.Counted:
    return actions.record_check(lot=batch.number, verdict=Verdict.REGISTERED, sender=a_sender(network), now=now)


@contextmanager
def checks_forgotten() -> Iterator[None]:
    """For tests that commit: checks are written once and pass no flush, so the month goes as a whole, as months do."""
    actions.make_partitions(today=TODAY)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE trace_check_{TODAY:%Y_%m}")
        actions.make_partitions(today=TODAY)
