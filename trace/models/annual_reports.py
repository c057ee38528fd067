"""Annual reports on use of the special mark, and the days by which they are due."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractYear

from gi_registry.lib.ids import new_number
from products.models.steps import kept, only_steps, only_words, quoted
from trace.querysets import AnnualUseReportQuerySet, ReportDueDateQuerySet
from trace.rules.annual_figures import Figures
from trace.rules.annual_reports import (
    FIRST_YEAR,
    LAST_YEAR,
    MAX_REMARKS,
    MAX_SOURCE,
    MOST_YUAN,
    REPORT_STEPS,
    WRITABLE,
    AnnualState,
    Statement,
)
from trace.rules.quantities import QuantityUnit

_S = AnnualState
_YEAR = Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR)
_SAID = ("sales_value", "quantity_sold", "quantity_unit", "remarks", "figures", "submitted_at", "submitted_by")
# What was sent is what is read and accepted: it is written again only where the report came back.
_SETTLED = f"""
IF OLD.state NOT IN ({quoted(state.value for state in WRITABLE)}) AND ROW({", ".join(f"NEW.{name}" for name in _SAID)})
    IS DISTINCT FROM ROW({", ".join(f"OLD.{name}" for name in _SAID)}) THEN
    RAISE EXCEPTION 'a report that was sent is not changed';
END IF;
RETURN NEW;
"""
_ENDED = """
IF NEW.year >= extract(year FROM NEW.created_at AT TIME ZONE 'Asia/Shanghai') THEN
    RAISE EXCEPTION 'a year is reported once it has ended';
END IF;
RETURN NEW;
"""


@pghistory.track()
class AnnualUseReport(models.Model):
    """Use of the mark in a calendar year (of China) under one authorisation. ``figures``: what the registry knew when it was sent, as
    ``rules.annual_figures.Figures`` keeps it; ``sales_value`` in yuan. ``reason``: of the last step."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    authorisation = models.ForeignKey("products.Authorisation", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=AnnualState.choices(), default=_S.DRAFT.value)
    sales_value = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    quantity_sold = models.DecimalField(max_digits=17, decimal_places=3, null=True)
    quantity_unit = models.CharField(max_length=12, choices=QuantityUnit.choices(), blank=True, default="")
    remarks = models.CharField(max_length=MAX_REMARKS, blank=True, default="")
    figures = models.JSONField(null=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=200, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = AnnualUseReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authorisation", "year"], name="annual_report_once"),
            only_words("state", AnnualState, "annual_report_state_known"),
            models.CheckConstraint(condition=_YEAR, name="annual_report_year_meant"),
            models.CheckConstraint(
                condition=(Q(sales_value__isnull=True) | Q(sales_value__gte=0, sales_value__lte=MOST_YUAN))
                & (
                    Q(quantity_sold__isnull=True, quantity_unit="")
                    | Q(
                        quantity_sold__isnull=False,
                        quantity_sold__gte=0,
                        quantity_unit__in=[unit.value for unit in QuantityUnit],
                    )
                ),
                name="annual_report_figures",
            ),
            models.CheckConstraint(
                condition=Q(state=_S.DRAFT.value)
                | Q(
                    sales_value__isnull=False,
                    quantity_sold__isnull=False,
                    figures__isnull=False,
                    submitted_at__isnull=False,
                )
                | Q(state=_S.RETURNED.value, figures__isnull=False, submitted_at__isnull=False),
                name="annual_report_whole_when_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state=_S.RETURNED.value) | ~Q(reason=""), name="annual_report_returned_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["year", "-id"], name="annual_report_of_year")]
        triggers = [
            kept(),
            pgtrigger.ReadOnly(name="fixed", fields=["number", "authorisation", "year", "created_at"]),
            only_steps("state", REPORT_STEPS, [_S.DRAFT]),
            pgtrigger.Trigger(name="settled", when=pgtrigger.Before, operation=pgtrigger.Update, func=_SETTLED),
            pgtrigger.Trigger(name="of_ended_year", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_ENDED),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def producer(self):
        """Whose report it is: what policy asks."""
        return self.authorisation.producer

    @property
    def statement(self) -> Statement:
        unit = QuantityUnit(self.quantity_unit) if self.quantity_unit else None
        return Statement(self.sales_value, self.quantity_sold, unit, self.remarks)

    @property
    def kept_figures(self) -> Figures | None:
        """Those that were sent; None while the report is being written, or again."""
        is_open = self.state in WRITABLE or self.figures is None
        return None if is_open else Figures.read(self.figures)


@pghistory.track()
class ReportDueDate(models.Model):
    """The day by which reports under a title for a year are due, as its keeper set it, and on what it rests."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    title = models.ForeignKey("products.Title", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    source = models.CharField(max_length=MAX_SOURCE)
    set_by = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ReportDueDateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["title", "year"], name="report_due_date_once"),
            models.CheckConstraint(condition=_YEAR & Q(year__lt=ExtractYear("due_on")), name="report_due_after_year"),
            models.CheckConstraint(condition=~Q(source=""), name="report_due_date_has_source"),
        ]
        triggers = [kept(), pgtrigger.ReadOnly(name="fixed", fields=["number", "title", "year", "created_at"])]

    def __str__(self) -> str:
        return f"{self.title_id} {self.year}: {self.due_on}"
