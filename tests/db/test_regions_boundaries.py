"""Regions and their dated outlines: one at a time for a zone, never redrawn; and how a site lies against them."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from gi_registry.lib.access import Actor
from gi_registry.lib.history import history_of
from gi_registry.lib.problems import Invalid, Refused
from regions import actions, queries
from regions.geometry import SITES, point_at, read_geometry
from regions.models import Boundary, BoundaryPart, Region
from regions.rules import BoundaryMethod, BoxCheck, DeclaredBox, Extent, Placement
from tests.build_regions import a_boundary, a_change, a_region, a_square, the_divisions
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db

DEGREE_M = 88_500  # one degree of longitude at 37.5 N


@pytest.fixture
def region():
    the_divisions()
    return a_region()


@pytest.fixture
def qingxu(region):
    a_boundary(region)
    return region


def site(west, south, east, north):
    return read_geometry(a_square(west, south, east, north), kinds=SITES)


def placed(region, geometry, **more):
    return queries.placement_of(region, geometry, TODAY, **more)


# --- regions -----------------------------------------------------------------------------------------------------


def test_a_wrong_printed_box_is_kept_letter_for_letter_and_flagged(region):
    wrong = a_region("swapped", declared=DeclaredBox("E37°24′", "37°42′", "112°00′", "112°24′"))
    assert (wrong.declared_west, wrong.declared_check) == ("E37°24′", BoxCheck.WRONG)
    assert "swapped" in wrong.declared_note.en
    assert region.declared_check == BoxCheck.ABSENT


def test_how_much_of_the_county_is_meant_is_read_from_the_words(region):
    assert region.extent == Extent.WHOLE
    assert a_region("one", source_text="清徐县清源镇20个行政村").extent == Extent.ONE_TOWNSHIP


def test_a_region_of_unknown_or_former_divisions_is_refused_with_each_place(region):
    a_change()
    with pytest.raises(Invalid) as caught:
        a_region("other", division_codes=["140121", "140199", "999999"])
    assert [(e.code, e.pointer) for e in caught.value.errors] == [
        ("division_former", "/division_codes/1"),
        ("division_unknown", "/division_codes/2"),
    ]


def test_a_slug_is_given_once(region):
    with pytest.raises(Refused) as caught:
        a_region()
    assert caught.value.errors[0].code == "slug_taken"


# --- boundaries --------------------------------------------------------------------------------------------------


def test_a_boundary_is_the_union_of_its_divisions_with_its_area(region):
    boundary = a_boundary(region, division_codes=["140121", "140110"])
    boundary.refresh_from_db()
    assert boundary.geom.num_points == 5
    assert boundary.area_m2 / 1e6 == pytest.approx(0.12 * 9808, rel=0.002)
    assert {row.code for row in boundary.divisions.all()} == {"140121", "140110"}
    assert boundary.accuracy_m == region.accuracy_m


def test_two_outlines_of_a_zone_never_overlap_in_time_and_the_refusal_names_the_period(qingxu):
    with pytest.raises(Refused) as caught:
        a_boundary(qingxu, valid_from=date(2020, 1, 1))
    assert caught.value.errors[0].code == "boundary_overlap"
    assert "2004-08-09" in caught.value.errors[0].text.en
    a_boundary(qingxu, valid_from=date(2020, 1, 1), zone="core")


def test_the_database_refuses_what_slips_past_the_action(qingxu):
    boundary = qingxu.boundaries.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Boundary.objects.create(
            region=qingxu,
            valid=DateRange(date(2020, 1, 1), None),
            geom=boundary.geom,
            method=BoundaryMethod.DIVISIONS,
            accuracy_m=1,
            created_at=NOW,
        )


def test_an_outline_is_ended_on_purpose_and_then_followed(qingxu):
    first = actions.end_boundary(region=qingxu, ended_on=date(2020, 1, 1), actor=Actor.SYSTEM, now=NOW, reason="合并")
    second = a_boundary(qingxu, valid_from=date(2020, 1, 1), division_codes=["140121", "140110"])
    assert queries.boundary_as_of(qingxu, date(2019, 12, 31)) == first
    assert queries.boundary_as_of(qingxu, date(2020, 1, 1)) == second
    assert queries.boundary_as_of(qingxu, date(2004, 8, 8)) is None
    told = history_of(first)[0]
    assert (told["who"], told["why"], told["changes"][0]["field"]) == ("system", "合并", "valid")


def test_ending_what_does_not_hold_is_refused(qingxu):
    for ended_on in (date(2004, 8, 9), date(1999, 1, 1)):
        with pytest.raises(Refused) as caught:
            actions.end_boundary(region=qingxu, ended_on=ended_on, actor=Actor.SYSTEM, now=NOW)
        assert caught.value.errors[0].code == "no_boundary_to_end"


def test_a_boundary_since_ever_has_an_open_beginning(region):
    a_boundary(region, valid_from=None)
    assert queries.boundary_as_of(region, date(1900, 1, 1)) is not None
    with pytest.raises(Refused) as caught:
        a_boundary(region, valid_from=None)
    assert "(open)" in caught.value.errors[0].text.en


def test_every_publication_moves_the_version_of_the_region(region):
    a_boundary(region)
    assert Region.objects.get(pk=region.pk).version == 2


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"division_codes": []}, "division_codes_empty"),
        ({"method": BoundaryMethod.DIGITISED}, "geometry_missing"),
        ({"geometry": site(112, 37, 112.1, 37.1)}, "geometry_unwanted"),
        ({"valid_until": date(2004, 8, 9)}, "dates_out_of_order"),
        ({"division_codes": ["150000"]}, "division_unknown"),
    ],
)
def test_a_boundary_that_cannot_be_is_refused(region, facts, code):
    with pytest.raises(Invalid) as caught:
        a_boundary(region, **facts)
    assert caught.value.errors[0].code == code
    assert not region.boundaries.exists()


def test_an_outline_is_never_redrawn_nor_deleted(qingxu):
    boundary = qingxu.boundaries.get()
    boundary.geom = the_divisions()["140727"].geom
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        boundary.save()
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        qingxu.boundaries.all().delete()


def test_the_pieces_of_a_boundary_come_with_it(qingxu):
    parts = BoundaryPart.objects.filter(boundary__region=qingxu)
    assert sum(part.geom.area for part in parts) == pytest.approx(0.11)
    assert list(queries.regions_at(point_at(112.1, 37.5), TODAY)) == [qingxu]
    assert not queries.regions_at(point_at(112.25, 37.55), TODAY).exists()
    assert not queries.regions_at(point_at(112.1, 37.5), date(2000, 1, 1)).exists()


# --- placement ---------------------------------------------------------------------------------------------------


def test_a_plot_well_inside_is_inside(qingxu, django_assert_num_queries):
    with django_assert_num_queries(1):
        finding = placed(qingxu, site(112.1, 37.5, 112.11, 37.51))
    assert (finding.placement, finding.inside_share) == (Placement.INSIDE, 1.0)
    assert finding.distance_m == pytest.approx(0.09 * DEGREE_M, rel=0.01)
    assert finding.boundary == qingxu.boundaries.get()


def test_a_plot_inside_but_near_the_line_is_for_a_person(qingxu):
    finding = placed(qingxu, site(112.001, 37.5, 112.01, 37.51))
    assert finding.placement is Placement.NEAR_BOUNDARY
    assert finding.distance_m == pytest.approx(0.001 * DEGREE_M, rel=0.01)


def test_a_plot_that_reaches_less_than_the_accuracy_beyond_the_line_is_for_a_person(qingxu):
    finding = placed(qingxu, site(111.99, 37.5, 112.01, 37.51))
    assert finding.placement is Placement.NEAR_BOUNDARY
    assert finding.inside_share == pytest.approx(0.5, abs=0.001)
    assert finding.distance_m == pytest.approx(0.01 * DEGREE_M, rel=0.01)


def test_a_plot_that_reaches_further_is_outside_even_if_most_of_it_is_inside(qingxu):
    finding = placed(qingxu, site(111.95, 37.5, 112.2, 37.51))
    assert finding.placement is Placement.OUTSIDE
    assert finding.inside_share == pytest.approx(0.8, abs=0.001)
    assert finding.distance_m == pytest.approx(0.05 * DEGREE_M, rel=0.01)


def test_a_plot_elsewhere_is_outside_with_nothing_inside(qingxu):
    finding = placed(qingxu, site(113.0, 37.5, 113.01, 37.51))
    assert (finding.placement, finding.inside_share) == (Placement.OUTSIDE, pytest.approx(0.0, abs=1e-9))


@pytest.mark.parametrize(
    ("longitude", "placement", "distance_m"),
    [
        (112.1, Placement.INSIDE, 0.1 * DEGREE_M),
        (112.005, Placement.NEAR_BOUNDARY, 0.005 * DEGREE_M),
        (112.0, Placement.NEAR_BOUNDARY, 0),
        (111.995, Placement.NEAR_BOUNDARY, 0.005 * DEGREE_M),
        (111.98, Placement.OUTSIDE, 0.02 * DEGREE_M),
    ],
)
def test_a_point_is_placed_by_its_distance_from_the_line(qingxu, longitude, placement, distance_m):
    finding = placed(qingxu, point_at(longitude, 37.55))
    assert finding.placement is placement
    assert finding.distance_m == pytest.approx(distance_m, rel=0.01, abs=0.01)


def test_a_hole_is_outside(qingxu):
    assert placed(qingxu, site(112.24, 37.54, 112.26, 37.56)).placement is Placement.OUTSIDE
    covering = placed(qingxu, site(112.19, 37.49, 112.31, 37.61))
    assert covering.placement is Placement.OUTSIDE
    assert covering.distance_m > 1000


def test_a_plot_across_pieces_and_across_zones_is_judged_on_the_whole(region):
    a_boundary(region, zone="west")
    a_boundary(region, zone="east", division_codes=["140727"])
    across = site(112.38, 37.54, 112.42, 37.56)
    assert placed(region, across).placement is Placement.INSIDE
    assert placed(region, across, zone="west").placement is Placement.OUTSIDE


def test_a_plot_that_straddles_pieces_of_a_ragged_outline_is_inside(region):
    teeth = [[112.0 + i * 0.0005, 37.69 + 0.01 * (i % 2)] for i in range(800, -1, -1)]
    ring = [[112.0, 37.4], [112.4, 37.4], *teeth]
    geometry = read_geometry({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    boundary = a_boundary(region, method=BoundaryMethod.DIGITISED, geometry=geometry, division_codes=[])
    assert boundary.parts.count() > 5
    assert placed(region, site(112.05, 37.45, 112.35, 37.65)).placement is Placement.INSIDE


def test_without_a_boundary_on_that_day_nothing_is_said(qingxu):
    assert queries.placement_of(qingxu, point_at(112.1, 37.5), date(2000, 1, 1)) is None


def test_a_plot_that_crosses_the_line_forty_thousand_times_is_placed_in_time(qingxu):
    teeth = [[112.0 + 0.002 * (1 if i % 2 else -1), 37.41 + i * 7e-6] for i in range(40_000)]
    ring = [*teeth, [112.05, 37.69], [112.05, 37.41], teeth[0]]
    finding = placed(qingxu, read_geometry({"type": "Polygon", "coordinates": [ring]}))
    assert finding.placement is Placement.NEAR_BOUNDARY
