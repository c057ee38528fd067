"""Cells of the grid: longitude first, closed rings, and hexagons that stay within the extent that layers name."""

import h3
from shapely.geometry import Point, Polygon

from gi_registry.ogc.collection import SHANXI
from products.rules.sites import SITE_CELL_RESOLUTION
from regions.rules import CELLS_EXTENT, cell_at, name_of, outline_of
from trace.rules.batches import CELL_RESOLUTION

QINGXU = (112.35, 37.6)


def test_a_cell_is_that_of_the_h3_library_with_longitude_first():
    longitude, latitude = QINGXU
    assert name_of(cell_at(longitude, latitude, 5)) == h3.latlng_to_cell(latitude, longitude, 5)


def test_the_outline_is_closed_turns_left_and_holds_the_place():
    ring = outline_of(cell_at(*QINGXU, CELL_RESOLUTION))
    assert ring[0] == ring[-1]
    assert len(ring) == 7
    assert Polygon(ring).exterior.is_ccw
    assert Polygon(ring).contains(Point(QINGXU))


def test_a_cell_fits_a_signed_bigint():
    assert 0 < cell_at(*QINGXU, CELL_RESOLUTION) < 2**63


def test_no_hexagon_of_the_province_leaves_the_extent():
    west, south, east, north = SHANXI
    edge = [(west + (east - west) * step / 200, y) for step in range(201) for y in (south, north)]
    edge += [(x, south + (north - south) * step / 200) for step in range(201) for x in (west, east)]
    hexagons = [
        Polygon(outline_of(cell_at(*place, resolution)))
        for place in edge
        for resolution in (CELL_RESOLUTION, SITE_CELL_RESOLUTION)
    ]
    least_west, least_south, most_east, most_north = CELLS_EXTENT
    assert all(least_west < one.bounds[0] and one.bounds[2] < most_east for one in hexagons)
    assert all(least_south < one.bounds[1] and one.bounds[3] < most_north for one in hexagons)
