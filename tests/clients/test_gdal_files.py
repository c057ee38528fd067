"""Files that Debian's own GDAL writes, and QGIS with it, come in as they are: formats, encodings, systems, versions."""

import subprocess
from pathlib import Path

import pytest
import shapely
from shapely.geometry import shape

from products.gisfiles import read_file
from products.rules.words import UploadCrs
from tests.build_files import collection, feature, fields, zipped

HERE, BESIDE = (112.05, 37.45, 112.051, 37.451), (112.052, 37.45, 112.053, 37.451)
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@pytest.fixture
def ogr(tmp_path: Path):
    """Turn a plain GeoJSON file into another; the bytes of what came out, a Shapefile as a ZIP archive."""
    source = tmp_path / "plots.geojson"
    source.write_bytes(fields(HERE, BESIDE))

    def convert(name: str, *options: str) -> bytes:
        out = tmp_path / name
        subprocess.run(["ogr2ogr", *options, out, source], check=True, capture_output=True, timeout=60)
        if out.suffix != ".shp":
            return out.read_bytes()
        found = {suffix: out.with_suffix(suffix) for suffix in PARTS}
        return zipped({suffix: file.read_bytes() for suffix, file in found.items() if file.exists()})

    return convert


def check(data: bytes, crs: UploadCrs | None, *, in_degrees: bool = True) -> None:
    found = read_file(data)
    assert found.crs is crs
    assert [row.values["名称"] for row in found.rows] == ["地块1", "地块2"]
    assert [row.values["类型"] for row in found.rows] == ["田地", "田地"]
    for row, box in zip(found.rows, (HERE, BESIDE), strict=True):
        assert shape(row.document).is_valid
        if in_degrees:
            assert shape(row.document).symmetric_difference(shapely.box(*box)).area < 1e-9


@pytest.mark.parametrize(
    ("options", "crs"),
    [((), None), (("-lco", "RFC7946=YES"), None), (("-t_srs", "EPSG:4490"), UploadCrs.CGCS2000)],
)
def test_geojson(ogr, options, crs):
    check(ogr("out.geojson", *options), crs)


@pytest.mark.parametrize(
    ("options", "crs"),
    [
        ((), UploadCrs.WGS84),
        (("-dsco", "VERSION=1.0"), UploadCrs.WGS84),
        (("-lco", "SPATIAL_INDEX=NO"), UploadCrs.WGS84),
        (("-t_srs", "EPSG:4490"), UploadCrs.CGCS2000),
        (("-t_srs", "EPSG:4547"), UploadCrs.GK_114),
        (("-nlt", "MULTIPOLYGON25D", "-nln", "地块"), UploadCrs.WGS84),
    ],
)
def test_geopackages(ogr, options, crs):
    check(ogr("out.gpkg", *options), crs, in_degrees="EPSG:4547" not in options)


@pytest.mark.parametrize("encoding", ["UTF-8", "CP936"])
def test_shapefiles_in_both_encodings(ogr, encoding):
    check(ogr("out.shp", "-lco", f"ENCODING={encoding}"), UploadCrs.WGS84)


@pytest.mark.parametrize(
    ("srs", "crs"),
    [
        ("EPSG:4490", UploadCrs.CGCS2000),
        ("EPSG:4546", UploadCrs.GK_111),
        ("EPSG:4547", UploadCrs.GK_114),
        ("EPSG:4525", UploadCrs.GK_ZONE_37),
        ("EPSG:4526", UploadCrs.GK_ZONE_38),
    ],
)
def test_the_systems_that_are_read_are_told_from_what_gdal_writes(ogr, srs, crs):
    check(ogr("out.shp", "-lco", "ENCODING=UTF-8", "-t_srs", srs), crs, in_degrees=crs is UploadCrs.CGCS2000)


def test_holes_and_parts_survive_the_way_through_a_shapefile(ogr, tmp_path):
    donut = shapely.Polygon(shapely.box(*HERE).exterior, [shapely.box(112.0503, 37.4503, 112.0506, 37.4506).exterior])
    whole = shapely.MultiPolygon([donut, shapely.box(*BESIDE)])
    plot = {**feature(None, 名称="地块", 类型="田地"), "geometry": shapely.geometry.mapping(whole)}
    (tmp_path / "plots.geojson").write_bytes(collection(plot))
    (row,) = read_file(ogr("out.shp", "-lco", "ENCODING=UTF-8")).rows
    assert shape(row.document).symmetric_difference(whole).area < 1e-12
