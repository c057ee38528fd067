"""Grades worked out anew from the checks, the tries of PINs, the reports and nothing else, against those that were kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from django.db import connection, transaction

from trace.actions.alerts import Unit
from trace.actions.units import KEPT
from trace.rules.copies import Checked, Event, Judgement, Kept, PinTried, Reported, judge, replay
from trace.rules.provinces import bit_of
from trace.rules.verdicts import Verdict

# What is kept and what it was concluded from, in one statement and so as of one instant: a unit's row first, then its
# events in their order.
_UNITS = f"""
SELECT issuance_id, unit_index, -1 AS hour, 0 AS number, NULL AS province, NULL AS verdict, NULL::bigint AS device,
       NULL::boolean AS is_right, json_build_array({KEPT})::text AS kept
FROM trace_unittally
UNION ALL
SELECT issuance_id, unit_index, (checked_on - date '1970-01-01') * 24 + checked_hour, 0, province, verdict, NULL, NULL, NULL
FROM trace_check WHERE issuance_id IS NOT NULL
UNION ALL
SELECT issuance_id, unit_index, tried_hour, number, province::text, NULL, device_token, is_right, NULL FROM trace_pintry
UNION ALL
SELECT issuance_id, unit_index, reported_hour, 0, NULL, NULL, device_token, NULL, NULL FROM trace_unitreport
ORDER BY 1, 2, 3, 4
"""  # noqa: S608 - our own words
# Months end as a whole: a unit first checked before the oldest that is kept can no longer be replayed.
_OLDEST = """
SELECT min(to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM')) - date '1970-01-01' FROM pg_inherits
WHERE inhparent = 'trace_check'::regclass
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A unit whose state or grade is not that of its events. Either is None where there are no events, or no row."""

    unit: Unit
    kept: Judgement | None
    replayed: Judgement | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """``units`` compared; ``past``: those first checked in months that are no longer kept."""

    units: int
    past: int
    differences: tuple[Difference, ...]


@transaction.atomic
def replay_grades(*, most: int = 1_000) -> Replayed:
    """Compare what is kept of every unit with a replay of its events; at most so many differences are given.

    Read as a stream in the order of the units, so the memory needed does not grow with them.
    """
    units = past = 0
    differences: list[Difference] = []
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST)
        (oldest,) = cursor.fetchone()
    for unit, rows in groupby(_rows(), key=itemgetter(0, 1)):
        kept, events = _sides(rows)
        if kept and kept.state.first_hour is not None and kept.state.first_hour < (oldest or 0) * 24:
            past += 1
            continue
        units += 1
        if (found := _difference(unit, kept, events)) and len(differences) < most:
            differences.append(found)
    return Replayed(units, past, tuple(differences))


def _difference(unit: Unit, kept: Kept | None, events: list[Event]) -> Difference | None:
    state = replay(events)
    if kept is None:
        return Difference(unit, None, judge(state))
    return None if (state, judge(state)) == (kept.state, kept.judged) else Difference(unit, kept.judged, judge(state))


def _sides(rows: Iterable[tuple[Any, ...]]) -> tuple[Kept | None, list[Event]]:
    """What is kept of one unit, and its events."""
    kept, events = None, []
    for _issuance, _index, hour, _number, province, verdict, device, is_right, told in rows:
        if told is not None:
            kept = Kept.of(orjson.loads(told))
        elif verdict is not None:
            events.append(Checked(hour, bit_of(province), Verdict(verdict)))
        elif is_right is None:
            events.append(Reported())
        else:
            events.append(PinTried(hour, int(province), device, is_right))
    return kept, events


def _rows() -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_UNITS)
        while rows := cursor.fetchmany(2_000):
            yield from rows
