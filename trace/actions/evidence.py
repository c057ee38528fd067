"""Evidence of a batch: put on record, taken back, and what it came to at the release."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.clock import day_of
from gi_registry.lib.problems import Forbidden, Invalid, Refused
from gi_registry.lib.texts import Refusal, Text
from products.actions.rows import locked, only_if, stop
from products.rules.requirements import Outcome
from trace import policy
from trace.models import Batch, Evidence, RuleOutcome
from trace.rules.batches import MAX_REASON, BatchState
from trace.rules.evidence import MAX_AT_ONCE, MAX_ITEMS, EvidenceItem, EvidenceKind, item_faults, open_faults

RELATED = ("producer__organisation", "authorisation__title__holder")
_TOO_MANY = Text(
    f"一次最多 {MAX_AT_ONCE} 条，每批最多 {MAX_ITEMS} 条。",
    f"At most {MAX_AT_ONCE} pieces at once and {MAX_ITEMS} a batch.",
)
_NONE = Text("请至少提供一条。", "Give at least one piece.")
_SITE = Text("该场地不属于本批次。", "This site is not one of the batch.")
_PERSON = Text("认定须由具名人员签字。", "An attestation is signed by a person with an account.")
_REASON = Text(f"请写明原因，不超过 {MAX_REASON} 字。", f"Give the reason, in at most {MAX_REASON} characters.")
_WITHDRAWN = Refusal("evidence_withdrawn", Text("该条证据已撤回。", "This piece has been taken back already."))


@transaction.atomic
def add_evidence(*, batch: Batch, items: Sequence[EvidenceItem], actor: Actor, now: datetime) -> list[Evidence]:
    """Put pieces on record, all or none. Raises Invalid naming each fault by ``/items/n/...``, Refused once the batch is
    released or void, Forbidden for a holder's people beside attestations."""
    row = locked(batch, *RELATED)
    only_if(policy.vouch(actor, row))
    if any(item.kind is not EvidenceKind.ATTESTATION for item in items):
        only_if(policy.make(actor, row))
    if refusals := open_faults(BatchState(row.state)):
        raise Refused(refusals)
    sites = {site.number: site for site in row.sites.defer("geom")}
    stop(_faults(row, items, actor, now, set(sites)))
    rows = []
    for item in items:
        said = asdict(item) | {"site": sites.get(item.site), "unit": item.unit or "", "sex": item.sex or ""}
        signer = actor.user_id if item.kind is EvidenceKind.ATTESTATION else None
        rows.append(Evidence(batch=row, signer_id=signer, by=actor.identity, by_name=actor.name, at=now, **said))
    return Evidence.objects.bulk_create(rows)


def _faults(batch: Batch, items: Sequence[EvidenceItem], actor: Actor, now: datetime, sites: set[str]) -> list[Refusal]:
    if not items:
        return [Refusal("evidence_none", _NONE, "/items")]
    if len(items) > MAX_AT_ONCE or batch.evidence.count() + len(items) > MAX_ITEMS:
        return [Refusal("evidence_too_many", _TOO_MANY, "/items")]
    faults = []
    for place, item in enumerate(items):
        pointer = f"/items/{place}"
        faults += item_faults(item, day_of(now), pointer)
        if item.site and item.site not in sites:
            faults.append(Refusal("evidence_site", _SITE, f"{pointer}/site"))
        if item.kind is EvidenceKind.ATTESTATION and actor.user_id is None:
            faults.append(Refusal("evidence_unsigned", _PERSON, f"{pointer}/kind"))
    return faults


@transaction.atomic
def withdraw_evidence(*, evidence: Evidence, actor: Actor, now: datetime, reason: str) -> Evidence:
    """Take a piece back; it stays on record as taken back. Whoever signed an attestation takes it back, or the maker."""
    batch = locked(evidence.batch, *RELATED)
    only_if(policy.vouch(actor, batch))
    if not policy.make(actor, batch) and evidence.signer_id != actor.user_id:
        raise Forbidden(policy.NOT_YOURS)
    if not reason.strip() or len(reason) > MAX_REASON:
        raise Invalid(Refusal("reason_missing", _REASON, "/reason"))
    row = locked(evidence)
    if refusals := open_faults(BatchState(batch.state)) or ([_WITHDRAWN] if row.withdrawn_at else []):
        raise Refused(refusals)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = now, actor.name, reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    return row


def keep_outcomes(batch: Batch, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write down what became of each demand, in the transaction of the release."""
    RuleOutcome.objects.bulk_create(
        RuleOutcome(
            batch=batch,
            rule_id=outcome.rule.ident,
            result=outcome.result,
            demanded_zh=outcome.demanded.zh,
            demanded_en=outcome.demanded.en,
            measured_zh=outcome.measured.zh,
            measured_en=outcome.measured.en,
            why_zh=outcome.why.zh,
            why_en=outcome.why.en,
            at=now,
        )
        for outcome in outcomes
    )
