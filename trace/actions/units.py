"""What is kept of a unit, advanced by one event under a lock on its row: checks, tries of its PIN, reports."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from trace.actions.alerts import Evidence, Unit, open_alert
from trace.models.units import STATE_FIELDS
from trace.rules.alerts import leads
from trace.rules.copies import RULE_VERSION, Event, Judgement, Reason, State, advance, judge
from trace.rules.provinces import far_apart
from trace.rules.verdicts import Grade

_STATE = ", ".join(STATE_FIELDS)
# An update that changes nothing locks the row and gives what it is now, whoever wrote it meanwhile.
_LOCKED = f"""
ON CONFLICT (issuance_id, unit_index) DO UPDATE SET count = trace_unittally.count RETURNING {_STATE}, grade, reasons
"""
# One statement: the row of the check, and with it (only with it) the locked row of the unit.
_SEE = f"""
WITH seen AS (
    INSERT INTO trace_check (checked_on, lot, device_token, checked_hour, verdict, province, issuance_id, unit_index)
    VALUES (%(day)s, %(lot)s, %(device)s, %(hour)s, %(verdict)s, %(province)s, %(issuance)s, %(index)s)
    ON CONFLICT DO NOTHING RETURNING issuance_id, unit_index
)
INSERT INTO trace_unittally (issuance_id, unit_index) SELECT issuance_id, unit_index FROM seen {_LOCKED}
"""  # noqa: S608 - our own words, as in all of these
# Likewise with the row that says that a device reported the unit.
_HEAR = f"""
WITH heard AS (
    INSERT INTO trace_unitreport (issuance_id, unit_index, device_token, reported_hour)
    VALUES (%(issuance)s, %(index)s, %(device)s, %(hour)s)
    ON CONFLICT DO NOTHING RETURNING issuance_id, unit_index
)
INSERT INTO trace_unittally (issuance_id, unit_index) SELECT issuance_id, unit_index FROM heard {_LOCKED}
"""  # noqa: S608
_LOCK = f"INSERT INTO trace_unittally (issuance_id, unit_index) VALUES (%(issuance)s, %(index)s) {_LOCKED}"  # noqa: S608
_KEEP = f"""
UPDATE trace_unittally SET ({_STATE}, grade, reasons, rule_version)
    = ({", ".join(f"%({name})s" for name in STATE_FIELDS)}, %(grade)s, %(reasons)s, %(version)s)
WHERE issuance_id = %(issuance)s AND unit_index = %(index)s
"""  # noqa: S608
# One more check of the goods of a place, title and day; ``batch`` says of which batch.
CELL = """
INSERT INTO trace_checkcount (cell_id, day, title_id, verdict, division_code, count)
SELECT batch.cell_id, %(day)s, title.number, %(verdict)s, batch.division_code, 1
FROM trace_batch batch
JOIN products_authorisation ground ON ground.id = batch.authorisation_id
JOIN products_title title ON title.id = ground.title_id
WHERE {batch}
ON CONFLICT (key) DO UPDATE SET count = trace_checkcount.count + 1
"""
# A check of a unit is one of its batch too, and of its place: each part waits for the one before it.
_KEEP_AND_COUNT = f"""
WITH unit AS ({_KEEP} RETURNING 1), tally AS (
    INSERT INTO trace_batchtally (batch_id, count, first_on, first_province)
    SELECT batch.id, 1, %(day)s, %(province)s FROM trace_batch batch, unit WHERE batch.number = %(lot)s
    ON CONFLICT (batch_id) DO UPDATE SET count = trace_batchtally.count + 1 RETURNING batch_id
)
{CELL.format(batch="batch.id = (SELECT batch_id FROM tally)")}
"""  # noqa: S608

Kept = tuple[State, Judgement]


def see(row: dict[str, Any]) -> Kept | None:
    """Write a check of a unit and lock what is kept of it; None where this device has checked it today.

    ``row``: what both statements of a check name: day, hour, lot, device, verdict, province, issuance, index.
    """
    return _ask(_SEE, row)


def hear(unit: Unit, *, device: int, hour: int) -> Kept | None:
    """Write that a device reported a unit and lock what is kept of it; None where it has reported it before.

    ``hour``: hours since 1970 in China.
    """
    return _ask(_HEAR, {**_named(unit), "device": device, "hour": hour})


def lock(unit: Unit) -> Kept:
    """What is kept of a unit, locked; a row is made for one that nobody has checked."""
    return _ask(_LOCK, _named(unit)) or (State(), judge(State()))


def keep(unit: Unit, kept: Kept, event: Event, *, lot: str, now: datetime, row: dict[str, Any] | None = None) -> State:
    """Advance a locked unit by an event and keep it, with one more on the tally of its batch and of its place where ``row`` is a check.

    Where the grade rises to a lead, an alert is opened: the locks are the unit, its batch's tally, its cell, the alert.
    """
    before, judged = kept
    state = advance(before, event)
    after = judge(state)
    told = {
        **{name: getattr(state, name) for name in STATE_FIELDS},
        "grade": after.grade.value,
        "reasons": [reason.value for reason in after.reasons],
        "version": RULE_VERSION,
        **_named(unit),
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_AND_COUNT if row else _KEEP, {**(row or {}), **told})
    evidence = Evidence(1, state.count, far_apart(state.provinces))
    for kind, causes in leads(judged, after).items():
        subject = unit if kind.is_of_a_unit else None
        open_alert(kind=kind, lot=lot, unit=subject, causes=causes, evidence=evidence, now=now)
    return state


def read(values: Sequence[Any]) -> Kept:
    """A state and its judgement from the columns ``STATE_FIELDS``, grade and reasons."""
    *state, grade, reasons = values
    return State(*state), Judgement(Grade(grade), tuple(Reason(word) for word in reasons))


def _named(unit: Unit) -> dict[str, int]:
    return {"issuance": unit[0], "index": unit[1]}


def _ask(sql: str, row: dict[str, Any]) -> Kept | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, row)
        values = cursor.fetchone()
    return read(values) if values else None
