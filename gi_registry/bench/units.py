"""Goods for measuring checks: lots with unit codes that a ring of the bench signed, and units of them that were checked.

The rows are those that the actions leave: one of ``trace_check`` a check, one of ``trace_unittally`` a checked unit, the tally of
each batch. The root of an issuance is the only thing made up: nothing that is measured reads it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg import sql

from gi_registry.bench import database
from gi_registry.lib import clock
from gi_registry.lib.ids import new_number
from trace.codes import sources
from trace.codes.keyring import KeyRing
from trace.codes.sign import code_at
from trace.rules.copies import RULE_VERSION, hour_of
from trace.rules.provinces import bit_of
from trace.rules.verdicts import Verdict

EPOCH = "bench"
LOTS, UNITS = 1_000, 20_000  # of each lot half are checked in the end
DAYS = 180  # over which the checks are spread
PROVINCE = "山西"
ASKED_A_LOT = 5  # codes of units that were checked, and as many of units never checked

Cursor = psycopg.Cursor[Any]

_ISSUANCES = """
INSERT INTO trace_issuance (number, batch_id, ordinal, count, epoch, gtin, profile, has_pin, activation, state, prepared,
    root, issued_at, version, created_at, updated_at)
SELECT fresh.issuance, batch.id, 0, %(units)s, %(epoch)s, coalesce(nullif(form.gtin, ''), '-'), '', false, 'with_batch',
    'issued', %(units)s, decode(repeat('00', 32), 'hex'), now(), 1, now(), now()
FROM fresh JOIN trace_batch batch USING (number) JOIN trace_productform form ON form.id = batch.form_id
RETURNING gtin, (SELECT number FROM trace_batch WHERE id = batch_id)
"""
# Which units, and in which hour: some days ago, spread by a digest. Every fourth was checked on the next day again.
_CHECKED = """
CREATE TEMP TABLE checked ON COMMIT DROP AS
SELECT batch.number AS lot, issuance.id AS issuance, unit, unit %% 4 = 0 AS is_twice,
    %(hour)s - 48 - abs(hashint8extended(issuance.id * 33554432 + unit, 0) %% %(hours)s) AS hour,
    hashint8extended(issuance.id * 33554432 + unit, 1) AS device
FROM trace_issuance issuance JOIN trace_batch batch ON batch.id = issuance.batch_id
CROSS JOIN generate_series(%(first)s, %(last)s - 1) AS unit
WHERE issuance.epoch = %(epoch)s
"""
_TALLIES = """
INSERT INTO trace_unittally (issuance_id, unit_index, count, first_hour, first_province, provinces, last_hour, last_provinces,
    rule_version)
SELECT issuance, unit, 1 + is_twice::int, hour, %(bit)s, %(bit)s, hour + 24 * is_twice::int, %(bit)s, %(version)s
FROM checked ORDER BY issuance, unit
"""
_CHECKS = """
INSERT INTO trace_check (checked_on, lot, device_token, checked_hour, verdict, province, issuance_id, unit_index)
SELECT date '1970-01-01' + (hour / 24)::int AS day, lot, device, hour %% 24, %(verdict)s, %(province)s, issuance, unit
FROM (
    SELECT lot, issuance, unit, hour, device FROM checked
    UNION ALL SELECT lot, issuance, unit, hour + 24, device # 1 FROM checked WHERE is_twice
) seen ORDER BY day, lot, device
"""
_TALLIES_OF_BATCHES = """
INSERT INTO trace_batchtally (batch_id, count, first_on, first_province)
SELECT batch.id, sum(1 + is_twice::int), date '1970-01-01' + (min(hour) / 24)::int, %(province)s
FROM checked JOIN trace_batch batch ON batch.number = checked.lot GROUP BY batch.id
ON CONFLICT (batch_id) DO UPDATE SET count = trace_batchtally.count + excluded.count
"""


@dataclass(frozen=True, slots=True)
class Lot:
    """An issued lot: its number and the GTIN in its keys."""

    number: str
    gtin: str


@contextmanager
def ring() -> Iterator[Path]:
    """The folder of a key ring that signs nothing but what is measured."""
    with TemporaryDirectory() as folder:
        sources.add_epoch(Path(folder), EPOCH)
        yield Path(folder)


def issue(url: str, lots: int = LOTS) -> list[Lot]:
    """Copies of the released batches in turns, each with an issuance of UNITS codes."""
    with database.connect(url) as server, server.transaction(), server.cursor() as cursor:
        return make_lots(cursor, lots)


def make_lots(cursor: Cursor, lots: int) -> list[Lot]:
    cursor.execute("SET LOCAL session_replication_role = replica")
    numbers = database.copy_in_turns(cursor, lots)
    cursor.execute("CREATE TEMP TABLE fresh (number text, issuance text) ON COMMIT DROP")
    with cursor.copy("COPY fresh FROM STDIN") as copy:
        for number in numbers:
            copy.write_row([number, new_number()])
    rows = cursor.execute(_ISSUANCES, {"units": UNITS, "epoch": EPOCH}).fetchall()
    cursor.execute("SET LOCAL session_replication_role = origin")
    return [Lot(number, gtin) for gtin, number in rows]


def check_units(url: str, before: int, after: int) -> None:
    """So many units checked in place of ``before``, the same number of each of LOTS lots (rounded down)."""
    with database.connect(url) as server:
        with server.transaction(), server.cursor() as cursor:
            make_checks(cursor, range(before // LOTS, after // LOTS))
        server.execute("VACUUM ANALYZE trace_unittally, trace_check, trace_batchtally, trace_issuance, trace_batch")
        server.execute("CHECKPOINT")


def make_checks(cursor: Cursor, indexes: range) -> None:
    """Check these units of every lot. Guards and foreign keys are off, and one index is made afterwards: only time would go."""
    today = clock.today()
    cursor.execute(
        "SELECT trace_make_check_partitions(%s, %s)", [today - timedelta(days=DAYS + 31), DAYS // 30 + 4]
    ).fetchall()
    told = {
        "first": indexes.start, "last": indexes.stop, "hour": hour_of(today, 0), "hours": DAYS * 24, "epoch": EPOCH,
        "bit": bit_of(PROVINCE), "province": PROVINCE, "version": RULE_VERSION, "verdict": Verdict.REGISTERED.value,
    }  # fmt: skip
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute("SET LOCAL work_mem = '256MB'")
    cursor.execute("DROP INDEX trace_check_of_lot")
    for statement in (_CHECKED, _TALLIES, _CHECKS, _TALLIES_OF_BATCHES):
        cursor.execute(sql.SQL(statement), told)  # type: ignore[arg-type]
    cursor.execute("CREATE INDEX trace_check_of_lot ON trace_check (lot, checked_on)")
    cursor.execute("SET LOCAL session_replication_role = origin")


def codes(ring_: KeyRing, lots: Sequence[Lot], checked: int) -> list[tuple[str, str]]:
    """Lots with codes of units of theirs: half of them checked before, half never."""
    told, each = [], checked // LOTS
    for lot in lots:
        keys = ring_.keys(EPOCH, lot.gtin, lot.number, 0)
        known = range(min(each, ASKED_A_LOT))
        units = [*known, *(UNITS - 1 - unit for unit in known)]
        told += [(lot.number, code_at(keys, unit)) for unit in units]
    return told
