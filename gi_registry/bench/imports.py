"""A spreadsheet of ten thousand batches: how long until it is checked, and until all of it is registered."""

import io
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import xlsxwriter

from gi_registry.accounts.models import User
from gi_registry.accounts.queries import actor_of
from gi_registry.bench import database
from gi_registry.bench.ledger import grant, quota_for
from gi_registry.bench.report import Figure
from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from products.actions.indications import open_season
from trace import actions
from trace.models import Batch, SheetImport
from trace.rules.imports import ImportKind, ImportState

ROWS = 10_000
ABOUT = f"""An xlsx of {ROWS:,} batches of the demo's producer, taken through the steps of a worker in one process: read, every row weighed
and kept (the preview), then all rows registered in one transaction, by the rules of one batch: once where the season has no quota, and
once where each of the batches is also posted to the books of its season. Memory is the largest that a process held.
"""


def measure(say: Callable[[str], None]) -> list[Figure]:
    """Seconds until the preview stands and until everything is registered."""
    with database.fresh() as (url, card):
        plain, booked = (_run(url, card, books) for books in ("", "books"))
    for name, told in (("no quota", plain), ("with a quota", booked)):
        say(f"{ROWS:,} rows, {name}: checked in {told['check']:.1f} s, registered in {told['enter']:.1f} s")
    return [
        Figure(f"spreadsheet, {ROWS:,} rows checked", plain["check"], "s"),
        Figure(f"spreadsheet, {ROWS:,} rows registered", plain["enter"], "s"),
        Figure(f"spreadsheet, {ROWS:,} rows of a season with a quota checked", booked["check"], "s"),
        Figure(f"spreadsheet, {ROWS:,} rows of a season with a quota registered", booked["enter"], "s"),
        Figure("spreadsheet, memory of the worker", max(plain["memory"], booked["memory"]), "MB"),
    ]


def _run(url: str, card: dict[str, Any], books: str) -> dict[str, float]:
    """In a process of its own on the database that is measured."""
    code = "import sys, django; django.setup(); from gi_registry.bench import imports; imports.work(*sys.argv[1:])"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gi_registry.settings"}
    producer = next(account["username"] for account in card["accounts"] if account["role"] == "producer")
    command = [sys.executable, "-c", code, producer, card["batch"]["number"], books]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)  # noqa: S603
    return json.loads(done.stdout)


def work(username: str, number: str, books: str) -> None:
    """Bring in copies of a batch, and write down how long it took. ``books``: anything, for a season with a quota."""
    batch = Batch.objects.select_related("form", "producer__organisation", "indication").get(number=number)
    given = {"producer": batch.producer, "kind": ImportKind.BATCHES, "file_name": "bench.xlsx"}
    actor = actor_of(User.objects.get(username=username))
    data = _workbook(batch, _season_with_quota(batch) if books else "")
    sheet = actions.stage_import(**given, data=data, actor=actor, now=clock.now())
    check = _timed(lambda: actions.check_import(number=sheet.number, tell_time=clock.now))
    actions.commit_import(sheet=sheet, leave_out=False, actor=actor, now=clock.now())
    enter = _timed(lambda: actions.enter_import(number=sheet.number, tell_time=clock.now))
    ended = SheetImport.objects.get(pk=sheet.pk)
    if (ended.state, ended.entered_count) != (ImportState.DONE, ROWS):
        raise RuntimeError(f"not entered: {ended.state}, {ended.groups}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"check": check, "enter": enter, "memory": memory}, sys.stdout)


def _season_with_quota(batch: Batch) -> str:
    """Much for the producer to bring to market on the day of the batch."""
    days = {"opens_on": batch.produced_on, "closes_on": batch.produced_on}
    by = {"actor": Actor.SYSTEM, "now": clock.now()}
    season = open_season(indication=batch.indication, name="bench", **days, **by)
    quota = quota_for(season)
    grant(quota, batch.producer_id)
    return season.name


def _timed(step: Callable[[], None]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def _workbook(batch: Batch, season: str) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sites = ";".join(site.number for site in batch.sites.order_by("pk"))
    sheet.write_row(
        0, 0, ["form", "sites", "produced_on", "quantity", "quantity_unit", "producer_lot", "authorisation", "season"]
    )
    told = [batch.form.number, sites, batch.produced_on.isoformat(), float(batch.quantity), batch.quantity_unit]
    for row in range(1, ROWS + 1):
        sheet.write_row(row, 0, [*told, f"BENCH{season}-{row:06}", batch.authorisation.number, season])
    book.close()
    return out.getvalue()
