"""POST /api/v1/regions/assess/: area, divisions and regions of polygons, judged as sites are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gi_registry.lib import spending
from regions import queries
from regions.geometry import read_geometry
from regions.rules.gcj02 import gcj02_of
from tests.api.asking import codes, send
from tests.build_regions import a_boundary, a_region, a_ring, a_square, the_divisions
from tests.cast import TODAY

URL = "/api/v1/regions/assess/"
pytestmark = pytest.mark.django_db
BOW_TIE = {"type": "Polygon", "coordinates": [[[112, 37], [113, 38], [113, 37], [112, 38], [112, 37]]]}


@pytest.fixture
def region(db):
    the_divisions()
    region = a_region()
    a_boundary(region)
    return region


@pytest.fixture
def ask(as_machine):
    return lambda *shapes, **more: send(as_machine(None), "post", URL, {"shapes": list(shapes), **more})


def told(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_polygon_across_a_county_line_is_shared_out(region, ask):
    answer = told(ask(a_square(112.3, 37.45, 112.5, 37.5)))
    (shape,) = answer["shapes"]
    assert shape["area_m2"] == pytest.approx(0.01 * 9808e6, rel=0.002)
    assert shape["area_hectares"] == pytest.approx(shape["area_m2"] / 10_000)
    assert shape["area_mu"] == pytest.approx(shape["area_m2"] * 3 / 2000)
    shares = {row["code"]: row["share"] for row in shape["divisions"]}
    assert shares == pytest.approx({"140000": 1, "140100": 0.5, "140121": 0.5, "140700": 0.5, "140727": 0.5}, abs=1e-4)
    assert {row["code"] for row in answer["divisions"]} == set(shares)
    (overlap,) = shape["regions"]
    assert (overlap["number"], overlap["placement"]) == (region.number, "outside")
    assert overlap["inside_share"] == pytest.approx(0.5, abs=1e-4)
    assert overlap["overlap_m2"] + overlap["beyond_m2"] == pytest.approx(shape["area_m2"])
    assert overlap["beyond_m"] == pytest.approx(8_850, rel=0.01)
    assert overlap["clearance_m"] is None


@pytest.mark.parametrize(
    ("box", "placement", "is_near"),
    [
        ((112.1, 37.45, 112.11, 37.46), "inside", False),
        ((112.38, 37.45, 112.395, 37.46), "near_boundary", True),
        ((112.395, 37.45, 112.405, 37.46), "near_boundary", True),
        ((112.405, 37.45, 112.408, 37.46), "near_boundary", True),
        ((112.38, 37.45, 112.45, 37.46), "outside", False),
    ],
)
def test_a_polygon_is_judged_as_a_site_is(region, ask, box, placement, is_near):
    ((overlap,),) = (shape["regions"] for shape in told(ask(a_square(*box)))["shapes"])
    assert (overlap["placement"], overlap["near_boundary"]) == (placement, is_near)
    finding = queries.placement_of(region, read_geometry(a_square(*box)), TODAY)
    assert finding.placement == placement
    assert finding.inside_share == pytest.approx(overlap["inside_share"])
    assert finding.distance_m == pytest.approx(overlap["clearance_m"] or overlap["beyond_m"])


def test_only_what_is_touched_is_told_unless_it_is_named(region, ask):
    far = a_square(112.6, 37.45, 112.61, 37.46)
    assert told(ask(far))["shapes"][0]["regions"] == []
    (overlap,) = told(ask(far, regions=[region.number]))["shapes"][0]["regions"]
    assert (overlap["placement"], overlap["inside_share"]) == ("outside", 0)
    assert overlap["beyond_m"] > 17_000


def test_zones_count_together(region, ask):
    a_boundary(region, zone="east", division_codes=["140727"])
    answer = told(ask(a_square(112.39, 37.5, 112.45, 37.52)))
    (overlap,) = answer["shapes"][0]["regions"]
    assert (overlap["placement"], overlap["zone"]) == ("inside", "east")
    assert [row["number"] for row in answer["regions"]] == [region.number]


def test_a_hole_in_the_shape_and_a_hole_in_the_region_are_both_seen(region, ask):
    rings = [a_ring(112.1, 37.45, 112.35, 37.65), a_ring(112.2, 37.5, 112.3, 37.6)]
    round_the_hole = {"type": "Polygon", "coordinates": rings}
    over_the_hole = a_square(112.1, 37.45, 112.35, 37.65)
    around, over = told(ask(round_the_hole, over_the_hole))["shapes"]
    assert around["regions"][0]["inside_share"] == 1
    assert over["regions"][0]["inside_share"] == pytest.approx(0.8, abs=1e-3)


def test_a_polygon_of_shifted_coordinates_is_converted(region, ask):
    ring = [list(gcj02_of(*position)) for position in a_ring(112.1, 37.45, 112.11, 37.46)]
    shifted = {"type": "Polygon", "coordinates": [ring]}
    answer = told(ask(shifted, crs="gcj02"))
    (plain,) = told(ask(a_square(112.1, 37.45, 112.11, 37.46)))["shapes"]
    assert answer["crs"] == "gcj02"
    assert answer["shapes"][0]["area_m2"] == pytest.approx(plain["area_m2"], rel=1e-4)


def test_nothing_is_told_where_there_is_nothing(region, ask):
    (shape,) = told(ask(a_square(-10, 5, 10, 89.9)))["shapes"]
    assert (shape["divisions"], shape["regions"]) == ([], [])
    assert shape["area_m2"] > 1e13


def test_a_day_before_the_boundary_knows_no_region(region, ask):
    (shape,) = told(ask(a_square(112.1, 37.45, 112.11, 37.46), on="2000-01-01"))["shapes"]
    assert shape["regions"] == []


@pytest.mark.parametrize(
    ("shape", "pointer", "code"),
    [
        (BOW_TIE, "/shapes/1/coordinates", "self_crossing"),
        ({"type": "Polygon", "coordinates": [a_ring(112, 37, 113, 38)[:-1]]}, "/shapes/1/coordinates/0/3", "ring_open"),
        (a_square(37, 112, 38, 113), "/shapes/1/coordinates/0/0", "axes_swapped"),
        ({"type": "Point", "coordinates": [112, 37]}, "/shapes/1/type", "geometry_type"),
        ({**a_square(112, 37, 113, 38), "crs": {}}, "/shapes/1/crs", "foreign_crs"),
        ("POLYGON EMPTY", "/shapes/1", "geometry_not_object"),
        (a_square(-180, -90, 180, 90), "/shapes/1/coordinates", "geometry_too_wide"),
        (a_square(-178, 30, 178, 40), "/shapes/1/coordinates", "geometry_too_wide"),
        (None, "/shapes/1", "geometry_not_object"),
        ({"type": "Polygon", "coordinates": []}, "/shapes/1/coordinates", "geometry_empty"),
    ],
)
def test_a_bad_polygon_is_named_with_its_place(region, ask, shape, pointer, code):
    assert codes(ask(a_square(112.1, 37.45, 112.11, 37.46), shape)) == [(pointer, code)]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"shapes": []}, "/shapes", "min_length"),
        ({"shapes": a_square(112, 37, 113, 38)}, "/shapes", "not_a_list"),
        ({"shapes": [a_square(112, 37, 113, 38)] * 501}, "/shapes", "max_length"),
        ({"shapes": [a_square(112, 37, 113, 38)], "regions": []}, "/regions", "min_length"),
        ({"shapes": [a_square(112, 37, 113, 38)], "regions": ["x"] * 21}, "/regions", "max_length"),
        ({"shapes": [a_square(112, 37, 113, 38)], "regions": ["nobody{}"]}, "/regions/0", "unknown"),
        ({"shapes": [a_square(112, 37, 113, 38)], "crs": "wgs84"}, "/crs", "invalid_choice"),
    ],
)
def test_a_bad_question_is_named(region, as_machine, body, pointer, code):
    assert codes(send(as_machine(None), "post", URL, body)) == [(pointer, code)]


def test_positions_are_counted_over_all_shapes(region, ask):
    comb = [[112.0 + place * 1e-5, 37.41 + 1e-4 * (place % 2)] for place in range(4_000)]
    ring = [*comb, [112.04, 37.5], [112.0, 37.5], comb[0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    assert codes(ask(shape, shape, shape)) == [("/shapes/2", "too_many_positions")]
    assert len(told(ask(shape, shape))["shapes"]) == 2


def test_many_shapes_cost_as_many_queries_as_one(region, ask):
    counts = []
    for many in (1, 100):
        shapes = [a_square(112.0 + n * 0.004, 37.45, 112.003 + n * 0.004, 37.46) for n in range(many)]
        with CaptureQueriesContext(connection) as asked:
            assert len(told(ask(*shapes))["shapes"]) == many
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9


def test_a_question_that_takes_too_long_is_refused_and_not_failed(region, ask, monkeypatch):
    monkeypatch.setattr(spending, "MOST_MS", 1)
    shapes = [a_square(112.0 + n * 0.001, 37.45, 112.3 + n * 0.001, 37.6) for n in range(100)]
    assert codes(ask(*shapes)) == [("/shapes", "too_much_at_once")]
