"""What is kept of a unit, advanced by one event under a lock on its row: checks, tries of its PIN, reports."""

from datetime import datetime
from typing import Any

from django.db import connection

from trace.actions.alerts import Evidence, Unit, open_alert
from trace.models.units import STATE_FIELDS
from trace.rules.alerts import leads
from trace.rules.copies import RULE_VERSION, UNKEPT, Event, Judgement, Kept, State, advance, judge
from trace.rules.provinces import far_apart

_STATE = ", ".join(STATE_FIELDS)
# What ``Kept.of`` reads of a row of ``trace_unittally``: its version is the transaction that wrote it.
KEPT = f"xmin::text, {_STATE}, grade, reasons"
# An update that changes nothing locks the row and gives what it is now, whoever wrote it meanwhile.
_LOCKED = f"ON CONFLICT (issuance_id, unit_index) DO UPDATE SET count = trace_unittally.count RETURNING {KEPT}"
_LOCK = f"INSERT INTO trace_unittally (issuance_id, unit_index) VALUES (%(issuance_id)s, %(unit_index)s) {_LOCKED}"  # noqa: S608
# One statement: the row that says that a device reported the unit, and with it (only with it) the locked row of the unit.
_HEAR = f"""
WITH heard AS (
    INSERT INTO trace_unitreport (issuance_id, unit_index, device_token, reported_hour)
    VALUES (%(issuance_id)s, %(unit_index)s, %(device)s, %(hour)s)
    ON CONFLICT DO NOTHING RETURNING issuance_id, unit_index
)
INSERT INTO trace_unittally (issuance_id, unit_index) SELECT issuance_id, unit_index FROM heard {_LOCKED}
"""  # noqa: S608 - our own words, as in all of these
_KEEP = f"""
UPDATE trace_unittally SET ({_STATE}, grade, reasons, rule_version)
    = ({", ".join(f"%({name})s" for name in STATE_FIELDS)}, %(grade)s, %(reasons)s, %(rule_version)s)
WHERE issuance_id = %(issuance_id)s AND unit_index = %(unit_index)s
"""  # noqa: S608


def hear(unit: Unit, *, device: int, hour: int) -> Kept | None:
    """Write that a device reported a unit and lock what is kept of it; None where it has reported it before.

    ``hour``: hours since 1970 in China.
    """
    return _ask(_HEAR, {**named(unit), "device": device, "hour": hour})


def lock(unit: Unit) -> Kept:
    """What is kept of a unit, locked; a row is made for one that nobody has checked."""
    return _ask(_LOCK, named(unit)) or UNKEPT


def keep(unit: Unit, kept: Kept, event: Event, *, lot: str, now: datetime) -> State:
    """Advance a locked unit by an event and keep it. Where the grade rises to a lead, an alert is opened: the unit is locked
    first, then the alert."""
    state, after = advanced(kept, event)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, row_of(unit, state, after))
    lead(unit, kept, state, after, lot=lot, now=now)
    return state


def advanced(kept: Kept, event: Event) -> tuple[State, Judgement]:
    """The state after an event, and what is concluded from it."""
    state = advance(kept.state, event)
    return state, judge(state)


def row_of(unit: Unit, state: State, judged: Judgement) -> dict[str, Any]:
    """The columns of ``trace_unittally``."""
    return {
        **named(unit),
        **{name: getattr(state, name) for name in STATE_FIELDS},
        "grade": judged.grade.value,
        "reasons": [reason.value for reason in judged.reasons],
        "rule_version": RULE_VERSION,
    }


def lead(unit: Unit, kept: Kept, state: State, after: Judgement, *, lot: str, now: datetime) -> None:
    """Open the alerts to which an event gave rise."""
    evidence = Evidence(1, state.count, far_apart(state.provinces))
    for kind, causes in leads(kept.judged, after).items():
        subject = unit if kind.is_of_a_unit else None
        open_alert(kind=kind, lot=lot, unit=subject, causes=causes, evidence=evidence, now=now)


def named(unit: Unit) -> dict[str, int]:
    return {"issuance_id": unit[0], "unit_index": unit[1]}


def _ask(sql: str, row: dict[str, Any]) -> Kept | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, row)
        values = cursor.fetchone()
    return Kept.of(values) if values else None
