"""Processes that die in the middle, and several at once: no gap, no entry twice, one root for a size."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, replace
from itertools import cycle
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from gi_registry.lib.access import Actor
from gi_registry.openlog import entries, tree
from gi_registry.openlog.actions import PUBLISHER, SEQUENCER, Event, put_in_order, record
from gi_registry.openlog.bucket import Bucket
from gi_registry.openlog.models import Checkpoint, Entry, Waiting
from gi_registry.openlog.notes import Note
from gi_registry.openlog.store import Store, history_path
from tests.build_buckets import a_door
from tests.build_openlog import a_log, logged, say
from tests.cast import NOW
from tests.database import environment
from tests.house.tree import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = ("in order", "begin", "tile -1", "tile 0", "tile 1", "signed", "kept", "history", "checkpoint")
ROUNDS = 200


@contextmanager
def dying(place: str) -> Iterator[Callable[[str, int], bool]]:
    """``(step, after)``: a round of work in a process that dies there; whether it was killed."""
    command = [sys.executable, "-m", "tests.dying", place]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment(), cwd=ROOT, text=True, **pipes) as process:

        def die_at(step: str, after: int) -> bool:
            process.stdin.write(f"{step} {after}\n")
            process.stdin.flush()
            told = int(process.stdout.readline())
            no_lock_is_left()
            return told == signal.SIGKILL

        yield die_at


def no_lock_is_left(patience_s: float = 60.0) -> None:
    """The database has noticed that whoever held a lock of the log is dead: the log goes on within so many seconds."""
    held = """
        SELECT a.pid, a.state, a.wait_event, a.query FROM pg_locks l JOIN pg_stat_activity a USING (pid)
         WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32 | l.objid::bigint) = ANY (%s)
           AND a.datname = current_database()"""
    until = time.monotonic() + patience_s
    while True:
        with connection.cursor() as cursor:
            cursor.execute(held, [[SEQUENCER, PUBLISHER]])
            holders = cursor.fetchall()
        if not holders:
            return
        assert time.monotonic() < until, holders
        time.sleep(0.002)


def whole(place: Path | Store, said: int) -> None:
    """Everything that was said stands in the log once, and every checkpoint ever signed is of this log."""
    log = a_log(place)
    found = logged()
    assert list(Entry.objects.order_by("index").values_list("index", flat=True)) == list(range(said))
    assert sorted(entries.read(data)["facts"]["number"] for data in found) == list(range(said))
    assert log.published().size == said
    assert log.published().root == tree.root(found)
    frontier, roots = tree.Frontier(), [tree.EMPTY]
    for data in found:
        frontier.add(tree.leaf_hash(data))
        roots.append(frontier.root())
    for row in Checkpoint.objects.all():
        assert bytes(row.root) == roots[row.size]
        assert log.claim(Note.read(log.store.read(history_path(row.size)))).root == roots[row.size]


@pytest.fixture(params=["folder", "bucket"])
def told(request, tmp_path):
    """Where a log is, for a process of its own; the same for us; and how often to kill."""
    if request.param == "folder":
        yield str(tmp_path / "log"), tmp_path / "log", ROUNDS
        return
    with a_door() as door:
        bucket = door.settings()
        yield json.dumps(asdict(bucket)), Bucket(bucket), 2 * len(STEPS)


def test_killed_at_every_step_many_times_the_log_has_no_gap_and_no_second_root(told):
    (place, store, rounds), said, killed = told, 0, 0
    with dying(place) as die_at:
        for number, step in zip(range(rounds), cycle(STEPS), strict=False):
            fresh = (3, 120, 1, 260)[number // len(STEPS) % 4]
            say(fresh, start=said)
            said += fresh
            killed += die_at(step, number % 2 if step == "tile 0" else 0)
    assert killed > rounds * 2 // 3
    a_log(store).go_on(NOW)
    assert not Waiting.objects.exists()
    whole(store, said)


def test_two_sequencers_and_two_publishers_at_once_make_one_log(tmp_path):
    folder, done = tmp_path / "log", threading.Event()

    def work() -> None:
        try:
            log = a_log(folder)
            while not done.is_set():
                log.go_on(NOW)
        finally:
            connections.close_all()

    def speak(start: int) -> None:
        try:
            for number in range(start, start + 40):
                say(start=number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        workers = [pool.submit(work) for _ in range(2)]
        for speaker in [pool.submit(speak, start) for start in (0, 40, 80, 120)]:
            speaker.result()
        done.set()
        for worker in workers:
            worker.result()
    a_log(folder).go_on(NOW)
    whole(folder, 160)


def test_a_second_sequencer_steps_aside():
    say()
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            assert put_in_order(published=0) == 1
            entered.set()
            assert leave.wait(30)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    assert entered.wait(30)
    say(start=1)
    assert put_in_order(published=0) == 0
    leave.set()
    holder.join()
    assert put_in_order(published=0) == 1


def test_a_disk_that_is_full_leaves_no_checkpoint_without_its_files(tmp_path):
    class Full(type(a_log(tmp_path).store)):  # type: ignore[misc]
        room = 3

        def write_once(self, path: str, data: bytes) -> None:
            if not self.room:
                raise OSError(28, "No space left on device", path)
            Full.room -= 1
            super().write_once(path, data)

    log = a_log(tmp_path / "log")
    say(300)
    with pytest.raises(OSError, match="No space"):
        replace(log, store=Full(log.store.root)).go_on(NOW)
    assert log.published().size == 0
    log.go_on(NOW)
    whole(tmp_path / "log", 300)


def test_an_event_is_recorded_with_what_happened_or_not_at_all():
    with pytest.raises(RuntimeError, match="or not at all"):
        record([Event("batch.released", "batch:1", NOW)], actor=Actor.SYSTEM, now=NOW)
