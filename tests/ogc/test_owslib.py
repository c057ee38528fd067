"""OWSLib, a client that others wrote, walks the whole map over HTTP."""

from http.client import HTTPConnection

import pytest
from owslib.ogcapi.features import Features

from tests.conftest import WORLD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def service(live_server):
    """OWSLib with the registrar's key, which sends no Accept."""
    world = WORLD()
    return Features(f"{live_server.url}/ogc/", headers=world.headers("lin"))


def test_owslib_reads_every_document_and_walks_every_layer(service):
    declared = service.conformance()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter" in declared
    assert service.api()["openapi"] == "3.0.3"
    listed = service.feature_collections()
    assert {"divisions", "regions", "indications", "producers", "sites", "batches"} <= set(listed)
    for name in listed:
        described = service.collection(name)
        assert described["extent"]["spatial"]["bbox"]
        queryables = service.collection_queryables(name)
        assert "geometry" in queryables["properties"]
        first = service.collection_items(name, limit=1)
        whole = service.collection_items(name, limit=10_000)
        assert len(whole["features"]) == whole["numberMatched"] == first["numberMatched"]
        paged = [
            service.collection_items(name, limit=1, offset=n)["features"][0]["id"]
            for n in range(3)
            if n < whole["numberMatched"]
        ]
        assert paged == [feature["id"] for feature in whole["features"]][:3]
        alone = service.collection_item(name, paged[0])
        assert alone["id"] == paged[0]
        assert service.response_headers["Content-Crs"].startswith("<http://www.opengis.net/def/crs/OGC/")
        box = described["extent"]["spatial"]["bbox"][0]
        assert service.collection_items(name, bbox=box, limit=1)["numberMatched"] == whole["numberMatched"]


def test_owslib_sends_filters_and_they_narrow(service):
    found = service.collection_items("divisions", filter="level = 'county' AND name_zh LIKE '清%'")
    assert [feature["id"] for feature in found["features"]] == ["140121"]
    assert service.collection_items("divisions", code="140121")["numberMatched"] == 1


def test_the_status_line_says_http_1_1(live_server, cast):
    connection = HTTPConnection(live_server.thread.host, live_server.thread.port)
    connection.request("GET", "/ogc/")
    assert connection.getresponse().version == 11
    connection.close()
