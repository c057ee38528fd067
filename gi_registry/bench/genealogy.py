"""Lineages among a million batches: how long a trace both ways takes, and the preview of a recall of two hundred thousand."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from gi_registry.bench import database
from gi_registry.bench.report import Figure
from gi_registry.lib.access import Actor
from trace.lineage import genealogy_of
from trace.models import Batch
from trace.reach import Scope, parties_of, reach_of
from trace.rules.recalls import RecallScope

BATCHES, LINKS = 1_000_000, 3_000_000
HUB_LOTS, CASES_A_LOT = 20_000, 9  # of one input: 20,000 lots, nine cases each
TRACES, PREVIEWS = 2_000, 5
ABOUT = """1,000,000 batches and 3,000,000 links between them: harvests, five to a process lot, four of those to a bottling, five of those
to a case, cases on pallets; and one input that went into 20,000 lots of nine cases each. A trace goes both ways from a batch and brings
batches, quantities and links, as the API tells them, asked on one connection in the process; so is the preview of a recall.
"""
# (first, how many, inputs each, first of their inputs, how many of those): by their place among the batches, oldest first.
HARVESTS, PROCESSED, BOTTLED, CASES = 170_000, 160_000, 160_000, 240_000
_LAYER = """
INSERT INTO trace_batchlink (number, parent_id, child_id, kind, quantity, unit, valid_from, confirmed_at, version, created_at, updated_at)
SELECT 'X' || lpad((%(serial)s + row_number() OVER ())::text, 9, '0'), parent.id, child.id, 'blend', 1, 'litre', now(), now(), 1, now(), now()
FROM (
    SELECT DISTINCT n, %(below)s + (n * %(below_count)s / %(count)s + (random() * %(window)s)::int + %(window)s * k) %% %(below_count)s AS of
    FROM generate_series(0::bigint, %(count)s - 1) n, generate_series(1, %(each)s) k
) made
JOIN placed child ON child.place = %(first)s + n
JOIN placed parent ON parent.place = of
"""
_HUB = """
INSERT INTO trace_batchlink (number, parent_id, child_id, kind, quantity, unit, valid_from, confirmed_at, version, created_at, updated_at)
SELECT 'Y' || lpad(n::text, 9, '0'), parent.id, child.id, 'transformation', 1, 'litre', now(), now(), 1, now(), now()
FROM generate_series(1, %(lots)s * (1 + %(cases)s)) n
JOIN placed child ON child.place = %(first)s + n
JOIN placed parent ON parent.place = %(first)s + CASE WHEN n <= %(lots)s THEN 0 ELSE (n - %(lots)s - 1) / %(cases)s + 1 END
"""
Say = Callable[[str], None]


def measure(say: Say) -> list[Figure]:
    """p95 of traces from batches drawn at random, and the preview of the hub."""
    with database.fresh() as (url, _):
        database.fill(url, BATCHES)
        hub, links = _link(url)
        say(f"{links:,} links among {BATCHES:,} batches")
        with _asking(url):
            return [*_traces(say), *_previews(say, hub)]


def _link(url: str) -> tuple[int, int]:
    """The layers and the hub: key of the hub, and how many links there are."""
    first, serial = 0, 0
    layers = [(PROCESSED, 5, HARVESTS), (BOTTLED, 4, PROCESSED), (CASES, 5, BOTTLED)]
    with database.connect(url) as server, server.transaction(), server.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(
            "CREATE TEMP TABLE placed ON COMMIT DROP AS"
            " SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM trace_batch"
        )
        cursor.execute("CREATE UNIQUE INDEX ON placed (place)")
        cursor.execute("ANALYZE placed")
        for count, each, below_count in layers:
            given = {"below": first, "below_count": below_count, "first": first + below_count, "count": count}
            cursor.execute(_LAYER, {**given, "each": each, "window": 3, "serial": serial})
            first, serial = first + below_count, serial + count * each
        hub = first + CASES
        cursor.execute(_HUB, {"first": hub, "lots": HUB_LOTS, "cases": CASES_A_LOT})
        _pallets(cursor, first, hub + HUB_LOTS * (1 + CASES_A_LOT) + 1, serial)
        cursor.execute("SELECT id FROM placed WHERE place = %s", [hub])
        (key,) = cursor.fetchone()
        links = cursor.execute("SELECT count(*) FROM trace_batchlink").fetchone()[0]
        cursor.execute("SET LOCAL session_replication_role = origin")
    with database.connect(url) as server:
        server.execute("VACUUM (ANALYZE) trace_batchlink")
        server.execute("VACUUM (ANALYZE) trace_batch")
    return key, links


def _pallets(cursor: psycopg.Cursor, cases: int, first: int, serial: int) -> None:
    """The batches that are left hold as many cases each as there are links left."""
    (there,) = cursor.execute("SELECT count(*) FROM trace_batchlink").fetchone()
    count = BATCHES - first
    given = {"below": cases, "below_count": CASES, "first": first, "count": count, "window": 3, "serial": serial}
    cursor.execute(_LAYER, {**given, "each": -(-(LINKS - there) // count)})


@contextmanager
def _asking(url: str) -> Iterator[None]:
    """Our own connection, led to the measured database and back."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = urlsplit(url).path.lstrip("/")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _traces(say: Say) -> list[Figure]:
    chance, times, sizes = Random(7), [], []  # noqa: S311
    low, high = _ends()
    # The hub's own goods are left out: they are measured below, and their lineages are short.
    linked = Batch.objects.filter(pk__in={chance.randint(low, high) for _ in range(TRACES)})
    for batch in linked:
        begun = time.perf_counter()
        told = genealogy_of(batch, Actor.SYSTEM)
        times.append((time.perf_counter() - begun) * 1_000)
        sizes.append(len(told.back) + len(told.forward))
    middle, high95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    beside = f"median {middle:.1f} ms; {statistics.median(sizes):.0f} batches in the middle one, {max(sizes):,} in the largest"
    say(f"trace both ways: p95 {high95:.1f} ms, {beside}")
    return [Figure(f"trace both ways, p95 of {len(times):,}", high95, "ms", None, "< 20 ms", beside)]


def _ends() -> tuple[int, int]:
    first = Batch.objects.order_by("pk").values_list("pk", flat=True).first()
    last = first + HARVESTS + PROCESSED + BOTTLED + CASES
    return first, last


def _previews(say: Say, hub: int) -> list[Figure]:
    times = []
    batch = Batch.objects.select_related("producer__organisation").get(pk=hub)
    scope = Scope(RecallScope.BATCH, batch.producer, batch.division_code, batch=batch)
    for _ in range(PREVIEWS):
        begun = time.perf_counter()
        told = reach_of(scope)
        parties_of(told, scope, Actor.SYSTEM)
        times.append((time.perf_counter() - begun) * 1_000)
    took = statistics.median(times)
    say(f"preview of {told.batches:,} batches: {took:.0f} ms")
    beside = f"{told.batches:,} batches, {len(told.makers)} parties"
    return [Figure("preview of a recall", took, "ms", None, "< 1,000 ms", beside)]
