"""Workbooks for people who bring spreadsheets: the empty one with lists to choose from, and
their own with its faults; and tables of figures to take along.

Every cell is written as text or as a number, never as a formula, whatever it begins with.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from gi_registry.lib.language import say
from gi_registry.lib.spreadsheets import MAX_ROWS
from gi_registry.lib.spreadsheets.handed_back import Back, handed_back
from gi_registry.lib.texts import Text
from products.models import Producer
from products.rules.uploads import told
from trace.actions.sheets import KINDS, SheetKind
from trace.models import SheetImport, SheetRow
from trace.rules.imports import ImportKind, RowState
from trace.rules.sheet_columns import SITES, Column, layout_of

_ABOUT, _DATA, _LISTS = Text("说明", "How to"), Text("数据", "Data"), "lists"
_WRONG = Text("有误的行", "Rows with faults")
_HELP = (
    Text(
        "请填写“{data}”工作表，一行一条。带 * 的列必须填写。",
        "Fill in the sheet “{data}”, one a row. Columns with * must be filled in.",
    ),
    Text("列的顺序可以改；多出的列不会读取。", "The order of columns may change; columns beyond these are not read."),
    Text("不要合并单元格、不要隐藏行列、不要用公式。", "Merge no cells, hide no rows or columns, use no formulas."),
    Text(f"一个文件最多 {MAX_ROWS:,} 行，5 MB。", f"A file holds {MAX_ROWS:,} rows and 5 MB at most."),
    Text("上传后先检查，您确认后才会登记。", "A file is checked first. Nothing is registered before you say so."),
)
_COLUMN, _WHAT = Text("列", "Column"), Text("怎样填写", "What to write")


def template_of(kind: SheetKind, producer: Producer) -> bytes:
    """An empty workbook for this producer: its own articles, sites, seasons to choose from."""
    own = {key: offered(producer) for key, offered in kind.lists.items()}
    return _template(kind.columns, own)


def sites_template() -> bytes:
    """An empty workbook for sites, which go another way: their outlines are looked at on a map."""
    return _template(SITES, {})


def _template(columns: Sequence[Column], own: Mapping[str, Sequence[str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    about, data, lists = (book.add_worksheet(name) for name in (say(_ABOUT), say(_DATA), _LISTS))
    _explain(book, about, columns)
    heads = {must: _head(book, must=must) for must in (True, False)}
    as_text, as_day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for place, column in enumerate(columns):
        data.write_string(0, place, say(column.text) + (" *" if column.is_required else ""), heads[column.is_required])
        shape = as_text if column.is_text else as_day if column.key.endswith(("_on", "_from")) else None
        data.set_column(place, place, 24 if column.is_listed else 14, shape)
        if choices := [say(word) for word in column.words or ()] or own.get(column.key):
            _offer(data, lists, place, choices)
    data.freeze_panes(1, 0)
    data.activate()
    data.set_first_sheet()
    lists.hide()
    book.close()
    return out.getvalue()


def _head(book: Any, *, must: bool) -> Any:
    return book.add_format({"bold": True, "bg_color": "#DCE6F2" if must else "#F2F2F2", "bottom": 1})


def _explain(book: Any, sheet: Any, columns: Sequence[Column]) -> None:
    sheet.set_column(0, 0, 90)
    for row, text in enumerate(_HELP):
        sheet.write_string(row, 0, say(text).format(data=say(_DATA)))
    top, bold = len(_HELP) + 1, book.add_format({"bold": True})
    # One cell of names and hints a row: a header of two names would be taken for the header of the data.
    sheet.write_string(top, 0, f"{say(_COLUMN)} · {say(_WHAT)}", bold)
    for row, column in enumerate(columns, start=top + 1):
        mark = " *" if column.is_required else ""
        sheet.write_string(row, 0, f"{say(column.text)}{mark}: {say(column.hint)}")


def _offer(data: Any, lists: Any, place: int, choices: Sequence[str]) -> None:
    """A list that may be typed over: several sites stand in one cell, and a number alone will do."""
    for row, choice in enumerate(choices):
        lists.write_string(row, place, choice)
    letter = xlsxwriter.utility.xl_col_to_name(place)
    source = f"={_LISTS}!${letter}$1:${letter}${len(choices)}"
    data.data_validation(1, place, MAX_ROWS, place, {"validate": "list", "source": source, "error_type": "information"})


def tables_of(tables: Iterable[tuple[Text, Sequence[Text], Iterable[Sequence[Any]]]]) -> bytes:
    """A workbook of tables to read on: each with its name, its header, and rows of text, whole numbers and decimals."""
    out = io.BytesIO()
    with TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(out, {"constant_memory": True, "tmpdir": folder})
        for name, header, rows in tables:
            page, head = book.add_worksheet(say(name)), _head(book, must=True)
            page.set_column(0, len(header) - 1, 16)
            page.freeze_panes(1, 0)
            for place, text in enumerate(header):
                page.write_string(0, place, say(text), head)
            for line, row in enumerate(rows, start=1):
                for place, value in enumerate(row):
                    _write_value(page, line, place, value)
        book.close()
    return out.getvalue()


def _write_value(page: Any, line: int, place: int, value: Any) -> None:
    """Text as text, whatever it begins with."""
    if isinstance(value, int | Decimal):
        page.write_number(line, place, value)
    elif value:
        page.write_string(line, place, str(value))


def with_faults(sheet: SheetImport) -> bytes:
    """Their rows as they were read, in their order, with what is wrong and what became of each before them; those with faults
    once more on a second sheet."""
    pages = ((_DATA, None), (_WRONG, (RowState.FAULTY, RowState.LEFT_OUT)))
    return handed_back(sheet.header, [(name, _told(sheet, states)) for name, states in pages])


def _told(sheet: SheetImport, states: Iterable[RowState] | None) -> Iterator[Back]:
    columns = KINDS[ImportKind(sheet.kind)].columns
    layout, _ = layout_of(columns, sheet.header)
    texts = {column.key: say(column.text) for column in columns}
    for row in _rows(sheet, states):
        faults = told(row.faults) if row.faults else []
        wrong = {layout.places.get(_column(fault.pointer), -1) for fault in faults} - {-1}
        words = " ".join(_sentence(texts.get(_column(fault.pointer)), say(fault.text)) for fault in faults)
        yield Back(row.cells, words, wrong, row.made)


def _rows(sheet: SheetImport, states: Iterable[RowState] | None) -> Iterator[SheetRow]:
    rows = SheetRow.objects.filter(sheet=sheet).order_by("number")
    if states is not None:
        rows = rows.filter(state__in=[state.value for state in states])
    return rows.iterator(chunk_size=1_000)


def _column(pointer: str) -> str:
    return pointer.strip("/").partition("/")[0]


def _sentence(column: str | None, sentence: str) -> str:
    return f"{column}: {sentence}" if column else sentence
