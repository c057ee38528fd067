"""The columns of the spreadsheets that people bring: what each is called, what it asks for, and which of a file's it is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gi_registry.lib.spreadsheets.cells import EMPTY, Cell
from gi_registry.lib.spreadsheets.folding import folded
from gi_registry.lib.texts import Refusal, Text, Word
from trace.rules import sheet_cells as cells
from trace.rules.imports import ImportKind
from trace.rules.quantities import QuantityUnit

# Stand in the workbook that is handed back; when that comes again they are passed over.
FAULTS = Text("错误说明", "What is wrong")
MADE = Text("登记编号", "Registered as")


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


_DAY = Text("写成 2026-01-05。", "Such as 2026-01-05.")
_UNITS = {"kg": QuantityUnit.KILOGRAM, "公斤": QuantityUnit.KILOGRAM, "g": QuantityUnit.GRAM, "t": QuantityUnit.TONNE,
          "l": QuantityUnit.LITRE, "ml": QuantityUnit.MILLILITRE, "个": QuantityUnit.PIECE}  # fmt: skip


def _day(key: str, zh: str, en: str, *also: str, is_required: bool = False) -> Column:
    return Column(key, Text(zh, en), _DAY, cells.day, is_required, also)


def _chosen(key: str, text: Text, hint: Text, *also: str, is_required: bool = False) -> Column:
    return Column(key, text, hint, cells.reference, is_required, also, is_listed=True, is_text=True)


_BATCHES = (
    _chosen(
        "form", Text("产品", "Product"), Text("从下拉列表中选。", "Choose from the list."), "产品规格", "规格", "品名",
        is_required=True,
    ),
    Column(
        "sites", Text("生产场地", "Sites"),
        Text("从下拉列表中选；几处场地用分号隔开。", "Choose from the list; put semicolons between several."),
        cells.references, True, ("场地", "地块", "site"), is_listed=True, is_text=True,
    ),
    _day("produced_on", "生产日期", "Production date", "生产结束日期", is_required=True),
    _day("best_before_on", "保质期至", "Best before", "保质期", "到期日期"),
    _day("harvested_on", "采收日期", "Harvest date", "采摘日期"),
    _day("produced_from", "生产开始日期", "Production began"),
    _day("packed_on", "包装日期", "Packing date", "分装日期"),
    Column(
        "quantity", Text("数量", "Quantity"), Text("只写数字。", "The figure alone."), cells.amount, True, ("产量", "重量"),
    ),
    Column(
        "quantity_unit", Text("单位", "Unit"), Text("从下拉列表中选。", "Choose from the list."),
        cells.word(QuantityUnit, _UNITS), True, ("数量单位", "计量单位"), QuantityUnit,
    ),
    Column(
        "pack_count", Text("包装件数", "Packs"), Text("整数，可以不填。", "A whole number; may stay empty."), cells.count, False,
        ("件数", "瓶数", "袋数"),
    ),
    Column(
        "producer_lot", Text("自编批号", "Own lot"), Text("您自己的批号，可以不填。", "Your own lot number; may stay empty."),
        cells.text(60), False, ("生产批号", "批号", "内部批号"), is_text=True,
    ),
    _chosen(
        "season", Text("产季", "Season"), Text("执行配额的产季必须填写。", "Owed where the season has a quota."), "季节",
    ),
    _chosen(
        "authorisation", Text("核准", "Authorisation"),
        Text("只有一个核准时可以不填。", "May stay empty where you have one."), "核准编号", "授权",
    ),
)  # fmt: skip

COLUMNS: dict[ImportKind, tuple[Column, ...]] = {ImportKind.BATCHES: _BATCHES}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column of ours stands in a file, and which of the file's are not used."""

    places: Mapping[str, int]
    unknown: tuple[str, ...]

    def cells(self, kept: Sequence[str | None]) -> dict[str, Cell]:
        return {key: Cell.read(kept[place]) if place < len(kept) else EMPTY for key, place in self.places.items()}


def words_of(kind: ImportKind) -> set[str]:
    """Every name of every column, folded."""
    return {folded(name) for column in COLUMNS[kind] for name in column.names}


def layout_of(kind: ImportKind, header: Sequence[str]) -> tuple[Layout, list[tuple[str, dict[str, str]]]]:
    """And what is wrong with the header, as codes with their values."""
    names = {folded(name): column.key for column in COLUMNS[kind] for name in column.names}
    places: dict[str, int] = {}
    unknown, faults = [], []
    passed = {"", *(folded(name) for text in (FAULTS, MADE) for name in (text.zh, text.en))}
    for place, name in enumerate(header):
        key = names.get(folded(name))
        if key is None:
            if folded(name) not in passed:
                unknown.append(name[:60])
        elif key in places:
            faults.append(("column_twice", {"name": name[:60]}))
        else:
            places[key] = place
    lacking = [column for column in COLUMNS[kind] if column.is_required and column.key not in places]
    if lacking:
        faults.append(("column_missing", {"names": "、".join(column.text.zh for column in lacking)}))
    return Layout(places, tuple(unknown)), faults


def values_of(kind: ImportKind, row: Mapping[str, Cell]) -> tuple[dict[str, object], list[Refusal]]:
    """A row by what its columns ask for; empty cells are left away. All faults at once, each pointing to its column."""
    values: dict[str, object] = {}
    faults = []
    for column in COLUMNS[kind]:
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
