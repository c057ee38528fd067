"""Reading the files of GIS programs from strangers: bytes in, rows or reasons out. No Django, no GDAL, no network, so that
it can be fuzzed alone."""

from products.gisfiles import geojson, geopackage, shapefiles
from products.gisfiles.faults import FileRead, FileRefused, FileRow, refused

__all__ = ["FileRead", "FileRefused", "FileRow", "read_file"]


def read_file(data: bytes) -> FileRead:
    """A GeoJSON file, a zipped Shapefile or a GeoPackage, told by its first bytes and never by its name.

    Raises FileRefused. What is wrong with one row alone stands in that row.
    """
    if data.startswith(b"PK"):
        return _with_rows(shapefiles.read(data))
    if data.startswith(b"SQLite format 3\x00"):
        return _with_rows(geopackage.read(data))
    if data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").startswith(b"{"):
        return _with_rows(geojson.read(data))
    raise refused(
        "format_unknown",
        "请上传 GeoJSON、压缩成 ZIP 的 Shapefile，或 GeoPackage。",
        "Upload GeoJSON, a Shapefile in a ZIP archive, or a GeoPackage.",
    )


def _with_rows(found: FileRead) -> FileRead:
    if not found.rows:
        raise refused("no_features", "文件里没有要素。", "There are no features in the file.")
    return found
