"""Features by page, box, time and property, on a real PostGIS; and that nothing asked makes the server fail."""

import gzip
from urllib.parse import urlencode

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from regions.models import Division
from tests.build_products import the_register
from tests.build_regions import BOXES, the_divisions

pytestmark = pytest.mark.django_db
ITEMS = "/ogc/collections/divisions/items"
GEOJSON = "application/geo+json"


@pytest.fixture(autouse=True)
def divisions(db):
    return the_divisions()


def page(client, query="", path=ITEMS, **asked):
    response = client.get(f"{path}?{urlencode(asked) or query}")
    assert response.status_code == 200, response.content
    return response.json()


def ids(document):
    return [feature["id"] for feature in document["features"]]


def next_of(document):
    return next((link["href"] for link in document["links"] if link["rel"] == "next"), None)


def refusal(client, **asked):
    response = client.get(f"{ITEMS}?{urlencode(asked)}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    return response.json()["errors"][0]["code"]


def test_a_page_says_what_it_is(client):
    response = client.get(ITEMS, headers={"Accept": GEOJSON})
    document = response.json()
    assert response.headers["Content-Type"] == GEOJSON
    assert response.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert (document["type"], document["numberReturned"], document["numberMatched"]) == ("FeatureCollection", 6, 6)
    assert document["timeStamp"].endswith(("Z", "+00:00"))
    assert {link["rel"]: link["type"] for link in document["links"]}["self"] == GEOJSON


def test_a_feature_carries_its_public_code_as_id_and_its_facts(client):
    feature = next(each for each in page(client)["features"] if each["id"] == "140121")
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert len(feature["geometry"]["coordinates"][0]) == 2, "the hole is kept"
    facts = feature["properties"]
    assert (facts["name_zh"], facts["level"], facts["parent_code"]) == ("清徐县", "county", "140100")
    assert facts["area_m2"] == pytest.approx(Division.objects.get(code="140121").area_m2)


def test_longitude_comes_first_with_six_digits(client):
    ring = page(client, code="140727")["features"][0]["geometry"]["coordinates"][0][0]
    assert {tuple(point) for point in ring} == {(112.4, 37.4), (112.8, 37.4), (112.8, 37.7), (112.4, 37.7)}


def test_one_feature_stands_alone_with_links_back(client):
    response = client.get(f"{ITEMS}/140727")
    feature = response.json()
    assert (feature["type"], feature["id"]) == ("Feature", "140727")
    assert {link["rel"] for link in feature["links"]} == {"self", "alternate", "collection"}
    assert response.headers["Content-Type"] == GEOJSON


@pytest.mark.parametrize(
    ("bbox", "found"),
    [
        ("112.5,37.5,112.6,37.6", {"140000", "140700", "140727"}),
        ("112.22,37.52,112.28,37.58", {"140000", "140100", "140110"}),
        ("112.4,37.0,112.4,38.0", {"140000", "140100", "140121", "140700", "140727"}),
        ("112.4,37.5,112.4,37.5", {"140000", "140100", "140121", "140700", "140727"}),
        ("-180,-90,180,90", set(BOXES)),
        ("-1.5,50,1.5,53", set()),
        ("177,65,-177,70", set()),
        ("170,30,-170,40", set()),
        ("112.7,30,-170,40", {"140000", "140700", "140727"}),
        ("-180,85,180,90", set()),
        ("37.4,112,37.7,112.8", set()),
        ("112.5,37.5,0,112.6,37.6,900", {"140000", "140700", "140727"}),
        ("-1e300,-1e300,1e300,1e300", set(BOXES)),
    ],
)
def test_a_box_finds_what_touches_it(client, bbox, found):
    assert set(ids(page(client, bbox=bbox))) == found


def test_a_hole_is_not_inside(client):
    assert "140121" not in ids(page(client, bbox="112.24,37.54,112.26,37.56"))


def test_pages_follow_each_other_until_all_are_seen_once(client):
    seen, address = [], f"{ITEMS}?limit=2&bbox=112,37,113,38"
    while address:
        document = client.get(address).json()
        assert document["numberMatched"] == 6
        seen += ids(document)
        address = next_of(document)
    assert seen == sorted(BOXES)


def test_a_client_may_put_its_own_limit_after_that_of_a_next_link(client):
    following = next_of(page(client, limit=1))
    assert ids(client.get(f"{following}&limit=10000").json()) == sorted(BOXES)[1:]


def test_a_page_may_be_asked_by_offset_for_clients_that_cannot_follow_links(client):
    assert ids(page(client, offset=4, limit=5)) == sorted(BOXES)[4:]
    document = page(client, offset=2, limit=2)
    assert ids(document) == sorted(BOXES)[2:4]
    assert ids(client.get(next_of(document)).json()) == sorted(BOXES)[4:]


def test_a_limit_above_the_maximum_is_no_fault(client):
    assert len(page(client, limit=10**9)["features"]) == 6


def test_a_property_narrows_and_combines_with_a_box(client):
    assert ids(page(client, level="city")) == ["140100", "140700"]
    assert ids(page(client, level="county", bbox="112.5,37.5,112.6,37.6")) == ["140727"]
    assert ids(page(client, parent_code="140100")) == ["140110", "140121"]
    assert ids(page(client, level="nothing such")) == []


def test_features_without_time_match_every_time(client):
    for asked in ("1900-01-01", "2020-01-01T00:00:00Z/..", "../9999-12-31T00:00:00Z"):
        assert len(page(client, datetime=asked)["features"]) == 6


def test_outlines_can_be_simplified(client, divisions):
    fine = page(client, code="140121")["features"][0]["geometry"]
    coarse = page(client, code="140121", **{"max-allowable-offset": "0.1"})["features"][0]["geometry"]
    assert coarse["type"] in ("Polygon", "MultiPolygon")
    assert len(orjson.dumps(coarse)) <= len(orjson.dumps(fine))


def test_an_answer_is_compressed_for_those_who_can_read_it(client):
    plain = client.get(ITEMS)
    packed = client.get(ITEMS, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get(ITEMS, headers={"Accept-Encoding": "gzip;q=0"}).headers
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert ids(orjson.loads(gzip.decompress(packed.content))) == ids(plain.json())


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"bbox": "nan,0,1,1"}, "bbox"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "0,1,1,0"}, "bbox_upside_down"),
        ({"limit": "unlimited"}, "limit"),
        ({"limit": "0"}, "limit"),
        ({"datetime": "soon"}, "datetime"),
        ({"offset": "100001"}, "offset"),
        ({"crs": "http://www.opengis.net/def/crs/0/unsupported"}, "crs"),
        ({"bbox-crs": "http://www.opengis.net/def/crs/0/unsupported"}, "bbox_crs"),
        ({"unknownQueryParameter12345": "1"}, "unknown_parameter"),
        ({"level": "a\x00b"}, "unusable_value"),
        ({"cursor": "AAAA"}, "cursor"),
        ({"cursor": "IjE0MDEwMCI.x"}, "cursor"),
        ({"f": "shp"}, "format"),
        ({"lang": "fr"}, "language"),
    ],
)
def test_a_fault_is_named(client, asked, code):
    assert refusal(client, **asked) == code


def test_a_cursor_of_one_collection_is_of_no_use_in_another(client):
    cursor = next_of(page(client, limit=1)).split("cursor=")[1]
    response = client.get(f"/ogc/collections/regions/items?cursor={cursor}")
    assert response.json()["errors"][0]["code"] == "cursor"


def test_a_cursor_survives_being_decoded_once(client):
    cursor = next_of(page(client, limit=1)).split("cursor=")[1]
    assert not set(cursor) & set("%+=& ")


@pytest.mark.parametrize("feature_id", ["x" * 5000, "%00", "14%27--", "..%2F..", "%F0%9F%98%80", "140121%20"])
def test_an_id_that_is_none_is_not_found(client, feature_id):
    assert client.get(f"{ITEMS}/{feature_id}").status_code == 404


@pytest.mark.parametrize("collection", ["divisions", "regions", "indications", "producers"])
def test_a_page_costs_three_statements_two_once_it_was_counted_and_one_when_nothing_changed(cast, client, collection):
    the_register(cast)
    headers = {}
    for most in (3, 2, 1):
        with CaptureQueriesContext(connection) as spent:
            answer = client.get(f"/ogc/collections/{collection}/items?limit=1&bbox=110,34,115,41", headers=headers)
        assert len(spent) <= most, [each["sql"][:200] for each in spent]
        if most == 2:
            headers = {"If-None-Match": answer.headers["ETag"]}
    assert answer.status_code == 304


@given(
    st.dictionaries(
        st.sampled_from(
            ["bbox", "limit", "datetime", "cursor", "offset", "max-allowable-offset", "level", "code", "lang"]
        ),
        st.one_of(
            st.text(max_size=30), st.lists(st.floats(), min_size=4, max_size=6).map(lambda n: ",".join(map(str, n)))
        ),
        max_size=4,
    )
)
def test_whatever_is_asked_the_answer_is_a_page_or_a_reason(asked):
    response = Client().get(f"{ITEMS}?{urlencode(asked)}")
    assert response.status_code in (200, 400), response.content
