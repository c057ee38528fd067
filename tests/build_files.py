"""Files as GIS programs write them, and as nobody should: GeoJSON, zipped Shapefiles and GeoPackages made in memory."""

import io
import json
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import shapefile
import shapely

from tests.build_regions import a_square

WGS84_PRJ = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
CGCS2000_PRJ = (
    'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
XIAN80_PRJ = (
    'GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


def zone_prj(meridian: float, easting: float, base: str = CGCS2000_PRJ) -> str:
    return (
        f'PROJCS["CGCS2000_3_Degree_GK",{base},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{easting}],'
        f'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",1.0],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


Box = tuple[float, float, float, float]


def feature(box: Box | None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": a_square(*box) if box else None}


def collection(*features: Any, **members: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", **members, "features": list(features)}).encode()


def fields(*boxes: Box, kind: str = "田地") -> bytes:
    """A plain good file: a field for each box."""
    return collection(*(feature(box, 名称=f"地块{n}", 类型=kind) for n, box in enumerate(boxes, start=1)))


# --- Shapefile ---------------------------------------------------------------------------------------------------

Column = tuple[str, str, int]
NAMES: tuple[Column, ...] = (("名称", "C", 60), ("类型", "C", 20))


def shapefile_parts(
    shapes: Sequence[Any],
    records: Sequence[Sequence[Any]],
    columns: Sequence[Column] = NAMES,
    *,
    encoding: str = "utf-8",
    prj: str | None = WGS84_PRJ,
    cpg: str | None = "UTF-8",
) -> dict[str, bytes]:
    """Suffix -> contents. A shape is a list of rings, a position, or None."""
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    is_points = any(isinstance(shape, tuple) for shape in shapes)
    kind = shapefile.POINT if is_points else shapefile.POLYGON
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, shapeType=kind, encoding=encoding) as writer:
        for name, letter, size in columns:
            writer.field(name, letter, size=size)
        for shape, record in zip(shapes, records, strict=True):
            if shape is None:
                writer.null()
            elif is_points:
                writer.point(*shape)
            else:
                writer.poly(shape)
            writer.record(*record)
    parts = {".shp": shp.getvalue(), ".shx": shx.getvalue(), ".dbf": dbf.getvalue()}
    return parts | {suffix: text.encode() for suffix, text in ((".prj", prj), (".cpg", cpg)) if text is not None}


def ring_of(box: Box) -> list[tuple[float, float]]:
    """Clockwise, as Shapefiles have outlines."""
    west, south, east, north = box
    return [(west, south), (west, north), (east, north), (east, south), (west, south)]


def hole_of(box: Box) -> list[tuple[float, float]]:
    return ring_of(box)[::-1]


def zipped(parts: dict[str, bytes], stem: str = "plots", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for suffix, content in parts.items():
            archive.writestr(stem + suffix, content)
    return out.getvalue()


def a_shapefile(*boxes: Box, **more: Any) -> bytes:
    """A plain good archive: a field for each box."""
    records = [(f"地块{n}", "田地") for n, _ in enumerate(boxes, start=1)]
    return zipped(shapefile_parts([[ring_of(box)] for box in boxes], records, **more))


# --- GeoPackage --------------------------------------------------------------------------------------------------

_SCHEMA = """
PRAGMA application_id = 0x47504B47;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
  organization_coordsys_id INTEGER, definition TEXT, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER,
  z TINYINT, m TINYINT);
CREATE TABLE plots (fid INTEGER PRIMARY KEY, geom BLOB, "名称" TEXT, "类型" TEXT);
"""


def packed(geometry: Any, srs: int = 4326) -> bytes:
    """The binary of a geometry as a GeoPackage stores it, without an envelope."""
    return b"GP\x00\x01" + struct.pack("<i", srs) + shapely.to_wkb(geometry)


def a_geopackage(
    rows: Sequence[tuple[Any, ...]],
    *,
    srs: int = 4326,
    code: int | None = None,
    change: Callable[[sqlite3.Connection], Any] | str = "",
) -> bytes:
    """Rows of (blob, name, kind). ``change``: SQL or a function that does something to the finished database."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "made.gpkg"
        connection = sqlite3.connect(file)
        connection.executescript(_SCHEMA)
        connection.execute(
            "INSERT INTO gpkg_spatial_ref_sys VALUES ('x', ?, 'EPSG', ?, 'undefined', '')", (srs, code or srs)
        )
        connection.execute("INSERT INTO gpkg_contents VALUES ('plots', 'features', 'plots', ?)", (srs,))
        connection.execute("INSERT INTO gpkg_geometry_columns VALUES ('plots', 'geom', 'GEOMETRY', ?, 0, 0)", (srs,))
        connection.executemany('INSERT INTO plots (geom, "名称", "类型") VALUES (?, ?, ?)', rows)
        if callable(change):
            change(connection)
        else:
            connection.executescript(change)
        connection.commit()
        connection.execute("VACUUM")
        connection.close()
        return file.read_bytes()


def a_layer(*boxes: Box, **more: Any) -> bytes:
    """A plain good GeoPackage: a field for each box."""
    return a_geopackage(
        [(packed(shapely.box(*box)), f"地块{n}", "田地") for n, box in enumerate(boxes, start=1)], **more
    )
