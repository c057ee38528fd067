"""One label as a picture: PNG in the printer's own dots, SVG in millimetres."""

import io
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFont

from trace.labels.contents import Label
from trace.labels.layout import Line, Plan
from trace.labels.run import Run
from trace.qr import QUIET_ZONE_MODULES, Symbol, paint, runs

_FONTS = "WenQuanYi Micro Hei,Noto Sans CJK SC,Microsoft YaHei,PingFang SC,sans-serif"


def dots(millimetres: float, plan: Plan) -> int:
    """A length in whole printer dots."""
    return round(millimetres / plan.module_mm * plan.printer.dots)


def write_png(run: Run, label: Label, symbol: Symbol) -> bytes:
    """Black and white, a pixel a dot, the resolution written into it (pHYs)."""
    image = blank(run.plan)
    typed(image, run, (*run.plan.fixed, *run.plan.of_code(label.code)))
    stamp(image, run.plan, symbol, (dots(run.plan.symbol.x, run.plan), dots(run.plan.symbol.y, run.plan)))
    file = io.BytesIO()
    image.save(file, format="PNG", dpi=(run.plan.printer.dpi,) * 2, optimize=True)
    return file.getvalue()


def blank(plan: Plan) -> Image.Image:
    return Image.new("1", (dots(plan.preset.width, plan), dots(plan.preset.height, plan)), 1)


def typed(image: Image.Image, run: Run, lines: Iterable[Line], above: int = 0) -> None:
    """The lines in black, without grey edges: a thermal printer has none. ``above``: dots of the label cut off on top."""
    drawing = ImageDraw.Draw(image)
    for line in lines:
        font = _font(run.face.path, run.face.number, dots(line.size, run.plan))
        drawing.text(
            (dots(line.x, run.plan), dots(line.y, run.plan) - above), line.text, font=font, fill=0, anchor="ls"
        )


def stamp(image: Image.Image, plan: Plan, symbol: Symbol, corner: tuple[int, int]) -> None:
    """The symbol, ``corner`` being that of its quiet zone."""
    quiet = QUIET_ZONE_MODULES * plan.printer.dots
    paint(ImageDraw.Draw(image), symbol.modules, plan.printer.dots, (corner[0] + quiet, corner[1] + quiet))


@lru_cache(maxsize=32)
def _font(path: Path, number: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=number, layout_engine=ImageFont.Layout.BASIC)


def write_svg(run: Run, label: Label, symbol: Symbol, *, title: str = "", shows_mark: bool = False) -> str:
    """The label with its size in millimetres. ``shows_mark``: a dashed square where room is left for the special mark.

    Letters are set to the width that they have in print, whatever font the reader has.
    """
    plan = run.plan
    width, height = plan.preset.width, plan.preset.height
    module, corner = plan.module_mm, QUIET_ZONE_MODULES * plan.module_mm
    x, y = plan.symbol.x + corner, plan.symbol.y + corner
    path = "".join(f"M{left} {top}h{length}v1h-{length}z" for left, top, length in runs(symbol.modules))
    mark = ""
    if shows_mark and plan.mark:
        side = (
            f'x="{plan.mark.x:.2f}" y="{plan.mark.y:.2f}" width="{plan.mark.width:.2f}" height="{plan.mark.height:.2f}"'
        )
        mark = f'<rect {side} fill="none" stroke="#767676" stroke-width=".2" stroke-dasharray="1 .8"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}"><title>{escape(title or label.link)}</title>'
        f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>'
        f'<path transform="translate({x:.4f} {y:.4f}) scale({module:.6f})" d="{path}" shape-rendering="crispEdges"/>'
        f'<g font-family="{_FONTS}">{_letters(run, (*plan.fixed, *plan.of_code(label.code)))}</g>{mark}</svg>\n'
    )


def _letters(run: Run, lines: Iterable[Line]) -> str:
    return "".join(
        f'<text x="{line.x:.3f}" y="{line.y:.3f}" font-size="{line.size:g}" lengthAdjust="spacingAndGlyphs" '
        f'textLength="{run.face.width(line.text) * line.size:.3f}">{escape(line.text)}</text>'
        for line in lines
    )
