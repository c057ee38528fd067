"""A spreadsheet of ten thousand rows: how long until it is checked, and until all of it is entered."""

import io
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from gi_registry.accounts.models import User
from gi_registry.accounts.queries import actor_of
from gi_registry.bench import database
from gi_registry.bench.ledger import grant, quota_for
from gi_registry.bench.report import Figure
from gi_registry.bench.workers import at_once
from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from products.actions.indications import open_season
from products.models import SeasonQuota
from trace import actions
from trace.actions.quota import standing_entitlement
from trace.models import Batch, SheetImport
from trace.rules.imports import ImportKind, ImportState

ROWS = 10_000
ABOUT = f"""An xlsx of {ROWS:,} rows of the demo's producer, taken through the steps of a worker in one process: read, every row weighed
and kept (the preview), then all rows entered in one transaction, by the rules of one. Batches: once where the season has no quota, and
once where each is also posted to the books of its season. Memory is the largest that a process held.
"""
CASES = {
    "batches": "rows",
    "booked": "rows of a season with a quota",
    "harvests": "harvests",
}


def measure(say: Callable[[str], None]) -> list[Figure]:
    """Seconds until the preview stands and until everything is entered."""
    figures, memory = [], 0.0
    with database.fresh() as (url, card):
        for case, name in CASES.items():
            told = _run(url, card, case)
            say(f"{ROWS:,} {name}: checked in {told['check']:.1f} s, registered in {told['enter']:.1f} s")
            figures.append(Figure(f"spreadsheet, {ROWS:,} {name} checked", told["check"], "s", target="< 10 s"))
            figures.append(Figure(f"spreadsheet, {ROWS:,} {name} registered", told["enter"], "s", target="< 15 s"))
            memory = max(memory, told["memory"])
    return [*figures, Figure("spreadsheet, memory of the worker", memory, "MB")]


def _run(url: str, card: dict[str, Any], case: str) -> dict[str, float]:
    """In a process of its own on the database that is measured."""
    producer = next(account["username"] for account in card["accounts"] if account["role"] == "producer")
    return at_once("imports", url, [[producer, card["batch"]["number"], case]])[0]


def work(username: str, number: str, case: str) -> None:
    """Bring in rows that are made from a batch, and write down how long it took. ``case``: one of ``CASES``."""
    batch = Batch.objects.select_related("form", "producer__organisation", "indication").get(number=number)
    kind, rows = ImportKind.BATCHES, _batches(batch, "")
    if case == "booked":
        rows = _batches(batch, _quota_of(batch, case, batch.produced_on).season.name)
    if case == "harvests":
        kind, rows = ImportKind.HARVESTS, _harvests(_quota_of(batch, case, batch.produced_on + timedelta(days=1)))
    given = {"producer": batch.producer, "kind": kind, "file_name": "bench.xlsx"}
    actor = actor_of(User.objects.get(username=username))
    sheet = actions.stage_import(**given, data=_workbook(rows), actor=actor, now=clock.now())
    check = _timed(lambda: actions.check_import(number=sheet.number, tell_time=clock.now))
    actions.commit_import(sheet=sheet, leave_out=False, actor=actor, now=clock.now())
    enter = _timed(lambda: actions.enter_import(number=sheet.number, tell_time=clock.now))
    ended = SheetImport.objects.get(pk=sheet.pk)
    if (ended.state, ended.entered_count) != (ImportState.DONE, ROWS):
        raise RuntimeError(f"not entered: {ended.state}, {ended.groups}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"check": check, "enter": enter, "memory": memory}, sys.stdout)


def _quota_of(batch: Batch, name: str, day: date) -> SeasonQuota:
    """Much for the producer to bring to market on a day."""
    days = dict.fromkeys(("opens_on", "closes_on"), day)
    by = {"actor": Actor.SYSTEM, "now": clock.now()}
    season = open_season(indication=batch.indication, name=name, **days, **by)
    quota = quota_for(season)
    standing_entitlement(quota=quota, producer=batch.producer, now=clock.now())
    grant(quota, batch.producer_id)
    return quota


def _timed(step: Callable[[], None]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


Table = Iterator[Sequence[Any]]


def _batches(batch: Batch, season: str) -> Table:
    yield ["form", "sites", "produced_on", "quantity", "quantity_unit", "producer_lot", "authorisation", "season"]
    sites = ";".join(site.number for site in batch.sites.order_by("pk"))
    told = [batch.form.number, sites, batch.produced_on.isoformat(), float(batch.quantity), batch.quantity_unit]
    for row in range(1, ROWS + 1):
        yield [*told, f"BENCH{season}-{row:06}", batch.authorisation.number, season]


def _harvests(quota: SeasonQuota) -> Table:
    yield ["season", "quantity", "quantity_unit", "note"]
    for row in range(1, ROWS + 1):
        yield [quota.season.number, 12.5, quota.raw_unit, f"ticket {row:06}"]


def _workbook(rows: Table) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    book.close()
    return out.getvalue()
