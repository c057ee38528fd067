"""Counting checks, and keeping the table of checks and its daily keys in order."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from gi_registry.lib.addresses import network_of
from gi_registry.lib.clock import CHINA, day_of
from trace.actions import units
from trace.actions.alerts import Unit
from trace.actions.day_keys import day_key
from trace.rules.copies import Checked, hour_of
from trace.rules.devices import coarse_agent, token
from trace.rules.provinces import bit_of
from trace.rules.verdicts import Verdict

MONTHS_AHEAD = 4  # this month and the three that follow


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a beacon, as far as we look: the address never leaves this object, the agent is cut to a family."""

    address: str
    user_agent: str
    province: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """``count`` distinct checks so far, of the unit for a unit and else of the lot; ``is_new`` whether this one added to them."""

    count: int
    is_new: bool
    first_on: date | None


# One statement: the row of the check, and with it (only with it) one more on the tally.
_COUNT = """
WITH seen AS (
    INSERT INTO trace_check (checked_on, lot, device_token, checked_hour, verdict, province)
    VALUES (%(day)s, %(lot)s, %(device)s, %(hour)s, %(verdict)s, %(province)s)
    ON CONFLICT DO NOTHING RETURNING checked_on, province
)
INSERT INTO trace_batchtally (batch_id, count, first_on, first_province)
SELECT batch.id, 1, seen.checked_on, seen.province FROM trace_batch batch, seen WHERE batch.number = %(lot)s
ON CONFLICT (batch_id) DO UPDATE SET count = trace_batchtally.count + 1
RETURNING count, first_on
"""
# Only after a new check, since it moves the data version of the layer.
_ROLL_UP = units.CELL.format(batch="batch.number = %(lot)s")
_TALLY = """
SELECT tally.count, tally.first_on FROM trace_batchtally tally JOIN trace_batch batch ON batch.id = tally.batch_id
WHERE batch.number = %s
"""
_UNIT_TALLY = """
SELECT count, date '1970-01-01' + first_hour / 24 FROM trace_unittally WHERE issuance_id = %s AND unit_index = %s
"""


@transaction.atomic
def record_check(
    *,
    lot: str,
    verdict: Verdict,
    sender: Sender,
    now: datetime,
    unit: Unit | None = None,
) -> Counted:
    """Count one check of an issued lot, or of one ``unit`` of it (issuance and index) and so of the lot too: at most one a
    device a day and code.

    Costs the same however often it was checked: two statements for a lot, two for a unit, one more where an alert is opened,
    and one for the key of the day where it was not asked for lately. All who count wait in one order: unit, tally, cell, alert.
    """
    day, local = day_of(now), now.astimezone(CHINA)
    secret = day_key(day=day)
    row = {
        "day": day,
        "lot": lot,
        "device": device_token(secret, sender, unit),
        "hour": local.hour,
        "verdict": verdict.value,
        "province": sender.province,
    }
    counted = _count_unit(unit, row, now) if unit else _count_lot(row)
    return counted or _told(lot, unit)


def device_token(secret: bytes, sender: Sender, unit: Unit | None = None) -> int:
    """A device on one day, before one lot or one unit: nobody can tell that two units were checked by the same one."""
    network = network_of(sender.address)
    return token(secret, "device", coarse_agent(sender.user_agent), network, *map(str, unit or ()))


def _count_lot(row: dict[str, Any]) -> Counted | None:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, row)
        counted = cursor.fetchone()
        if counted is None:
            return None
        cursor.execute(_ROLL_UP, row)
    return Counted(counted[0], True, counted[1])


def _count_unit(unit: Unit, row: dict[str, Any], now: datetime) -> Counted | None:
    row = {**row, "issuance": unit[0], "index": unit[1]}
    kept = units.see(row)
    if kept is None:
        return None
    event = Checked(hour_of(row["day"], row["hour"]), bit_of(row["province"]), Verdict(row["verdict"]))
    state = units.keep(unit, kept, event, lot=row["lot"], now=now, row=row)
    return Counted(state.count, True, state.first_on)


def _told(lot: str, unit: Unit | None) -> Counted:
    with connection.cursor() as cursor:
        cursor.execute(_UNIT_TALLY, unit) if unit else cursor.execute(_TALLY, [lot])
        count, first_on = cursor.fetchone() or (0, None)
    return Counted(count, False, first_on)


@dataclass(frozen=True, slots=True)
class Mended:
    """A count of a cell that was not the number of its checks, and now is."""

    key: str
    was: int
    count: int


@transaction.atomic
def roll_up_checks(*, since: date, until: date) -> list[Mended]:
    """Sum the checks of these days anew and mend every count that differs; what differed. Checks may go on meanwhile.

    Days whose checks are no longer kept (their partition was dropped) stay as they were counted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, was, count FROM trace_roll_up_checks(%s, %s)", [since, until])
        return [Mended(*row) for row in cursor.fetchall()]


@transaction.atomic
def make_partitions(*, today: date, months: int = MONTHS_AHEAD) -> list[str]:
    """Make the monthly partitions that are missing, from this month on, each with its guards; their names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT trace_make_check_partitions(%s, %s)", [today, months])
        return [name for (name,) in cursor.fetchall()]
