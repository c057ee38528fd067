"""Counts of checks by cell: whatever is counted, however many count at once, they are the number of the checks."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models import Count, F, Sum

from gi_registry.ogc import versions
from tests.build_trace import a_check, a_sender, checks_forgotten, the_goods
from tests.cast import NOW, TODAY, assemble
from trace import actions
from trace.features import CHECKS
from trace.models import BatchTally, Check, CheckCount
from trace.rules.batches import BatchState
from trace.rules.verdicts import Verdict

THREADS = 8


@pytest.fixture
def goods(goods):
    actions.make_partitions(today=TODAY)
    return goods


def a_verdict(batch, verdict, network):
    actions.record_check(lot=batch.number, verdict=verdict, sender=a_sender(network), now=NOW)


def counts():
    return dict(CheckCount.objects.values_list("key", "count"))


def agree():
    """Whether the three figures of checks are one: rows, tallies and counts by cell, each day for itself."""
    days = dict(Check.objects.values_list("checked_on").annotate(n=Count("*")))
    rolled = dict(CheckCount.objects.values_list("day").annotate(n=Sum("count")))
    tallies = BatchTally.objects.aggregate(n=Sum("count"))["n"] or 0
    return days == rolled and tallies == sum(days.values())


@pytest.mark.django_db
def test_a_check_adds_one_to_the_cell_of_its_goods_and_a_repeated_one_nothing(goods):
    batch = goods.batch()
    a_check(batch)
    a_check(batch)
    a_check(batch, network=1)
    title = goods.register.title.number
    assert counts() == {f"{batch.cell.name}-20261122-{title}-registered-140121": 2}
    assert agree()


@pytest.mark.django_db
def test_a_repeated_check_moves_no_data_version(goods):
    batch = goods.batch()
    a_check(batch)
    before = versions.version_of(CHECKS)
    a_check(batch)
    assert versions.version_of(CHECKS) == before
    a_check(batch, network=1)
    assert versions.version_of(CHECKS) != before


@pytest.mark.django_db
def test_days_and_verdicts_are_counted_apart_and_lots_of_a_cell_together(goods):
    one, other = goods.batch(), goods.batch()
    a_check(one)
    a_check(other)
    a_check(one, now=NOW + timedelta(days=1))
    a_verdict(one, Verdict.CHECKED_OFTEN, 7)
    assert sorted(CheckCount.objects.values_list("day", "verdict", "count")) == [
        (TODAY, "checked_often", 1),
        (TODAY, "registered", 2),
        (TODAY + timedelta(days=1), "registered", 1),
    ]
    assert agree()


@pytest.mark.django_db
def test_goods_without_a_site_are_counted_without_a_place(goods):
    draft = goods.batch(BatchState.DRAFT, sites=())
    a_check(draft)
    a_check(draft, network=1)
    (row,) = CheckCount.objects.all()
    assert (row.cell_id, row.count, row.key[:5]) == (None, 2, "none-")
    assert agree()


@pytest.mark.django_db
def test_summing_anew_finds_nothing_where_all_is_well_and_mends_what_is_wrong(goods):
    batch = goods.batch()
    for network in range(5):
        a_check(batch, network)
        a_verdict(batch, Verdict.CHECKED_OFTEN, 20 + network)
    right = counts()
    assert actions.roll_up_checks(since=TODAY, until=TODAY) == []
    CheckCount.objects.filter(verdict="registered").update(count=F("count") + 4)
    CheckCount.objects.filter(verdict="checked_often").delete()
    stray = CheckCount.objects.create(
        cell=batch.cell, day=TODAY, title=goods.register.title, verdict="recalled", division_code="140121", count=9
    )
    found = {one.key.split("-")[3]: (one.was, one.count) for one in actions.roll_up_checks(since=TODAY, until=TODAY)}
    assert found == {"registered": (9, 5), "checked_often": (0, 5), "recalled": (9, 0)}
    assert counts() == right
    assert not CheckCount.objects.filter(pk=stray.pk).exists()
    assert actions.roll_up_checks(since=TODAY, until=TODAY) == []


@pytest.mark.django_db
def test_a_day_whose_checks_are_dropped_keeps_its_counts(goods):
    batch = goods.batch()
    a_check(batch)
    month = TODAY.replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE trace_check DETACH PARTITION trace_check_{month:%Y_%m}")
        cursor.execute(f"DROP TABLE trace_check_{month:%Y_%m}")
    assert actions.roll_up_checks(since=TODAY, until=TODAY) == []
    assert list(counts().values()) == [1]


@pytest.mark.django_db
def test_the_command_sums_the_days_asked_and_tells_what_it_mended(goods):
    a_check(goods.batch())
    CheckCount.objects.update(count=3)
    out, said = StringIO(), StringIO()
    call_command("roll_up_checks", "--since", "2026-11-01", "--until", "2026-11-30", stdout=out, stderr=said)
    assert "1 differed" in out.getvalue()
    assert "3 -> 1" in said.getvalue()
    with pytest.raises(CommandError):
        call_command("roll_up_checks", "--since", "2026-11-30", "--until", "2026-11-01")


def count_lots(worker, lots, gate):
    """Five devices of this worker's own check every lot, odd workers in one order and even ones in the other."""
    gate.wait()
    new = 0
    for turn in range(5):
        for lot in lots if worker % 2 else reversed(lots):
            sender = a_sender(worker * 5 + turn)
            new += actions.record_check(lot=lot, verdict=Verdict.REGISTERED, sender=sender, now=NOW).is_new
    connections.close_all()
    return new


def sum_anew(gate):
    gate.wait()
    found = sum(len(actions.roll_up_checks(since=TODAY, until=TODAY)) for _ in range(10))
    connections.close_all()
    return found


@pytest.mark.django_db(transaction=True)
def test_eight_that_count_lots_of_one_cell_at_once_lose_nothing_and_never_lock_each_other():
    """And while they do, the counts are summed anew beneath them, and nothing is found wrong."""
    with checks_forgotten():
        goods = the_goods(assemble())
        lots = [goods.batch().number for _ in range(6)]
        gate = threading.Barrier(THREADS + 1)
        with ThreadPoolExecutor(THREADS + 1) as pool:
            counting = [pool.submit(count_lots, worker, lots, gate) for worker in range(THREADS)]
            summing = pool.submit(sum_anew, gate)
            new = sum(each.result(timeout=60) for each in counting)
            assert summing.result(timeout=60) == 0
        assert new == THREADS * 5 * len(lots)
        assert list(counts().values()) == [new]
        assert agree()


@pytest.mark.django_db
def test_checks_of_years_are_filled_in_by_the_same_sum(goods):
    batch = goods.batch()
    actions.make_partitions(today=date(2025, 3, 1))
    for days in (0, 600):
        a_check(batch, now=NOW - timedelta(days=days))
    before = counts()
    CheckCount.objects.all().delete()
    assert len(actions.roll_up_checks(since=date(2000, 1, 1), until=TODAY)) == 2
    assert counts() == before
