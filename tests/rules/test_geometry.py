"""GeoJSON from strangers: what is taken, what is refused, and what each refusal says."""

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from regions.geometry import (
    MAX_FAULTS,
    MAX_VERTICES,
    POLYGONS,
    SITES,
    GeometryRefused,
    as_multipolygon,
    draw,
    from_geos,
    read_geometry,
    to_geojson,
    to_geos,
)

SQUARE = [[112.0, 37.0], [112.1, 37.0], [112.1, 37.1], [112.0, 37.1], [112.0, 37.0]]
POND = [[112.04, 37.04], [112.04, 37.06], [112.06, 37.06], [112.06, 37.04], [112.04, 37.04]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": [*rings]}


def refusals_of(document, kinds=POLYGONS):
    with pytest.raises(GeometryRefused) as caught:
        read_geometry(document, kinds=kinds)
    return caught.value.refusals


def test_a_polygon_with_a_hole_is_taken_and_its_hole_stays():
    geometry = read_geometry(polygon(SQUARE, POND))
    assert len(geometry.interiors) == 1
    assert geometry.area == pytest.approx(0.01 - 0.0004)


def test_rings_are_turned_the_way_that_geojson_wants_them():
    geometry = read_geometry(polygon(SQUARE[::-1], POND[::-1]))
    assert geometry.exterior.is_ccw
    assert not geometry.interiors[0].is_ccw


def test_heights_are_dropped_and_positions_keep_seven_decimals():
    ring = [[x + 1e-9, y, 800.5] for x, y in SQUARE]
    geometry = read_geometry(polygon(ring))
    assert not geometry.has_z
    assert geometry.exterior.coords[0] == (112.0, 37.0)


def test_a_point_is_taken_only_where_points_are_asked_for():
    point = {"type": "Point", "coordinates": [112.5, 37.5]}
    assert read_geometry(point, kinds=SITES).coords[0] == (112.5, 37.5)
    assert refusals_of(point)[0].code == "geometry_type"


def test_a_bbox_member_is_ignored():
    assert read_geometry({**polygon(SQUARE), "bbox": "whatever"}).is_valid


@pytest.mark.parametrize(
    ("document", "code", "pointer"),
    [
        (None, "geometry_not_object", "/geometry"),
        ("POLYGON((0 0,1 1,1 0,0 0))", "geometry_not_object", "/geometry"),
        ([1, 2], "geometry_not_object", "/geometry"),
        ({}, "geometry_type", "/geometry/type"),
        ({"type": ["Polygon"], "coordinates": []}, "geometry_type", "/geometry/type"),
        ({"type": "Feature", "geometry": polygon(SQUARE)}, "geometry_type", "/geometry/type"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry_type", "/geometry/type"),
        ({"type": "Polygon"}, "geometry_not_list", "/geometry/coordinates"),
        ({"type": "Polygon", "coordinates": []}, "geometry_empty", "/geometry/coordinates"),
        (polygon([]), "geometry_empty", "/geometry/coordinates/0"),
        ({**polygon(SQUARE), "geometries": []}, "unknown_member", "/geometry"),
        ({**polygon(SQUARE), "crs": {"type": "name", "properties": {"name": "EPSG:4490"}}}, "foreign_crs", "/geometry/crs"),
        ({**polygon(SQUARE), "crs": None}, "foreign_crs", "/geometry/crs"),
        (polygon(SQUARE[:-1]), "ring_open", "/geometry/coordinates/0/3"),
        (polygon([SQUARE[0], SQUARE[1], SQUARE[0]]), "ring_short", "/geometry/coordinates/0"),
        (polygon([[112.0, math.nan], *SQUARE]), "position_not_finite", "/geometry/coordinates/0/0"),
        (polygon([*SQUARE[:2], [math.inf, 37.0], SQUARE[0]]), "position_not_finite", "/geometry/coordinates/0/2"),
        (polygon([[10**400, 37], *SQUARE]), "position_not_finite", "/geometry/coordinates/0/0"),
        (polygon([[181.0, 37.0], *SQUARE]), "out_of_range", "/geometry/coordinates/0/0"),
        (polygon([[112.0, -91.0], *SQUARE]), "out_of_range", "/geometry/coordinates/0/0"),
        (polygon([["112", "37"], *SQUARE]), "position_shape", "/geometry/coordinates/0/0"),
        (polygon([[True, 37], *SQUARE]), "position_shape", "/geometry/coordinates/0/0"),
        (polygon([[112.0], *SQUARE]), "position_shape", "/geometry/coordinates/0/0"),
        (polygon([[112.0, 37.0, 1.0, 2.0], *SQUARE]), "position_shape", "/geometry/coordinates/0/0"),
        (polygon([[[112.0, 37.0]], *SQUARE]), "position_shape", "/geometry/coordinates/0/0"),
        (polygon([[], *SQUARE]), "geometry_empty", "/geometry/coordinates/0/0"),
    ],
)  # fmt: skip
def test_a_fault_is_named_where_it_stands(document, code, pointer):
    first = refusals_of(document)[0]
    assert (first.code, first.pointer) == (code, pointer)
    assert first.text.zh
    assert first.text.en


@pytest.mark.parametrize(
    ("rings", "code"),
    [
        ([[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]], "self_crossing"),
        ([SQUARE, [[113.0, 37.0], [113.1, 37.0], [113.1, 37.1], [113.0, 37.0]]], "hole_outside"),
        ([[SQUARE[0]] * 4], "ring_collapsed"),
        ([SQUARE, POND, [[112.045, 37.045], [112.05, 37.045], [112.05, 37.05], [112.045, 37.045]]], "holes_nested"),
    ],
)
def test_an_invalid_shape_is_refused_with_the_place_of_the_fault(rings, code):
    (refusal,) = refusals_of(polygon(*rings))
    assert refusal.code == code
    assert "112" in refusal.text.en or "113" in refusal.text.en


def test_parts_that_lie_inside_one_another_are_refused():
    inner = [[x, y] for x, y in POND]
    (refusal,) = refusals_of({"type": "MultiPolygon", "coordinates": [[SQUARE], [inner]]})
    assert refusal.code == "parts_overlap"


def test_swapped_axes_are_recognised_once_for_the_whole_shape():
    (refusal,) = refusals_of(polygon([[y, x] for x, y in SQUARE]))
    assert refusal.code == "axes_swapped"
    assert "latitude" in refusal.text.en


def test_swapped_axes_are_recognised_in_the_far_west_where_both_numbers_are_in_range():
    kashgar = [[39.4, 75.9], [39.5, 75.9], [39.5, 76.0], [39.4, 75.9]]
    assert refusals_of(polygon(kashgar))[0].code == "axes_swapped"


def test_a_place_abroad_is_not_taken_for_swapped_axes():
    lyon = [[4.8, 45.7], [4.9, 45.7], [4.9, 45.8], [4.8, 45.7]]
    assert read_geometry(polygon(lyon)).is_valid


def ring_of(vertices):
    turn = 2 * math.pi / (vertices - 1)
    ring = [[112 + math.cos(i * turn) / 2, 37 + math.sin(i * turn) / 2] for i in range(vertices - 1)]
    return [*ring, ring[0]]


def test_a_hundred_thousand_positions_pass_and_one_more_does_not():
    assert shapely.get_num_coordinates(read_geometry(polygon(ring_of(MAX_VERTICES)))) == MAX_VERTICES
    (refusal,) = refusals_of(polygon(ring_of(MAX_VERTICES + 1)))
    assert refusal.code == "too_many_vertices"


def test_endless_faults_are_cut_short():
    assert len(refusals_of(polygon([[999, 999]] * 5000))) == MAX_FAULTS


def test_deep_nesting_ends_as_a_wrong_position():
    deep = []
    for _ in range(500):
        deep = [deep]
    assert refusals_of({"type": "MultiPolygon", "coordinates": deep})[0].code == "position_shape"


def test_what_goes_to_the_database_comes_back_the_same():
    geometry = as_multipolygon(read_geometry(polygon(SQUARE, POND)))
    assert from_geos(to_geos(geometry)).equals(geometry)
    assert to_geos(geometry).srid == 4326
    assert read_geometry(to_geojson(to_geos(geometry))).equals(geometry)


def test_a_drawing_fits_its_box_and_keeps_holes():
    outline = draw(as_multipolygon(read_geometry(polygon(SQUARE, POND))), size_px=200)
    assert outline.path.count("M") == 2
    assert (outline.width, outline.height) == (160, 200)


_numbers = (
    st.floats(allow_nan=True, allow_infinity=True) | st.integers() | st.none() | st.text(max_size=3) | st.booleans()
)
_trees = st.recursive(_numbers, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=5), inner))


@given(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["Point", "Polygon", "MultiPolygon", "LineString", ""]), "coordinates": _trees}
    )
    | _trees
)
def test_no_document_makes_the_reader_stumble(document):
    try:
        faults = ()
        is_sound = read_geometry(document, kinds=SITES).is_valid
    except GeometryRefused as refused:
        faults, is_sound = refused.refusals, False
    assert is_sound or 1 <= len(faults) <= MAX_FAULTS
