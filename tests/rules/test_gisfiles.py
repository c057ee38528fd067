"""Honest files of three formats are read alike; what is wrong with one row stands in that row."""

import pytest
import shapely
from shapely.geometry import shape

from products.gisfiles import FileRefused, read_file
from products.gisfiles.columns import columns_of, kind_in, name_in
from products.gisfiles.crs import decide, of_name, of_prj
from products.rules.words import SiteKind, UploadCrs
from tests.build_files import (
    CGCS2000_PRJ,
    WGS84_PRJ,
    XIAN80_PRJ,
    a_geopackage,
    a_layer,
    a_shapefile,
    collection,
    feature,
    fields,
    hole_of,
    packed,
    ring_of,
    shapefile_parts,
    zipped,
    zone_prj,
)

HERE, BESIDE = (112.05, 37.45, 112.051, 37.451), (112.052, 37.45, 112.053, 37.451)


def refusal(data: bytes) -> str:
    with pytest.raises(FileRefused) as no:
        read_file(data)
    assert all(fault.text.zh and fault.text.en for fault in no.value.refusals)
    return no.value.refusals[0].code


@pytest.mark.parametrize("make", [fields, a_shapefile, a_layer])
def test_the_same_two_fields_are_read_from_each_format(make):
    found = read_file(make(HERE, BESIDE))
    assert [row.number for row in found.rows] == [1, 2]
    assert {"名称", "类型"} <= set(found.columns)
    assert [row.values["名称"] for row in found.rows] == ["地块1", "地块2"]
    for row, box in zip(found.rows, (HERE, BESIDE), strict=True):
        assert shape(row.document).symmetric_difference(shapely.box(*box)).area < 1e-12


@pytest.mark.parametrize(("encoding", "cpg"), [("utf-8", None), ("gbk", None), ("gbk", "936"), ("gb18030", "GB18030")])
def test_chinese_attributes_are_read_with_and_without_a_word_on_their_encoding(encoding, cpg):
    row = read_file(a_shapefile(HERE, encoding=encoding, cpg=cpg)).rows[0]
    assert row.values == {"名称": "地块1", "类型": "田地"}


def test_a_table_that_is_not_in_its_stated_encoding_is_refused():
    assert refusal(a_shapefile(HERE, encoding="gbk", cpg="UTF-8")) == "dbf_encoding"


def test_holes_and_parts_of_a_shapefile_find_their_outlines():
    island = (112.06, 37.46, 112.07, 37.47)
    rings = [ring_of((112.0, 37.4, 112.05, 37.45)), ring_of(island), hole_of((112.01, 37.41, 112.02, 37.42))]
    row = read_file(zipped(shapefile_parts([rings], [("a", "田地")]))).rows[0]
    read = shape(row.document)
    assert read.is_valid
    assert (read.geom_type, [len(part.interiors) for part in read.geoms]) == ("MultiPolygon", [1, 0])


def test_points_nulls_and_lines_keep_their_place_in_the_file():
    parts = shapefile_parts([(112.05, 37.45), None], [("作坊", "加工场所"), ("无", "田地")])
    works, nothing = read_file(zipped(parts)).rows
    assert works.document == {"type": "Point", "coordinates": (112.05, 37.45)}
    assert nothing.fault.code == "geometry_missing"
    line = packed(shapely.LineString([(112, 37), (113, 38)]))
    rows = read_file(a_geopackage([(line, "线", "田地"), (None, "空", "田地"), (b"GP", "坏", "田地")])).rows
    assert [row.fault.code for row in rows] == ["geometry_type", "geometry_missing", "shape_unreadable"]


@pytest.mark.parametrize("flags", [{}, {"output_dimension": 3}, {"byte_order": 0}])
def test_binary_with_heights_and_of_either_order_is_read(flags):
    solid = shapely.force_3d(shapely.MultiPolygon([shapely.box(*HERE), shapely.box(*BESIDE)]), 800.0)
    blob = b"GP\x00\x01\xe6\x10\x00\x00" + shapely.to_wkb(solid, **flags)
    (row,) = read_file(a_geopackage([(blob, "a", "田地")])).rows
    assert shape(row.document).equals(shapely.force_2d(solid))


def test_a_database_left_in_write_ahead_mode_is_read():
    """QGIS leaves its files so while a layer is open."""
    data = bytearray(a_layer(HERE))
    data[18:20] = b"\x02\x02"
    assert len(read_file(bytes(data)).rows) == 1


@pytest.mark.parametrize(
    ("prj", "crs"),
    [
        (WGS84_PRJ, UploadCrs.WGS84),
        (CGCS2000_PRJ, UploadCrs.CGCS2000),
        (zone_prj(111.0, 500000.0), UploadCrs.GK_111),
        (zone_prj(114.0, 500000.0), UploadCrs.GK_114),
        (zone_prj(111.0, 37500000.0), UploadCrs.GK_ZONE_37),
        (zone_prj(114.0, 38500000.0), UploadCrs.GK_ZONE_38),
    ],
)
def test_known_systems_are_told_by_their_parameters(prj, crs):
    assert of_prj(prj.encode()) is crs
    assert of_prj(prj.replace("],", "],\n  ").encode()) is crs


@pytest.mark.parametrize(
    ("prj", "code"),
    [
        (XIAN80_PRJ, "crs_unknown"),
        (zone_prj(117.0, 500000.0), "crs_unknown"),
        (zone_prj(111.0, 500000.0, base=WGS84_PRJ), "crs_unknown"),
        (zone_prj(111.0, 500000.0).replace("Gauss_Kruger", "Lambert_Conformal_Conic"), "crs_unknown"),
        (zone_prj(111.0, 500000.0).replace('["Meter",1.0]', '["Foot",0.3048]'), "crs_unknown"),
        (WGS84_PRJ.replace("0.0174532925199433", "0.01570796"), "crs_unknown"),
        (WGS84_PRJ.replace("6378137.0", "6378200.0"), "crs_unknown"),
        ("", "prj_unreadable"),
        ("GEOGCS", "prj_unreadable"),
        ("GEOGCS[" * 50, "prj_unreadable"),
        ('GEOGCS["a",' + "DATUM[" * 20 + "]" * 21, "prj_unreadable"),
        ("GEOGCS[" + "9" * 9000, "prj_unreadable"),
        ("<xml/>", "prj_unreadable"),
        ("]", "prj_unreadable"),
    ],
)
def test_any_other_system_is_refused_with_its_name(prj, code):
    with pytest.raises(FileRefused) as no:
        of_prj(prj.encode())
    assert no.value.refusals[0].code == code


def test_the_system_of_a_file_and_that_of_its_uploader_have_to_agree():
    wgs, cgcs = UploadCrs.WGS84, UploadCrs.CGCS2000
    assert (decide(wgs, None, None), decide(None, cgcs, wgs), decide(None, None, wgs)) == (wgs, cgcs, wgs)
    for found, declared, code in ((wgs, cgcs, "crs_conflict"), (None, None, "crs_missing")):
        with pytest.raises(FileRefused) as no:
            decide(found, declared, None)
        assert no.value.refusals[0].code == code


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", UploadCrs.WGS84),
        ("urn:ogc:def:crs:EPSG::4490", UploadCrs.CGCS2000),
        ("EPSG:4547", UploadCrs.GK_114),
    ],
)
def test_the_crs_member_of_older_geojson_is_understood_by_name(name, crs):
    assert of_name(name) is crs
    member = {"type": "name", "properties": {"name": name}}
    assert read_file(collection(feature(HERE), crs=member)).crs is crs


@pytest.mark.parametrize(
    "member",
    [
        {"type": "name", "properties": {"name": "EPSG:3857"}},
        {"type": "link", "properties": {"href": "http://example.org/crs", "type": "proj4"}},
        {"type": "name", "properties": {}},
        "EPSG:4326",
        [],
    ],
)
def test_any_other_crs_member_is_refused_and_never_fetched(member):
    assert refusal(collection(feature(HERE), crs=member)) == "crs_unknown"


def test_columns_are_found_by_the_words_that_people_use():
    columns = columns_of(["OBJECTID", "Site Name", "TYPE", "备注"])
    assert (columns.name, columns.kind, columns.unknown) == ("Site Name", "TYPE", ("OBJECTID", "备注"))
    assert columns_of(["name", "名称"]).name == "名称"


@pytest.mark.parametrize("word", ["果园", "orchard", "ORCHARD", " Orchard "])
def test_kinds_are_read_in_chinese_in_english_and_by_code(word):
    columns = columns_of(["kind"])
    assert kind_in({"kind": word}, columns, None) == (SiteKind.ORCHARD, None)


def test_a_row_without_a_kind_takes_that_of_the_file_and_a_strange_one_never():
    columns = columns_of(["kind"])
    assert kind_in({}, columns, SiteKind.FIELD) == (SiteKind.FIELD, None)
    assert kind_in({}, columns, None)[1].code == "kind_missing"
    assert kind_in({"kind": "月球{0}"}, columns, SiteKind.FIELD)[1].code == "kind_unknown"


@pytest.mark.parametrize("value", [None, "", "  ", True, [], {}, "x" * 81, "a\x00b", "\u202e"])
def test_a_name_that_is_none_is_told(value):
    columns = columns_of(["name"])
    assert name_in({"name": value}, columns)[1].code in ("name_missing", "name_unfit")


def test_numbers_serve_as_names():
    columns = columns_of(["name"])
    assert [name_in({"name": value}, columns)[0] for value in (12, 12.0, " 东  地 ")] == ["12", "12", "东 地"]
