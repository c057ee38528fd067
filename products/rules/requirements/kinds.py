"""One demand as data, what each kind of demand takes, and what became of one when it was held against a batch."""

from dataclasses import dataclass
from decimal import Decimal

from gi_registry.lib.texts import Text
from products.rules.specifications import FactValue, in_words
from products.rules.words import Confidence, FactOperator, OutcomeResult, RuleKind, Severity, Sex, Unit

MAX_RULES = 200
MAX_WORDS = 50
_K = RuleKind
_MIN, _MAX, _BETWEEN, _EQUALS = FactOperator.MIN, FactOperator.MAX, FactOperator.BETWEEN, FactOperator.EQUALS
_ANY_BOUND = frozenset({_MIN, _MAX, _BETWEEN, _EQUALS})


@dataclass(frozen=True, slots=True)
class Requirement:
    """One checkable demand. Empty ``zone``, ``variety``, ``grade`` and ``sex`` mean all of them.

    ``words`` are what a kind lists: division codes, varieties, steps in order, or the first and last day of a window as
    ``MM-DD``. For kinds that count from a step (ageing, growing, days after, seed) one word names the step as the records
    do; without it ``key`` does. ``confidence`` is that of the source; None where the announcement itself was entered. ``said``: the demand in the
    words of its fact, where that has no figures.
    """

    kind: RuleKind
    key: str
    label: Text
    severity: Severity
    bound: FactValue | None = None
    words: tuple[str, ...] = ()
    zone: str = ""
    variety: str = ""
    grade: str = ""
    sex: Sex | None = None
    clause: str = ""
    confidence: Confidence | None = None
    said: Text | None = None
    ident: int | None = None

    @property
    def scope(self) -> tuple[str, str, str, str]:
        return (self.zone, self.variety, self.grade, self.sex.value if self.sex else "")

    @property
    def step(self) -> str:
        """The step that the demand counts from, as the records name it."""
        return self.words[0] if self.words else self.key


@dataclass(frozen=True, slots=True)
class Plan:
    """What a kind takes. ``units``: one of each kind of unit that can measure it; None for any. ``words``: least and most."""

    operators: frozenset[FactOperator] = frozenset()
    units: tuple[Unit, ...] | None = ()
    words: tuple[int, int] = (0, 0)


_SPAN = (Unit.DAY, Unit.MONTH)
PLANS: dict[RuleKind, Plan] = {
    _K.WITHIN_REGION: Plan(),
    _K.IN_DIVISIONS: Plan(words=(1, MAX_WORDS)),
    _K.ALTITUDE_RANGE: Plan(frozenset({_MIN, _MAX, _BETWEEN}), (Unit.METRE,)),
    _K.VARIETY_IN: Plan(words=(1, MAX_WORDS)),
    _K.DENSITY_MAX: Plan(frozenset({_MAX, _BETWEEN}), (Unit.PLANTS_PER_MU, Unit.HEAD_PER_MU)),
    _K.INPUT_MIN: Plan(frozenset({_MIN, _BETWEEN}), (Unit.KILOGRAM_PER_MU,)),
    _K.INPUT_MAX: Plan(frozenset({_MAX}), (Unit.KILOGRAM_PER_MU,)),
    _K.HARVEST_WINDOW: Plan(words=(2, 2)),
    _K.DAYS_AFTER_EVENT: Plan(frozenset({_MIN, _MAX, _BETWEEN}), (Unit.DAY,), (0, 1)),
    _K.OPENING_DATE: Plan(),
    _K.YIELD_MAX: Plan(frozenset({_MAX, _BETWEEN}), (Unit.KILOGRAM_PER_MU,)),
    _K.CONVERSION_MAX: Plan(frozenset({_MAX}), (Unit.LITRE_PER_KILOGRAM, Unit.KILOGRAM_PER_KILOGRAM, Unit.PERCENT)),
    _K.AGEING_MIN: Plan(frozenset({_MIN}), _SPAN, (0, 1)),
    _K.GROWING_MIN: Plan(frozenset({_MIN, _BETWEEN}), _SPAN, (0, 1)),
    _K.UNIT_WEIGHT_MIN: Plan(frozenset({_MIN, _BETWEEN}), (Unit.GRAM,)),
    _K.TEST_LIMIT: Plan(_ANY_BOUND, None),
    _K.SITE_LIMIT: Plan(_ANY_BOUND, None),
    _K.REQUIRED_STEPS: Plan(words=(1, MAX_WORDS)),
    _K.SEED_RENEWAL: Plan(frozenset({_MAX}), _SPAN, (0, 1)),
    _K.SOURCE_SHARE: Plan(frozenset({_MIN, _EQUALS}), (Unit.PERCENT,)),
    _K.PACK_IN_AREA: Plan(words=(0, MAX_WORDS)),
    _K.ATTESTED: Plan(),
}
# Units whose values are refused outside these bounds, whatever is measured.
SENSIBLE: dict[Unit, tuple[Decimal, Decimal]] = {
    Unit.PERCENT: (Decimal(0), Decimal(100)),
    Unit.PH: (Decimal(0), Decimal(14)),
    Unit.DEGREE_CELSIUS: (Decimal(-100), Decimal(1_000)),
    Unit.METRE: (Decimal(-500), Decimal(9_000)),
}
# Chronological demands reach no further than this; it also keeps day arithmetic within the calendar.
LONGEST_DAYS, LONGEST_MONTHS = 36_500, 1_200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one demand. ``demanded`` and ``measured`` are figures with units, ``why`` a sentence."""

    rule: Requirement
    result: OutcomeResult
    demanded: Text
    measured: Text
    why: Text


def demanded(rule: Requirement) -> Text:
    """The demand as a person reads it, without its label."""
    if rule.bound is not None:
        return in_words(rule.bound)
    if rule.kind is RuleKind.REQUIRED_STEPS:
        return Text(" → ".join(rule.words), " → ".join(rule.words))
    if rule.kind is RuleKind.HARVEST_WINDOW:
        return Text(f"{rule.words[0]} 至 {rule.words[1]}", f"{rule.words[0]} to {rule.words[1]}")
    if rule.words:
        return listed(rule.words)
    return rule.said or rule.kind.text


def listed(words: tuple[str, ...], most: int = 12) -> Text:
    """Words in a row, cut short."""
    rest = len(words) - most
    zh, en = "、".join(words[:most]), ", ".join(words[:most])
    return Text(f"{zh} 等 {len(words)} 项", f"{en} and {rest} more") if rest > 0 else Text(zh, en)
