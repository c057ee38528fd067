"""QR symbols of links, in true millimetres and whole printer dots. The only importer of ``qrcode``.

The library makes the matrix (ISO/IEC 18004); drawing is ours, because a symbol that is to be printed must have a known
size: the number of printer dots a module takes is whole, and no module is smaller than 0.396 mm (GS1 General
Specifications, symbol specification for GTIN at retail). Images are made on demand and never stored.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

import qrcode
from PIL import Image, ImageDraw, ImageFont
from qrcode.exceptions import DataOverflowError
from qrcode.util import MODE_8BIT_BYTE, QRData

from gi_registry.lib.texts import Refusal, Text

MM_AN_INCH = 25.4
QUIET_ZONE_MODULES = 4
MIN_MODULE_MM = 0.396
MAX_TEXT = 300
_DARK = re.compile(rb"\x01+")
# Raised whenever the drawing changes: part of the ETag, so that no cache keeps an old picture.
DRAWING_VERSION = 1

# Rows of modules, each a byte: 1 is dark.
Matrix = tuple[bytes, ...]


class UnprintableText(ValueError):
    """No symbol can be made of this text: empty, too long, or not printable ASCII as links are."""

    refusal = Refusal("qr_text", Text("此内容不能制成二维码。", "No QR symbol can be made of this."), "/text")


@dataclass(frozen=True, slots=True)
class Profile:
    """How a printer draws: its dots per inch, and how many dots make one module."""

    dpi: int
    dots: int

    @property
    def module_mm(self) -> float:
        return self.dots * MM_AN_INCH / self.dpi


# The fewest whole dots that keep a module at 0.396 mm or more: 0.500, 0.423 and 0.423 mm.
PROFILES = {dpi: Profile(dpi, dots) for dpi, dots in ((203, 4), (300, 5), (600, 10))}
DEFAULT_DPI = 300


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands under the symbol for typing by hand, and what a screen reader says of it."""

    lines: tuple[str, ...] = ()
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Symbol:
    """Modules without the quiet zone, and how they were encoded."""

    modules: Matrix
    version: int
    level: str

    @property
    def size(self) -> int:
        return len(self.modules)


_LEVELS = {
    "M": qrcode.constants.ERROR_CORRECT_M,
    "Q": qrcode.constants.ERROR_CORRECT_Q,
    "L": qrcode.constants.ERROR_CORRECT_L,
}


def symbol_of(text: str) -> Symbol:
    """The symbol of a text: level M, smallest version, best mask, one byte segment.

    qrcode 8.2 fails with ``glog(0)`` when a whole Reed-Solomon block is zero (its issues 330 and 423). Another version
    or level cuts the data into other blocks, so those are tried before giving up. Raises UnprintableText.
    """
    if not text or len(text) > MAX_TEXT or not text.isascii() or not text.isprintable():
        raise UnprintableText(text[:40])
    for level in _LEVELS:
        for larger in (0, 1):
            symbol = _try(text, level, larger)
            if symbol is not None:
                return symbol
    raise UnprintableText(text[:40])


def _try(text: str, level: str, larger: int) -> Symbol | None:
    maker = qrcode.QRCode(error_correction=_LEVELS[level], border=0)
    # optimize=0 keeps the text in one segment; splitting digits off saves nothing on a link and hides what is encoded.
    maker.add_data(text, optimize=0)
    try:
        version = maker.best_fit() + larger
        maker.version = version
        maker.make(fit=False)
    except DataOverflowError:
        return None
    except ValueError as failure:
        if "glog" not in str(failure):
            raise
        return None
    return Symbol(_rows(maker), version, level)


def matrix_of(text: bytes, version: int, level: str, *, mask: int, is_draft: bool) -> Matrix:
    """The modules for one mask, in one segment of bytes; as a draft without format information, as masks are compared."""
    maker = qrcode.QRCode(version=version, error_correction=_LEVELS[level], border=0)
    maker.add_data(QRData(text, mode=MODE_8BIT_BYTE))
    maker.makeImpl(is_draft, mask)
    return _rows(maker)


def _rows(maker: qrcode.QRCode) -> Matrix:
    return tuple(bytes(map(bool, row)) for row in maker.modules)


def runs(modules: Matrix) -> Iterator[tuple[int, int, int]]:
    """The dark runs of every row: column, row, length."""
    for y, row in enumerate(modules):
        for run in _DARK.finditer(row):
            yield run.start(), y, run.end() - run.start()


def qr_svg(text: str, profile: Profile, caption: Caption = Caption()) -> str:
    """The symbol as SVG with physical width and height in millimetres; one path of runs, on a white ground.

    The caption's lines are set under the quiet zone in a monospaced face, shrunk to the symbol's width.
    """
    symbol = symbol_of(text)
    side = symbol.size + 2 * QUIET_ZONE_MODULES
    line_height = 3.4
    height = side + (len(caption.lines) * line_height + 1 if caption.lines else 0)
    lines = "".join(
        f'<text x="{side / 2:g}" y="{side + index * line_height + 1.6:g}" font-size="{_font_size(line, side):.2f}">{escape(line)}</text>'
        for index, line in enumerate(caption.lines)
    )
    described = f"<title>{escape(caption.title or text)}</title><desc>{escape(caption.description or text)}</desc>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{side * profile.module_mm:.3f}mm" '
        f'height="{height * profile.module_mm:.3f}mm" viewBox="0 0 {side} {height:g}">{described}'
        f'<rect width="{side}" height="{height:g}" fill="#fff"/>'
        f'<path d="{_path(symbol.modules)}" fill="#000" shape-rendering="crispEdges"/>'
        f'<g font-family="ui-monospace,Consolas,DejaVu Sans Mono,monospace" text-anchor="middle" fill="#000">{lines}</g></svg>\n'
    )


def _path(modules: Matrix) -> str:
    """Dark runs, row by row, as rectangles one module high."""
    edge = QUIET_ZONE_MODULES
    return "".join(f"M{x + edge} {y + edge}h{length}v1h-{length}z" for x, y, length in runs(modules))


def _font_size(line: str, side: int) -> float:
    """Font size in modules that lets a line of monospaced letters (0.62 em each) fit between the symbol's edges."""
    return min(2.9, (side - 2) / (0.62 * max(len(line), 1)))


def qr_png(text: str, profile: Profile, caption: Caption = Caption()) -> bytes:
    """The symbol as a black and white PNG in whole printer dots, with the resolution written into it (pHYs)."""
    symbol = symbol_of(text)
    side = (symbol.size + 2 * QUIET_ZONE_MODULES) * profile.dots
    fonts = [_fitting_font(line, side, profile.dots * 3) for line in caption.lines]
    heights = [int(font.size * 1.25) for font in fonts]
    image = Image.new("1", (side, side + sum(heights) + (profile.dots if heights else 0)), 1)
    drawing = ImageDraw.Draw(image)
    paint(drawing, symbol.modules, profile.dots, (QUIET_ZONE_MODULES * profile.dots,) * 2)
    top = side
    for line, font, height in zip(caption.lines, fonts, heights, strict=True):
        drawing.text((side / 2, top), line, font=font, fill=0, anchor="mt")
        top += height
    return _as_png(image, profile.dpi)


def paint(drawing: ImageDraw.ImageDraw, modules: Matrix, dots: int, corner: tuple[int, int]) -> None:
    """The dark modules in black, ``corner`` being the dot of the first."""
    for x, y, length in runs(modules):
        left, top = corner[0] + x * dots, corner[1] + y * dots
        drawing.rectangle((left, top, left + length * dots - 1, top + dots - 1), fill=0)


def _fitting_font(line: str, side: int, size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own built-in face (no font file is needed), as large as the symbol's width allows."""
    font = ImageFont.load_default(size)
    while size > 6 and font.getlength(line) > side:
        size -= 1
        font = ImageFont.load_default(size)
    return font


def _as_png(image: Image.Image, dpi: int) -> bytes:
    file = io.BytesIO()
    image.save(file, format="PNG", dpi=(dpi, dpi), optimize=True)
    return file.getvalue()


def width_mm(text: str, profile: Profile) -> float:
    """Printed width of the symbol with its quiet zone, in millimetres."""
    return (symbol_of(text).size + 2 * QUIET_ZONE_MODULES) * profile.module_mm
