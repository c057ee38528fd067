"""/api/v1/regions/regions/: read by everybody, kept by the registrar, refused with reasons."""

import pytest

from regions.models import Boundary, Region
from tests.build_regions import a_boundary, a_region, a_square, the_divisions

URL = "/api/v1/regions/regions/"
pytestmark = pytest.mark.django_db

NEW = {
    "slug": "qixian-vinegar",
    "name_zh": "祁县陈醋产地范围",
    "name_en": "Qixian vinegar region",
    "source_text": "祁县现辖行政区域",
    "accuracy_m": 1000,
    "division_codes": ["140727"],
    "declared": {"west": "112°24′", "east": "112°48′", "south": "37°24′", "north": "37°42′"},
}
OUTLINE = {"zone": "", "valid_from": "2004-08-09", "method": "divisions", "division_codes": ["140121"]}


@pytest.fixture
def region(db):
    the_divisions()
    return a_region()


@pytest.fixture
def lin(cast, as_machine):
    return as_machine(cast.lin)


def send(client, url, body, **headers):
    return client.post(url, body, content_type="application/json", headers=headers)


def faults(answer, status):
    assert answer.status_code == status, answer.content
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


# --- reading -----------------------------------------------------------------------------------------------------


def test_everybody_reads_a_region_with_the_outline_of_a_day(region, as_machine):
    a_boundary(region)
    told = as_machine(None).get(f"{URL}{region.number}/", {"as_of": "2010-01-01", "geometry": "1"}).json()
    (held,) = told["boundaries"]
    assert (held["valid_from"], held["valid_until"], held["divisions"][0]["code"]) == ("2004-08-09", None, "140121")
    assert len(held["geometry"]["coordinates"][0]) == 2
    assert told["declared"]["check"] == "absent"
    before = as_machine(None).get(f"{URL}{region.number}/", {"as_of": "2004-08-08"}).json()
    assert (before["as_of"], before["boundaries"]) == ("2004-08-08", [])


def test_the_list_is_narrowed_by_name_division_and_point(region, as_machine):
    a_boundary(region)
    a_region("other", name_zh="别处", name_en="Elsewhere")
    reader = as_machine(None)
    for query in ({"q": "陈醋"}, {"q": "VINEGAR"}, {"division": "140121"}, {"at": "112.1,37.5"}):
        assert [row["slug"] for row in reader.get(URL, query).json()["results"]] == ["qingxu-vinegar"]
    assert reader.get(URL, {"at": "112.25,37.55"}).json()["results"] == []
    assert len(reader.get(URL).json()["results"]) == 2


@pytest.mark.parametrize("as_of", ["yesterday", "0001-01-01", "9999-12-31", "2010-02-30"])
def test_an_absurd_day_is_refused(region, as_machine, as_of):
    answer = as_machine(None).get(f"{URL}{region.number}/", {"as_of": as_of})
    assert faults(answer, 400)[0][0] == "/as_of"


def test_an_unknown_region_is_not_found(region, as_machine):
    for path in ("0000000000/", "0000000000/boundaries/", "0000000000/history/"):
        assert as_machine(None).get(URL + path).status_code in (401, 404)


@pytest.mark.parametrize(("path", "queries"), [("", 1), ("{number}/", 3), ("{number}/boundaries/", 3)])
def test_reading_costs_a_fixed_number_of_queries(region, as_machine, django_assert_max_num_queries, path, queries):
    a_boundary(region)
    a_boundary(region, zone="core")
    with django_assert_max_num_queries(queries):
        assert as_machine(None).get(URL + path.format(number=region.number)).status_code == 200


# --- writing -----------------------------------------------------------------------------------------------------


def test_the_registrar_writes_a_region_and_its_box_is_judged(region, lin):
    answer = send(lin, URL, NEW)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert told["declared"]["check"] == "agrees"
    assert told["extent"] == "whole"
    assert lin.get(answer["Location"]).json()["number"] == told["number"]
    assert answer["ETag"] == '"v1"'


def test_a_box_that_contradicts_the_divisions_is_kept_and_flagged(region, lin):
    told = send(lin, URL, {**NEW, "declared": {**NEW["declared"], "east": "116°48′"}}).json()
    assert (told["declared"]["east"], told["declared"]["check"]) == ("116°48′", "wrong")
    assert "东界" in told["declared"]["note"]["zh"]


@pytest.mark.parametrize("who", ["wang", "li", "chen", "zhang", "sun", "hu"])
def test_nobody_else_writes_regions(region, cast, as_machine, who):
    client = as_machine(getattr(cast, who))
    for url in (URL, f"{URL}{region.number}/boundaries/", f"{URL}{region.number}/boundaries/end/"):
        assert send(client, url, NEW).status_code == 403
    assert (Region.objects.count(), Boundary.objects.count()) == (1, 0)


def test_a_stranger_is_asked_to_sign_in(region, as_machine):
    assert send(as_machine(None), URL, NEW).status_code == 401


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"slug": "qingxu vinegar"}, "/slug", "invalid"),
        ({"accuracy_m": 0}, "/accuracy_m", "min_value"),
        ({"division_codes": []}, "/division_codes", "min_length"),
        ({"division_codes": ["140727", "x"]}, "/division_codes/1", "invalid"),
        ({"division_codes": ["140727", "999999"]}, "/division_codes/1", "division_unknown"),
        ({"declared": {"up": "1°"}}, "/declared/up", "unknown_field"),
        ({"name_zh": None}, "/name_zh", "null"),
        ({"colour": "red"}, "/colour", "unknown_field"),
    ],
)
def test_a_mistake_in_a_region_is_named(region, lin, change, pointer, code):
    assert (pointer, code) in faults(send(lin, URL, {**NEW, **change}), 400)
    assert Region.objects.count() == 1


def test_a_slug_is_given_once(region, lin):
    assert faults(send(lin, URL, {**NEW, "slug": region.slug}), 409) == [("/slug", "slug_taken")]


def test_a_boundary_is_published_ended_and_followed(region, lin):
    url = f"{URL}{region.number}/boundaries/"
    assert send(lin, url, OUTLINE).status_code == 201
    later = {**OUTLINE, "valid_from": "2020-01-01", "method": "digitised", "geometry": a_square(112, 37.4, 112.3, 37.6)}
    assert faults(send(lin, url, later), 409) == [("/valid_from", "boundary_overlap")]
    etag = lin.get(f"{URL}{region.number}/")["ETag"]
    end = {"ended_on": "2020-01-01", "reason": "重新划定"}
    assert send(lin, f"{url}end/", end).status_code == 428
    assert send(lin, f"{url}end/", end, **{"If-Match": '"v1"'}).status_code == 412
    assert send(lin, f"{url}end/", end, **{"If-Match": etag}).json()["valid_until"] == "2020-01-01"
    answer = send(lin, url, later)
    assert answer.status_code == 201, answer.content
    assert [row["valid_from"] for row in lin.get(url).json()["results"]] == ["2020-01-01", "2004-08-09"]


@pytest.mark.parametrize(
    ("geometry", "pointer", "code"),
    [
        (None, "/geometry", "null"),
        ("POLYGON EMPTY", "/geometry", "geometry_not_object"),
        ({"type": "Point", "coordinates": [112, 37]}, "/geometry/type", "geometry_type"),
        ({**a_square(112, 37, 113, 38), "crs": {"type": "link"}}, "/geometry/crs", "foreign_crs"),
        (a_square(37, 112, 38, 113), "/geometry/coordinates/0/0", "axes_swapped"),
        (
            {"type": "Polygon", "coordinates": [[[112, 37], [113, 38], [113, 37], [112, 38], [112, 37]]]},
            "/geometry/coordinates",
            "self_crossing",
        ),
    ],
)
def test_a_bad_outline_is_refused_where_it_is_bad(region, lin, geometry, pointer, code):
    body = {**OUTLINE, "method": "digitised", "geometry": geometry}
    assert faults(send(lin, f"{URL}{region.number}/boundaries/", body), 400) == [(pointer, code)]
    assert not region.boundaries.exists()


def test_the_same_boundary_sent_twice_with_one_key_is_one(region, lin):
    url = f"{URL}{region.number}/boundaries/"
    key = {"Idempotency-Key": "one"}
    answers = [send(lin, url, OUTLINE, **key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert region.boundaries.count() == 1


def test_history_tells_the_authorities_who_changed_what_and_why(region, lin, cast, as_machine):
    send(lin, f"{URL}{region.number}/boundaries/", {**OUTLINE, "reason": "首次划定"})
    url = f"{URL}{region.number}/history/"
    told = as_machine(cast.sun).get(url).json()
    drawn = next(event for event in told if event["zone"] == "")
    assert (drawn["who"], drawn["why"], drawn["event"]) == ("林登记", "首次划定", "insert")
    assert {"field": "method", "before": None, "after": "divisions"} in drawn["changes"]
    assert [event["event"] for event in told if event["zone"] is None] == ["update", "insert"]
    assert as_machine(cast.zhang).get(url).status_code == 403
    assert as_machine(None).get(url).status_code == 401
