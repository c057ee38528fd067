"""Which part of an answer a Range header asks for (RFC 9110, 14)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.lib.byteranges import Unsatisfiable, part_of


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-99", (0, 100)),
        ("bytes=40-", (40, 100)),
        ("bytes= 40 - 49 ", (40, 50)),
        ("bytes=90-1000", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-1000", (0, 100)),
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=5-4", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
        ("bytes=０-1", None),
        ("bytes=0-9999999999999999", None),
    ],
)
def test_one_part_is_given_and_anything_else_passed_over(header, part):
    assert part_of(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_part_beyond_the_end_cannot_be_given(header):
    with pytest.raises(Unsatisfiable):
        part_of(header, 100)


@given(st.text(max_size=40), st.integers(1, 1000))
def test_no_header_makes_it_fail_otherwise(header, size):
    try:
        part = part_of(f"bytes={header}", size)
    except Unsatisfiable:
        return
    assert part is None or 0 <= part[0] < part[1] <= size
