"""Labels as PDF: true millimetres, the font embedded with the letters used, symbols as vectors."""

import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.prefs import ViewerPreferences

from trace.labels.contents import Label
from trace.labels.fonts import cut
from trace.labels.layout import Line
from trace.labels.run import Run
from trace.qr import QUIET_ZONE_MODULES, Symbol, runs

FAMILY = "labels"


def write_pdf(run: Run, labels: Iterable[Label], *, now: datetime, title: str = "") -> bytes:
    """One document, held in memory until it is whole: about 1.5 KB a label. The caller bounds how many."""
    with tempfile.TemporaryDirectory(prefix="gi-labels-") as folder:
        paper = _Paper(run, cut(run.face, run.contents.letters(), Path(folder)))
        paper.set_title(title)
        paper.set_creation_date(now)
        for place, (label, symbol) in enumerate(run.symbols(labels)):
            paper.label(place % run.plan.preset.a_page, label, symbol)
        return bytes(paper.output())


class _Paper(FPDF):
    """Pages of labels. What all labels share is written once and repeated; fpdf2 itself sets type too slowly for that."""

    def __init__(self, run: Run, font: Path) -> None:
        super().__init__(unit="mm", format=run.plan.preset.page)
        self.plan = run.plan
        self.set_auto_page_break(False)
        # Without this a viewer scales the page to the printer's paper, and modules are whole dots no more.
        self.viewer_preferences = ViewerPreferences(print_scaling="None")
        self.add_font(FAMILY, fname=font)
        self.set_font(FAMILY)
        self.dot = run.plan.module_mm / run.plan.printer.dots
        # The height as the file states it: a hundredth of a point off, and modules at 600 dpi miss their dots.
        self.top = round(self.h * self.k, 2)
        self.fixed = self._typed(run.plan.fixed)
        # A page description paints every dot that a shape touches, so runs end a fiftieth of a dot inside their edges.
        inset = 0.02 / run.plan.printer.dots
        self.starts = [f"{place + inset:.4f}" for place in range(run.plan.modules)]
        self.lengths = [f"{length - 2 * inset:.4f}" for length in range(run.plan.modules + 1)]

    def label(self, place: int, label: Label, symbol: Symbol) -> None:
        """Draw a label at a place of the page; place 0 begins a page."""
        if place == 0:
            self.add_page()
            # Names the font among the resources of the page.
            self._out(self._set_font_for_page(self.current_font, self.font_size_pt))
        x, y = (round(edge / self.dot) * self.dot for edge in self.plan.preset.corner(place))
        code = self._typed(self.plan.of_code(label.code)) if label.code else ""
        self._out(f"q 1 0 0 1 {x * self.k:.3f} {-y * self.k:.3f} cm {self.fixed} {code} {self._symbol(symbol)} Q")

    def _typed(self, lines: Iterable[Line]) -> str:
        font = self.current_font
        return " ".join(
            f"BT /F{font.i} {line.size * self.k:.3f} Tf {line.x * self.k:.3f} {self.top - line.y * self.k:.3f} Td"
            f" {font.encode_text(line.text)} ET"
            for line in lines
        )

    def _symbol(self, symbol: Symbol) -> str:
        """One path of runs in a system of modules."""
        box, module = self.plan.symbol, self.plan.module_mm
        left, top = (edge + QUIET_ZONE_MODULES * module for edge in (box.x, box.y))
        place = f"{module * self.k:.6f} 0 0 {-module * self.k:.6f} {left * self.k:.4f} {self.top - top * self.k:.4f} cm"
        starts, lengths, high = self.starts, self.lengths, self.lengths[1]
        path = " ".join(f"{starts[x]} {starts[y]} {lengths[n]} {high} re" for x, y, n in runs(symbol.modules))
        return f"q {place} {path} f Q"
