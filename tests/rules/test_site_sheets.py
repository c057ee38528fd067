"""Spreadsheets of sites: points and outlines are read as they are meant, or refused row by row with the reason."""

import io

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from shapely import box
from shapely.geometry import shape

from products.gisfiles import FileRefused, read_file
from products.gisfiles.columns import columns_of, kind_in, name_in
from products.gisfiles.sheets import is_sheet
from products.rules.uploads import MAX_FEATURES
from products.rules.words import SiteKind, UploadFormat
from tests.build_files import a_layer, a_shapefile, fields
from tests.build_sheets import site_sheet, text, workbook
from trace.sheet_books import sites_template

HERE, BESIDE = (112.05, 37.45, 112.051, 37.451), (112.052, 37.45, 112.053, 37.451)
HEADER = ("名称", "类型", "经度", "纬度", "边界坐标", "备注")
RING = "112.05,37.45; 112.06,37.45; 112.06,37.46"


def rows_of(*rows, header=HEADER):
    return read_file(workbook([list(row) for row in rows], header)).rows


def refusal(data):
    with pytest.raises(FileRefused) as no:
        read_file(data)
    assert all(fault.text.zh and fault.text.en for fault in no.value.refusals)
    return no.value.refusals[0].code


def test_outlines_are_read_as_from_any_other_file():
    found = read_file(site_sheet(HERE, BESIDE))
    assert (found.format, found.crs, [row.number for row in found.rows]) == (UploadFormat.SHEET, None, [2, 3])
    for row, told in zip(found.rows, (HERE, BESIDE), strict=True):
        assert shape(row.document).symmetric_difference(box(*told)).area < 1e-12


def test_a_point_is_read_from_numbers_and_from_text_and_other_columns_are_told():
    first, second = rows_of(("一号窖", "窖", 112.05, 37.45), ("二号窖", "窖", "112.05000", "３７.45", None, "新建"))
    assert first.document == second.document == {"type": "Point", "coordinates": [112.05, 37.45]}
    columns = columns_of(read_file(workbook([["一号窖", "窖", 112.05, 37.45, None, "新建"]], HEADER)).columns)
    assert columns.unknown == ("备注",)
    assert name_in(second.values, columns) == ("二号窖", None)
    assert kind_in(second.values, columns, None) == (SiteKind.CELLAR, None)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_sheet_may_be_text_in_any_of_the_usual_encodings(charset):
    (row,) = read_file(text([["一号窖", "窖", "112.05", "37.45"]], HEADER[:4], charset)).rows
    assert row.document == {"type": "Point", "coordinates": [112.05, 37.45]}


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("甲", "窖", "112°03′", "37°27′"), "position_shape"),
        (("甲", "窖", "1.1205E+2", 37.45), "position_shape"),
        (("甲", "窖", 112.05, None), "position_shape"),
        (("甲", "窖", "=A1", 37.45), "formula"),
        (("甲", "窖", 112.05, 37.45, RING), "two_shapes"),
        (("甲", "田地", None, None, "112.05,37.45; 112.06,37.45"), "position_shape"),
        (("甲", "田地", None, None, "POLYGON((112 37,112 38,113 38,112 37))"), "position_shape"),
        (("甲", "田地", None, None, "nan,nan; inf,1; 2,2"), "position_shape"),
        ((6901234567892, "窖", 112.05, 37.45), "number_for_text"),
        ((7, "窖", 112.05, 37.45), "number_for_text"),
        (("6.90E+12", "窖", 112.05, 37.45), "number_for_text"),
    ],
)
def test_what_a_row_cannot_mean_stands_in_that_row(cells, code):
    bad, good = rows_of(cells, ("乙", "田地", None, None, RING))
    assert (bad.document, bad.fault.code) == (None, code)
    assert good.fault is None
    assert good.document["coordinates"][0][0] == good.document["coordinates"][0][-1]


def test_a_file_that_cannot_be_meant_is_refused_with_the_reason():
    assert refusal(workbook([["甲", "窖"]], ("名称", "类型"))) == "column_missing"
    assert refusal(b"name,kind\na,b") == "column_missing"
    assert refusal(workbook([["甲", 112, 112, 37]], ("名称", "经度", "lon", "纬度"))) == "column_twice"
    assert refusal(workbook([["甲", 112, 37]] * (MAX_FEATURES + 1), ("名称", "经度", "纬度"))) == "too_many_features"
    assert refusal(workbook([], ("名称", "经度", "纬度"))) == "no_features"
    hidden = workbook(
        [["甲", 112, 37]], ("名称", "经度", "纬度"), lambda _, page: page.set_row(1, None, None, {"hidden": True})
    )
    assert refusal(hidden) == "rows_hidden"
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600) == "file_damaged"


def test_the_template_is_taken_as_it_is():
    with override("zh-hans"):
        template = sites_template()
    header = CalamineWorkbook.from_filelike(io.BytesIO(template)).get_sheet_by_name("数据").to_python()[0]
    assert header == ["名称 *", "类型 *", "经度", "纬度", "边界坐标"]
    (row,) = read_file(workbook([["甲", "窖", 112.05, 37.45]], header)).rows
    assert (row.fault, row.document["type"]) == (None, "Point")


def test_files_of_gis_programs_are_no_sheets():
    assert not any(is_sheet(data) for data in (fields(HERE), a_shapefile(HERE), a_layer(HERE), b"hello", b""))


@settings(max_examples=500)
@given(st.binary(max_size=300))
def test_whether_bytes_are_a_sheet_is_told_of_any(data):
    assert is_sheet(data) in (True, False)
