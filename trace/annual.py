"""Questions about annual reports: their due days, the figures of one, and what is still to be written."""

from collections.abc import Iterable, Sequence
from datetime import date

from products.models import Authorisation
from trace.annual_figures import figures_of, stood
from trace.models import AnnualUseReport, ReportDueDate
from trace.rules.annual_figures import Figures
from trace.rules.annual_reports import FIRST_YEAR

Dues = dict[tuple[int, int], ReportDueDate]
# Years back from the last that ended in which an unwritten report is still looked for.
YEARS_BACK = 3


def dues_of(pairs: Iterable[tuple[int, int]]) -> Dues:
    """(title, year) -> the day that was set, in one query."""
    wanted = set(pairs)
    rows = ReportDueDate.objects.filter(title__in={title for title, _ in wanted}, year__in={year for _, year in wanted})
    return {(row.title_id, row.year): row for row in rows if (row.title_id, row.year) in wanted}


def dues_of_reports(reports: Iterable[AnnualUseReport]) -> Dues:
    return dues_of((report.authorisation.title_id, report.year) for report in reports)


def figures_in(report: AnnualUseReport) -> Figures:
    """As they were sent, or while it is being written as they are now."""
    return report.kept_figures or figures_of(report.authorisation, report.year)


def unwritten(rights: Sequence[Authorisation], today: date) -> list[tuple[Authorisation, int]]:
    """Years that have ended in which a right stood and of which there is no report yet, the latest first. One query."""
    years = range(today.year - 1, max(today.year - 1 - YEARS_BACK, FIRST_YEAR - 1), -1)
    rows = AnnualUseReport.objects.filter(authorisation__in=rights, year__in=years)
    known = set(rows.values_list("authorisation", "year"))
    return [(right, year) for year in years for right in rights if (right.pk, year) not in known and stood(right, year)]
