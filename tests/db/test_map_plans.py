"""How PostgreSQL answers what the map asks most: by an index, never by reading a large table from end to end.

The plans are its own choice, over as many rows as make the wrong one dear.
"""

import json
import re

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client

from gi_registry.bench import database, ground
from gi_registry.bench.maps import tile_of
from gi_registry.maps import CATALOGUE
from gi_registry.ogc.sorting import seal
from tests.build_world import the_world

SITES, PRODUCERS, REGIONS, BATCHES = 8_000, 100, 8, 5_000
LARGE = {"products_site", "trace_batch", "regions_boundarypart", "regions_divisionpart", "regions_boundaryedge"}
TOLD = LARGE | {"regions_boundary"}  # statements about these are looked at
SITE_NUMBER = "products_site_number_key"


@pytest.fixture(scope="module")
def large(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        world = the_world()
        with psycopg.Cursor(connection.connection) as cursor:
            with ground.unguarded(cursor):
                ground.make_sites(cursor, 0, SITES, PRODUCERS)
                ground.make_regions(cursor, 0, REGIONS)
            database.copy_batches(cursor, BATCHES)
            cursor.execute("ANALYZE")
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def plan(large, db):
    """Ask as somebody; the nodes of the plans of the statements that read a large table."""

    def nodes_of(who, path, body=None, *, but=""):
        asked = []

        def note(execute, sql, params, many, context):
            asked.append((sql, params))
            return execute(sql, params, many, context)

        client = Client(headers=large.headers(who))
        with connection.execute_wrapper(note):
            answer = client.get(path) if body is None else client.post(path, body, content_type="application/json")
        assert answer.status_code in (200, 204), answer.content
        large_ones = [each for each in asked if TOLD & set(re.findall(r"\w+", each[0]))]
        if but:
            large_ones = [each for each in large_ones if not each[0].startswith(but)]
        return [node for sql, params in large_ones for node in explained(sql, params)]

    return nodes_of


@pytest.fixture
def somewhere(large):
    """Where one of the many sites lies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(c), ST_Y(c) FROM (SELECT ST_Centroid(geom) c FROM products_site ORDER BY id DESC LIMIT 1) s"
        )
        return cursor.fetchone()


def explained(sql, params):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        told = cursor.fetchone()[0]
    [plan] = json.loads(told) if isinstance(told, str) else told
    return list(nodes(plan["Plan"]))


def nodes(node):
    yield node
    for below in node.get("Plans", ()):
        yield from nodes(below)


def read_whole(found):
    """Large tables that a plan reads from end to end."""
    return {node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan"} & LARGE


def indexes(found):
    return {node["Index Name"] for node in found if "Index Name" in node}


def box(x, y, half):
    return f"{x - half},{y - half},{x + half},{y + half}"


@pytest.mark.parametrize("who", ["lin", "wang", "zhang"])
@pytest.mark.parametrize("limit", [10, 100])
def test_a_page_of_sites_is_read_by_an_index(plan, who, limit):
    # Everything has to be counted once, and is then remembered.
    found = plan(who, f"/ogc/collections/sites/items?limit={limit}", but="SELECT count(*)")
    assert read_whole(found) == set()
    assert who == "zhang" or SITE_NUMBER in indexes(found)


@pytest.mark.parametrize("start", ["", "5"])
def test_the_few_sites_that_are_points_are_found_among_the_many_that_are_not(plan, start):
    cursor = seal(CATALOGUE.get("site_points"), (), start, ()) if start else ""
    found = plan("lin", "/ogc/collections/site_points/items?limit=10" + (f"&cursor={cursor}" if cursor else ""))
    assert read_whole(found) == set()
    assert "site_points" in indexes(found)


def test_the_next_page_starts_where_the_index_says(plan, large):
    client = Client(headers=large.headers("lin"))
    links = client.get("/ogc/collections/sites/items?limit=10").json()["links"]
    following = next(link["href"] for link in links if link["rel"] == "next")
    found = plan("lin", following.removeprefix("http://testserver"))
    assert read_whole(found) == set()
    assert any(node.get("Index Name") == SITE_NUMBER and "number" in node.get("Index Cond", "") for node in found)


@pytest.mark.parametrize("start", ["", "5"])
def test_a_page_of_regions_does_not_sort_them_all(plan, start):
    cursor = seal(CATALOGUE.get("regions"), (), start, ()) if start else ""
    with connection.cursor() as settings:
        # There are too few regions here to make sorting them dear; thousands of them are. What is left to
        # sort although sorting is forbidden has no index to be read by.
        settings.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
        )
    found = plan("nobody", "/ogc/collections/regions/items?limit=1" + (f"&cursor={cursor}" if cursor else ""))
    assert "regions_region_number_key" in indexes(found)
    assert "Sort" not in {node["Node Type"] for node in found}


@pytest.mark.parametrize("who", ["lin", "wang", "zhang"])
def test_a_box_of_sites_is_found_by_place(plan, somewhere, who):
    found = plan(who, f"/ogc/collections/sites/items?limit=1000&bbox={box(*somewhere, 0.002)}")
    assert read_whole(found) == set()
    assert "site_geom" in indexes(found)


def test_sites_of_one_producer_are_found_by_the_producer(plan, large):
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM products_producer ORDER BY id DESC LIMIT 1")
        [number] = cursor.fetchone()
    found = plan("lin", f"/ogc/collections/sites/items?producer={number}")
    assert read_whole(found) == set()


@pytest.mark.parametrize("zoom", [13, 14])
def test_a_tile_of_sites_is_drawn_by_an_index(plan, somewhere, zoom):
    column, row = tile_of(*somewhere, zoom)
    found = plan("lin", f"/ogc/collections/sites/tiles/WebMercatorQuad/{zoom}/{row}/{column}")
    assert found
    assert read_whole(found) == set()


def test_a_page_of_batches_is_read_by_an_index(plan):
    assert read_whole(plan("lin", "/ogc/collections/batches/items?limit=10", but="SELECT count(*)")) == set()


def test_a_box_of_batches_is_found_by_an_index(plan, somewhere):
    found = plan("lin", f"/ogc/collections/batches/items?limit=10&bbox={box(*somewhere, 0.002)}")
    assert found
    assert read_whole(found) == set()


def test_points_are_located_by_the_index_of_the_parts(plan, somewhere):
    found = plan("nobody", "/api/v1/regions/locate/", json.dumps({"points": [list(somewhere)] * 100}))
    assert read_whole(found) == set()
