"""Versions and facts of specifications."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from products.rules.specifications import MACHINE, Effective, FactValue, fact_faults, in_words, meets, move_faults
from products.rules.words import FactOperator, SpecificationStatus, Unit

TODAY = date(2026, 11, 22)
HASH = "cd" * 32
S = SpecificationStatus
decimals = st.none() | st.decimals(-1000, 1000, places=3)
values = st.builds(
    FactValue,
    operator=st.sampled_from(FactOperator),
    low=decimals,
    high=decimals,
    text=st.sampled_from(["", "蒸、酵、熏、淋、陈"]),
    unit=st.sampled_from(Unit),
)


@given(values, st.decimals(-2000, 2000, places=3))
def test_a_sound_fact_can_be_met_and_said(fact, value):
    if fact_faults(fact):
        return
    assert in_words(fact).zh
    assert in_words(fact).en
    if fact.operator is FactOperator.TEXT:
        assert meets(fact, value) is None
    elif fact.low is not None:
        assert meets(fact, fact.low)
    if fact.high is not None:
        assert not meets(fact, fact.high + 1)


def test_a_lower_bound_above_the_upper_is_refused_at_its_place():
    fact = FactValue(FactOperator.BETWEEN, Decimal(8), Decimal(7), unit=Unit.PH)
    assert [(f.code, f.pointer) for f in fact_faults(fact, "/facts/2")] == [("fact_bounds_crossed", "/facts/2/high")]


def test_the_superfluous_bound_is_named():
    fact = FactValue(FactOperator.MIN, Decimal(8), Decimal(9))
    assert [f.pointer for f in fact_faults(fact)] == ["/high"]


@pytest.mark.parametrize(
    ("fact", "zh", "en"),
    [
        (FactValue(FactOperator.MIN, Decimal("60.000"), unit=Unit.PERCENT), "不低于 60 %", "at least 60 %"),
        (FactValue(FactOperator.BETWEEN, Decimal("7.50"), Decimal(8), unit=Unit.PH), "7.5–8 pH", "7.5–8 pH"),
        (FactValue(FactOperator.EQUALS, Decimal(100), unit=Unit.NONE), "100", "100"),
        (FactValue(FactOperator.MAX, high=Decimal("0.23"), unit=Unit.GRAM), "不高于 0.23 克", "at most 0.23 g"),
    ],
)
def test_facts_are_said_plainly(fact, zh, en):
    assert (in_words(fact).zh, in_words(fact).en) == (zh, en)


def test_nobody_reviews_an_own_draft():
    faults = move_faults(S.DRAFT, S.REVIEWED, Effective(None), "", TODAY, is_own_draft=True)
    assert [fault.code for fault in faults] == ["own_draft"]


def test_an_announcement_needs_its_document_and_dates_in_order():
    crossed = Effective(date(2026, 2, 1), date(2026, 1, 1))
    codes = [f.code for f in move_faults(S.REVIEWED, S.ANNOUNCED, crossed, "", TODAY, is_own_draft=False)]
    assert codes == ["missing_document_sha256", "dates_out_of_order"]


def test_a_version_takes_force_on_its_day_and_not_before():
    tomorrow = Effective(date(2026, 11, 23))
    assert move_faults(S.ANNOUNCED, S.IN_FORCE, tomorrow, HASH, TODAY, is_own_draft=False)
    assert not move_faults(S.ANNOUNCED, S.IN_FORCE, Effective(TODAY), HASH, TODAY, is_own_draft=False)


@given(st.sampled_from(S), st.sampled_from(S))
def test_only_the_steps_of_the_table_are_taken(status, to):
    faults = move_faults(status, to, Effective(date(2020, 1, 1), date(2021, 1, 1)), HASH, TODAY, is_own_draft=False)
    assert (faults == []) == (to in MACHINE.get(status, ()))
