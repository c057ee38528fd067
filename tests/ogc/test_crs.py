"""Coordinates in other reference systems: the right axis first, the right place on the ground, and boxes that find the same."""

import math
from urllib.parse import urlencode

import pytest
from django.db import connection

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Invalid
from gi_registry.maps import CATALOGUE
from gi_registry.ogc.crs import CRS84, WORLDWIDE, ZONES
from gi_registry.ogc.narrowing import matching
from gi_registry.ogc.params import read_items_query
from tests.build_regions import BOXES, the_divisions

pytestmark = pytest.mark.django_db
ITEMS = "/ogc/collections/divisions/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
SYSTEMS = (*WORLDWIDE, *ZONES)
ZONE_111, ZONE_114 = ZONES


@pytest.fixture(autouse=True)
def divisions(db):
    return the_divisions()


def features(client, **asked):
    response = client.get(f"{ITEMS}?{urlencode(asked)}")
    assert response.status_code == 200, response.content
    return response.json()["features"]


def ring_of(client, code, crs):
    return features(client, code=code, crs=crs)[0]["geometry"]["coordinates"][0][0]


def ids(client, **asked):
    return {feature["id"] for feature in features(client, **asked)}


def meridian_arc(latitude_deg):
    """Metres from the equator to a latitude on the ellipsoid of CGCS2000, by summing (independent of PROJ)."""
    a, flattening, steps = 6_378_137.0, 1 / 298.257222101, 20_000
    e2 = flattening * (2 - flattening)
    width = math.radians(latitude_deg) / steps
    return sum(a * (1 - e2) / (1 - e2 * math.sin((n + 0.5) * width) ** 2) ** 1.5 * width for n in range(steps))


def test_on_its_own_meridian_a_zone_is_500_km_east_and_as_far_north_as_the_meridian_is_long(db):
    for crs, meridian in ((ZONE_111, 111.0), (ZONE_114, 114.0)):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(%s, 37.5), 4326), %s) p) t",
                [meridian, crs.srid],
            )
            easting, northing = cursor.fetchone()
        assert easting == pytest.approx(500_000, abs=0.001)
        assert northing == pytest.approx(meridian_arc(37.5), abs=0.01)
        ((longitude, latitude),) = crs.to_degrees([(easting, northing)])
        assert (longitude, latitude) == (pytest.approx(meridian, abs=1e-9), pytest.approx(37.5, abs=1e-9))


@pytest.mark.parametrize("code", ["4326", "4490"])
def test_latitude_comes_first_in_what_the_register_calls_by_number(client, code):
    assert {tuple(point) for point in ring_of(client, "140727", EPSG + code)} == {
        (37.4, 112.4), (37.4, 112.8), (37.7, 112.8), (37.7, 112.4),
    }  # fmt: skip


def test_northing_comes_first_in_a_zone_to_the_centimetre(client):
    for northing, easting in ring_of(client, "140727", ZONE_114.uri):
        assert 4_100_000 < northing < 4_200_000
        assert 350_000 < easting < 400_000, "west of the meridian of 114 degrees"
        assert round(northing, 2) == northing


def test_web_mercator_begins_with_east_and_is_the_formula_that_every_web_map_uses(client):
    east, north = 6_378_137 * math.radians(112.8), 6_378_137 * math.asinh(math.tan(math.radians(37.7)))
    corners = ring_of(client, "140727", f"{EPSG}3857")
    assert max(corners) == [pytest.approx(east, abs=0.01), pytest.approx(north, abs=0.01)]


@pytest.mark.parametrize("crs", SYSTEMS, ids=lambda crs: crs.uri.rsplit("/", 1)[1])
def test_the_same_place_comes_back_from_every_system(client, crs):
    given = [crs.upright(point) for point in ring_of(client, "140121", crs.uri)]
    back = {(round(x, 5), round(y, 5)) for x, y in crs.to_degrees(given)}
    west, south, east, north = BOXES["140121"]
    assert back == {(west, south), (east, south), (east, north), (west, north)}


@pytest.mark.parametrize("crs", SYSTEMS, ids=lambda crs: crs.uri.rsplit("/", 1)[1])
def test_a_box_in_any_system_finds_what_the_same_box_in_degrees_finds(client, crs):
    corners = [(112.5, 37.5), (112.6, 37.6)]
    if crs.srid:
        with connection.cursor() as cursor:
            asked = "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), 4326), %s) p) t"
            for place, corner in enumerate(corners):
                cursor.execute(asked, [*corner, crs.srid])
                corners[place] = cursor.fetchone()
    box = ",".join(f"{value:.9f}" for corner in corners for value in crs.upright(corner))
    assert ids(client, bbox=box, **{"bbox-crs": crs.uri}) == {"140000", "140700", "140727"}


def test_the_sides_of_a_projected_box_are_curves_on_the_ground_and_followed_as_such(db):
    box = (300_000.0, 4_000_000.0, 700_000.0, 4_400_000.0)
    outline = ZONE_114.outline(box)
    assert outline[0] == outline[-1]
    south_side = outline[: len(outline) // 4 + 1]
    latitudes = [latitude for _, latitude in south_side]
    assert max(latitudes) - latitudes[0] > 0.02, "the middle of the side lies two kilometres north of its corners"


def test_a_box_that_is_a_line_or_a_point_finds_what_lies_on_it(client):
    assert ids(client, bbox="37.5,112.5,37.5,112.5", **{"bbox-crs": f"{EPSG}4326"}) == {"140000", "140700", "140727"}
    line = "12500000,4509000,12600000,4509000"
    assert "140727" in ids(client, bbox=line, **{"bbox-crs": f"{EPSG}3857"})


@pytest.mark.parametrize(
    ("box", "code"),
    [
        ("112.0,37.4,112.8,37.7", "4490"),
        ("3e7,0,4e7,1", "3857"),
        ("-9e6,0,-8e6,1", "4547"),
        ("1e200,1,1e201,2", "4546"),
    ],
)
def test_a_box_outside_what_the_system_covers_finds_nothing(client, box, code):
    assert ids(client, bbox=box, **{"bbox-crs": EPSG + code}) == set()


def test_a_box_without_end_finds_everything(client):
    for code in ("3857", "4547"):
        assert ids(client, bbox="-1e300,-1e300,1e300,1e300", **{"bbox-crs": EPSG + code}) == set(BOXES)


def test_the_system_of_the_box_is_not_that_of_the_answer(client):
    asked = {"bbox": "37.5,112.5,37.6,112.6", "bbox-crs": f"{EPSG}4326", "code": "140727"}
    assert [112.4, 37.4] in features(client, **asked)[0]["geometry"]["coordinates"][0][0]


def test_one_feature_may_be_asked_for_in_a_system_too(client):
    response = client.get(f"{ITEMS}/140727?{urlencode({'crs': ZONE_114.uri})}")
    assert response.headers["Content-Crs"] == f"<{ZONE_114.uri}>"
    assert response.json()["geometry"]["coordinates"][0][0][0][0] > 4_000_000
    assert client.get(f"{ITEMS}/140727?crs=EPSG:4326").status_code == 400


def test_the_system_goes_along_to_the_next_page(client):
    first = client.get(f"{ITEMS}?{urlencode({'crs': f'{EPSG}3857', 'limit': 1})}").json()
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    answer = client.get(following)
    assert answer.headers["Content-Crs"] == f"<{EPSG}3857>"
    assert answer.json()["features"][0]["geometry"]["coordinates"][0][0][0][0] > 12_000_000


def test_no_answer_names_its_system_in_the_manner_of_before_rfc_7946(client):
    for crs in SYSTEMS:
        response = client.get(f"{ITEMS}?{urlencode({'crs': crs.uri, 'limit': 1})}")
        assert "crs" not in response.json()["features"][0]["geometry"]
        assert b'"EPSG:' not in response.content


def test_points_are_turned_into_degrees_in_one_statement_and_checked_first(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(ZONE_114.to_degrees([(500_000.0 + step, 4_150_000.0) for step in range(1000)])) == 1000
    with django_assert_num_queries(0):
        assert CRS84.to_degrees([(112.0, 37.0)]) == [(112.0, 37.0)]
        assert ZONE_114.to_degrees([]) == []
        with pytest.raises(Invalid):
            ZONE_114.to_degrees([(math.inf, 0.0)])
        with pytest.raises(Invalid):
            ZONE_114.to_degrees([(math.nan, 0.0)])


def test_a_box_in_another_system_is_looked_up_in_the_same_index():
    """The stored column is never transformed: the condition names it bare, beside a polygon in degrees."""
    divisions = CATALOGUE.get("divisions")
    asked = [("bbox", ["4100000,350000,4200000,400000"]), ("bbox-crs", [ZONE_114.uri])]
    sql = str(matching(divisions, Actor.ANONYMOUS, read_items_query(divisions, asked)).query)
    assert 'ST_Intersects("regions_division"."geom",' in sql
    assert "ST_Transform" not in sql
