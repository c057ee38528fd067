"""Holds every demand of a version against the evidence of a batch: one pass, one outcome each, with the figures."""

from collections.abc import Iterable, Sequence

from gi_registry.lib.texts import Refusal, Text
from products.rules.requirements import checks
from products.rules.requirements.evidence import Evidence
from products.rules.requirements.findings import Finding
from products.rules.requirements.kinds import Outcome, Requirement, demanded, listed
from products.rules.words import OutcomeResult as R
from products.rules.words import Severity

_NOTHING = Text("", "")


def evaluate(rules: Iterable[Requirement], evidence: Evidence) -> tuple[Outcome, ...]:
    """One outcome for each demand, in their order. Never raises for evidence of any shape: rules have passed
    ``rules_faults``."""
    return tuple(_outcome(rule, evidence) for rule in rules)


def _outcome(rule: Requirement, evidence: Evidence) -> Outcome:
    finding = _scope(rule, evidence) or (
        checks.attested(rule, evidence)
        if rule.severity is Severity.ATTEST
        else checks.CHECKS[rule.kind](rule, evidence)
    )
    return Outcome(rule, finding.result, demanded(rule), finding.measured, finding.why)


def _scope(rule: Requirement, evidence: Evidence) -> Finding | None:
    """Why a demand does not apply, or cannot be told to; None when it applies.

    What is not declared is missing, never taken for another: a batch that names no grade does not slip past the
    demands of every grade.
    """
    names = (
        (rule.zone, evidence.zones, Text("产区", "zone")),
        (rule.variety, evidence.varieties, Text("品种", "variety")),
        (rule.grade, (evidence.grade,) if evidence.grade else (), Text("等级", "grade")),
        (rule.sex.text.zh if rule.sex else "", tuple(s.text.zh for s in evidence.sexes), Text("性别", "sex")),
    )
    finding = None
    for wanted, declared, name in names:
        if not wanted or wanted in declared:
            continue
        if declared:
            why = Text(f"只针对{name.zh}“{wanted}”。", f"Only for the {name.en} “{wanted}”.")
            return Finding(R.NOT_APPLICABLE, listed(declared), why)
        why = Text(f"未申报{name.zh}。", f"No {name.en} is declared.")
        finding = finding or Finding(R.MISSING_EVIDENCE, _NOTHING, why)
    return finding


def release_faults(outcomes: Sequence[Outcome]) -> list[Refusal]:
    """What keeps a batch from the market: a blocking demand failed or without evidence, or a person who signed that a
    demand is not met. ``pointer`` names the demand by its place."""
    faults = []
    for place, outcome in enumerate(outcomes):
        rule, pointer = outcome.rule, f"/rules/{place}"
        if outcome.result is R.FAILED and rule.severity in (Severity.BLOCK, Severity.ATTEST):
            faults.append(Refusal("requirement_failed", _told(outcome, Text("不符合", "not met")), pointer))
        elif outcome.result is R.MISSING_EVIDENCE and rule.severity is Severity.BLOCK:
            faults.append(
                Refusal("requirement_without_evidence", _told(outcome, Text("缺少证据", "no evidence")), pointer)
            )
    return faults


def _told(outcome: Outcome, what: Text) -> Text:
    label, asked, why = outcome.rule.label, outcome.demanded, outcome.why
    return Text(
        f"{label.zh}（要求：{asked.zh}）{what.zh}。{why.zh}",
        f"{label.en or label.zh} (demanded: {asked.en}): {what.en}. {why.en}",
    )
