"""Reports of consumers in the database: closed once with an answer, erased in time, and never changed otherwise."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from gi_registry.lib import clock
from gi_registry.lib.history import history_of
from gi_registry.lib.problems import Forbidden, Invalid, Refused
from tests.build_codes import an_issuance, code_of
from tests.build_copies import spread
from tests.build_reports import NOBODYS, a_photo, a_report
from tests.build_trace import a_sender, the_goods
from tests.cast import NOW, TODAY
from trace import actions, queries
from trace.models import Alert, Report, ReportPhoto, UnitReport, UnitTally
from trace.rules.copies import Reason
from trace.rules.reports import KEPT_DAYS, MAX_ANSWER, ReportState
from trace.rules.typed import of_lot

pytestmark = pytest.mark.django_db
ERASED = NOW + timedelta(days=KEPT_DAYS, seconds=1)


@pytest.fixture
def report(cast):
    return a_report(the_goods(cast).batch().number, photo=a_photo())


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def close(report, person, answer="已核查。", now=NOW):
    return actions.close_report(report=report, answer=answer, actor=person.actor, now=now)


def test_a_report_is_closed_once_with_an_answer_and_its_history_says_by_whom(cast, report):
    closed = close(report, cast.li)
    assert (closed.state, closed.answer, closed.closed_at, closed.version) == ("closed", "已核查。", NOW, 2)
    with pytest.raises(Refused) as error:
        close(report, cast.wang)
    assert error.value.errors[0].code == "already_closed"
    last = history_of(closed)[0]
    assert last["who"] == "李清徐"
    assert {change["field"] for change in last["changes"]} == {"state", "answer", "closed_at"}


@pytest.mark.parametrize(("answer", "code"), [(" ", "answer_missing"), ("长" * (MAX_ANSWER + 1), "too_long")])
def test_an_answer_that_says_nothing_or_too_much_is_refused(cast, report, answer, code):
    with pytest.raises(Invalid) as error:
        close(report, cast.li, answer)
    assert (error.value.errors[0].pointer, error.value.errors[0].code) == ("/answer", code)


@pytest.mark.parametrize("who", ["gao", "zhao", "chen", "zhang", "feng", "sun", "ma", "hu"])
def test_nobody_closes_a_report_but_the_regulators_of_the_place(cast, report, who):
    with pytest.raises(Forbidden):
        close(report, getattr(cast, who))


def test_who_sees_reports_role_by_role(cast, report):
    nowhere = a_report(NOBODYS)
    seen = {
        name: {"made here": report, "of nowhere": nowhere}.keys()
        & {
            name
            for name, row in (("made here", report), ("of nowhere", nowhere))
            if Report.objects.visible_to(person.actor).filter(pk=row.pk).exists()
        }
        for name, person in cast.everyone().items()
    }
    both, here, none = {"made here", "of nowhere"}, {"made here"}, set()
    assert seen == {
        "lin": both,
        "sun": both,
        "wang": here,
        "li": here,
        "gao": none,
        "zhao": none,
        "chen": none,
        "zhang": none,
        "feng": none,
        "ma": none,
        "hu": none,
    }


# --- erasing ---


def test_half_a_year_after_its_answer_all_that_was_typed_is_erased_and_the_count_stays(cast, report):
    still_open = a_report(NOBODYS, photo=a_photo())
    close(report, cast.li)
    assert actions.erase_reports(now=NOW + timedelta(days=KEPT_DAYS)) == 0
    assert actions.erase_reports(now=ERASED) == 1
    report.refresh_from_db()
    assert (report.lot, report.code, report.words, report.contact) == ("", "", "", "")
    assert (report.kind, report.batch_id is None, report.division_code) == ("tampered", False, "140121")
    assert (report.state, report.answer, report.erased_at) == ("closed", "已核查。", ERASED)
    assert list(ReportPhoto.objects.values_list("report", flat=True)) == [still_open.pk]
    assert Report.objects.count() == 2
    assert actions.erase_reports(now=ERASED) == 0


def test_nothing_of_what_was_erased_is_left_in_the_history(cast, report):
    close(report, cast.li)
    actions.erase_reports(now=ERASED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, '') FROM trace_reportevent e")
        kept = cursor.fetchone()[0]
    assert report.words not in kept
    assert report.contact not in kept


def test_erasing_takes_the_oldest_first_and_no_more_than_it_is_told(cast, report):
    other = a_report(NOBODYS)
    close(report, cast.lin, now=NOW)
    close(other, cast.lin, now=NOW - timedelta(days=1))
    assert actions.erase_reports(now=ERASED, most=1) == 1
    assert Report.objects.get(erased_at__isnull=False) == other


def test_the_daily_command_erases_reports(cast, report):
    close(report, cast.li, now=clock.now() - timedelta(days=KEPT_DAYS + 1))
    out = StringIO()
    call_command("daily", stdout=out)
    assert "reports erased: 1" in out.getvalue()


# --- the unit that is reported ---


@pytest.fixture
def issuance(goods):
    actions.make_partitions(today=TODAY)
    return an_issuance(goods, goods.batch())


def report_unit(issuance, index=0, network=0, words="瓶盖没有封膜。", now=NOW):
    unit, lot = (issuance.pk, index), issuance.batch.number
    return a_report(f"{lot}/{code_of(issuance, index)}", words=words, unit=unit, sender=a_sender(network), now=now)


def test_a_unit_is_marked_as_reported_once_a_device_and_day_and_its_grade_stays(issuance):
    for words in ("瓶盖没有封膜。", "瓶底没有生产日期。"):
        report_unit(issuance, words=words)
    assert (Report.objects.count(), UnitReport.objects.count()) == (2, 1)
    report_unit(issuance, network=1)
    for day in range(1, 40):
        report_unit(issuance, now=NOW + timedelta(days=day))
    assert UnitReport.objects.count() == 41
    kept = UnitTally.objects.get()
    assert (kept.unit_index, kept.grade, kept.reasons, kept.rule_version) == (0, 0, [Reason.REPORTED], 1)
    assert (kept.count, kept.first_hour) == (0, None)
    assert not Alert.objects.exists()
    assert queries.check(of_lot(issuance.batch.number, code_of(issuance)), now=NOW)["unit"]["reasons"] == []


def test_a_report_stands_in_the_alert_that_the_checks_of_its_unit_give_rise_to(issuance):
    spread(issuance, 3)
    assert Reason.REPORTED not in Alert.objects.get().reasons
    report_unit(issuance)
    spread(issuance)
    alert = Alert.objects.get(unit_index=0)
    assert {Reason.MANY_PLACES, Reason.REPORTED} <= set(alert.reasons)
    report_unit(issuance, 3)
    assert UnitTally.objects.get(unit_index=3).grade == 2


def test_a_replay_gives_the_same_with_reports_and_misses_one_that_is_gone(issuance):
    report_unit(issuance)
    spread(issuance, 1)
    report_unit(issuance, 1, now=NOW + timedelta(hours=2))
    found = actions.replay_grades()
    assert (found.units, found.differences) == (2, ())
    UnitTally.objects.filter(unit_index=0).update(signs=0, reasons=[])
    (wrong,) = actions.replay_grades().differences
    assert (wrong.unit, wrong.kept.reasons, wrong.replayed.reasons) == ((issuance.pk, 0), (), (Reason.REPORTED,))


def test_the_same_form_sent_twice_and_a_report_that_is_refused_mark_nothing_more(issuance):
    unit, about = (issuance.pk, 0), f"{issuance.batch.number}/{code_of(issuance)}"
    for network in range(2):
        a_report(about, once="a-form", unit=unit, sender=a_sender(network))
    assert UnitReport.objects.count() == 1
    with pytest.raises(Invalid):
        a_report(about, words=" ", unit=unit, sender=a_sender(5))
    assert UnitReport.objects.count() == 1


@pytest.mark.parametrize("statement", ["UPDATE trace_unitreport SET reported_hour = 0", "DELETE FROM trace_unitreport"])
def test_that_a_unit_was_reported_stays(issuance, statement):
    report_unit(issuance)
    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        run(statement)


# --- the wall ---


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("state = 'closed'", "report_closed_with_an_answer"),
        ("state = 'lost'", "cannot go from"),
        ("answer = 'x'", "report_closed_with_an_answer"),
        ("erased_at = now(), lot = '', code = '', words = '', contact = ''", "report_erased_when_closed"),
        ("words = 'other'", "a report is never changed"),
        ("contact = ''", "a report is never changed"),
        ("division_code = '140727'", "a report is never changed"),
        ("batch_id = NULL", "a report is never changed"),
        ("number = '7K3QX9PA28'", "a report is never changed"),
        ("kind = 'murder'", "a report is never changed"),
    ],
)
def test_an_open_report_is_only_answered(report, change, said):
    with pytest.raises(DatabaseError, match=said):
        run(f"UPDATE trace_report SET {change}")  # noqa: S608 - our own words


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("state = 'received', closed_at = NULL, answer = ''", "cannot go from closed"),
        ("answer = 'x'", "a report is never changed"),
        ("closed_at = now()", "a report is never changed"),
        ("erased_at = now()", "report_erased_when_closed"),
    ],
)
def test_a_closed_report_is_only_erased(cast, report, change, said):
    close(report, cast.li)
    with pytest.raises(DatabaseError, match=said):
        run(f"UPDATE trace_report SET {change}")  # noqa: S608 - our own words


def test_no_report_begins_closed_and_none_is_deleted(report):
    with pytest.raises(DatabaseError, match="Cannot delete"):
        run("DELETE FROM trace_report")
    report.pk, report.number = None, "000000001T"
    report.state, report.answer, report.closed_at = ReportState.CLOSED, "x", NOW
    with pytest.raises(DatabaseError, match="cannot begin as closed"), transaction.atomic():
        report.save()
