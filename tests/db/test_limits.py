"""Limits hold to the last request, however many processes serve and whatever a sender claims to be."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.lib import clock
from gi_registry.lib.addresses import network_of
from gi_registry.lib.limits import Limit, Shares, TooOften, require, shares, take
from gi_registry.lib.models import Allowance
from tests.cast import NOW, TODAY
from trace import actions
from trace.limits import BEACONS, BEACONS_OF_LOT, UNKNOWN
from trace.models import BatchTally, Check, CheckCount

pytestmark = pytest.mark.django_db
THREE = Limit("three", 3, 60)
TEN_IN_FIVES = Limit("ten", 10, 60, block=5)

# One serving process with sixteen clients, each of which invents where it comes from. Prints the answers it got.
PROCESS = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
import django
django.setup()
from django.db import connection
from django.test import Client
from gi_registry.lib import clock
instant = datetime.fromisoformat(sys.argv[1])
clock.now = lambda: instant
def ask(number):
    client = Client(headers={"X-Forwarded-For": f"198.51.{number}.7, 203.0.113.{number}"})
    try:
        return [client.get("/api/v1/trace/check", {"code": "7K3QX9PA29"}).status_code for _ in range(20)]
    finally:
        connection.close()
with ThreadPoolExecutor(16) as clients:
    print(json.dumps([status for answers in clients.map(ask, range(16)) for status in answers]))
"""


def test_what_is_allowed_is_given_and_not_one_more():
    assert [take(THREE, "a", now=NOW) for _ in range(5)] == [True, True, True, False, False]
    assert take(THREE, "b", now=NOW)
    assert take(THREE, "a", now=NOW + timedelta(seconds=60))


def test_shares_taken_in_blocks_come_to_the_same():
    assert [take(TEN_IN_FIVES, "a", now=NOW) for _ in range(12)] == [True] * 10 + [False] * 2


def test_a_second_process_gets_what_the_first_has_left():
    assert take(TEN_IN_FIVES, "a", now=NOW)
    shares.forget()  # as a process that has just begun
    assert [take(TEN_IN_FIVES, "a", now=NOW) for _ in range(7)] == [True] * 5 + [False] * 2


def test_who_is_refused_once_costs_no_further_statement(django_assert_num_queries):
    for _ in range(4):
        take(THREE, "a", now=NOW)
    with django_assert_num_queries(0):
        assert not take(THREE, "a", now=NOW)


def test_a_refusal_says_when_to_come_back():
    for _ in range(3):
        require(THREE, "a", now=NOW)
    with pytest.raises(TooOften) as refused:
        require(THREE, "a", now=NOW + timedelta(seconds=12))
    assert refused.value.wait == 60 - (int(NOW.timestamp()) + 12) % 60


def test_no_subject_can_be_read_from_the_table():
    take(THREE, "203.0.113.0/24", now=NOW)
    take(THREE, "203.0.113.0/24", now=NOW + timedelta(seconds=60))
    first, second = Allowance.objects.values_list("subject", flat=True)
    assert first != second


def test_stretches_that_have_ended_are_forgotten():
    take(THREE, "a", now=NOW)
    assert Allowance.forget(NOW) == 0
    assert Allowance.forget(NOW + timedelta(seconds=61)) == 1


def test_a_block_must_divide_the_limit():
    with pytest.raises(ValueError, match="does not divide"):
        Limit("odd", 10, 60, block=3)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=60))
def test_a_process_never_uses_more_than_it_took(steps):
    kept, taken, used = Shares(most=100), dict.fromkeys(range(4), 0), dict.fromkeys(range(4), 0)
    for subject, count in steps:
        if count:
            kept.add((subject, NOW), count)
            taken[subject] += count
        elif kept.use((subject, NOW)):
            used[subject] += 1
    assert all(used[subject] <= taken[subject] for subject in taken)


def test_what_a_process_remembers_is_bounded():
    kept = Shares(most=10)
    for subject in range(50):
        kept.add((subject, NOW), 5)
    assert sum(kept.use((subject, NOW)) is not None for subject in range(50)) == 10


def test_guessing_is_stopped_while_codes_that_exist_are_answered(client):
    def guess():
        return client.get("/api/v1/trace/check", {"code": "7K3QX9PA28"})

    for _ in range(UNKNOWN.most):
        assert guess().status_code == 200
    refused = guess()
    assert refused.status_code == 429
    assert refused.json()["code"] == "throttled"
    assert int(refused["Retry-After"]) > 0
    assert client.get("/api/v1/trace/check", {"code": "7K3QX9PA29"}).json()["verdict"] == "mistyped"
    page = client.get("/c/7K3QX9PA28", headers={"Accept": "text/html"})
    assert page.status_code == 429
    assert page["Retry-After"]


@pytest.mark.parametrize("full", [BEACONS, BEACONS_OF_LOT])
def test_beyond_its_limit_a_beacon_counts_nothing_and_others_are_counted(goods, client, monkeypatch, full):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    actions.make_partitions(today=TODAY)
    batch, other = goods.batch(), goods.batch()
    subject = batch.number if full is BEACONS_OF_LOT else network_of("127.0.0.1")
    assert all(take(full, subject, now=NOW) for _ in range(full.most - 1))

    def send(lot, address="127.0.0.1"):
        return client.post(f"/c/{lot}/seen", headers={"User-Agent": "Mozilla/5.0 (iPhone)"}, REMOTE_ADDR=address)

    assert (send(batch.number).status_code, BatchTally.objects.get(batch=batch).count) == (200, 1)
    refused = send(batch.number)
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert 0 < int(refused["Retry-After"]) <= full.seconds
    free = (other.number, "127.0.0.1") if full is BEACONS_OF_LOT else (batch.number, "198.18.7.9")
    assert send(*free).status_code == 200
    assert Check.objects.count() == CheckCount.objects.aggregate(n=Sum("count"))["n"] == 2


@pytest.mark.django_db(transaction=True)
def test_64_clients_of_4_processes_exceed_a_limit_by_none():
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url, "GI_LOOKS_A_MINUTE": "600"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, NOW.isoformat()], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
        )
        for _ in range(4)
    ]
    answers = []
    for process in started:
        told, failed = process.communicate(timeout=120)
        assert process.returncode == 0, failed.decode()
        answers += json.loads(told)
    assert len(answers) == 4 * 16 * 20
    assert set(answers) == {200, 429}
    assert 600 - 4 * 10 < answers.count(200) <= 600  # what a process took and did not use is lost, never doubled
