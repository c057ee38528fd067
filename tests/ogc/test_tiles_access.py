"""Nobody's tile is ever another's: not by the cache, not by an address, not by a tag; and counts are of one's own rows."""

from itertools import permutations

import pytest

from gi_registry.lib.access import Actor
from gi_registry.maps import CATALOGUE
from gi_registry.ogc import tiles
from gi_registry.ogc.collection import SHANXI
from gi_registry.ogc.mercator import Tile, limits_of
from products.features import SITES
from products.models import Site
from tests.build_products import QI_FIELD, a_site
from tests.conftest import WORLD
from tests.ogc.test_tiles import by_id, decoded, over, path_of

pytestmark = pytest.mark.django_db
DRAWN = [item.id for item in CATALOGUE if item.drawing]
PEOPLE = ("lin", "wang", "gao", "li", "zhao", "chen", "zhang", "feng", "sun", "ma", "hu", "nobody")
FIELDS = over(112.0505, 37.4505, 14)


def ids_on(client, layer, zoom, headers):
    """Every id on the tiles of a zoom, or how many are counted there."""
    seen, counted = set(), 0
    limits = limits_of(SHANXI, zoom)
    for row in range(limits.min_row, limits.max_row + 1):
        for column in range(limits.min_column, limits.max_column + 1):
            response = client.get(path_of(layer, Tile(zoom, row, column)), headers=headers)
            assert response.status_code in (200, 204, 401)
            if response.status_code == 200:
                features = decoded(response.content, layer)["features"]
                seen |= {each["properties"]["id"] for each in features if "id" in each["properties"]}
                counted += sum(each["properties"].get("count", 0) for each in features)
    return seen, counted


def ids_allowed(client, layer, headers):
    response = client.get(f"/ogc/collections/{layer}/items?limit=1000", headers=headers)
    return {each["id"] for each in response.json()["features"]} if response.status_code == 200 else set()


@pytest.mark.parametrize("layer", [name for name in DRAWN if name != "sites"])
def test_tiles_hold_the_ids_of_the_items_for_everybody(client, layer):
    world = WORLD()
    for _ in range(2):  # the second time out of the memory that the first filled
        for who in PEOPLE:
            headers = world.headers(who)
            assert ids_on(client, layer, 6, headers)[0] == ids_allowed(client, layer, headers), who


def test_tiles_count_the_sites_of_the_items_from_afar_and_show_them_near_for_everybody(client):
    world = WORLD()
    near = {over(*site.geom.centroid.coords, 14) for site in Site.objects.all()}
    for who in (*PEOPLE, *PEOPLE):
        headers = world.headers(who)
        allowed = ids_allowed(client, "sites", headers)
        assert ids_on(client, "sites", 0, headers)[1] == len(allowed), who
        assert ids_on(client, "sites", 7, headers)[1] == len(allowed), who
        shown = set()
        for tile in near:
            response = client.get(path_of("sites", tile), headers=headers)
            shown |= set(by_id(decoded(response.content, "sites"))) if response.status_code == 200 else set()
        assert shown == allowed, who


def test_a_site_is_shown_to_its_people_with_its_outline(client, cast, register):
    tile = over(112.0505, 37.4505, 14)
    for person in (cast.zhang, cast.chen, cast.lin, cast.wang, cast.li, cast.sun):
        response = client.get(path_of("sites", tile), headers=person.headers)
        feature = by_id(decoded(response.content, "sites"))[register.field.number]
        assert feature["geometry"]["type"] == "Polygon"
        assert feature["properties"]["state"] == register.field.state
    for person in (cast.feng, cast.gao, cast.zhao, cast.hu):
        assert client.get(path_of("sites", tile), headers=person.headers).status_code == 204


def test_a_kept_tile_is_not_handed_to_another(client, cast, register):
    path = path_of("sites", FIELDS)
    for one, other in permutations((cast.zhang, cast.feng, cast.zhao, cast.hu), 2):
        for person in (one, other, one):
            expected = 200 if person is cast.zhang else 204
            assert client.get(path, headers=person.headers).status_code == expected
    assert client.get(path).status_code == 401


def test_the_address_of_anothers_version_opens_nothing(client, cast, register):
    """Feng has the very address that Zhang's map uses."""
    document = client.get("/ogc/collections/sites/tiles/WebMercatorQuad/tilejson", headers=cast.zhang.headers).json()
    z, y, x = FIELDS.zoom, FIELDS.row, FIELDS.column
    address = document["tiles"][0].format(z=z, y=y, x=x)
    own = client.get(address, headers=cast.zhang.headers)
    assert (own.status_code, own.headers["Cache-Control"]) == (200, "private, max-age=86400, immutable")
    other = client.get(address, headers=cast.feng.headers)
    assert (other.status_code, other.headers["Cache-Control"]) == (204, "private, no-cache")
    assert client.get(address).status_code == 401
    public = address.replace(f".{cast.zhang.actor.access_class}", ".public")
    assert client.get(public, headers=cast.zhang.headers).status_code == 401


def test_anothers_tag_gives_no_304(client, cast, register):
    path = path_of("sites", FIELDS)
    etag = client.get(path, headers=cast.zhang.headers).headers["ETag"]
    assert client.get(path, headers={**cast.zhang.headers, "If-None-Match": etag}).status_code == 304
    assert client.get(path, headers={**cast.feng.headers, "If-None-Match": etag}).status_code == 204
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 401


def test_no_cache_between_may_keep_what_needs_a_sign_in(client, cast, register):
    for path in (path_of("sites", FIELDS), path_of("divisions", Tile(0, 0, 0)), "/ogc/tiles/WebMercatorQuad/0/0/0"):
        response = client.get(path, headers=cast.zhang.headers)
        assert "private" in response.headers["Cache-Control"]
        assert {"Authorization", "Cookie"} <= set(response.headers["Vary"].split(", "))


def test_a_public_version_is_the_same_for_those_who_are_signed_in(client, cast, register):
    address = client.get("/ogc/collections/regions/tiles/WebMercatorQuad/tilejson").json()["tiles"][0]
    address = address.format(z=0, y=0, x=0)
    anonymous = client.get(address)
    signed_in = client.get(address, headers=cast.zhang.headers)
    assert signed_in.content == anonymous.content
    assert signed_in.headers["Cache-Control"] == anonymous.headers["Cache-Control"]


def test_a_bad_key_is_refused_also_where_the_public_may_look(client, register):
    response = client.get(path_of("regions", Tile(0, 0, 0)), headers={"Authorization": "Api-Key wrong"})
    assert response.status_code == 401


def test_counts_are_of_ones_own_sites(client, cast, register):
    a_site(register.feng, register.indication, box=QI_FIELD)
    for person, count in ((cast.lin, 3), (cast.zhang, 2), (cast.feng, 1), (cast.zhao, 1), (cast.hu, 0)):
        assert ids_on(client, "sites", 0, person.headers)[1] == count


def test_all_layers_together_leave_out_what_the_reader_may_not_see(client, cast, register):
    everything = client.get("/ogc/tiles/WebMercatorQuad/0/0/0", headers=cast.zhang.headers)
    assert decoded(everything.content, "sites")["features"]
    assert b"sites" not in client.get("/ogc/tiles/WebMercatorQuad/0/0/0").content
    for asked in ("sites", "regions,sites"):
        assert client.get("/ogc/tiles/WebMercatorQuad/0/0/0", {"collections": asked}).status_code == 401
    stamp = tiles.stamp_of([SITES], Actor.ANONYMOUS)
    assert client.get(f"/ogc/tiles/WebMercatorQuad/{stamp}/0/0/0", {"collections": "sites"}).status_code == 401


def test_a_session_sees_the_same_as_a_key(as_person, cast, register):
    browser = as_person(cast.zhang)
    assert browser.get(path_of("sites", FIELDS)).status_code == 200
    assert "Cookie" in browser.get(path_of("sites", FIELDS)).headers["Vary"]
