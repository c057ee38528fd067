"""Workers that are killed while they enter a file, of whatever kind: nothing of it is there, and the next worker enters all of it once."""

import signal
import subprocess
import sys

import pytest

from tests.build_jobs import work_it_off
from tests.build_products import QI_FIELD, a_site, an_authorisation
from tests.build_quota import a_ceiling, the_books
from tests.build_sheets import HEADER, batch_rows, checked, fresh
from tests.cast import NOW
from tests.database import environment
from trace import actions
from trace.models import Batch, LedgerEntry, LedgerTransaction, SheetRow, Transfer
from trace.rules.imports import CHUNK, ImportKind, ImportState, RowState
from trace.rules.ledger import PostingKind

pytestmark = pytest.mark.django_db(transaction=True)
# The clock is asked twice before the first rows, once after each five hundred, and when all is done but the commit.
_WORKER = """
import itertools, os, signal, sys, django
django.setup()
from gi_registry.lib import clock
from trace import actions
asked = itertools.count(1)
def tell_time():
    if next(asked) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return clock.now()
actions.enter_import(number=sys.argv[1], tell_time=tell_time)
"""


def batches(goods, books):
    return batch_rows(goods, CHUNK + 5), HEADER, Batch.objects.count


def harvests(goods, books):
    rows = [[books.quota.season.number, 1, "升", f"票 {place}"] for place in range(CHUNK + 5)]
    harvested = LedgerTransaction.objects.filter(kind=PostingKind.HARVEST.value)
    return rows, ("产季", "数量", "单位", "备注"), harvested.count


def transfers(goods, books):
    register = goods.register
    an_authorisation(register.feng, register.title, [a_site(register.feng, register.indication, box=QI_FIELD)])
    rows = [[books.quota.season.number, register.feng.number, "原料", 10 + place, "升"] for place in range(12)]
    return rows, ("产季", "转入方", "货品", "数量", "单位"), Transfer.objects.count


CASES = (
    (ImportKind.BATCHES, batches, (3, 4, 5)),
    (ImportKind.HARVESTS, harvests, (3, 4, 5)),
    (ImportKind.TRANSFERS, transfers, (3, 4)),
)


@pytest.mark.parametrize(("kind", "make", "moments"), CASES, ids=[str(case[0]) for case in CASES])
def test_a_worker_that_is_killed_leaves_nothing_and_the_next_enters_all_once(cast, goods, kind, make, moments):
    books = the_books(goods, a_ceiling(3_000)) if kind is not ImportKind.BATCHES else None
    (rows, header, there), zhang = make(goods, books), cast.zhang.actor
    sheet = checked(goods.register.zhang, kind, zhang, rows, header)
    assert sheet.ready_count == len(rows)
    actions.commit_import(sheet=sheet, leave_out=False, actor=zhang, now=NOW)
    before = there(), LedgerEntry.objects.count()
    for moment in moments:
        worker = subprocess.run(
            [sys.executable, "-c", _WORKER, sheet.number, str(moment)], env=environment(), check=False, timeout=120
        )
        assert worker.returncode == -signal.SIGKILL, f"it was to be killed at look {moment}"
        assert (there(), LedgerEntry.objects.count()) == before
        assert fresh(sheet).state == ImportState.ENTERING
        assert SheetRow.objects.filter(sheet=sheet, state=RowState.READY).count() == len(rows)
    work_it_off()
    done = fresh(sheet)
    assert (done.state, done.entered_count, there()) == (ImportState.DONE, len(rows), before[0] + len(rows))
    actions.enter_import(number=sheet.number, tell_time=lambda: NOW)
    assert there() == before[0] + len(rows)
