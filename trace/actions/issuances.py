"""Unit codes of a batch: issued, prepared, handed out, and what becomes of ranges of them.

Locks are taken in the order batch, issuance. Computing the root of many codes holds neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.jobs import later
from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.problems import Invalid, Problem, Refused
from products.actions.rows import locked, only_if, save
from trace import keys, policy
from trace.actions.batches import RELATED
from trace.actions.label_orders import label_codes, recount_codes
from trace.actions.logged import log_issuance
from trace.codes import sign
from trace.codes.keyring import NO_GTIN
from trace.labels.presets import profile_faults
from trace.models import Batch, CodeDownload, Issuance, IssuanceRange
from trace.rules.batches import BatchState
from trace.rules.issuances import (
    AT_ONCE,
    WITHDRAWN,
    Activation,
    IssuanceState,
    IssueFacts,
    Job,
    RangeFacts,
    RangeKind,
    Span,
    count_faults,
    handing_out_refusals,
    issue_refusals,
    range_refusals,
    reason_faults,
    span_faults,
    void_refusals,
)
from trace.rules.logged import Logged

# Progress is written so often: about once a second.
STEP = 100_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What codes are asked for. ``profile``: the labels that they are meant for."""

    count: int
    activation: Activation = Activation.WITH_BATCH
    has_pin: bool = False
    profile: str = ""


@transaction.atomic
def issue_codes(*, batch: Batch, wish: Wish, actor: Actor, now: datetime, reason: str = "") -> Issuance:
    """Issue unit codes for a batch: a few at once, many by a job. Raises Invalid, Refused with every fault.

    More codes than the packs explain need a reason, which stays in the history.
    """
    if faults := [*count_faults(wish.count, reason), *profile_faults(wish.profile)]:
        raise Invalid(faults)
    row = locked(batch, *RELATED)
    only_if(policy.make(actor, row))
    facts = _issue_facts(row)
    if refusals := issue_refusals(facts, wish.count, reason):
        raise Refused(refusals)
    issuance = Issuance(
        batch=row,
        ordinal=facts.issuances,  # none is ever deleted
        count=wish.count,
        epoch=_current_epoch(),
        gtin=row.form.gtin or NO_GTIN,
        profile=wish.profile,
        has_pin=wish.has_pin,
        activation=wish.activation.value,
        created_at=now,
        updated_at=now,
    )
    is_small = wish.count <= AT_ONCE
    if is_small:
        _seal(issuance, _codes(issuance), now)
    with remember(actor, reason):
        issuance.save(force_insert=True)
    if is_small:
        log_issuance(Logged.CODES_ISSUED, issuance, actor=actor, now=now)
    label_codes(issuance=issuance, actor=actor, now=now)
    if not is_small:
        later(Job.PREPARE_ISSUANCE, lock=f"issuance {issuance.number}", number=issuance.number)
    return issuance


def _issue_facts(batch: Batch) -> IssueFacts:
    own = Issuance.objects.filter(batch=batch)
    preparing = Issuance.objects.filter(batch__producer=batch.producer_id, state=IssuanceState.PREPARING.value)
    return IssueFacts(
        batch_state=BatchState(batch.state),
        issuances=own.count(),
        valid=own.valid_units(),
        preparing=preparing.count(),
        pack_count=batch.pack_count,
    )


def _current_epoch() -> str:
    try:
        return keys.ring().current
    except KeyFault as fault:
        raise Problem("unavailable", fault.text) from fault


def _codes(issuance: Issuance) -> Iterator[str]:
    return sign.codes(unit_keys(issuance), 0, issuance.count)


def unit_keys(issuance: Issuance) -> Any:
    """The keys of an issuance, to make its codes again. Raises a Problem when they cannot be had (503)."""
    try:
        return issuance.unit_keys
    except KeyFault as fault:
        raise Problem("unavailable", fault.text) from fault


def _seal(issuance: Issuance, codes: Iterator[str], now: datetime) -> None:
    issuance.root = sign.root_of(codes)
    issuance.prepared = issuance.count
    issuance.state, issuance.issued_at = IssuanceState.ISSUED.value, now


def prepare_issuance(*, number: str, now: datetime) -> None:
    """Compute the root of an issuance that is being prepared. Safe to repeat; nothing where there is nothing to do.

    The codes are made without a transaction, so that a batch can be held or recalled meanwhile.
    """
    waiting = Issuance.objects.filter(number=number, state=IssuanceState.PREPARING.value)
    issuance = waiting.select_related("batch").first()
    if issuance is None:
        return
    fresh = Issuance(count=issuance.count)
    _seal(fresh, _noted(issuance), now)
    with transaction.atomic():
        row = locked(issuance)
        if row.state != IssuanceState.PREPARING:
            return
        with remember(Actor.SYSTEM):
            save(row, now, state=fresh.state, prepared=fresh.prepared, root=fresh.root, issued_at=fresh.issued_at)
        log_issuance(Logged.CODES_ISSUED, row, actor=Actor.SYSTEM, now=now)


def _noted(issuance: Issuance) -> Iterator[str]:
    """Its codes, the progress written now and then; they end early when the issuance was voided meanwhile."""
    waiting = Issuance.objects.filter(pk=issuance.pk, state=IssuanceState.PREPARING.value)
    for place, code in enumerate(_codes(issuance)):
        if place and not place % STEP and not waiting.update(prepared=place):
            return
        yield code


@transaction.atomic
def void_issuance(*, issuance: Issuance, actor: Actor, now: datetime, reason: str = "") -> Issuance:
    """Withdraw every code of an issuance, for good."""
    row = _locked(issuance, actor)
    if faults := reason_faults(reason):
        raise Invalid(faults)
    if refusals := void_refusals(IssuanceState(row.state), reason):
        raise Refused(refusals)
    with remember(actor, reason):
        save(row, now, state=IssuanceState.VOID.value)
    log_issuance(Logged.CODES_VOIDED, row, actor=actor, now=now, reason=reason)
    recount_codes(issuance=row, kind=RangeKind.VOID, actor=actor, now=now, reason=reason)
    return row


@transaction.atomic
def record_range(
    *, issuance: Issuance, kind: RangeKind, span: Span, actor: Actor, now: datetime, reason: str = ""
) -> IssuanceRange:
    """Say of units that they were activated, printed, spoiled, returned, destroyed or voided.

    Raises Invalid for a range that cannot be, Refused for one of which it was said before.
    """
    row = _locked(issuance, actor)
    if faults := span_faults(span, row.count, kind, reason):
        raise Invalid(faults)
    if refusals := range_refusals(kind, _range_facts(row, kind, span)):
        raise Refused(refusals)
    with remember(actor, reason):
        said = IssuanceRange.objects.create(
            issuance=row,
            kind=kind.value,
            first=span.first,
            last=span.last,
            reason=reason.strip(),
            by=actor.identity,
            by_name=actor.name,
            at=now,
        )
        save(row, now)  # whoever watches it by its ETag sees that something was said
    recount_codes(issuance=row, kind=kind, actor=actor, now=now, reason=reason)
    return said


def _locked(issuance: Issuance, actor: Actor) -> Issuance:
    """The issuance as it is now, ours until the transaction ends, if it is the actor's to change."""
    row = locked(issuance, "batch__producer__organisation")
    only_if(policy.make(actor, row.batch))
    return row


def _range_facts(row: Issuance, kind: RangeKind, span: Span) -> RangeFacts:
    own = IssuanceRange.objects.filter(issuance=row)
    return RangeFacts(
        state=IssuanceState(row.state),
        activation=Activation(row.activation),
        count=row.count,
        ranges=own.filter(kind=kind.value).count(),
        same=own.filter(kind=kind.value).sharing(span.first, span.last),
        withdrawn=own.filter(kind__in=[word.value for word in WITHDRAWN]).sharing(span.first, span.last),
    )


def may_take(*, issuance: Issuance, span: Span, actor: Actor) -> None:
    """Raises Forbidden to all but the maker, Invalid, and Refused while the codes are not to be handed out."""
    only_if(policy.make(actor, issuance.batch))
    if faults := span_faults(span, issuance.count, RangeKind.PRINTED, ""):
        raise Invalid(faults)
    if refusals := handing_out_refusals(IssuanceState(issuance.state), BatchState(issuance.batch.state)):
        raise Refused(refusals)


@transaction.atomic
def take_codes(*, issuance: Issuance, span: Span, actor: Actor, now: datetime) -> CodeDownload:
    """Hand codes out to their maker as a file, and note it. Raises as ``may_take``."""
    may_take(issuance=issuance, span=span, actor=actor)
    who = {"by": actor.identity, "by_name": actor.name}
    return CodeDownload.objects.create(issuance=issuance, first=span.first, last=span.last, at=now, **who)
