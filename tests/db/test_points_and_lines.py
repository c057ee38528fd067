"""Points against lines: the plane answers as the ellipsoid does, the pieces follow the outline, the indexes are used."""

import math
import random
from datetime import date

import pytest
from django.contrib.gis.geos import LineString, Polygon
from django.db import connection

from regions.geometry import point_at, read_geometry
from regions.models import BoundaryEdge, BoundaryPart, BoundarySquare, Division, DivisionPart
from regions.queries import assess, divisions_at, locate, placement_of
from regions.rules import BoundaryMethod, Placement
from tests.build_regions import a_boundary, a_region, the_divisions
from tests.cast import TODAY

pytestmark = pytest.mark.django_db


def ragged(seed, corners=300):
    """An outline whose distance from a middle wanders like a coast."""
    chance, ring = random.Random(seed), []
    for place in range(corners):
        turn, reach = 2 * math.pi * place / corners, chance.uniform(0.1, 0.14)
        ring.append([112.4 + 1.2 * reach * math.cos(turn), 37.55 + reach * math.sin(turn)])
    return read_geometry({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


@pytest.mark.parametrize("accuracy_m", [30, 1_000, 20_000])
def test_thousands_of_points_are_near_exactly_where_the_ellipsoid_says_so(accuracy_m):
    the_divisions()
    region = a_region(accuracy_m=accuracy_m)
    a_boundary(region, method=BoundaryMethod.DIGITISED, geometry=ragged(accuracy_m), division_codes=[])
    chance = random.Random(accuracy_m)
    points = [(chance.uniform(111.9, 112.9), chance.uniform(37.2, 37.9)) for _ in range(300)]
    line = region.boundaries.get().geom.boundary
    degrees = accuracy_m / 100_000
    for vertex in chance.sample(list(line.merged.coords), 60):
        points += [(vertex[0] + chance.uniform(-2, 2) * degrees, vertex[1] + chance.uniform(-2, 2) * degrees)] * 2
    located = locate(points, TODAY)
    for point, found in zip(points, located.points, strict=True):
        exact = placement_of(region, point_at(*point), TODAY)
        assert bool(found.near_boundary) is (exact.placement is Placement.NEAR_BOUNDARY), (point, exact)
        assert bool(found.inside) is exact.is_covered
        assert found.divisions == tuple(row.code for row in divisions_at(point_at(*point)).rows())


def test_a_long_straight_line_is_near_where_the_geodesic_runs():
    the_divisions()
    region = a_region(accuracy_m=500)
    box = {"type": "Polygon", "coordinates": [[[108, 35], [116, 35], [116, 39], [108, 39], [108, 35]]]}
    a_boundary(region, method=BoundaryMethod.DIGITISED, geometry=read_geometry(box), division_codes=[])
    points = [(112.0, 39.0), (112.0, 39.05), (112.0, 39.06), (112.0, 39.07), (112.0, 39.08)]
    question = (
        "SELECT ST_DWithin(ST_Boundary(geom)::geography, ST_MakePoint(%s, %s)::geography, 500) FROM regions_boundary"
    )
    said = []
    for point, found in zip(points, locate(points, TODAY).points, strict=True):
        with connection.cursor() as cursor:
            cursor.execute(question, point)
            (is_near,) = cursor.fetchone()
        assert bool(found.near_boundary) is is_near
        said.append(is_near)
    assert said == [False, False, False, True, False]


def test_the_runs_of_a_line_are_short_and_whole():
    the_divisions()
    boundary = a_boundary(
        a_region(), method=BoundaryMethod.DIGITISED, geometry=ragged(1, corners=1_000), division_codes=[]
    )
    runs = [edge.line for edge in boundary.edges.all()]
    assert max(len(run) for run in runs) <= 33
    whole = sum(run.length for run in runs)
    outline = boundary.geom.boundary
    outline.transform(3857)
    assert whole == pytest.approx(outline.length, rel=1e-6)


def test_an_outline_that_reaches_the_pole_is_kept_and_found():
    the_divisions()
    region = a_region()
    cap = {"type": "Polygon", "coordinates": [[[90, 30], [180, 30], [180, 90], [90, 90], [90, 30]]]}
    a_boundary(region, method=BoundaryMethod.DIGITISED, geometry=read_geometry(cap), division_codes=[])
    located = locate([(112.0, 37.5), (180.0, 90.0), (180.0, -90.0)], TODAY)
    assert [point.inside for point in located.points] == [(region.number,), (region.number,), ()]
    assert assess([ragged(2)], TODAY).shapes[0].regions[0].finding.placement is Placement.INSIDE


def an_outline(slug, *ring):
    outline = read_geometry({"type": "Polygon", "coordinates": [[*map(list, ring), list(ring[0])]]})
    return a_boundary(a_region(slug), method=BoundaryMethod.DIGITISED, geometry=outline, division_codes=[])


def a_box(slug, west, south, east, north):
    return an_outline(slug, (west, south), (east, south), (east, north), (west, north))


def test_a_point_on_a_line_of_the_grid_is_inside_exactly_where_the_outline_says_so():
    the_divisions()
    a_box("whole-degrees", 112, 37, 113, 38)
    a_box("sixteenths", 111.9375, 37.0625, 112.0625, 37.125)
    a_box("odd", 111.7, 37, 112.3, 37.3)
    # Its point touches a corner of four squares from one of them.
    an_outline("wedge", (112.25, 37.25), (112.2, 37.21), (112.21, 37.2))
    steps = [n / 64 for n in range(-32, 97)]
    points = [(112 + x, 37 + y) for x in steps[::3] for y in steps[::3]]
    points += [(112 + x + math.copysign(1e-12, x), 37.25) for x in steps] + [(112.25, 37.25), (112.25, 37.25 + 1e-12)]
    question = "SELECT count(*) FROM regions_boundary WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint(%s, %s), 4326))"
    with connection.cursor() as cursor:
        for point, found in zip(points, locate(points, TODAY).points, strict=True):
            cursor.execute(question, point)
            assert len(found.inside) == cursor.fetchone()[0], point


def test_the_squares_of_an_outline_are_few_however_large_it_is_and_however_ragged():
    the_divisions()
    assert a_box("quarter-of-the-world", 90, 0, 180, 90).squares.count() < 1_000
    coast = a_boundary(
        a_region("coast"), method=BoundaryMethod.DIGITISED, geometry=ragged(1, corners=10_000), division_codes=[]
    )
    assert coast.squares.count() < 1_000


def test_no_boundary_is_told_of_a_day_before_it():
    the_divisions()
    a_boundary(a_region())
    assert locate([(112.1, 37.5)], date(2004, 8, 8)).outlines == []


# --- plans -------------------------------------------------------------------------------------------------------


def plan_of(question, *values):
    """The lines of the plan that the database chose."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {question}", values)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.fixture
def _many_pieces():
    """Enough of everything that reading a table through would be dearer than its index."""
    the_divisions()
    boundary, division = a_boundary(a_region()), Division.objects.get(code="140121")
    places = [(110 + n % 100 * 0.04, 35 + n // 100 * 0.04) for n in range(5_000)]
    boxes = [Polygon.from_bbox((x, y, x + 0.03, y + 0.03)) for x, y in places]
    BoundarySquare.objects.bulk_create(BoundarySquare(boundary=boundary, square=n) for n in range(5_000))
    BoundaryPart.objects.bulk_create(BoundaryPart(boundary=boundary, geom=box) for box in boxes)
    DivisionPart.objects.bulk_create(DivisionPart(division=division, geom=box) for box in boxes)
    lines = [LineString((x * 111_000, y * 111_000), (x * 111_000 + 900, y * 111_000), srid=3857) for x, y in places]
    BoundaryEdge.objects.bulk_create(
        BoundaryEdge(boundary=boundary, line=line, reach=1_300, accuracy_m=1_000) for line in lines
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE regions_boundarypart, regions_boundarysquare, regions_divisionpart, regions_boundaryedge, regions_boundary"
        )


@pytest.mark.usefixtures("_many_pieces")
def test_points_are_located_by_the_indexes_of_boxes_and_squares():
    plan = plan_of("SELECT * FROM regions_locate(%s::float8[], %s::float8[])", [112.1] * 100, [37.5] * 100)
    for index in ("regions_divisionpart_box", "regions_boundarysquare_at", "regions_boundaryedge_box"):
        assert index in plan, plan
    assert "Seq Scan" not in plan


@pytest.mark.usefixtures("_many_pieces")
def test_polygons_are_assessed_by_indexes():
    shape = bytes(Polygon.from_bbox((112.1, 37.5, 112.11, 37.51)).wkb)
    plan = plan_of("SELECT * FROM regions_assess(%s::bytea[], %s, NULL)", [shape] * 5, TODAY)
    for table in ("regions_boundarypart", "regions_boundaryedge"):
        assert f"Seq Scan on {table}" not in plan, plan
    assert "Seq Scan on regions_divisionpart" not in plan_of("SELECT * FROM regions_shares(%s::bytea[])", [shape] * 5)
