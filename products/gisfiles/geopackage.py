"""A GeoPackage (OGC 12-128r19): an SQLite database from a stranger, opened so that it can only be read from.

The file goes to a private place that is gone afterwards, is opened read-only and as immutable, and answers plain SELECTs on
its feature table and the ``gpkg_`` tables: no function, no view, no virtual table, no attached file, and only so much work.
A trigger never runs where nothing is written; those that writers of GeoPackages lay down are let pass, any other is refused.
"""

import re
import sqlite3
import struct
import tempfile
from pathlib import Path
from typing import Any

from gi_registry.lib.texts import Refusal, Text
from products.gisfiles import crs, wkb
from products.gisfiles.faults import FileRead, FileRefused, FileRow, refused, too_many_features, too_many_positions
from products.gisfiles.geojson import NO_GEOMETRY
from products.rules.uploads import MAX_FEATURES, MAX_POSITIONS, MAX_SITE_POSITIONS
from products.rules.words import UploadCrs, UploadFormat

APPLICATION_IDS = (b"GPKG", b"GP10", b"GP11")
MAX_COLUMNS = 200
MAX_VALUE_BYTES = 1_000_000
# Steps of SQLite's machine: a thousand rows of two hundred columns take a tenth of it.
STEPS, MOST_TIMES = 10_000, 500
_METADATA = frozenset(
    {"sqlite_master", "sqlite_schema", "gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"}
)
_OUR_TRIGGERS = re.compile(r"(?:rtree_|gpkg_|trigger_(?:insert|delete)_feature_count_).*", re.IGNORECASE | re.DOTALL)
_RTREE = re.compile(r"CREATE VIRTUAL TABLE \"?rtree_.* USING rtree\s*\(", re.IGNORECASE | re.DOTALL)
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_BAD_SHAPE = Refusal(
    "shape_unreadable", Text("这条记录的图形已损坏。", "The shape of this record is damaged."), "/geometry"
)
_NOT_SITE = Refusal(
    "geometry_type", Text("图形应为点或面。", "The shape must be a point or a polygon."), "/geometry/type"
)
_OTHER_SRS = Refusal(
    "geometry_srs",
    Text("这条记录的坐标系与图层不同。", "The coordinate system of this record is not that of its layer."),
    "/geometry",
)


def read(data: bytes) -> FileRead:
    """Every row of the one feature table. Raises FileRefused."""
    _check_header(data)
    with tempfile.TemporaryDirectory(prefix="gi-upload-") as place:
        file = Path(place) / "upload.gpkg"
        file.write_bytes(data)
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            return _Layer(connection, len(data)).read()
        except (sqlite3.Error, UnicodeDecodeError, OverflowError, ValueError) as error:
            if isinstance(error, FileRefused):
                raise
            raise _damaged() from error
        finally:
            connection.close()


def _damaged() -> FileRefused:
    return refused(
        "geopackage_damaged",
        "GeoPackage 文件已损坏，或所需的处理过多。请重新导出。",
        "The GeoPackage is damaged, or takes too much work to read. Export it anew.",
    )


def _check_header(data: bytes) -> None:
    """The header of SQLite's format (section 1.3): a GeoPackage by its own mark, and exactly as long as it says."""
    if len(data) < 512 or not data.startswith(b"SQLite format 3\x00"):
        raise _damaged()
    (page,) = struct.unpack_from(">H", data, 16)
    (pages,) = struct.unpack_from(">I", data, 28)
    if (65_536 if page == 1 else page) * pages != len(data):
        raise _damaged()
    if data[68:72] not in APPLICATION_IDS:
        raise refused(
            "not_geopackage",
            "这是 SQLite 数据库，但不是 GeoPackage。",
            "This is an SQLite database and no GeoPackage.",
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class _Layer:
    """One open file: first its metadata under guard, then its one feature table."""

    def __init__(self, connection: sqlite3.Connection, size: int) -> None:
        self.db, self.size, self.readable, self.times = connection, size, _METADATA, 0
        for limit, most in (
            (sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES),
            (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 100_000),
            (sqlite3.SQLITE_LIMIT_COLUMN, MAX_COLUMNS + 10),
            (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 20),
            (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
            (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        ):
            connection.setlimit(limit, most)
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0"):
            connection.execute(f"PRAGMA {pragma}")
        connection.set_authorizer(self._may)
        connection.set_progress_handler(self._tick, STEPS)

    def _may(self, action: int, first: str | None, second: str | None, *_: Any) -> int:
        """Plain SELECTs on the tables that are meant, and nothing else."""
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        is_known = (first or "").lower() in self.readable
        return sqlite3.SQLITE_OK if action == sqlite3.SQLITE_READ and is_known else sqlite3.SQLITE_DENY

    def _tick(self) -> int:
        self.times += 1
        return int(self.times > MOST_TIMES)

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """One row at a time, as long as they fit into the file: pages that many rows share would be read out again for each."""
        rows, left = [], self.size
        for row in self.db.execute(statement, values):
            left -= sum(len(value) for value in row if isinstance(value, bytes | str))
            if left < 0:
                raise _damaged()
            rows.append(row)
            if len(rows) > MAX_FEATURES:
                break
        return rows

    def read(self) -> FileRead:
        self._check_schema()
        table, column, srs = self._layer()
        found = self._crs(srs)
        names = self._columns(table)
        if column not in names:
            raise _damaged()
        self.readable = _METADATA | {table.lower()}
        columns = [column, *(name for name in names if name != column)]
        listed = ", ".join(map(_quoted, columns))
        rows = self.ask(f"SELECT {listed} FROM {_quoted(table)} LIMIT {MAX_FEATURES + 1}")  # noqa: S608 - quoted names
        if len(rows) > MAX_FEATURES:
            raise too_many_features(MAX_FEATURES)
        left, read = MAX_POSITIONS, []
        for number, (shape, *values) in enumerate(rows, start=1):
            row, positions = _row(number, dict(zip(columns[1:], values, strict=True)), shape, srs)
            left -= positions
            if left < 0:
                raise too_many_positions(MAX_POSITIONS)
            read.append(row)
        return FileRead(UploadFormat.GEOPACKAGE, found, read)

    def _check_schema(self) -> None:
        """No view, no trigger and no virtual table but those that the GeoPackage standard itself lays down."""
        for kind, name, statement in self.ask("SELECT type, name, sql FROM sqlite_master"):
            is_virtual = kind == "table" and str(statement).upper().lstrip().startswith("CREATE VIRTUAL")
            is_ours = (kind in ("table", "index") and (not is_virtual or _RTREE.match(str(statement)))) or (
                kind == "trigger" and _OUR_TRIGGERS.fullmatch(str(name))
            )
            if not is_ours:
                raise refused(
                    "geopackage_objects",
                    "文件里有视图、触发器或虚拟表。请只导出一个图层，存为新的 GeoPackage。",
                    "The file holds a view, a trigger or a virtual table. Export the one layer to a new GeoPackage.",
                )

    def _layer(self) -> tuple[str, str, int]:
        """Table, geometry column and reference system of the one feature layer."""
        tables = self.ask("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")
        if len(tables) != 1:
            raise refused(
                "geopackage_layers",
                f"文件应恰好有一个要素图层，这里有 {len(tables)} 个。",
                f"The file must hold exactly one layer of features; this one holds {len(tables)}.",
            )
        ((table,),) = tables
        found = self.ask("SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?", table)
        if len(found) != 1 or not isinstance(table, str) or not isinstance(found[0][0], str):
            raise _damaged()
        return table, found[0][0], found[0][1]

    def _crs(self, srs: Any) -> UploadCrs:
        """By organisation and number alone; the definition beside them is a stranger's text."""
        found = self.ask(
            "SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?", srs
        )
        if len(found) != 1:
            raise _damaged()
        return crs.of_code(str(found[0][0]), found[0][1])

    def _columns(self, table: str) -> list[str]:
        """Names of the stored columns of an ordinary table. A computed column would be a stranger's program."""
        if table.lower().startswith(("sqlite_", "gpkg_", "rtree_")):
            raise _damaged()
        self.db.set_authorizer(None)
        columns = self.ask(f"PRAGMA table_xinfo({_quoted(table)})")
        self.db.set_authorizer(self._may)
        if not columns or len(columns) > MAX_COLUMNS or any(column[6] for column in columns):
            raise _damaged()
        return [column[1] for column in columns]


def _row(number: int, values: dict[str, Any], shape: Any, srs: int) -> tuple[FileRow, int]:
    told = {name: value for name, value in values.items() if not isinstance(value, bytes)}
    if shape is None:
        return FileRow(number, told, fault=NO_GEOMETRY), 0
    try:
        binary, own_srs = _unwrapped(shape)
        document, positions = wkb.read(binary, MAX_SITE_POSITIONS)
    except wkb.BadWkb as bad:
        return FileRow(number, told, fault=_BAD_SHAPE if bad.kind is None else _NOT_SITE), 0
    if own_srs != srs:
        return FileRow(number, told, fault=_OTHER_SRS), positions
    if positions > MAX_SITE_POSITIONS:
        most = f"{MAX_SITE_POSITIONS:,}"
        text = Text(f"点数超过 {most}，请先简化。", f"There are more than {most} positions. Simplify it first.")
        return FileRow(number, told, fault=Refusal("too_many_vertices", text, "/geometry")), positions
    return FileRow(number, told, document), positions


def _unwrapped(shape: Any) -> tuple[bytes, int]:
    """Clause 2.1.3: "GP", version, flags, reference system, envelope, and then well-known binary. Raises BadWkb."""
    if not isinstance(shape, bytes) or len(shape) < 8 or shape[:2] != b"GP" or shape[2] != 0:
        raise wkb.BadWkb
    flags = shape[3]
    envelope = _ENVELOPE_BYTES.get(flags >> 1 & 0b111)
    if envelope is None or flags & 0b0010_0000:
        raise wkb.BadWkb
    (srs,) = struct.unpack_from("<i" if flags & 1 else ">i", shape, 4)
    return shape[8 + envelope :], srs
