"""Specification versions: their steps, their dates, and whether a measured value meets a fact."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gi_registry.lib.access import RoleKind
from gi_registry.lib.texts import Refusal, Text
from products.rules.titles import SHA256
from products.rules.words import FactOperator, Unit
from products.rules.words import SpecificationStatus as S

MAX_FACTS = 200
MACHINE: dict[S, frozenset[S]] = {
    S.REPORTED: frozenset({S.ANNOUNCED, S.DISPROVED}),
    S.DRAFT: frozenset({S.REVIEWED}),
    S.REVIEWED: frozenset({S.ANNOUNCED, S.DRAFT}),
    S.ANNOUNCED: frozenset({S.IN_FORCE}),
    S.IN_FORCE: frozenset({S.SUPERSEDED}),
}
WHO = frozenset({RoleKind.REGISTRAR})
# Rests on a document and is never changed again.
PROVEN = frozenset({S.ANNOUNCED, S.IN_FORCE, S.SUPERSEDED})
# Applies on its days. A version compiled from public sources applies like a title that is reported, until it is checked.
BINDING = PROVEN | {S.REPORTED}
STARTS = frozenset({S.DRAFT, S.REPORTED})


@dataclass(frozen=True, slots=True)
class Effective:
    """Days of effect: from ``begins`` (None: unknown, long ago) up to, not including, ``ends`` (None: open)."""

    begins: date | None
    ends: date | None = None


def move_faults(
    status: S,
    to: S,
    effective: Effective,
    document_sha256: str,
    today: date,
    is_own_draft: bool,
    unchecked_rules: int = 0,
) -> list[Refusal]:
    """Why a version cannot take a step; empty when it can. ``is_own_draft``: the actor wrote the draft.
    ``unchecked_rules``: for how many rules no second person would stand after the step."""
    if to not in MACHINE.get(status, frozenset()):
        text = Text(
            f"技术规范不能从“{status.text.zh}”变为“{to.text.zh}”。",
            f"A specification cannot go from “{status.text.en}” to “{to.text.en}”.",
        )
        return [Refusal("specification_move", text, "/to")]
    if to is S.REVIEWED and is_own_draft:
        text = Text("起草人不能审核自己的草稿。", "The person who drafted it cannot review it.")
        return [Refusal("own_draft", text, "/to")]
    if to in (S.REVIEWED, S.ANNOUNCED) and unchecked_rules:
        text = Text(
            f"有 {unchecked_rules} 条要求须由另一位具名人员核对。",
            f"{unchecked_rules} rules must be checked by a second person with an account.",
        )
        return [Refusal("rules_unchecked", text, "/to")]
    if to is S.ANNOUNCED:
        return _document_faults(document_sha256) + date_faults(effective)
    if to is S.IN_FORCE and effective.begins and effective.begins > today:
        text = Text(f"该版本自 {effective.begins:%Y-%m-%d} 起生效。", f"It begins on {effective.begins:%Y-%m-%d}.")
        return [Refusal("not_yet_effective", text, "/to")]
    if to is S.SUPERSEDED and (effective.ends is None or effective.ends > today):
        text = Text("没有已生效的后续版本。", "No later version has taken effect.")
        return [Refusal("not_superseded", text, "/to")]
    return []


def _document_faults(document_sha256: str) -> list[Refusal]:
    if SHA256.match(document_sha256):
        return []
    text = Text("公告须附文件的 SHA-256 哈希。", "An announcement needs the SHA-256 hash of its document.")
    return [Refusal("missing_document_sha256", text, "/document_sha256")]


def date_faults(effective: Effective) -> list[Refusal]:
    """An end of effect that is not after its beginning."""
    if not (effective.begins and effective.ends and effective.ends <= effective.begins):
        return []
    text = Text("失效日期须晚于生效日期。", "The end of effect must be after its beginning.")
    return [Refusal("dates_out_of_order", text, "/effective_until")]


@dataclass(frozen=True, slots=True)
class FactValue:
    """What one fact demands: an operator with its bounds, or words."""

    operator: FactOperator
    low: Decimal | None = None
    high: Decimal | None = None
    text: str = ""
    unit: Unit = Unit.NONE


def fact_faults(fact: FactValue, pointer: str = "") -> list[Refusal]:
    """Why a fact makes no sense: bounds missing, superfluous or crossed, or no words where words are all there is."""
    wanted = {
        FactOperator.MIN: (True, False),
        FactOperator.MAX: (False, True),
        FactOperator.BETWEEN: (True, True),
        FactOperator.EQUALS: (True, False),
        FactOperator.TEXT: (False, False),
    }[fact.operator]
    faults = []
    for name, value, is_wanted in (("low", fact.low, wanted[0]), ("high", fact.high, wanted[1])):
        if (value is not None) != is_wanted:
            zh, en = ("需要", "needs") if is_wanted else ("不能有", "takes no")
            text = Text(f"“{fact.operator.text.zh}”{zh}数值 {name}。", f"“{fact.operator.text.en}” {en} {name}.")
            faults.append(Refusal("fact_bounds", text, f"{pointer}/{name}"))
    if fact.low is not None and fact.high is not None and fact.low > fact.high:
        text = Text("下限不能大于上限。", "The lower bound cannot exceed the upper.")
        faults.append(Refusal("fact_bounds_crossed", text, f"{pointer}/high"))
    if fact.operator is FactOperator.TEXT and not fact.text.strip():
        faults.append(Refusal("fact_text", Text("请写明内容。", "Write what is demanded."), f"{pointer}/text"))
    return faults


def meets(fact: FactValue, value: Decimal) -> bool | None:
    """Whether a measured value, in the fact's own unit, meets it; None where only a person can tell."""
    if fact.operator is FactOperator.TEXT:
        return None
    if fact.operator is FactOperator.EQUALS:
        return value == fact.low
    return (fact.low is None or value >= fact.low) and (fact.high is None or value <= fact.high)


def in_words(fact: FactValue, text_en: str = "") -> Text:
    """What a fact demands, as a person reads it: ``不低于 60 %`` / ``at least 60 %``."""
    if fact.operator is FactOperator.TEXT:
        return Text(fact.text, text_en or fact.text)
    unit, says = fact.unit.text, fact.operator.text
    if fact.operator is FactOperator.BETWEEN:
        span = f"{plain(fact.low)}–{plain(fact.high)}"
        return Text(f"{span} {unit.zh}".strip(), f"{span} {unit.en}".strip())
    value = plain(fact.high if fact.operator is FactOperator.MAX else fact.low)
    if fact.operator is FactOperator.EQUALS:
        return Text(f"{value} {unit.zh}".strip(), f"{value} {unit.en}".strip())
    return Text(f"{says.zh} {value} {unit.zh}".strip(), f"{says.en} {value} {unit.en}".strip())


def plain(value: Decimal | None) -> str:
    """Without trailing zeros or exponents."""
    text = f"{value:f}" if value is not None else ""
    return text.rstrip("0").rstrip(".") if "." in text else text
