"""What may be typed as a PIN, and what is said of a try."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.rules.pins import PinOutcome, digits, statement

DAY = date(2026, 11, 22)


@pytest.mark.parametrize("typed", ["01234567", " 0123 4567 ", "0123-4567", "０１２３４５６７", "0123—4567"])
def test_eight_digits_are_read_however_they_are_grouped(typed):
    assert digits(typed) == "01234567"


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "1234567a", "一二三四五六七八", "٠١٢٣٤٥٦٧", "1" * 5_000])
def test_anything_else_is_no_pin(typed):
    assert digits(typed) is None


@given(st.text(max_size=60))
def test_whatever_is_typed_is_eight_digits_or_nothing(typed):
    found = digits(typed)
    assert found is None or (len(found) == 8 and found.isascii() and found.isdigit())


@pytest.mark.parametrize("outcome", PinOutcome)
def test_every_outcome_is_said_whole_in_both_languages(outcome):
    said = statement(outcome, DAY, 3)
    assert said.zh
    assert said.en
    assert "{" not in said.zh + said.en


def test_whoever_has_no_tries_left_learns_whether_it_was_opened():
    assert "2026-11-22" in statement(PinOutcome.NO_TRIES_LEFT, DAY, 0).zh
    assert "opened" not in statement(PinOutcome.NO_TRIES_LEFT, None, 0).en
