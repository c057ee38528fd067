"""Which tile is where: held against the definition of WebMercatorQuad, not against our own arithmetic."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.lib.problems import Problem
from gi_registry.ogc.collection import SHANXI
from gi_registry.ogc.drawing import MAX_ZOOM, Band, Drawing, tolerance_m
from gi_registry.ogc.mercator import HALF_M, Limits, Tile, all_limits, limits_of, read_tile

WORLD = (-180.0, -90.0, 180.0, 90.0)


def metres(longitude, latitude):
    """EPSG:3857 by its own formula."""
    radius = HALF_M / math.pi
    return radius * math.radians(longitude), radius * math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def test_the_whole_world_is_one_tile():
    west, south, east, north = Tile(0, 0, 0).box
    assert (west, east) == (-180, 180)
    assert (south, north) == pytest.approx((-85.0511287798066, 85.0511287798066))


def test_rows_count_from_the_north_and_columns_from_the_west():
    assert Tile(1, 0, 1).box[:2] == (0, pytest.approx(0, abs=1e-12))
    assert Tile(1, 1, 0).box[2:] == (0, pytest.approx(0, abs=1e-12))


@given(st.integers(0, MAX_ZOOM), st.data())
def test_a_tile_is_a_square_of_the_right_size_in_metres(zoom, data):
    side = st.integers(0, 2**zoom - 1)
    tile = Tile(zoom, data.draw(side), data.draw(side))
    west, south, east, north = tile.box
    (left, bottom), (right, top) = metres(west, south), metres(east, north)
    size = 2 * HALF_M / 2**zoom
    assert (right - left, top - bottom) == (pytest.approx(size), pytest.approx(size))
    assert left == pytest.approx(tile.column * size - HALF_M, abs=0.01)
    assert top == pytest.approx(HALF_M - tile.row * size, abs=0.01)


@given(st.integers(0, MAX_ZOOM), st.floats(110.2, 114.6), st.floats(34.5, 40.8))
def test_every_place_of_the_province_lies_in_a_tile_within_the_limits(zoom, longitude, latitude):
    limits, (x, y) = limits_of(SHANXI, zoom), metres(longitude, latitude)
    size = 2 * HALF_M / 2**zoom
    assert Tile(zoom, int((HALF_M - y) // size), int((x + HALF_M) // size)) in limits


def test_the_limits_of_the_world_are_the_whole_matrix():
    for limits in all_limits(WORLD):
        last = 2**limits.zoom - 1
        assert limits == Limits(limits.zoom, 0, last, 0, last)


@pytest.mark.parametrize(
    "given", ["", "-1", "+1", "01", "1.0", "1e400", "٣", "１", "0x1", " 1", "1\n", "NaN", "one", "1_0"]
)
def test_what_is_no_plain_number_is_told_with_its_name(given):
    for place, name in enumerate(("tileMatrix", "tileRow", "tileCol")):
        numbers = ["0", "0", "0"]
        numbers[place] = given
        with pytest.raises(Problem) as refused:
            read_tile(WORLD, *numbers)
        assert refused.value.status == 400
        assert [each.pointer for each in refused.value.errors] == [f"/{name}"]


@pytest.mark.parametrize(
    ("numbers", "name"),
    [
        (("15", "0", "0"), "tileMatrix"),
        (("30", "0", "0"), "tileMatrix"),
        (("9" * 5000, "0", "0"), "tileMatrix"),
        (("0", "1", "0"), "tileRow"),
        (("0", "0", "1"), "tileCol"),
        (("6", "2147483647", "51"), "tileRow"),
        (("6", "24", "2147483647"), "tileCol"),
        (("6", "24", "9" * 5000), "tileCol"),
        (("6", "24", "50"), "tileCol"),
        (("6", "26", "51"), "tileRow"),
    ],
)
def test_a_tile_that_the_layer_cannot_have_is_not_there(numbers, name):
    with pytest.raises(Problem) as refused:
        read_tile(SHANXI, *numbers)
    assert refused.value.status == 404
    assert [each.pointer for each in refused.value.errors] == [f"/{name}"]


def test_half_a_pixel_is_lost_at_most():
    assert tolerance_m(0) * 1024 == pytest.approx(2 * HALF_M)
    assert tolerance_m(14) == pytest.approx(2.39, abs=0.01)


@pytest.mark.parametrize("zooms", [(5,), (14, 5, 14), (5, 5, 14), (5, 16)])
def test_bands_that_leave_a_zoom_without_a_drawing_are_refused(zooms):
    with pytest.raises(ValueError, match="bands end at"):
        Drawing(tuple(Band(zoom, "shape") for zoom in zooms))
