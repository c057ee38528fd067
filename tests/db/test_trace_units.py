"""Checks of units: counted once a device and day, graded as they come, told to officials, and the same when replayed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Sum

from tests.build_codes import an_issuance, code_of, say_of
from tests.build_copies import FAR, checked, looked_at, spread
from tests.build_reports import a_report
from tests.build_trace import a_check, a_sender, checks_forgotten, the_goods
from tests.cast import NOW, TODAY, assemble
from trace import actions, queries
from trace.actions import day_keys
from trace.actions.day_keys import held_keys
from trace.models import Alert, BatchTally, Check, CheckCount, PinTry, UnitReport, UnitTally
from trace.models.alerts import CHANNEL
from trace.rules.alerts import AlertKind
from trace.rules.batches import BatchState
from trace.rules.copies import Reason
from trace.rules.issuances import Activation, RangeKind
from trace.rules.pins import PinOutcome
from trace.rules.typed import of_lot
from trace.rules.verdicts import Verdict

THREADS = 8


@pytest.fixture
def goods(goods):
    actions.make_partitions(today=TODAY)
    return goods


@pytest.fixture
def issuance(goods):
    return an_issuance(goods, goods.batch(), has_pin=True)


def tried(issuance, index=0, network=0, is_right=False, now=NOW, province="山西"):
    sender = a_sender(network, province=province)
    return actions.try_pin(
        lot=issuance.batch.number, unit=(issuance.pk, index), is_right=is_right, sender=sender, now=now
    )


def unit(issuance, index=0):
    return UnitTally.objects.get(issuance=issuance, unit_index=index)


def told(issuance, index=0):
    return queries.check(of_lot(issuance.batch.number, code_of(issuance, index)), now=NOW)


def agree():
    """Whether the rows, the tallies of lots and the counts by cell are the same number of checks."""
    rows = Check.objects.count()
    lots = BatchTally.objects.aggregate(n=Sum("count"))["n"] or 0
    cells = CheckCount.objects.aggregate(n=Sum("count"))["n"] or 0
    return rows == lots == cells


# --- counting ---


@pytest.mark.django_db
def test_two_phones_count_two_and_a_reload_counts_nothing(issuance):
    assert (checked(issuance).count, checked(issuance).is_new) == (1, False)
    second = checked(issuance, network=1)
    assert (second.count, second.is_new, second.first_on) == (2, True, TODAY)
    assert checked(issuance, now=NOW + timedelta(days=1)).count == 3
    assert unit(issuance).count == 3


@pytest.mark.django_db
def test_a_check_of_a_unit_is_one_of_its_batch_and_units_are_counted_apart(issuance):
    checked(issuance, 0)
    checked(issuance, 1)
    assert a_check(issuance.batch).count == 3
    assert (unit(issuance, 0).count, unit(issuance, 1).count) == (1, 1)
    assert agree()


@pytest.mark.django_db
def test_two_units_checked_by_one_device_cannot_be_told_to_be(issuance):
    checked(issuance, 0)
    checked(issuance, 1)
    a_check(issuance.batch)
    assert len(set(Check.objects.values_list("device_token", flat=True))) == 3


@pytest.mark.django_db
def test_counting_costs_one_statement_for_a_lot_and_for_a_unit_and_the_key_of_the_day_one_an_hour(
    issuance, django_assert_num_queries
):
    for network in (1, 2):  # the first makes the key, the second takes hold of it
        a_check(issuance.batch, network=network)
    with django_assert_num_queries(1):
        a_check(issuance.batch, network=3)
    for network in (1, 2):
        kept = looked_at(issuance)
        with django_assert_num_queries(1):
            assert checked(issuance, network=network, kept=kept).count == network
    kept = looked_at(issuance)
    held_keys.forget()
    with django_assert_num_queries(2):
        checked(issuance, network=3, kept=kept)


@pytest.mark.django_db
def test_a_unit_that_was_counted_since_somebody_looked_is_counted_from_what_it_is_now(issuance):
    before = looked_at(issuance)
    assert checked(issuance, network=1, kept=before).count == 1
    between = looked_at(issuance)
    assert checked(issuance, network=2, kept=before).count == 2
    assert checked(issuance, network=3, kept=between).count == 3
    again = checked(issuance, network=3, kept=before)
    assert (again.is_new, again.count) == (False, 3)
    assert actions.replay_grades().differences == ()


def test_a_key_is_held_for_an_hour_and_then_forgotten_though_nobody_asks(monkeypatch):
    monkeypatch.setattr(day_keys, "HELD_S", 0.05)
    held = day_keys.HeldKeys()
    held.hold(NOW.date(), b"k")
    assert held.get(NOW.date()) == b"k"
    held._held[NOW.date()][1].join(10)
    assert held.get(NOW.date()) is None


@pytest.mark.django_db
def test_what_is_kept_of_a_unit_is_no_more_after_many_checks(issuance):
    def kept():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_column_size(t) FROM trace_unittally t WHERE unit_index = 0")
            return cursor.fetchone()[0]

    for network in range(6):
        checked(issuance, network=network)
    few = kept()
    for network in range(6, 40):
        checked(issuance, network=network)
    assert kept() == few


@pytest.mark.django_db
def test_the_answer_to_a_unit_tells_its_own_checks_and_no_finer_place_than_a_province(issuance):
    assert told(issuance)["checks"] == {"count": 0, "first_on": None, "first_province": None}
    checked(issuance)
    checked(issuance, network=1, province="广东")
    answer = told(issuance)
    assert answer["checks"] == {"count": 2, "first_on": "2026-11-22", "first_province": "山西"}
    assert answer["unit"] == {"reasons": [], "has_pin": True, "opened_on": None}
    assert told(issuance, 1)["checks"]["count"] == 0
    assert queries.check(of_lot(issuance.batch.number), now=NOW)["checks"]["count"] == 2


@pytest.mark.django_db
def test_without_its_partition_nothing_of_a_check_is_written(issuance):
    with pytest.raises(DatabaseError), transaction.atomic():
        checked(issuance, now=NOW.replace(year=2050))
    assert not UnitTally.objects.exists()


# --- grades and alerts ---


@pytest.mark.django_db
def test_a_code_seen_all_over_the_country_is_under_review_and_told_once(issuance):
    spread(issuance)
    kept = unit(issuance)
    assert (kept.grade, kept.reasons[0], kept.rule_version) == (2, Reason.MANY_PLACES, 1)
    alert = Alert.objects.get()
    assert (alert.kind, alert.unit_index, alert.checks, alert.places) == (AlertKind.COPIED_UNIT, 0, 5, 5)
    checked(issuance, network=9)
    assert Alert.objects.count() == 1
    answer = told(issuance)
    assert (answer["verdict"], answer["grade"]) == (Verdict.UNDER_REVIEW, 2)
    assert [reason["code"] for reason in answer["unit"]["reasons"]] == ["many_checks"]
    assert told(issuance, 1)["grade"] == 0


@pytest.mark.django_db
def test_a_unit_checked_often_at_home_says_so_and_alerts_nobody(issuance):
    for network in range(8):
        checked(issuance, network=network)
    assert (told(issuance)["verdict"], told(issuance)["grade"]) == (Verdict.CHECKED_OFTEN, 1)
    assert not Alert.objects.exists()


@pytest.mark.django_db
def test_more_evidence_is_added_to_the_open_alert_and_a_closed_one_stays_closed(issuance):
    spread(issuance)
    for _ in range(3):
        tried(issuance)
    alert = Alert.objects.get()
    assert {Reason.MANY_PLACES, Reason.WRONG_PINS} <= set(alert.reasons)
    Alert.objects.update(closed_at=NOW)
    tried(issuance, is_right=True)
    tried(issuance, network=1, is_right=True)
    assert Alert.objects.filter(closed_at=None).get().reasons == sorted(unit(issuance).reasons)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "reason"),
    [(BatchState.REGISTERED, Reason.BEFORE_RELEASE), (BatchState.RECALLED, Reason.AFTER_RECALL)],
)
def test_codes_that_should_be_on_no_market_alert_once_for_their_batch(goods, state, reason):
    batch = goods.batch(BatchState.REGISTERED)
    issuance = an_issuance(goods, batch)
    if state is BatchState.RECALLED:
        actions.release_batch(batch=batch, actor=goods.maker, now=NOW)
        actions.recall_batch(batch=batch, actor=goods.maker, now=NOW, reason="检出超标")
    for index in range(3):
        verdict = Verdict(told(issuance, index)["verdict"])
        checked(issuance, index, verdict=verdict)
    alert = Alert.objects.get()
    assert (alert.kind, alert.issuance_id, alert.reasons) == (AlertKind.UNSOLD_CHECKED, None, [reason])
    assert unit(issuance).grade == 2


@pytest.mark.django_db
def test_spoiled_and_unactivated_units_are_told_too(goods):
    issuance = an_issuance(goods, goods.batch(), activation=Activation.BY_RANGE)
    say_of(goods, issuance, RangeKind.SPOILED, 3)
    for index, expected in ((3, Verdict.VOIDED), (4, Verdict.NOT_ACTIVATED)):
        assert told(issuance, index)["verdict"] == expected
        checked(issuance, index, verdict=expected)
    assert Alert.objects.get().reasons == [Reason.BEFORE_RELEASE, Reason.WITHDRAWN]


@pytest.mark.django_db(transaction=True)
def test_whoever_listens_hears_of_an_alert_when_it_is_committed():
    with checks_forgotten():
        goods = the_goods(assemble())
        issuance = an_issuance(goods, goods.batch())
        with connections.create_connection("default").cursor() as listening:
            listening.execute(f"LISTEN {CHANNEL}")
            with transaction.atomic():
                spread(issuance)
                assert list(listening.connection.notifies(timeout=0.05)) == []
            heard = list(listening.connection.notifies(timeout=5, stop_after=1))
            listening.connection.close()
    assert [note.payload for note in heard] == list(Alert.objects.values_list("number", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", ["reasons = '{invented}'", "grade = 4", "kind = 'other'", "unit_index = NULL", "opened_at = now()"]
)
def test_the_database_refuses_alerts_outside_their_words(issuance, change):
    spread(issuance)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE trace_alert SET {change}")  # noqa: S608 - our own words


@pytest.mark.django_db
def test_officials_of_the_place_and_the_holder_see_an_alert_and_nobody_else(cast, issuance):
    spread(issuance)
    seen = {name for name, person in cast.everyone().items() if Alert.objects.visible_to(person.actor).exists()}
    assert seen == {"lin", "wang", "li", "sun", "chen"}


# --- PINs ---


@pytest.mark.django_db
def test_the_right_pin_opens_once_and_later_tells_the_day(issuance):
    first = tried(issuance, is_right=True)
    assert (first.outcome, first.opened_on, first.tries_left) == (PinOutcome.OPENED, TODAY, 4)
    again = tried(issuance, is_right=True, now=NOW + timedelta(days=3))
    assert (again.outcome, again.opened_on) == (PinOutcome.OPENED_BEFORE, TODAY)
    assert told(issuance)["unit"]["opened_on"] == "2026-11-22"
    assert (unit(issuance).grade, Alert.objects.get().reasons) == (2, [Reason.PIN_AGAIN])


@pytest.mark.django_db
def test_five_tries_are_all_and_what_was_typed_is_nowhere(issuance):
    left = [tried(issuance, network=network).tries_left for network in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert tried(issuance, is_right=True).outcome is PinOutcome.NO_TRIES_LEFT
    assert PinTry.objects.count() == 5
    assert unit(issuance).opened_hour is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'trace_pintry'")
        columns = {name for (name,) in cursor.fetchall()}
    assert columns == {
        "issuance_id", "unit_index", "number", "tried_hour", "province", "device_token", "is_right",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE trace_pintry SET is_right = true", "DELETE FROM trace_pintry"])
def test_a_try_once_written_stays(issuance, statement):
    tried(issuance)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# --- replay ---


@pytest.mark.django_db
def test_a_replay_of_all_events_gives_what_was_kept(issuance, capsys):
    spread(issuance)
    for days in range(3):
        later = NOW + timedelta(days=days)
        checked(issuance, 1, days, FAR[days], now=later)
        tried(issuance, 1, days, is_right=days > 0, now=later)
        checked(issuance, 1, 9, "云南", now=later + timedelta(hours=2))
    tried(issuance, 2)
    found = actions.replay_grades()
    assert (found.units, found.differences) == (3, ())
    call_command("replay_grades")
    assert "units replayed: 3, differing: 0" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_replay_names_what_differs(issuance):
    spread(issuance)
    checked(issuance, 1)
    UnitTally.objects.filter(unit_index=0).update(grade=1, reasons=[])
    UnitTally.objects.filter(unit_index=1).delete()
    found = {one.unit: one for one in actions.replay_grades().differences}
    assert (found[issuance.pk, 0].kept.grade, found[issuance.pk, 0].replayed.grade) == (1, 2)
    assert found[issuance.pk, 1].kept is None
    with pytest.raises(CommandError):
        call_command("replay_grades")


@pytest.mark.django_db
def test_units_of_months_that_are_gone_are_told_and_not_compared(issuance):
    checked(issuance)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE trace_check_{TODAY:%Y_%m}")
    found = actions.replay_grades()
    assert (found.units, found.past) == (0, 1)


# --- many at once ---


def check_units(worker, lot, issuance, gate):
    """Five devices of this worker's own check and report six units, odd workers in one order and even ones in the other."""
    gate.wait()
    new = 0
    for turn in range(5):
        for index in range(6) if worker % 2 else reversed(range(6)):
            network = worker * 5 + turn
            sender = a_sender(network, province=FAR[network % 5])
            kept = looked_at(issuance, index)  # by others at the same time too
            counted = actions.record_check(
                lot=lot, unit=(issuance.pk, index), verdict=Verdict.REGISTERED, sender=sender, now=NOW, kept=kept
            )
            new += counted.is_new
            actions.record_check(lot=lot, unit=(issuance.pk, index), verdict=Verdict.REGISTERED, sender=sender, now=NOW)
            a_report(lot, unit=(issuance.pk, index), sender=sender)
    connections.close_all()
    return new


def try_pins(worker, lot, issuance, gate):
    gate.wait()
    outcomes = [
        actions.try_pin(lot=lot, unit=(issuance.pk, 0), is_right=False, sender=a_sender(worker), now=NOW).outcome
        for _ in range(2)
    ]
    connections.close_all()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_eight_that_check_units_of_one_batch_at_once_lose_nothing_and_never_lock_each_other():
    with checks_forgotten():
        goods = the_goods(assemble())
        issuance = an_issuance(goods, goods.batch())
        gate = threading.Barrier(THREADS * 2)
        with ThreadPoolExecutor(THREADS * 2) as pool:
            args = (issuance.batch.number, issuance, gate)
            counting = [pool.submit(check_units, worker, *args) for worker in range(THREADS)]
            trying = [pool.submit(try_pins, worker, *args) for worker in range(THREADS)]
            new = sum(each.result(timeout=120) for each in counting)
            outcomes = [outcome for each in trying for outcome in each.result(timeout=120)]
        assert new == THREADS * 5 * 6
        assert set(UnitTally.objects.values_list("count", flat=True)) == {THREADS * 5}
        assert UnitReport.objects.count() == THREADS * 5 * 6
        assert agree()
        assert (PinTry.objects.count(), outcomes.count(PinOutcome.WRONG)) == (5, 4)
        assert outcomes.count(PinOutcome.NO_TRIES_LEFT) == 2 * THREADS - 4
        assert actions.replay_grades().differences == ()
        assert Alert.objects.filter(kind=AlertKind.COPIED_UNIT).count() == 6
