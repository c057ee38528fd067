"""Outlines kept as text: the default system is told by what is kept, every other is written, and both are the same place."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gi_registry.maps import CATALOGUE

pytestmark = pytest.mark.django_db
WRITTEN = [collection for collection in CATALOGUE if collection.written]
LATITUDE_FIRST = "http://www.opengis.net/def/crs/EPSG/0/4326"


def flat(coordinates):
    if isinstance(coordinates[0], (int, float)):
        yield tuple(coordinates)
        return
    for inner in coordinates:
        yield from flat(inner)


@pytest.mark.parametrize("collection", WRITTEN, ids=lambda collection: collection.id)
def test_the_text_that_is_kept_says_what_would_be_written_now(world, collection):
    client, path = Client(headers=world.headers("lin")), f"/ogc/collections/{collection.id}/items?limit=50"
    with CaptureQueriesContext(connection) as statements:
        kept = client.get(path).json()["features"]
    assert not [statement for statement in statements if "ST_AsGeoJSON" in statement["sql"]]
    with CaptureQueriesContext(connection) as statements:
        turned = client.get(f"{path}&crs={LATITUDE_FIRST}").json()["features"]
    assert [statement for statement in statements if "ST_AsGeoJSON" in statement["sql"]]
    assert kept
    for ours, other in zip(kept, turned, strict=True):
        assert ours["geometry"]["type"] == other["geometry"]["type"]
        points = list(flat(other["geometry"]["coordinates"]))
        assert list(flat(ours["geometry"]["coordinates"])) == [(east, north) for north, east in points]


def test_the_large_layers_keep_theirs():
    sites = {"sites", "site_areas", "site_points"}
    assert {collection.id for collection in WRITTEN} == {"divisions", "regions", "indications"} | sites


def test_an_outline_simplified_on_demand_is_written_anew(world):
    path = "/ogc/collections/regions/items?limit=10"
    whole, coarse = (Client().get(path + more).json()["features"] for more in ("", "&max-allowable-offset=0.05"))
    points = [sum(1 for row in rows for _ in flat(row["geometry"]["coordinates"])) for rows in (whole, coarse)]
    assert points[1] < points[0]


@pytest.mark.parametrize("collection", list(CATALOGUE), ids=lambda each: each.id)
def test_a_layer_has_the_kind_of_geometry_that_its_schema_names(world, collection):
    client = Client(headers=world.headers("lin"))
    named = client.get(f"/ogc/collections/{collection.id}/schema").json()["properties"]
    asked = client.get(f"/ogc/collections/{collection.id}/items").json()["features"]
    found = {each["geometry"]["type"] for each in asked if each["geometry"]}
    told = named["geometry"]["format"].removeprefix("geometry-").split("-or-")
    assert found
    assert (told == ["any"] and len(found) > 1) or {kind.lower() for kind in found} <= set(told)
