"""A cell as what its column asks for, or why it is not that. Nothing is guessed: what a spreadsheet program may have changed
by itself (zeros in front, long numbers, days) is refused with the reason. Pure.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from gi_registry.lib.characters import unseen_in
from gi_registry.lib.ids import NUMBER_LENGTH, is_well_formed, normalise
from gi_registry.lib.spreadsheets.cells import Cell, CellKind
from gi_registry.lib.spreadsheets.folding import folded
from gi_registry.lib.texts import Refusal, Text, Word

_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]{1,3}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?|[0-9]{1,3}(?:,[0-9]{3}){1,3}(?:\.[0-9]{1,6})?")
_DAY = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
)
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?$")
_BRACKETED = re.compile(r"[\[［]([^\]］]{1,20})[\]］]\s*$")

_FORMULA = Text("这一格是公式。请复制后“只粘贴数值”。", "The cell holds a formula. Paste its value instead.")
_ERROR = Text("这一格是错误值或时间：{value}。", "The cell holds an error or a time: {value}.")
_MISSING = Text("没有填写。", "It is not filled in.")
_LONG = Text("超过 {most} 字。", "It has more than {most} characters.")
_AS_NUMBER = Text(
    "这一格在表格里是数字：开头的零会丢失，长数字会变成 6.90E+12。请把该列设为文本格式，重新填写。",
    "In the workbook this is a number: zeros in front are lost, and long ones become 6.90E+12. Make the column text, and "
    "write it again.",
)
_SHORTENED = Text(
    "“{value}”是被表格软件缩写过的数字，原来的数字已经丢失。请把该列设为文本格式，重新填写。",
    "“{value}” is a number that the program shortened; what it was is lost. Make the column text, and write it again.",
)
_NO_DAY = Text(
    "“{value}”不是能确定的日期。请写成 2026-01-05。", "“{value}” is no day that can be told for sure. Write 2026-01-05."
)
_SERIAL = Text(
    "“{value}”在表格里是数字而不是日期。请把该格设为日期，或写成 2026-01-05。",
    "In the workbook “{value}” is a number and no day. Format it as a date, or write 2026-01-05.",
)
_NO_AMOUNT = Text("“{value}”不是数量。只写数字，单位写在单位列。", "“{value}” is no amount. Write the figure alone.")
_NO_COUNT = Text("“{value}”不是整数。", "“{value}” is no whole number.")
_NO_WORD = Text("没有“{value}”。可用：{words}。", "“{value}” is not known. Known are: {words}.")


class Unfit(ValueError):
    """A cell that is not what its column asks for."""

    def __init__(self, code: str, text: Text, **values: str) -> None:
        self.refusal = Refusal(code, text.format(**values) if values else text)
        super().__init__(code)


Read = Callable[[Cell], Any]


def shown(cell: Cell) -> str:
    """As it stands in a sentence of ours."""
    return "".join(character for character in cell.text[:40] if character.isprintable())


def _stop_formula(cell: Cell) -> None:
    if cell.kind is CellKind.FORMULA:
        raise Unfit("formula", _FORMULA)
    if cell.kind is CellKind.ERROR:
        raise Unfit("cell_error", _ERROR, value=shown(cell))


def _plain(cell: Cell) -> str:
    _stop_formula(cell)
    text = unicodedata.normalize("NFKC", cell.text).strip()
    if unseen := unseen_in(text):
        raise Unfit(unseen[0].code, unseen[0].text)
    return text


def text(most: int) -> Read:
    """Words of people; a number or a day would be shown by the program otherwise than it is kept, so it is refused."""

    def read(cell: Cell) -> str:
        _stop_formula(cell)
        if cell.kind is not CellKind.TEXT:
            raise Unfit("number_for_text", _AS_NUMBER)
        if _SCIENTIFIC.fullmatch(cell.text):
            raise Unfit("number_shortened", _SHORTENED, value=shown(cell))
        if unseen := unseen_in(cell.text):
            raise Unfit(unseen[0].code, unseen[0].text)
        told = unicodedata.normalize("NFC", cell.text)
        if len(told) > most:
            raise Unfit("too_long", _LONG, most=str(most))
        return told

    return read


def reference(cell: Cell) -> str:
    """A number of the register, or a name: ``陈醋 500 毫升 [0123456789]`` as in the lists of the template, the number alone, or the
    name alone. A number comes in capitals, without blanks."""
    if cell.kind is CellKind.NUMBER and len(cell.text) != NUMBER_LENGTH:
        raise Unfit("number_for_text", _AS_NUMBER)
    told = _plain(cell)
    if _SCIENTIFIC.fullmatch(told):
        raise Unfit("number_shortened", _SHORTENED, value=shown(cell))
    in_brackets = _BRACKETED.search(told)
    number = normalise(in_brackets[1] if in_brackets else told[:40])
    return number if in_brackets or is_well_formed(number) else told


def references(cell: Cell) -> tuple[str, ...]:
    """Several, with any of the usual marks between them."""
    told = _plain(cell) if cell.kind is CellKind.TEXT else cell.text
    pieces = [piece.strip() for piece in re.split(r"[;,、\n]", told)] if cell.kind is CellKind.TEXT else [told]
    return tuple(dict.fromkeys(reference(Cell(cell.kind, piece)) for piece in pieces if piece))


def day(cell: Cell) -> date:
    told = _MIDNIGHT.sub("", _plain(cell).replace(" 00", "T00"))
    found = _DAY.fullmatch(told)
    if not found:
        is_serial = cell.kind is CellKind.NUMBER and "." not in told
        raise Unfit("not_a_day", _SERIAL if is_serial else _NO_DAY, value=shown(cell))
    year, _, *pairs = found.groups()
    month, number = next((a, b) for a, b in zip(pairs[::2], pairs[1::2], strict=True) if a)
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        raise Unfit("not_a_day", _NO_DAY, value=shown(cell)) from None


def amount(cell: Cell) -> Decimal:
    told = _plain(cell)
    if cell.kind is CellKind.TEXT and _SCIENTIFIC.fullmatch(told):
        raise Unfit("number_shortened", _SHORTENED, value=shown(cell))
    if cell.kind is CellKind.NUMBER and _NUMBER.fullmatch(told):
        return Decimal(told)
    if cell.kind is not CellKind.TEXT or not _AMOUNT.fullmatch(told):
        raise Unfit("not_an_amount", _NO_AMOUNT, value=shown(cell))
    return Decimal(told.replace(",", ""))


def count(cell: Cell) -> int:
    told = amount(cell)
    if told != told.to_integral_value():
        raise Unfit("not_whole", _NO_COUNT, value=shown(cell))
    return int(told)


def word(words: type[Word], also: Mapping[str, Word] | None = None) -> Read:
    known = {folded(name): one for one in words for name in (one.value, one.text.zh, one.text.en)}
    known |= {folded(name): one for name, one in (also or {}).items()}
    zh, en = "、".join(one.text.zh for one in words), ", ".join(one.text.en.lower() for one in words)

    def read(cell: Cell) -> Word:
        found = known.get(folded(_plain(cell)))
        if found is None:
            raise Unfit(
                "word_unknown",
                Text(_NO_WORD.zh.format(value=shown(cell), words=zh), _NO_WORD.en.format(value=shown(cell), words=en)),
            )
        return found

    return read


def missing() -> Refusal:
    return Refusal("missing", _MISSING)
