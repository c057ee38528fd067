"""A registered batch on its way: release, hold, recall and the rest. Each locks the row, asks the rules, and writes once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from gi_registry.lib.access import Actor, Decision
from gi_registry.lib.clock import day_of
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Refusal, Text
from products.actions.rows import locked, only_if, save
from trace import policy
from trace.actions.batches import RELATED
from trace.actions.evidence import keep_outcomes
from trace.actions.facts import authorisation_facts
from trace.actions.genealogy import hold_inputs, inputs_refused, only_unused
from trace.actions.label_orders import credit_batch
from trace.actions.logged import log_batches
from trace.actions.recalls import called_back
from trace.models import Batch
from trace.record import judge
from trace.rules.batches import MAX_REASON, STEPS, BatchState, Step, release_refusals, step_refusals

Policy = Callable[[Actor, Batch], Decision]
_LONG = Text(f"原因不超过 {MAX_REASON} 字。", f"A reason has at most {MAX_REASON} characters.")


@transaction.atomic
def release_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Send the batch to market: from now on its code reads as released. What became of each demand is kept with it.

    Raises Refused, with every demand that failed or lacks evidence; a second release is ``already_released``, also when two
    are asked at once.
    """
    today = day_of(now)
    authorisation = locked(batch.authorisation, "title")
    hold_inputs(batch)
    row = locked(batch, *RELATED)
    only_if(policy.make(actor, row))
    facts = authorisation_facts(authorisation, row.produced_on, today)
    outcomes = judge(row).outcomes
    refusals = release_refusals(BatchState(row.state), facts, row.best_before_on, today, outcomes)
    if refusals := [*refusals, *inputs_refused(row), *called_back(row)]:
        raise Refused(refusals)
    # Written first: with the release the evidence that they rest on is closed.
    keep_outcomes(row, outcomes, now)
    return _move(Step.RELEASE, row, BatchState.RELEASED, actor=actor, now=now, reason=reason, released_at=now)


@transaction.atomic
def hold_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Stop sales for now. The reason is public."""
    return _take(Step.HOLD, policy.control, batch, actor=actor, now=now, reason=reason)


@transaction.atomic
def resume_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Let sales go on after a hold."""
    return _take(Step.RESUME, policy.control, batch, actor=actor, now=now, reason=reason)


@transaction.atomic
def recall_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Call the goods back, for good. The reason is public."""
    return _take(Step.RECALL, policy.withdraw, batch, actor=actor, now=now, reason=reason)


@transaction.atomic
def close_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Say that all of it is sold. The code goes on answering."""
    return _take(Step.CLOSE, policy.make, batch, actor=actor, now=now, reason=reason)


@transaction.atomic
def void_batch(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Withdraw a lot that never went to market. Its number is never used again."""
    row = _take(Step.VOID, policy.withdraw, batch, actor=actor, now=now, reason=reason)
    only_unused(row)
    credit_batch(batch=row, actor=actor, now=now, reason=reason)
    return row


@transaction.atomic
def open_review(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """Begin to look into a batch. Its code says so; the reason stays in the history."""
    return _take(Step.OPEN_REVIEW, policy.control, batch, actor=actor, now=now, reason=reason, review_opened_at=now)


@transaction.atomic
def close_review(*, batch: Batch, actor: Actor, now: datetime, reason: str = "") -> Batch:
    """End a review without a finding."""
    return _take(Step.CLOSE_REVIEW, policy.control, batch, actor=actor, now=now, reason=reason, review_opened_at=None)


def _take(step: Step, may: Policy, batch: Batch, *, actor: Actor, now: datetime, reason: str, **sets: Any) -> Batch:
    """A step that asks nothing but the state and a reason."""
    if len(reason) > MAX_REASON:
        raise Invalid(Refusal("reason_too_long", _LONG, "/reason"))
    row = locked(batch, *RELATED)
    only_if(may(actor, row))
    state = BatchState(row.state)
    if refusals := [*step_refusals(step, state, reason), *_review_refusals(step, row)]:
        raise Refused(refusals)
    return _move(step, row, STEPS[step][1] or state, actor=actor, now=now, reason=reason, **sets)


def _review_refusals(step: Step, batch: Batch) -> list[Refusal]:
    if step is Step.OPEN_REVIEW and batch.review_opened_at:
        return [Refusal("already_under_review", Text("该批次已在核查中。", "The batch is already under review."))]
    if step is Step.CLOSE_REVIEW and not batch.review_opened_at:
        return [Refusal("not_under_review", Text("该批次不在核查中。", "The batch is not under review."))]
    return []


def _move(step: Step, batch: Batch, to: BatchState, *, actor: Actor, now: datetime, reason: str, **sets: Any) -> Batch:
    """Write the step. A review leaves the state, and its reason is not public: it stays in the history."""
    was_said = batch.state != BatchState.DRAFT  # a draft is nobody's business, nor that it was given up
    if batch.state != to.value:
        sets |= {"state": to.value, "state_reason": reason.strip()}
    with remember(actor, reason):
        save(batch, now, **sets)
    if was_said:
        log_batches(step, [batch], actor=actor, now=now, reason=reason)
    return batch
