"""Sites in a spreadsheet (xlsx, xls, ods, csv): a point in two columns of degrees, or an outline in one cell of positions.

The file is read in a process of its own (``gi_registry.lib.spreadsheets``). Nothing is guessed: numbers where a name was meant,
formulas, and degrees in minutes and seconds are refused with the reason, row by row.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gi_registry.lib.spreadsheets import Cell, CellKind, SheetRefused, format_of, opened
from gi_registry.lib.spreadsheets.added import FAULTS_NAMES, MADE_NAMES
from gi_registry.lib.spreadsheets.folding import folded
from gi_registry.lib.spreadsheets.sniffing import BROKEN
from gi_registry.lib.texts import Refusal, Text
from products.gisfiles.columns import KIND_COLUMNS, NAME_COLUMNS
from products.gisfiles.faults import FileRead, FileRefused, FileRow, refused, shown, too_many_features
from products.rules.uploads import MAX_FEATURES
from products.rules.words import UploadFormat

LONGITUDES = ("经度", "东经", "longitude", "lon", "lng")
LATITUDES = ("纬度", "北纬", "latitude", "lat")
OUTLINES = ("边界", "边界坐标", "拐点坐标", "顶点坐标", "坐标", "outline", "coordinates")
# A thousand rows of names and corners are far smaller; what is larger takes a request too long to read.
MAX_BYTES, SECONDS = 2 * 1024 * 1024, 20.0
_COMPOUND = b"\xd0\xcf\x11\xe0"
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,15})?")
_PAIR = re.compile(rf"\s*[(\[]?\s*({_DEGREES.pattern})(?:\s*,\s*|\s+)({_DEGREES.pattern})\s*[)\]]?\s*")
_SHORTENED = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]{1,3}")

_FORMULA = Text("这一格是公式。请复制后“只粘贴数值”。", "The cell holds a formula. Paste its value instead.")
_AS_NUMBER = Text(
    "名称在表格里是数字：开头的零会丢失，长数字会变成 6.90E+12。请把该列设为文本格式，重新填写。",
    "In the workbook the name is a number: zeros in front are lost, and long ones become 6.90E+12. Make the column text, and "
    "write it again.",
)
_NO_DEGREES = Text(
    "“{value}”不是十进制度数。请写成 112.12345，不要写度分秒。",
    "“{value}” is no decimal degrees. Write 112.12345, without minutes and seconds.",
)
_NO_OUTLINE = Text(
    "边界应为至少三个点，写成“经度,纬度; 经度,纬度; …”，点之间用分号。",
    "An outline is three positions or more, written “longitude,latitude; longitude,latitude; …”, semicolons between them.",
)
_TWO_SHAPES = Refusal(
    "two_shapes",
    Text("经纬度和边界只填一种。", "Give longitude and latitude, or an outline, and not both."),
    "/geometry",
)
_HALF = Refusal("position_shape", Text("经度和纬度都要填写。", "Give both longitude and latitude."), "/geometry")
_PASSED = FAULTS_NAMES | MADE_NAMES
_WORDS = frozenset(
    folded(name) for names in (NAME_COLUMNS, KIND_COLUMNS, LONGITUDES, LATITUDES, OUTLINES) for name in names
)


def is_sheet(data: bytes) -> bool:
    """Whether these are the bytes of a spreadsheet; text is one where its first lines name columns of sites."""
    if data.startswith(_COMPOUND):
        return True
    if data.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return not {"xl/workbook.xml", "xl/workbook.bin", "mimetype"}.isdisjoint(archive.namelist())
        except BROKEN:
            return False
    for charset in ("utf-8-sig", "gb18030"):
        lines = data[:8192].decode(charset, "ignore").splitlines()[:10]
        if any(sum(folded(cell.strip('" ')) in _WORDS for cell in re.split("[,;\t]", line)) >= 2 for line in lines):
            return True
    return False


def read(data: bytes) -> FileRead:
    """Every row under the header. Raises FileRefused for a file that cannot be used, and for more than the limits."""
    if len(data) > MAX_BYTES:
        raise refused(
            "file_too_large",
            f"场地表格最大 {MAX_BYTES // 1024 // 1024} MB。",
            f"A spreadsheet of sites has {MAX_BYTES // 1024 // 1024} MB at most.",
        )
    try:
        names = "、".join((NAME_COLUMNS[0], KIND_COLUMNS[0], LONGITUDES[0], LATITUDES[0], OUTLINES[0]))
        with opened(data, format_of(data), _WORDS, names, seconds=SECONDS) as (head, told):
            places = places_of(head.header)
            rows = []
            for number, cells in told:
                if len(rows) >= MAX_FEATURES:
                    raise too_many_features(MAX_FEATURES)
                rows.append(
                    replace(_row(number, head.header, places, [Cell.read(kept) for kept in cells]), cells=cells)
                )
    except SheetRefused as no:
        raise FileRefused([no.refusal]) from None
    return FileRead(UploadFormat.SHEET, None, rows, head.header)


Places = Mapping[str, int]


def places_of(header: Sequence[str]) -> Places:
    """Where the columns of the shape and the name stand. Raises FileRefused for none, and for one that stands there twice."""
    wanted = {"name": NAME_COLUMNS, "longitude": LONGITUDES, "latitude": LATITUDES, "outline": OUTLINES}
    places: dict[str, int] = {}
    for key, names in wanted.items():
        found = [place for place, name in enumerate(header) if folded(name) in {folded(one) for one in names}]
        if len(found) > 1:
            name = shown(header[found[1]])
            raise refused("column_twice", f"列“{name}”出现了两次。", f"The column “{name}” stands there twice.")
        if found:
            places[key] = found[0]
    if "outline" not in places and not {"longitude", "latitude"} <= places.keys():
        raise refused(
            "column_missing",
            "缺少列：经度和纬度，或者边界坐标。",
            "Columns are missing: longitude and latitude, or an outline.",
        )
    return places


def _row(number: int, header: Sequence[str], places: Places, cells: Sequence[Cell]) -> FileRow:
    shape = {place for key, place in places.items() if key != "name"}
    values = {
        name: shown(cell.text, 400)
        for place, (name, cell) in enumerate(zip(header, cells, strict=False))
        if name and cell.text and place not in shape and folded(name) not in _PASSED
    }
    try:
        _check_name(_at(cells, places.get("name")))
        document = _shape({key: _at(cells, place) for key, place in places.items() if key != "name"})
    except _Unfit as unfit:
        return FileRow(number, values, fault=unfit.refusal)
    return FileRow(number, values, document)


class _Unfit(ValueError):
    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.code)


def _at(cells: Sequence[Cell], place: int | None) -> Cell:
    return cells[place] if place is not None and place < len(cells) else Cell(CellKind.TEXT, "")


def _check_name(cell: Cell) -> None:
    if cell.kind in (CellKind.FORMULA, CellKind.ERROR):
        raise _Unfit(Refusal("formula", _FORMULA, "/name"))
    if cell.kind is not CellKind.TEXT or _SHORTENED.fullmatch(cell.text):
        raise _Unfit(Refusal("number_for_text", _AS_NUMBER, "/name"))


def _shape(cells: Mapping[str, Cell]) -> dict[str, Any] | None:
    """A point or a polygon; None for a row that has neither."""
    for cell in cells.values():
        if cell.kind in (CellKind.FORMULA, CellKind.ERROR):
            raise _Unfit(Refusal("formula", _FORMULA, "/geometry"))
    told = {key: unicodedata.normalize("NFKC", cell.text).strip() for key, cell in cells.items()}
    point = [told.get("longitude", ""), told.get("latitude", "")]
    if outline := told.get("outline"):
        if any(point):
            raise _Unfit(_TWO_SHAPES)
        return {"type": "Polygon", "coordinates": [_ring(outline)]}
    if not any(point):
        return None
    if not all(point):
        raise _Unfit(_HALF)
    return {"type": "Point", "coordinates": [_degrees(one) for one in point]}


def _degrees(told: str) -> float:
    if not _DEGREES.fullmatch(told):
        text = _NO_DEGREES.format(value=shown(told, 20))
        raise _Unfit(Refusal("position_shape", text, "/geometry"))
    return float(told)


def _ring(told: str) -> list[list[float]]:
    """Closed, whether its first position is repeated or not."""
    pieces: Iterable[str] = (piece for piece in re.split(r"[;\n]", told) if piece.strip())
    pairs = [_PAIR.fullmatch(piece) for piece in pieces]
    ring = [[float(pair[1]), float(pair[2])] for pair in pairs if pair]
    if len(ring) != len(pairs) or len(ring) < 3:
        raise _Unfit(Refusal("position_shape", _NO_OUTLINE, "/geometry"))
    return ring if ring[0] == ring[-1] else [*ring, ring[0]]
