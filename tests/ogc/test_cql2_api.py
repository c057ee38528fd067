"""Filters through the API: each class of the standard by an example, pages and systems with them, and nothing hostile."""

import json
from urllib.parse import urlencode

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gi_registry.lib import spending
from gi_registry.lib.access import Actor
from gi_registry.maps import CATALOGUE
from gi_registry.ogc.cql2 import read_filter
from gi_registry.ogc.crs import ZONES
from tests.build_regions import BOXES, the_divisions
from tests.build_trace import the_goods

pytestmark = pytest.mark.django_db
ITEMS = "/ogc/collections/divisions/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0"
EVERY = sorted(BOXES)
COUNTIES = ["140110", "140121", "140727"]


@pytest.fixture(autouse=True)
def divisions(db):
    return the_divisions()


def ask(client, text, path=ITEMS, **more):
    return client.get(f"{path}?{urlencode({'filter': text, **more})}")


def ids(client, text, **more):
    response = ask(client, text, **more)
    assert response.status_code == 200, response.content.decode()
    document = response.json()
    assert document["numberMatched"] == len(document["features"])
    return [feature["id"] for feature in document["features"]]


def refusal(response):
    assert response.status_code == 400, response.content.decode()
    assert response.headers["Content-Type"] == "application/problem+json"
    (error,) = response.json()["errors"]
    return error["pointer"], error["code"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # basic-cql2
        ("level = 'county'", COUNTIES),
        ("NOT level = 'county' AND code <> '140000'", ["140100", "140700"]),
        ("code < '140110' OR code >= '140700'", ["140000", "140100", "140700", "140727"]),
        ("parent_code IS NULL", ["140000"]),
        ("TRUE", EVERY),
        ("FALSE", []),
        # advanced-comparison-operators
        ("name_zh LIKE '%县'", ["140121", "140727"]),
        ("name_zh LIKE '_县'", ["140727"]),
        ("code BETWEEN '140110' AND '140121'", ["140110", "140121"]),
        ("code NOT IN ('140000', '140100') AND level IN ('province', 'city')", ["140700"]),
        # case- and accent-insensitive-comparison
        ("CASEI(level) = CASEI('COUNTY')", COUNTIES),
        ("CASEI(level) LIKE casei('CO%')", COUNTIES),
        ("ACCENTI(level) = ACCENTI('coúnty')", COUNTIES),
        # property-property
        ("code > parent_code", ["140100", "140110", "140121", "140700", "140727"]),
        # basic-spatial-functions, and -plus
        ("S_INTERSECTS(geometry, POINT(112.25 37.55))", ["140000", "140100", "140110"]),
        ("S_INTERSECTS(geometry, BBOX(112.5, 37.5, 112.6, 37.6))", ["140000", "140700", "140727"]),
        ("S_INTERSECTS(geometry, BBOX(112.5, 37.5, -170, 37.6))", ["140000", "140700", "140727"]),
        ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(112.25 37.55), POINT(0 0)))", ["140000", "140100", "140110"]),
        # spatial-functions
        ("S_DISJOINT(geometry, POINT(112.5 37.5))", ["140100", "140110", "140121"]),
        ("S_WITHIN(geometry, BBOX(112.1, 37.4, 112.5, 37.7))", ["140110"]),
        ("S_CONTAINS(geometry, LINESTRING(112.3 37.65, 112.5 37.65))", ["140000"]),
        ("S_TOUCHES(geometry, POINT(112.4 37.5))", ["140100", "140121", "140700", "140727"]),
        ("S_EQUALS(geometry, POLYGON((112.2 37.5, 112.3 37.5, 112.3 37.6, 112.2 37.6, 112.2 37.5)))", ["140110"]),
        ("S_OVERLAPS(geometry, BBOX(112.7, 37.6, 113, 38))", ["140000", "140700", "140727"]),
        ("S_CROSSES(geometry, LINESTRING(112.25 37.55, 112.25 37.65))", ["140110", "140121"]),
    ],
)
def test_each_class_of_the_standard_finds_what_it_says(client, text, found):
    assert ids(client, text) == found


def test_a_missing_value_is_neither_equal_nor_unequal(client):
    assert ids(client, "parent_code = '140100'") == ["140110", "140121"]
    assert ids(client, "NOT (parent_code = '140100')") == ["140100", "140700", "140727"]
    assert ids(client, "parent_code = '140100' OR parent_code <> '140100'") == EVERY[1:]


def test_temporal_and_array_functions_over_the_layers_that_have_days_and_lists(cast, as_machine, client):
    goods = the_goods(cast)
    lot = goods.batch().number
    lin, batches = as_machine(cast.lin), "/ogc/collections/batches/items"
    for text, is_found in (
        ("T_DURING(produced_on, INTERVAL('2026-09-01', '2026-10-01'))", True),
        ("T_AFTER(produced_on, TIMESTAMP('2026-09-10T23:59:59Z'))", False),
        ("produced_on = DATE('2026-09-10')", True),
        ("T_INTERSECTS(INTERVAL(produced_on, '..'), INTERVAL('..', '2026-09-10'))", True),
    ):
        assert ids(lin, text, path=batches) == ([lot] if is_found else []), text
    producers = "/ogc/collections/producers/items"
    slug, zhang = goods.register.indication.slug, goods.register.zhang.number
    assert ids(client, f"A_CONTAINS(indications, ('{slug}'))", path=producers) == [zhang]
    assert ids(client, f"A_EQUALS(indications, ('{slug}', 'x'))", path=producers) == []


def test_json_says_the_same_as_text(client):
    node = {"op": "like", "args": [{"property": "name_zh"}, "%县"]}
    assert ids(client, json.dumps(node), **{"filter-lang": "cql2-json"}) == ids(client, "name_zh LIKE '%县'")
    assert ids(client, "level = 'city'", **{"filter-lang": "cql2-text"}) == ["140100", "140700"]


def test_a_filter_narrows_together_with_the_other_parameters(client):
    assert ids(client, "level = 'county'", bbox="112.5,37.5,112.6,37.6") == ["140727"]
    assert ids(client, "level = 'county'", parent_code="140100") == ["140110", "140121"]
    assert ids(client, "level = 'county'", code="140100") == []


def test_a_filter_stays_with_the_pages(client):
    seen, address = [], f"{ITEMS}?{urlencode({'filter': 'parent_code IS NOT NULL', 'limit': 2})}"
    while address:
        document = client.get(address).json()
        assert document["numberMatched"] == 5
        seen += [feature["id"] for feature in document["features"]]
        address = next((link["href"] for link in document["links"] if link["rel"] == "next"), None)
    assert seen == EVERY[1:]


@pytest.mark.parametrize(
    ("crs", "text"),
    [
        (f"{EPSG}/4326", "S_INTERSECTS(geometry, POINT(37.55 112.25))"),
        (f"{EPSG}/4490", "S_INTERSECTS(geometry, BBOX(37.54, 112.24, 37.56, 112.26))"),
        (f"{EPSG}/3857", "S_INTERSECTS(geometry, POINT(12495612.8 4515400.6))"),
        (f"{EPSG}/3857", "S_INTERSECTS(geometry, BBOX(12495600, 4515300, 12495700, 4515500))"),
        (f"{EPSG}/4546", "S_INTERSECTS(geometry, POINT(4158290 610454))"),
        (f"{EPSG}/4546", "S_INTERSECTS(geometry, BBOX(4158200, 610400, 4158300, 610500))"),
    ],
)
def test_coordinates_may_be_written_in_the_systems_of_the_layer(client, crs, text):
    assert ids(client, text, **{"filter-crs": crs}) == ["140000", "140100", "140110"]


def test_coordinates_outside_their_system_are_refused(client):
    asked = ask(client, "S_INTERSECTS(geometry, POINT(1e12 5))", **{"filter-crs": ZONES[0].uri})
    assert refusal(asked) == ("/filter", "coordinate_outside")
    asked = ask(client, "S_INTERSECTS(geometry, BBOX(9e9, 9e9, 9.1e9, 9.1e9))", **{"filter-crs": f"{EPSG}/3857"})
    assert refusal(asked) == ("/filter", "filter_geometry")
    assert refusal(ask(client, "TRUE", **{"filter-crs": f"{EPSG}/2154"}))[0] == "/filter-crs"


def test_faults_are_problems_that_name_the_parameter(client):
    assert refusal(ask(client, "level = ")) == ("/filter", "filter_ends")
    assert refusal(ask(client, "TRUE", **{"filter-lang": "cql-text"})) == ("/filter-lang", "filter_lang")
    assert refusal(client.get(f"{ITEMS}?filter-lang=sql")) == ("/filter-lang", "filter_lang")
    assert refusal(ask(client, "level = '" + "x" * 10_000 + "'")) == ("/filter", "filter_too_long")
    assert refusal(ask(client, "(" * 2000 + "TRUE" + ")" * 2000)) == ("/filter", "filter_too_deep")
    assert refusal(ask(client, "level = 'x\x00'"))[0] == "/filter"


def test_the_deepest_filter_that_is_understood_is_also_answered(client):
    """Each level goes through Django's compiler several times; Python's own stack must last."""
    steps = ("(code = 'x' OR ", "(level <> 'x' AND ")
    deep = "".join(steps[level % 2] for level in range(59)) + "parent_code IS NULL" + ")" * 59
    assert ids(client, deep) == ["140000"]
    assert ids(client, "NOT " * 60 + "parent_code IS NULL") == ["140000"]
    nots = '{"op":"not","args":[' * 60 + "true" + "]}" * 60
    assert ids(client, nots, **{"filter-lang": "cql2-json"}) == EVERY
    assert ids(client, "CASEI(" * 58 + "level" + ")" * 58 + " = 'city'") == ["140100", "140700"]
    assert ids(client, "ACCENTI(" * 58 + "level" + ")" * 58 + " = 'city'") == ["140100", "140700"]
    long = " OR ".join(["code = 'x'"] * 500 + ["level = 'city'"])
    assert ids(client, long) == ["140100", "140700"]


def test_a_hidden_fact_cannot_be_asked_for_by_any_road(client):
    said = set()
    for text in ("area_m2 > 0", "geom = 'x'", "parent__level = 'city'", "valid_to IS NULL", "pk = 1", "zzz = 1"):
        error = ask(client, text).json()["errors"][0]
        said.add((error["code"], error["detail"].replace(text.split()[0], "…")))
    assert len(said) == 1


HOSTILE = (
    "1=1; DROP TABLE regions_division; --",
    "code = '' OR 1=1 --'",
    "code = ''' OR ''1''=''1'",
    "code = '%s' AND name_zh = '%(code)s'",
    "code = '{0}' AND name_zh = '{rows}'",
    "code = $$x$$",
    "\"code\" = \"code\"",
    "\"code\"\" OR 1=1 --\" = 'x'",
    "\"code' OR '1'='1\" = 'x'",
    "code = (SELECT code FROM regions_division)",
    "code IN (SELECT 1)",
    "code LIKE '%' UNION SELECT password FROM accounts_user",
    "pg_sleep(5) IS NULL",
    "code = E'\\x41'",
    "code::text = 'x'",
    "ST_AsText(geometry) = 'x'",
    "S_INTERSECTS(geometry, '/etc/passwd')",
    "S_INTERSECTS(geometry, POINT(nan nan))",
    "S_INTERSECTS(geometry, POINT(1e308 1e308))",
    "S_INTERSECTS(geometry, BBOX(-1e308, -1e308, 1e308, 1e308))",
    "code = 99999999999999999999999999999",
    "code LIKE '" + "%_" * 3000 + "'",
    "code = '" + "😀" * 1500 + "'",
    "'a' = 'a'",
    "1 < 2 OR code = 'x'",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_breaks_the_server_or_the_scope(client, text):
    response = ask(client, text)
    assert response.status_code in (200, 400), response.content
    if response.status_code == 200:
        assert {feature["id"] for feature in response.json()["features"]} <= set(EVERY)


def test_no_filter_shows_more_than_the_scope_allows(cast, as_machine):
    lot = the_goods(cast).batch().number
    for text in ("TRUE", "TRUE OR state = 'x'", f"number = '{lot}'", "NOT FALSE", "geometry IS NULL OR TRUE"):
        for layer, own in (("batches", [lot]), ("sites", None)):
            path = f"/ogc/collections/{layer}/items"
            asked = text if layer == "batches" else text.replace("state = 'x'", "kind = 'x'")
            assert ids(as_machine(cast.feng), asked, path=path) == []
            assert ids(as_machine(cast.zhang), asked, path=path) == own if own else True
            assert ask(as_machine(None), asked, path=path).status_code == 401


@pytest.mark.parametrize(
    "pattern",
    [
        {"property": "name_zh"},
        {"property": "name_zh", "args": {}},
        {"property": "name_zh", "args": []},
        {"property": "name_zh", "op": "casei", "args": ["x"]},
        {"date": "2026-01-01", "args": ["x"]},
        {"op": "accenti", "args": ["x\\\u0301"]},
    ],
)
def test_a_pattern_is_a_text_and_nothing_dressed_as_one(client, pattern):
    """The database fails on what is no text, and on a backslash at the end: also on one bared by ACCENTI."""
    text = json.dumps({"op": "like", "args": [{"property": "name_zh"}, pattern]})
    response = ask(client, text, **{"filter-lang": "cql2-json"})
    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "filter_pattern")


def test_a_filter_that_takes_too_long_is_refused_and_not_failed(client, monkeypatch):
    monkeypatch.setattr(spending, "MOST_MS", 1)
    text = " OR ".join(f"S_TOUCHES(geometry, LINESTRING(111 35, 113.{n:03} 40))" for n in range(120))
    response = ask(client, text)
    assert response.status_code == 400, response.content
    assert [(e["pointer"], e["code"]) for e in response.json()["errors"]] == [("/filter", "too_much_at_once")]


_PIECES = st.sampled_from(
    ["code", "level", "geometry", "area_m2", "=", "<>", "<", "AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE",
     "(", ")", ",", "'x'", "'%'", "''", "1", "-1", "1e9", "DATE('2026-01-01')", "POINT(1 2)", "BBOX(1,2,3,4)", "S_INTERSECTS(",
     "CASEI(", "INTERVAL(", "T_AFTER(", "A_EQUALS(", "POLYGON((", '"', "'", "\\", "县", "\x00", "{", '{"op":', "[", "]", "}"]
)  # fmt: skip


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_PIECES, max_size=12).map(" ".join), st.sampled_from(["cql2-text", "cql2-json"]))
def test_whatever_is_asked_the_answer_is_a_page_or_a_reason(client, text, lang):
    response = ask(client, text, **{"filter-lang": lang, "limit": "1"})
    assert response.status_code in (200, 400), (text, response.content)


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("code = '140121' AND level = 'county'", "regions_division_code"),
        ("S_INTERSECTS(geometry, BBOX(112.5, 37.5, 112.6, 37.6))", "regions_division_geom"),
        ("S_WITHIN(geometry, POLYGON((112 37, 113 37, 113 38, 112 37))) AND level = 'county'", "regions_division_geom"),
    ],
)
def test_an_index_serves_a_filter(text, index):
    """On a handful of rows the planner would rather read them all, so that is made dear."""
    collection = CATALOGUE.get("divisions")
    rows = read_filter(collection, text).apply(collection.rows(Actor.ANONYMOUS).order_by())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in rows.explain()
