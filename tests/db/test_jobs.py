"""Work that is put off is queued with what asks for it, done once by a worker, and not lost with one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app

from gi_registry.lib.jobs import job, later
from gi_registry.lib.models import AnsweredRequest
from tests.build_jobs import waiting, work_it_off
from tests.cast import NOW


@job("tests.note")
def note(*, key: str) -> None:
    """Leaves a trace that can be counted."""
    AnsweredRequest.claim(identity="system", key=key, fingerprint=b"", now=NOW)


def noted() -> list[str]:
    return list(AnsweredRequest.objects.order_by("key").values_list("key", flat=True))


def worker() -> None:
    """One worker as operators start it, until nothing waits; in a thread, as a browser's loop may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(call_command, "procrastinate", "worker", "--one-shot").result()
        thread.submit(connections.close_all).result()


@pytest.mark.django_db
def test_a_job_falls_with_the_transaction_that_asked_for_it():
    with transaction.atomic():
        later("tests.note", lock="a", key="a")
        assert waiting() == ["tests.note"]
        transaction.set_rollback(True)
    assert waiting() == []


@pytest.mark.django_db
def test_a_job_is_done_once_with_what_it_was_given():
    later("tests.note", lock="a", key="a")
    later("tests.note", lock="a", key="b")
    assert (work_it_off(), work_it_off()) == (2, 0)
    assert noted() == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_what_waits_and_keeps_nothing_of_it():
    later("tests.note", lock="a", key="a")
    worker()
    assert noted() == ["a"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tests.note'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_dead_worker_is_done_by_the_next_one():
    later("tests.note", lock="a", key="a")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [cursor.fetchone()[0]])
    app.configure_task("lib.give_on_stalled").defer(timestamp=0)
    worker()
    worker()
    assert noted() == ["a"]
