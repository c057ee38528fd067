"""What each layer shows, and to whom: the same rows as the rooms' own scopes, and no other."""

import pytest

from gi_registry.ogc.collection import SHANXI
from products.rules.words import TitleKind, TitleStatus
from tests.build_products import a_producer, a_title, an_indication
from tests.build_regions import a_boundary, a_region

pytestmark = pytest.mark.django_db


def features(client, collection, query=""):
    response = client.get(f"/ogc/collections/{collection}/items{query}", headers={"Accept": "application/geo+json"})
    assert response.status_code == 200, response.content
    return {feature["id"]: feature for feature in response.json()["features"]}


def test_every_public_feature_lies_within_the_extent_that_its_collection_names(client, register):
    west, south, east, north = SHANXI
    outside = f"?bbox={east},{south},{west},{north}"
    for name in ("divisions", "regions", "indications", "producers"):
        everything = features(client, name)
        assert everything
        assert not set(features(client, name, outside))


def test_a_region_is_shown_in_the_outline_of_today_under_its_number(client, register):
    (found,) = features(client, "regions").values()
    assert found["id"] == register.region.number
    assert found["properties"]["slug"] == register.region.slug
    assert found["properties"]["accuracy_m"] == 1000


def test_a_zone_has_a_feature_of_its_own(client, register):
    zoned = a_region("two-zones", name_zh="分区产地", division_codes=["140121", "140727"])
    a_boundary(zoned, zone="core", division_codes=["140121"])
    a_boundary(zoned, zone="edge", division_codes=["140727"])
    found = features(client, "regions", "?slug=two-zones")
    assert set(found) == {f"{zoned.number}-core", f"{zoned.number}-edge"}
    assert client.get(f"/ogc/collections/regions/items/{zoned.number}-core").status_code == 200


@pytest.mark.parametrize("narrowed", ["", "&bbox=110,34,115,41", "&datetime=2020-01-01"])
def test_pages_may_be_cut_between_the_zones_of_a_region(client, register, narrowed):
    for slug in ("one", "two"):
        zoned = a_region(slug, division_codes=["140121", "140727"])
        for zone, code in (("edge", "140727"), ("core", "140121"), ("核心", "140121")):
            a_boundary(zoned, zone=zone, division_codes=[code])
    seen, address = [], f"/ogc/collections/regions/items?limit=1{narrowed}"
    while address:
        document = client.get(address).json()
        seen += [feature["id"] for feature in document["features"]]
        address = next((link["href"] for link in document["links"] if link["rel"] == "next"), None)
    assert len(seen) == document["numberMatched"] == 7
    assert seen == sorted(features(client, "regions"))


def test_a_name_is_shown_once_for_each_region_however_many_titles_it_has(client, register):
    a_title(
        register.indication, kind=TitleKind.AGRO_GI, status=TitleStatus.REPORTED, region=register.region, number="2"
    )
    found = features(client, "indications")
    assert [each["properties"]["indication"] for each in found.values()] == [register.indication.slug]


def test_a_box_asks_the_region_of_the_name_itself_and_no_other_zone(client, register):
    zoned = a_region("zoned-name", name_zh="分区产地", division_codes=["140121", "140727"])
    a_boundary(zoned, zone="core", division_codes=["140121"])
    a_boundary(zoned, zone="edge", division_codes=["140727"])
    other = an_indication("祁县小米", division_codes=["140121", "140727"])
    a_title(other, region=zoned, number="4")
    found = features(client, "indications", f"?indication={other.slug}&bbox=112.5,37.5,112.6,37.6")
    assert [each["properties"]["zone"] for each in found.values()] == ["edge"]


def test_an_application_that_is_not_public_is_not_on_the_map(client, register):
    quiet = an_indication("祁县小米", division_codes=["140727"])
    a_title(quiet, region=register.region, status=TitleStatus.DRAFT, number="3")
    assert not features(client, "indications", f"?indication={quiet.slug}")


def test_a_producer_is_shown_at_the_point_that_it_chose_with_what_it_may_make(client, register):
    (found,) = features(client, "producers").values()
    facts = found["properties"]
    assert found["id"] == register.zhang.number
    assert facts["uscc"] == register.zhang.organisation.uscc
    assert facts["indications"] == [register.indication.slug]
    assert found["geometry"]["type"] == "Point"
    assert features(client, "producers", f"?indications={register.indication.slug}")
    assert not features(client, "producers", "?indications=another")


def test_a_household_is_never_on_the_map(client, cast, register):
    household = a_producer(cast.ma.organisation, public_point=register.zhang.public_point)
    assert household.number not in features(client, "producers")


def test_sites_are_for_their_owner_the_holder_and_the_authorities(cast, register, as_machine):
    own = {register.field.number, register.works.number}
    for person in (cast.zhang, cast.chen, cast.lin, cast.wang, cast.li, cast.sun):
        assert set(features(as_machine(person), "sites")) == own
    for person in (cast.feng, cast.gao, cast.zhao, cast.hu):
        client = as_machine(person)
        assert features(client, "sites") == {}
        assert client.get(f"/ogc/collections/sites/items/{register.field.number}").status_code == 404


@pytest.mark.parametrize("collection", ["sites", "batches", "checks"])
def test_whoever_is_not_signed_in_is_asked_to(client, register, collection):
    for path in (collection, f"{collection}/items", f"{collection}/items/x", f"{collection}/schema"):
        response = client.get(f"/ogc/collections/{path}")
        assert response.status_code == 401
        assert response.json()["code"] == "unauthenticated"


def test_a_person_signed_in_by_session_sees_the_same_as_by_key(cast, register, as_person, as_machine):
    assert set(features(as_person(cast.li), "sites")) == set(features(as_machine(cast.li), "sites"))


def test_the_batches_layer_answers_for_those_who_may_see_it(cast, register, as_machine):
    assert features(as_machine(cast.zhang), "batches", "?datetime=2026-01-01/..&bbox=110,34,115,41") == {}
