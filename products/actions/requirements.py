"""The checkable demands of a draft: read, held against the facts they rest on, written, and checked by a second person."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from gi_registry.lib.access import Actor
from gi_registry.lib.texts import Refusal, Text
from products.models import SpecificationFact, SpecificationRule, SpecificationVersion
from products.rules.requirements import MAX_RULES, Requirement, rules_faults
from products.rules.words import FactOperator, RuleKind, Unit

# What a request says of a rule, beside the fact that it rests on.
STATED = (
    *("kind", "key", "label_zh", "label_en", "severity", "operator", "low", "high", "unit", "words"),
    *("zone", "variety", "grade", "sex", "clause", "confidence", "source_zh", "source_en"),
)
_OWN_FIGURES = ("operator", "low", "high")
_NO_FACT = Text("没有这样的指标：{key}。", "There is no such fact: {key}.")
_TWICE = Text(
    "数值已由所依据的指标给出，不能另写。", "The figures stand in the fact that it rests on and are not written again."
)


def rows_of_rules(rules: Sequence[dict[str, Any]], facts: Sequence[dict[str, Any]]) -> list[SpecificationRule]:
    """Unsaved rows from what was sent. ``facts`` are those of the same version; a rule names one by ``fact`` (its key, in
    the rule's own zone, else for the whole area). Labels, clause and key are the fact's where the rule gives none."""
    known = {(fact["key"], fact.get("zone", "")): SpecificationFact(**_columns(fact)) for fact in facts}
    return [_row(rule, place, known) for place, rule in enumerate(rules)]


def _columns(fact: dict[str, Any]) -> dict[str, Any]:
    return {**fact, **_decimals(fact), "unit": fact.get("unit") or Unit.NONE.value}


def _decimals(said: dict[str, Any]) -> dict[str, Decimal]:
    return {end: Decimal(said[end]) for end in ("low", "high") if said.get(end) is not None}


def _row(rule: dict[str, Any], place: int, known: dict[tuple[str, str], SpecificationFact]) -> SpecificationRule:
    said = {name: rule[name] for name in STATED if rule.get(name) not in (None, "")}
    said |= _decimals(said)
    fact = known.get((rule.get("fact") or "", rule.get("zone", ""))) or known.get((rule.get("fact") or "", ""))
    if fact:
        for name in ("key", "label_zh", "label_en", "clause"):
            said.setdefault(name, getattr(fact, name))
    said.setdefault("key", said["kind"])
    if "label_zh" not in said:
        label = RuleKind(said["kind"]).text
        said |= {"label_zh": label.zh, "label_en": label.en}
    return SpecificationRule(place=place, fact=fact, **said)


def rule_refusals(rules: Sequence[dict[str, Any]], rows: Sequence[SpecificationRule]) -> list[Refusal]:
    """Everything wrong with the rules of a version: facts that are not there, figures said twice, and what
    ``rules.requirements`` finds."""
    if len(rules) > MAX_RULES:
        return rules_faults([row.requirement for row in rows])
    faults = []
    for place, (rule, row) in enumerate(zip(rules, rows, strict=True)):
        if rule.get("fact") and row.fact is None:
            faults.append(Refusal("rule_fact", _NO_FACT.format(key=rule["fact"]), f"/rules/{place}/fact"))
        elif row.fact and row.fact.operator != FactOperator.TEXT:
            own = [name for name in _OWN_FIGURES if rule.get(name) not in (None, "")]
            faults += [Refusal("rule_fact_figures", _TWICE, f"/rules/{place}/{name}") for name in own]
    return faults or rules_faults([row.requirement for row in rows])


def rules_as_sent(version: SpecificationVersion) -> list[dict[str, Any]]:
    """The rules of a version in the shape in which they are sent."""
    return [_as_sent(row) for row in version.rules.select_related("fact").order_by("place")]


def _as_sent(row: SpecificationRule) -> dict[str, Any]:
    return {name: getattr(row, name) for name in STATED} | {"fact": row.fact.key if row.fact else ""}


def _meaning(row: SpecificationRule) -> tuple[Any, ...]:
    """What two people have to agree on. Its place is no part of it."""
    asked = row.requirement
    plain = Requirement(**{name: getattr(asked, name) for name in Requirement.__slots__ if name != "ident"})
    return (plain, row.source_zh, row.source_en)


def put_rules(
    version: SpecificationVersion,
    rows: Sequence[SpecificationRule],
    before: Sequence[SpecificationRule],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the rules in place of ``before`` (already gone). One that says what it said keeps who entered it."""
    entered = {_meaning(row): (row.entered_by_id, row.entered_at) for row in before}
    facts = {(fact.key, fact.zone): fact for fact in version.facts.all()}
    for row in rows:
        row.entered_by_id, row.entered_at = entered.get(_meaning(row), (actor.user_id, now))
    for row in rows:
        row.specification = version
        row.fact = facts[row.fact.key, row.fact.zone] if row.fact else None
    SpecificationRule.objects.bulk_create(rows)


def unchecked_rules(version: SpecificationVersion, checker: Actor | None) -> int:
    """For how many rules nobody would stand, were ``checker`` to stand for those that somebody else entered."""
    left = version.rules.filter(checked_by=None)
    if checker and checker.user_id is not None:
        left = left.filter(entered_by_id=checker.user_id)
    return left.count()


def check_rules(version: SpecificationVersion, *, actor: Actor, now: datetime) -> None:
    """A second person stands for every rule that nobody has checked yet."""
    version.rules.filter(checked_by=None).update(checked_by_id=actor.user_id, checked_at=now)


def uncheck_rules(version: SpecificationVersion) -> None:
    version.rules.update(checked_by=None, checked_at=None)
