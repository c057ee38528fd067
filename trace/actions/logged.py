"""What of goods is said to the open log, in the transaction in which it happens: public facts, and a commitment to the reason."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from gi_registry.accounts.rules import OrganisationKind
from gi_registry.lib.access import Actor
from gi_registry.openlog.actions import Event, record
from trace.models import Batch, Issuance
from trace.rules.batches import Step
from trace.rules.dates import BatchDates
from trace.rules.logged import OF_STEP, Logged, batch_object, issuance_object

_EXACT = Decimal("0.001")


def log_batches(step: Step, batches: Iterable[Batch], *, actor: Actor, now: datetime, reason: str = "") -> None:
    """That batches took a step. Nothing for a step that is not logged."""
    if (word := OF_STEP.get(step)) is None:
        return
    record([_event(word, step, batch, now, reason) for batch in batches], actor=actor, now=now)


def _event(word: Logged, step: Step, batch: Batch, now: datetime, reason: str) -> Event:
    facts, secret = {"lot": batch.number, "state": batch.state}, _secret(reason)
    if step is Step.REGISTER:
        facts, secret = facts | _public(batch), _private(batch) | (secret or {})
    return Event(word.value, batch_object(batch.number), now, facts, secret)


def log_issuance(word: Logged, issuance: Issuance, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """That codes were issued, with the hash over all of them, or withdrawn."""
    facts: dict[str, Any] = {"lot": issuance.batch.number, "issuance": issuance.number}
    if word is Logged.CODES_ISSUED:
        root = bytes(issuance.root).hex()
        facts |= {"ordinal": issuance.ordinal, "count": issuance.count, "epoch": issuance.epoch, "root": root}
    record([Event(word.value, issuance_object(issuance.number), now, facts, _secret(reason))], actor=actor, now=now)


def _secret(reason: str) -> dict[str, Any] | None:
    return {"reason": reason.strip()} if reason.strip() else None


def _public(batch: Batch) -> dict[str, Any]:
    """What whoever checks the lot is told too: of the place the county, of a household nothing."""
    maker, days = batch.producer, {name: getattr(batch, name) for name in BatchDates.__slots__}
    is_told = maker.is_public and maker.organisation.kind != OrganisationKind.HOUSEHOLD
    return {
        "indication": batch.indication.slug,
        "producer": maker.number if is_told else None,
        "gtin": batch.form.gtin,
        "division": batch.division_code,
        **{name: day.isoformat() for name, day in days.items() if day},
    }


def _private(batch: Batch) -> dict[str, Any]:
    """What a competitor would read a producer's volume from, and what is nobody's business: shown by who has the salt."""
    return {
        "producer": batch.producer.number,
        "product": batch.form.number,
        "quantity": str(batch.quantity.quantize(_EXACT)),
        "unit": batch.quantity_unit,
        "packs": batch.pack_count,
        "producer_lot": batch.producer_lot,
    }
