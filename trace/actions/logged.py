"""What of goods is said to the open log, in the transaction in which it happens: public facts, and a commitment to the reason."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from gi_registry.accounts.rules import OrganisationKind
from gi_registry.credentials.models import Credential
from gi_registry.lib.access import Actor
from gi_registry.openlog import tree
from gi_registry.openlog.actions import Event, record, record_alike
from trace.models import Batch, Issuance, Recall, Transfer
from trace.rules.batches import BatchState, Step
from trace.rules.dates import BatchDates
from trace.rules.logged import OF_STEP, Logged, batch_object, certificate_object, issuance_object, recall_object

_EXACT = Decimal("0.001")


def log_batches(step: Step, batches: Iterable[Batch], *, actor: Actor, now: datetime, reason: str = "") -> None:
    """That batches took a step. Nothing for a step that is not logged."""
    if (word := OF_STEP.get(step)) is None:
        return
    record([_event(word, step, batch, now, reason) for batch in batches], actor=actor, now=now)


def _event(word: Logged, step: Step, batch: Batch, now: datetime, reason: str) -> Event:
    facts, secret = {"lot": batch.number, "state": batch.state}, _secret(reason)
    if step is Step.REGISTER:
        facts, secret = facts | public_facts(batch), private_facts(batch) | (secret or {})
    return Event(word.value, batch_object(batch.number), now, facts, secret)


def log_issuance(word: Logged, issuance: Issuance, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """That codes were issued, with the hash over all of them, or withdrawn."""
    facts = issuance_facts(issuance, is_whole=word is Logged.CODES_ISSUED)
    record([Event(word.value, issuance_object(issuance.number), now, facts, _secret(reason))], actor=actor, now=now)


def issuance_facts(issuance: Issuance, *, is_whole: bool) -> dict[str, Any]:
    """``is_whole``: with the hash over all of its codes."""
    facts: dict[str, Any] = {"lot": issuance.batch.number, "issuance": issuance.number}
    if is_whole:
        root = bytes(issuance.root).hex()
        facts |= {"ordinal": issuance.ordinal, "count": issuance.count, "epoch": issuance.epoch, "root": root}
    return facts


def log_recall(
    word: Logged, recall: Recall, lots: Sequence[str] | None = None, *, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """A step of a recall that is no drill. ``lots``: those that it moved; each is told of in its own history too, and the hash
    over them in order says for ever which they were."""
    facts: dict[str, Any] = {"recall": recall.number, "scope": recall.scope}
    if lots is not None:
        lots = sorted(lots)
        facts |= {"batches": len(lots), "root": tree.root(lot.encode() for lot in lots).hex()}
        alike = {"state": _STATE_BY[word].value, "recall": recall.number}
        step = OF_STEP[_STEP_BY[word]].value
        record_alike(kind=step, prefix=batch_object(""), names=lots, key="lot", facts=alike, actor=actor, now=now)
    event = Event(word.value, recall_object(recall.number), now, facts, _secret(reason))
    record([event], actor=actor, now=now)


_STATE_BY = {
    Logged.RECALL_OPENED: BatchState.ON_HOLD,
    Logged.RECALL_CONFIRMED: BatchState.RECALLED,
    Logged.RECALL_WITHDRAWN: BatchState.RELEASED,
}
_STEP_BY = {
    Logged.RECALL_OPENED: Step.HOLD,
    Logged.RECALL_CONFIRMED: Step.RECALL,
    Logged.RECALL_WITHDRAWN: Step.RESUME,
}


def log_certificate(credential: Credential, *, now: datetime) -> None:
    """That a certificate was issued: of what, and the digest over what it says."""
    name, facts = certificate_object(credential.serial), certificate_facts(credential)
    record([Event(Logged.CERTIFICATE_ISSUED.value, name, now, facts)], actor=Actor.SYSTEM, now=now)


def certificate_facts(credential: Credential) -> dict[str, Any]:
    return {
        "certificate": credential.serial,
        "of": f"{credential.kind}:{credential.number}",
        "claims_sha256": credential.digest,
    }


def log_transfer(transfer: Transfer, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """That both agreed; who they are and how much it was is theirs."""
    facts, secret = transfer_facts(transfer)
    name, told = f"transfer:{transfer.number}", secret | (_secret(reason) or {})
    record([Event(Logged.TRANSFER_ACCEPTED.value, name, now, facts, told)], actor=actor, now=now)


def transfer_facts(transfer: Transfer) -> tuple[dict[str, Any], dict[str, Any]]:
    """What everybody is told, and what is theirs."""
    secret = {
        "giver": transfer.giver.producer.number,
        "taker": transfer.taker.number,
        "kind": transfer.kind,
        "quantity": str(transfer.quantity.quantize(_EXACT)),
    }
    return {"transfer": transfer.number, "season": transfer.giver.quota.season.number}, secret


def _secret(reason: str) -> dict[str, Any] | None:
    return {"reason": reason.strip()} if reason.strip() else None


def public_facts(batch: Batch) -> dict[str, Any]:
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


def private_facts(batch: Batch) -> dict[str, Any]:
    """What a competitor would read a producer's volume from, and what is nobody's business: shown by who has the salt."""
    return {
        "producer": batch.producer.number,
        "product": batch.form.number,
        "quantity": str(batch.quantity.quantize(_EXACT)),
        "unit": batch.quantity_unit,
        "packs": batch.pack_count,
        "producer_lot": batch.producer_lot,
    }
