"""Why a spreadsheet cannot be used, and what is told of one that can: by code, as the reading process names them."""

from typing import Any

from gi_registry.lib.spreadsheets.limits import MAX_CELL, MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED
from gi_registry.lib.texts import Refusal, Text

POINTER = "/file"
_FAULTS = {
    "file_empty": Text("文件是空的。", "The file is empty."),
    "file_unknown": Text(
        "不是可以读取的表格文件。请在表格软件中另存为 xlsx 再上传。",
        "This is no spreadsheet that can be read. Save it as xlsx in your program and upload that.",
    ),
    "file_damaged": Text(
        "文件已损坏，无法读取。请用表格软件打开，另存为 xlsx 再上传。",
        "The file is damaged and cannot be read. Open it in your program, save it as xlsx and upload that.",
    ),
    "file_is_page": Text(
        "这是改了名的网页文件。请用表格软件打开，另存为 xlsx 再上传。",
        "This is a web page under the name of a spreadsheet. Open it in your program and save it as xlsx.",
    ),
    "file_binary": Text(
        "不能读取 xlsb 文件。请另存为 xlsx 再上传。", "xlsb files cannot be read. Save it as xlsx and upload that."
    ),
    "file_locked": Text(
        "文件有密码，无法读取。请去掉密码后再上传。",
        "The file has a password and cannot be read. Remove the password and upload it again.",
    ),
    "file_macros": Text(
        "文件含有宏。请另存为不带宏的 xlsx 再上传。",
        "The file holds macros. Save it as xlsx, without macros, and upload that.",
    ),
    "file_bomb": Text(
        f"文件解开后过大（上限 {MAX_UNPACKED // 1024 // 1024} MB），不予读取。",
        f"Unpacked, the file is too large ({MAX_UNPACKED // 1024 // 1024} MB is the limit). It is not read.",
    ),
    "file_too_heavy": Text(
        "文件过大或内容过于分散，无法读取。请只保留需要的行和列，另存为 xlsx。",
        "The file takes too much to read. Keep only the rows and columns needed and save it as xlsx.",
    ),
    "charset_unknown": Text(
        "看不出文字编码。请另存为 xlsx，或编码为 UTF-8 的 CSV。",
        "Its encoding cannot be told. Save it as xlsx, or as CSV in UTF-8.",
    ),
    "no_header": Text(
        "没有找到表头。请使用模板中的列名：{names}。",
        "No header was found. Use the names of columns in the template: {names}.",
    ),
    "column_twice": Text("列“{name}”出现了两次。", "The column “{name}” stands there twice."),
    "column_missing": Text("缺少列：{names}。", "Columns are missing: {names}."),
    "no_rows": Text("表头下面没有数据。", "There is nothing under the header."),
    "too_many_rows": Text(
        f"一个文件最多 {MAX_ROWS:,} 行，请分成几个文件。",
        f"A file may hold {MAX_ROWS:,} rows at most. Divide it into several files.",
    ),
    "too_many_columns": Text(f"一个文件最多 {MAX_COLUMNS} 列。", f"A file may hold {MAX_COLUMNS} columns at most."),
    "cell_too_long": Text(
        f"第 {{row}} 行有一格超过 {MAX_CELL:,} 字。", f"A cell of row {{row}} has more than {MAX_CELL:,} characters."
    ),
    "cells_merged": Text(
        "有合并的单元格：{cells}。请取消合并，每格都填上内容。",
        "There are merged cells: {cells}. Take them apart and fill in each cell.",
    ),
    "rows_hidden": Text(
        "有隐藏的行：{rows}。请取消隐藏或筛选，不需要的请删除。",
        "There are hidden rows: {rows}. Show them (take filters off), or delete what is not wanted.",
    ),
    "columns_hidden": Text(
        "有隐藏的列：{columns}。请取消隐藏，不需要的请删除。",
        "There are hidden columns: {columns}. Show them, or delete what is not wanted.",
    ),
    "formulas": Text(
        "文件里有公式。请复制后“只粘贴数值”，再上传。",
        "The file holds formulas. Copy and paste them as values, then upload it again.",
    ),
}
_NOTES = {
    "old_format": Text(
        "旧的 xls 格式看不出公式和隐藏的行：公式按其结果读取，隐藏的行也会读入。请仔细核对。",
        "In the old xls format formulas and hidden rows cannot be told: formulas are read as their results, and hidden rows "
        "are read too. Check with care.",
    ),
    "hidden_untold": Text(
        "ods 文件看不出隐藏的行，它们也会读入。请仔细核对。",
        "In ods files hidden rows cannot be told: they are read too. Check with care.",
    ),
    "read_as_gb18030": Text("文字按 GB18030 编码读取。", "Its text was read as GB18030."),
    "other_sheets": Text("只读取了工作表“{name}”。", "Only the sheet “{name}” was read."),
}


class SheetRefused(ValueError):
    """The file cannot be used at all."""

    def __init__(self, code: str, **values: Any) -> None:
        self.refusal = Refusal(code, _FAULTS[code].format(**values), POINTER)
        super().__init__(self.refusal.text.en)


def notes_of(told: list[list[Any]]) -> list[Refusal]:
    """What the reader of the file should know, though nothing is wrong: ``[code, values]`` each."""
    return [Refusal(code, _NOTES[code].format(**values), POINTER) for code, values in told]
