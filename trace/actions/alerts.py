"""Opening alerts, and looking for patterns in the checks of a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from gi_registry.lib.ids import new_number
from trace.rules.alerts import CAUSES, TOP_UNITS, UNSOLD, AlertKind, BatchChecks, Cause, patterns
from trace.rules.copies import RULE_VERSION, Reason
from trace.rules.provinces import far_apart
from trace.rules.verdicts import Grade

Unit = tuple[int, int]

# Evidence is added to the alert that is open. What a person has closed is not opened again for the same reasons.
_OPEN = """
INSERT INTO trace_alert AS alert (number, kind, batch_id, issuance_id, unit_index, grade, reasons, rule_version, units, checks,
                                  places, opened_at, updated_at)
SELECT %(number)s, %(kind)s, batch.id, %(issuance)s::bigint, %(index)s::integer, %(grade)s, %(reasons)s::text[],
       %(version)s, %(units)s, %(checks)s, %(places)s, %(now)s, %(now)s
FROM trace_batch batch
WHERE batch.number = %(lot)s AND NOT EXISTS (
    SELECT FROM trace_alert closed
    WHERE closed.batch_id = batch.id AND closed.kind = %(kind)s AND closed.closed_at IS NOT NULL
      AND closed.issuance_id IS NOT DISTINCT FROM %(issuance)s::bigint
      AND closed.unit_index IS NOT DISTINCT FROM %(index)s::integer
      AND closed.reasons::text[] @> %(reasons)s::text[])
ON CONFLICT (batch_id, kind, issuance_id, unit_index) WHERE closed_at IS NULL DO UPDATE SET
    reasons = ARRAY(SELECT DISTINCT unnest(alert.reasons || excluded.reasons) ORDER BY 1),
    units = greatest(alert.units, excluded.units), checks = greatest(alert.checks, excluded.checks),
    places = greatest(alert.places, excluded.places), rule_version = excluded.rule_version,
    updated_at = excluded.updated_at
"""
# By the checks of the days asked: a batch that nobody checked has nothing new.
_CHECKED = """
SELECT DISTINCT c.lot FROM trace_check c WHERE c.checked_on BETWEEN %s AND %s AND c.issuance_id IS NOT NULL ORDER BY 1
"""
_SUMS = """
WITH issued AS MATERIALIZED (
    SELECT i.id, i.count FROM trace_issuance i JOIN trace_batch b ON b.id = i.batch_id WHERE b.number = %(lot)s
), units AS MATERIALIZED (
    SELECT t.issuance_id, t.unit_index, t.count, t.provinces, t.reasons::text[] AS reasons
    FROM trace_unittally t JOIN issued ON issued.id = t.issuance_id WHERE t.count > 0
), apart AS (
    SELECT unit_index - lag(unit_index) OVER (PARTITION BY issuance_id ORDER BY unit_index) AS step
    FROM units WHERE reasons @> %(far)s::text[]
), top AS (
    SELECT count FROM units ORDER BY count DESC LIMIT %(most)s
)
SELECT coalesce((SELECT sum(count) FROM issued), 0), count(*), coalesce(sum(count), 0),
       coalesce((SELECT sum(count) FROM top), 0), (SELECT count(*) FROM apart WHERE step = 1),
       coalesce(bit_or(provinces), 0), count(*) FILTER (WHERE reasons && %(unsold)s::text[]),
       coalesce(sum(count) FILTER (WHERE reasons && %(unsold)s::text[]), 0),
       coalesce(bit_or(provinces) FILTER (WHERE reasons && %(unsold)s::text[]), 0),
       ARRAY(SELECT DISTINCT reason FROM units u, unnest(u.reasons) reason WHERE reason = ANY (%(unsold)s) ORDER BY 1)
FROM units
"""
_FIRST_SEEN = """
SELECT t.first_province, count(*) FROM trace_unittally t
WHERE t.first_province <> 0 AND t.issuance_id IN (
    SELECT i.id FROM trace_issuance i JOIN trace_batch b ON b.id = i.batch_id WHERE b.number = %(lot)s)
GROUP BY 1
"""
# The last few issuances before this batch say where the producer's goods are sold.
_USUAL = """
SELECT t.first_province, count(*) FROM trace_unittally t
WHERE t.first_province <> 0 AND t.issuance_id IN (
    SELECT i.id FROM trace_issuance i JOIN trace_batch b ON b.id = i.batch_id JOIN trace_batch this ON this.number = %(lot)s
    WHERE b.producer_id = this.producer_id AND b.id < this.id ORDER BY i.id DESC LIMIT 10)
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was counted: units concerned, their checks, and in how many provinces far apart."""

    units: int
    checks: int
    places: int


@dataclass(frozen=True, slots=True)
class Found:
    """A batch whose checks call for a look, and why."""

    lot: str
    causes: tuple[Cause, ...]


def open_alert(
    *, kind: AlertKind, lot: str, unit: Unit | None, causes: Sequence[Cause], evidence: Evidence, now: datetime
) -> None:
    """Open an alert, or add to the open one. Within the caller's transaction, in which the listeners are told."""
    issuance, index = unit or (None, None)
    row = {
        "number": new_number(),
        "kind": kind.value,
        "lot": lot,
        "issuance": issuance,
        "index": index,
        "grade": Grade.UNDER_REVIEW.value,
        "reasons": sorted(cause.value for cause in causes),
        "version": RULE_VERSION,
        "units": evidence.units,
        "checks": evidence.checks,
        "places": evidence.places,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, row)


def find_patterns(*, since: date, until: date, now: datetime) -> list[Found]:
    """Look at every batch of which a unit was checked in these days; the batches for which an alert is open or was opened.

    A batch costs three statements over its checked units, in a transaction of its own; counting goes on meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CHECKED, [since, until])
        lots = [lot for (lot,) in cursor.fetchall()]
    found = (_look_at(lot, now) for lot in lots)
    return [one for one in found if one.causes]


@transaction.atomic
def _look_at(lot: str, now: datetime) -> Found:
    batch, odd, unsold, causes = _sums(lot)
    seen = patterns(batch)
    if seen:
        open_alert(kind=AlertKind.ODD_BATCH, lot=lot, unit=None, causes=seen, evidence=odd, now=now)
    if causes:
        open_alert(kind=AlertKind.UNSOLD_CHECKED, lot=lot, unit=None, causes=causes, evidence=unsold, now=now)
    return Found(lot, (*seen, *causes))


def _sums(lot: str) -> tuple[BatchChecks, Evidence, Evidence, list[Cause]]:
    asked = {
        "lot": lot,
        "most": TOP_UNITS,
        "far": [Reason.FAR_APART.value],
        "unsold": [reason.value for reason in UNSOLD],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, asked)
        issued, units, checks, top, neighbours, provinces, unsold, unsold_checks, unsold_in, reasons = cursor.fetchone()
        cursor.execute(_FIRST_SEEN, asked)
        first_seen = dict(cursor.fetchall())
        cursor.execute(_USUAL, asked)
        usual = dict(cursor.fetchall())
    batch = BatchChecks(issued, units, checks, top, neighbours, first_seen, usual)
    odd = Evidence(units, checks, far_apart(provinces))
    return batch, odd, Evidence(unsold, unsold_checks, far_apart(unsold_in or 0)), [CAUSES[word] for word in reasons]
