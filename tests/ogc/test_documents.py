"""What leads a client to the features, by the abstract tests of OGC API - Features Part 1 (OGC 17-069r4)."""

import pytest

from gi_registry.maps import CATALOGUE

pytestmark = pytest.mark.django_db
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
EVERYONE = ("divisions", "regions", "indications", "producers", "site_cells")
SIGNED_IN = (
    "divisions",
    "regions",
    "indications",
    "producers",
    "sites",
    "site_areas",
    "site_points",
    "site_cells",
    "batches",
    "checks",
)


def links(document):
    return {link["rel"]: link for link in document["links"]}


def test_the_landing_page_leads_everywhere_by_absolute_links(client):
    response = client.get("/ogc/")
    found = links(response.json())
    assert response.headers["Content-Type"] == "application/json"
    assert {"self", "service-desc", "conformance", "data"} <= set(found)
    assert found["service-desc"]["type"] == OPENAPI
    assert all(link["href"].startswith("http://testserver/ogc") and link["type"] for link in found.values())
    for link in found.values():
        answer = client.get(link["href"], headers={"Accept": link["type"]})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].removesuffix("; charset=utf-8") == link["type"]


def test_only_what_these_tests_hold_is_declared(client):
    declared = client.get("/ogc/conformance").json()["conformsTo"]
    features = {each.split("/spec/")[1] for each in declared if "/ogcapi-features-" in each}
    assert features == {
        "ogcapi-features-1/1.0/conf/core",
        "ogcapi-features-1/1.0/conf/oas30",
        "ogcapi-features-1/1.0/conf/geojson",
        "ogcapi-features-1/1.0/conf/html",
        "ogcapi-features-2/1.0/conf/crs",
        "ogcapi-features-3/1.0/conf/queryables",
        "ogcapi-features-3/1.0/conf/queryables-query-parameters",
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
    }


def test_a_collection_is_described_alike_in_the_list_and_alone(client):
    listed = client.get("/ogc/collections").json()
    assert [each["id"] for each in listed["collections"]] == list(EVERYONE)
    assert links(listed)["self"]["type"] == "application/json"
    for each in listed["collections"]:
        assert client.get(f"/ogc/collections/{each['id']}").json() == each
        assert links(each)["items"]["type"] == "application/geo+json"
        assert each["crs"][0] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
        schema = client.get(links(each)["describedby"]["href"])
        assert schema.headers["Content-Type"] == "application/schema+json"
        assert {"geometry", "id"} < set(schema.json()["properties"])


def test_collections_for_some_are_listed_for_those_who_are_signed_in(cast, as_machine):
    seen = as_machine(cast.zhang).get("/ogc/collections").json()["collections"]
    assert [each["id"] for each in seen] == list(SIGNED_IN)


def test_titles_are_in_the_language_that_was_asked_for(client):
    chinese = client.get("/ogc/collections/divisions").json()["title"]
    english = client.get("/ogc/collections/divisions?lang=en").json()["title"]
    assert (chinese, english) == ("行政区划", "Administrative divisions")


def test_the_api_document_defines_every_path_and_the_parameters_as_clients_want_them(cast, as_machine):
    document = as_machine(cast.lin).get("/ogc/api").json()
    parameters = document["components"]["parameters"]
    assert document["openapi"].startswith("3.0.")
    assert document["servers"] == [{"url": "http://testserver/ogc"}]
    assert {"/conformance", "/collections"} < set(document["paths"])
    assert not [path for path in document["paths"] if path.startswith("/{")]
    for name in SIGNED_IN:
        asked = document["paths"][f"/collections/{name}/items"]["get"]["parameters"]
        assert {"$ref": "#/components/parameters/bbox"} in asked
        own = {each["name"] for each in asked if "name" in each}
        assert own - {"crs", "bbox-crs", "filter-crs", "sortby"} == {each.name for each in CATALOGUE.get(name).filters}
    for name in ("bbox", "limit", "datetime"):
        assert (parameters[name]["in"], parameters[name]["required"]) == ("query", False)
        assert (parameters[name]["style"], parameters[name]["explode"]) == ("form", False)
    assert parameters["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 10000, "default": 100}
    bbox = parameters["bbox"]["schema"]
    assert (bbox["minItems"], bbox["maxItems"], bbox["items"]["type"]) == (4, 6, "number")


def test_every_operation_of_the_api_document_has_its_own_name_and_a_good_answer(client):
    paths = client.get("/ogc/api").json()["paths"]
    operations = [operation for path in paths.values() for operation in path.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)
    assert all("200" in each["responses"] and "default" in each["responses"] for each in operations)


@pytest.mark.parametrize("path", ["", "conformance", "collections", "collections/divisions", "api"])
def test_unknown_parameters_and_formats_are_refused_everywhere(client, path):
    for query in ("shoe=42", "f=pdf"):
        response = client.get(f"/ogc/{path}?{query}")
        assert response.status_code == 400
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["errors"][0]["pointer"] in ("/shoe", "/f")


@pytest.mark.parametrize(
    "path", ["nothing", "collections/nothing", "collections/nothing/items", "collections/divisions/items/nothing"]
)
def test_what_is_not_there_is_a_problem_document(client, path):
    response = client.get(f"/ogc/{path}")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def test_the_map_is_only_read(client):
    response = client.post("/ogc/collections/divisions/items", data={}, content_type="application/json")
    assert response.status_code == 405
