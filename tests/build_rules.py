"""Versions of a specification with rules, entered by one person and checked by another, as the database asks."""

from datetime import date
from typing import Any

from products import actions
from products.models import SpecificationVersion, Title
from products.rules.words import RuleKind, Severity, SpecificationStatus, TransitionRule, Unit
from tests.build_products import DOCUMENT
from tests.cast import NOW, Cast
from trace.actions import add_evidence
from trace.models import Batch, Evidence
from trace.rules.evidence import EvidenceItem, EvidenceKind

REPORT = "7a" * 32


def ageing(months: int, severity: Severity = Severity.BLOCK) -> dict[str, Any]:
    words = {
        "kind": RuleKind.AGEING_MIN,
        "key": "ageing",
        "label_zh": "陈酿期",
        "label_en": "Ageing",
        "words": ["陈酿"],
    }
    return {**words, "severity": severity, "operator": "min", "low": months, "unit": Unit.MONTH}


ACID = {
    "kind": RuleKind.TEST_LIMIT,
    "key": "acid",
    "label_zh": "总酸",
    "label_en": "Total acid",
    "severity": Severity.BLOCK,
    "operator": "min",
    "low": 6,
    "unit": Unit.GRAM_PER_100_ML,
}
TASTE = {
    "kind": RuleKind.ATTESTED,
    "key": "taste",
    "label_zh": "风味",
    "label_en": "Taste",
    "severity": Severity.ATTEST,
}


def a_draft_with_rules(cast: Cast, title: Title, *rules: dict[str, Any], **more: Any) -> SpecificationVersion:
    """Drafted by Chen, who holds the title."""
    facts = {"label_zh": "新版", "effective_from": date(2025, 1, 1), "transition_rule": TransitionRule.PRODUCTION_START}
    return actions.draft_specification(title=title, rules=rules, actor=cast.chen.actor, now=NOW, **{**facts, **more})


def a_version_with_rules(cast: Cast, title: Title, *rules: dict[str, Any], **more: Any) -> SpecificationVersion:
    """The same, reviewed and announced by Lin."""
    version = a_draft_with_rules(cast, title, *rules, **more)
    by = {"actor": cast.lin.actor, "now": NOW}
    version = actions.move_specification(specification=version, to=SpecificationStatus.REVIEWED, **by)
    return actions.announce_specification(specification=version, document_sha256=DOCUMENT, **by)


def an_ageing(begin: date, end: date | None) -> EvidenceItem:
    return EvidenceItem(EvidenceKind.STEP, text="陈酿", began_on=begin, ended_on=end)


def a_test(key: str, value: Any, unit: Unit, **more: Any) -> EvidenceItem:
    from_laboratory = {"laboratory": "省食品检验院（示例）", "document_sha256": REPORT}
    return EvidenceItem(EvidenceKind.MEASUREMENT, key=key, value=value, unit=unit, **{**from_laboratory, **more})


def a_signature(key: str, is_met: bool) -> EvidenceItem:
    return EvidenceItem(EvidenceKind.ATTESTATION, key=key, is_met=is_met, document_sha256=REPORT)


def on_record(cast: Cast, batch: Batch, *items: EvidenceItem) -> list[Evidence]:
    """Put on record by Zhang."""
    return add_evidence(batch=batch, items=items, actor=cast.zhang.actor, now=NOW)
