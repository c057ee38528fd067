"""The life of a batch: every step from every state, and what registration and release ask."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from products.rules.words import Unit
from trace.rules.batches import (
    MUST_GIVE_REASON,
    AuthorisationFacts,
    BatchFacts,
    BatchState,
    SeasonFacts,
    SiteFacts,
    Step,
    registration_refusals,
    release_refusals,
    step_refusals,
)
from trace.rules.dates import BatchDates, date_faults
from trace.rules.quantities import QuantityUnit, pack_faults, packs_fit, quantity_faults

TODAY = date(2026, 11, 22)
MADE = date(2026, 9, 10)
RIGHT = AuthorisationFacts(producer_id=1, indication_id=7, stood_at_production=True, stands_now=True, title_stands=True)
SITE = SiteFacts("7K3QX9PA28", is_own=True, indication_id=7, is_active=True, is_covered=True)
FACTS = BatchFacts(
    producer_id=1,
    indication_id=7,
    authorisation=RIGHT,
    sites=(SITE,),
    season=None,
    dates=BatchDates(produced_on=MADE),
    quantity=Decimal("1200.5"),
    unit=QuantityUnit.LITRE,
    pack_count=2400,
    form_is_active=True,
    net_content=Decimal(500),
    net_unit=QuantityUnit.MILLILITRE,
)


def codes(refusals):
    return [refusal.code for refusal in refusals]


def registering(**changes):
    return codes(registration_refusals(BatchState.DRAFT, replace(FACTS, **changes), TODAY))


def test_a_sound_draft_is_registered():
    assert registering() == []


ALLOWED = {
    Step.CHANGE: {BatchState.DRAFT},
    Step.REGISTER: {BatchState.DRAFT},
    Step.RELEASE: {BatchState.REGISTERED},
    Step.HOLD: {BatchState.RELEASED},
    Step.RESUME: {BatchState.ON_HOLD},
    Step.RECALL: {BatchState.RELEASED, BatchState.ON_HOLD, BatchState.CLOSED},
    Step.CLOSE: {BatchState.RELEASED},
    Step.VOID: {BatchState.DRAFT, BatchState.REGISTERED},
    Step.OPEN_REVIEW: {BatchState.REGISTERED, BatchState.RELEASED, BatchState.ON_HOLD, BatchState.CLOSED},
    Step.CLOSE_REVIEW: {BatchState.REGISTERED, BatchState.RELEASED, BatchState.ON_HOLD, BatchState.CLOSED},
}


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("state", list(BatchState))
def test_each_step_is_taken_from_its_own_states_only(step, state):
    refusals = step_refusals(step, state, reason="because")
    assert (refusals == []) is (state in ALLOWED[step])
    assert all(refusal.text.zh and refusal.text.en for refusal in refusals)


def test_a_step_taken_twice_says_so():
    assert codes(step_refusals(Step.RELEASE, BatchState.RELEASED)) == ["already_released"]
    assert codes(step_refusals(Step.RECALL, BatchState.RECALLED, "x")) == ["already_recalled"]
    assert codes(step_refusals(Step.RELEASE, BatchState.VOID)) == ["wrong_state"]


@pytest.mark.parametrize("step", sorted(MUST_GIVE_REASON))
def test_steps_that_touch_others_owe_a_reason(step):
    state = next(iter(ALLOWED[step]))
    assert codes(step_refusals(step, state, reason="  ")) == ["reason_missing"]


def test_authorisation_must_stand_then_and_now_and_so_must_its_title():
    assert registering(authorisation=replace(RIGHT, stands_now=False)) == ["authorisation_not_active"]
    assert registering(authorisation=replace(RIGHT, stood_at_production=False)) == ["authorisation_not_in_force"]
    assert registering(authorisation=replace(RIGHT, title_stands=False)) == ["title_not_standing"]


def test_another_producers_or_indications_authorisation_is_refused():
    assert registering(authorisation=replace(RIGHT, producer_id=2)) == ["authorisation_of_another_producer"]
    assert registering(authorisation=replace(RIGHT, indication_id=8)) == ["authorisation_for_another_indication"]


def test_sites_must_be_named_own_active_and_covered():
    assert registering(sites=()) == ["no_site"]
    bad = (
        replace(SITE, is_own=False),
        replace(SITE, indication_id=8),
        replace(SITE, is_active=False),
        replace(SITE, is_covered=False),
    )
    assert registering(sites=bad) == ["site_foreign", "site_foreign", "site_not_active", "site_not_authorised"]
    refusals = registration_refusals(BatchState.DRAFT, replace(FACTS, sites=(SITE, bad[2])), TODAY)
    assert [refusal.pointer for refusal in refusals] == ["/sites/1"]


def test_a_batch_of_a_season_is_harvested_inside_it():
    season = SeasonFacts(7, date(2026, 9, 15), date(2026, 11, 30))
    assert registering(season=season) == ["outside_season"]
    harvested = BatchDates(produced_on=date(2026, 9, 20), harvested_on=date(2026, 9, 16))
    assert registering(season=season, dates=harvested) == []
    assert registering(season=replace(season, indication_id=8), dates=harvested) == ["season_of_another_indication"]


def test_a_form_out_of_use_and_packs_beyond_the_batch_are_refused():
    assert registering(form_is_active=False) == ["form_not_active"]
    assert registering(pack_count=2600) == ["packs_exceed_quantity"]
    assert registering(pack_count=2500) == []


def test_all_faults_are_told_at_once():
    told = registering(quantity=Decimal(0), sites=(), dates=BatchDates(produced_on=date(2027, 1, 1)), pack_count=None)
    assert told == ["date_in_future", "quantity_not_positive", "no_site"]


def releasing(state=BatchState.REGISTERED, right=RIGHT, best_before_on=None):
    return codes(release_refusals(state, right, best_before_on, TODAY))


def test_release_asks_the_right_again_and_the_date():
    assert releasing() == []
    assert releasing(right=replace(RIGHT, stands_now=False)) == ["authorisation_not_active"]
    assert releasing(best_before_on=TODAY) == []
    assert releasing(best_before_on=date(2026, 11, 21)) == ["past_best_before"]
    assert releasing(state=BatchState.DRAFT) == ["wrong_state"]


def dated(**days):
    return [(fault.code, fault.pointer) for fault in date_faults(BatchDates(**{"produced_on": MADE, **days}), TODAY)]


def test_days_stand_in_order():
    full = {
        "harvested_on": date(2026, 9, 1),
        "produced_from": date(2026, 9, 2),
        "packed_on": MADE,
        "best_before_on": date(2028, 9, 10),
    }
    assert dated(**full) == []
    assert dated(harvested_on=date(2026, 9, 11)) == [("dates_out_of_order", "/produced_on")]
    assert dated(produced_from=date(2026, 9, 11)) == [("dates_out_of_order", "/produced_on")]
    assert dated(packed_on=date(2026, 9, 9)) == [("dates_out_of_order", "/packed_on")]
    assert dated(best_before_on=date(2026, 9, 9)) == [("dates_out_of_order", "/best_before_on")]


def test_no_day_but_best_before_lies_ahead_and_none_before_1990():
    assert dated(produced_on=TODAY) == []
    assert dated(produced_on=date(2026, 11, 23)) == [("date_in_future", "/produced_on")]
    assert dated(packed_on=date(2026, 11, 23)) == [("date_in_future", "/packed_on")]
    assert dated(harvested_on=date(1989, 12, 31)) == [("date_too_early", "/harvested_on")]
    assert dated(best_before_on=date(2077, 1, 1)) == [("best_before_absurd", "/best_before_on")]


@pytest.mark.parametrize(
    ("quantity", "unit", "code"),
    [
        ("0", QuantityUnit.KILOGRAM, "quantity_not_positive"),
        ("-1", QuantityUnit.KILOGRAM, "quantity_not_positive"),
        ("NaN", QuantityUnit.KILOGRAM, "quantity_not_positive"),
        ("Infinity", QuantityUnit.LITRE, "quantity_not_positive"),
        ("0.0001", QuantityUnit.KILOGRAM, "quantity_too_fine"),
        ("10000.001", QuantityUnit.TONNE, "quantity_absurd"),
        ("10000001", QuantityUnit.KILOGRAM, "quantity_absurd"),
        ("100000001", QuantityUnit.PIECE, "quantity_absurd"),
    ],
)
def test_amounts_that_cannot_be_meant_are_refused(quantity, unit, code):
    assert codes(quantity_faults(Decimal(quantity), unit)) == [code]


def test_amounts_up_to_the_ceiling_pass():
    for quantity, unit in (("10000", QuantityUnit.TONNE), ("0.001", QuantityUnit.GRAM), ("1E+3", QuantityUnit.LITRE)):
        assert quantity_faults(Decimal(quantity), unit) == []


def test_packs_are_counted_in_whole_sensible_numbers():
    assert codes(pack_faults(0)) == ["pack_count_not_positive"]
    assert codes(pack_faults(100_000_001)) == ["pack_count_absurd"]
    assert pack_faults(None) == []


def test_packs_of_another_dimension_are_not_compared():
    assert packs_fit(Decimal(1), QuantityUnit.KILOGRAM, 1_000, Decimal(1), QuantityUnit.PIECE)
    assert not packs_fit(Decimal(1), QuantityUnit.KILOGRAM, 1_000, Decimal(500), QuantityUnit.GRAM)


def test_units_of_goods_are_units_of_the_register():
    assert {unit.value for unit in QuantityUnit} <= {unit.value for unit in Unit}
    assert all(unit.text == Unit(unit.value).text for unit in QuantityUnit)
