"""The file of codes: its form, and that any part of it is the same bytes as in the whole."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.code_sheets import ROWS_AT_A_TIME, CodeSheet
from trace.codes.keyring import EpochState, KeyRing
from trace.codes.sign import codes, pin_at
from trace.rules.issuances import Span

RING = KeyRing({"2026Q4": bytes(range(32))}, {"2026Q4": EpochState.SIGNING})
LOT, GTIN, HOST = "7K3QX9PA28", "09520012345674", "https://gi.example.cn"


TEN = Span(0, 9)


def a_sheet(span=TEN, gtin=GTIN, has_pin=True):
    return CodeSheet(RING.keys("2026Q4", gtin, LOT, 3), LOT, gtin, has_pin, span, HOST)


def whole(sheet):
    return b"".join(sheet.read(0, sheet.size))


def rows(sheet):
    return list(csv.DictReader(io.StringIO(whole(sheet).decode("utf-8-sig"), newline="")))


def test_a_line_holds_index_code_both_links_and_the_hidden_digits():
    sheet = a_sheet()
    made = list(codes(sheet.keys, 0, 10))
    assert [row["code"] for row in rows(sheet)] == made
    pin = pin_at(sheet.keys, 1)
    assert rows(sheet)[1] == {
        "index": "00000001",
        "code": made[1],
        "link": f"{HOST}/c/{LOT}/{made[1]}",
        "gs1_link": f"{HOST}/01/{GTIN}/10/{LOT}/21/{made[1]}",
        "pin": f"{pin[:4]} {pin[4:]}",
    }


def test_it_begins_with_the_mark_by_which_excel_knows_utf_8_and_lines_end_as_the_standard_says():
    told = whole(a_sheet())
    assert told.startswith(b"\xef\xbb\xbfindex,code,link,gs1_link,pin\r\n")
    assert told.count(b"\r\n") == told.count(b"\n") == 11


def test_without_gtin_and_pin_the_link_is_empty_and_the_column_not_there():
    told = rows(a_sheet(gtin="-", has_pin=False))
    assert set(told[0]) == {"index", "code", "link", "gs1_link"}
    assert {row["gs1_link"] for row in told} == {""}


def test_no_cell_begins_as_a_formula_does():
    cells = [cell for row in rows(a_sheet(Span(0, 499))) for cell in row.values()]
    assert all(cell[0].isalnum() for cell in cells)


def test_a_part_of_an_issuance_has_the_lines_of_the_whole():
    part = whole(a_sheet(Span(4, 6))).split(b"\r\n")
    assert part[1:-1] == whole(a_sheet()).split(b"\r\n")[5:8]


@pytest.mark.parametrize("gtin", [GTIN, "-"])
def test_the_size_is_known_before_and_every_line_has_one_length(gtin):
    sheet = a_sheet(Span(7, ROWS_AT_A_TIME * 2 + 9), gtin)
    told = whole(sheet)
    assert len(told) == sheet.size
    assert {len(line) for line in told[len(sheet.header) :].splitlines()} == {sheet.width - 2}


WIDE = a_sheet(Span(0, ROWS_AT_A_TIME + 20))
ALL = whole(WIDE)


@given(st.integers(0, WIDE.size), st.integers(0, WIDE.size))
def test_any_part_is_what_stands_there_in_the_whole(one, other):
    start, stop = min(one, other), max(one, other)
    assert b"".join(WIDE.read(start, stop)) == ALL[start:stop]


def test_a_broken_download_goes_on_across_the_edge_of_a_piece():
    for broken in (0, 1, 3, len(WIDE.header), len(WIDE.header) + ROWS_AT_A_TIME * WIDE.width, WIDE.size - 1):
        assert ALL[:broken] + b"".join(WIDE.read(broken, WIDE.size)) == ALL


def test_the_units_in_a_part_are_known():
    sheet = a_sheet(Span(100, 199))
    line = len(sheet.header)
    assert sheet.touched(0, sheet.size) == Span(100, 199)
    assert sheet.touched(0, 5) == Span(100, 100)
    assert sheet.touched(line + sheet.width, line + sheet.width + 1) == Span(101, 101)
    assert sheet.touched(line + sheet.width - 1, line + sheet.width + 1) == Span(100, 101)
