"""What a specification demands, held against evidence: every kind by a real figure, the rest by the thousand."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gi_registry.lib.texts import Text
from products.rules.calendar import months_after
from products.rules.requirements import (
    MAX_RULES,
    Attestation,
    Evidence,
    Measurement,
    Place,
    Requirement,
    StepDone,
    evaluate,
    release_faults,
    rule_faults,
    rules_faults,
)
from products.rules.requirements.kinds import PLANS
from products.rules.requirements.units import from_base, in_base, same_kind
from products.rules.specifications import FactValue
from products.rules.words import Confidence, FactOperator, OutcomeResult, RuleKind, Severity, Sex, Unit

K, R = RuleKind, OutcomeResult
DAY = date(2026, 9, 25)
NAMES = ["", "a", "b"]


def a_rule(kind, operator=None, low=None, high=None, unit=Unit.NONE, **more):
    ends = {"low": low if low is None else Decimal(low), "high": high if high is None else Decimal(high)}
    bound = FactValue(FactOperator(operator), **ends, unit=unit) if operator else None
    severity = Severity.ATTEST if kind is K.ATTESTED else Severity.BLOCK
    plain = {"key": "thing", "label": Text("某项", "thing"), "severity": severity}
    return Requirement(kind=kind, bound=bound, **{**plain, **more})


def on_record(**more):
    return Evidence(**{"produced_on": DAY, **more})


def a_figure(value, unit, **more):
    return Measurement(**{"key": "thing", "value": Decimal(value), "unit": unit, "has_report": True, **more})


def figures(*each):
    return on_record(measurements=tuple(a_figure(*one) for one in each))


def aged(begin, end):
    return on_record(steps=(StepDone("thing", begin, end),))


def of(rule, evidence):
    assert rule_faults(rule) == []
    (outcome,) = evaluate([rule], evidence)
    return outcome.result


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
        on_record(sites=ORCHARD, harvest=(Decimal(30_000), Unit.KILOGRAM)),
        on_record(sites=ORCHARD, harvest=(Decimal(30_001), Unit.KILOGRAM)),
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


decimals = st.none() | st.decimals(-1_000, 20_000, places=2)
bounds = st.none() | st.builds(
    FactValue,
    operator=st.sampled_from(FactOperator),
    low=decimals,
    high=decimals,
    unit=st.sampled_from(Unit),
)
words = st.lists(st.sampled_from(["蒸", "酵", "白叶一号", "140121", "09-01", "12-31", "02-29", "thing"]), max_size=3)
rules = st.builds(
    Requirement,
    kind=st.sampled_from(RuleKind),
    key=st.sampled_from(["thing", "area", "ageing"]),
    label=st.just(Text("某项", "thing")),
    severity=st.sampled_from(Severity),
    bound=bounds,
    words=words.map(tuple),
    zone=st.sampled_from(NAMES),
    variety=st.sampled_from(NAMES),
    grade=st.sampled_from(NAMES),
    sex=st.none() | st.sampled_from(Sex),
)
days = st.dates(date(1, 1, 1), date(9999, 12, 31))
amounts = st.decimals(-10, 10**12, places=6)
names = st.lists(st.sampled_from(["a", "b", "白叶一号"]), max_size=2).map(tuple)
evidences = st.builds(
    Evidence,
    produced_on=days,
    harvested_on=st.none() | days,
    opens_on=st.none() | days,
    sites=st.lists(
        st.builds(
            Place,
            number=st.sampled_from(["S1", "S2"]),
            division_code=st.sampled_from(["140121", "140581"]),
            is_within=st.none() | st.booleans(),
            area_m2=st.none() | st.decimals(0, 10**9, places=3),
        ),
        max_size=3,
    ).map(tuple),
    varieties=names,
    zones=names,
    grade=st.sampled_from(NAMES),
    sexes=st.lists(st.sampled_from(Sex), max_size=2).map(tuple),
    measurements=st.lists(
        st.builds(
            Measurement,
            key=st.sampled_from(["thing", "area"]),
            value=amounts,
            unit=st.sampled_from(Unit),
            site=st.sampled_from(["", "S1"]),
            sex=st.none() | st.sampled_from(Sex),
            has_report=st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    steps=st.lists(
        st.builds(StepDone, name=st.sampled_from(["thing", "蒸", "酵"]), began_on=days, ended_on=st.none() | days),
        max_size=3,
    ).map(tuple),
    attestations=st.lists(st.builds(Attestation, st.just("thing"), st.booleans(), st.just("陈")), max_size=2).map(
        tuple
    ),
    output=st.none() | st.tuples(amounts, st.sampled_from(Unit)),
    harvest=st.none() | st.tuples(amounts, st.sampled_from(Unit)),
    packed_in=st.sampled_from(["", "140121"]),
    region_codes=st.sampled_from([(), ("1401",)]),
)
MANY = settings(max_examples=1_000, deadline=None)


@MANY
@given(rules, evidences)
def test_a_sound_demand_has_an_outcome_in_words_for_any_evidence(rule, evidence):
    if rule_faults(rule):
        return
    (outcome,) = evaluate([rule], evidence)
    assert outcome.demanded.zh
    assert outcome.why.zh
    assert outcome.why.en
    if outcome.result in (R.PASSED, R.FAILED):
        assert outcome.measured.zh
    stopped = bool(release_faults([outcome]))
    if rule.severity is Severity.WARN or outcome.result in (R.PASSED, R.NOT_APPLICABLE):
        assert not stopped


@MANY
@given(st.data(), st.decimals(0, 5_000, places=2), st.decimals(0, 5_000, places=2))
def test_the_unit_in_which_something_was_measured_changes_no_outcome(data, limit, value):
    unit = data.draw(st.sampled_from([one for one in Unit if one not in (Unit.PERCENT, Unit.PH)]))
    rule = a_rule(K.TEST_LIMIT, "min", limit, unit=unit)
    if rule_faults(rule):
        return
    other = data.draw(st.sampled_from([one for one in Unit if same_kind(one, unit)]))
    met = in_base(value, other) >= in_base(limit, unit)
    assert of(rule, figures((value, other))) is (R.PASSED if met else R.FAILED)
    assert abs(from_base(in_base(value, other), other) - value) < Decimal("0.00001")


@MANY
@given(st.lists(rules, min_size=2, max_size=2), st.decimals(-100, 10_000, places=1))
def test_two_demands_on_a_figure_contradict_when_no_figure_meets_both(pair, value):
    one, other = (replace(rule, kind=K.TEST_LIMIT, key="thing", words=(), sex=None, grade="") for rule in pair)
    one, other = replace(one, severity=Severity.BLOCK), replace(other, severity=Severity.BLOCK, grade="a")
    if rule_faults(one) or rule_faults(other) or not same_kind(one.bound.unit, other.bound.unit):
        return
    contradict = bool(rules_faults([one, other]))
    known = replace(
        figures((value, one.bound.unit)),
        grade="a",
        zones=(one.zone, other.zone),
        varieties=(one.variety, other.variety),
    )
    results = [outcome.result for outcome in evaluate([one, other], known)]
    if contradict:
        assert results != [R.PASSED, R.PASSED]


@MANY
@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 120), st.integers(1, 60))
def test_months_of_ageing_are_counted_on_the_calendar(begin, months, extra):
    rule = a_rule(K.AGEING_MIN, "min", months, unit=Unit.MONTH)
    enough = months_after(begin, months)
    assert of(rule, aged(begin, enough)) is R.PASSED
    assert of(rule, aged(begin, enough + timedelta(extra))) is R.PASSED
    if enough - timedelta(1) >= begin:
        assert of(rule, aged(begin, enough - timedelta(1))) is R.FAILED


@MANY
@given(
    st.dates(date(2024, 1, 1), date(2025, 12, 31)), st.dates(date(2024, 1, 1), date(2024, 12, 31)), st.integers(0, 200)
)
def test_a_harvest_window_holds_the_days_between_its_ends_in_any_year(day, first, length):
    last = first + timedelta(length)
    rule = a_rule(K.HARVEST_WINDOW, words=(f"{first:%m-%d}", f"{last:%m-%d}"))
    inside = {f"{first + timedelta(step):%m-%d}" for step in range(length + 1)}
    expected = R.PASSED if f"{day:%m-%d}" in inside else R.FAILED
    assert of(rule, on_record(harvested_on=day)) is expected
