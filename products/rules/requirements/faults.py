"""Why a demand makes no sense, alone or beside the others: refused when it is entered, never found out at a release."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from gi_registry.lib.texts import Refusal, Text
from products.rules.requirements.kinds import (
    LONGEST_DAYS,
    LONGEST_MONTHS,
    MAX_RULES,
    PLANS,
    SENSIBLE,
    Requirement,
    listed,
)
from products.rules.requirements.units import in_base, measured_by, same_kind
from products.rules.specifications import FactValue, fact_faults
from products.rules.words import Confidence, FactOperator, RuleKind, Severity, Unit

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}\Z")
MAX_WORD = 80
_DIVISION = re.compile(r"[1-9][0-9]{1,5}\Z")
_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}\Z")
# Kinds whose words or bounds of two demands must leave something that meets both.
_SETS = frozenset({RuleKind.VARIETY_IN, RuleKind.IN_DIVISIONS})


def rule_faults(rule: Requirement, pointer: str = "") -> list[Refusal]:
    """What is wrong with one demand in itself."""
    faults = []
    if not KEY.match(rule.key):
        text = Text("指标键只能用小写字母、数字、- 和 _。", "A key has lower-case letters, digits, - and _ only.")
        faults.append(Refusal("rule_key", text, f"{pointer}/key"))
    faults += _bound_faults(rule, pointer)
    faults += _word_faults(rule, pointer)
    return faults + _severity_faults(rule, pointer)


def _bound_faults(rule: Requirement, pointer: str) -> list[Refusal]:
    plan = PLANS[rule.kind]
    if rule.bound is None:
        if not plan.operators or rule.severity is Severity.ATTEST:
            return []
        text = Text(f"“{rule.kind.text.zh}”需要数值界限。", f"“{rule.kind.text.en}” needs a bound.")
        return [Refusal("rule_bound_missing", text, f"{pointer}/operator")]
    if rule.bound.operator not in plan.operators:
        allowed = listed(tuple(word.text.zh for word in sorted(plan.operators)))
        english = ", ".join(word.text.en for word in sorted(plan.operators))
        if plan.operators:
            text = Text(f"“{rule.kind.text.zh}”只能用：{allowed.zh}。", f"“{rule.kind.text.en}” takes: {english}.")
        else:
            text = Text(f"“{rule.kind.text.zh}”没有数值界限。", f"“{rule.kind.text.en}” takes no bound.")
        return [Refusal("rule_operator", text, f"{pointer}/operator")]
    if faults := [_not_finite(name, pointer) for name, value in _ends(rule.bound) if not value.is_finite()]:
        return faults
    return fact_faults(rule.bound, pointer) or [*_unit_faults(rule, pointer), *_range_faults(rule, pointer)]


def _not_finite(name: str, pointer: str) -> Refusal:
    return Refusal("rule_bound", Text("请填写数值。", "Give a number."), f"{pointer}/{name}")


def _ends(bound: FactValue) -> list[tuple[str, Decimal]]:
    return [(name, value) for name, value in (("low", bound.low), ("high", bound.high)) if value is not None]


def _unit_faults(rule: Requirement, pointer: str) -> list[Refusal]:
    wanted, unit = PLANS[rule.kind].units, rule.bound.unit
    if wanted is None or any(same_kind(unit, known) for known in wanted):
        return []
    known = [one for one in Unit if any(same_kind(one, other) for other in wanted)]
    zh, en = "、".join(one.text.zh for one in known), ", ".join(one.text.en for one in known)
    text = Text(f"“{rule.kind.text.zh}”的单位应为：{zh}。", f"“{rule.kind.text.en}” is measured in: {en}.")
    return [Refusal("rule_unit", text, f"{pointer}/unit")]


def _range_faults(rule: Requirement, pointer: str) -> list[Refusal]:
    """Bounds that no measurement could meet or miss: below zero, above a hundred per cent, ages of ages."""
    unit = rule.bound.unit
    longest = {"time": LONGEST_DAYS * 24, "months": LONGEST_MONTHS}.get(measured_by(unit))
    low, high = SENSIBLE.get(unit, (0, None))
    faults = []
    for name, value in _ends(rule.bound):
        is_over = (high is not None and value > high) or (longest is not None and in_base(value, unit) > longest)
        if value < low or is_over:
            text = Text(
                f"{value} {unit.text.zh} 超出合理范围。", f"{value} {unit.text.en} is out of any sensible range."
            )
            faults.append(Refusal("rule_bound_range", text, f"{pointer}/{name}"))
        elif measured_by(unit) == "months" and in_base(value, unit).denominator != 1:
            text = Text("月数须为整数。", "Months are counted whole.")
            faults.append(Refusal("rule_bound_range", text, f"{pointer}/{name}"))
    return faults


def _word_faults(rule: Requirement, pointer: str) -> list[Refusal]:
    least, most = PLANS[rule.kind].words
    at = f"{pointer}/words"
    if not least <= len(rule.words) <= most:
        if most == 0:
            text = Text(f"“{rule.kind.text.zh}”不列词语。", f"“{rule.kind.text.en}” lists no words.")
        else:
            text = Text(f"应有 {least} 至 {most} 个词语。", f"There are {least} to {most} words.")
        return [Refusal("rule_words", text, at)]
    faults = [_word(at, place) for place, word in enumerate(rule.words) if not word.strip() or len(word) > MAX_WORD]
    if len(set(rule.words)) != len(rule.words) and rule.kind is not RuleKind.HARVEST_WINDOW:
        faults.append(Refusal("rule_words_repeated", Text("词语重复。", "A word is repeated."), at))
    if rule.kind in (RuleKind.IN_DIVISIONS, RuleKind.PACK_IN_AREA):
        faults += [_code(at, place) for place, word in enumerate(rule.words) if not _DIVISION.match(word)]
    if rule.kind is RuleKind.HARVEST_WINDOW:
        faults += [_day(at, place) for place, word in enumerate(rule.words) if month_day(word) is None]
    return faults


def _word(at: str, place: int) -> Refusal:
    text = Text(f"每个词语 1 至 {MAX_WORD} 个字。", f"Each word has 1 to {MAX_WORD} characters.")
    return Refusal("rule_word", text, f"{at}/{place}")


def _code(at: str, place: int) -> Refusal:
    return Refusal("rule_division", Text("请填写区划代码。", "Give a division code."), f"{at}/{place}")


def _day(at: str, place: int) -> Refusal:
    return Refusal("rule_day", Text("日期写作 MM-DD。", "Write the day as MM-DD."), f"{at}/{place}")


def month_day(word: str) -> tuple[int, int] | None:
    """``09-21`` as (9, 21); None when there is no such day in any year."""
    if not _MONTH_DAY.match(word):
        return None
    month, day = int(word[:2]), int(word[3:])
    try:
        date(2024, month, day)  # a leap year: 29 February is a day
    except ValueError:
        return None
    return month, day


def _severity_faults(rule: Requirement, pointer: str) -> list[Refusal]:
    faults = []
    if rule.kind is RuleKind.ATTESTED and rule.severity is not Severity.ATTEST:
        text = Text("“人工认定”只能要求签字认定。", "What a person attests has the severity “signed by a person”.")
        faults.append(Refusal("rule_severity", text, f"{pointer}/severity"))
    if rule.severity is Severity.BLOCK and rule.confidence is Confidence.LOW:
        text = Text("来源把握低的要求不能阻止放行。", "A demand of low confidence cannot stop a release.")
        faults.append(Refusal("rule_unsure", text, f"{pointer}/severity"))
    if rule.sex is not None and rule.kind is not RuleKind.UNIT_WEIGHT_MIN:
        text = Text("只有“单个重量”按性别区分。", "Only the weight of a piece is told by sex.")
        faults.append(Refusal("rule_sex", text, f"{pointer}/sex"))
    return faults


def rules_faults(rules: Sequence[Requirement], pointer: str = "/rules") -> list[Refusal]:
    """What is wrong with all of them: each alone, one given twice, two that nothing could meet together."""
    if len(rules) > MAX_RULES:
        text = Text(f"要求不能超过 {MAX_RULES} 条。", f"There can be at most {MAX_RULES} rules.")
        return [Refusal("too_many_rules", text, pointer)]
    faults = [fault for place, rule in enumerate(rules) for fault in rule_faults(rule, f"{pointer}/{place}")]
    seen: dict[tuple, int] = {}
    for place, rule in enumerate(rules):
        name = (rule.kind, rule.key, rule.scope)
        if name in seen:
            text = Text(f"与第 {seen[name] + 1} 条重复。", f"It repeats rule {seen[name] + 1}.")
            faults.append(Refusal("rule_repeated", text, f"{pointer}/{place}/key"))
        seen.setdefault(name, place)
    return faults or _contradictions(rules, pointer)


def _contradictions(rules: Sequence[Requirement], pointer: str) -> list[Refusal]:
    faults = []
    for place, rule in enumerate(rules):
        for before, other in enumerate(rules[:place]):
            if _speak_of_one_thing(rule, other) and _nothing_meets(rule, other):
                text = Text(
                    f"与第 {before + 1} 条（{other.label.zh}）矛盾：没有货品能同时符合。",
                    f"It contradicts rule {before + 1} ({other.label.en or other.label.zh}): nothing could meet both.",
                )
                faults.append(Refusal("rules_contradict", text, f"{pointer}/{place}"))
                break
    return faults


def _speak_of_one_thing(one: Requirement, other: Requirement) -> bool:
    """Whether a batch may come under both. An empty scope meets every other; inputs least and most are one thing."""
    inputs = {RuleKind.INPUT_MIN, RuleKind.INPUT_MAX}
    if one.kind is not other.kind and {one.kind, other.kind} != inputs:
        return False
    keyed = one.key == other.key or one.kind in _SETS
    return keyed and all(a == b or not a or not b for a, b in zip(one.scope, other.scope, strict=True))


def _nothing_meets(one: Requirement, other: Requirement) -> bool:
    if one.kind in _SETS:
        if one.kind is RuleKind.VARIETY_IN:
            return not set(one.words) & set(other.words)
        return not any(a.startswith(b) or b.startswith(a) for a in one.words for b in other.words)
    if one.bound is None or other.bound is None:
        return False
    if not same_kind(one.bound.unit, other.bound.unit):
        # A density in plants and one in head are two things; a limit in two kinds of unit is one slip.
        return one.kind in (RuleKind.TEST_LIMIT, RuleKind.SITE_LIMIT)
    (a, b), (c, d) = _span(one.bound), _span(other.bound)
    lows = [end for end in (a, c) if end is not None]
    highs = [end for end in (b, d) if end is not None]
    return bool(lows and highs) and max(lows) > min(highs)


def _span(bound: FactValue) -> tuple[Fraction | None, Fraction | None]:
    low = in_base(bound.low, bound.unit) if bound.low is not None else None
    high = in_base(bound.high, bound.unit) if bound.high is not None else None
    return (low, low) if bound.operator is FactOperator.EQUALS else (low, high)
