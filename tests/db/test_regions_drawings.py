"""Drawings: made with the outline in one transaction, and neighbours that share a line share it at every zoom."""

import math

import pytest
import shapely
from django.db import connection
from django.db.models import F

from gi_registry.lib.access import Actor
from gi_registry.ogc.drawing import ZOOMS, tolerance_m
from regions import actions
from regions.geometry import from_geos
from regions.models import BoundaryDrawing, Division, DivisionDrawing
from regions.models.drawings import BANDS
from regions.rules import BoundaryMethod
from tests.build_regions import a_boundary, a_region, the_divisions
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def ragged(south, north, *, step=0.002):
    """The line 112.4, in zigzags from south to north that are lost one after the other as the zoom falls."""
    count = round((north - south) / step)
    places = [south + (north - south) * n / count for n in range(count + 1)]
    return [[112.4 + 0.01 * math.sin(n * 1.7) * math.sin(n / 9), place] for n, place in enumerate(places)]


def two_counties():
    """Qingxu and Qi county with a ragged common line, and the province round them."""
    line = ragged(37.4, 37.7)
    line[0], line[-1] = [112.4, 37.4], [112.4, 37.7]
    west = [[112.0, 37.4], *line, [112.0, 37.7], [112.0, 37.4]]
    east = [[112.8, 37.4], [112.8, 37.7], *reversed(line), [112.8, 37.4]]
    whole = [[112.0, 37.4], [112.4, 37.4], [112.8, 37.4], [112.8, 37.7], [112.4, 37.7], [112.0, 37.7], [112.0, 37.4]]
    named = {"140000": ("山西省", whole), "140100": ("太原市", west), "140700": ("晋中市", east)}
    named |= {"140121": ("清徐县", west), "140727": ("祁县", east)}
    features = [
        {
            "type": "Feature",
            "properties": {"adcode": code, "name_zh": name},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for code, (name, ring) in named.items()
    ]
    return actions.import_divisions(features=features, actor=Actor.SYSTEM, now=NOW)


def drawn(model, band, **lookup):
    return [from_geos(shape) for shape in model.objects.filter(**lookup).order_by("pk").values_list(band, flat=True)]


@pytest.mark.parametrize("band", BANDS)
def test_neighbours_have_neither_gap_nor_overlap(band):
    two_counties()
    counties = drawn(DivisionDrawing, band, division__level="county")
    assert len(counties) == 2
    assert shapely.coverage_is_valid(counties, gap_width=1.0)
    assert all(shape.is_valid for shape in counties)
    united = shapely.union_all(counties)
    assert united.geom_type in ("Polygon", "MultiPolygon")
    assert shapely.area(united) == pytest.approx(sum(shapely.area(counties)), rel=1e-9)


def test_each_band_keeps_within_its_tolerance_and_the_far_ones_are_lighter():
    two_counties()
    (whole,) = [from_geos(shape) for shape in Division.objects.filter(code="140121").values_list("geom", flat=True)]
    vertices = []
    for zoom, band in zip(ZOOMS, BANDS, strict=True):
        (shape,) = drawn(DivisionDrawing, band, division__code="140121")
        vertices.append(shapely.get_num_coordinates(shape))
        exact = _in_metres(whole)
        # Visvalingam bounds the area of what is cut off, not its depth: allow it a few times the tolerance.
        assert shapely.area(shapely.symmetric_difference(shape, exact)) < shapely.length(exact) * tolerance_m(zoom) * 2
    assert vertices == sorted(vertices)
    assert vertices[0] < vertices[-1] / 3


def _in_metres(shape):
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_AsBinary(ST_Transform(ST_GeomFromWKB(%s, 4326), 3857))", [shapely.to_wkb(shape)])
        return shapely.from_wkb(bytes(cursor.fetchone()[0]))


def test_a_division_has_a_drawing_of_its_own_until_all_are_drawn_together():
    """What the trigger alone makes parts from its neighbours, but is there in the same moment."""
    two_counties()
    Division.objects.filter(level="county").update(geom=F("geom"))
    assert all(shape.is_valid for shape in drawn(DivisionDrawing, "z5", division__level="county"))
    actions.draw_divisions()
    assert shapely.coverage_is_valid(drawn(DivisionDrawing, "z5", division__level="county"), gap_width=1.0)


def test_a_region_of_divisions_lies_on_their_lines_at_every_zoom():
    two_counties()
    one, other = a_region("west-region", division_codes=["140121"]), a_region("east-region", division_codes=["140727"])
    a_boundary(one, division_codes=["140121"])
    a_boundary(other, division_codes=["140727"])
    for band in BANDS:
        regions, counties = drawn(BoundaryDrawing, band), drawn(DivisionDrawing, band, division__level="county")
        for region, county in zip(regions, counties, strict=True):
            assert shapely.equals(region, county)


def test_a_region_of_two_neighbours_has_no_line_between_them():
    two_counties()
    region = a_region("both", division_codes=["140121", "140727"])
    a_boundary(region, division_codes=["140121", "140727"])
    for band in BANDS:
        (shape,) = drawn(BoundaryDrawing, band)
        assert len(shape.geoms) == 1
        assert not shape.geoms[0].interiors


def test_a_region_drawn_by_hand_is_simplified_for_itself_and_stays_sound():
    the_divisions()
    region = a_region("by-hand")
    star = [
        (112.2 + (0.1 + 0.05 * math.sin(n * 2.3)) * math.cos(n / 60 * math.pi),
         37.55 + (0.1 + 0.05 * math.sin(n * 2.3)) * math.sin(n / 60 * math.pi))
        for n in range(120)
    ]  # fmt: skip
    a_boundary(region, method=BoundaryMethod.DIGITISED, division_codes=["140121"], geometry=shapely.Polygon(star))
    for band in BANDS:
        (shape,) = drawn(BoundaryDrawing, band)
        assert shape.is_valid
        assert not shape.is_empty


def test_what_is_smaller_than_a_pixel_is_still_drawn():
    the_divisions()
    tiny = shapely.box(112.2, 37.45, 112.2001, 37.4501)
    a_boundary(a_region("tiny"), method=BoundaryMethod.DIGITISED, division_codes=["140121"], geometry=tiny)
    for band in BANDS:
        (shape,) = drawn(BoundaryDrawing, band)
        assert shapely.area(shape) > 0


def test_a_division_that_is_imported_anew_is_drawn_anew():
    two_counties()
    before = drawn(DivisionDrawing, "z14", division__code="140121")
    the_divisions()
    assert drawn(DivisionDrawing, "z14", division__code="140121") != before
    assert DivisionDrawing.objects.count() == Division.objects.count()


def test_a_boundary_keeps_its_own_drawing_when_the_divisions_have_moved():
    the_divisions()
    boundary = a_boundary(a_region())
    before = drawn(BoundaryDrawing, "z14")
    two_counties()
    with connection.cursor() as cursor:
        cursor.execute("SELECT regions_draw_by_divisions(%s)", [boundary.pk])
    assert drawn(BoundaryDrawing, "z14") == before
