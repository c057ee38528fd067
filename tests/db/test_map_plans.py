"""How PostgreSQL answers what the map asks most: by an index, never by reading a large table from end to end.

The plans are its own choice, over as many rows as make the wrong one dear.
"""

import json
import re

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gi_registry.bench import database, ground
from gi_registry.ogc.mercator import Tile
from tests.build_world import the_world
from tests.ogc.test_tiles import path_of

SITES, REGIONS, BATCHES = 20_000, 40, 20_000
LARGE = {"products_site", "trace_batch", "regions_boundarypart", "regions_divisionpart"}
# A quarter of the ground on which the plots lie, and a corner of it.
BOX, CORNER = "112.2,37.5,112.35,37.65", "112.2,37.5,112.21,37.51"


@pytest.fixture(scope="module")
def large(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        world = the_world()
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            ground.make_sites(cursor, 0, SITES)
            ground.make_regions(cursor, 0, REGIONS)
            database.copy_batches(cursor, BATCHES)
            cursor.execute("ANALYZE")
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def plans(large, db):
    """Ask as somebody; the nodes of the plans of every statement that touches a large table."""

    def nodes_of(who, path, body=None):
        client = Client(headers=large.headers(who))
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path) if body is None else client.post(path, body, content_type="application/json")
        assert answer.status_code in (200, 204), answer.content
        statements = [query["sql"] for query in asked if LARGE & set(re.findall(r"\w+", query["sql"]))]
        return [node for statement in statements for node in explained(statement)]

    return nodes_of


def explained(statement):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + statement.replace("%", "%%"), [])
        told = cursor.fetchone()[0]
    [plan] = json.loads(told) if isinstance(told, str) else told
    return list(walk(plan["Plan"]))


def walk(node):
    yield node
    for below in node.get("Plans", ()):
        yield from walk(below)


def read_whole(nodes):
    return {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"} & LARGE


def indexes(nodes):
    return {node["Index Name"] for node in nodes if "Index Name" in node}


PAGES = {
    "a page": "limit=10",
    "a page of a hundred": "limit=100",
    "a box": f"limit=1000&bbox={CORNER}",
    "a wide box": f"limit=10&bbox={BOX}",
}


@pytest.mark.parametrize("who", ["lin", "wang", "zhang"])
@pytest.mark.parametrize("query", PAGES.values(), ids=PAGES)
def test_a_page_of_sites_is_read_by_an_index(plans, who, query):
    nodes = plans(who, f"/ogc/collections/sites/items?{query}")
    assert nodes
