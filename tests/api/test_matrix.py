"""Every address, every method, every person, on one's own and on others' things: the table in ``matrix.py`` holds, and is whole."""

import re
from collections import defaultdict

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.api.matrix import EVERYBODY, TABLE, Row, body_of, sending
from tests.build_world import World

WALKED = ("api/v1/", "ogc/")
MUTATING = ("POST", "PUT", "PATCH", "DELETE")
# Routes whose things nobody owns: one example stands for all of them.
OWNERLESS = ("/divisions/", "/regions/", "/indications/", "/holders/", "/seasons/", "/check", "ogc/collections/")
pytestmark = pytest.mark.django_db


def routes(resolver=None, prefix=""):
    """(route, methods) of everything that is walked."""
    for entry in (resolver or get_resolver()).url_patterns:
        place = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, place)
        elif isinstance(entry, URLPattern) and place.startswith(WALKED):
            yield place, set(entry.callback.view_class.policies)


def address(row: Row, world: World) -> str:
    return re.sub(r"\{([a-z_.]+)\}", lambda found: world.number(found[1]), row.path)


def route_of(row: Row) -> str:
    return resolve(re.sub(r"\{[a-z_.]+\}", "1", row.path).partition("?")[0]).route


def ask(world: World, who: str, row: Row) -> int:
    """One cell: asked for real, then taken back."""
    client = Client(headers={"Accept": "*/*", "If-Match": "*", **world.headers(who)})
    sent = sending(body_of(row.body, world)) if row.body else {}
    with transaction.atomic():
        answer = getattr(client, row.method.lower())(address(row, world), **sent)
        b"".join(answer)  # a file that nobody reads to its end would keep its turn
        transaction.set_rollback(True)
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"
    return 200 if answer.status_code == 201 else answer.status_code


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_everybody_gets_what_the_table_says(world, row):
    got = {who: ask(world, who, row) for who in EVERYBODY.split()}
    assert got == row.expected


def test_the_table_knows_every_address_and_method():
    written = defaultdict(set)
    for row in TABLE:
        written[route_of(row)].add(row.method)
    assert {place: sorted(methods - written[place]) for place, methods in routes() if methods - written[place]} == {}


def test_what_is_owned_is_tried_on_things_of_different_owners():
    owners = defaultdict(set)
    for row in TABLE:
        if found := re.search(r"\{([a-z]+)\.", row.path):
            owners[row.method, route_of(row)].add(found[1])
    alone = [key for key, names in owners.items() if len(names) < 2 and not any(part in key[1] for part in OWNERLESS)]
    assert alone == []


def test_a_method_without_a_policy_is_open_to_nobody(world):
    """405 for the registrar herself: what no policy names does not exist."""
    client = Client(headers=world.headers("lin"))
    for place, methods in dict(routes()).items():
        path = "/" + re.sub(r"<[a-z]+:collection_id>", "sites", place)
        path = re.sub(r"<[^>]+>", "1", path)
        for method in set(MUTATING) - methods:
            answer = getattr(client, method.lower())(path, data="{}", content_type="application/json")
            assert answer.status_code == 405, f"{method} {path}"
            assert method not in answer["Allow"]
