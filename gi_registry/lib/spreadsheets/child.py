"""The process in which a spreadsheet of a stranger is read: no database, no secrets, bounded memory and time.

In: one line of JSON (``{"format", "words"}``: names of columns, folded), then the file. Out: JSON lines. First the head
(``{"sheet", "at", "header", "notes"}``) or ``{"refused": [code, values]}``, then a row each: ``[number, [cell, ...]]`` with
cells as ``Cell.kept`` and the number that the program shows beside the row.
"""

import csv
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

import python_calamine

from gi_registry.lib.spreadsheets import limits
from gi_registry.lib.spreadsheets.cells import Cell, CellKind
from gi_registry.lib.spreadsheets.faults import SheetRefused
from gi_registry.lib.spreadsheets.folding import folded
from gi_registry.lib.spreadsheets.sniffing import BROKEN, SheetFormat

Row = tuple[int, list[str | None]]
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL = re.compile(rb'<(?:\w+:)?c\b((?:[^>"\']|"[^"]*"|\'[^\']*\')*)>\s*(<(?:\w+:)?f\b)?')
_ROW = re.compile(rb'<(?:\w+:)?(?:row|col)\b(?:[^>"\']|"[^"]*"|\'[^\']*\')*>')
_ATTRIBUTE = re.compile(rb'\b(r|t|hidden|min|max)\s*=\s*["\']([^"\']*)["\']')
_PLACE = re.compile(rb"([A-Z]{1,3})([0-9]{1,7})")
_TOLD = 8


class Refused(Exception):
    def __init__(self, code: str, **values: Any) -> None:
        self.code, self.values = code, values
        super().__init__(code)


def bound() -> None:
    """What the system holds us to, whatever the file makes of the libraries."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES, limits.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CPU_SECONDS, limits.CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    asked = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    bound()
    try:
        for line in told(SheetFormat(asked["format"]), data, asked["words"]):
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    except Refused as no:
        sys.stdout.write(json.dumps({"refused": [no.code, no.values]}) + "\n")
    except SheetRefused as no:
        sys.stdout.write(json.dumps({"refused": [no.refusal.code, {}]}) + "\n")
    except MemoryError:
        sys.stdout.write(json.dumps({"refused": ["file_too_heavy", {}]}) + "\n")


def told(kind: SheetFormat, data: bytes, words: Sequence[str]) -> Iterator[Any]:
    if kind is SheetFormat.CSV:
        yield from _told_text(data, frozenset(words))
    else:
        yield from _told_book(kind, data, frozenset(words))


# --- text ----------------------------------------------------------------------------------------------------------


def _told_text(data: bytes, words: frozenset[str]) -> Iterator[Any]:
    """Decoded strictly, byte order mark, UTF-8, then GB18030, and believed only where the header can be read."""
    notes: list[Any] = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise Refused("charset_unknown") from None
        notes.append(["read_as_gb18030", {}])
    start = text[:20_000]
    delimiter = max(",\t;", key=start.count)
    csv.field_size_limit(limits.MAX_CELL * 4)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = ((number, [_of_text(value) for value in row]) for number, row in enumerate(_careful(reader), start=1))
    head, rows = _header(rows, words)
    if head is None:
        raise Refused("charset_unknown" if notes else "no_header")
    yield {"sheet": "", "at": head[0], "header": head[1], "notes": notes}
    yield from _bounded(rows)


def _careful(reader: Iterable[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        raise Refused("file_damaged") from None


def _of_text(value: str) -> str | None:
    """Text has no kinds; what begins like a formula would have been one."""
    text = value.strip()
    return Cell(CellKind.FORMULA if text.startswith("=") else CellKind.TEXT, text).kept


# --- workbooks -----------------------------------------------------------------------------------------------------


def _told_book(kind: SheetFormat, data: bytes, words: frozenset[str]) -> Iterator[Any]:
    if kind is not SheetFormat.XLS:
        _count_unpacked(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [one.name for one in book.sheets_metadata if one.visible is python_calamine.SheetVisibleEnum.Visible]
        found = _sheet_with_header(book, shown, words)
    except python_calamine.PasswordError:
        raise Refused("file_locked") from None
    except (python_calamine.CalamineError, OSError, ValueError, IndexError, KeyError):
        raise Refused("file_damaged") from None
    if found is None:
        raise Refused("no_header")
    sheet, at, header = found
    notes: list[Any] = [["other_sheets", {"name": sheet.name[:60]}]] if len(shown) > 2 else []
    marks = _marks_of(kind, data, sheet.name, at, len(header), notes)
    merged = [one for one in sheet.merged_cell_ranges or [] if one[1][0] + 1 > at]
    if merged:
        raise Refused("cells_merged", cells=", ".join(f"{_name(*a)}:{_name(*b)}" for a, b in merged[:_TOLD]))
    yield {"sheet": sheet.name, "at": at, "header": header, "notes": notes}
    rows = ((number, row) for number, row in _rows(sheet, marks) if number > at)
    yield from _bounded(rows)


def _count_unpacked(data: bytes) -> None:
    """What an archive says of its sizes may be a lie: everything is unpacked once, piece by piece, and counted."""
    left = limits.MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                with archive.open(member) as stream:
                    while piece := stream.read(1 << 18):
                        left -= len(piece)
                        if left < 0:
                            raise Refused("file_bomb")
    except BROKEN:
        raise Refused("file_damaged") from None


def _sheet_with_header(book: Any, names: list[str], words: frozenset[str]) -> Any:
    """The first visible sheet that has a row of names of columns near its top."""
    for name in names[:20]:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is None:
            continue
        if sheet.total_width > limits.MAX_COLUMNS * 20 or sheet.total_height > 1_100_000:
            raise Refused("too_many_columns")
        head, _ = _header(_rows(sheet, {}), words)
        if head:
            return sheet, head[0], head[1]
    return None


def _rows(sheet: Any, marks: dict[tuple[int, int], CellKind]) -> Iterator[Row]:
    """Rows by the number that stands beside them, cells from column A on."""
    if sheet.start is None:
        return
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_of_value(value) for value in row]
        if marks:
            for place in range(len(cells)):
                if mark := marks.get((number, place)):
                    cells[place] = Cell(mark, (cells[place] or " ")[1:]).kept
        yield number, cells


def _of_value(value: Any) -> str | None:
    if value == "" and isinstance(value, str):
        return None
    if isinstance(value, bool):
        return Cell(CellKind.TRUTH, "1" if value else "0").kept
    if isinstance(value, int | float):
        # Fifteen digits are what a spreadsheet keeps.
        return Cell(CellKind.NUMBER, f"{value:.15g}").kept
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return Cell(CellKind.DATE, value.date().isoformat() if is_day else value.isoformat()).kept
    if isinstance(value, date):
        return Cell(CellKind.DATE, value.isoformat()).kept
    if isinstance(value, time | timedelta):
        return Cell(CellKind.ERROR, str(value)).kept
    return Cell(CellKind.TEXT, str(value).strip()).kept


def _marks_of(
    kind: SheetFormat, data: bytes, name: str, at: int, width: int, notes: list[Any]
) -> dict[tuple[int, int], CellKind]:
    """Cells that are formulas or errors; raises for rows and columns that are hidden."""
    if kind is SheetFormat.XLS:
        notes.append(["old_format", {}])
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if kind is SheetFormat.ODS:
            content = archive.read("content.xml")
            if b"table:formula=" in content:
                raise Refused("formulas")
            if b'table:visibility="' in content:
                notes.append(["hidden_untold", {}])
            return {}
        try:
            xml = archive.read(_member_of(archive, name))
        except (KeyError, ElementTree.ParseError):
            raise Refused("file_damaged") from None
    _check_hidden(xml, at, width)
    return dict(_marked(xml))


def _member_of(archive: zipfile.ZipFile, name: str) -> str:
    """The part of the workbook in which a sheet lies (ECMA-376-1, 18.2.19; OPC 9.3)."""
    book = _parsed(archive.read("xl/workbook.xml"))
    link = next(one.get(f"{_LINKS}id") for one in book.iter(f"{_MAIN}sheet") if one.get("name") == name)
    parts = _parsed(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(one.get("Target", "") for one in parts if one.get("Id") == link)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _parsed(xml: bytes) -> ElementTree.Element:
    if b"<!" in xml.replace(b"<!--", b""):
        raise Refused("file_damaged")
    # No document type, so no entities: the attacks that a stricter parser is for are gone.
    return ElementTree.fromstring(xml)  # noqa: S314


def _check_hidden(xml: bytes, at: int, width: int) -> None:
    rows, columns = [], []
    for found in _ROW.finditer(xml):
        told = dict(_ATTRIBUTE.findall(found[0]))
        if told.get(b"hidden") not in (b"1", b"true"):
            continue
        if b"min" in told:
            first, last = int(told[b"min"]), min(int(told.get(b"max", told[b"min"])), width)
            columns += [_letters(place - 1) for place in range(first, last + 1)]
        elif b"r" in told and int(told[b"r"]) > at:
            rows.append(told[b"r"].decode())
    if columns:
        raise Refused("columns_hidden", columns=", ".join(columns[:_TOLD]))
    if rows:
        raise Refused("rows_hidden", rows=", ".join(rows[:_TOLD]) + (" …" if len(rows) > _TOLD else ""))


def _marked(xml: bytes) -> Iterator[tuple[tuple[int, int], CellKind]]:
    if b"<f" not in xml and b":f" not in xml and b't="e"' not in xml and b"t='e'" not in xml:
        return
    for found in _CELL.finditer(xml):
        told = dict(_ATTRIBUTE.findall(found[1]))
        is_formula, is_error = found[2] is not None, told.get(b"t") == b"e"
        place = _PLACE.fullmatch(told.get(b"r", b"")) if is_formula or is_error else None
        if place:
            column = 0
            for letter in place[1]:
                column = column * 26 + letter - 64
            yield (int(place[2]), column - 1), CellKind.FORMULA if is_formula else CellKind.ERROR


# --- both ----------------------------------------------------------------------------------------------------------


def _header(rows: Iterator[Row], words: frozenset[str]) -> tuple[Row | None, Iterator[Row]]:
    """The first row near the top with two names of columns that are known, and what follows it."""
    for _ in range(limits.HEADER_WITHIN):
        row = next(rows, None)
        if row is None:
            break
        if sum(1 for cell in row[1] if cell and folded(cell[1:]) in words) >= 2:
            return row, rows
    return None, rows


def _bounded(rows: Iterator[Row]) -> Iterator[Row]:
    """Rows with something in them, held to the limits."""
    count = 0
    for number, cells in rows:
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        count += 1
        if count > limits.MAX_ROWS:
            raise Refused("too_many_rows")
        if len(cells) > limits.MAX_COLUMNS:
            raise Refused("too_many_columns")
        if any(cell and len(cell) > limits.MAX_CELL + 1 for cell in cells):
            raise Refused("cell_too_long", row=number)
        yield number, cells


def _letters(place: int) -> str:
    name, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _name(row: int, column: int) -> str:
    return f"{_letters(column)}{row + 1}"


if __name__ == "__main__":
    main()
