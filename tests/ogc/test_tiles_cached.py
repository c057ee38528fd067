"""Tiles that are kept: never wrong, never another's, and quick when they are there."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.ogc import tiles
from gi_registry.ogc.mercator import Tile
from regions.features import DIVISIONS
from regions.models import Division
from tests.build_regions import the_divisions
from tests.ogc.test_tiles import by_id, decoded, path_of

WORLD = Tile(0, 0, 0)


@pytest.fixture
def divisions(db):
    return the_divisions()


def stamped(client, layer="divisions"):
    """The address that TileJSON gives for the world."""
    document = client.get(f"/ogc/collections/{layer}/tiles/WebMercatorQuad/tilejson").json()
    return document["tiles"][0].format(z=0, y=0, x=0)


def names(response, layer="divisions"):
    return {key: feature["properties"]["name_zh"] for key, feature in by_id(decoded(response.content, layer)).items()}


def rename(name):
    Division.objects.filter(code="140121").update(name_zh=name)


@pytest.mark.django_db
def test_a_tile_of_a_version_may_be_kept_for_ever_by_anybody(client, divisions):
    response = client.get(stamped(client))
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in response.headers["Vary"]
    assert "Authorization" not in response.headers["Vary"]


@pytest.mark.django_db
def test_a_kept_tile_asks_the_database_nothing(client, divisions):
    address = stamped(client)
    first = client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).content == first.content
    assert len(queries) == 0


@pytest.mark.django_db
def test_the_plain_address_is_asked_again_each_time_and_costs_one_small_statement(client, divisions):
    path = path_of("divisions", WORLD)
    first = client.get(path)
    assert first.headers["Cache-Control"] == "no-cache"
    for etag in (first.headers["ETag"], f'"other", {first.headers["ETag"]}', "*"):
        with CaptureQueriesContext(connection) as queries:
            again = client.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert len(queries) == 1
        assert "FROM ogc_tablechange" in queries[0]["sql"]
    assert client.get(path, headers={"If-None-Match": 'W/"another"'}).status_code == 200


@pytest.mark.django_db
def test_a_change_shows_at_once_under_either_address(client, divisions):
    path, before = path_of("divisions", WORLD), stamped(client)
    etag = client.get(path).headers["ETag"]
    client.get(before)
    rename("梗阳县")
    changed = client.get(path, headers={"If-None-Match": etag})
    assert names(changed)["140121"] == "梗阳县"
    after = stamped(client)
    assert after != before
    assert names(client.get(after))["140121"] == "梗阳县"
    assert names(client.get(before))["140121"] == "清徐县", "a version stays what it was while it is remembered"


@pytest.mark.django_db
def test_a_version_that_is_forgotten_or_forged_gets_what_is_true_now_and_is_not_kept(client, divisions):
    before = stamped(client)
    rename("梗阳县")
    forged = before.replace("/WebMercatorQuad/", "/WebMercatorQuad/ffffff-")
    for address in (before, forged, before.replace(".public", ".ffffffffffffffff"), before.replace(".public", "")):
        response = client.get(address)
        assert names(response)["140121"] == "梗阳县"
        assert "no-cache" in response.headers["Cache-Control"]
        assert "immutable" not in response.headers["Cache-Control"]
    rename("清徐县")
    assert names(client.get(before))["140121"] == "清徐县"
    assert names(client.get(forged))["140121"] == "清徐县"


@pytest.mark.django_db
def test_the_version_of_tomorrow_cannot_be_filled_today(client, divisions, monkeypatch):
    """Whoever guesses the next version and asks for it early must not leave an old tile there."""
    rename("甲")
    now = tiles.stamp_of([DIVISIONS], Actor.ANONYMOUS)
    rename("乙")
    later = tiles.stamp_of([DIVISIONS], Actor.ANONYMOUS)
    assert tiles.draw([DIVISIONS], Actor.ANONYMOUS, now, WORLD).stamp == later
    assert tiles.kept([DIVISIONS], now, WORLD) is None
    guessed = later.replace(".public", "0.public")
    client.get(path_of("divisions", WORLD, guessed))
    assert tiles.kept([DIVISIONS], guessed, WORLD) is None


@pytest.mark.django_db(transaction=True)
def test_a_change_while_the_tile_is_drawn_does_not_put_the_new_under_the_old():
    """The version is read, somebody commits, the tile is read: such a tile is served but not kept under the old version."""
    the_divisions()
    stamp = tiles.stamp_of([DIVISIONS], Actor.ANONYMOUS)
    writer = threading.Thread(target=lambda: (rename("梗阳县"), connection.close()))
    writer.start()
    writer.join()
    drawn = tiles.draw([DIVISIONS], Actor.ANONYMOUS, stamp, WORLD)
    assert by_id(decoded(drawn.plain, "divisions"))["140121"]["properties"]["name_zh"] == "梗阳县"
    assert drawn.stamp != stamp
    assert tiles.kept([DIVISIONS], stamp, WORLD) is None


@pytest.mark.django_db
def test_a_change_that_was_taken_back_leaves_nothing_behind(client, divisions):
    path = path_of("divisions", WORLD)
    before = client.get(path)
    with transaction.atomic():
        rename("梗阳县")
        assert names(client.get(path))["140121"] == "梗阳县"
        transaction.set_rollback(True)
    after = client.get(path)
    assert (after.headers["ETag"], names(after)["140121"]) == (before.headers["ETag"], "清徐县")


@pytest.mark.django_db
def test_a_tile_that_depends_on_the_day_is_another_one_tomorrow(client, divisions, monkeypatch):
    first = stamped(client, "regions")
    monkeypatch.setattr(clock, "now", lambda: datetime(2030, 1, 1, tzinfo=UTC))
    assert stamped(client, "regions") != first


@pytest.mark.django_db
def test_drawing_costs_one_statement_for_the_version_and_one_for_the_tile(client, divisions):
    path = path_of("divisions", WORLD)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert len(queries) == 2
