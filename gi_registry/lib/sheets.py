"""Rows as a CSV that a spreadsheet opens without harm: UTF-8 with a byte order mark, by which Excel knows it, lines ending in
CR LF (RFC 4180), and no cell that a program would take for a formula.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

MEDIA_TYPE = "text/csv; charset=utf-8"
# Excel, WPS and LibreOffice run what begins so; full-width forms are folded by some, and tab or CR hide what follows them.
_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def csv_of(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The whole file. Numbers stay numbers; text that begins like a formula comes with an apostrophe before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([cell_of(name) for name in header])
    writer.writerows([cell_of(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def cell_of(value: Any) -> str:
    """One cell as text; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    text = str(value)
    return f"'{text}" if text[:1] in _FORMULA_STARTS else text
