"""A registered batch on its way: release, hold, recall and the rest. Each locks the row, asks the rules, and writes once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.clock import day_of
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Refusal, Text
from products.models import Authorisation
from trace.actions.facts import authorisation_facts
from trace.models import Batch
from trace.rules.batches import MAX_REASON, STEPS, BatchState, Step, release_refusals, step_refusals

_LONG = Text(f"原因不超过 {MAX_REASON} 字。", f"A reason has at most {MAX_REASON} characters.")


@transaction.atomic
def release_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Send the batch to market: from now on its code reads as released. Raises Refused; a second release is
    ``already_released``, also when two are asked at once."""
    today = day_of(now)
    authorisation = (
        Authorisation.objects.select_for_update(of=("self",)).select_related("title").get(pk=batch.authorisation_id)
    )
    locked = _locked(batch)
    facts = authorisation_facts(authorisation, locked.produced_on, today)
    if refusals := release_refusals(BatchState(locked.state), facts, locked.best_before_on, today):
        raise Refused(refusals)
    return _move(locked, BatchState.RELEASED, actor=actor, now=now, reason=reason, released_at=now)


@transaction.atomic
def hold_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Stop sales for now. The reason is public."""
    return _take(Step.HOLD, batch, actor=actor, now=now, reason=reason)


@transaction.atomic
def resume_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Let sales go on after a hold."""
    return _take(Step.RESUME, batch, actor=actor, now=now, reason=reason)


@transaction.atomic
def recall_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Call the goods back, for good. The reason is public."""
    return _take(Step.RECALL, batch, actor=actor, now=now, reason=reason)


@transaction.atomic
def close_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Say that all of it is sold. The code goes on answering."""
    return _take(Step.CLOSE, batch, actor=actor, now=now, reason=reason)


@transaction.atomic
def void_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Withdraw a lot that never went to market. Its number is never used again."""
    return _take(Step.VOID, batch, actor=actor, now=now, reason=reason)


@transaction.atomic
def open_review(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Begin to look into a batch. Its code says so; the reason stays in the history."""
    return _take(Step.OPEN_REVIEW, batch, actor=actor, now=now, reason=reason, review_opened_at=now)


@transaction.atomic
def close_review(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """End a review without a finding."""
    return _take(Step.CLOSE_REVIEW, batch, actor=actor, now=now, reason=reason, review_opened_at=None)


def _take(step: Step, batch: Batch, *, actor: Actor, now: datetime, reason: str, **sets: Any) -> Batch:
    """A step that asks nothing but the state and a reason."""
    if len(reason) > MAX_REASON:
        raise Invalid(Refusal("reason_too_long", _LONG, "/reason"))
    locked = _locked(batch)
    state = BatchState(locked.state)
    if refusals := [*step_refusals(step, state, reason), *_review_refusals(step, locked)]:
        raise Refused(refusals)
    return _move(locked, STEPS[step][1] or state, actor=actor, now=now, reason=reason, **sets)


def _review_refusals(step: Step, batch: Batch) -> list[Refusal]:
    if step is Step.OPEN_REVIEW and batch.review_opened_at:
        return [Refusal("already_under_review", Text("该批次已在核查中。", "The batch is already under review."))]
    if step is Step.CLOSE_REVIEW and not batch.review_opened_at:
        return [Refusal("not_under_review", Text("该批次不在核查中。", "The batch is not under review."))]
    return []


def _locked(batch: Batch) -> Batch:
    return Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)


def _move(batch: Batch, to: BatchState, *, actor: Actor, now: datetime, reason: str, **sets: Any) -> Batch:
    """Write the step. A review's reason is not public and stays in the history."""
    if batch.state != to.value:
        batch.state, batch.state_reason = to.value, reason.strip()
    for name, value in sets.items():
        setattr(batch, name, value)
    batch.version += 1
    batch.updated_at = now
    with remember(actor, reason):
        batch.save()
    return batch
