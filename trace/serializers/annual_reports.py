"""Annual reports on use of the mark, and their due days, in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gi_registry.lib.clock import day_of
from gi_registry.lib.language import say
from gi_registry.lib.shapes import In, Out, WordField
from gi_registry.lib.texts import Text
from products.rules.words import Unit
from trace.lineage import told_name
from trace.models import AnnualUseReport
from trace.rules.annual_figures import Figures
from trace.rules.annual_reports import (
    FIRST_YEAR,
    LAST_YEAR,
    MAX_REMARKS,
    MAX_SOURCE,
    AnnualState,
    Statement,
    is_late,
    notes,
)
from trace.rules.quantities import QuantityUnit
from trace.serializers.numbers import NumberField
from trace.serializers.quota import AmountField

AUTHORISATION, TITLE = Text("核准", "authorisation"), Text("保护形式", "title")


def year_in(**kwargs: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, **kwargs)


class StatementIn(In):
    """What the producer states. Null is not stated yet; 0 is that nothing was sold. `sales_value` in yuan."""

    sales_value = serializers.DecimalField(max_digits=15, decimal_places=2, required=False, allow_null=True)
    quantity_sold = serializers.DecimalField(max_digits=17, decimal_places=3, required=False, allow_null=True)
    quantity_unit = WordField(QuantityUnit, required=False, allow_null=True)
    remarks = serializers.CharField(
        max_length=MAX_REMARKS,
        required=False,
        allow_blank=True,
        help_text="Complaints, inspections, what explains a figure.",
    )


class AnnualReportIn(StatementIn):
    """The report for a year that has ended, in which the authorisation stood on at least one day."""

    authorisation = NumberField()
    year = year_in()


class AnnualReportFilterIn(In):
    year = year_in(required=False)
    state = WordField(AnnualState, required=False)
    authorisation = NumberField(required=False)


class AnnualReportSheetIn(In):
    year = year_in()


class GoodsOut(Out):
    """Batches first released in the year, those of them recalled by now, and batches of the year that were voided."""

    unit = WordField(QuantityUnit)
    released_batches = serializers.IntegerField()
    released = AmountField()
    recalled_batches = serializers.IntegerField()
    recalled = AmountField()
    voided_batches = serializers.IntegerField()
    voided = AmountField()


class YearLabelsOut(Out):
    """Labels of the seasons that opened in the year, by what became of them. `codes`: unit codes of batches outside those books."""

    ordered = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="Asked for or approved, and not issued yet.")
    unused = serializers.IntegerField(help_text="Still open: issued, and nothing said of them yet.")
    active = serializers.IntegerField()
    spoiled = serializers.IntegerField()
    returned = serializers.IntegerField()
    destroyed = serializers.IntegerField()
    lost = serializers.IntegerField()
    codes = serializers.IntegerField()
    codes_withdrawn = serializers.IntegerField()


class ArticleOfYearOut(Out):
    form = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    goods = GoodsOut(many=True)
    labels = YearLabelsOut()


class SeasonOfYearOut(Out):
    """A season that opened in the year, in its raw unit."""

    entitlement = serializers.CharField(help_text="The books at `trace/quota/{entitlement}/`.")
    season = serializers.CharField()
    name = serializers.CharField()
    unit = WordField(Unit)
    granted = AmountField()
    penalties = AmountField()
    harvested = AmountField(help_text="Harvests declared, without those reversed.")


class FiguresOut(Out):
    articles = ArticleOfYearOut(many=True)
    seasons = SeasonOfYearOut(many=True)
    labels = YearLabelsOut(help_text="Of all articles together.")


class AnnualReportOut(Out):
    """One report. `due_on` is null where nobody set a day: then none is owed by a day that the registry knows of."""

    number = serializers.CharField()
    authorisation = serializers.CharField(source="authorisation.number")
    title = serializers.CharField(source="authorisation.title.number")
    indication = serializers.CharField(source="authorisation.title.indication.slug")
    producer = serializers.CharField(source="producer.number")
    producer_name = serializers.SerializerMethodField(help_text="For a household the body that vouches for it.")
    year = serializers.IntegerField()
    state = WordField(AnnualState)
    sales_value = serializers.DecimalField(max_digits=15, decimal_places=2, allow_null=True)
    quantity_sold = AmountField(allow_null=True)
    quantity_unit = serializers.CharField(allow_blank=True)
    remarks = serializers.CharField()
    reason = serializers.CharField(help_text="Of its return, or said when it was accepted.")
    due_on = serializers.SerializerMethodField()
    due_source = serializers.SerializerMethodField()
    is_late = serializers.SerializerMethodField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    submitted_by = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_producer_name(self, report: AnnualUseReport) -> str:
        return told_name(report.producer)

    def _due(self, report: AnnualUseReport) -> Any:
        return self.context["dues"].get((report.authorisation.title_id, report.year))

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_due_on(self, report: AnnualUseReport) -> Any:
        due = self._due(report)
        return due.due_on.isoformat() if due else None

    def get_due_source(self, report: AnnualUseReport) -> str:
        due = self._due(report)
        return due.source if due else ""

    def get_is_late(self, report: AnnualUseReport) -> bool:
        due, sent = self._due(report), report.submitted_at
        return is_late(due and due.due_on, sent and day_of(sent), self.context["today"])


class AnnualReportDetailOut(AnnualReportOut):
    """With the figures of the registry: as they were sent, or while it is written as they are now (`is_frozen` false)."""

    is_frozen = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField()
    notes = serializers.SerializerMethodField(help_text="What a reader should look at first.")

    def get_is_frozen(self, report: AnnualUseReport) -> bool:
        return report.kept_figures is not None

    @extend_schema_field(FiguresOut)
    def get_figures(self, report: AnnualUseReport) -> Any:
        return FiguresOut(self._figures()).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_notes(self, report: AnnualUseReport) -> list[str]:
        return [say(note) for note in notes(self._figures())]

    def _figures(self) -> Figures:
        return self.context["figures"]


class ReportDueDateIn(In):
    """The day by which reports under `title` for `year` are due, and on what it rests. Set again, it is moved."""

    title = NumberField()
    year = year_in()
    due_on = serializers.DateField()
    source = serializers.CharField(max_length=MAX_SOURCE)


class ReportDueDateFilterIn(In):
    year = year_in(required=False)
    title = NumberField(required=False)


class ReportDueDateOut(Out):
    number = serializers.CharField()
    title = serializers.CharField(source="title.number")
    indication = serializers.CharField(source="title.indication.slug")
    year = serializers.IntegerField()
    due_on = serializers.DateField()
    source = serializers.CharField()
    set_by = serializers.CharField()
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


def statement_of(data: dict[str, Any], before: Statement | None = None) -> Statement:
    """What is stated after a change: fields that were not sent stay as they were."""
    told = before or Statement()
    return Statement(
        sales_value=data.get("sales_value", told.sales_value),
        quantity_sold=data.get("quantity_sold", told.quantity_sold),
        quantity_unit=data.get("quantity_unit", told.quantity_unit),
        remarks=data.get("remarks", told.remarks),
    )
