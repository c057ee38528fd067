"""Shapes, sizes and overlap of production sites."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from products.rules.sites import FORMS, LAND, area_faults, is_overlap, overlap_refusal, shape_faults
from products.rules.words import SiteKind


@given(st.sampled_from(SiteKind), st.booleans())
def test_only_premises_may_be_a_point(kind, is_point):
    assert (shape_faults(kind, is_point) == []) == (not is_point or kind not in LAND)


@pytest.mark.parametrize(
    ("kind", "area_m2", "code"),
    [
        (SiteKind.FIELD, 9.9, "site_too_small"),
        (SiteKind.FIELD, 10, None),
        (SiteKind.FIELD, 20_000_000, None),
        (SiteKind.FIELD, 20_000_001, "site_too_large"),
        (SiteKind.PASTURE, 200_000_000, None),
        (SiteKind.PASTURE, 200_000_001, "site_too_large"),
        (SiteKind.CELLAR, 1_000_001, "site_too_large"),
        (SiteKind.CELLAR, None, None),
    ],
)
def test_absurd_areas_are_refused_by_kind(kind, area_m2, code):
    assert [fault.code for fault in area_faults(kind, area_m2)] == ([code] if code else [])


def test_no_kind_may_be_larger_than_200_square_kilometres():
    assert max(form.max_m2 for form in FORMS.values()) == 200_000_000


@pytest.mark.parametrize(
    ("shared_m2", "smaller_m2", "said"),
    [(0.9, 10, False), (1.1, 200, False), (2.1, 200, True), (100, 20_000, False), (201, 20_000, True), (0, 0, False)],
)
def test_an_overlap_is_more_than_a_metre_and_more_than_one_percent(shared_m2, smaller_m2, said):
    assert is_overlap(shared_m2, smaller_m2) is said


def test_a_strangers_site_is_not_named():
    assert "7K3QX9PA28" in overlap_refusal("7K3QX9PA28").text.en
    assert overlap_refusal(None).text.en == "It overlaps another registered site of the same indication."
