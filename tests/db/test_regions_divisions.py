"""Divisions in the database: found by a point, by a name of any age, with areas on the ellipsoid."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.history import history_of
from gi_registry.lib.problems import Invalid
from regions import actions, queries
from regions.codes import division_faults
from regions.geometry import point_at
from regions.models import Division, DivisionPart
from regions.rules import DivisionLevel
from tests.build_regions import a_change, a_feature, the_divisions
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    return the_divisions()


def test_a_point_is_found_in_its_county_city_and_province(places, django_assert_num_queries):
    with django_assert_num_queries(1):
        chain = queries.divisions_at(point_at(112.1, 37.5))
    assert [row.code for row in (chain.province, chain.city, chain.county)] == ["140000", "140100", "140121"]


def test_a_hole_belongs_to_the_county_that_lies_in_it(places):
    assert queries.divisions_at(point_at(112.25, 37.55)).innermost.code == "140110"


def test_a_point_on_a_common_line_is_always_given_to_the_lower_code(places):
    chain = queries.divisions_at(point_at(112.4, 37.5))
    assert (chain.city.code, chain.county.code) == ("140100", "140121")


def test_a_point_outside_every_outline_is_nowhere(places):
    assert queries.divisions_at(point_at(100.0, 30.0)).innermost is None


def test_area_is_that_of_the_ellipsoid_and_holes_are_not_counted(places):
    county = Division.objects.get(code="140121")
    # 0.4 x 0.3 degrees at 37.55 N less the hole of 0.1 x 0.1: 11 hundredths of a square degree of about 9,808 km2.
    assert county.area_m2 / 1e6 == pytest.approx(0.11 * 9808, rel=0.002)


def test_pieces_follow_the_outline(places):
    county = places["140121"]
    assert sum(part.geom.area for part in county.parts.all()) == pytest.approx(county.geom.area)
    moved = a_feature("140121")
    moved["geometry"]["coordinates"] = moved["geometry"]["coordinates"][:1]
    actions.import_divisions(features=[moved], actor=Actor.SYSTEM, now=NOW)
    parts = DivisionPart.objects.filter(division__code="140121")
    assert sum(part.geom.area for part in parts) == pytest.approx(0.12)


def test_importing_again_changes_nothing_and_keeps_the_history_quiet(places):
    the_divisions()
    assert Division.objects.count() == 6
    assert [event["event"] for event in history_of(places["140121"])] == ["insert"]


def test_a_county_without_its_city_is_refused():
    with pytest.raises(Invalid) as caught:
        actions.import_divisions(features=[a_feature("140727")], actor=Actor.SYSTEM, now=NOW)
    assert caught.value.errors[0].code == "division_orphan"
    assert not Division.objects.exists()


def test_an_unsound_outline_is_refused_with_its_place():
    bad = a_feature("140000")
    bad["geometry"]["coordinates"][0].pop()
    with pytest.raises(Invalid) as caught:
        actions.import_divisions(features=[bad], actor=Actor.SYSTEM, now=NOW)
    assert caught.value.errors[0].pointer == "/features/0/geometry/coordinates/0/3"


@pytest.mark.parametrize("typed", ["清徐", "qingxu", "Qingxu", "qxx", "140121", "梗阳", "140199", "qing xu"])
def test_a_division_is_found_by_any_name_it_ever_had(places, typed):
    a_change()
    assert "140121" in [row.code for row in queries.divisions_matching(typed)]


def test_neighbours_share_a_line_and_a_level(places):
    assert {row.code for row in queries.neighbours_of(places["140121"])} == {"140110", "140727"}


def test_a_former_code_is_answered_with_its_successor(places):
    a_change()
    (fault,) = division_faults(["140121", "140199"])
    assert (fault.code, fault.pointer) == ("division_former", "/division_codes/1")
    assert "140121 清徐县" in fault.text.zh


def test_codes_and_levels_are_walled_in_by_the_database(places):
    for fields in (
        {"code": "14012x"},
        {"level": "village"},
        {"valid_from": date(2020, 1, 1), "valid_to": date(2019, 1, 1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Division.objects.filter(code="140121").update(**fields)


# --- the real province -------------------------------------------------------------------------------------------

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"


@pytest.fixture
def shanxi():
    features = json.loads((FIXTURES / "divisions.geojson").read_text("utf-8"))["features"]
    return actions.import_divisions(features=features, actor=Actor.SYSTEM, now=NOW)


def test_the_real_province_is_whole(shanxi, django_assert_num_queries):
    counties = [row for row in shanxi.values() if row.level == DivisionLevel.COUNTY]
    assert len(counties) == 117
    stored = {row.code: row for row in Division.objects.all()}
    total_km2 = sum(stored[row.code].area_m2 for row in counties) / 1e6
    assert total_km2 == pytest.approx(156_700, rel=0.001)
    holed = {row.code for row in counties if any(len(polygon) > 1 for polygon in row.geom)}
    assert holed == {"140311", "140525"}
    for county in counties:
        with django_assert_num_queries(1):
            found = queries.divisions_at(county.geom.point_on_surface)
        assert (found.county.code, found.city.code) == (county.code, county.code[:4] + "00")
