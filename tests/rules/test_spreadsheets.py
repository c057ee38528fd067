"""Spreadsheets of strangers are read as what they are, or refused with the reason; what would take too much is not read at all."""

import io
import struct
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from gi_registry.lib.spreadsheets import SheetFormat, SheetRefused, format_of, limits, opened
from gi_registry.lib.spreadsheets import notes_of as told_notes
from tests.build_sheets import text, workbook

HEADER = ("产品", "数量", "日期", "批号")
WORDS = {"产品", "数量", "日期", "批号"}
MORNING = datetime(2026, 1, 6, 8, 30)  # noqa: DTZ001 - a cell knows no zone
ROW = ("陈醋", 12.5, date(2026, 1, 5), "007")


def read(data):
    """The head, the rows as kept, and what is told of them."""
    with opened(data, format_of(data), WORDS, "产品、数量") as (head, rows):
        return head, list(rows)


def refusal(data):
    with pytest.raises(SheetRefused) as no:
        read(data)
    assert no.value.refusal.text.zh
    assert no.value.refusal.text.en
    return no.value.refusal.code


def repacked(data, change):
    """The same archive with members changed: ``change(name, content)`` gives the new content, or None to leave it out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if (content := change(member.filename, old.read(member))) is not None:
                new.writestr(member.filename, content)
    return out.getvalue()


def ods(body, extra=()):
    """An OpenDocument spreadsheet with this inside its one table (OpenDocument 1.3, part 3, 9.1)."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}><office:body><office:spreadsheet>'
        f'<table:table table:name="数据">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
        for name, told in extra:
            archive.writestr(name, told)
    return out.getvalue()


def ods_row(*cells, attributes=""):
    told = "".join(
        f'<table:table-cell office:value-type="string"{attributes}><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row>{told}</table:table-row>"


def test_cells_come_as_what_they_are_with_the_number_beside_the_row():
    head, rows = read(workbook([ROW, (None, None, None, None), ("米醋", 3, MORNING, "A")], HEADER))
    assert (head.sheet, head.at, head.header) == ("数据", 1, HEADER)
    assert rows == [
        (2, ["t陈醋", "n12.5", "d2026-01-05", "t007"]),
        (4, ["t米醋", "n3", "d2026-01-06T08:30:00", "tA"]),
    ]


def test_a_title_may_stand_above_the_header_and_be_merged():
    def title(book, sheet):
        other = book.add_worksheet("台账")
        other.merge_range(0, 0, 0, 3, "二零二六年台账")
        for number, row in enumerate([HEADER, ("陈醋", 1, "2026-01-05", "1")], start=3):
            other.write_row(number, 0, row)
        sheet.hide()
        other.activate()
        other.set_first_sheet()

    head, rows = read(workbook([], HEADER, title))
    assert (head.sheet, head.at) == ("台账", 4)
    assert [number for number, _ in rows] == [5]


def test_text_is_decoded_strictly_and_told_where_it_is_old():
    for charset, notes in (("utf-8-sig", []), ("utf-8", []), ("gb18030", ["read_as_gb18030"])):
        head, rows = read(text([("陈醋", "12.5", "2026-01-05", "007")], HEADER, charset))
        assert rows == [(2, ["t陈醋", "t12.5", "t2026-01-05", "t007"])]
        assert [note.code for note in told_notes(head.notes)] == notes
    assert refusal(text([("x", "1")], ("產品", "數量"), "big5")) == "charset_unknown"
    assert refusal(text([ROW], HEADER, "utf-16")) == "charset_unknown"


def test_semicolons_and_tabs_part_cells_too_and_quotes_hold_them_together():
    for mark in ";\t":
        data = mark.join(HEADER) + "\r\n" + mark.join(['"陈醋, 五年"', "1", "", "2"]) + "\r\n"
        assert read(data.encode())[1] == [(2, ["t陈醋, 五年", "t1", None, "t2"])]


def test_a_formula_is_told_by_its_cell_and_never_taken_for_a_value():
    data = workbook([("陈醋", "=1+1", date(2026, 1, 5), "1"), ROW], HEADER)
    rows = read(data)[1]
    assert [row[1][0] for _, row in rows] == ["f", "n"]
    assert read(text([("陈醋", "=1+1", "", "1")], HEADER))[1][0][1][1] == "f=1+1"
    formula = ods_row("陈醋", "2", attributes=' table:formula="of:=1+1"')
    assert refusal(ods(ods_row(*HEADER) + formula)) == "formulas"


def test_an_error_is_told_by_its_cell():
    data = workbook([("陈醋", 1, None, "1")], HEADER)
    wrong = repacked(
        data,
        lambda name, told: (
            told.replace(b'<c r="B2"><v>1</v>', b'<c r="B2" t="e"><v>#N/A</v>') if "sheet1" in name else told
        ),
    )
    assert read(wrong)[1][0][1][1].startswith("e")


def test_what_is_hidden_or_merged_is_refused_with_its_place():
    def dressed(dress):
        return workbook([ROW, ROW, ROW], HEADER, dress)

    hidden = dressed(lambda book, sheet: sheet.set_row(2, None, None, {"hidden": True}))
    assert refusal(hidden) == "rows_hidden"
    assert (
        refusal(dressed(lambda book, sheet: sheet.set_column("B:B", None, None, {"hidden": True}))) == "columns_hidden"
    )
    assert refusal(dressed(lambda book, sheet: sheet.merge_range("A5:A6", "陈醋"))) == "cells_merged"
    far = dressed(lambda book, sheet: sheet.set_column("H:XFD", None, None, {"hidden": True}))
    assert len(read(far)[1]) == 3


def test_an_open_document_is_read_and_says_what_cannot_be_told():
    head, rows = read(ods(ods_row(*HEADER) + ods_row("陈醋", "12.5", "2026-01-05", "007")))
    assert (head.header, rows) == (HEADER, [(2, ["t陈醋", "t12.5", "t2026-01-05", "t007"])])
    some = '<table:table-row table:visibility="filter">' + ods_row("a", "b").partition(">")[2]
    assert [note.code for note in told_notes(read(ods(ods_row(*HEADER) + some))[0].notes)] == ["hidden_untold"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\r\n \r\n", "file_empty"),
        (b"%PDF-1.7", "file_unknown"),
        (b"\x89PNG\r\n", "file_unknown"),
        (b"<html><table>", "file_is_page"),
        (b'<?xml version="1.0"?><Workbook/>', "file_is_page"),
        (b"a,b\r\n1,2\r\n", "no_header"),
        (b"PK\x03\x04 and nothing more", "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "file_locked"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "_VBA_PROJECT".encode("utf-16-le"), "file_macros"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_the_reason(data, code):
    assert refusal(data) == code


def test_macros_passwords_and_other_archives_are_refused():
    data = workbook([ROW], HEADER)
    with_macros = io.BytesIO(data)
    with zipfile.ZipFile(with_macros, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert refusal(with_macros.getvalue()) == "file_macros"
    assert refusal(ods(ods_row(*HEADER), [("Basic/script-lc.xml", "x")])) == "file_macros"
    locked = bytearray(data)
    place = locked.rindex(b"PK\x01\x02")
    locked[place + 8] |= 1
    assert refusal(bytes(locked)) == "file_locked"
    binary = repacked(data, lambda name, told: told if name != "xl/workbook.xml" else None)
    assert refusal(binary) == "file_unknown"
    secret = ods(ods_row(*HEADER)).replace(b"manifest:manifest xmlns", b"manifest:manifest xmlns")
    assert format_of(secret) is SheetFormat.ODS


def test_what_grows_when_unpacked_is_not_unpacked():
    data = workbook([ROW], HEADER)
    honest = repacked(data, lambda name, told: told + b" " * (limits.MAX_UNPACKED + 1) if "sheet1" in name else told)
    assert len(honest) < 1_000_000
    assert refusal(honest) == "file_bomb"
    # The directory says that it is small: it is counted while it is unpacked.
    place = honest.index(b"PK\x01\x02")
    while b"sheet1" not in honest[place : place + 80]:
        place = honest.index(b"PK\x01\x02", place + 4)
    lying = bytearray(honest)
    lying[place + 24 : place + 28] = struct.pack("<I", 100)
    assert refusal(bytes(lying)) in ("file_damaged", "file_bomb")


@pytest.mark.parametrize(("row", "column"), [(1_048_575, 16_383), (1_048_575, 40)])
def test_two_cells_far_apart_do_not_take_the_memory_of_all_between(row, column):
    data = workbook([], HEADER, lambda book, sheet: sheet.write(row, column, "x"))
    assert refusal(data) in ("file_too_heavy", "too_many_columns")


def test_repeated_rows_and_cells_of_an_open_document_do_not_take_it_either():
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    bomb = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    assert refusal(ods(ods_row(*HEADER) + bomb)) in ("file_too_heavy", "too_many_columns", "file_damaged")


def test_rows_columns_and_cells_are_bounded():
    line = b"x,1,,\r\n"
    header = (",".join(HEADER) + "\r\n").encode()
    assert len(read(header + line * limits.MAX_ROWS)[1]) == limits.MAX_ROWS
    assert refusal(header + line * (limits.MAX_ROWS + 1)) == "too_many_rows"
    assert refusal(header + b"x," * limits.MAX_COLUMNS + b"x\r\n") == "too_many_columns"
    assert refusal(header + b"x" * (limits.MAX_CELL + 1) + b",1\r\n") == "cell_too_long"
    assert refusal(header + b"x" * (limits.MAX_CELL * 5) + b",1\r\n") == "file_damaged"


def test_the_reader_has_none_of_our_secrets(monkeypatch):
    seen = {}
    real = __import__("subprocess").Popen

    def watched(*args, **kwargs):
        seen.update(kwargs["env"])
        return real(*args, **kwargs)

    monkeypatch.setattr("gi_registry.lib.spreadsheets.reading.subprocess.Popen", watched)
    read(workbook([ROW], HEADER))
    assert seen == {"LC_ALL": "C.UTF-8"}


def test_other_writers_names_of_parts_are_followed():
    """Office writes absolute targets where others write relative ones (OPC, 9.3)."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("数据")
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ("陈醋", 1, "", "2"))
    book.close()
    absolute = repacked(
        out.getvalue(),
        lambda name, told: (
            told.replace(b'Target="worksheets/', b'Target="/xl/worksheets/') if "workbook.xml.rels" in name else told
        ),
    )
    assert len(read(absolute)[1]) == 1
