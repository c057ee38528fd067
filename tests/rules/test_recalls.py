"""What a recall may be, without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.rules.batches import MAX_REASON
from trace.rules.recalls import (
    MOST_DAYS,
    RECALL_STEPS,
    RecallState,
    area_of,
    code_of,
    confirm_refusals,
    day_faults,
    move_refusals,
    reason_faults,
    recovery_refusals,
)

DAY = date(2026, 9, 1)


def codes(refusals) -> list[str]:
    return [refusal.code for refusal in refusals]


@pytest.mark.parametrize(("prefix", "code"), [("14", "140000"), ("1401", "140100"), ("140121", "140121")])
def test_a_place_is_named_by_the_code_that_its_prefix_watches(prefix, code):
    assert (code_of(prefix), area_of(code)) == (code, prefix)


@given(st.from_regex(r"[1-9][0-9]{5}", fullmatch=True))
def test_a_place_lies_in_its_own_area(code):
    assert code.startswith(area_of(code))


def test_days_come_in_their_order_and_within_a_year():
    assert day_faults(DAY, None) == day_faults(None, None) == day_faults(DAY, DAY) == []
    assert day_faults(DAY, DAY + timedelta(days=MOST_DAYS)) == []
    assert codes(day_faults(DAY, DAY - timedelta(days=1))) == ["days_out_of_order"]
    assert codes(day_faults(DAY, DAY + timedelta(days=MOST_DAYS + 1))) == ["days_out_of_order"]


def test_a_reason_is_owed_and_bounded():
    assert codes(reason_faults("  ")) == ["reason_missing"]
    assert codes(reason_faults("长" * (MAX_REASON + 1))) == ["reason_too_long"]
    assert reason_faults("检出超标") == []


def test_every_reason_against_a_confirmation_is_told_at_once():
    told = confirm_refusals(RecallState.OPENED, True, 0, {"140121", "140727"}, {"140121"})
    assert codes(told) == ["two_persons", "nothing_to_recall", "beyond_your_place"]
    assert confirm_refusals(RecallState.OPENED, False, 1, {"140121"}, {"140121"}) == []


@pytest.mark.parametrize("state", RecallState)
def test_what_is_not_open_is_not_confirmed_and_nothing_follows_an_end(state):
    if state is not RecallState.OPENED:
        assert codes(confirm_refusals(state, False, 1, (), ())) == ["wrong_state"]
    for to in RecallState:
        assert (move_refusals(state, to) == []) == (to in RECALL_STEPS[state])


@given(st.decimals(0, 1_000, places=3), st.lists(st.decimals("0.001", 500, places=3), max_size=12))
def test_however_it_is_told_no_more_comes_back_than_is_out(out, parts):
    recovered = Decimal(0)
    for part in parts:
        refusals = recovery_refusals(RecallState.CONFIRMED, True, out, recovered, part)
        assert bool(refusals) == (recovered + part > out)
        if not refusals:
            recovered += part
    assert recovered <= out


def test_what_was_not_recalled_does_not_come_back():
    assert codes(recovery_refusals(RecallState.CONFIRMED, False, Decimal(9), Decimal(0), Decimal(1))) == [
        "not_recalled"
    ]
    assert codes(recovery_refusals(RecallState.CLOSED, True, Decimal(9), Decimal(0), Decimal(1))) == ["wrong_state"]
