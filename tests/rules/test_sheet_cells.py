"""What a cell means, and what is refused because a spreadsheet program may have changed it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.lib.ids import new_number
from gi_registry.lib.spreadsheets import Cell, CellKind
from gi_registry.lib.spreadsheets.added import FAULTS, MADE
from gi_registry.lib.texts import Refusal, Text
from trace.actions.sheets import KINDS
from trace.rules import sheet_cells as cells
from trace.rules.imports import Groups, ImportKind, groups_of
from trace.rules.quantities import QuantityUnit
from trace.rules.sheet_columns import layout_of, values_of, words_of

BATCHES = KINDS[ImportKind.BATCHES].columns
EVERY = [column for kind in KINDS.values() for column in kind.columns]


def cell(kept):
    return Cell.read(kept)


def why(read, kept):
    with pytest.raises(cells.Unfit) as no:
        read(cell(kept))
    return no.value.refusal.code


@given(st.sampled_from(list(CellKind)), st.text(min_size=1, max_size=40))
def test_a_cell_comes_back_as_it_was_kept(kind, text):
    assert Cell.read(Cell(kind, text).kept) == Cell(kind, text)


@given(st.text(max_size=60), st.sampled_from(list(CellKind)))
def test_any_cell_is_read_or_refused_with_both_languages(text, kind):
    for column in EVERY:
        _, faults = values_of([column], {column.key: Cell(kind, text)})
        assert all(fault.text.zh and fault.text.en for fault in faults)


@pytest.mark.parametrize(
    "kept",
    [
        "t2026-01-05",
        "t2026/1/5",
        "t2026.1.5",
        "t2026年1月5日",
        "t20260105",
        "n20260105",
        "d2026-01-05",
        "t２０２６-１-５",
        "d2026-01-05T00:00:00",
    ],
)
def test_days_are_read_in_the_ways_of_offices(kept):
    assert cells.day(cell(kept)) == date(2026, 1, 5)


@pytest.mark.parametrize(
    "kept",
    ["t05/01/2026", "t2026-13-01", "t2026-2-30", "t26-1-5", "n46027", "tsoon", "d2026-01-05T08:30:00", "t2026-1.5"],
)
def test_days_that_could_be_others_are_refused(kept):
    assert why(cells.day, kept) == "not_a_day"


def test_a_number_is_never_taken_for_a_text_that_looks_like_one():
    own_lot = cells.text(60)
    assert own_lot(cell("t007")) == "007"
    assert why(own_lot, "n7") == "number_for_text"
    assert why(own_lot, "n6901234567892") == "number_for_text"
    assert why(own_lot, "t6.90E+12") == "number_shortened"
    assert why(own_lot, "d2026-01-05") == "number_for_text"
    assert why(own_lot, "f=A1") == "formula"
    assert why(own_lot, "e#N/A") == "cell_error"
    assert why(own_lot, "t" + "x" * 61) == "too_long"


def test_references_are_numbers_or_names_and_lose_no_zeros():
    number = new_number()
    assert cells.reference(cell(f"t陈醋 500 毫升 [{number}]")) == number
    assert cells.reference(cell(f"t{number.lower()[:5]}-{number[5:]}")) == number
    assert cells.reference(cell("t东坡")) == "东坡"
    assert why(cells.reference, "n12345678") == "number_for_text"
    assert why(cells.reference, "t1.23E+09") == "number_shortened"
    assert cells.references(cell(f"t东坡；西坡、[{number}], 东坡")) == ("东坡", "西坡", number)


def test_amounts_are_figures_alone():
    for kept, told in (("n12.5", "12.5"), ("t1,200.5", "1200.5"), ("t１２", "12"), ("n0.1", "0.1"), ("n1200", "1200")):
        assert cells.amount(cell(kept)) == Decimal(told)
    for kept in ("t12 升", "t1.2.3", "t-5", "t1,20", "b1", "tNaN", "tInfinity", "d2026-01-05"):
        assert why(cells.amount, kept) == "not_an_amount"
    assert why(cells.amount, "t6.90E+12") == "number_shortened"
    assert why(cells.amount, "n6.9e+20") == "not_an_amount"
    assert why(cells.count, "n2.5") == "not_whole"
    assert cells.count(cell("t2,400")) == 2_400


def test_words_are_known_in_both_languages_and_by_their_short_forms():
    unit = next(column for column in BATCHES if column.key == "quantity_unit")
    for told in ("升", "litre", "Litre", "L"):
        assert unit.read(cell(f"t{told}")) is QuantityUnit.LITRE
    assert why(unit.read, "t桶") == "word_unknown"


def test_columns_are_found_by_any_of_their_names_in_any_order():
    header = ["备注", "数量", "Product", FAULTS.zh, "场地", "计量单位", "生产日期*", ""]
    layout, faults = layout_of(BATCHES, header)
    assert faults == []
    assert layout.unknown == ("备注",)
    assert layout.places == {"quantity": 1, "form": 2, "sites": 4, "quantity_unit": 5, "produced_on": 6}
    _, faults = layout_of(BATCHES, ["数量", "产量"])
    assert [code for code, _ in faults] == ["column_twice", "column_missing"]


def test_every_kind_of_sheet_has_its_columns():
    assert set(KINDS) == set(ImportKind)


@pytest.mark.parametrize("column", [column for column in EVERY if column.is_text], ids=lambda column: column.key)
@pytest.mark.parametrize("kept", ["t6.90E+12", "n6901234567892", "n123", "f=A1"])
def test_a_number_that_a_program_may_have_changed_names_nothing_in_any_kind_of_sheet(column, kept):
    assert why(column.read, kept) in {"number_shortened", "number_for_text", "formula"}


def test_a_row_that_was_entered_by_a_workbook_of_ours_says_so():
    layout, _ = layout_of(BATCHES, [FAULTS.zh, MADE.en, "数量", MADE.zh])
    assert [fault.code for fault in layout.entered([None, None, "n1", "t0123456789"])] == ["row_entered"]
    assert layout.entered([None, None, "n1"]) == layout.entered(["tx"]) == []


def test_no_name_stands_for_two_columns():
    for columns in [kind.columns for kind in KINDS.values()]:
        names = [name for column in columns for name in {n.casefold() for n in column.names}]
        assert len(names) == len(set(names))
    assert "产品" in words_of(BATCHES)


def test_a_row_tells_all_its_faults_at_once():
    row = {"form": cell("n1"), "quantity": cell("tviel"), "quantity_unit": cell("t升")}
    _, faults = values_of(BATCHES, row)
    assert {fault.pointer for fault in faults} == {"/form", "/quantity", "/sites", "/produced_on"}


def test_faults_are_gathered_into_lines_with_their_rows():
    groups = Groups()
    late = Refusal("date_in_future", Text("晚", "late"), "/produced_on")
    for row in (5, 6, 7, 9):
        groups.add(row, [late, late])
    groups.add(12, [Refusal("missing", Text("缺", "missing"), "/form")])
    first, second = groups_of(groups.kept)
    assert (first.count, first.spans, first.column) == (4, "5–7, 9", "produced_on")
    assert (second.count, second.spans) == (1, "12")
    many = Groups()
    for row in range(1, 1_001):
        many.add(row * 2, [late])
    (told,) = groups_of(many.kept)
    assert (told.count, len(told.rows)) == (1_000, 200)
    assert told.spans.endswith("…")
    with pytest.raises(ValueError, match="version"):
        groups_of({"version": 2, "groups": []})
