"""What a collection says may be asked of it, and that it is no more and no less than a filter takes."""

import pytest

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Invalid
from gi_registry.maps import CATALOGUE
from gi_registry.ogc.collection import Kind
from gi_registry.ogc.cql2 import read_filter
from gi_registry.ogc.queryables import document

COLLECTIONS = CATALOGUE.seen_by(Actor.SYSTEM)
ROOT = "https://gi.example/ogc"
LITERALS = {
    Kind.TEXT: "= 'x'",
    Kind.INTEGER: "= 1",
    Kind.NUMBER: "= 1.5",
    Kind.BOOLEAN: "= TRUE",
    Kind.DATE: "= DATE('2026-11-22')",
}

each = pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda item: item.id)


@each
def test_queryables_are_a_closed_schema_of_the_declared_filters(collection):
    said = document(ROOT, collection)
    assert said["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert said["$id"] == f"{ROOT}/collections/{collection.id}/queryables"
    assert (said["type"], said["additionalProperties"]) == ("object", False)
    assert list(said["properties"]) == ["geometry", *(item.name for item in collection.filters)]
    assert all(entry["title"] for entry in said["properties"].values())


@each
def test_the_place_has_a_format_and_no_type(collection):
    place = document(ROOT, collection)["properties"]["geometry"]
    assert place["format"] == collection.shape.schema["format"]
    assert "type" not in place


@each
def test_every_queryable_can_be_asked_and_nothing_else(collection):
    for item in collection.properties:
        text = f"A_CONTAINS({item.name}, ('x'))" if item.kind is Kind.TEXTS else f"{item.name} {LITERALS[item.kind]}"
        if item.is_filter:
            assert read_filter(collection, text)
        else:
            with pytest.raises(Invalid):
                read_filter(collection, text)
    assert read_filter(collection, "S_INTERSECTS(geometry, POINT(112 37))")


def test_closed_vocabularies_and_days_are_told():
    properties = document(ROOT, CATALOGUE.get("batches"))["properties"]
    assert "released" in properties["state"]["enum"]
    assert (properties["produced_on"]["type"], properties["produced_on"]["format"]) == ("string", "date")
    assert document(ROOT, CATALOGUE.get("producers"))["properties"]["indications"]["type"] == "array"


VALUES = {
    Kind.TEXT: "x",
    Kind.TEXTS: "x",
    Kind.INTEGER: "1",
    Kind.NUMBER: "1.5",
    Kind.BOOLEAN: "true",
    Kind.DATE: "2026-11-22",
}


@pytest.mark.django_db
@each
def test_a_layer_leads_to_its_queryables_and_each_is_a_parameter(cast, as_machine, collection):
    lin, here = as_machine(cast.lin), f"/ogc/collections/{collection.id}"
    links = {link["rel"]: link for link in lin.get(here).json()["links"]}
    link = links["http://www.opengis.net/def/rel/ogc/1.0/queryables"]
    assert link["type"] == "application/schema+json"
    response = lin.get(link["href"])
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/schema+json")
    said = response.json()
    assert said["$id"] == link["href"]
    for name in said["properties"]:
        if name != "geometry":
            response = lin.get(f"{here}/items?limit=1&{name}={VALUES[collection.by_name[name].kind]}")
            assert response.status_code == 200, response.content
    if not collection.is_public:
        assert as_machine(None).get(f"{here}/queryables").status_code == 401
