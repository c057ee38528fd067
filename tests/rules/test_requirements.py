"""What a specification demands, held against evidence: every kind by a real figure, the rest by the thousand."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from products.rules.requirements import (
    MAX_RULES,
    Attestation,
    Place,
    StepDone,
    evaluate,
    release_faults,
    rule_faults,
    rules_faults,
)
from products.rules.requirements.kinds import PLANS
from products.rules.words import Confidence, OutcomeResult, RuleKind, Severity, Sex, Unit
from tests.build_requirements import DAY, a_figure, a_rule, aged, figures, of, on_record

K, R = RuleKind, OutcomeResult


PER_HECTARE, PER_MU, TONNES = Unit.PLANTS_PER_HECTARE, Unit.PLANTS_PER_MU, Unit.TONNE_PER_HECTARE
ORCHARD = (Place("S1", "140581", True, Decimal(10_000)),)
STEPS = ("蒸", "酵", "熏", "淋", "陈")
MADE_IN_ORDER = tuple(StepDone(name, DAY + timedelta(place)) for place, name in enumerate(STEPS))
OUT_OF_ORDER = (*MADE_IN_ORDER[:4], StepDone("陈", DAY - timedelta(1)))
CRAB = a_rule(K.UNIT_WEIGHT_MIN, "min", 200, unit=Unit.GRAM, grade="特级", sex=Sex.MALE)
GRADED = on_record(grade="特级", sexes=(Sex.MALE,))

# Figures of announcements that are known in public: the kind, what passes, what fails, and what says nothing.
KNOWN = [
    (a_rule(K.WITHIN_REGION), on_record(sites=ORCHARD), on_record(sites=(Place("S", "1", False),)), on_record()),
    (
        a_rule(K.IN_DIVISIONS, words=("140121", "1407")),
        on_record(sites=(Place("S", "140702"),)),
        on_record(sites=(Place("S", "140702"), Place("T", "140581"))),
        on_record(),
    ),
    (
        a_rule(K.ALTITUDE_RANGE, "between", 1300, 1700, Unit.METRE),
        figures((1300, Unit.METRE), (1700, Unit.METRE)),
        figures((1500, Unit.METRE), (1701, Unit.METRE)),
        figures((1500, Unit.PERCENT)),
    ),
    (
        a_rule(K.VARIETY_IN, words=("白叶一号",)),
        on_record(varieties=("白叶一号",)),
        on_record(varieties=("白叶一号", "龙井43")),
        on_record(),
    ),
    (
        a_rule(K.DENSITY_MAX, "max", high=660, unit=PER_HECTARE),
        figures((44, PER_MU)),
        figures(("44.001", PER_MU)),
        on_record(),
    ),
    (
        a_rule(K.INPUT_MIN, "min", 30, unit=TONNES),
        figures((2_000, Unit.KILOGRAM_PER_MU)),
        figures((1_999, Unit.KILOGRAM_PER_MU)),
        on_record(),
    ),
    (a_rule(K.INPUT_MAX, "max", high="1.5", unit=TONNES), figures(("1.5", TONNES)), figures((2, TONNES)), on_record()),
    (
        a_rule(K.HARVEST_WINDOW, words=("09-21", "10-05")),
        on_record(harvested_on=date(2026, 10, 5)),
        on_record(harvested_on=date(2026, 10, 6)),
        on_record(),
    ),
    (
        a_rule(K.HARVEST_WINDOW, words=("11-20", "02-10")),
        on_record(harvested_on=date(2026, 1, 3)),
        on_record(harvested_on=date(2026, 3, 3)),
        on_record(),
    ),
    (
        a_rule(K.DAYS_AFTER_EVENT, "min", 140, unit=Unit.DAY),
        aged(DAY - timedelta(140), None),
        aged(DAY - timedelta(139), None),
        on_record(),
    ),
    (
        a_rule(K.OPENING_DATE),
        on_record(harvested_on=date(2023, 3, 13), opens_on=date(2023, 3, 13)),
        on_record(harvested_on=date(2024, 3, 19), opens_on=date(2024, 3, 20)),
        on_record(),
    ),
    (
        a_rule(K.YIELD_MAX, "max", high=30, unit=TONNES),
        on_record(sites=ORCHARD, harvest=(Decimal(30_000), Unit.KILOGRAM, Decimal(10_000))),
        on_record(sites=ORCHARD, harvest=(Decimal(30_001), Unit.KILOGRAM, Decimal(10_000))),
        on_record(sites=ORCHARD),
    ),
    (
        a_rule(K.CONVERSION_MAX, "max", high="0.6375", unit=Unit.LITRE_PER_KILOGRAM),
        replace(figures((160, Unit.KILOGRAM)), output=(Decimal(102), Unit.LITRE)),
        replace(figures((160, Unit.KILOGRAM)), output=(Decimal(103), Unit.LITRE)),
        replace(figures((160, Unit.KILOGRAM)), output=(Decimal(102), Unit.KILOGRAM)),
    ),
    (
        a_rule(K.AGEING_MIN, "min", 12, unit=Unit.MONTH),
        aged(date(2024, 9, 25), DAY),
        aged(date(2025, 10, 25), DAY),
        aged(date(2024, 9, 25), None),
    ),
    (
        a_rule(K.GROWING_MIN, "min", 6, unit=Unit.MONTH),
        aged(date(2026, 3, 25), None),
        aged(date(2026, 3, 26), None),
        on_record(),
    ),
    (
        CRAB,
        replace(GRADED, measurements=(a_figure(200, Unit.GRAM, sex=Sex.MALE),)),
        replace(GRADED, measurements=(a_figure(199, Unit.GRAM, sex=Sex.MALE),)),
        replace(GRADED, measurements=(a_figure(250, Unit.GRAM, sex=Sex.FEMALE),)),
    ),
    (
        a_rule(K.TEST_LIMIT, "min", 8, unit=Unit.PERCENT),
        figures((8, Unit.PERCENT)),
        figures((12, Unit.PERCENT), ("7.9", Unit.PERCENT)),
        on_record(measurements=(a_figure(12, Unit.PERCENT, has_report=False),)),
    ),
    (
        a_rule(K.SITE_LIMIT, "between", "7.5", "8.5", Unit.PH),
        figures((8, Unit.PH)),
        figures((9, Unit.PH)),
        on_record(sites=ORCHARD, measurements=(a_figure(8, Unit.PH, site="S2"),)),
    ),
    (
        a_rule(K.SITE_LIMIT, "min", 2_000, unit=Unit.SQUARE_METRE, key="area"),
        on_record(sites=ORCHARD),
        on_record(sites=(*ORCHARD, Place("S2", "140581", True, Decimal(1_999)))),
        on_record(),
    ),
    (
        a_rule(K.REQUIRED_STEPS, words=STEPS),
        on_record(steps=MADE_IN_ORDER),
        on_record(steps=OUT_OF_ORDER),
        on_record(steps=MADE_IN_ORDER[:4]),
    ),
    (
        a_rule(K.SEED_RENEWAL, "max", high=3, unit=Unit.YEAR),
        aged(date(2023, 9, 25), None),
        aged(date(2023, 9, 24), None),
        on_record(),
    ),
    (
        a_rule(K.SOURCE_SHARE, "equals", 100, unit=Unit.PERCENT),
        figures((100, Unit.PERCENT)),
        figures((99, Unit.PERCENT)),
        on_record(),
    ),
    (
        a_rule(K.PACK_IN_AREA),
        on_record(packed_in="140121", region_codes=("140121",)),
        on_record(packed_in="110101", region_codes=("140121",)),
        on_record(region_codes=("140121",)),
    ),
    (
        a_rule(K.ATTESTED),
        on_record(attestations=(Attestation("thing", True, "陈会长"),)),
        on_record(attestations=(Attestation("thing", True, "陈会长"), Attestation("thing", False, "李评审"))),
        on_record(attestations=(Attestation("other", True, "陈会长"),)),
    ),
]


@pytest.mark.parametrize(("rule", "good", "bad", "silent"), KNOWN, ids=lambda part: getattr(part, "kind", ""))
def test_a_demand_passes_fails_or_asks_for_evidence_with_its_figures(rule, good, bad, silent):
    assert (of(rule, good), of(rule, bad), of(rule, silent)) == (R.PASSED, R.FAILED, R.MISSING_EVIDENCE)
    (outcome,) = evaluate([rule], bad)
    assert outcome.demanded.zh
    assert outcome.measured.zh
    assert outcome.why.en


def test_every_kind_is_shown_by_a_figure():
    assert {rule.kind for rule, *_ in KNOWN} == set(RuleKind) == set(PLANS)


def test_eleven_months_pass_ten_and_fail_twelve():
    eleven = aged(date(2025, 1, 10), date(2025, 12, 10))
    ten, twelve = (a_rule(K.AGEING_MIN, "min", months, unit=Unit.MONTH) for months in (10, 12))
    first, second = evaluate([ten, twelve], eleven)
    assert (first.result, second.result) == (R.PASSED, R.FAILED)
    assert second.demanded.en == "at least 12 months"
    assert second.measured.en == "11 months (2025-01-10 to 2025-12-10)"
    assert second.why.en == "It would be enough on 2026-01-10."


def test_a_scope_that_is_not_declared_is_missing_and_another_is_not_applicable():
    weight = replace(GRADED, measurements=(a_figure(250, Unit.GRAM, sex=Sex.MALE),))
    assert of(CRAB, replace(weight, grade="")) is R.MISSING_EVIDENCE
    assert of(CRAB, replace(weight, grade="一级")) is R.NOT_APPLICABLE
    assert of(CRAB, replace(weight, sexes=(Sex.FEMALE,))) is R.NOT_APPLICABLE
    assert of(CRAB, replace(weight, grade="", sexes=(Sex.FEMALE,))) is R.NOT_APPLICABLE


def test_release_is_stopped_by_what_failed_or_lacks_evidence_and_by_a_signature_against():
    block = a_rule(K.TEST_LIMIT, "min", 8, unit=Unit.PERCENT)
    warn = replace(block, severity=Severity.WARN)
    attest = a_rule(K.ATTESTED)
    bad = replace(figures((7, Unit.PERCENT)), attestations=(Attestation("thing", False, "李评审"),))
    codes = [(fault.code, fault.pointer) for fault in release_faults(evaluate([block, warn, attest], bad))]
    assert codes == [("requirement_failed", "/rules/0"), ("requirement_failed", "/rules/2")]
    codes = [(fault.code, fault.pointer) for fault in release_faults(evaluate([warn, attest, block], on_record()))]
    assert codes == [("requirement_without_evidence", "/rules/2")]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (a_rule(K.AGEING_MIN, "min", 12, unit=Unit.PERCENT), "rule_unit"),
        (a_rule(K.AGEING_MIN, "max", high=12, unit=Unit.MONTH), "rule_operator"),
        (a_rule(K.AGEING_MIN, "min", "1.5", unit=Unit.MONTH), "rule_bound_range"),
        (a_rule(K.AGEING_MIN, "min", 9_999, unit=Unit.YEAR), "rule_bound_range"),
        (a_rule(K.AGEING_MIN), "rule_bound_missing"),
        (a_rule(K.DENSITY_MAX, "between", 5, 4, PER_MU), "fact_bounds_crossed"),
        (a_rule(K.TEST_LIMIT, "min", 101, unit=Unit.PERCENT), "rule_bound_range"),
        (a_rule(K.TEST_LIMIT, "min", "-0.1", unit=Unit.GRAM), "rule_bound_range"),
        (a_rule(K.TEST_LIMIT, "min", "NaN", unit=Unit.GRAM), "rule_bound"),
        (a_rule(K.TEST_LIMIT, "max", high="Infinity", unit=Unit.GRAM), "rule_bound"),
        (a_rule(K.SITE_LIMIT, "between", 6, 15, Unit.PH), "rule_bound_range"),
        (a_rule(K.WITHIN_REGION, "min", 1), "rule_operator"),
        (a_rule(K.VARIETY_IN), "rule_words"),
        (a_rule(K.VARIETY_IN, words=("a", " ")), "rule_word"),
        (a_rule(K.VARIETY_IN, words=("a", "a")), "rule_words_repeated"),
        (a_rule(K.WITHIN_REGION, words=("a",)), "rule_words"),
        (a_rule(K.IN_DIVISIONS, words=("x",)), "rule_division"),
        (a_rule(K.HARVEST_WINDOW, words=("02-30", "03-01")), "rule_day"),
        (a_rule(K.HARVEST_WINDOW, words=("9-1", "10-01")), "rule_day"),
        (a_rule(K.ATTESTED, severity=Severity.BLOCK), "rule_severity"),
        (a_rule(K.WITHIN_REGION, confidence=Confidence.LOW), "rule_unsure"),
        (a_rule(K.WITHIN_REGION, sex=Sex.MALE), "rule_sex"),
        (a_rule(K.WITHIN_REGION, key="No Slug"), "rule_key"),
    ],
)
def test_a_demand_that_makes_no_sense_is_refused_with_its_reason(rule, code):
    faults = rule_faults(rule, "/rules/3")
    assert code in [fault.code for fault in faults]
    assert all(fault.pointer.startswith("/rules/3/") and fault.text.zh and fault.text.en for fault in faults)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (a_rule(K.DENSITY_MAX, "max", high=660, unit=PER_HECTARE), a_rule(K.DENSITY_MAX, "between", 50, 60, PER_MU, grade="a")),
        (a_rule(K.INPUT_MIN, "min", 60, unit=TONNES), a_rule(K.INPUT_MAX, "max", high=1, unit=TONNES)),
        (a_rule(K.TEST_LIMIT, "equals", 5, unit=Unit.GRAM), a_rule(K.TEST_LIMIT, "min", 1, unit=Unit.KILOGRAM, grade="a")),
        (a_rule(K.TEST_LIMIT, "min", 5, unit=Unit.PERCENT), a_rule(K.TEST_LIMIT, "min", 5, unit=Unit.PH, grade="a")),
        (a_rule(K.VARIETY_IN, words=("a",)), a_rule(K.VARIETY_IN, words=("b",), key="more")),
        (a_rule(K.IN_DIVISIONS, words=("1401",)), a_rule(K.IN_DIVISIONS, words=("140581",), key="more")),
    ],
)  # fmt: skip
def test_two_demands_that_nothing_could_meet_together_are_refused(one, other):
    assert [fault.code for fault in rules_faults([one, other])] == ["rules_contradict"]
    apart = [replace(one, grade="x"), replace(other, grade="y")]
    assert rules_faults(apart) == []


def test_a_demand_given_twice_or_too_many_of_them_are_refused():
    rule = a_rule(K.WITHIN_REGION)
    assert [fault.code for fault in rules_faults([rule, rule])] == ["rule_repeated"]
    assert [fault.code for fault in rules_faults([rule] * (MAX_RULES + 1))] == ["too_many_rules"]
