"""OGC API - Features Part 1 as the official test suite asks of it, request by request (OGC 17-069r4, Annex A).

The suite itself needs Java and Maven; these tests send what it sends and check what it checks, numbered in the order in
which it asks.
"""

import datetime as dt
from itertools import pairwise
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import shapely
from drf_spectacular.validation import validate_schema
from shapely.geometry import shape

pytestmark = pytest.mark.django_db
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CLASS = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"


def links(document, rel):
    return [link for link in document["links"] if link["rel"] == rel]


def collections(client):
    return client.get("/ogc/collections").json()["collections"]


def items_of(client, collection, **asked):
    (found,) = links(collection, "items")
    response = client.get(f"{found['href']}?{urlencode(asked)}", headers={"Accept": GEOJSON})
    assert response.status_code == 200, response.content
    return response.json()


# --- transport, landing page ---


def test_every_link_is_absolute_and_typed(lin):
    """2, 18"""
    documents = ["/ogc/", "/ogc/collections"]
    for each in collections(lin):
        documents += [f"/ogc/collections/{each['id']}", f"/ogc/collections/{each['id']}/items?limit=1"]
    for path in documents:
        for link in lin.get(path).json()["links"]:
            assert link["href"].startswith("http://testserver/ogc"), path
            assert link["type"], (path, link)


@pytest.mark.parametrize("path", ["/ogc/", "/ogc"])
def test_the_landing_page_leads_to_the_api_the_conformance_and_the_data(lin, path):
    """3"""
    response = lin.get(path, headers={"Accept": JSON}, follow=True)
    assert response.status_code == 200
    assert {"service-desc", "service-doc", "conformance", "data"} <= {link["rel"] for link in response.json()["links"]}


def test_the_api_document_is_of_the_type_that_its_link_says_letter_by_letter(lin):
    """4, 5"""
    (link,) = links(lin.get("/ogc/").json(), "service-desc")
    assert link["type"] == OPENAPI
    response = lin.get(link["href"], headers={"Accept": OPENAPI})
    assert (response.status_code, response.headers["Content-Type"]) == (200, OPENAPI)
    assert response.json()["openapi"].startswith("3.0.")


def test_the_api_document_is_valid_openapi_3_0(lin):
    """5"""
    validate_schema(lin.get("/ogc/api").json())


# --- conformance and what it commits to ---


def test_conformance_is_a_list_of_names_with_core_and_stands_in_the_api_document(lin):
    """Conformance"""
    declared = lin.get("/ogc/conformance").json()["conformsTo"]
    assert all(isinstance(each, str) for each in declared)
    assert {f"{CLASS}{name}" for name in ("core", "geojson", "html", "oas30")} <= set(declared)
    assert "/conformance" in lin.get("/ogc/api").json()["paths"]


def test_collections_items_and_features_have_a_page_as_alternate(lin):
    """6"""
    first = items_of(lin, collections(lin)[0])["features"][0]
    for path in ("collections", "collections/divisions/items", f"collections/divisions/items/{first['id']}"):
        (page,) = links(lin.get(f"/ogc/{path}").json(), "alternate")
        assert page["type"] == HTML
        assert lin.get(page["href"], headers={"Accept": HTML}).headers["Content-Type"].startswith(HTML)


def test_self_is_json_for_documents_and_geojson_for_features(lin):
    """7"""
    first = items_of(lin, collections(lin)[0])["features"][0]
    wanted = {
        "": JSON,
        "collections": JSON,
        "collections/divisions": JSON,
        "collections/divisions/items": GEOJSON,
        f"collections/divisions/items/{first['id']}": GEOJSON,
    }
    for path, media_type in wanted.items():
        response = lin.get(f"/ogc/{path}")
        assert response.headers["Content-Type"] == media_type
        assert [link["type"] for link in links(response.json(), "self")] == [media_type]


# --- collections ---


def test_collections_have_items_of_features_in_geojson(lin):
    """9, 10"""
    listed = lin.get("/ogc/collections").json()
    assert len(listed["collections"]) >= 7
    assert links(listed, "self")
    assert links(listed, "alternate")
    for each in listed["collections"]:
        assert each["itemType"] == "feature"
        assert [link["type"] for link in links(each, "items")] == [GEOJSON]


def test_a_collection_alone_is_what_it_is_in_the_list(lin):
    """11"""
    for each in collections(lin):
        alone = lin.get(f"/ogc/collections/{each['id']}").json()
        assert {name: alone.get(name) for name in ("id", "title", "description", "extent")} == {
            name: each.get(name) for name in ("id", "title", "description", "extent")
        }


def test_the_list_of_systems_begins_with_crs84(lin):
    """12"""
    assert {each["crs"][0] for each in collections(lin)} == {CRS84}


def test_an_extent_in_time_is_an_interval_of_instants_where_the_features_have_a_time(lin):
    """13"""
    timed = {each["id"]: each["extent"]["temporal"] for each in collections(lin) if "temporal" in each["extent"]}
    assert "batches" in timed
    for extent in timed.values():
        (interval,) = extent["interval"]
        first, last = (dt.datetime.fromisoformat(each) for each in interval)
        assert first.tzinfo
        assert first < last


# --- parameters in the API document ---


@pytest.mark.parametrize("name", ["limit", "bbox", "datetime"])
def test_parameters_are_defined_as_a_strict_parser_wants_them(lin, name):
    """14, 15, 16"""
    document = lin.get("/ogc/api").json()
    for each in collections(lin):
        given = document["paths"][f"/collections/{each['id']}/items"]["get"]["parameters"]
        found = [_resolved(document, one) for one in given]
        (one,) = (one for one in found if one["name"] == name)
        assert (one["in"], one["required"], one["style"], one["explode"]) == ("query", False, "form", False)
        schema = one["schema"]
        match name:
            case "limit":
                assert schema == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100}
            case "bbox":
                assert (schema["type"], schema["items"]["type"]) == ("array", "number")
                assert (schema["minItems"], schema["maxItems"]) == (4, 6)
            case "datetime":
                assert schema["type"] == "string"


def _resolved(document, one):
    if "$ref" not in one:
        return one
    return document["components"]["parameters"][one["$ref"].rsplit("/", 1)[1]]


# --- items ---


def test_features_lie_on_the_globe_and_the_count_is_right(lin):
    """17, 19, 20"""
    for each in collections(lin):
        page = items_of(lin, each)
        assert page["type"] == "FeatureCollection"
        assert page["numberReturned"] == len(page["features"])
        assert dt.datetime.fromisoformat(page["timeStamp"]).tzinfo
        for feature in page["features"]:
            if feature["geometry"]:
                west, south, east, north = shape(feature["geometry"]).bounds
                assert -180 <= west <= east <= 180
                assert -90 <= south <= north <= 90


def test_all_features_are_met_once_by_following_next_with_parameters_repeated_and_the_limit_replaced(lin):
    """21: the suite takes a link apart, adds its parameters again, and puts the largest limit in."""
    for each in collections(lin):
        page = items_of(lin, each, limit=1)
        matched, met = page["numberMatched"], [feature["id"] for feature in page["features"]]
        for limit in (1, 2, 10_000, 10_000):
            following = links(page, "next")
            if not following:
                break
            parts = urlsplit(following[0]["href"])
            asked = [(name, value) for name, value in parse_qsl(parts.query) if name != "limit"]
            repeated = urlencode([*asked, *asked, ("limit", limit)])
            page = lin.get(f"{parts.path}?{repeated}").json()
            met += [feature["id"] for feature in page["features"]]
            assert page["numberMatched"] == matched
        assert (len(met), len(set(met))) == (matched, matched), each["id"]


@pytest.mark.parametrize(("limit", "most"), [("1", 1), ("5000", 5000), ("10000", 10_000), ("10001", 10_000)])
def test_a_page_is_no_longer_than_the_limit_and_a_limit_above_the_largest_is_no_fault(lin, limit, most):
    """22"""
    for each in collections(lin):
        assert len(items_of(lin, each, limit=limit)["features"]) <= most


@pytest.mark.parametrize("query", ["limit=unlimited", "unknownQueryParameter50646=1"])
def test_what_cannot_be_understood_is_a_400(lin, query):
    """23"""
    for each in collections(lin):
        response = lin.get(f"/ogc/collections/{each['id']}/items?{query}")
        assert response.status_code == 400
        assert response.headers["Content-Type"] == "application/problem+json"


BOXES = (
    "-1.5000000,50.0000000,1.5000000,53.0000000",
    "-80.,-5.,-70.,5.",
    "177,65,-177,70",
    "-180,85,180,90",
    "-180,-90,180,-85",
)


@pytest.mark.parametrize("bbox", BOXES)
def test_boxes_all_over_the_globe_find_only_what_they_touch(lin, bbox):
    """24: nothing of ours lies there, and a box over the antimeridian is not one round the rest of the globe. 25: what has no
    place lies in every box."""
    for each in collections(lin):
        assert [one for one in items_of(lin, each, bbox=bbox)["features"] if one["geometry"]] == []


def test_the_extent_of_a_collection_finds_all_of_it(lin):
    """24: extents are rounded outward, so that seven digits of them miss nothing."""
    for each in collections(lin):
        (box,) = each["extent"]["spatial"]["bbox"]
        asked = ",".join(f"{value:.7f}" for value in box)
        found = items_of(lin, each, bbox=asked, limit=10_000)
        assert found["numberMatched"] == items_of(lin, each)["numberMatched"]
        area = shapely.box(*box)
        assert all(shape(one["geometry"]).intersects(area) for one in found["features"] if one["geometry"])


@pytest.mark.parametrize(
    "asked",
    [
        "2026-11-22T00:00:00Z",
        "1900-01-01T00:00:00Z/9999-12-31T00:00:00Z",
        "../2026-12-31T00:00:00Z",
        "2000-01-01T00:00:00Z/..",
        "2000-01-01T00:00:00Z/",
        "/2026-12-31T00:00:00Z",
    ],
)
def test_times_of_every_kind_are_understood(lin, asked):
    """26; 25: a feature without a time matches every time."""
    for each in collections(lin):
        page = items_of(lin, each, datetime=asked)
        if "temporal" not in each["extent"]:
            assert page["numberMatched"] == items_of(lin, each)["numberMatched"]


# --- one feature ---


def test_every_feature_can_be_had_alone_under_its_id(lin):
    """Feature"""
    for each in collections(lin):
        (first, *_) = items_of(lin, each, limit=1)["features"]
        response = lin.get(f"/ogc/collections/{each['id']}/items/{first['id']}", headers={"Accept": GEOJSON})
        alone = response.json()
        assert (response.status_code, response.headers["Content-Type"]) == (200, GEOJSON)
        assert (alone["id"], alone["properties"]) == (first["id"], first["properties"])
        assert {"self", "alternate", "collection"} <= {link["rel"] for link in alone["links"]}


# --- the layout of the API document ---


def test_paths_begin_at_the_landing_page_and_no_template_can_be_taken_for_another_path(lin):
    """28, 29"""
    document = lin.get("/ogc/api").json()
    assert document["servers"] == [{"url": "http://testserver/ogc"}]
    assert {"/", "/conformance", "/collections"} <= set(document["paths"])
    assert not [path for path in document["paths"] if path.startswith("/{")]
    for shorter, longer in pairwise(sorted(document["paths"])):
        assert shorter != longer


def test_every_operation_has_a_good_answer_and_a_name_of_its_own(lin):
    """30"""
    paths = lin.get("/ogc/api").json()["paths"]
    operations = [operation for methods in paths.values() for operation in methods.values()]
    assert all({"200", "default"} <= set(each["responses"]) for each in operations)
    assert len({each["operationId"] for each in operations}) == len(operations)


def test_every_path_without_a_template_answers(lin):
    """28"""
    for path in lin.get("/ogc/api").json()["paths"]:
        if "{" not in path:
            assert lin.get(f"/ogc{path}").status_code == 200, path
