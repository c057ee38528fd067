"""Two thousand random filters find, through the API, exactly the rows that the same filters find in plain Python."""

import json
from datetime import date
from urllib.parse import urlencode

import pytest
import shapely
from django.urls import include, path

from gi_registry.lib.access import Actor
from gi_registry.ogc.collection import Catalogue, Collection, Kind
from gi_registry.ogc.cql2 import read_filter
from gi_registry.ogc.urls import addresses
from regions.features import DIVISIONS
from tests.build_filters import Filters
from tests.build_lots import LOTS, odd_divisions, odd_lots
from tests.cql2_meaning import GEOMETRY, TIMES, holds, written

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
urlpatterns = [path("ogc/", include(addresses(Catalogue((DIVISIONS, LOTS)))))]

_FAMILY = {Kind.INTEGER: "NUMBER"}


@pytest.fixture(autouse=True)
def _rows(goods):
    odd_lots(goods, seed=1, count=40)
    odd_divisions(seed=2, count=35)


def found(client, collection: Collection, **asked: str) -> list[dict]:
    response = client.get(f"/ogc/collections/{collection.id}/items?{urlencode({'limit': 10000, **asked})}")
    assert response.status_code == 200, (asked, response.content.decode())
    return response.json()["features"]


def rows_of(client, collection: Collection) -> dict[str, dict]:
    """Every feature as the evaluator wants it: by id, with shapes and days."""
    rows = {}
    for feature in found(client, collection):
        row = dict(feature["properties"])
        for item in collection.filters:
            if item.kind is Kind.DATE and row[item.name]:
                row[item.name] = date.fromisoformat(row[item.name])
        row[GEOMETRY] = shapely.from_geojson(json.dumps(feature["geometry"])) if feature["geometry"] else None
        rows[feature["id"]] = row
    return rows


def filters_over(collection: Collection, rows: dict[str, dict], seed: int) -> Filters:
    kinds, samples = {}, {}
    for item in collection.filters:
        kinds[item.name] = _FAMILY.get(item.kind, item.kind.name)
        values = [row[item.name] for row in rows.values() if row[item.name] is not None]
        samples[item.name] = [str(value) if isinstance(value, date) else value for value in values]
    return Filters(seed, kinds, samples)


@pytest.mark.parametrize(
    ("collection", "count"), [(LOTS, 900), (DIVISIONS, 1100)], ids=lambda value: getattr(value, "id", value)
)
def test_a_filter_finds_in_the_database_what_it_means(client, collection, count):
    rows = rows_of(client, collection)
    assert len(rows) > 40
    made = filters_over(collection, rows, seed=20261122)
    telling = 0
    for turn in range(count):
        node = made.condition()
        text = written(node)
        asked = {"filter": json.dumps(node, ensure_ascii=False), "filter-lang": "cql2-json"}
        if turn % 2 and "\\'" not in text:  # a text that ends with a backslash can be written in JSON only
            asked = {"filter": text}
        expected = {key for key, row in rows.items() if holds(node, row)}
        assert {feature["id"] for feature in found(client, collection, **asked)} == expected, text
        telling += 0 < len(expected) < len(rows)
    assert telling > count * 0.4, "filters that find all or nothing prove little"


def _stretches() -> list:
    """Single days, intervals and open intervals over three days."""
    days = ["2026-09-09", "2026-09-10", "2026-09-11"]
    ends = [
        (first, last) for first in ("..", *days) for last in (*days, "..") if ".." in (first, last) or first <= last
    ]
    return [{"date": day} for day in days] + [{"interval": list(pair)} for pair in ends]


def test_a_temporal_function_holds_for_the_same_pairs_of_stretches():
    pairs = [[one, other] for one in _stretches() for other in _stretches()]
    for op in TIMES:
        nodes = [{"op": op, "args": pair} for pair in pairs]
        asked = [read_filter(LOTS, json.dumps(node), "cql2-json").expression for node in nodes]
        (told,) = LOTS.rows(Actor.ANONYMOUS).order_by()[:1].values_list(*asked)
        assert list(told) == [holds(node, {}) for node in nodes], op
        assert 0 < sum(told) < len(nodes)
