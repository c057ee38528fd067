"""The questions of an annual report: what was sold, whether it is sent, what is decided of it, and by when it is due."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms

from gi_registry.lib.language import say
from gi_registry.lib.texts import Text
from products.models import Title
from trace.models import AnnualUseReport
from trace.portal.asking import Question, ReasonAsked
from trace.portal.forms import AmountField, CountField, DayField, Words
from trace.portal.specification_forms import title_line
from trace.rules.annual_reports import MAX_REMARKS, MAX_SOURCE, Statement, due_faults, statement_faults
from trace.rules.quantities import QuantityUnit

_CHOOSE = Text("请选择", "Choose")


def _read_version() -> forms.IntegerField:
    """Which version of the report the page showed: what somebody else changed since is not overwritten or sent unseen."""
    return forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)


class OfReport(Question):
    """Something done to a report as it was shown."""

    version = _read_version()

    def __init__(self, *args: Any, report: AnnualUseReport, **kwargs: Any) -> None:
        self.report = report
        kwargs["initial"] = {"version": report.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    @property
    def read(self) -> AnnualUseReport:
        """The report, said to be as old as the page that was answered."""
        self.report.version = self.cleaned_data["version"] or 0
        return self.report


class StatementQuestion(OfReport):
    """What only the producer knows."""

    sales_value = AmountField()
    quantity_sold = AmountField()
    quantity_unit = forms.ChoiceField()
    remarks = forms.CharField(required=False, max_length=MAX_REMARKS, widget=forms.Textarea(attrs={"rows": 4}))
    words: ClassVar = {
        "sales_value": Words(
            Text("销售额（元）", "Sales value (yuan)"),
            Text("使用专用标志的产品，全年合计；没有销售填 0。", "Of goods with the mark, the whole year; 0 for none."),
            Text("请填写销售额；没有销售填 0。", "State the sales value; 0 where nothing was sold."),
        ),
        "quantity_sold": Words(
            Text("销售数量", "Quantity sold"),
            Text("同样是全年合计；没有销售填 0。", "The whole year too; 0 for none."),
            Text("请填写销售数量；没有销售填 0。", "State the quantity sold; 0 where nothing was sold."),
        ),
        "quantity_unit": Words(
            Text("数量的单位", "Unit of the quantity"),
            missing=Text("请选择数量的单位。", "Choose the unit of the quantity."),
        ),
        "remarks": Words(
            Text("说明", "Remarks"),
            Text(
                "例如投诉、检查，或销售与放行数量不同的原因。",
                "Such as complaints, inspections, or why more or less was sold than released.",
            ),
        ),
    }

    def __init__(self, *args: Any, report: AnnualUseReport, **kwargs: Any) -> None:
        named = ("sales_value", "quantity_sold")
        amounts = {name: _plain(getattr(report, name)) for name in named}
        said = {**amounts, "quantity_unit": report.quantity_unit, "remarks": report.remarks}
        super().__init__(*args, report=report, initial=said, **kwargs)
        units = [(unit.value, say(unit)) for unit in QuantityUnit]
        self.fields["quantity_unit"].choices = [("", say(_CHOOSE)), *units]

    def clean(self) -> None:
        if not self.errors:
            self.take(statement_faults(self.statement))

    @property
    def statement(self) -> Statement:
        told = self.cleaned_data
        unit = QuantityUnit(told["quantity_unit"])
        return Statement(told["sales_value"], told["quantity_sold"], unit, told["remarks"])

    def read_out(self, name: str) -> str:
        value = self.cleaned_data[name]
        if name == "sales_value":
            return f"{value:,.2f}"
        return f"{value.normalize():,f}" if name == "quantity_sold" else super().read_out(name)


def _plain(amount: Any) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


class SendQuestion(OfReport):
    """Everything that will be sent, once more."""

    above = "trace/portal/annual_stated.html"


class DecisionAsked(ReasonAsked, OfReport):
    """A decision on what was read."""


class DueQuestion(Question):
    """By when reports under a title are due, and on what that rests."""

    title = forms.ChoiceField()
    year = CountField()
    due_on = DayField()
    source = forms.CharField(max_length=MAX_SOURCE)
    words: ClassVar = {
        "title": Words(Text("哪项保护", "For which title")),
        "year": Words(Text("报告年度", "Year of the report")),
        "due_on": Words(Text("截止日", "Due on")),
        "source": Words(
            Text("依据", "Source"), Text("通知或办法的名称和文号。", "The notice or rule, with its number.")
        ),
    }

    def __init__(self, *args: Any, titles: Sequence[Title], today: date, **kwargs: Any) -> None:
        self.titles, self.today = {title.number: title for title in titles}, today
        super().__init__(*args, initial={"year": today.year - 1}, **kwargs)
        self.fields["title"].choices = [(number, title_line(title)) for number, title in self.titles.items()]

    def clean(self) -> None:
        if not self.errors:
            told = self.cleaned_data
            self.take(due_faults(told["year"], told["due_on"], told["source"], self.today))

    def read_out(self, name: str) -> str:
        return str(self.cleaned_data[name]) if name == "year" else super().read_out(name)
