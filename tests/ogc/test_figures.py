"""Counts, extents and tags: true for the one who asks, kept while nothing changes, and never told to another."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gi_registry.ogc import figures
from products.models import Site
from regions.models import Division
from tests.build_regions import BOXES, the_divisions

pytestmark = pytest.mark.django_db
DIVISIONS = "/ogc/collections/divisions"


def matched(client, path):
    return client.get(path).json().get("numberMatched")


def extent(client, collection):
    return client.get(f"/ogc/collections/{collection}").json().get("extent")


def test_an_extent_is_that_of_the_features_rounded_outward(client):
    the_divisions()
    west, south, east, north = BOXES["140000"]
    ((a, b, c, d),) = extent(client, "divisions")["spatial"]["bbox"]
    assert (a, b, c, d) == (west, south, east, north)
    assert figures._down(112.1234564) == 112.123456
    assert figures._up(112.1234561) == 112.123457
    assert figures._down(-0.0000001) == -0.000001


def test_everybody_is_told_the_extent_of_what_he_may_see(cast, register, as_machine):
    told = {who: extent(as_machine(person), "sites") for who, person in cast.everyone().items()}
    assert told["hu"] is None, "who sees nothing is told of no extent"
    for who, person in cast.everyone().items():
        rows = Site.objects.visible_to(person.actor)
        assert (told[who] is None) == (not rows.exists()), who
        if told[who]:
            boxes = [row.geom.extent for row in rows]
            around = [min(box[i] for box in boxes) for i in (0, 1)] + [max(box[i] for box in boxes) for i in (2, 3)]
            assert told[who]["spatial"]["bbox"] == [pytest.approx(around, abs=2e-6)], who


def test_what_was_told_to_one_is_not_told_to_the_next(cast, register, as_machine):
    path = "/ogc/collections/sites/items?limit=1"
    for person in (cast.lin, cast.hu, cast.zhang, cast.feng, cast.lin):
        seen = Site.objects.visible_to(person.actor).count()
        assert matched(as_machine(person), path) == seen


def test_counts_and_extents_are_kept_until_something_changes(client):
    the_divisions()
    path = f"{DIVISIONS}/items?limit=2"
    assert matched(client, path) == 6
    with CaptureQueriesContext(connection) as spent:
        assert matched(client, path) == 6
    assert not [each for each in spent if "COUNT(" in each["sql"]]
    before = extent(client, "divisions")
    Division.objects.filter(code="140727").update(valid_to="2020-01-01")
    Division.objects.filter(code__in=["140700", "140000"]).update(valid_to="2020-01-01")
    assert matched(client, path) == 3
    assert extent(client, "divisions") != before


def test_different_conditions_have_different_counts(client):
    the_divisions()
    path = f"{DIVISIONS}/items?limit=1"
    box = "bbox=112.5,37.5,112.6,37.6"
    flipped = "bbox=112.5,37.5,112.6,37.6&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326"
    asked = {"": 6, "&level=city": 2, "&level=county": 3, f"&{box}": 3, f"&{flipped}": 0, "&filter=level='city'": 2}
    for _ in range(2):
        assert {query: matched(client, path + query) for query in asked} == asked


def test_a_filtered_count_stops_where_it_would_cost_more_than_the_page(client, monkeypatch):
    the_divisions()
    monkeypatch.setattr(figures, "COUNT_UP_TO", 2)
    assert matched(client, f"{DIVISIONS}/items?limit=1&level=county") is None
    assert matched(client, f"{DIVISIONS}/items?limit=1&level=city") == 2
    assert matched(client, f"{DIVISIONS}/items?limit=1") == 6, "everything is counted in full, once"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/collections",
        "/collections/divisions",
        "/collections/divisions/items?limit=2",
        "/collections/divisions/items/140727",
        "/collections/divisions/schema",
        "/collections/divisions/queryables",
        "/conformance",
        "/api",
    ],
)
def test_what_has_not_changed_is_not_sent_again(client, path):
    the_divisions()
    first = client.get(f"/ogc{path or '/'}")
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(f"/ogc{path or '/'}", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert "Authorization" in again.headers["Vary"]


def test_a_page_that_has_not_changed_costs_no_geometry(client):
    the_divisions()
    path = f"{DIVISIONS}/items?limit=2"
    tag = client.get(path).headers["ETag"]
    with CaptureQueriesContext(connection) as spent:
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert not [each for each in spent if "ST_" in each["sql"]]


def test_a_tag_changes_with_the_data_the_question_the_language_and_the_reader(cast, register, as_machine, client):
    path = f"{DIVISIONS}/items?limit=2"
    tags = [client.get(path).headers["ETag"]]
    tags.append(client.get(f"{path}&level=city").headers["ETag"])
    tags.append(client.get(path, headers={"Accept-Language": "en"}).headers["ETag"])
    tags.append(as_machine(cast.zhang).get(path).headers["ETag"])
    tags.append(as_machine(cast.feng).get(path).headers["ETag"])
    Division.objects.filter(code="140727").update(name_en="Qi")
    tags.append(client.get(path).headers["ETag"])
    assert len(set(tags)) == len(tags)


def test_a_page_is_bound_in_bytes_and_goes_on_with_a_link(client, monkeypatch):
    the_divisions()
    monkeypatch.setattr("gi_registry.ogc.statements.PAGE_BYTES", 200)
    met, address, pages = [], f"{DIVISIONS}/items?limit=6", 0
    while address:
        document = client.get(address).json()
        met += [feature["id"] for feature in document["features"]]
        assert all(feature["geometry"] for feature in document["features"])
        assert document["numberMatched"] == 6
        address = next((link["href"] for link in document["links"] if link["rel"] == "next"), None)
        pages += 1
    assert met == sorted(BOXES)
    assert pages > 2


def test_answers_for_one_reader_are_kept_by_no_cache_between(cast, register, as_machine):
    answer = as_machine(cast.zhang).get("/ogc/collections/sites/items")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie", "Accept", "Accept-Encoding"} <= set(
        answer.headers["Vary"].replace(" ", "").split(",")
    )
