"""The annual reports of a year as a workbook: one table of reports, one of their articles, one of their seasons."""

from collections.abc import Iterator
from dataclasses import astuple
from datetime import date
from typing import Any

from gi_registry.lib.clock import day_of
from gi_registry.lib.language import name_of, say
from gi_registry.lib.problems import Refused
from gi_registry.lib.texts import Refusal, Text
from products.rules.words import TitleKind, Unit
from trace.annual import dues_of_reports
from trace.lineage import told_name
from trace.models import AnnualUseReport
from trace.querysets import AnnualUseReportQuerySet
from trace.rules.annual_figures import Figures
from trace.rules.annual_reports import AnnualState, is_late
from trace.rules.quantities import QuantityUnit
from trace.sheet_books import tables_of

# More than any province has authorised users of all its names.
MOST_REPORTS = 10_000
_TOO_MANY = Text(
    f"{{count}} 份报告超过一个表格的上限 {MOST_REPORTS:,} 份。",
    f"{{count}} reports; a sheet holds {MOST_REPORTS:,} at most.",
)
_NUMBER, _UNIT = Text("报告编号", "Report"), Text("单位", "Unit")
_REPORTS = (
    _NUMBER,
    Text("年度", "Year"),
    Text("地理标志", "Indication"),
    Text("保护形式", "Title"),
    Text("生产者", "Producer"),
    Text("区划代码", "Division code"),
    Text("状态", "State"),
    Text("销售额（元）", "Sales value (yuan)"),
    Text("销售数量", "Quantity sold"),
    _UNIT,
    Text("说明", "Remarks"),
    Text("提交日期", "Submitted on"),
    Text("截止日", "Due on"),
    Text("逾期", "Late"),
    Text("处理意见", "Reason"),
)
_ARTICLES = (
    _NUMBER,
    Text("产品编号", "Article"),
    Text("产品", "Product"),
    _UNIT,
    Text("放行批次", "Batches released"),
    Text("放行数量", "Quantity released"),
    Text("其中召回批次", "Of these recalled, batches"),
    Text("其中召回数量", "Of these recalled, quantity"),
    Text("作废批次", "Batches voided"),
    Text("作废数量", "Quantity voided"),
)
_LABELS = (
    _NUMBER,
    Text("产品编号", "Article"),
    Text("产品", "Product"),
    Text("申领标识", "Labels ordered"),
    Text("待发放", "Not issued yet"),
    Text("未使用", "Not used yet"),
    Text("启用", "Activated"),
    Text("作废", "Spoiled"),
    Text("退回待销毁", "Returned"),
    Text("销毁", "Destroyed"),
    Text("遗失", "Lost"),
    Text("额度外单件码", "Unit codes outside the books"),
    Text("其中作废", "Of these withdrawn"),
)
_SEASONS = (
    _NUMBER,
    Text("产季", "Season"),
    _UNIT,
    Text("核定", "Granted"),
    Text("扣减", "Taken off"),
    Text("申报采收", "Harvested"),
)
_YES, _NO = Text("是", "yes"), Text("否", "no")


def sheet_of(rows: AnnualUseReportQuerySet, year: int, today: date) -> bytes:
    """Those of a year that were sent, by number. Raises Refused where they are more than a sheet holds."""
    found = rows.filter(year=year, submitted_at__isnull=False).order_by("number")
    reports = list(found[: MOST_REPORTS + 1])
    if len(reports) > MOST_REPORTS:
        raise Refused(Refusal("too_many_reports", _TOO_MANY.format(count=f"{found.count():,}")))
    dues = dues_of_reports(reports)
    told = [(report, Figures.read(report.figures)) for report in reports]
    about = ((report, dues.get((report.authorisation.title_id, year))) for report in reports)
    return tables_of(
        (
            (Text("报告", "Reports"), _REPORTS, (_report(report, due, today) for report, due in about)),
            (Text("产品", "Products"), _ARTICLES, _articles(told)),
            (Text("标识", "Labels"), _LABELS, _labels(told)),
            (Text("产季", "Seasons"), _SEASONS, _seasons(told)),
        )
    )


def _report(report: AnnualUseReport, due: Any, today: date) -> list[Any]:
    title, sent = report.authorisation.title, day_of(report.submitted_at)
    unit = say(QuantityUnit(report.quantity_unit)) if report.quantity_unit else ""
    late = say(_YES if is_late(due.due_on, sent, today) else _NO) if due else ""
    return [
        report.number, report.year, name_of(title.indication), say(TitleKind(title.kind)), told_name(report.producer),
        report.producer.division.code, say(AnnualState(report.state)), report.sales_value, report.quantity_sold, unit,
        report.remarks, sent.isoformat(), due.due_on.isoformat() if due else "", late, report.reason,
    ]  # fmt: skip


def _articles(told: list[tuple[AnnualUseReport, Figures]]) -> Iterator[list[Any]]:
    for report, figures in told:
        for article in figures.articles:
            for goods in article.goods:
                unit, *amounts = astuple(goods)
                yield [report.number, article.form, name_of(article), say(QuantityUnit(unit)), *amounts]


def _labels(told: list[tuple[AnnualUseReport, Figures]]) -> Iterator[list[Any]]:
    for report, figures in told:
        for article in figures.articles:
            yield [report.number, article.form, name_of(article), *astuple(article.labels)]


def _seasons(told: list[tuple[AnnualUseReport, Figures]]) -> Iterator[list[Any]]:
    for report, figures in told:
        for one in figures.seasons:
            yield [report.number, one.name, say(Unit(one.unit)), one.granted, one.penalties, one.harvested]
