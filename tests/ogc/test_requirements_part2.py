"""OGC API - Features Part 2 as the official test suite asks of it (OGC 18-058r1, Annex A); numbers by its paragraphs."""

from urllib.parse import urlencode

import pytest

from gi_registry.ogc.crs import WORLDWIDE, ZONES

pytestmark = pytest.mark.django_db
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
UNSUPPORTED = "http://www.opengis.net/def/crs/0/unsupported"
LATITUDE_FIRST, LATITUDE_FIRST_4490 = (crs.uri for crs in WORLDWIDE[1:3])
SYSTEMS = {crs.uri: crs for crs in (*WORLDWIDE, *ZONES)}


def collections(client):
    return client.get("/ogc/collections").json()["collections"]


def items(client, collection, **asked):
    return client.get(f"/ogc/collections/{collection['id']}/items?{urlencode(asked)}")


def test_crs84_is_in_every_list_of_systems_and_so_is_the_one_of_storage(lin):
    """6.2.1, 6.2.2"""
    for each in collections(lin):
        assert CRS84 in each["crs"]
        assert each["storageCrs"] in each["crs"]
        assert set(each["crs"]) <= set(SYSTEMS)


def test_every_answer_with_coordinates_names_their_system(lin):
    """6.3: also when none was asked for"""
    for each in collections(lin):
        page = items(lin, each)
        assert page.headers["Content-Crs"] == f"<{CRS84}>"
        first = page.json()["features"][0]["id"]
        assert lin.get(f"/ogc/collections/{each['id']}/items/{first}").headers["Content-Crs"] == f"<{CRS84}>"


def test_every_system_listed_is_served_for_pages_and_for_features(lin):
    """6.4"""
    for each in collections(lin):
        first = items(lin, each).json()["features"][0]["id"]
        for crs in each["crs"]:
            page = items(lin, each, crs=crs)
            alone = lin.get(f"/ogc/collections/{each['id']}/items/{first}?{urlencode({'crs': crs})}")
            for answer in (page, alone):
                assert (answer.status_code, answer.headers["Content-Crs"]) == (200, f"<{crs}>")


@pytest.mark.parametrize("name", ["crs", "bbox-crs"])
def test_a_system_that_is_not_listed_is_a_400(lin, name):
    """6.4, 6.5"""
    for each in collections(lin):
        assert items(lin, each, bbox="1,2,3,4", **{name: UNSUPPORTED}).status_code == 400


def test_a_box_given_by_two_transformed_corners_finds_a_part_of_what_the_box_in_degrees_finds(lin):
    """6.5: the suite sends 4490 with longitude first, which must be an empty page and no fault."""
    for each in collections(lin):
        west, south, east, north = each["extent"]["spatial"]["bbox"][0]
        whole = {one["id"] for one in items(lin, each, limit=10_000).json()["features"]}
        flipped = items(lin, each, bbox=f"{south},{west},{north},{east}", **{"bbox-crs": LATITUDE_FIRST}).json()
        assert {one["id"] for one in flipped["features"]} == whole
        as_sent = items(lin, each, bbox=f"{west},{south},{east},{north}", **{"bbox-crs": LATITUDE_FIRST_4490})
        assert as_sent.status_code == 200
        assert not [one for one in as_sent.json()["features"] if one["geometry"]]


def test_the_api_document_lists_the_systems_of_each_collection(lin):
    """6.4, 6.5"""
    document = lin.get("/ogc/api").json()
    for each in collections(lin):
        given = document["paths"][f"/collections/{each['id']}/items"]["get"]["parameters"]
        listed = {
            one["name"]: one["schema"]["enum"] for one in given if one.get("name") in ("crs", "bbox-crs", "filter-crs")
        }
        assert listed == dict.fromkeys(("crs", "bbox-crs", "filter-crs"), each["crs"])
