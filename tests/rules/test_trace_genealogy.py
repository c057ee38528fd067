"""What may go into what, asked without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.rules.batches import BatchState
from trace.rules.genealogy import (
    MAX_INPUTS,
    Goods,
    Input,
    InputKind,
    LinkFacts,
    end_refusals,
    input_refusals,
    link_faults,
    link_refusals,
    stopped_refusals,
    time_faults,
)
from trace.rules.quantities import QuantityUnit

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
CASK = Goods("CASK", 1, BatchState.REGISTERED, Decimal(1_000), QuantityUnit.LITRE)
BOTTLES = Goods("BOTTLES", 1, BatchState.DRAFT, Decimal(500), QuantityUnit.LITRE)
LINK = Input(CASK, InputKind.BLEND, Decimal(500), QuantityUnit.LITRE)
FACTS = LinkFacts(BOTTLES, used=Decimal(0))


def codes(refusals) -> list[str]:
    return [refusal.code for refusal in refusals]


def test_a_registered_batch_goes_into_a_draft():
    assert link_faults(LINK) == []
    assert link_refusals(LINK, FACTS) == []


@pytest.mark.parametrize("state", sorted(set(BatchState) - {BatchState.DRAFT}))
def test_inputs_are_stated_in_a_draft_only(state):
    assert codes(link_refusals(LINK, replace(FACTS, child=replace(BOTTLES, state=state)))) == ["inputs_settled"]


@pytest.mark.parametrize("state", [BatchState.DRAFT, BatchState.ON_HOLD, BatchState.RECALLED, BatchState.VOID])
def test_goods_that_are_stopped_or_never_were_go_into_nothing(state):
    assert codes(link_refusals(replace(LINK, parent=replace(CASK, state=state)), FACTS)) == ["input_not_usable"]


@pytest.mark.parametrize(("kind", "said"), [("blend", True), ("packing", True), ("transformation", False)])
def test_a_name_is_borne_by_a_blend_whose_inputs_all_bear_it_while_a_vinegar_may_be_made_of_any_millet(kind, said):
    link = replace(LINK, parent=replace(CASK, indication_id=2), kind=InputKind(kind))
    assert codes(link_refusals(link, FACTS)) == (["input_of_another_name"] if said else [])


def test_nothing_is_made_of_itself_or_of_what_was_made_of_it():
    itself = replace(LINK, parent=replace(BOTTLES, state=BatchState.REGISTERED))
    assert codes(link_refusals(itself, FACTS)) == ["circle"]
    settled = replace(BOTTLES, state=BatchState.REGISTERED)
    circle = replace(FACTS, child=settled, is_circle=True)
    assert codes(link_refusals(LINK, circle)) == ["circle", "inputs_settled"]


def test_a_batch_is_named_as_input_once_and_there_is_an_end_to_inputs():
    assert codes(link_refusals(LINK, replace(FACTS, is_named_already=True))) == ["input_named_already"]
    assert codes(link_refusals(LINK, replace(FACTS, inputs=MAX_INPUTS))) == ["too_many_inputs"]


@given(
    whole=st.integers(1, 10**9),
    used=st.integers(0, 10**9),
    wanted=st.integers(1, 10**9),
    unit=st.sampled_from(["l", "ml"]),
)
def test_no_more_is_used_than_there_is_in_whatever_unit(whole, used, wanted, unit):
    """All in thousandths of a litre."""
    in_unit = (
        (Decimal(wanted) / 1000, QuantityUnit.LITRE) if unit == "l" else (Decimal(wanted), QuantityUnit.MILLILITRE)
    )
    link = Input(replace(CASK, quantity=Decimal(whole) / 1000), InputKind.BLEND, *in_unit)
    refused = codes(link_refusals(link, replace(FACTS, used=Decimal(min(used, whole)))))
    assert refused == ([] if min(used, whole) + wanted <= whole else ["input_exceeds_batch"])


def test_what_is_left_is_told_in_the_unit_that_was_asked_in():
    link = replace(LINK, quantity=Decimal(500_001), unit=QuantityUnit.MILLILITRE)
    (refusal,) = link_refusals(link, replace(FACTS, used=Decimal(500_000)))
    assert "500000 毫升" in refusal.text.zh


@pytest.mark.parametrize("amount", ["0", "-1", "0.0001", "NaN"])
def test_an_amount_that_cannot_be_meant_is_a_fault(amount):
    assert len(link_faults(replace(LINK, quantity=Decimal(amount)))) == 1


def test_litres_are_not_taken_of_kilograms():
    link = replace(LINK, parent=replace(CASK, unit=QuantityUnit.KILOGRAM))
    assert codes(link_faults(link)) == ["unit_of_another_kind"]


@pytest.mark.parametrize("kind", InputKind)
def test_a_draft_takes_back_any_input_and_registered_goods_only_what_was_packed(kind):
    assert end_refusals(kind, BatchState.DRAFT, False) == []
    assert codes(end_refusals(kind, BatchState.RELEASED, False)) == (
        [] if kind is InputKind.PACKING else ["inputs_settled"]
    )
    assert codes(end_refusals(kind, BatchState.DRAFT, True)) == ["already_ended"]


def test_an_end_follows_its_beginning_and_is_not_ahead():
    hour = timedelta(hours=1)
    assert time_faults(NOON, NOON, NOON, "/at") == []
    assert codes(time_faults(NOON + hour, NOON, NOON, "/at")) == ["in_the_future"]
    assert codes(time_faults(NOON - hour, NOON, NOON, "/at")) == ["ends_before_it_begins"]


def test_registration_asks_each_input_again_and_waits_for_the_word_of_others():
    inputs = [
        replace(LINK, parent=replace(CASK, state=BatchState.RECALLED)),
        replace(LINK, parent=replace(CASK, indication_id=2)),
        replace(LINK, is_confirmed=False),
    ]
    assert codes(input_refusals(BOTTLES, inputs)) == [
        "input_not_usable",
        "input_of_another_name",
        "input_not_confirmed",
    ]
    assert codes(stopped_refusals(["FAR"])) == ["input_stopped"]


@pytest.mark.parametrize(("made", "said"), [(525, False), (526, True)])
def test_blending_makes_nothing(made, said):
    larger = replace(BOTTLES, quantity=Decimal(made))
    assert codes(input_refusals(larger, [LINK])) == (["output_exceeds_inputs"] if said else [])
    assert input_refusals(larger, [replace(LINK, kind=InputKind.TRANSFORMATION)]) == []
    assert input_refusals(replace(larger, unit=QuantityUnit.PIECE), [LINK]) == []
    assert input_refusals(larger, []) == []
