"""The query of a map request: what is understood, and that every fault is told with the name of its parameter."""

import contextlib
import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Text
from gi_registry.ogc.collection import Collection, Kind, Property, Shape
from gi_registry.ogc.crs import CRS84
from gi_registry.ogc.params import MAX_LIMIT, ItemsQuery, Span, read_items_query, refuse_unknown

NAME = Text("名", "name")
PLACES = Collection(
    id="places",
    title=NAME,
    description=NAME,
    rows=lambda actor: None,
    geometry="geom",
    shape=Shape.ANY,
    key="code",
    properties=(
        Property("level", Kind.TEXT, NAME),
        Property("storeys", Kind.INTEGER, NAME),
        Property("area", Kind.NUMBER, NAME),
        Property("is_open", Kind.BOOLEAN, NAME),
        Property("built_on", Kind.DATE, NAME),
        Property("story", Kind.TEXT, NAME, is_filter=False),
    ),
    attribution=NAME,
    tables=(),
)


DASHED = ("bbox_crs", "max_allowable_offset")


def read(**single: str) -> ItemsQuery:
    """One value a name; the two names with hyphens are written with underscores here."""
    named = {name.replace("_", "-") if name in DASHED else name: value for name, value in single.items()}
    return read_items_query(PLACES, [(name, [value]) for name, value in named.items()])


def faults(**single: str) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        read(**single)
    return [(fault.pointer, fault.code) for fault in caught.value.errors]


def test_nothing_asked_is_the_first_hundred_everywhere():
    assert read() == ItemsQuery(limit=100)


@pytest.mark.parametrize(
    ("text", "limit"), [("1", 1), ("0007", 7), ("10000", 10_000), ("10001", MAX_LIMIT), ("9" * 60, MAX_LIMIT)]
)
def test_a_limit_above_the_maximum_counts_as_the_maximum(text, limit):
    assert read(limit=text).limit == limit


@pytest.mark.parametrize("text", ["0", "-1", "", "1.5", "unlimited", "1e3", "٣", " 5", "1_000"])
def test_a_limit_that_is_no_whole_number_is_refused(text):
    assert faults(limit=text) == [("/limit", "limit")]


def test_a_box_may_carry_heights_and_they_are_passed_over():
    assert read(bbox="110,34,-100,115,41,9000").boxes == ((110.0, 34.0, 115.0, 41.0),)


def test_numbers_of_a_box_may_start_with_the_point():
    assert read(bbox="-1.5000000,.5000000,1.5,+53.").boxes == ((-1.5, 0.5, 1.5, 53.0),)


def test_a_box_whose_west_lies_east_of_its_east_crosses_the_antimeridian():
    assert read(bbox="177,65,-177,70").boxes == ((177.0, 65.0, 180.0, 70.0), (-180.0, 65.0, -177.0, 70.0))


def test_a_box_beyond_the_globe_finds_nothing_but_is_no_fault():
    assert read(bbox="34,110,41,1e308").boxes == ((34.0, 110.0, 41.0, 1000.0),)


@pytest.mark.parametrize(
    "text",
    ["", "1,2,3", "1,2,3,4,5", "nan,0,1,1", "0,0,inf,1", "0,0,1,1e999", "a,b,c,d", "0x1,0,1,1", "1 2 3 4", "1;2;3;4"],
)
def test_a_box_that_is_not_four_finite_numbers_is_refused(text):
    assert faults(bbox=text) == [("/bbox", "bbox")]


def test_a_box_upside_down_is_refused_with_its_own_reason():
    assert faults(bbox="110,41,115,34") == [("/bbox", "bbox_upside_down")]


EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


def test_a_reference_system_goes_by_its_long_name_alone():
    assert read(bbox_crs=CRS84.uri, crs=CRS84.uri) == ItemsQuery()
    assert read(crs=f"{EPSG}4547").crs.srid == 4547
    assert faults(bbox_crs=f"{EPSG}2414") == [("/bbox-crs", "bbox_crs")]
    for text in ("EPSG:4326", "[EPSG:4326]", "4326", f"{EPSG}4326/", "http://www.opengis.net/def/crs/0/unsupported"):
        assert faults(crs=text) == [("/crs", "crs")]


@pytest.mark.parametrize("code", ["4326", "4490"])
def test_the_register_puts_latitude_before_longitude(code):
    assert read(bbox="37.4,112.0,37.7,112.4", bbox_crs=f"{EPSG}{code}").boxes == ((112.0, 37.4, 112.4, 37.7),)
    assert read(bbox="65,177,70,-177", bbox_crs=f"{EPSG}{code}").boxes[1] == (-180.0, 65.0, -177.0, 70.0)
    assert faults(bbox="37.7,112.0,37.4,112.4", bbox_crs=f"{EPSG}{code}") == [("/bbox", "bbox_upside_down")]


def test_longitude_where_latitude_belongs_lies_beyond_the_globe_and_is_no_fault():
    assert read(bbox="112.0,37.4,112.4,37.7", bbox_crs=f"{EPSG}4490").boxes == ((37.4, 112.0, 37.7, 112.4),)


def test_northing_comes_before_easting_in_a_zone_and_heights_are_passed_over():
    box = "4100000,400000,0,4200000,500000,900"
    assert read(bbox=box, bbox_crs=f"{EPSG}4547").boxes == ((400_000.0, 4_100_000.0, 500_000.0, 4_200_000.0),)


def test_a_projected_box_is_cut_to_where_its_system_is_of_use():
    world = read(bbox="-1e300,-1e300,1e300,1e300", bbox_crs=f"{EPSG}3857").boxes
    assert world == ((-20_037_508.342789244, -25_000_000.0, 20_037_508.342789244, 25_000_000.0),)
    assert read(bbox="3e7,0,4e7,1", bbox_crs=f"{EPSG}3857").boxes == ()
    assert faults(bbox="2,0,1,1", bbox_crs=f"{EPSG}3857") == [("/bbox", "bbox_upside_down")]


def test_the_zones_of_the_province_are_not_for_a_layer_of_the_whole_country():
    wide = replace(PLACES, is_regional=False)
    with pytest.raises(Invalid):
        read_items_query(wide, [("crs", [f"{EPSG}4547"])])
    assert read_items_query(wide, [("crs", [f"{EPSG}3857"])]).crs.srid == 3857


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-03-01", dt.date(2024, 3, 1), dt.date(2024, 3, 1)),
        ("2024-03-01T23:30:00Z", dt.date(2024, 3, 1), dt.date(2024, 3, 1)),
        ("2024-03-01T01:00:00+08:00", dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
        ("2024-01-01/2024-12-31", dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
        ("../2024-12-31", None, dt.date(2024, 12, 31)),
        ("2024-01-01/", dt.date(2024, 1, 1), None),
        ("2024-01-01T00:00:00Z/9999-12-31T00:00:00Z", dt.date(2024, 1, 1), dt.date(9999, 12, 31)),
        ("9999-12-31T23:59:59-12:00", dt.date.max, dt.date.max),
        ("../..", None, None),
    ],
)
def test_a_time_may_be_an_instant_a_day_or_a_half_open_stretch(text, first, last):
    assert read(datetime=text).span in (Span(first, last), Span(dt.date.min, last))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "yesterday",
        "2024-13-01",
        "2024-01-01T00:00:00",
        "2024-01-01 00:00Z",
        "a/b/c",
        "2024-02-01/2024-01-01",
        "2020-W01-1",
        "20200101T000000Z",
    ],
)
def test_a_time_that_cannot_be_read_is_refused(text):
    assert faults(datetime=text) == [("/datetime", "datetime")]


def test_filters_are_read_in_the_type_of_their_property():
    asked = read(level="county", storeys="-3", area="2.5", is_open="true", built_on="2020-02-29").equals
    assert read(is_open="0").equals == {"is_open": False}
    assert asked == {"level": "county", "storeys": -3, "area": 2.5, "is_open": True, "built_on": dt.date(2020, 2, 29)}


@pytest.mark.parametrize(
    ("name", "text"),
    [("storeys", "3.0"), ("storeys", "9" * 19), ("area", "nan"), ("is_open", "yes"), ("built_on", "2021-02-29")],
)
def test_a_filter_of_another_type_is_refused(name, text):
    assert faults(**{name: text}) == [(f"/{name}", "unusable_value")]


def test_unknown_parameters_and_properties_that_are_no_filter_are_refused_together_with_other_faults():
    assert faults(story="x", shoe_size="42", limit="0") == [
        ("/story", "unknown_parameter"),
        ("/shoe_size", "unknown_parameter"),
        ("/limit", "limit"),
    ]


def test_the_same_value_twice_is_harmless_and_two_values_are_refused():
    assert read_items_query(PLACES, [("bbox", ["1,1,2,2", "1,1,2,2"])]).boxes
    with pytest.raises(Invalid):
        read_items_query(PLACES, [("bbox", ["1,1,2,2", "1,1,2,3"])])


def test_of_two_limits_the_last_counts_because_clients_append_their_own_to_a_next_link():
    assert read_items_query(PLACES, [("limit", ["10", "10000"])]).limit == 10_000


def test_a_last_limit_of_more_digits_than_python_reads_is_a_number_like_any_other():
    assert read_items_query(PLACES, [("limit", ["1", "0" * 5_000 + "7"])]).limit == 7
    assert read_items_query(PLACES, [("limit", ["1", "9" * 5_000])]).limit == MAX_LIMIT


@pytest.mark.parametrize("value", ["a\x00b", "x" * 201])
def test_values_that_the_database_could_not_take_are_refused(value):
    assert faults(level=value) == [("/level", "unusable_value")]


@pytest.mark.parametrize("text", ["-0.1", "0.2", "nan", "wide"])
def test_outlines_can_be_simplified_by_a_tenth_of_a_degree_at_most(text):
    assert read(max_allowable_offset="0.005").tolerance_deg == 0.005
    assert faults(max_allowable_offset=text) == [("/max-allowable-offset", "max_allowable_offset")]


def test_resources_without_parameters_refuse_any_but_language_and_format():
    refuse_unknown([("lang", ["en"]), ("f", ["json"])])
    with pytest.raises(Invalid):
        refuse_unknown([("f", ["pdf"])])
    with pytest.raises(Invalid):
        refuse_unknown([("lang", ["fr"])])
    with pytest.raises(Invalid):
        refuse_unknown([("bbox", ["1,1,2,2"])])


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*PLACES.by_name, "bbox", "limit", "datetime", "cursor", "offset", "f", "x"]),
            st.lists(st.text(max_size=40), min_size=1, max_size=2),
        ),
        max_size=6,
    )
)
def test_whatever_is_sent_is_read_or_refused(given_parameters):
    with contextlib.suppress(Invalid):
        assert 1 <= read_items_query(PLACES, given_parameters).limit <= MAX_LIMIT


def test_a_collection_cannot_take_the_name_of_a_parameter():
    with pytest.raises(ValueError, match="not usable"):
        replace(PLACES, properties=(Property("bbox", Kind.TEXT, NAME),))
