"""The open log: what it costs a registration to say something, how soon that can be proven, and a log of a million entries."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from statistics import median
from threading import Event as Flag
from threading import Thread
from typing import Any

from django.db import transaction

from gi_registry.accounts.models import Membership
from gi_registry.accounts.queries import actor_of
from gi_registry.bench import database
from gi_registry.bench.report import Figure
from gi_registry.bench.workers import at_once
from gi_registry.lib import clock
from gi_registry.lib.access import Actor, RoleKind
from gi_registry.openlog import keys
from gi_registry.openlog.actions import Event, record
from gi_registry.openlog.fsck import differences
from gi_registry.openlog.models import Entry
from gi_registry.openlog.notes import Checkpoint, Note
from gi_registry.openlog.queries import Published
from gi_registry.openlog.store import CHECKPOINT, Folder
from trace.actions import batches
from trace.actions.content import Content
from trace.models import Batch
from trace.rules.batches import BatchState
from trace.rules.dates import BatchDates
from trace.rules.quantities import QuantityUnit

CLIENTS, TURN_S, TURNS = 8, 4, 6
START_S = 15  # until the slowest of the processes stands
ENTRIES, STEP, PROOFS = 1_000_000, 50_000, 5_000
RATE, WATCHED_S = 10, 40
PATIENCE_S = 60.0
ABOUT = f"""What the log adds to a business transaction: eight clients register batches, {TURNS} turns of {TURN_S} seconds with what is said to
the open log and {TURNS} without, so that both meet the same machine. Then transactions that say one thing and do nothing else. Then a log of
{ENTRIES:,} entries, put in order and published in steps of {STEP:,}: proofs of entries drawn at random, each read from the files, and the
check of everything. Last, eight clients say {RATE} things a second each while the publisher runs as `./gi` runs it: from the commit until a
checkpoint over it is published.
"""
Say = Callable[[str], None]
Told = dict[str, Any]


def measure(say: Say) -> list[Figure]:
    """Cost, speed, proofs, the check of everything, and the delay of publishing."""
    with database.fresh() as (url, _), tempfile.TemporaryDirectory() as folder:
        given = _a_log(Path(folder))
        return [*_cost(say, url, given), *_large(say, url, given), *_delay(say, url, given, Path(folder, "log"))]


def _a_log(folder: Path) -> dict[str, str]:
    """The settings of a log of its own, for the processes of the measurement."""
    keys.make(folder / "key.pem")
    files = {"GI_OPENLOG_DIR": str(folder / "log"), "GI_OPENLOG_KEY": str(folder / "key.pem")}
    return {**files, "GI_OPENLOG_ORIGIN": "bench.example/log"}


def _of_clients(url: str, given: Mapping[str, str], name: str) -> list[Any]:
    begin = time.time() + START_S
    return at_once("openlog", url, [[name, place, begin] for place in range(CLIENTS)], given)


def _cost(say: Say, url: str, given: Mapping[str, str]) -> list[Figure]:
    told = _of_clients(url, given, "register")
    logged, silent = (sorted(wait for one in told for wait in one[name]) for name in ("logged", "silent"))
    added = (median(logged) / median(silent) - 1) * 100
    beside = (
        f"medians {median(logged):.1f} and {median(silent):.1f} ms, p99 {_p99(logged):.1f} and {_p99(silent):.1f} ms"
    )
    say(f"registering with the log and without: {beside}: {added:+.1f} %")
    waits = sorted(wait for one in _of_clients(url, given, "insert") for wait in one)
    rate = len(waits) / TURN_S
    say(f"outbox: {rate:,.0f} events/s with {CLIENTS} clients, p99 {_p99(waits):.1f} ms")
    return [
        Figure(f"added to registering a batch, {CLIENTS} clients", added, "%", None, "<= 10 %", beside),
        Figure(f"outbox, {CLIENTS} clients", rate, "events/s", None, "", f"p99 {_p99(waits):.1f} ms"),
    ]


def _large(say: Say, url: str, given: Mapping[str, str]) -> list[Figure]:
    told = at_once("openlog", url, [["grow"]], given)[0]
    proofs, size, rate = sorted(told["proofs"]), told["size"], STEP / median(told["steps"])
    say(f"{size:,} entries: {rate:,.0f}/s, proof p99 {_p99(proofs):.2f} ms, all checked in {told['fsck']:.0f} s")
    return [
        Figure("put in order and published", rate, "entries/s", None, "", f"slowest step {max(told['steps']):.1f} s"),
        Figure(f"proof among {size:,}, p99", _p99(proofs), "ms", None, "< 50 ms", f"median {median(proofs):.2f} ms"),
        Figure(f"openlog_fsck of {size:,}", told["fsck"], "s", None, "< 300 s", f"{told['memory']:.0f} MB"),
    ]


def _delay(say: Say, url: str, given: Mapping[str, str], folder: Path) -> list[Figure]:
    seen: list[tuple[float, int]] = []
    over, environment = Flag(), {**os.environ, **given, "DATABASE_URL": url}
    command = [sys.executable, "manage.py", "openlog_publish", "--loop"]
    publisher = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
    watcher = Thread(target=_watch, args=(Folder(folder), seen, over))
    watcher.start()
    try:
        told = [one for client in _of_clients(url, given, "say") for one in client]
    finally:
        over.set()
        watcher.join()
        publisher.terminate()
        publisher.wait()
    waits = sorted(next(at for at, size in seen if size > index) - said for index, said in told)
    say(f"{len(waits):,} events: provable after {median(waits):.1f} s, p99 {_p99(waits):.1f} s")
    return [
        Figure("from the commit to a proof, p99", _p99(waits), "s", None, "< 10 s", f"median {median(waits):.1f} s")
    ]


def _watch(store: Folder, seen: list[tuple[float, int]], over: Flag) -> None:
    """When the published log first had which size, seen from outside."""
    while not over.wait(0.02):
        size = Checkpoint.read(Note.read(store.read(CHECKPOINT)).text).size
        if not seen or size > seen[-1][1]:
            seen.append((time.time(), size))


def _p99(waits: list[float]) -> float:
    return waits[int(len(waits) * 0.99)]


# --- in the processes ---


def work(name: str, *given: str) -> None:
    """One of the processes; its answer as JSON."""
    json.dump(JOBS[name](*map(float, given)), sys.stdout)


def _register(place: float, begin: float) -> Told:
    """Milliseconds that it took to register, in turns with and without the log."""
    (actor, content), told = _model(int(place)), Told(logged=[], silent=[])
    log_batches = batches.log_batches
    for turn in range(2 * TURNS):
        name = "silent" if turn % 2 else "logged"
        batches.log_batches = _say_nothing if turn % 2 else log_batches
        _until(begin + turn * TURN_S)
        while time.time() < begin + (turn + 1) * TURN_S:
            asked = time.perf_counter()
            batches.draft_batch(content=content, actor=actor, now=clock.now(), register=True)
            told[name].append((time.perf_counter() - asked) * 1000)
    return told


def _say_nothing(*args: Any, **told: Any) -> None:
    """In the place of telling the log."""


def _model(place: int) -> tuple[Actor, Content]:
    """A batch that may be registered again and again, and by whom: of another authorisation for each client while there are enough,
    as those of one wait for each other."""
    staff = {one.organisation_id: one.user for one in Membership.objects.filter(role=RoleKind.PRODUCER.value)}
    rows = Batch.objects.filter(state=BatchState.RELEASED.value, season=None, producer__organisation__in=staff)
    rows = rows.select_related("form", "authorisation", "producer")
    found = list({row.authorisation_id: row for row in rows.order_by("pk")}.values())
    row = found[place % len(found)]
    content = Content(
        form=row.form,
        authorisation=row.authorisation,
        sites=tuple(row.sites.all()),
        dates=BatchDates(**{name: getattr(row, name) for name in BatchDates.__slots__}),
        quantity=row.quantity,
        quantity_unit=QuantityUnit(row.quantity_unit),
    )
    return actor_of(staff[row.producer.organisation_id]), content


def _insert(place: float, begin: float) -> list[float]:
    """Milliseconds of transactions that say one thing."""
    _until(begin)
    waits: list[float] = []
    while (asked := time.time()) < begin + TURN_S:
        _tell([f"I{place:.0f}N{len(waits)}"])
        waits.append((time.time() - asked) * 1000)
    return waits


def _grow() -> Told:
    """A log of so many entries: seconds of each step, milliseconds of each proof, seconds of the check."""
    log, steps = keys.our_log(), []
    log.go_on(clock.now())
    while (size := log.published().size) < ENTRIES:
        fresh = min(STEP, ENTRIES - size)
        for start in range(0, fresh, 2_000):
            _tell([f"G{size + place}" for place in range(start, min(start + 2_000, fresh))])
        began = time.perf_counter()
        log.go_on(clock.now())
        steps.append(time.perf_counter() - began)
    chance, proofs = Random(1), []  # noqa: S311 - which entries are asked for is no secret
    for _ in range(PROOFS):
        index, began = chance.randrange(size), time.perf_counter()
        published = Published.of(log.store)
        if published is None or not str(published.proof(index)):
            raise RuntimeError(f"no proof of entry {index}")
        proofs.append((time.perf_counter() - began) * 1000)
    began = time.perf_counter()
    if found := next(differences(log), None):
        raise RuntimeError(f"the log is not whole: {found}")
    fsck, memory = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"size": size, "steps": steps[:-1] or steps, "proofs": proofs, "fsck": fsck, "memory": memory}


def _say(place: float, begin: float) -> list[tuple[int, float]]:
    """Where each of the things said came to stand, and when it was committed."""
    said: dict[str, float] = {}
    for turn in range(RATE * WATCHED_S):
        _until(begin + turn / RATE)
        name = f"S{place:.0f}N{turn}"
        _tell([name])
        said[f"batch:{name}"] = time.time()
    end = time.time() + PATIENCE_S
    while time.time() < end:
        found = dict(Entry.objects.filter(object__in=said).values_list("object", "index"))
        if len(found) == len(said):
            time.sleep(2)  # the last of them are published
            return [(index, said[name]) for name, index in found.items()]
        time.sleep(1)
    raise RuntimeError("not everything that was said was put in order")


JOBS: Mapping[str, Callable[..., Any]] = {"register": _register, "insert": _insert, "grow": _grow, "say": _say}


@transaction.atomic
def _tell(names: list[str]) -> None:
    """Events as a registration tells them."""
    now = clock.now()
    facts = {"state": BatchState.REGISTERED.value, "indication": "shanxi-aged-vinegar", "gtin": "9521234567897"}
    secret = {"quantity": "1200.000", "unit": "kilogram", "product": "7K3QX9PA28"}
    events = [Event("batch.registered", f"batch:{name}", now, {"lot": name, **facts}, secret) for name in names]
    record(events, actor=Actor.SYSTEM, now=now)


def _until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.time()))
