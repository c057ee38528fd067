"""A workbook handed back to whoever brought it: its rows as they were read, with what is wrong before them. Corrected, it can be
uploaded as it is: the columns that were put before are known and passed over.

Every cell is written as text or as a number, never as a formula, whatever it begins with.
"""

import io
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from gi_registry.lib.language import say
from gi_registry.lib.spreadsheets.added import FAULTS, MADE
from gi_registry.lib.spreadsheets.cells import Cell, CellKind
from gi_registry.lib.texts import Text

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Back:
    """One row: its cells as ``Cell.kept``, what is wrong in words, the places of the cells that are at fault, what it became."""

    cells: Sequence[str | None]
    faults: str = ""
    wrong: Collection[int] = ()
    made: str = ""


def handed_back(header: Sequence[str], pages: Iterable[tuple[Text, Iterable[Back]]]) -> bytes:
    """One sheet for each of ``pages``, all under the same header."""
    out = io.BytesIO()
    with TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(out, {"constant_memory": True, "tmpdir": folder})
        red = book.add_format({"bg_color": "#F8D7DA"})
        head = book.add_format({"bold": True, "bg_color": "#DCE6F2", "bottom": 1})
        for name, rows in pages:
            page = book.add_worksheet(say(name))
            page.set_column(0, 0, 40)
            page.set_column(1, len(header) + 1, 16)
            for place, title in enumerate([say(FAULTS), say(MADE), *header]):
                page.write_string(0, place, title, head)
            for line, row in enumerate(rows, start=1):
                _write_row(page, line, row, red)
        book.close()
    return out.getvalue()


def _write_row(page: Any, line: int, row: Back, red: Any) -> None:
    if row.faults:
        page.write_string(line, 0, row.faults, red)
    page.write_string(line, 1, row.made)
    for place, kept in enumerate(row.cells):
        _write_cell(page, line, place + 2, Cell.read(kept), red if place in row.wrong else None)
    for place in row.wrong:
        if place >= len(row.cells):
            page.write_blank(line, place + 2, None, red)


def _write_cell(page: Any, line: int, place: int, cell: Cell, shape: Any) -> None:
    if cell.kind is CellKind.NUMBER and math.isfinite(float(cell.text)):
        page.write_number(line, place, float(cell.text), shape)
    elif cell.text:
        page.write_string(line, place, cell.text, shape)
