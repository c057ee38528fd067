"""A year's end for tests: what Zhang made, labelled and harvested in 2026, and the report of it, written in January."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from gi_registry.lib.access import Actor
from products.models import Authorisation
from tests.build_quota import Books
from trace import actions
from trace.models import AnnualUseReport
from trace.rules.annual_reports import AnnualState, Statement
from trace.rules.quantities import QuantityUnit

YEAR = 2026
JANUARY = datetime(2027, 1, 15, 4, 0, tzinfo=UTC)
SOLD = Statement(Decimal("1250000.50"), Decimal(960), QuantityUnit.LITRE, "市场抽检一次，合格。")
_ROAD = (AnnualState.DRAFT, AnnualState.SUBMITTED)


def an_annual_report(
    right: Authorisation,
    state: AnnualState = AnnualState.DRAFT,
    *,
    maker: Actor,
    reviewer: Actor | None = None,
    statement: Statement = SOLD,
    year: int = YEAR,
    now: datetime = JANUARY,
) -> AnnualUseReport:
    """Led to a state along the usual road; ``reviewer`` where it is returned or accepted."""
    given = {"actor": maker, "now": now}
    report = actions.draft_report(authorisation=right, year=year, statement=statement, **given)
    if state is not AnnualState.DRAFT:
        report = actions.submit_report(report=report, **given)
    if state not in _ROAD:
        decide = {AnnualState.ACCEPTED: actions.accept_report, AnnualState.RETURNED: actions.return_report}[state]
        report = decide(report=report, actor=reviewer, now=now, reason="销售数量与放行数量相差过大，请核对。")
    return report


@dataclass
class Year:
    """Zhang's books and the report on them."""

    books: Books

    @property
    def right(self) -> Authorisation:
        return self.books.goods.register.authorisation

    @property
    def maker(self) -> Actor:
        """Of the works alone: whoever also holds the title or watches the place would be reviewing its own."""
        return self.books.maker

    def report(self, state: AnnualState = AnnualState.DRAFT, **more: Any) -> AnnualUseReport:
        return an_annual_report(self.right, state, **{"maker": self.maker, **more})


def a_due_date(
    title: Any, actor: Actor, *, year: int = YEAR, due_on: date = date(2027, 3, 31), now: datetime = JANUARY
):
    source = "清徐县陈醋协会 2026 年第 9 号通知"
    return actions.set_due_date(title=title, year=year, due_on=due_on, source=source, actor=actor, now=now)
