"""The columns of the spreadsheets that people bring: what each is called, what it asks for, and which of a file's it is. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gi_registry.lib.spreadsheets.added import FAULTS_NAMES, MADE_NAMES
from gi_registry.lib.spreadsheets.cells import EMPTY, Cell
from gi_registry.lib.spreadsheets.folding import folded
from gi_registry.lib.texts import Refusal, Text, Word
from products.rules.words import SiteKind
from trace.rules import sheet_cells as cells
from trace.rules.quantities import QuantityUnit

# A list that is longer is no help in a cell; the names can be typed all the same.
MOST_LISTED = 1_000
_ENTERED = Text(
    "这一行已经登记为 {number}，不再重复登记。如果不是，请清空“登记编号”。",
    "The row is entered already, as {number}. Empty “Registered as” if that is not so.",
)


@dataclass(frozen=True, slots=True)
class Column:
    """``words``: what may be chosen, where that is always the same. ``listed``: what may be chosen is the producer's own.
    ``also``: other names by which people call it."""

    key: str
    text: Text
    hint: Text
    read: cells.Read
    is_required: bool = False
    also: tuple[str, ...] = ()
    words: type[Word] | None = None
    is_listed: bool = False
    is_text: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.text.zh, self.text.en, self.key, *self.also)


CHOOSE = Text("从下拉列表中选。", "Choose from the list.")
_DAY = Text("写成 2026-01-05。", "Such as 2026-01-05.")
_UNITS = {"kg": QuantityUnit.KILOGRAM, "公斤": QuantityUnit.KILOGRAM, "g": QuantityUnit.GRAM, "t": QuantityUnit.TONNE,
          "l": QuantityUnit.LITRE, "ml": QuantityUnit.MILLILITRE, "个": QuantityUnit.PIECE}  # fmt: skip


def day(key: str, zh: str, en: str, *also: str, is_required: bool = False) -> Column:
    return Column(key, Text(zh, en), _DAY, cells.day, is_required, also)


def chosen(key: str, text: Text, hint: Text, *also: str, is_required: bool = False) -> Column:
    """One of the producer's own."""
    return Column(key, text, hint, cells.reference, is_required, also, is_listed=True, is_text=True)


QUANTITY = Column(
    "quantity", Text("数量", "Quantity"), Text("只写数字。", "The figure alone."), cells.amount, True, ("产量", "重量"),
)  # fmt: skip
UNIT = Column(
    "quantity_unit", Text("单位", "Unit"), CHOOSE, cells.word(QuantityUnit, _UNITS), True, ("数量单位", "计量单位"),
    QuantityUnit,
)  # fmt: skip


def note(hint: Text) -> Column:
    """Words of the producer's own, among them numbers of tickets."""
    names = ("说明", "单据号", "凭证号", "磅单号", "合同号")
    return Column("note", Text("备注", "Note"), hint, cells.text(200), False, names, is_text=True)


_DEGREES = Text("十进制度数，例如 112.45678。", "Decimal degrees, such as 112.45678.")
# Read by ``products.gisfiles.sheets``, which knows these names and others.
SITES = (
    Column("name", Text("名称", "Name"), Text("场地的名称。", "What the site is called."), cells.text(80), True, is_text=True),
    Column("kind", Text("类型", "Kind"), CHOOSE, cells.word(SiteKind), True, words=SiteKind),
    Column("longitude", Text("经度", "Longitude"), _DEGREES, cells.amount),
    Column("latitude", Text("纬度", "Latitude"), _DEGREES, cells.amount),
    Column(
        "outline", Text("边界坐标", "Outline"),
        Text(
            "不填经纬度时填写：经度,纬度; 经度,纬度; …，至少三个点。一格最多 2,000 字，点多的地块请用 GeoJSON。",
            "Instead of the two: longitude,latitude; longitude,latitude; …, three or more. A cell holds 2,000 characters; use GeoJSON "
            "for more.",
        ),
        cells.text(2_000), is_text=True,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column of ours stands in a file, which of the file's are not used, and which says what a row became."""

    places: Mapping[str, int]
    unknown: tuple[str, ...]
    made: tuple[int, ...] = ()

    def cells(self, kept: Sequence[str | None]) -> dict[str, Cell]:
        return {key: Cell.read(kept[place]) if place < len(kept) else EMPTY for key, place in self.places.items()}

    def entered(self, kept: Sequence[str | None]) -> list[Refusal]:
        """A row of a workbook that we handed back, by which something was entered: it is not entered twice."""
        numbers = [Cell.read(kept[place]).text for place in self.made if place < len(kept) and kept[place]]
        return [Refusal("row_entered", _ENTERED.format(number=numbers[0][:20]))] if numbers else []


def words_of(columns: Iterable[Column]) -> set[str]:
    """Every name of every column, folded."""
    return {folded(name) for column in columns for name in column.names}


def layout_of(columns: Sequence[Column], header: Sequence[str]) -> tuple[Layout, list[tuple[str, dict[str, str]]]]:
    """And what is wrong with the header, as codes with their values."""
    names = {folded(name): column.key for column in columns for name in column.names}
    places: dict[str, int] = {}
    unknown, faults = [], []
    passed = {"", *FAULTS_NAMES, *MADE_NAMES}
    made = tuple(place for place, name in enumerate(header) if folded(name) in MADE_NAMES)
    for place, name in enumerate(header):
        key = names.get(folded(name))
        if key is None:
            if folded(name) not in passed:
                unknown.append(name[:60])
        elif key in places:
            faults.append(("column_twice", {"name": name[:60]}))
        else:
            places[key] = place
    lacking = [column for column in columns if column.is_required and column.key not in places]
    if lacking:
        faults.append(("column_missing", {"names": "、".join(column.text.zh for column in lacking)}))
    return Layout(places, tuple(unknown), made), faults


def values_of(columns: Iterable[Column], row: Mapping[str, Cell]) -> tuple[dict[str, object], list[Refusal]]:
    """A row by what its columns ask for; empty cells are left away. All faults at once, each pointing to its column."""
    values: dict[str, object] = {}
    faults = []
    for column in columns:
        cell = row.get(column.key, EMPTY)
        if cell.kept is None:
            if column.is_required:
                faults.append(cells.missing().at(f"/{column.key}"))
            continue
        try:
            values[column.key] = column.read(cell)
        except cells.Unfit as unfit:
            faults.append(unfit.refusal.at(f"/{column.key}"))
    return values, faults
