"""Where everything on a label stands: pure, in millimetres from its left upper corner, the symbol on whole printer dots.

The symbol stands left above, what the label says beside it, and under both the lines for typing by hand.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from gi_registry.lib.ids import ALPHABET, grouped
from gi_registry.lib.texts import Refusal, Text
from trace.labels.contents import Contents
from trace.labels.fonts import Unprintable
from trace.labels.presets import PRESETS, Preset
from trace.qr import MIN_MODULE_MM, PROFILES, QUIET_ZONE_MODULES, Profile

# GS1 General Specifications, module sizes at retail; and the least that office printers still keep apart.
MAX_MODULE_MM = 0.990
LEAST_MODULE_MM = 0.25
# GB 7718 asks 1.8 mm of the letters on food packs; smaller Chinese runs together at 203 dpi as well.
LEAST_LETTERS_MM = 1.8
LEADING = 1.2
GAP_MM = 0.6
LEAST_COLUMN_MM = 9.0
LEAST_MARK_MM = 8.0
_COLUMN_SIZES = ((3.4, 2.4), (3.0, 2.2), (2.6, 2.0), (2.2, 1.8), (1.8, 1.8))
_STRIP_SIZES = (2.4, 2.2, 2.0, 1.8)
# An opening bracket stays with what follows it, and a stop with what it ends.
_WORDS = re.compile(r"[（《〈“]?(?:[!-~]+|.)[）》〉”、，。]?", re.DOTALL)

_SMALL_MODULE = Text(
    "模块只有 {module} 毫米，小于 {least} 毫米，有的手机会扫不出。",
    "A module is only {module} mm, under {least} mm: some phones will not read it.",
)
_NO_ROOM_FOR_MARK = Text(
    "这种标签上没有专用标志的位置，请把标志印在标签旁边。",
    "There is no room for the special mark: print it beside the label.",
)
_NO_ENGLISH = Text("地方不够，没有印英文名称。", "There is no room for the English name.")
_SYMBOL_TOO_LARGE = Text(
    "二维码宽 {side} 毫米，这种标签放不下。{instead}",
    "The symbol is {side} mm wide and does not fit this label. {instead}",
)
_TOO_MUCH_TEXT = Text("文字太多，这种标签放不下。{instead}", "There is too much text for this label. {instead}")
_DOTS = Text(
    "每个模块 {dots} 点是 {module} 毫米，应在 {least} 到 {most} 毫米之间。",
    "{dots} dots a module make {module} mm; it has to be between {least} and {most} mm.",
)
_INSTEAD = Text("可以用：{presets}。", "This one holds it: {presets}.")
_NONE_FITS = Text(
    "没有放得下的标签，请用更高分辨率的打印机。", "No label here holds it: use a printer of more dots per inch."
)


class Measure(Protocol):
    def width(self, text: str) -> float:
        """Width of a text in ems."""


class Part(StrEnum):
    NAME = "name"
    FACT = "fact"
    TYPED = "typed"
    # The line that differs from label to label.
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Line:
    """A line of letters; ``y`` is its baseline, ``size`` its em."""

    part: Part
    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Plan:
    """``symbol`` is the square of the symbol with its quiet zone; ``modules`` counts a side without it."""

    preset: Preset
    printer: Profile
    modules: int
    symbol: Box
    lines: tuple[Line, ...]
    mark: Box | None
    notes: tuple[Text, ...]

    @property
    def module_mm(self) -> float:
        return self.printer.module_mm

    @property
    def fixed(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.part is not Part.CODE)

    def of_code(self, code: str) -> tuple[Line, ...]:
        """The lines of one label only."""
        return tuple(replace(line, text=grouped(code)) for line in self.lines if line.part is Part.CODE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be laid out. ``dots`` a module are chosen by the preset unless somebody insists."""

    contents: Contents
    modules: int
    has_code: bool
    dpi: int
    dots: int | None = None


def lay_out(preset: Preset, wish: Wish, face: Measure) -> Plan:
    """The plan of a label. Raises Unprintable with the reason and, where there is one, the preset that would do."""
    try:
        return _lay_out(preset, wish, face)
    except _NoRoom as full:
        fitting = [other.text for other in PRESETS.values() if other is not preset and _fits(other, wish, face)]
        names = Text("、".join(text.zh for text in fitting), ", ".join(text.en for text in fitting))
        instead = Text(_INSTEAD.zh.format(presets=names.zh), _INSTEAD.en.format(presets=names.en))
        if not fitting:
            instead = _NONE_FITS
        told = Text(full.text.zh.format(instead=instead.zh), full.text.en.format(instead=instead.en))
        raise Unprintable(Refusal("label_too_small", told, "/preset")) from None


def _fits(preset: Preset, wish: Wish, face: Measure) -> bool:
    try:
        _lay_out(preset, wish, face)
    except _NoRoom:
        return False
    return True


class _NoRoom(Exception):
    def __init__(self, text: Text) -> None:
        self.text = text


def printers(preset: Preset, wish: Wish) -> Iterator[Profile]:
    """Dots a module, the largest that the preset has room for first and the least that is readable last."""
    least = PROFILES[wish.dpi]
    if wish.dots is not None:
        asked = Profile(wish.dpi, wish.dots)
        if not LEAST_MODULE_MM <= asked.module_mm <= MAX_MODULE_MM:
            sizes = {"least": LEAST_MODULE_MM, "most": MAX_MODULE_MM, "module": f"{asked.module_mm:.3f}"}
            raise Unprintable(Refusal("module_size", _DOTS.format(dots=wish.dots, **sizes), "/dots"))
        yield asked
        return
    a_dot = Profile(wish.dpi, 1).module_mm
    side = wish.modules + 2 * QUIET_ZONE_MODULES
    most = math.floor(min(preset.symbol_mm / side, MAX_MODULE_MM) / a_dot)
    for dots in range(max(most, least.dots), least.dots - 1, -1):
        yield Profile(wish.dpi, dots)


def _lay_out(preset: Preset, wish: Wish, face: Measure) -> Plan:
    full: _NoRoom | None = None
    for printer in printers(preset, wish):
        try:
            return _with_printer(preset, wish, face, printer)
        except _NoRoom as reason:
            full = reason
    raise full or _NoRoom(_TOO_MUCH_TEXT)


def _with_printer(preset: Preset, wish: Wish, face: Measure, printer: Profile) -> Plan:
    inner = _inner(preset, printer)
    side = (wish.modules + 2 * QUIET_ZONE_MODULES) * printer.module_mm
    symbol = Box(inner.x, inner.y, side, side)
    lines = _strip(wish, face, Box(inner.x, symbol.bottom, inner.width, inner.bottom - symbol.bottom))
    if symbol.bottom > inner.bottom or symbol.right + GAP_MM + LEAST_COLUMN_MM > inner.right or lines is None:
        told = f"{side:.1f}"
        raise _NoRoom(Text(_SYMBOL_TOO_LARGE.zh.replace("{side}", told), _SYMBOL_TOO_LARGE.en.replace("{side}", told)))
    top = min(line.y for line in lines) - lines[0].size
    beside = Box(symbol.right + GAP_MM, inner.y, inner.right - symbol.right - GAP_MM, top - inner.y)
    column, with_english, mark = _column(wish.contents, face, beside)
    notes = list(wish.contents.missing())
    if printer.module_mm < MIN_MODULE_MM:
        notes.insert(0, _SMALL_MODULE.format(module=f"{printer.module_mm:.3f}", least=f"{MIN_MODULE_MM:.3f}"))
    if wish.contents.name_en and not with_english:
        notes.append(_NO_ENGLISH)
    if mark is None:
        notes.append(_NO_ROOM_FOR_MARK)
    return Plan(preset, printer, wish.modules, symbol, (*column, *lines), mark, tuple(notes))


def _inner(preset: Preset, printer: Profile) -> Box:
    """What may be printed on; its corner is a whole printer dot, so that every module is."""
    dot = printer.module_mm / printer.dots
    start = math.ceil(preset.margin / dot - 1e-6) * dot
    return Box(start, start, preset.width - start - preset.margin, preset.height - start - preset.margin)


def _strip(wish: Wish, face: Measure, room: Box) -> tuple[Line, ...] | None:
    """The lines for typing, as large as they may be and as few: host, lot and code in groups."""
    lot = grouped(wish.contents.lot)
    # Codes differ, so the line is measured with the widest letter of their alphabet.
    code = (Part.CODE, grouped(max(ALPHABET, key=face.width) * 20))
    for size in _STRIP_SIZES:
        for typed in ([f"{wish.contents.typed_at} {lot}"], [wish.contents.typed_at, lot]):
            lines = [(Part.TYPED, text) for text in typed] + ([code] if wish.has_code else [])
            is_narrow = all(face.width(text) * size <= room.width for _, text in lines)
            if is_narrow and len(lines) * size * LEADING <= room.height:
                return tuple(_stacked(lines, room, size))
    return None


def _stacked(lines: list[tuple[Part, str]], room: Box, size: float) -> Iterator[Line]:
    """Right under the symbol, each line a leading below the other."""
    for place, (part, text) in enumerate(lines, start=1):
        # Below the baseline hang the tails of J and Q.
        yield Line(part, text, room.x, room.y + place * size * LEADING - size * (LEADING - 1), size)


def _column(contents: Contents, face: Measure, room: Box) -> tuple[list[Line], bool, Box | None]:
    """What is said beside the symbol, in the largest letters that fit; whether in English too; and the room for the mark.

    Given up in this order where there is no room: the English name, the room for the mark.
    """
    for with_mark in (True, False):
        for with_english in (True, False) if contents.name_en else (False,):
            for sizes in _COLUMN_SIZES:
                lines = list(_set(contents, face, room, sizes, with_english))
                below = max(line.y for line in lines) + lines[-1].size * (LEADING - 1)
                mark = _mark(room, below) if with_mark else None
                if below <= room.bottom and (mark or not with_mark):
                    return lines, with_english, mark
    raise _NoRoom(_TOO_MUCH_TEXT)


def _set(
    contents: Contents, face: Measure, room: Box, sizes: tuple[float, float], with_english: bool
) -> Iterator[Line]:
    y = room.y
    facts = ((Part.FACT, sizes[1], fact) for fact in contents.column(with_english))
    for part, size, text in ((Part.NAME, sizes[0], contents.name_zh), *facts):
        for line in wrapped(text, face, room.width / size):
            # Chinese letters stand 0.88 em above the baseline and 0.12 below.
            yield Line(part, line, room.x, y + 0.94 * size, size)
            y += size * LEADING


def wrapped(text: str, face: Measure, width: float) -> list[str]:
    """A text in lines of at most ``width`` ems. Latin words and numbers stay whole where they fit a line of their own."""
    lines, line = [], ""
    for word in _WORDS.findall(text):
        pieces = (word,) if face.width(word) <= width else tuple(word)
        for piece in pieces:
            if line.strip() and face.width((line + piece).rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            line = (line + piece).lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _mark(room: Box, below: float) -> Box | None:
    """The square left free for the producer's own artwork of the special mark, low in the column."""
    side = min(room.width, room.bottom - below - GAP_MM)
    return Box(room.right - side, room.bottom - side, side, side) if side >= LEAST_MARK_MM else None
