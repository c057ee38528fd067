"""Recalls: opened by one person, confirmed by another, and then everything at once: goods, notices, verdicts.

With the opening goods are on hold: those of the opener's own or of the places that the opener watches, as each could be by itself.
What is withdrawn lets them go on. Locks: recall, then batches in the order of their keys. Batches are moved by one statement along
the same machine as a single one, which the trigger holds; two hundred thousand single steps would take a quarter of an hour.
"""

import time
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, Sum

from gi_registry.lib.access import REGULATORS, Actor, RoleKind
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Invalid, Problem, Refused
from gi_registry.lib.spending import at_length
from gi_registry.lib.texts import Refusal, Text
from products.actions.rows import locked, only_if, save
from products.policy import NOT_YOURS
from trace import policy
from trace.actions.logged import log_recall
from trace.lineage import FARTHEST
from trace.models import Batch, Recall, RecallHold, RecallItem, Recovery
from trace.models.genealogy import in_base_sql
from trace.reach import MOST_NAMED, Scope, keys_of, reach_of, reachable_among, scope_of, starts_of
from trace.rules.batches import BatchState
from trace.rules.logged import Logged
from trace.rules.quantities import QuantityUnit, quantity_faults
from trace.rules.recalls import (
    RECALLABLE,
    STOPPABLE,
    RecallState,
    confirm_refusals,
    day_faults,
    move_refusals,
    reason_faults,
    recovery_refusals,
    size_refusals,
)

RELATED = ("producer__organisation", "batch", "site")
_NOBODY = Refusal("no_person", Text("召回须由具名的人员发起和确认。", "A recall needs a named person."))
_MACHINE = [state.value for state in BatchState if state in RECALLABLE]
_STOPPABLE = [state.value for state in BatchState if state in STOPPABLE]
# Whoever uses goods meanwhile has brought them further: walked again, so often at most.
_TRIES = 5
# Those of the opener: its own, or of a place that it watches. Of goods on hold already only what another open recall stopped: a
# hold of an official's own is none of ours.
_HOLDS = """
INSERT INTO trace_recallhold (recall_id, batch_id, version)
SELECT %(recall)s, b.id, b.version + (b.state = 'released')::int
FROM trace_batch b JOIN products_producer p ON p.id = b.producer_id
JOIN accounts_organisation o ON o.id = p.organisation_id
WHERE b.id = ANY (%(keys)s)
    AND (p.organisation_id = ANY (%(own)s) OR o.sponsor_id = ANY (%(own)s) OR b.division_code LIKE ANY (%(watched)s))
    AND (b.state = ANY (%(stoppable)s) OR EXISTS (
        SELECT FROM trace_recallhold h JOIN trace_recall r ON r.id = h.recall_id
        WHERE h.batch_id = b.id AND h.version = b.version AND r.state = 'opened'))
ORDER BY b.id
"""
_HELD = """
SELECT h.batch_id FROM trace_recallhold h JOIN trace_batch b ON b.id = h.batch_id
WHERE h.recall_id = %s AND b.version = h.version AND b.state = 'on_hold' AND NOT EXISTS (
    SELECT FROM trace_recallhold o JOIN trace_recall r ON r.id = o.recall_id
    WHERE o.batch_id = b.id AND o.recall_id <> h.recall_id AND r.state = 'opened')
"""
# What went into other batches is out there as those. What this recall stopped was on the market before.
_ITEMS = f"""
INSERT INTO trace_recallitem (recall_id, batch_id, was, is_moved, "out")
SELECT %(recall)s, b.id, CASE WHEN h.id IS NULL THEN b.state ELSE %(before)s END, b.state = ANY (%(moved)s), greatest(0, round(b.quantity - coalesce((
    SELECT sum({in_base_sql("l.quantity", "l.unit")}) FROM trace_batchlink l JOIN trace_batch c ON c.id = l.child_id
    WHERE l.parent_id = b.id AND l.confirmed_at IS NOT NULL AND l.valid_to IS NULL AND c.state <> 'void'
), 0) / {in_base_sql("1", "b.quantity_unit")}, 3))
FROM trace_batch b
LEFT JOIN trace_recallhold h ON h.recall_id = %(recall)s AND h.batch_id = b.id AND h.version = b.version AND b.state = 'on_hold'
WHERE b.id = ANY (%(keys)s) ORDER BY b.id
"""  # noqa: S608 - only our own words
_NOTICES = """
INSERT INTO trace_recallnotice (recall_id, producer_id, title_id, division_code, batches, sent_at, read_by_name)
SELECT i.recall_id, b.producer_id, a.title_id, b.division_code, count(*), %s, '' FROM trace_recallitem i
JOIN trace_batch b ON b.id = i.batch_id JOIN products_authorisation a ON a.id = b.authorisation_id
WHERE i.recall_id = %s GROUP BY 1, 2, 3, 4
"""


@transaction.atomic
def open_recall(*, scope: Scope, actor: Actor, now: datetime, reason: str, is_mock: bool = False) -> Recall:
    """Open a recall: goods wait on hold until another person confirms it. A mock one is done with this and touches nothing.

    Raises Invalid, and Refused for an actor that is no person.
    """
    recall = sketch_recall(scope=scope, actor=actor, now=now, is_mock=is_mock, reason=reason.strip())
    if faults := reason_faults(reason):
        raise Invalid(faults)
    recall.opened_by = _person(actor)
    if is_mock:
        _drill(recall, scope)
    with remember(actor, reason):
        recall.save(force_insert=True)
        if not is_mock:
            stopped = _stop(recall, scope, actor, now)
    if not is_mock:
        log_recall(Logged.RECALL_OPENED, recall, stopped, actor=actor, now=now, reason=reason)
    return recall


def sketch_recall(*, scope: Scope, actor: Actor, now: datetime, **told: Any) -> Recall:
    """A recall of this scope as the actor could open it, not written: what is previewed. Raises Forbidden, Invalid."""
    recall = Recall(
        scope=scope.kind.value,
        batch=scope.batch,
        site=scope.site,
        producer=scope.producer,
        laboratory=scope.laboratory,
        first_on=scope.first_on,
        last_on=scope.last_on,
        division_code=scope.division_code,
        opened_by_name=actor.name,
        created_at=now,
        updated_at=now,
        **told,
    )
    only_if(policy.open_recall(actor, recall))
    if faults := day_faults(scope.first_on, scope.last_on):
        raise Invalid(faults)
    return recall


@transaction.atomic
def confirm_recall(*, recall: Recall, actor: Actor, now: datetime) -> Recall:
    """Move everything that the scope reaches now, tell the parties, and say so. Raises Refused with every reason."""
    row = locked(recall, *RELATED)
    only_if(policy.lead_recall(actor, row))
    at_length()
    state = RecallState(row.state)
    keys = _held(scope_of(row)) if state is RecallState.OPENED else []
    goods = Batch.objects.filter(pk__in=keys).order_by()
    codes = set(goods.values_list("division_code", flat=True).distinct())
    moved = goods.filter(state__in=_MACHINE)
    watched = {code for code in codes if actor.watches(code, *REGULATORS)}
    person = _person(actor)
    if refusals := confirm_refusals(state, person == row.opened_by, moved.count(), codes, watched):
        raise Refused(refusals)
    lots = list(moved.values_list("number", flat=True))
    with remember(actor, row.reason), connection.cursor() as cursor:
        cursor.execute(_ITEMS, {"recall": row.pk, "moved": _MACHINE, "before": BatchState.RELEASED, "keys": keys})
        moved.update(state=BatchState.RECALLED.value, state_reason=row.reason, version=F("version") + 1, updated_at=now)
        cursor.execute(_NOTICES, [now, row.pk])
        confirmed = {"confirmed_by": person, "confirmed_by_name": actor.name, "confirmed_at": now}
        save(row, now, state=RecallState.CONFIRMED.value, **confirmed)
    log_recall(Logged.RECALL_CONFIRMED, row, lots, actor=actor, now=now, reason=row.reason)
    return row


@transaction.atomic
def withdraw_recall(*, recall: Recall, actor: Actor, now: datetime, reason: str = "") -> Recall:
    """Take back a recall that nobody confirmed yet. What it stopped goes on, but for what somebody else stopped since."""
    row = locked(recall, *RELATED)
    only_if(policy.withdraw_recall(actor, row))
    _move(row, RecallState.WITHDRAWN, actor, now, reason)
    at_length()
    with remember(actor, reason), connection.cursor() as cursor:
        cursor.execute(_HELD, [row.pk])
        keys = [key for (key,) in cursor.fetchall()]
        _lock(keys)
        cursor.execute(_HELD, [row.pk])
        goods = Batch.objects.filter(pk__in=[key for (key,) in cursor.fetchall()])
        lots = list(goods.values_list("number", flat=True))
        goods.update(
            state=BatchState.RELEASED.value, state_reason=reason.strip(), version=F("version") + 1, updated_at=now
        )
    log_recall(Logged.RECALL_WITHDRAWN, row, lots, actor=actor, now=now, reason=reason)
    return row


@transaction.atomic
def close_recall(*, recall: Recall, actor: Actor, now: datetime, reason: str = "") -> Recall:
    """Say that what could be brought back was. The goods stay recalled, for good."""
    row = locked(recall, *RELATED)
    only_if(policy.lead_recall(actor, row))
    log_recall(Logged.RECALL_CLOSED, row, actor=actor, now=now, reason=reason)
    return _move(row, RecallState.CLOSED, actor, now, reason)


@transaction.atomic
def record_recovery(*, item: RecallItem, quantity: Decimal, actor: Actor, now: datetime) -> Recovery:
    """Say that so much of a recalled batch came back, in its own unit. Raises Invalid, Refused."""
    recall = locked(item.recall, *RELATED)
    item.recall = recall
    only_if(policy.recover(actor, item))
    if faults := quantity_faults(quantity, QuantityUnit(item.batch.quantity_unit)):
        raise Invalid(faults)
    before = item.recoveries.aggregate(all=Sum("quantity"))["all"] or Decimal(0)
    if refusals := recovery_refusals(RecallState(recall.state), item.is_moved, item.out, before, quantity):
        raise Refused(refusals)
    return Recovery.objects.create(item=item, quantity=quantity, at=now, by=actor.identity, by_name=actor.name)


@transaction.atomic
def read_notices(*, recall: Recall, actor: Actor, now: datetime) -> None:
    """A producer says that it read what it was told. Said once. Raises Forbidden where nothing was sent to it."""
    sent = recall.notices.visible_to(actor).select_related("producer__organisation").order_by("pk")
    rows = list(sent.select_for_update(of=("self",)))
    own = [row for row in rows if policy.read_notice(actor, row)]
    if not own:
        only_if(policy.read_notice(actor, rows[0]) if rows else NOT_YOURS)
    for row in own:
        if row.read_at is None:
            row.read_at, row.read_by_name = now, actor.name
            row.save(update_fields=["read_at", "read_by_name"])


def called_back(batch: Batch) -> list[Refusal]:
    """Goods not released yet that a recall names: they stay where they are."""
    held = RecallHold.objects.filter(batch=batch).values("recall")
    named = RecallItem.objects.filter(batch=batch).values("recall")
    by = Recall.objects.filter(Q(pk__in=held, state=RecallState.OPENED.value) | Q(pk__in=named))
    words = Text("召回 {number} 涉及该批次，不能放行。", "The batch is named by recall {number} and is not released.")
    return [
        Refusal("called_back", Text(words.zh.format(number=number), words.en.format(number=number)))
        for number in by.order_by("pk").values_list("number", flat=True)[:1]
    ]


def _stop(recall: Recall, scope: Scope, actor: Actor, now: datetime) -> list[str]:
    """Hold what the opener may hold, and say which lots; the rest waits for the confirmation."""
    at_length()
    keys = _held(scope)
    given = {
        "recall": recall.pk,
        "keys": keys,
        "own": list(actor.organisation_ids(RoleKind.PRODUCER)),
        "watched": [f"{prefix}%" for prefix in actor.prefixes(*REGULATORS)],
        "stoppable": _STOPPABLE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS, given)
    goods = Batch.objects.filter(pk__in=recall.holds.values("batch"), state=BatchState.RELEASED.value)
    lots = list(goods.values_list("number", flat=True))
    goods.update(state=BatchState.ON_HOLD.value, state_reason=recall.reason, version=F("version") + 1, updated_at=now)
    return lots


def _held(scope: Scope) -> list[int]:
    """Keys of all that the scope reaches, kept from changing. Whoever used one of them meanwhile has brought it further: let go
    and asked again, so that batches are locked in one order. Raises Refused for too much, a Problem where it never stands still."""
    keys = _bounded(scope)
    for _ in range(_TRIES):
        point = transaction.savepoint()
        _lock(keys)
        now = _bounded(scope)
        if set(now) <= set(keys):
            transaction.savepoint_commit(point)
            return now
        transaction.savepoint_rollback(point)
        keys = now
    raise Problem("stale")


def _bounded(scope: Scope) -> list[int]:
    keys = keys_of(scope)
    if refusals := size_refusals(len(keys) > FARTHEST or len(starts_of(scope)) > MOST_NAMED):
        raise Refused(refusals)
    return keys


def _lock(keys: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM trace_batch WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE) AS ours",
            [keys],
        )


def _drill(recall: Recall, scope: Scope) -> None:
    """Walk as a recall would and keep how it went. No batch is locked, moved or told of."""
    begun = time.monotonic()
    found = reach_of(scope)
    recall.took_ms = round((time.monotonic() - begun) * 1_000)
    if refusals := size_refusals(found.is_truncated):
        raise Refused(refusals)
    recall.batches, recall.parties = found.batches, len(found.makers)
    recall.reachable = len(reachable_among(list(found.makers)))
    recall.state = RecallState.DRILLED.value


def _move(row: Recall, to: RecallState, actor: Actor, now: datetime, reason: str) -> Recall:
    if refusals := move_refusals(RecallState(row.state), to):
        raise Refused(refusals)
    with remember(actor, reason):
        save(row, now, state=to.value)
    return row


def _person(actor: Actor) -> int:
    """The user, also where a machine asks with that user's key: one person with two keys is one person."""
    if actor.user_id is None:
        raise Refused(_NOBODY)
    return actor.user_id
