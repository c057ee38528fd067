"""Reading files of sites from strangers, of GIS programs and spreadsheets: bytes in, rows or reasons out. No Django, no GDAL, no
network, so that it can be fuzzed alone."""

from products.gisfiles import geojson, geopackage, shapefiles, sheets
from products.gisfiles.faults import FileRead, FileRefused, FileRow, refused

__all__ = ["FileRead", "FileRefused", "FileRow", "read_file"]


def read_file(data: bytes) -> FileRead:
    """A GeoJSON file, a zipped Shapefile, a GeoPackage or a spreadsheet, told by its bytes and never by its name.

    Raises FileRefused. What is wrong with one row alone stands in that row.
    """
    if not data.startswith((b"SQLite", b"{")) and sheets.is_sheet(data):
        return _with_rows(sheets.read(data))
    if data.startswith(b"PK"):
        return _with_rows(shapefiles.read(data))
    if data.startswith(b"SQLite format 3\x00"):
        return _with_rows(geopackage.read(data))
    if data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").startswith(b"{"):
        return _with_rows(geojson.read(data))
    raise refused(
        "format_unknown",
        "请上传 GeoJSON、压缩成 ZIP 的 Shapefile、GeoPackage，或有经纬度列的表格。",
        "Upload GeoJSON, a Shapefile in a ZIP archive, a GeoPackage, or a spreadsheet with longitude and latitude.",
    )


def _with_rows(found: FileRead) -> FileRead:
    if not found.rows:
        raise refused("no_features", "文件里没有要素。", "There are no features in the file.")
    return found
