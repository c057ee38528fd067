"""The labels that can be printed: rolls of one label a page, and A4 sheets of many."""

from dataclasses import dataclass

from gi_registry.lib.texts import Refusal, Text

A4 = (210.0, 297.0)


@dataclass(frozen=True, slots=True)
class Preset:
    """Sizes in millimetres. ``margin`` is kept clear all round: label rolls wander by about 1 mm, and office printers
    leave the outermost 4 mm of a sheet blank. ``symbol_mm`` is what the symbol may take where there is room to spare."""

    code: str
    text: Text
    width: float
    height: float
    margin: float
    symbol_mm: float
    columns: int = 1
    rows: int = 1

    @property
    def is_sheet(self) -> bool:
        return self.columns * self.rows > 1

    @property
    def a_page(self) -> int:
        """Labels on a page."""
        return self.columns * self.rows

    @property
    def page(self) -> tuple[float, float]:
        return A4 if self.is_sheet else (self.width, self.height)

    def corner(self, place: int) -> tuple[float, float]:
        """Left upper corner of the label at a place of the page, counted row by row from 0."""
        row, column = divmod(place, self.columns)
        left = (self.page[0] - self.columns * self.width) / 2
        top = (self.page[1] - self.rows * self.height) / 2
        return left + column * self.width, top + row * self.height


def _roll(width: int, height: int, symbol_mm: float) -> Preset:
    size = f"{width} × {height}"
    text = Text(f"{size} 毫米，卷装标签", f"{size} mm, labels on a roll")
    return Preset(f"{width}x{height}", text, width, height, 1.0, symbol_mm)


def _sheet(columns: int, rows: int, width: float, height: float) -> Preset:
    count, size = columns * rows, f"{width:g} × {height:g}"
    text = Text(f"A4 不干胶纸，每页 {count} 枚（{size} 毫米）", f"A4 sheet, {count} labels of {size} mm")
    return Preset(f"a4-{count}", text, width, height, 4.3, 24.0, columns, rows)


PRESETS = {
    preset.code: preset
    for preset in (
        _roll(40, 30, 24.0),
        _roll(50, 30, 24.0),
        _roll(60, 40, 30.0),
        _roll(70, 30, 24.0),
        _sheet(3, 7, 70.0, 42.4),
        _sheet(3, 8, 70.0, 37.0),
    )
}
CODES = list(PRESETS)
DEFAULT_PRESET = "50x30"
_UNKNOWN = Refusal(
    "label_unknown",
    Text("没有这种标签，可用：{presets}。", "There is no such label. There are: {presets}.").format(
        presets=", ".join(PRESETS)
    ),
    "/profile",
)


def profile_faults(profile: str) -> list[Refusal]:
    """Whether codes may be meant for these labels; "" is for none in particular."""
    return [] if not profile or profile in PRESETS else [_UNKNOWN]
