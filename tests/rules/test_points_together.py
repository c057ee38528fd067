"""Thousands of points are read together where they are sound; the answer is what one by one would give."""

import random

import pytest

from regions.geometry import GeometryRefused, read_points
from regions.rules import CoordinateSystem

CHANCE = random.Random(7)
# Within China on either side of every shift, with more decimals than are kept.
POINTS = [[CHANCE.uniform(74, 135), CHANCE.uniform(4, 53)] for _ in range(200)]


@pytest.mark.parametrize("system", list(CoordinateSystem))
def test_points_read_together_are_those_read_one_by_one(system):
    alone = [read_points([point], pointer="", system=system)[0] for point in POINTS]
    with_a_height = [*POINTS, [112.1, 37.5, 800.0]]
    assert read_points(POINTS, pointer="", system=system) == alone
    assert read_points(with_a_height, pointer="", system=system)[:-1] == alone


@pytest.mark.parametrize(
    ("point", "code"),
    [
        ([37.5, 112.1], "axes_swapped"),
        ([39.0, 75.0], "axes_swapped"),
        ([181.0, 37.0], "out_of_range"),
        ([112.0, -90.5], "out_of_range"),
        ([float("nan"), 37.0], "position_not_finite"),
        ([112.0, float("inf")], "position_not_finite"),
        ([112.0, True], "position_shape"),
        ([112.0, "37.5"], "position_shape"),
        ("112", "position_shape"),
    ],
)
def test_one_bad_point_among_many_is_named(point, code):
    with pytest.raises(GeometryRefused) as refused:
        read_points([*POINTS, point], pointer="/points")
    assert [(each.pointer, each.code) for each in refused.value.refusals] == [("/points/200", code)]


def test_points_elsewhere_are_read_as_they_stand():
    elsewhere = [[2.35, 48.86], [-180.0, -90.0], [0.0, 0.0]]
    assert read_points([*POINTS, *elsewhere], pointer="")[200:] == [tuple(point) for point in elsewhere]
