"""Nothing leaks: for every role and layer, whatever is asked (pages, orders, filters, boxes, tiles, counts, extents),
the features that come to light are those that the list of rows, written by hand, allows.
"""

import re
from itertools import product

import mapbox_vector_tile
import pytest
from django.test import Client

from gi_registry.maps import CATALOGUE
from gi_registry.ogc.collection import Kind
from gi_registry.ogc.drawing import MAX_ZOOM
from tests.api.matrix import EVERYBODY, OGC
from tests.api.test_rows import LISTS

LAYER = re.compile(rf"{re.escape(OGC)}collections/(\w+)/items\Z")
LAYERS = {found[1]: seen for path, seen in LISTS.items() if (found := LAYER.match(path))}
PAGE = 3


def allowed(layer: str, who: str) -> set[str]:
    return {thing for things, readers in LAYERS[layer].items() for thing in things.split() if who in readers.split()}


def asker(world, who):
    client = Client(headers=world.headers(who))

    def ask(layer, **query):
        return client.get(f"{OGC}collections/{layer}/items", query)

    return ask


def names(world, answer) -> list[str]:
    return [world.name_of(feature["id"]) for feature in answer.json()["features"]]


def walk(world, who, layer, **query) -> tuple[list[str], set[int | None]]:
    """Every feature that the pages of a query show, and the counts that they told."""
    client = Client(headers=world.headers(who))
    met, counts = [], set()
    answer = asker(world, who)(layer, limit=PAGE, **query)
    while True:
        assert answer.status_code == 200, (query, answer.content)
        met += names(world, answer)
        counts.add(answer.json().get("numberMatched"))
        following = [link["href"] for link in answer.json()["links"] if link["rel"] == "next"]
        if not following:
            return met, counts
        answer = client.get(following[0])


def everyone_for(layer: str):
    """Who may ask for the layer at all."""
    public = CATALOGUE.get(layer).is_public
    return [who for who in EVERYBODY.split() if public or who != "nobody"]


@pytest.mark.parametrize("layer", LAYERS)
def test_pages_and_their_counts_show_what_is_allowed(world, layer):
    for who in everyone_for(layer):
        met, counts = walk(world, who, layer)
        assert (sorted(met), counts) == (sorted(allowed(layer, who)), {len(met)}), who


@pytest.mark.parametrize("layer", LAYERS)
def test_no_order_brings_another_row_to_light(world, layer):
    orders = [f"{sign}{item.name}" for item in CATALOGUE.get(layer).properties if item.is_sortable for sign in "+-"]
    for who, order in product(everyone_for(layer), orders):
        met, counts = walk(world, who, layer, sortby=order)
        assert (sorted(met), counts) == (sorted(allowed(layer, who)), {len(met)}), (who, order)


def values_of(world, layer) -> dict[str, set[str]]:
    """Every value that the whole layer holds, as the registrar of the province reads it."""
    found: dict[str, set[str]] = {}
    for feature in asker(world, "lin")(layer, limit=1000).json()["features"]:
        for name, value in feature["properties"].items():
            for one in value if isinstance(value, list) else [value]:
                if one is not None:
                    found.setdefault(name, set()).add(str(one).lower() if isinstance(one, bool) else str(one))
    return found


@pytest.mark.parametrize("layer", LAYERS)
def test_no_filter_brings_another_row_or_count_to_light(world, layer):
    """Each property is asked for with every value that anybody has, and by CQL2 so that everything would match."""
    collection, values = CATALOGUE.get(layer), values_of(world, layer)
    for who in everyone_for(layer):
        ask, seen = asker(world, who), allowed(layer, who)
        for item in collection.filters:
            met: list[str] = []
            for value in values.get(item.name, ()):
                answer = ask(layer, limit=1000, **{item.name: value}).json()
                met += [world.name_of(feature["id"]) for feature in answer["features"]]
                assert answer["numberMatched"] == len(answer["features"]), (who, item.name, value)
            assert set(met) <= seen, (who, item.name)
        for filter_text in everything_by_cql2(collection, values):
            answer = ask(layer, limit=1000, filter=filter_text)
            assert answer.status_code == 200, (filter_text, answer.content)
            assert set(names(world, answer)) <= seen, (who, filter_text)
            assert answer.json()["numberMatched"] == len(answer.json()["features"]), (who, filter_text)


def everything_by_cql2(collection, values) -> list[str]:
    """Filters that each match (nearly) every row there is, in as many ways as the language has."""
    texts = [item for item in collection.filters if item.kind is Kind.TEXT]
    first = texts[0].name
    listed = ", ".join(f"'{value}'" for value in sorted(values[first]))
    return [
        f"{first} IN ({listed})",
        f"{first} LIKE '%' OR {first} IS NULL",
        f"NOT ({first} = 'nothing')",
        f"{first} = {first}",
        f"CASEI({first}) <> CASEI('x')",
        f"{first} >= ''",
        "S_INTERSECTS(geometry, BBOX(-180, -90, 180, 90))",
        "NOT S_DISJOINT(geometry, POLYGON((70 0, 140 0, 140 60, 70 60, 70 0)))",
    ]


def quarters(box):
    west, south, east, north = box
    middle, level = (west + east) / 2, (south + north) / 2
    return [
        (west, south, middle, level),
        (middle, south, east, level),
        (west, level, middle, north),
        (middle, level, east, north),
    ]


@pytest.mark.parametrize("layer", LAYERS)
def test_probing_with_boxes_finds_no_other_place(world, layer):
    """A rival halves boxes round Zhang's plots: neither rows nor counts ever tell that something is there."""
    for who in everyone_for(layer):
        ask, seen, boxes = asker(world, who), allowed(layer, who), [(110.0, 34.0, 115.0, 41.0)]
        for _ in range(4):
            answers = [(box, ask(layer, limit=1000, bbox=",".join(map(str, box)))) for box in boxes]
            for box, answer in answers:
                assert set(names(world, answer)) <= seen, (who, box)
                assert answer.json()["numberMatched"] == len(answer.json()["features"])
            boxes = [part for box, answer in answers if answer.json()["features"] for part in quarters(box)][:12]


@pytest.mark.parametrize("layer", LAYERS)
def test_the_extent_is_that_of_what_is_seen(world, layer):
    """The box of a layer is drawn round the reader's own rows: it points at nobody else's."""
    for who in everyone_for(layer):
        client = Client(headers=world.headers(who))
        extent = client.get(f"{OGC}collections/{layer}").json().get("extent")
        places = [f["geometry"] for f in asker(world, who)(layer, limit=1000).json()["features"] if f["geometry"]]
        if not places:
            assert extent is None, who
            continue
        corners = [corner for place in places for corner in positions(place["coordinates"])]
        xs, ys = zip(*corners, strict=True)
        assert extent["spatial"]["bbox"][0] == pytest.approx([min(xs), min(ys), max(xs), max(ys)], abs=2e-6), who


def positions(part):
    if isinstance(part[0], int | float):
        return [part[:2]]
    return [corner for inner in part for corner in positions(inner)]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_single_feature_of_another_is_not_there(world, layer):
    for who in everyone_for(layer):
        client = Client(headers=world.headers(who))
        for thing in {name for things in LAYERS[layer] for name in things.split()}:
            answer = client.get(f"{OGC}collections/{layer}/items/{world.number(thing)}")
            assert answer.status_code == (200 if thing in allowed(layer, who) else 404), (who, thing)


def tile_of(client, layer, zoom, row, column) -> list[dict]:
    answer = client.get(f"{OGC}collections/{layer}/tiles/WebMercatorQuad/{zoom}/{row}/{column}")
    assert answer.status_code in (200, 204, 404), answer.content
    drawn = mapbox_vector_tile.decode(answer.content) if answer.status_code == 200 else {}
    return drawn[layer]["features"] if drawn else []


@pytest.mark.parametrize("layer", [layer for layer in LAYERS if CATALOGUE.get(layer).drawing])
def test_tiles_draw_and_count_what_is_allowed(world, layer):
    """From the whole world down until single features are drawn: what is drawn or counted is the reader's own."""
    for who in everyone_for(layer):
        client, seen = Client(headers=world.headers(who)), allowed(layer, who)
        met, tiles, zoom = set(), [(0, 0)], 0
        while tiles and zoom <= MAX_ZOOM and not (met and met == seen):
            drawn = [(place, features) for place in tiles if (features := tile_of(client, layer, zoom, *place))]
            facts = [feature["properties"] for _, features in drawn for feature in features]
            assert sum(fact["count"] for fact in facts if "id" not in fact) <= len(seen), (who, zoom)
            met |= {world.name_of(fact["id"]) for fact in facts if "id" in fact}
            tiles = [
                (2 * row + down, 2 * column + right)
                for (row, column), _ in drawn
                for down, right in product((0, 1), (0, 1))
            ]
            zoom += 1
        assert met == seen, who
