"""GET /api/v1/regions/divisions/ and /{code}/: everybody may read, codes of any age are understood."""

import pytest

from tests.build_regions import a_change, the_divisions

URL = "/api/v1/regions/divisions/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(as_machine):
    the_divisions()
    a_change()
    return as_machine(None)


def codes(answer):
    assert answer.status_code == 200, answer.content
    return sorted(row["code"] for row in answer.json()["results"])


def test_everybody_sees_all_divisions_in_pages(reader):
    first = reader.get(URL, {"page_size": 4}).json()
    second = reader.get(first["next"]).json()
    assert (len(first["results"]), len(second["results"]), second["next"]) == (4, 2, None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"level": "city"}, ["140100", "140700"]),
        ({"parent": "140100"}, ["140110", "140121"]),
        ({"q": "清徐"}, ["140121"]),
        ({"q": "QX"}, ["140121", "140727"]),
        ({"q": "梗阳县"}, ["140121"]),
        ({"q": "nowhere"}, []),
        ({"at": "112.1,37.5"}, ["140000", "140100", "140121"]),
        ({"at": "112.25,37.55", "level": "county"}, ["140110"]),
        ({"at": "100,30"}, []),
        ({"at": "112.4061,37.5004", "level": "county"}, ["140727"]),
        ({"at": "112.4061,37.5004", "level": "county", "crs": "gcj02"}, ["140121"]),
        ({"at": "112.1,37.5", "level": "county", "crs": "EPSG:4490"}, ["140121"]),
    ],
)
def test_the_list_is_narrowed_by_level_parent_name_and_point(reader, query, expected):
    assert codes(reader.get(URL, query)) == expected


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"level": "village"}, "/level", "invalid_choice"),
        ({"parent": "1401"}, "/parent", "invalid"),
        ({"at": "37.5,112.1"}, "/at", "axes_swapped"),
        ({"at": "112.1"}, "/at", "position_shape"),
        ({"at": "nan,inf"}, "/at", "position_shape"),
        ({"at": "500,37"}, "/at", "position_shape"),
        ({"at": "112.1,37.5", "crs": "EPSG:3857"}, "/crs", "invalid_choice"),
        ({"colour": "red"}, "/colour", "unknown_field"),
        ({"q": "x" * 61}, "/q", "max_length"),
    ],
)
def test_a_bad_parameter_is_named(reader, query, pointer, code):
    answer = reader.get(URL, query)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


def test_one_division_tells_its_parent_area_and_former_codes(reader):
    told = reader.get(f"{URL}140121/").json()
    assert told["is_current"] is True
    assert told["division"]["parent"] == "140100"
    assert told["division"]["area_m2"] == pytest.approx(0.11 * 9808e6, rel=0.002)
    assert [change["old_code"] for change in told["formerly"]] == ["140199"]
    assert (told["became"], told["geometry"]) == ([], None)


def test_the_outline_comes_when_asked_for_with_its_hole(reader):
    outline = reader.get(f"{URL}140121/", {"geometry": "1"}).json()["geometry"]
    assert outline["type"] == "MultiPolygon"
    assert len(outline["coordinates"][0]) == 2


def test_a_former_code_is_answered_with_what_it_became(reader):
    told = reader.get(f"{URL}140199/").json()
    assert (told["is_current"], told["division"]) == (False, None)
    assert [(change["new_code"], change["share"]) for change in told["became"]] == [("140121", "whole")]


@pytest.mark.parametrize("code", ["999999", "1401211", "abc"])
def test_a_code_that_never_was_is_not_found(reader, code):
    answer = reader.get(f"{URL}{code}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_divisions_are_not_written_over_http(reader, as_machine, cast):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(as_machine(cast.lin), method)(URL).status_code == 405


@pytest.mark.parametrize(("path", "queries"), [("", 1), ("140121/", 2), ("?at=112.1,37.5", 2), ("?q=qx", 1)])
def test_reading_costs_a_fixed_number_of_queries(reader, django_assert_max_num_queries, path, queries):
    with django_assert_max_num_queries(queries):
        assert reader.get(URL + path).status_code == 200
