"""Annual reports of an invented producer: of the year before last, accepted; of last year, waiting for an answer and due on a day."""

from datetime import datetime
from decimal import Decimal

from gi_registry.demo.register import authorisation_of, indication_of
from gi_registry.demo.stage import Row, Stage, read
from gi_registry.lib.clock import CHINA
from products.models import Authorisation
from trace import actions
from trace.models import AnnualUseReport
from trace.rules.annual_reports import Statement
from trace.rules.quantities import QuantityUnit


def put_annual_reports(stage: Stage) -> None:
    """All of it once: reports that are there already stay as visitors left them."""
    data = read("yearly")
    right = authorisation_of(stage.producers[data["producer"]], indication_of(data["indication"]))
    if AnnualUseReport.objects.filter(authorisation=right).exists():
        return
    this_year = stage.now.astimezone(CHINA).year
    for row in data["reports"]:
        _put(row, right, this_year - row["years_ago"], data["producer"], stage)
    due = data["due"]
    actions.set_due_date(
        title=right.title,
        year=this_year - 1,
        due_on=stage.on(due["in_days"]),
        source=due["source"],
        actor=stage.actor(due["by"], data["producer"]),
        now=stage.now,
    )


def _put(row: Row, right: Authorisation, year: int, key: str, stage: Stage) -> None:
    """One report, sent in the February after its year, or now where that has not come."""
    now = min(datetime(year + 1, 2, 10, 2, tzinfo=CHINA), stage.now)
    unit = QuantityUnit(row["unit"])
    said = Statement(Decimal(row["sales_value"]), Decimal(row["quantity_sold"]), unit, row["remarks"])
    given = {"actor": stage.maker(key), "now": now}
    report = actions.draft_report(authorisation=right, year=year, statement=said, **given)
    report = actions.submit_report(report=report, **given)
    if "accepted_by" in row:
        actor = stage.actor(row["accepted_by"], key)
        actions.accept_report(report=report, actor=actor, now=now, reason=row["reason"])
