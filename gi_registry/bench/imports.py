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
from gi_registry.bench.report import Figure
from gi_registry.lib import clock
from trace import actions
from trace.models import Batch, SheetImport
from trace.rules.imports import ImportKind, ImportState

ROWS = 10_000
ABOUT = f"""An xlsx of {ROWS:,} batches of the demo's producer, taken through the steps of a worker in one process: read, every row weighed
and kept (the preview), then all rows registered in one transaction, by the rules of one batch. The season of the batches has no quota.
Memory is the largest that the process held.
"""


def measure(say: Callable[[str], None]) -> list[Figure]:
    """Seconds until the preview stands and until everything is registered."""
    with database.fresh() as (url, card):
        told = _run(url, card)
    check, enter = told["check"], told["enter"]
    say(f"{ROWS:,} rows: checked in {check:.1f} s, registered in {enter:.1f} s, {told['memory']:.0f} MB at most")
    return [
        Figure(f"spreadsheet, {ROWS:,} rows checked", check, "s"),
        Figure(f"spreadsheet, {ROWS:,} rows registered", enter, "s"),
        Figure("spreadsheet, memory of the worker", told["memory"], "MB"),
    ]


def _run(url: str, card: dict[str, Any]) -> dict[str, float]:
    """In a process of its own on the database that is measured."""
    code = "import sys, django; django.setup(); from gi_registry.bench import imports; imports.work(*sys.argv[1:])"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gi_registry.settings"}
    producer = next(account["username"] for account in card["accounts"] if account["role"] == "producer")
    command = [sys.executable, "-c", code, producer, card["batch"]["number"]]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)  # noqa: S603
    return json.loads(done.stdout)


def work(username: str, number: str) -> None:
    """Bring in copies of a batch, and write down how long it took."""
    batch = Batch.objects.select_related("form", "producer__organisation").get(number=number)
    given = {"producer": batch.producer, "kind": ImportKind.BATCHES, "file_name": "bench.xlsx"}
    actor = actor_of(User.objects.get(username=username))
    sheet = actions.stage_import(**given, data=_workbook(batch), actor=actor, now=clock.now())
    check = _timed(lambda: actions.check_import(number=sheet.number, tell_time=clock.now))
    actions.commit_import(sheet=sheet, leave_out=False, actor=actor, now=clock.now())
    enter = _timed(lambda: actions.enter_import(number=sheet.number, tell_time=clock.now))
    ended = SheetImport.objects.get(pk=sheet.pk)
    if (ended.state, ended.entered_count) != (ImportState.DONE, ROWS):
        raise RuntimeError(f"not entered: {ended.state}, {ended.groups}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"check": check, "enter": enter, "memory": memory}, sys.stdout)


def _timed(step: Callable[[], None]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def _workbook(batch: Batch) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sites = ";".join(site.number for site in batch.sites.order_by("pk"))
    sheet.write_row(
        0, 0, ["form", "sites", "produced_on", "quantity", "quantity_unit", "producer_lot", "authorisation"]
    )
    told = [batch.form.number, sites, batch.produced_on.isoformat(), float(batch.quantity), batch.quantity_unit]
    for row in range(1, ROWS + 1):
        sheet.write_row(row, 0, [*told, f"BENCH-{row:06}", batch.authorisation.number])
    book.close()
    return out.getvalue()
