"""Counting checks, and keeping the table of checks and its daily keys in order."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import OperationalError, connection, transaction

from gi_registry.lib import jsonio, plans
from gi_registry.lib.addresses import network_of
from gi_registry.lib.clock import CHINA, day_of
from trace.actions import units
from trace.actions.alerts import Unit
from trace.actions.day_keys import day_key
from trace.rules.alerts import leads
from trace.rules.copies import UNKEPT, Checked, Kept, hour_of
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


# All of a check in one question, with plans that the connection keeps. Columns by their names: sql/count_check.sql.
_COUNT = """
SELECT is_new, total, since FROM trace_count_check(
    json_populate_record(NULL::trace_check, %s::json), %s::text, json_populate_record(NULL::trace_unittally, %s::json))
"""
_TALLY = """
SELECT tally.count, tally.first_on FROM trace_batchtally tally JOIN trace_batch batch ON batch.id = tally.batch_id
WHERE batch.number = %s
"""
_UNIT_TALLY = """
SELECT count, date '1970-01-01' + first_hour / 24 FROM trace_unittally WHERE issuance_id = %s AND unit_index = %s
"""


def record_check(
    *,
    lot: str,
    verdict: Verdict,
    sender: Sender,
    now: datetime,
    unit: Unit | None = None,
    kept: Kept = UNKEPT,
) -> Counted:
    """Count one check of an issued lot, or of one ``unit`` of it (issuance and index) and so of the lot too: at most one a
    device a day and code. ``kept``: what was kept of the unit when the caller looked.

    Costs one statement however often it was checked; where somebody counted the unit since, or an alert is opened, it is
    locked and counted again. All who count wait in one order: unit, tally, cell, alert.
    """
    day, local = day_of(now), now.astimezone(CHINA)
    secret = day_key(day=day)
    row = {
        "checked_on": day,
        "lot": lot,
        "device_token": device_token(secret, sender, unit),
        "checked_hour": local.hour,
        "verdict": verdict.value,
        "province": sender.province,
    }
    counted = _count_unit(unit, kept, row, now) or _count_locked(unit, row, now) if unit else _count(row)
    return counted if counted and counted.is_new else _told(lot, unit)


def device_token(secret: bytes, sender: Sender, unit: Unit | None = None) -> int:
    """A device on one day, before one lot or one unit: nobody can tell that two units were checked by the same one."""
    network = network_of(sender.address)
    return token(secret, "device", coarse_agent(sender.user_agent), network, *map(str, unit or ()))


def _count(row: dict[str, Any], version: str | None = None, becomes: dict[str, Any] | None = None) -> Counted | None:
    """None where the unit is of another version by now."""
    told = [jsonio.dumps(row).decode(), version, becomes and jsonio.dumps(becomes).decode()]
    for is_new, total, since in plans.fetch(_COUNT, told):
        return Counted(total, is_new, since)
    return None


def _count_unit(
    unit: Unit, kept: Kept, row: dict[str, Any], now: datetime, *, is_locked: bool = False
) -> Counted | None:
    """None where the unit is another by now than it was when somebody looked, or an alert is to be opened: it is locked then."""
    event = Checked(hour_of(row["checked_on"], row["checked_hour"]), bit_of(row["province"]), Verdict(row["verdict"]))
    state, after = units.advanced(kept, event)
    if leads(kept.judged, after) and not is_locked:
        return None
    counted = _count({**row, **units.named(unit)}, kept.version, units.row_of(unit, state, after))
    if counted and counted.is_new:
        units.lead(unit, kept, state, after, lot=row["lot"], now=now)
    return counted and replace(counted, count=state.count, first_on=state.first_on)


@transaction.atomic
def _count_locked(unit: Unit, row: dict[str, Any], now: datetime) -> Counted:
    counted = _count_unit(unit, units.lock(unit), row, now, is_locked=True)
    if counted is None:
        raise OperationalError(f"a locked unit was changed: {unit}")
    return counted


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
