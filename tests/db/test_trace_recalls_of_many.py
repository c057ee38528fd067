"""Recalls of thousands of batches: all of them or none, whoever asks at once, and each told in its history."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic, sleep

import pytest
from django.db import DatabaseError, connection, transaction

from gi_registry.lib.history import history_of
from gi_registry.lib.problems import Refused
from tests.build_trace import Goods
from tests.cast import NOW
from trace import actions
from trace.models import Batch, Recall, RecallHold, RecallItem
from trace.queries import check
from trace.reach import Scope
from trace.rules.recalls import RecallScope
from trace.rules.typed import read_typed

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 3_000
# As many lots of one cask as stand for a year's bottling: by their own steps they would take minutes.
_LOTS = """
INSERT INTO trace_batch (number, {names}) SELECT 'MANY' || lpad(n::text, 6, '0'), {names}
FROM trace_batch, generate_series(1, %s) n WHERE id = %s
"""
_LINKS = """
INSERT INTO trace_batchlink (number, parent_id, child_id, kind, quantity, unit, valid_from, confirmed_at, version, created_at, updated_at)
SELECT 'LINK' || lpad(id::text, 6, '0'), %s, id, 'transformation', 0.1, 'litre', now(), now(), 1, now(), now()
FROM trace_batch WHERE number LIKE 'MANY%%'
"""


def a_cask_of_many(goods: Goods) -> Batch:
    """A released batch of which MANY others were made."""
    cask = goods.batch()
    names = ", ".join(field.column for field in Batch._meta.concrete_fields if field.name not in ("id", "number"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_LOTS.format(names=names), [MANY, cask.pk])
        cursor.execute(_LINKS, [cask.pk])
    return cask


def opened(cask: Batch, actor) -> Recall:
    scope = Scope(RecallScope.BATCH, cask.producer, cask.division_code, batch=cask)
    return actions.open_recall(scope=scope, actor=actor, now=NOW, reason="检出超标")


def states() -> dict[str, int]:
    return dict(Counter(Batch.objects.values_list("state", flat=True)))


def at_once(*tasks) -> list[str]:
    """Each task on a connection of its own, all let go together: how each ended."""
    gate = Barrier(len(tasks))

    def run(task) -> str:
        try:
            gate.wait()
            task()
        except Refused as refused:
            return refused.errors[0].code
        except DatabaseError as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(tasks)) as pool:
        return sorted(pool.map(run, tasks))


def test_thousands_are_held_given_back_and_recalled_and_each_history_says_by_whom(goods, cast):
    cask = a_cask_of_many(goods)
    one = Batch.objects.get(number="MANY000007")
    recall = opened(cask, cast.li.actor)
    assert states() == {"on_hold": MANY + 1}
    assert check(read_typed(cask.number), now=NOW)["verdict"] == "on_hold"
    actions.withdraw_recall(recall=recall, actor=cast.li.actor, now=NOW, reason="复检合格")
    assert states() == {"released": MANY + 1}
    actions.confirm_recall(recall=opened(cask, cast.li.actor), actor=cast.wang.actor, now=NOW)
    assert states() == {"recalled": MANY + 1}
    assert RecallItem.objects.filter(is_moved=True, was="released").count() == MANY + 1
    assert check(read_typed(cask.number), now=NOW)["verdict"] == "recalled"
    one.refresh_from_db()
    led_to = [{change["field"]: change["after"] for change in event["changes"]}["state"] for event in history_of(one)]
    assert led_to == ["recalled", "on_hold", "released", "on_hold"]
    told = [(event["who"], event["why"]) for event in history_of(one)]
    assert told == [
        (cast.wang.actor.name, "检出超标"),
        (cast.li.actor.name, "检出超标"),
        (cast.li.actor.name, "复检合格"),
        (cast.li.actor.name, "检出超标"),
    ]


def test_a_recall_whose_connection_dies_in_the_middle_leaves_nothing_half_held(goods, cast):
    cask = a_cask_of_many(goods)
    last = Batch.objects.order_by("-pk")[0]

    def die() -> None:
        """Whoever waits for our batch has locked all the others: it is ended there, as with a server that is killed."""
        with transaction.atomic(), connection.cursor() as cursor:
            Batch.objects.select_for_update().get(pk=last.pk)
            until = monotonic() + 60
            killed = False
            while not killed and monotonic() < until:
                sleep(0.05)
                cursor.execute(
                    "SELECT bool_or(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
                )
                killed = bool(cursor.fetchone()[0])

    assert at_once(lambda: opened(cask, cast.li.actor), die) == ["OperationalError", "done"]
    assert states() == {"released": MANY + 1}
    assert not Recall.objects.exists()
    assert not RecallHold.objects.exists()
    opened(cask, cast.li.actor)
    assert states() == {"on_hold": MANY + 1}


def test_two_who_call_back_the_same_at_once_both_do_and_neither_waits_for_ever(goods, cast):
    cask = a_cask_of_many(goods)
    own = Batch.objects.get(number="MANY000009")
    assert (
        at_once(
            lambda: opened(cask, cast.li.actor),
            lambda: opened(own, cast.zhang.actor),
            lambda: opened(cask, cast.wang.actor),
        )
        == ["done"] * 3
    )
    assert states() == {"on_hold": MANY + 1}
    first, second = Recall.objects.filter(batch=cask)
    assert at_once(
        lambda: actions.confirm_recall(recall=first, actor=cast.lin.actor, now=NOW),
        lambda: actions.confirm_recall(recall=second, actor=cast.lin.actor, now=NOW),
    ) == ["done", "nothing_to_recall"]
    assert states() == {"recalled": MANY + 1}
    assert RecallItem.objects.filter(is_moved=True).count() == MANY + 1
