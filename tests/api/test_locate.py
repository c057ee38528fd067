"""POST /api/v1/regions/locate/: where thousands of points lie, in one answer; every bad point named."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gi_registry.lib.access import Actor
from gi_registry.lib.models import AnsweredRequest
from regions import actions
from regions.models import Boundary
from regions.rules.gcj02 import bd09_of, gcj02_of
from tests.api.asking import codes, send
from tests.build_regions import BOXES, a_boundary, a_region, the_divisions
from tests.cast import NOW

URL = "/api/v1/regions/locate/"
pytestmark = pytest.mark.django_db
DEGREE_M = 88_500  # one degree of longitude at 37.5 N
QINGXU, QI, JINYUAN = ["140000", "140100", "140121"], ["140000", "140700", "140727"], ["140000", "140100", "140110"]


@pytest.fixture
def region(db):
    the_divisions()
    region = a_region()
    a_boundary(region)
    return region


@pytest.fixture
def ask(as_machine):
    return lambda *points, **more: send(as_machine(None), "post", URL, {"points": list(points), **more})


def told(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_every_point_is_told_in_order_and_what_they_share_is_told_once(region, ask):
    answer = told(ask([112.1, 37.5], [112.6, 37.5], [112.25, 37.55]))
    assert [point["divisions"] for point in answer["points"]] == [QINGXU, QI, JINYUAN]
    assert [point["inside"] for point in answer["points"]] == [[region.number], [], []]
    assert [row["code"] for row in answer["divisions"]] == sorted(BOXES)
    assert [(row["id"], row["accuracy_m"], row["zone"]) for row in answer["outlines"]] == [(region.number, 1000, "")]
    assert answer["crs"] == "CRS84"


@pytest.mark.parametrize(
    ("longitude", "is_inside", "is_near"),
    [
        (112.3, True, False),
        (112.395, True, True),
        (112.4, True, True),
        (112.405, False, True),
        (112.42, False, False),
    ],
)
def test_the_band_is_told_on_either_side_of_the_line(region, ask, longitude, is_inside, is_near):
    (point,) = told(ask([longitude, 37.45]))["points"]
    assert (point["inside"], point["near_boundary"]) == ([region.number] * is_inside, [region.number] * is_near)


def test_the_band_ends_where_its_metres_end(region, ask):
    just = 1000 / DEGREE_M
    near, far = told(ask([112.4 + just * 0.995, 37.5], [112.4 + just * 1.005, 37.5]))["points"]
    assert (near["near_boundary"], far["near_boundary"]) == ([region.number], [])


def test_a_corner_and_a_common_line_belong_to_the_lower_code(region, ask):
    corner, line = told(ask([112.4, 37.4], [112.4, 37.6]))["points"]
    assert corner["divisions"] == line["divisions"] == QINGXU
    assert corner["inside"] == line["inside"] == [region.number]


def test_a_hole_is_outside_and_its_rim_is_near(region, ask):
    middle, rim = told(ask([112.25, 37.55], [112.205, 37.55]))["points"]
    assert (middle["inside"], middle["near_boundary"]) == ([], [])
    assert (rim["inside"], rim["near_boundary"]) == ([], [region.number])


@pytest.mark.parametrize("point", [[2.35, 48.86], [-180, -90], [180, 90], [0, 0], [180.0, 37.5]])
def test_a_point_elsewhere_has_an_empty_chain(region, ask, point):
    (answer,) = told(ask(point))["points"]
    assert answer == {"at": point, "divisions": [], "inside": [], "near_boundary": []}


def test_a_geojson_point_and_a_height_are_taken(region, ask):
    answer = told(ask({"type": "Point", "coordinates": [112.1, 37.5, 801.5]}, [112.1, 37.5, 1]))
    assert [point["at"] for point in answer["points"]] == [[112.1, 37.5]] * 2


@pytest.mark.parametrize(("crs", "shift"), [("gcj02", gcj02_of), ("bd09", bd09_of)])
def test_shifted_coordinates_are_converted_and_given_back(region, ask, crs, shift):
    (point,) = told(ask(list(shift(112.3999, 37.5)), crs=crs))["points"]
    assert point["at"] == pytest.approx([112.3999, 37.5], abs=1e-7)
    assert point["inside"] == [region.number]
    (taken_as_it_stands,) = told(ask(list(shift(112.3999, 37.5))))["points"]
    assert taken_as_it_stands["inside"] == []


@pytest.mark.parametrize("crs", ["CRS84", "EPSG:4326", "EPSG:4490"])
def test_longitude_comes_first_whatever_the_system(region, ask, crs):
    assert told(ask([112.1, 37.5], crs=crs))["points"][0]["divisions"] == QINGXU
    assert codes(ask([37.5, 112.1], crs=crs)) == [("/points/0", "axes_swapped")]


def test_the_day_decides_which_boundaries_count(region, ask):
    assert told(ask([112.1, 37.5], on="2004-08-08"))["points"][0]["inside"] == []
    actions.end_boundary(region=region, ended_on=date(2020, 1, 1), actor=Actor.SYSTEM, now=NOW, reason="x")
    assert told(ask([112.1, 37.5], on="2019-12-31"))["points"][0]["inside"] == [region.number]
    assert told(ask([112.1, 37.5]))["outlines"] == []


def test_each_zone_is_told_by_itself(region, ask):
    a_boundary(region, zone="east", division_codes=["140727"])
    (point,) = told(ask([112.399, 37.5]))["points"]
    assert point["inside"] == [region.number]
    assert point["near_boundary"] == [region.number, f"{region.number}-east"]


def test_a_changed_accuracy_widens_the_band(region, ask):
    Boundary.objects.update(accuracy_m=3000)
    assert told(ask([112.42, 37.45]))["points"][0]["near_boundary"] == [region.number]


@pytest.mark.parametrize(
    ("point", "code"),
    [
        ([37.5, 112.1], "axes_swapped"),
        ([39.0, 75.0], "axes_swapped"),
        ([181, 37], "out_of_range"),
        ([112, -91], "out_of_range"),
        ([10**400, 37], "position_not_finite"),
        ([True, 37], "position_shape"),
        (["112.1", "37.5"], "position_shape"),
        ([None, None], "position_shape"),
        ([112.1], "position_shape"),
        ([112.1, 37.5, 1, 2], "position_shape"),
        ([], "geometry_empty"),
        ([[112.1, 37.5]], "position_shape"),
        (None, "position_shape"),
        ("112.1,37.5", "position_shape"),
        (112.1, "position_shape"),
    ],
)
def test_a_bad_point_is_named_by_its_place(region, as_machine, point, code):
    body = json.dumps({"points": [[112.1, 37.5], point]})
    answer = send(as_machine(None), "post", URL, body)
    if code == "position_not_finite":
        assert answer.status_code == 400
        return
    assert codes(answer) == [("/points/1", code)]


def test_a_geojson_point_is_refused_where_it_is_wrong(region, ask):
    line = {"type": "LineString", "coordinates": [[112, 37], [113, 38]]}
    swapped = {"type": "Point", "coordinates": [37.5, 112.1]}
    assert codes(ask(line, swapped)) == [
        ("/points/0/type", "geometry_type"),
        ("/points/1/coordinates", "axes_swapped"),
    ]


def test_the_first_twenty_faults_are_told(region, ask):
    answer = ask(*[[112.1, 37.5]] * 5, *[[37.5, 112.1]] * 9_995)
    assert codes(answer) == [(f"/points/{place}", "axes_swapped") for place in range(5, 25)]
    assert len(answer.content) < 10_000


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"points": []}, "/points", "min_length"),
        ({"points": [[112.1, 37.5]] * 10_001}, "/points", "max_length"),
        ({"points": {"0": [112.1, 37.5]}}, "/points", "not_a_list"),
        ({"points": None}, "/points", "null"),
        ({}, "/points", "required"),
        ({"points": [[112.1, 37.5]], "crs": "EPSG:3857"}, "/crs", "invalid_choice"),
        ({"points": [[112.1, 37.5]], "crs": ["gcj02"]}, "/crs", "invalid_choice"),
        ({"points": [[112.1, 37.5]], "crs": {}}, "/crs", "invalid_choice"),
        ({"points": [[112.1, 37.5]], "crs": None}, "/crs", "null"),
        ({"points": [[112.1, 37.5]], "on": "0001-01-01"}, "/on", "date_absurd"),
        ({"points": [[112.1, 37.5]], "colour": "red"}, "/colour", "unknown_field"),
        ([[112.1, 37.5]], "", "invalid"),
    ],
)
def test_a_bad_question_is_named(region, as_machine, body, pointer, code):
    assert codes(send(as_machine(None), "post", URL, body)) == [(pointer, code)]


@pytest.mark.parametrize(
    "body", [b'{"points": [[NaN, 1]]}', b'{"points": [[1e999, 1]]}', b'{"points": ' + b"[" * 5_000]
)
def test_what_is_no_json_is_malformed(region, as_machine, body):
    answer = send(as_machine(None), "post", URL, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_ten_thousand_points_cost_as_many_queries_as_one(region, ask):
    counts = []
    for many in (1, 10_000):
        points = [[112.0 + 0.8 * place / many, 37.4 + 0.3 * (place % 97) / 97] for place in range(many)]
        with CaptureQueriesContext(connection) as queries:
            answer = told(ask(*points))
        assert len(answer["points"]) == many
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7


def test_asking_needs_no_key_and_keeps_no_answer(region, cast, as_machine):
    body = {"points": [[112.1, 37.5]]}
    assert send(as_machine(cast.zhang), "post", URL, body, Idempotency_Key="one").status_code == 200
    assert not AnsweredRequest.objects.exists()
    assert as_machine(None).get(URL).status_code == 405
