"""Demands of any shape held against evidence of any shape, by the thousand."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from gi_registry.lib.texts import Text
from products.rules.calendar import months_after
from products.rules.requirements import (
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
from products.rules.requirements.units import from_base, in_base, same_kind
from products.rules.specifications import FactValue
from products.rules.words import FactOperator, OutcomeResult, RuleKind, Severity, Sex, Unit
from tests.build_requirements import a_rule, aged, figures, of, on_record

K, R = RuleKind, OutcomeResult
NAMES = ["", "a", "b"]

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
    harvest=st.none() | st.tuples(amounts, st.sampled_from(Unit), amounts),
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
