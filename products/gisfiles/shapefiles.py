"""A zipped Shapefile (ESRI, 1998), read by pyshp from memory after its own figures were held against its bytes.

pyshp is given one record at a time with the place that was checked: its own walk through a file goes round for ever where a
length is negative, and keeps every file it ever walked through in memory.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shapefile import DbfReader, RingSamplingError, ShapefileException, ShpReader

from gi_registry.lib.texts import Refusal, Text
from products.gisfiles import crs
from products.gisfiles.archive import unpack
from products.gisfiles.faults import FileRead, FileRefused, FileRow, refused, too_many_features, too_many_positions
from products.gisfiles.geojson import NO_GEOMETRY
from products.rules.uploads import MAX_FEATURES, MAX_POSITIONS, MAX_SITE_POSITIONS
from products.rules.words import UploadFormat

# Sorting rings into outlines and holes costs the square of their number; a field of fifty pieces is no field.
MAX_RINGS = 50
MAX_FIELDS = 255
_NULL, _POINTS, _POLYGONS = 0, (1, 11, 21), (5, 15, 25)
_HEADER_BYTES, _DBF_HEADER_BYTES = 100, 32
_ENCODINGS = {
    **dict.fromkeys(("utf8", "65001"), "utf-8"),
    **dict.fromkeys(("gbk", "gb2312", "gb18030", "936", "cp936", "ansi936", "54936"), "gb18030"),
}
_LDID_GBK = 0x4D
_BROKEN = (ShapefileException, RingSamplingError, struct.error, ArithmeticError, LookupError, TypeError, ValueError)

_BAD_SHAPE = Refusal(
    "shape_unreadable", Text("这条记录的图形已损坏。", "The shape of this record is damaged."), "/geometry"
)
_TOO_MANY = Refusal(
    "too_many_vertices",
    Text(
        f"点数超过 {MAX_SITE_POSITIONS:,}，请先简化。",
        f"There are more than {MAX_SITE_POSITIONS:,} positions. Simplify it first.",
    ),
    "/geometry",
)
_TOO_MANY_RINGS = Refusal(
    "too_many_rings",
    Text(
        f"一处场地最多 {MAX_RINGS} 个环，请拆分或简化。",
        f"A site may have {MAX_RINGS} rings at most. Divide or simplify it.",
    ),
    "/geometry",
)
_NOT_SITE = Refusal(
    "geometry_type", Text("图形应为点或面。", "The shape must be a point or a polygon."), "/geometry/type"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record of the ``.shp`` lies, after its figures were found to fit."""

    start: int
    bytes: int
    kind: int
    rings: int
    positions: int


def read(data: bytes) -> FileRead:
    """Every record that is not marked as deleted. Raises FileRefused."""
    parts = unpack(data)
    places = _survey(parts[".shp"])
    values = _table(parts.get(".dbf"), parts.get(".cpg"), len(places))
    reader = ShpReader(io.BytesIO(parts[".shp"]))
    rows = [
        _row(number, told, reader, place)
        for number, (told, place) in enumerate(zip(values, places, strict=True), start=1)
        if told is not None
    ]
    found = crs.of_prj(parts[".prj"]) if ".prj" in parts else None
    return FileRead(UploadFormat.SHAPEFILE, found, rows)


def _damaged(name: str) -> FileRefused:
    return refused(
        "shapefile_damaged",
        f"{name} 文件已损坏：它写明的长度与内容不符。请重新导出。",
        f"The {name} file is damaged: the lengths it states do not fit what it holds. Export it anew.",
    )


# --- shapes ------------------------------------------------------------------------------------------------------


def _survey(shp: bytes) -> list[Place]:
    """Every record by its header, without reading a position. Raises FileRefused."""
    if len(shp) < _HEADER_BYTES or shp[:4] != b"\x00\x00\x27\x0a":
        raise _damaged(".shp")
    if struct.unpack_from(">i", shp, 24)[0] * 2 != len(shp):
        raise _damaged(".shp")
    places: list[Place] = []
    for place in _records(shp):
        places.append(place)
        if len(places) > MAX_FEATURES:
            raise too_many_features(MAX_FEATURES)
    if sum(place.positions for place in places) > MAX_POSITIONS:
        raise too_many_positions(MAX_POSITIONS)
    return places


def _records(shp: bytes) -> Iterator[Place]:
    start = _HEADER_BYTES
    while start < len(shp):
        if start + 12 > len(shp):
            raise _damaged(".shp")
        size = struct.unpack_from(">i", shp, start + 4)[0] * 2
        kind = struct.unpack_from("<i", shp, start + 8)[0]
        if size < 4 or start + 8 + size > len(shp):
            raise _damaged(".shp")
        rings = positions = 0
        if kind in _POINTS:
            positions = 1
        elif kind in _POLYGONS:
            if size < 44:
                raise _damaged(".shp")
            rings, positions = struct.unpack_from("<2i", shp, start + 44)
            if rings < 0 or positions < 0 or 44 + 4 * rings + 16 * positions > size:
                raise _damaged(".shp")
        yield Place(start, size, kind, rings, positions)
        start += 8 + size


def _row(number: int, values: dict[str, Any], reader: ShpReader, place: Place) -> FileRow:
    fault = _fault(place)
    if fault is None:
        try:
            shape = reader.shape(number - 1, place.start, place.bytes)
            if place.kind in _POLYGONS and not _are_in_order(list(shape.parts), place.positions):
                raise ValueError("parts out of order")
            return FileRow(number, values, dict(shape.__geo_interface__))
        except _BROKEN:
            fault = _BAD_SHAPE
    return FileRow(number, values, fault=fault)


def _fault(place: Place) -> Refusal | None:
    if place.kind == _NULL:
        return NO_GEOMETRY
    if place.kind not in (*_POINTS, *_POLYGONS):
        return _NOT_SITE
    if place.positions > MAX_SITE_POSITIONS:
        return _TOO_MANY
    return _TOO_MANY_RINGS if place.rings > MAX_RINGS else None


def _are_in_order(starts: list[int], positions: int) -> bool:
    """Rings begin one after the other: a ring that began before its neighbour would repeat all that lies between."""
    return bool(starts) and starts[0] == 0 and starts == sorted(set(starts)) and starts[-1] < positions


# --- the table beside them ---------------------------------------------------------------------------------------


def _table(dbf: bytes | None, cpg: bytes | None, count: int) -> list[dict[str, Any] | None]:
    """The attributes of each record; None for one marked as deleted. Without a table nothing is known of any."""
    if dbf is None:
        return [{} for _ in range(count)]
    reader, raw = _raw_records(dbf, count)
    names = [field.name.encode("latin-1") for field in reader.data_fields]
    texts = [value for record in raw if record for value in record if isinstance(value, str)]
    encoding = _encoding_of(cpg, dbf, names, [text.encode("latin-1") for text in texts])
    # A name is cut at ten bytes, which may be in the middle of a character.
    told = [name.decode(encoding, "ignore") for name in names]
    return [
        None if record is None else dict(zip(told, (_decoded(value, encoding) for value in record), strict=True))
        for record in raw
    ]


def _decoded(value: Any, encoding: str) -> Any:
    return value.encode("latin-1").decode(encoding) if isinstance(value, str) else value


def _raw_records(dbf: bytes, count: int) -> tuple[DbfReader, list[list[Any] | None]]:
    """Records with their texts as bytes under the guise of Latin-1, which keeps every byte as it is."""
    if len(dbf) < _DBF_HEADER_BYTES:
        raise _damaged(".dbf")
    total, head, length = struct.unpack_from("<IHH", dbf, 4)
    if total != count:
        raise refused(
            "record_counts",
            f".dbf 有 {total:,} 条记录，.shp 有 {count:,} 个图形，两者应相同。",
            f"The .dbf holds {total:,} records and the .shp {count:,} shapes: they have to be as many.",
        )
    if head > len(dbf) or length < 1 or head + total * length > len(dbf) or (head - 33) // 32 > MAX_FIELDS:
        raise _damaged(".dbf")
    try:
        reader = DbfReader(io.BytesIO(dbf), encoding="latin-1")
        if sum(field.size for field in reader.fields) > length:
            raise ValueError("fields wider than their record")
        return reader, [reader.record(place) for place in range(total)]
    except _BROKEN as error:
        raise _damaged(".dbf") from error


def _encoding_of(cpg: bytes | None, dbf: bytes, names: list[bytes], texts: list[bytes]) -> str:
    """What the ``.cpg`` says; else the mark in the table; else UTF-8 where every text is UTF-8, and GB 18030."""
    word = "".join(c for c in (cpg or b"")[:40].decode("ascii", "ignore").lower() if c.isalnum())
    said = _ENCODINGS.get(word) or ("gb18030" if dbf[29] == _LDID_GBK else None)
    for encoding in (said,) if said else ("utf-8", "gb18030"):
        try:
            for text in texts:
                text.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise refused(
        "dbf_encoding",
        "属性表的文字编码无法识别，请以 UTF-8 或 GBK 重新导出。",
        "The encoding of the attribute table is not known. Export it in UTF-8 or GBK.",
    )
