"""Spreadsheets on their way into the register: checked row by row, entered all together, by the same rules as one batch."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from gi_registry.accounts.models import ApiKey, User
from gi_registry.lib.problems import Forbidden, Invalid, Refused
from gi_registry.lib.spreadsheets.added import FAULTS, MADE
from products.actions import move_authorisation
from products.models import Authorisation
from products.rules.authorisations import Given
from products.rules.words import AuthorisationState
from tests import build_sheets
from tests.build_jobs import waiting, work_it_off
from tests.build_quota import a_ceiling, left, the_books
from tests.build_sheets import HEADER, batch_row, batch_rows, commit, faults_of, fresh, text, workbook
from tests.cast import NOW
from trace import actions
from trace.models import Batch, LedgerAccount, LedgerEntry, LedgerTransaction, SheetFile, SheetImport, SheetRow
from trace.rules.batches import BatchState
from trace.rules.imports import CHUNK, KEPT_FOR, MAX_OPEN, ImportKind, ImportState, RowState

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(cast):
    return cast.zhang.actor


def stage(goods, actor, data, name="九月.xlsx"):
    return build_sheets.staged(goods.form.producer, ImportKind.BATCHES, actor, data, name)


def checked(goods, actor, rows, header=HEADER):
    return build_sheets.checked(goods.form.producer, ImportKind.BATCHES, actor, rows, header)


def test_a_file_is_checked_and_nothing_is_registered_before_it_is_said(goods, zhang):
    sheet = stage(goods, zhang, workbook(batch_rows(goods, 3)))
    assert (sheet.state, waiting()) == (ImportState.CHECKING, ["trace.check_import"])
    work_it_off()
    sheet = fresh(sheet)
    assert (sheet.state, sheet.row_count, sheet.ready_count, sheet.faulty_count) == (ImportState.CHECKED, 3, 3, 0)
    assert Batch.objects.count() == 0
    done = commit(sheet, zhang)
    assert (done.state, done.entered_count) == (ImportState.DONE, 3)
    assert not SheetFile.objects.filter(sheet=done).exists()


def test_a_batch_of_a_file_is_the_same_as_one_of_a_form(goods, zhang):
    commit(checked(goods, zhang, batch_rows(goods, 1)), zhang)
    by_file = Batch.objects.get()
    dates = replace(goods.content().dates, packed_on=date(2026, 9, 11))
    by_form = actions.draft_batch(
        content=goods.content(dates=dates, producer_lot="ZJ-00000"), actor=goods.maker, now=NOW, register=True
    )
    by_form.refresh_from_db()
    odd = {"id", "number", "created_at", "updated_at", "registered_at"}
    names = [field.attname for field in Batch._meta.concrete_fields if field.attname not in odd]
    assert {name: getattr(by_file, name) for name in names} == {name: getattr(by_form, name) for name in names}
    assert set(by_file.sites.all()) == set(by_form.sites.all())
    assert [e.pgh_label for e in by_file.events.order_by("pgh_id")] == [
        e.pgh_label for e in by_form.events.order_by("pgh_id")
    ]
    context = by_file.events.first().pgh_context.metadata
    assert context["actor"] == zhang.identity
    assert SheetImport.objects.get().number in context["reason"]
    assert SheetRow.objects.get().made == by_file.number


def test_each_fault_is_told_once_with_its_rows(goods, zhang):
    rows = batch_rows(goods, 12)
    rows[1] = batch_row(goods, 1, 生产日期=date(2026, 12, 31))
    rows[2] = batch_row(goods, 2, 生产日期=date(2026, 12, 30))
    rows[3] = batch_row(goods, 3, 自编批号=6901234567892)
    rows[4] = batch_row(goods, 4, 自编批号="6.90E+12")
    rows[5] = batch_row(goods, 5, 产品="别家的产品")
    rows[6] = batch_row(goods, 6, 生产场地="=A1")
    rows[7] = batch_row(goods, 7, 数量="一千")
    rows[8] = batch_row(goods, 8, 包装件数=240_000)
    rows[9] = batch_row(goods, 0)
    rows[10] = batch_row(goods, 0, 数量=1300)
    sheet = checked(goods, zhang, rows)
    assert (sheet.ready_count, sheet.faulty_count) == (2, 10)
    told = faults_of(sheet)
    assert told["date_in_future", "produced_on"] == (3, 4)
    assert told["number_for_text", "producer_lot"] == (5,)
    assert told["number_shortened", "producer_lot"] == (6,)
    assert told["not_yours", "form"] == (7,)
    assert told["formula", "sites"] == (8,)
    assert told["not_an_amount", "quantity"] == (9,)
    assert told["packs_exceed_quantity", "pack_count"] == (10,)
    assert told["row_repeated", ""] == (11,)
    assert told["row_repeated", "producer_lot"] == (12,)
    with pytest.raises(Refused) as no:
        actions.commit_import(sheet=sheet, leave_out=False, actor=zhang, now=NOW)
    assert no.value.errors[0].code == "rows_faulty"
    done = commit(sheet, zhang, leave_out=True)
    assert (done.state, done.entered_count, Batch.objects.count()) == (ImportState.DONE, 2, 2)
    assert done.rows.filter(state=RowState.LEFT_OUT).count() == 10


def test_the_same_bytes_are_taken_once(goods, zhang):
    data = workbook(batch_rows(goods, 2))
    first = stage(goods, zhang, data)
    with pytest.raises(Refused) as no:
        stage(goods, zhang, data, name="anders.xlsx")
    assert no.value.errors[0].code == "same_file"
    assert first.number in no.value.errors[0].text.en
    actions.discard_import(sheet=first, actor=zhang, now=NOW)
    commit(checked(goods, zhang, batch_rows(goods, 2)), zhang)
    with pytest.raises(Refused):
        stage(goods, zhang, data)


def test_a_row_of_a_workbook_of_ours_by_which_something_was_registered_is_not_entered_again(goods, zhang):
    rows = [[None, None, *batch_row(goods, 0)], [None, "0123456789", *batch_row(goods, 1)]]
    sheet = checked(goods, zhang, rows, (FAULTS.zh, MADE.zh, *HEADER))
    assert (sheet.ready_count, faults_of(sheet)) == (1, {("row_entered", ""): (3,)})


def test_rows_that_are_registered_already_are_told_by_their_own_lot(goods, zhang):
    commit(checked(goods, zhang, batch_rows(goods, 2)), zhang)
    again = checked(goods, zhang, [batch_row(goods, 0), batch_row(goods, 5)])
    assert faults_of(again) == {("lot_registered", "producer_lot"): (2,)}
    batch = Batch.objects.get(producer_lot="ZJ-00000")
    assert batch.number in again.told_groups[0].text.en


def test_what_changed_after_the_check_stops_all_of_it(goods, zhang):
    sheet = checked(goods, zhang, batch_rows(goods, CHUNK + 3))
    goods.batch(BatchState.REGISTERED, producer_lot=f"ZJ-{CHUNK + 1:05}")
    back = commit(sheet, zhang)
    assert (back.state, Batch.objects.count()) == (ImportState.CHECKED, 1)
    assert (back.ready_count, back.faulty_count) == (CHUNK + 2, 1)
    assert back.fault
    assert faults_of(back) == {("lot_registered", "producer_lot"): (CHUNK + 3,)}
    assert commit(back, zhang, leave_out=True).entered_count == CHUNK + 2


def test_a_suspended_authorisation_is_met_by_every_row(goods, zhang):
    sheet = checked(goods, zhang, batch_rows(goods, 3))
    right, given = Authorisation.objects.get(pk=goods.register.authorisation.pk), Given(reason="抽检不合格")
    to = AuthorisationState.SUSPENDED
    move_authorisation(authorisation=right, to=to, given=given, actor=goods.maker, now=NOW - timedelta(days=1))
    back = commit(sheet, zhang)
    assert (back.state, back.faulty_count, Batch.objects.count()) == (ImportState.CHECKED, 3, 0)


def test_whoever_lost_the_right_meanwhile_enters_nothing(goods, cast, zhang):
    sheet = checked(goods, zhang, batch_rows(goods, 2))
    actions.commit_import(sheet=sheet, leave_out=False, actor=zhang, now=NOW)
    User.objects.filter(pk=cast.zhang.user.pk).update(is_active=False)
    work_it_off()
    assert (fresh(sheet).state, Batch.objects.count()) == (ImportState.CHECKED, 0)
    assert fresh(sheet).ready_count == 2


def test_a_key_that_was_ended_meanwhile_enters_nothing(goods, cast, zhang):
    sheet = checked(goods, zhang, batch_rows(goods, 2))
    assert cast.zhang.headers
    key = ApiKey.objects.get(user=cast.zhang.user)
    by_key = replace(zhang, key_id=key.pk)
    actions.commit_import(sheet=sheet, leave_out=False, actor=by_key, now=NOW)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=NOW - timedelta(days=1))
    work_it_off()
    assert (fresh(sheet).state, Batch.objects.count()) == (ImportState.CHECKED, 0)


def test_no_other_may_bring_in_enter_or_discard(goods, cast, zhang):
    sheet = checked(goods, zhang, batch_rows(goods, 1))
    for person in (cast.feng, cast.chen, cast.li, cast.hu):
        with pytest.raises(Forbidden):
            stage(goods, person.actor, b"x")
        with pytest.raises(Forbidden):
            actions.commit_import(sheet=sheet, leave_out=False, actor=person.actor, now=NOW)
        with pytest.raises(Forbidden):
            actions.discard_import(sheet=sheet, actor=person.actor, now=NOW)
        assert not SheetImport.objects.visible_to(person.actor).exists()


def test_what_is_no_spreadsheet_is_refused_at_the_door_and_what_cannot_be_read_by_the_check(goods, zhang):
    with pytest.raises(Invalid) as no:
        stage(goods, zhang, b"%PDF-1.7")
    assert no.value.errors[0].pointer == "/file"
    for data in (
        b"a,b\r\n1,2\r\n",
        workbook([], HEADER),
        workbook([], [*HEADER, "产量"]),
        workbook([["x", 1]], ["产品", "数量"]),
    ):
        sheet = stage(goods, zhang, data)
        work_it_off()
        sheet = fresh(sheet)
        assert (sheet.state, bool(sheet.fault)) == (ImportState.FAILED, True)
        assert not SheetRow.objects.filter(sheet=sheet).exists()
        assert not SheetFile.objects.filter(sheet=sheet).exists()


def test_a_file_in_old_chinese_text_is_read_and_says_so(goods, zhang):
    row = [str(value) for value in batch_row(goods, 1)]
    sheet = stage(goods, zhang, text([row], charset="gb18030"), "旧.csv")
    work_it_off()
    sheet = fresh(sheet)
    assert (sheet.state, sheet.ready_count) == (ImportState.CHECKED, 1)
    assert [note.code for note in sheet.told_notes] == ["read_as_gb18030"]


def test_a_producer_has_so_many_unfinished_files_at_most(goods, zhang):
    for place in range(MAX_OPEN):
        stage(goods, zhang, workbook([batch_row(goods, place)]))
    with pytest.raises(Refused) as no:
        stage(goods, zhang, workbook([batch_row(goods, 99)]))
    assert no.value.errors[0].code == "too_many_imports"


def test_files_that_wait_for_thirty_days_are_given_up(goods, zhang):
    sheet = checked(goods, zhang, batch_rows(goods, 2))
    assert actions.forget_imports(now=NOW) == 0
    assert actions.forget_imports(now=fresh(sheet).updated_at + KEPT_FOR + timedelta(days=1)) == 1
    assert (fresh(sheet).state, SheetRow.objects.count()) == (ImportState.DISCARDED, 0)


def test_rows_of_a_season_with_a_quota_are_held_against_what_the_rows_before_them_leave(goods, zhang):
    books = the_books(goods, a_ceiling(3_000))
    rows = [[*row, books.quota.season.name] for row in batch_rows(goods, 3)]
    sheet = checked(goods, zhang, rows, (*HEADER, "产季"))
    assert (sheet.ready_count, faults_of(sheet)) == (2, {("over_entitlement", "quantity"): (4,)})
    assert left(books.row) == {"entitlement": 3_000_000, "label_right": 3_000_000}
    commit(sheet, zhang, leave_out=True)
    assert left(books.row) == {"entitlement": 600_000, "packed": 2_400_000, "label_right": 3_000_000}
    assert set(LedgerTransaction.objects.exclude(batch=None).values_list("batch", flat=True)) == set(
        Batch.objects.values_list("pk", flat=True)
    )


def test_entries_that_come_in_one_statement_cannot_overdraw_an_account_between_them(goods):
    books = the_books(goods, a_ceiling(3_000))
    posted = [LedgerTransaction.objects.get(batch=books.batch(litres)) for litres in (100, 200)]
    account = LedgerAccount.objects.get(kind="processed")
    entries = [
        LedgerEntry(transaction=row, account=account, amount=amount)
        for row, amount in zip(posted, (5, -6), strict=True)
    ]
    with pytest.raises(DatabaseError, match="ledger_account_not_overdrawn"), transaction.atomic():
        LedgerEntry.objects.bulk_create(entries)


def test_a_check_that_was_killed_begins_anew_and_counts_each_row_once(goods, zhang):
    sheet = stage(goods, zhang, workbook(batch_rows(goods, CHUNK + 5)))

    class Killed(Exception):
        pass

    readings = iter(range(100))

    def clock():
        if next(readings) == 3:
            raise Killed
        return NOW

    with pytest.raises(Killed):
        actions.check_import(number=sheet.number, tell_time=clock)
    assert fresh(sheet).state == ImportState.CHECKING
    work_it_off()
    assert (fresh(sheet).ready_count, SheetRow.objects.count()) == (CHUNK + 5, CHUNK + 5)


def test_entering_twice_enters_once(goods, zhang):
    sheet = checked(goods, zhang, batch_rows(goods, 4))
    actions.commit_import(sheet=sheet, leave_out=False, actor=zhang, now=NOW)
    for _ in range(2):
        actions.enter_import(number=sheet.number, tell_time=lambda: NOW)
    assert Batch.objects.count() == 4
    with pytest.raises(Refused):
        actions.commit_import(sheet=sheet, leave_out=False, actor=zhang, now=NOW)
    with pytest.raises(Refused):
        actions.discard_import(sheet=sheet, actor=zhang, now=NOW)
