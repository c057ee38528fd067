"""Annual reports on use of the mark: written, sent with the figures of the registry, accepted or returned; and their due days."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.api import IF_MATCH, ScopedAPIView, listed
from gi_registry.lib.history import history_of
from gi_registry.lib.renderers import ByAddress, XlsxRenderer
from gi_registry.lib.shapes import EventOut
from gi_registry.lib.spreadsheets.handed_back import MEDIA_TYPE
from products.models import Authorisation, Title
from trace import actions, annual, policy
from trace.annual_sheet import sheet_of
from trace.api.imports import as_file
from trace.models import AnnualUseReport, ReportDueDate
from trace.querysets import AnnualUseReportQuerySet, ReportDueDateQuerySet
from trace.rules.annual_reports import AnnualState
from trace.serializers import ReasonIn
from trace.serializers.annual_reports import (
    AUTHORISATION,
    TITLE,
    AnnualReportDetailOut,
    AnnualReportFilterIn,
    AnnualReportIn,
    AnnualReportOut,
    AnnualReportSheetIn,
    ReportDueDateFilterIn,
    ReportDueDateIn,
    ReportDueDateOut,
    StatementIn,
    statement_of,
)
from trace.serializers.numbers import row_of


def seen_by(actor: Actor) -> AnnualUseReportQuerySet:
    return AnnualUseReport.objects.visible_to(actor).told()


def dues_seen_by(actor: Actor) -> ReportDueDateQuerySet:
    return ReportDueDate.objects.visible_to(actor).told()


def told(report: AnnualUseReport) -> Any:
    context = {"dues": annual.dues_of_reports([report]), "today": clock.today(), "figures": annual.figures_in(report)}
    return AnnualReportDetailOut(report, context=context).data


class AnnualReportListView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see, "POST": policy.make}

    @listed("trace_annual_reports_list", AnnualReportOut, AnnualReportFilterIn)
    def get(self, request: Request) -> Response:
        """Annual reports that you may see, newest first. One that was never sent is its producer's own."""
        rows, asked = self.rows(), self.read_query(AnnualReportFilterIn)
        if "authorisation" in asked:
            asked["authorisation__number"] = asked.pop("authorisation")
        return self.page(rows.filter(**asked), AnnualReportOut, dues=annual.dues_of_reports, today=clock.today())

    @extend_schema(
        operation_id="trace_annual_reports_create", request=AnnualReportIn, responses={201: AnnualReportDetailOut}
    )
    def post(self, request: Request) -> Response:
        """Begin the report for a year that has ended: one for each authorisation and year."""
        self.permit()
        data = self.read(AnnualReportIn)
        own = Authorisation.objects.visible_to(self.actor).select_related("producer__organisation")
        right = row_of(own, data["authorisation"], AUTHORISATION, "/authorisation")
        given = {"statement": statement_of(data), "actor": self.actor, "now": clock.now()}
        report = seen_by(self.actor).get(pk=actions.draft_report(authorisation=right, year=data["year"], **given).pk)
        return self.created(told(report), reverse("trace-annual-report", args=[report.number]), report)


class AnnualReportView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see, "PATCH": policy.make}

    @extend_schema(operation_id="trace_annual_reports_read", responses=AnnualReportDetailOut)
    def get(self, request: Request, number: str) -> Response:
        """One report with the figures of the registry: those that were sent, or while it is written those of now."""
        report = self.fetch(number=number)
        return self.ok(told(report), report)

    @extend_schema(
        operation_id="trace_annual_reports_change",
        request=StatementIn,
        responses=AnnualReportDetailOut,
        parameters=[IF_MATCH],
    )
    def patch(self, request: Request, number: str) -> Response:
        """State what was sold, until the report is sent, and again once it was returned."""
        report = self.fetch(number=number)
        self.match(report)
        statement = statement_of(self.read(StatementIn, partial=True), report.statement)
        actions.state_figures(report=report, statement=statement, actor=self.actor, now=clock.now())
        report = self.fetch(number=number)
        return self.ok(told(report), report)


class AnnualReportHistoryView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_annual_reports_history", responses=EventOut(many=True))
    def get(self, request: Request, number: str) -> Response:
        """Who wrote, sent, returned or accepted it, when and why, newest first."""
        return self.ok(EventOut(history_of(self.fetch(number=number)), many=True).data)


class AnnualReportSubmitView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"POST": policy.make}

    @extend_schema(
        operation_id="trace_annual_reports_submit",
        request=None,
        responses=AnnualReportDetailOut,
        parameters=[IF_MATCH],
    )
    def post(self, request: Request, number: str) -> Response:
        """Send it with the figures as they are now. Sent again, it stays as it was sent."""
        report = self.fetch(number=number)
        if report.state != AnnualState.SUBMITTED:
            self.match(report)
        actions.submit_report(report=report, actor=self.actor, now=clock.now())
        report = self.fetch(number=number)
        return self.ok(told(report), report)


class AnnualReportDecisionView(ScopedAPIView):
    """Take or give back what was read."""

    scope = staticmethod(seen_by)
    policies = {"POST": policy.review_annual_report}
    step: ClassVar[Callable[..., AnnualUseReport]]

    def take(self, number: str) -> Response:
        report = self.fetch(number=number)
        self.match(report)
        reason = self.read(ReasonIn)["reason"]
        type(self).step(report=report, actor=self.actor, now=clock.now(), reason=reason)
        report = self.fetch(number=number)
        return self.ok(told(report), report)


class AnnualReportAcceptView(AnnualReportDecisionView):
    step = staticmethod(actions.accept_report)

    @extend_schema(
        operation_id="trace_annual_reports_accept",
        request=ReasonIn,
        responses=AnnualReportDetailOut,
        parameters=[IF_MATCH],
    )
    def post(self, request: Request, number: str) -> Response:
        """Accept a report as it was sent. It is never changed again."""
        return self.take(number)


class AnnualReportReturnView(AnnualReportDecisionView):
    step = staticmethod(actions.return_report)

    @extend_schema(
        operation_id="trace_annual_reports_return",
        request=ReasonIn,
        responses=AnnualReportDetailOut,
        parameters=[IF_MATCH],
    )
    def post(self, request: Request, number: str) -> Response:
        """Return a report to be put right, with the reason."""
        return self.take(number)


class AnnualReportSheetView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}
    renderer_classes = [XlsxRenderer]
    content_negotiation_class = ByAddress

    @extend_schema(
        operation_id="trace_annual_reports_sheet",
        parameters=[AnnualReportSheetIn],
        responses={(200, MEDIA_TYPE): OpenApiTypes.BINARY},
    )
    def get(self, request: Request) -> HttpResponse:
        """The reports of a year that were sent, as a workbook: reports, products, labels, seasons."""
        rows, year = self.rows(), self.read_query(AnnualReportSheetIn)["year"]
        return as_file(sheet_of(rows, year, clock.today()), f"annual-reports-{year}.xlsx")


class ReportDueDateListView(ScopedAPIView):
    scope = staticmethod(dues_seen_by)
    policies = {"GET": policy.see, "POST": policy.set_due_date}

    @listed("trace_annual_report_due_dates_list", ReportDueDateOut, ReportDueDateFilterIn)
    def get(self, request: Request) -> Response:
        """Days by which annual reports are due, under titles that concern you. Where there is none, none was set."""
        rows, asked = self.rows(), self.read_query(ReportDueDateFilterIn)
        if "title" in asked:
            asked["title__number"] = asked.pop("title")
        return self.page(rows.filter(**asked), ReportDueDateOut)

    @extend_schema(
        operation_id="trace_annual_report_due_dates_set", request=ReportDueDateIn, responses={201: ReportDueDateOut}
    )
    def post(self, request: Request) -> Response:
        """Set or move the day for a title and year, with its source."""
        self.permit()
        data = self.read(ReportDueDateIn)
        titles = Title.objects.visible_to(self.actor).select_related("indication", "holder")
        title = row_of(titles, data.pop("title"), TITLE, "/title")
        due = actions.set_due_date(title=title, actor=self.actor, now=clock.now(), **data)
        return self.created(ReportDueDateOut(due).data, reverse("trace-annual-report-due-dates"), due)
