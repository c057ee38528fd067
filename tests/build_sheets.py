"""Spreadsheets as clerks bring them, made by another writer than the product's reader, and taken through their steps."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from gi_registry.lib.access import Actor
from products.models import Producer
from tests.build_jobs import work_it_off
from tests.cast import NOW
from trace import actions
from trace.models import SheetImport
from trace.rules.imports import ImportKind

HEADER = ("产品", "生产场地", "生产日期", "包装日期", "保质期至", "数量", "单位", "包装件数", "自编批号")


def batch_row(goods: Any, place: int, **changes: Any) -> list[Any]:
    """A row that can be registered; every one has an own lot of its own."""
    told = {
        "产品": f"{goods.form.name_zh} [{goods.form.number}]",
        "生产场地": f"{goods.register.field.number}；{goods.register.works.name}",
        "生产日期": date(2026, 9, 10),
        "包装日期": "2026/9/11",
        "保质期至": "2029年9月10日",
        "数量": 1200,
        "单位": "升",
        "包装件数": 2400,
        "自编批号": f"ZJ-{place:05}",
    }
    return list((told | changes).values())


def batch_rows(goods: Any, count: int) -> list[list[Any]]:
    return [batch_row(goods, place) for place in range(count)]


def workbook(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER, dress: Any = None) -> bytes:
    """As xlsx. ``dress(book, sheet)`` adds what a test wants of it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("数据")
    for number, row in enumerate([header, *rows]):
        for place, value in enumerate(row):
            if isinstance(value, date | datetime):
                sheet.write_datetime(number, place, value)
            elif isinstance(value, str) and not value.startswith("="):
                sheet.write_string(number, place, value)
            elif value is not None:
                sheet.write(number, place, value)
    if dress:
        dress(book, sheet)
    book.close()
    return out.getvalue()


def text(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER, charset: str = "utf-8-sig") -> bytes:
    lines = [",".join("" if value is None else str(value) for value in row) for row in [header, *rows]]
    return ("\r\n".join(lines) + "\r\n").encode(charset)


def site_sheet(*boxes: tuple[float, float, float, float], turn: Any = lambda *position: position) -> bytes:
    """A plain good sheet of sites: a field for each box. ``turn``: into the coordinates of another system."""
    rows = []
    for place, (west, south, east, north) in enumerate(boxes, start=1):
        ring = ((west, south), (east, south), (east, north), (west, north))
        told = "; ".join("{:.9f},{:.9f}".format(*turn(*position)) for position in ring)
        rows.append([f"地块{place}", "田地", told])
    return workbook(rows, ("名称 *", "类型 *", "边界坐标"))


def staged(producer: Producer, kind: ImportKind, actor: Actor, data: bytes, name: str = "九月.xlsx") -> SheetImport:
    return actions.stage_import(producer=producer, kind=kind, file_name=name, data=data, actor=actor, now=NOW)


def checked(producer: Producer, kind: ImportKind, actor: Actor, rows: Any, header: Sequence[str]) -> SheetImport:
    """Read and weighed."""
    sheet = staged(producer, kind, actor, workbook(rows, header))
    work_it_off()
    return fresh(sheet)


def fresh(sheet: SheetImport) -> SheetImport:
    return SheetImport.objects.get(pk=sheet.pk)


def commit(sheet: SheetImport, actor: Actor, leave_out: bool = False) -> SheetImport:
    actions.commit_import(sheet=sheet, leave_out=leave_out, actor=actor, now=NOW)
    work_it_off()
    return fresh(sheet)


def faults_of(sheet: SheetImport) -> dict[tuple[str, str], tuple[int, ...]]:
    """Rows by the code and the column of what is wrong."""
    return {(group.code, group.column): group.rows for group in sheet.told_groups}
