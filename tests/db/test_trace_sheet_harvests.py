"""Harvests by a spreadsheet: declared to the books of their seasons all together, by the same rule as one."""

from decimal import Decimal

import pytest

from gi_registry.lib.problems import Forbidden
from tests.build_jobs import work_it_off
from tests.build_quota import a_ceiling, left, the_books
from tests.build_sheets import checked, commit, faults_of, fresh, staged, workbook
from trace import actions
from trace.models import LedgerTransaction, SheetRow
from trace.rules.imports import CHUNK, ImportKind, ImportState, RowState
from trace.rules.ledger import PostingKind

pytestmark = pytest.mark.django_db
HEADER = ("产季", "数量", "单位", "备注")


@pytest.fixture
def books(goods):
    return the_books(goods, a_ceiling(3_000))


@pytest.fixture
def zhang(cast):
    return cast.zhang.actor


def rows_of(books, *told):
    """Each ``(quantity, unit, note)``."""
    return [[f"镇江香醋 {books.quota.season.name} [{books.quota.season.number}]", *one] for one in told]


def brought(books, actor, rows, header=HEADER):
    return checked(books.row.producer, ImportKind.HARVESTS, actor, rows, header)


def harvests():
    return LedgerTransaction.objects.filter(kind=PostingKind.HARVEST.value).order_by("pk")


def test_harvests_of_a_file_are_declared_together_and_nothing_before_it_is_said(books, zhang):
    sheet = brought(
        books, zhang, rows_of(books, (1200, "升", "磅单 001"), ("250.5", "L", "磅单 002"), (500_000, "ml", None))
    )
    assert (sheet.state, sheet.ready_count, harvests().count()) == (ImportState.CHECKED, 3, 0)
    done = commit(sheet, zhang)
    assert (done.state, done.entered_count) == (ImportState.DONE, 3)
    assert left(books.row) == {"entitlement": 1_049_500, "raw": 1_950_500, "label_right": 3_000_000}
    posted = list(harvests())
    assert [row.made for row in SheetRow.objects.order_by("number")] == [one.number for one in posted]
    assert [one.by for one in posted] == [zhang.identity] * 3
    assert [one.reason.startswith("磅单") for one in posted] == [True, True, False]
    assert all(sheet.number in one.reason for one in posted)


def test_a_harvest_of_a_file_is_the_same_as_one_of_a_form(books, zhang):
    commit(brought(books, zhang, rows_of(books, (120, "升", None))), zhang)
    by_file = harvests().get()
    by_form = actions.declare_harvest(row=books.row, quantity=Decimal(120), actor=zhang, now=by_file.at)
    entries = [[(e.account_id, e.amount) for e in one.entries.order_by("pk")] for one in (by_file, by_form)]
    assert entries[0] == entries[1]
    assert (by_file.kind, by_file.quota, by_file.by, by_file.by_name) == (
        by_form.kind, by_form.quota, by_form.by, by_form.by_name,
    )  # fmt: skip


def test_each_fault_of_a_harvest_is_told_with_its_rows(books, zhang):
    rows = rows_of(
        books,
        (2_000, "升", "a"),
        (2_000, "升", "b"),
        (1_000, "升", "c"),
        (1, "千克", "d"),
        (0, "升", "e"),
        ("1.0005", "升", "f"),
        ("6.90E+12", "升", "g"),
        (1, "升", 6901234567892),
        (1, "升", "6.90E+12"),
        (1, "桶", "j"),
        (2_000, "升", "a"),
        (10**10, "升", "l"),
    )
    rows += [["别家的产季", 1, "升", "m"], ["=A1", 1, "升", "n"], [20260101, 1, "升", "o"]]
    sheet = brought(books, zhang, rows)
    assert faults_of(sheet) == {
        ("over_entitlement", "quantity"): (3,),
        ("unit_of_season", "quantity_unit"): (5,),
        ("quantity_not_positive", "quantity"): (6,),
        ("quantity_too_fine", "quantity"): (7,),
        ("number_shortened", "quantity"): (8,),
        ("number_for_text", "note"): (9,),
        ("number_shortened", "note"): (10,),
        ("word_unknown", "quantity_unit"): (11,),
        ("row_repeated", ""): (12,),
        ("quantity_absurd", "quantity"): (13,),
        ("not_yours", "season"): (14,),
        ("formula", "season"): (15,),
        ("number_for_text", "season"): (16,),
    }
    assert commit(sheet, zhang, leave_out=True).entered_count == 2
    assert left(books.row)["raw"] == 3_000_000
    assert sheet.rows.filter(state=RowState.LEFT_OUT).count() == 13


def test_a_balance_that_ran_out_after_the_check_stops_all_of_it_in_whatever_chunk(books, zhang):
    rows = rows_of(books, *((5, "升", f"{n}") for n in range(CHUNK + 20)))
    sheet = brought(books, zhang, rows)
    assert sheet.faulty_count == 0
    actions.declare_harvest(row=books.row, quantity=Decimal(450), actor=zhang, now=sheet.updated_at)
    back = commit(sheet, zhang)
    assert (back.state, harvests().count(), back.faulty_count) == (ImportState.CHECKED, 1, 10)
    assert faults_of(back) == {("over_entitlement", "quantity"): tuple(range(CHUNK + 12, CHUNK + 22))}
    assert commit(back, zhang, leave_out=True).entered_count == CHUNK + 10
    assert "entitlement" not in left(books.row)


def test_a_season_that_was_closed_meanwhile_takes_nothing_and_says_why(books, zhang):
    sheet = brought(books, zhang, rows_of(books, (1, "升", "a"), (2, "升", "b")))
    type(books.quota).objects.filter(pk=books.quota.pk).update(state="closed", closed_at=sheet.updated_at)
    back = commit(sheet, zhang)
    assert (back.state, harvests().count()) == (ImportState.CHECKED, 0)
    assert back.fault
    again = brought(books, zhang, rows_of(books, (3, "升", "c")))
    assert faults_of(again) == {("season_closed", "season"): (2,)}


def test_two_seasons_of_one_name_are_told_apart_by_number(books, zhang):
    rows = [[books.quota.season.name, 1, "升", None], [books.quota.season.number, 2, "升", None]]
    assert commit(brought(books, zhang, rows), zhang).entered_count == 2


def test_no_other_declares_by_a_file_for_a_producer(books, cast):
    data = workbook(rows_of(books, (1, "升", None)), HEADER)
    for person in (cast.feng, cast.chen, cast.li, cast.hu):
        with pytest.raises(Forbidden):
            staged(books.row.producer, ImportKind.HARVESTS, person.actor, data)


def test_the_same_bytes_are_another_file_as_another_kind_of_sheet(books, zhang):
    data = workbook(rows_of(books, (1, "升", None)), HEADER)
    first = staged(books.row.producer, ImportKind.HARVESTS, zhang, data)
    second = staged(books.row.producer, ImportKind.BATCHES, zhang, data)
    work_it_off()
    assert (fresh(first).state, fresh(second).state) == (ImportState.CHECKED, ImportState.FAILED)


def test_entering_twice_declares_once(books, zhang):
    sheet = brought(books, zhang, rows_of(books, (1, "升", "a"), (2, "升", "b")))
    actions.commit_import(sheet=sheet, leave_out=False, actor=zhang, now=sheet.updated_at)
    for _ in range(2):
        actions.enter_import(number=sheet.number, tell_time=lambda: sheet.updated_at)
    assert harvests().count() == 2
