"""Labels for Zebra and compatible printers (ZPL II). Everything is graphics, so the printer needs no Chinese font.

What all labels share is sent once and recalled; each label then carries its symbol and its code, a kilobyte or two.
Nothing that a person typed stands in the commands.
"""

from collections.abc import Iterable, Iterator

from PIL import Image

from gi_registry.lib.texts import Refusal, Text
from trace.labels.contents import Label
from trace.labels.fonts import Unprintable
from trace.labels.picture import blank, dots, stamp, typed
from trace.labels.run import Run

GRAPHIC = "R:GILABEL.GRF"
_SHEET = Text("ZPL 用于卷装标签的打印机，请选卷装标签。", "ZPL is for printers of labels on a roll: choose a roll.")
# Height of a strip of letters in ems, of which one is above the baseline; the tails of J and Q hang below it.
_STRIP = 1.35
_INVERTED = bytes(range(255, -1, -1))
# Repeat counts: G to Y are 1 to 19, g to z are 20 to 400 by twenties.
_ONES = "GHIJKLMNOPQRSTUVWXY"
_TWENTIES = "ghijklmnopqrstuvwxyz"


def write_zpl(run: Run, labels: Iterable[Label]) -> Iterator[str]:
    """The shared part, each label, and the end that frees the printer's memory. Raises Unprintable for a sheet."""
    plan = run.plan
    if plan.preset.is_sheet:
        raise Unprintable(Refusal("zpl_sheet", _SHEET, "/preset"))
    ground = blank(plan)
    typed(ground, run, plan.fixed)
    width, data = _bits(ground)
    yield f"~DG{GRAPHIC},{len(data)},{width},{packed(data, width)}\n"
    x, y, side = dots(plan.symbol.x, plan), dots(plan.symbol.y, plan), dots(plan.symbol.width, plan)
    start = f"^XA^CI28^PW{ground.width}^LL{ground.height}^LH0,0^FO0,0^XG{GRAPHIC},1,1^FS"
    for label, symbol in run.symbols(labels):
        square = Image.new("1", (side, side), 1)
        stamp(square, plan, symbol, (0, 0))
        code = "".join(_line(run, label, ground.width))
        yield f"{start}^FO{x},{y}{graphic(square)}{code}^PQ1^XZ\n"
    yield f"^XA^ID{GRAPHIC}^FS^XZ\n"


def _line(run: Run, label: Label, width: int) -> Iterator[str]:
    """The code in letters, in a strip as high as its line."""
    for line in run.plan.of_code(label.code):
        top = dots(line.y - line.size, run.plan)
        strip = Image.new("1", (width, dots(line.size * _STRIP, run.plan)), 1)
        typed(strip, run, [line], above=top)
        yield f"^FO0,{top}{graphic(strip)}"


def graphic(image: Image.Image) -> str:
    width, data = _bits(image)
    return f"^GFA,{len(data)},{len(data)},{width},{packed(data, width)}^FS"


def _bits(image: Image.Image) -> tuple[int, bytes]:
    """Bytes a row, and the rows; a set bit is black."""
    width, spare = (image.width + 7) // 8, -image.width % 8
    data = bytearray(image.tobytes().translate(_INVERTED))
    data[width - 1 :: width] = bytes(last >> spare << spare for last in data[width - 1 :: width])
    return width, bytes(data)


def packed(data: bytes, width: int) -> str:
    """Hexadecimal with the repeats of ZPL's ASCII compression: counts, ``,`` for a white rest, ``:`` for a row again."""
    rows, last = [], ""
    for start in range(0, len(data), width):
        digits = data[start : start + width].hex().upper()
        rows.append(":" if digits == last else _row(digits))
        last = digits
    return "".join(rows)


def _row(digits: str) -> str:
    filled = digits.rstrip("0")
    parts, place = [], 0
    while place < len(filled):
        digit, count = filled[place], 1
        while place + count < len(filled) and filled[place + count] == digit:
            count += 1
        parts.append(_count(count) + digit)
        place += count
    return "".join(parts) + ("," if len(filled) < len(digits) else "")


def _count(count: int) -> str:
    """How often the next digit stands. A row is 400 digits at most: the widest label here has 1,654 dots."""
    if count == 1:
        return ""
    twenties, ones = divmod(count, 20)
    return (_TWENTIES[twenties - 1] if twenties else "") + (_ONES[ones - 1] if ones else "")
