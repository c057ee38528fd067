"""Annual reports on use of the mark: written by the producer, sent with the figures of that moment, accepted or returned.

Locks: authorisation, then the report. Everything that changes a report is given it as it was read, and refused (412) where somebody
else changed it since: nobody sends or accepts what they have not seen.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.clock import day_of
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Refusal, Text
from products.actions.rows import locked, locked_as_read, only_if, save
from products.models import Authorisation, Title
from trace import policy
from trace.actions.quota import stop_long
from trace.annual_figures import figures_of, stood
from trace.models import AnnualUseReport, ReportDueDate
from trace.rules import annual_reports as rules
from trace.rules.annual_reports import AnnualState, Statement

RELATED = ("title__holder", "producer__organisation", "producer__division")
_OF_REPORT = tuple(f"authorisation__{path}" for path in RELATED)


@transaction.atomic
def draft_report(
    *, authorisation: Authorisation, year: int, statement: Statement, actor: Actor, now: datetime
) -> AnnualUseReport:
    """Begin the report for a year that has ended. Raises Invalid; Refused: not that year, or there is one already."""
    only_if(policy.make(actor, authorisation))
    if faults := [*rules.year_faults(year), *rules.statement_faults(statement)]:
        raise Invalid(faults)
    right = locked(authorisation, *RELATED)
    if refusals := rules.year_refusals(year, day_of(now), stood(right, year)):
        raise Refused(refusals)
    if known := AnnualUseReport.objects.filter(authorisation=right, year=year).first():
        raise Refused(_there_already(known))
    report = AnnualUseReport(authorisation=right, year=year, created_at=now, updated_at=now, **_said(statement))
    with remember(actor):
        report.save(force_insert=True)
    return report


def _there_already(known: AnnualUseReport) -> Refusal:
    text = Text(
        f"{known.year} 年的报告已有：{known.number}。", f"There is a report for {known.year} already: {known.number}."
    )
    return Refusal("report_exists", text, "/year")


def _said(told: Statement) -> dict[str, Any]:
    return {
        "sales_value": told.sales_value,
        "quantity_sold": told.quantity_sold,
        "quantity_unit": told.quantity_unit.value if told.quantity_unit else "",
        "remarks": told.remarks.strip(),
    }


def _row(report: AnnualUseReport, may: Any, actor: Actor) -> AnnualUseReport:
    row = locked_as_read(report, *_OF_REPORT)
    only_if(may(actor, row))
    return row


@transaction.atomic
def state_figures(*, report: AnnualUseReport, statement: Statement, actor: Actor, now: datetime) -> AnnualUseReport:
    """Say what was sold. Raises Problem (412): somebody else did since; Invalid; Refused: it was sent."""
    row = _row(report, policy.make, actor)
    if faults := rules.statement_faults(statement):
        raise Invalid(faults)
    if refusals := rules.write_refusals(AnnualState(row.state)):
        raise Refused(refusals)
    with remember(actor):
        save(row, now, **_said(statement))
    return row


@transaction.atomic
def submit_report(*, report: AnnualUseReport, actor: Actor, now: datetime) -> AnnualUseReport:
    """Send it, with the figures of the registry as they are now. Sent again by a second press, it stays as it was sent.

    Raises Problem (412): changed since it was read; Refused: figures are missing, or it was accepted.
    """
    row = locked(report, *_OF_REPORT)
    only_if(policy.make(actor, row))
    if row.state == AnnualState.SUBMITTED:
        return row
    row = _row(report, policy.make, actor)
    if refusals := rules.step_refusals(AnnualState(row.state), AnnualState.SUBMITTED):
        raise Refused(refusals)
    if lacking := rules.gaps(row.statement):
        raise Invalid(lacking)
    figures = figures_of(row.authorisation, row.year).frozen()
    with remember(actor):
        sent = {"state": AnnualState.SUBMITTED.value, "submitted_at": now, "submitted_by": actor.name}
        save(row, now, figures=figures, reason="", decided_at=None, decided_by="", **sent)
    return row


@transaction.atomic
def return_report(*, report: AnnualUseReport, actor: Actor, now: datetime, reason: str) -> AnnualUseReport:
    """Give it back to be put right, with the reason."""
    return _decide(report, AnnualState.RETURNED, actor, now, reason, is_owed=True)


@transaction.atomic
def accept_report(*, report: AnnualUseReport, actor: Actor, now: datetime, reason: str = "") -> AnnualUseReport:
    """Take it as it was sent. It is never changed again."""
    return _decide(report, AnnualState.ACCEPTED, actor, now, reason, is_owed=False)


def _decide(
    report: AnnualUseReport, to: AnnualState, actor: Actor, now: datetime, reason: str, *, is_owed: bool
) -> AnnualUseReport:
    stop_long(reason, is_owed=is_owed)
    row = _row(report, policy.review_annual_report, actor)
    if refusals := rules.step_refusals(AnnualState(row.state), to):
        raise Refused(refusals)
    with remember(actor, reason):
        save(row, now, state=to.value, reason=reason.strip(), decided_at=now, decided_by=actor.name)
    return row


@transaction.atomic
def set_due_date(*, title: Title, year: int, due_on: date, source: str, actor: Actor, now: datetime) -> ReportDueDate:
    """Set, or move, the day by which reports under a title for a year are due, with its source. Raises Invalid."""
    row = locked(title, "indication", "holder")
    only_if(policy.set_due_date(actor, row))
    if faults := rules.due_faults(year, due_on, source, day_of(now)):
        raise Invalid(faults)
    due = ReportDueDate.objects.filter(title=row, year=year).first()
    due = due or ReportDueDate(title=row, year=year, version=0, created_at=now)
    with remember(actor):
        save(due, now, due_on=due_on, source=source.strip(), set_by=actor.name)
    return due
