"""The annual report on use of the special mark: one for each authorisation and year.

What the registry knows (batches, labels, harvests) it supplies itself; the producer states what only the producer knows: what was
sold, for how much, and in a remark what complaints or inspections there were. No law that we know of sets a day by which it is due,
so none is invented here: the keeper of a title may set one, with its source.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gi_registry.lib.texts import Refusal, Text, Word
from trace.rules.annual_figures import Figures
from trace.rules.quantities import BATCH_CEILING, QuantityUnit, quantity_faults

FIRST_YEAR, LAST_YEAR = 2000, 2999
MAX_REMARKS, MAX_SOURCE = 1_000, 300
# A trillion yuan is what all indications of the country together sell in a year: more is a slip.
MOST_YUAN = Decimal(10) ** 12
_CENT = Decimal("0.01")
# No producer sells a hundred times the largest batch in a year.
_YEARLY = {dimension: ceiling * 100 for dimension, ceiling in BATCH_CEILING.items()}


class AnnualState(Word):
    DRAFT = "draft", "填写中", "Being written"
    SUBMITTED = "submitted", "已提交", "Submitted"
    RETURNED = "returned", "已退回", "Returned"
    ACCEPTED = "accepted", "已接受", "Accepted"


_S = AnnualState
REPORT_STEPS = {
    _S.DRAFT: (_S.SUBMITTED,),
    _S.SUBMITTED: (_S.ACCEPTED, _S.RETURNED),
    _S.RETURNED: (_S.SUBMITTED,),
    _S.ACCEPTED: (),
}
WRITABLE = (_S.DRAFT, _S.RETURNED)


@dataclass(frozen=True, slots=True)
class Statement:
    """What the producer says: ``sales_value`` in yuan, ``quantity_sold`` in ``quantity_unit``. None is not said yet; 0 is none sold."""

    sales_value: Decimal | None = None
    quantity_sold: Decimal | None = None
    quantity_unit: QuantityUnit | None = None
    remarks: str = ""


# --- which year --------------------------------------------------------------------------------------------------


def stood_in(year: int, begun: Iterable[date], stands: Callable[[date], bool]) -> bool:
    """Whether something stood on at least one day of a year. ``begun``: the first days of the stretches that ``stands`` asks about; where
    all of them hold on some day of the year they hold on its first, or on the day on which the last of them begins."""
    return any(stands(day) for day in {date(year, 1, 1), *begun} if day.year == year)


def year_faults(year: int) -> list[Refusal]:
    if FIRST_YEAR <= year <= LAST_YEAR:
        return []
    text = Text(f"年度应为 {FIRST_YEAR} 至 {LAST_YEAR}。", f"A year is from {FIRST_YEAR} to {LAST_YEAR}.")
    return [Refusal("year", text, "/year")]


def year_refusals(year: int, today: date, has_stood: bool) -> list[Refusal]:
    """Whether a year can be reported: it has ended, and the authorisation stood in it."""
    if year >= today.year:
        text = Text(
            f"{year} 年还没有结束，结束后才能报告。", f"The year {year} has not ended; it is reported once it has."
        )
        return [Refusal("year_not_ended", text, "/year")]
    if not has_stood:
        text = Text(
            f"{year} 年内核准没有一天有效，不需要报告。",
            f"The authorisation did not stand on any day of {year}: there is nothing to report.",
        )
        return [Refusal("not_authorised_that_year", text, "/year")]
    return []


# --- what is stated ----------------------------------------------------------------------------------------------

_NO_VALUE = Refusal(
    "missing_sales_value",
    Text("请填写销售额；没有销售填 0。", "State the sales value; 0 where nothing was sold."),
    "/sales_value",
)
_NO_QUANTITY = Refusal(
    "missing_quantity_sold",
    Text("请填写销售数量；没有销售填 0。", "State the quantity sold; 0 where nothing was sold."),
    "/quantity_sold",
)
_NO_UNIT = Refusal("quantity_unit", Text("请选择数量的单位。", "Choose the unit of the quantity."), "/quantity_unit")


def statement_faults(told: Statement) -> list[Refusal]:
    """What is wrong with the figures themselves, said or not."""
    faults = []
    value, quantity = told.sales_value, told.quantity_sold
    if value is not None and not (value.is_finite() and 0 <= value <= MOST_YUAN):
        text = Text(
            f"销售额应为 0 至 {MOST_YUAN:,f} 元，请核对单位。",
            f"The sales value is from 0 to {MOST_YUAN:,f} yuan; check the unit.",
        )
        faults.append(Refusal("sales_value", text, "/sales_value"))
    elif value is not None and value != value.quantize(_CENT):
        text = Text("销售额最多两位小数。", "The sales value has at most two decimals.")
        faults.append(Refusal("sales_value_too_fine", text, "/sales_value"))
    if (quantity is None) != (told.quantity_unit is None):
        faults.append(_NO_QUANTITY if quantity is None else _NO_UNIT)
    elif quantity and told.quantity_unit:
        faults += quantity_faults(quantity, told.quantity_unit, "/quantity_sold", _YEARLY)
    if len(told.remarks) > MAX_REMARKS:
        text = Text(f"说明不超过 {MAX_REMARKS} 字。", f"Remarks have at most {MAX_REMARKS} characters.")
        faults.append(Refusal("remarks_too_long", text, "/remarks"))
    return faults


def gaps(told: Statement) -> list[Refusal]:
    """What still has to be stated before the report can be sent."""
    return [
        *([_NO_VALUE] if told.sales_value is None else []),
        *([_NO_QUANTITY] if told.quantity_sold is None else []),
    ]


def notes(figures: Figures) -> list[Text]:
    """What whoever reads the figures should look at first. None of it stops the report."""
    labels, said = figures.labels, []
    if not any(goods.released_batches for article in figures.articles for goods in article.goods):
        said.append(Text("这一年没有放行批次。", "No batch was released in this year."))
    if labels.unused:
        said.append(
            Text(f"有 {labels.unused:,} 枚标识还没有去向。", f"{labels.unused:,} labels are not accounted for yet.")
        )
    if labels.returned:
        said.append(
            Text(
                f"有 {labels.returned:,} 枚退回的标识还没有销毁。",
                f"{labels.returned:,} returned labels are not destroyed yet.",
            )
        )
    if labels.waiting:
        said.append(
            Text(
                f"有 {labels.waiting:,} 枚申领的标识还没有发放。",
                f"{labels.waiting:,} ordered labels are not issued yet.",
            )
        )
    return said


# --- steps -------------------------------------------------------------------------------------------------------


def step_refusals(state: AnnualState, to: AnnualState) -> list[Refusal]:
    if to in REPORT_STEPS[state]:
        return []
    text = Text(
        f"报告的状态是“{state.text.zh}”，不能变为“{to.text.zh}”。",
        f"The report is {state.text.en.lower()} and cannot become {to.text.en.lower()}.",
    )
    return [Refusal("report_state", text)]


def write_refusals(state: AnnualState) -> list[Refusal]:
    """A report is written until it is sent, and again once it was returned."""
    if state in WRITABLE:
        return []
    text = Text(
        f"报告的状态是“{state.text.zh}”，不能修改。", f"The report is {state.text.en.lower()} and cannot be changed."
    )
    return [Refusal("report_state", text)]


# --- the day by which it is due ----------------------------------------------------------------------------------


def due_faults(year: int, due_on: date, source: str, today: date) -> list[Refusal]:
    """A due day lies after its year and not behind us, and says on what it rests."""
    faults = year_faults(year)
    if due_on.year <= year:
        text = Text("截止日应在该年度结束之后。", "A report is due after its year has ended.")
        faults.append(Refusal("due_in_year", text, "/due_on"))
    elif due_on < today:
        text = Text("截止日不能早于今天。", "The due day cannot lie in the past.")
        faults.append(Refusal("due_in_past", text, "/due_on"))
    if not source.strip():
        text = Text("请写明依据，例如通知的名称和文号。", "State the source, such as a notice and its number.")
        faults.append(Refusal("missing_source", text, "/source"))
    elif len(source) > MAX_SOURCE:
        text = Text(f"依据不超过 {MAX_SOURCE} 字。", f"A source has at most {MAX_SOURCE} characters.")
        faults.append(Refusal("source_too_long", text, "/source"))
    return faults


def is_late(due_on: date | None, submitted_on: date | None, today: date) -> bool:
    """Sent after the due day, or not sent and the day is over. Never where no day was set."""
    return due_on is not None and (submitted_on or today) > due_on
