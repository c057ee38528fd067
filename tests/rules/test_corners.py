"""Corners as people write them, a line each: what is meant is read, and nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions.rules import read_corners
from regions.rules.corners import MAX_CORNERS, MAX_FAULTS

NUMBERS = st.decimals(min_value=-180, max_value=180, places=6)
BETWEEN = st.sampled_from([", ", ",", " ", "\t", "，", "、", "; ", "；", " ， ", "° "])


def fault(text: str) -> str:
    document, faults = read_corners(text)
    assert document is None
    return faults[0].code


@given(st.lists(st.tuples(NUMBERS, BETWEEN, NUMBERS), min_size=3, max_size=40, unique_by=lambda corner: corner[0]))
def test_lines_become_a_closed_ring_of_the_same_numbers_whatever_stands_between_them(corners):
    document, faults = read_corners("\r\n\r\n".join(f" {x}{between}{y} " for x, between, y in corners))
    assert faults == []
    ring = document["coordinates"][0]
    assert (document["type"], ring[:-1], ring[-1]) == (
        "Polygon",
        [[float(x), float(y)] for x, _, y in corners],
        ring[0],
    )


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=3, max_size=40, unique_by=lambda corner: corner[0]))
def test_a_ring_that_was_closed_already_is_not_closed_twice(corners):
    lines = [f"{x},{y}" for x, y in corners]
    assert read_corners("\n".join(lines)) == read_corners("\n".join([*lines, lines[0]]))


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_or_refused_with_a_reason(text):
    document, faults = read_corners(text)
    assert (document is None) == bool(faults)
    assert len(faults) <= MAX_FAULTS


def test_full_width_digits_are_digits():
    assert read_corners("１１２．３５，３７．６０")[0] == {"type": "Point", "coordinates": [112.35, 37.6]}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_corners"),
        (" \n\n ", "no_corners"),
        ("112.1, 37.1\n112.2, 37.2", "corners_enclose_nothing"),
        ("112.1", "corner_not_read"),
        ("112.1, 37.1, 800", "corner_not_read"),
        ("112°21'3\", 37°36'", "corner_not_read"),
        ("东经112.1 北纬37.1", "corner_not_read"),
        ("1.1e2, 37.1", "corner_not_read"),
        ("nan, inf", "corner_not_read"),
        ("1121234567, 37", "corner_not_read"),
        ("112,5, 37,5", "corner_not_read"),
        ("112.1, 37.1\n" * (MAX_CORNERS + 1), "too_many_corners"),
    ],
)
def test_what_could_mean_two_things_is_refused(text, code):
    assert fault(text) == code


def test_a_line_that_is_not_understood_is_named_by_its_number():
    _, faults = read_corners("112.1, 37.1\n\nhere\n112.2, 37.2\nthere")
    assert [(refusal.text.zh[:5], refusal.pointer) for refusal in faults] == [
        ("第 3 行", "/corners"),
        ("第 5 行", "/corners"),
    ]
