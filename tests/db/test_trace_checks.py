"""Checks: what is counted, what is kept, and what is destroyed."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from tests.build_trace import a_check
from tests.cast import NOW, TODAY
from trace import actions, queries
from trace.models import BatchTally, Check, DeviceKey
from trace.rules.batches import BatchState
from trace.rules.typed import read_typed
from trace.rules.verdicts import Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods(goods):
    actions.make_partitions(today=TODAY)
    return goods


def partitions():
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'trace_check'::regclass")
        return {name for (name,) in cursor.fetchall()}


def test_one_device_counts_once_a_day_and_again_the_next(goods):
    batch = goods.batch()
    assert (a_check(batch).count, a_check(batch).is_new) == (1, False)
    assert a_check(batch, network=1).count == 2
    tomorrow = a_check(batch, now=NOW + timedelta(days=1))
    assert (tomorrow.count, tomorrow.is_new, tomorrow.first_on) == (3, True, TODAY)


def test_the_tally_is_the_number_of_rows(goods):
    batch = goods.batch()
    for network in range(30):
        a_check(batch, network=network % 20)
    assert Check.objects.filter(lot=batch.number).count() == BatchTally.objects.get(batch=batch).count == 20


def test_a_check_keeps_day_hour_province_and_a_token_and_nothing_else(goods):
    batch = goods.batch()
    a_check(batch)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_json(c)::text FROM trace_check c")
        (row,) = cursor.fetchone()
    assert "198.18" not in row
    assert "iPhone" not in row
    check = Check.objects.get()
    assert (check.checked_on, check.checked_hour, check.province) == (TODAY, 12, "山西")


def test_the_day_of_a_check_is_the_day_in_china(goods):
    late = NOW.replace(hour=17)
    assert a_check(goods.batch(), now=late).first_on == TODAY + timedelta(days=1)


def test_keys_of_past_days_are_destroyed(goods):
    batch = goods.batch()
    for days in (3, 2, 1, 0):
        a_check(batch, now=NOW - timedelta(days=days))
    assert actions.destroy_old_keys(now=NOW) == 2
    assert set(DeviceKey.objects.values_list("day", flat=True)) == {TODAY, TODAY - timedelta(days=1)}
    assert actions.destroy_old_keys(now=NOW) == 0


def test_each_day_has_its_own_key_and_tokens_part_with_it(goods):
    batch = goods.batch()
    a_check(batch)
    a_check(batch, now=NOW + timedelta(days=1))
    assert len(set(Check.objects.values_list("device_token", flat=True))) == 2


def test_partitions_are_made_ahead_once_each_with_its_guard(goods):
    assert actions.make_partitions(today=date(2031, 11, 30)) == [
        "trace_check_2031_11",
        "trace_check_2031_12",
        "trace_check_2032_01",
        "trace_check_2032_02",
    ]
    assert actions.make_partitions(today=date(2031, 11, 1)) == []
    assert "trace_check_2032_02" in partitions()
    for statement in ("TRUNCATE trace_check_2031_12", "TRUNCATE trace_check"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_command_says_what_it_did(capsys):
    call_command("partitions")
    assert "device keys destroyed: 0" in capsys.readouterr().out


@pytest.mark.parametrize("statement", ["UPDATE trace_check SET province = 'x'", "DELETE FROM trace_check"])
def test_a_check_once_written_stays(goods, statement):
    a_check(goods.batch())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_check_costs_one_statement_whatever_was_typed(goods, django_assert_num_queries):
    batch = goods.batch()
    for typed in (
        batch.number,
        batch.link,
        "7K3QX9PA29",
        "7K3QX9PA28",
        "醋",
        "\x00",
        batch.number + "1D9TH0QM13JJ3CWHNDTQ",
    ):
        with django_assert_num_queries(1):
            queries.check(read_typed(typed), now=NOW)


def verdict_of(batch, now=NOW):
    return queries.check(read_typed(batch.number), now=now)["verdict"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (BatchState.DRAFT, Verdict.NOT_ISSUED),
        (BatchState.REGISTERED, Verdict.NOT_ACTIVATED),
        (BatchState.RELEASED, Verdict.REGISTERED),
        (BatchState.ON_HOLD, Verdict.ON_HOLD),
        (BatchState.RECALLED, Verdict.RECALLED),
        (BatchState.CLOSED, Verdict.REGISTERED),
        (BatchState.VOID, Verdict.VOIDED),
    ],
)
def test_every_state_reads_as_its_verdict(goods, state, expected):
    assert verdict_of(goods.batch(state)) == expected


def test_a_draft_that_was_voided_was_never_issued(goods):
    draft = goods.batch(BatchState.DRAFT)
    actions.void_batch(batch=draft, actor=goods.maker, now=NOW, reason="写错")
    assert verdict_of(draft) == Verdict.NOT_ISSUED


def test_time_review_and_many_checks_change_the_verdict(goods):
    batch = goods.batch(pack_count=5)
    assert verdict_of(batch, now=NOW.replace(year=2030)) == Verdict.PAST_BEST_BEFORE
    for network in range(21):
        a_check(batch, network=network)
    assert verdict_of(batch) == Verdict.CHECKED_OFTEN
    actions.open_review(batch=batch, actor=goods.maker, now=NOW, reason="投诉")
    assert verdict_of(batch) == Verdict.UNDER_REVIEW
