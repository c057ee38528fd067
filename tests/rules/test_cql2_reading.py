"""CQL2 text and JSON: what is understood, that two parsers understand the same, and that nothing hostile gets through."""

import json
import subprocess
import sys

import cql2
import pytest

from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Text
from gi_registry.ogc.collection import Collection, Kind, Property, Shape
from gi_registry.ogc.cql2 import LANGUAGES, Condition, read_filter
from gi_registry.ogc.cql2.text import parse

NAME = Text("名", "name")
PLACES = Collection(
    id="places",
    title=NAME,
    description=NAME,
    rows=lambda actor: None,
    geometry="geom",
    shape=Shape.ANY,
    key="code",
    properties=(
        Property("level", Kind.TEXT, NAME),
        Property("storeys", Kind.INTEGER, NAME),
        Property("area", Kind.NUMBER, NAME),
        Property("is_open", Kind.BOOLEAN, NAME),
        Property("built_on", Kind.DATE, NAME),
        Property("ended_on", Kind.DATE, NAME),
        Property("tags", Kind.TEXTS, NAME),
        Property("story", Kind.TEXT, NAME, is_filter=False),
    ),
    attribution=NAME,
    tables=(),
)


def understood(text: str, lang: str = "cql2-text") -> Condition:
    return read_filter(PLACES, text, lang)


def refused(text: str, lang: str = "cql2-text") -> str:
    """The code of the refusal; it points at the filter and speaks both languages."""
    with pytest.raises(Invalid) as raised:
        understood(text, lang)
    (refusal,) = raised.value.errors
    assert refusal.pointer in ("/filter", "/filter-lang")
    assert refusal.text.zh != refusal.text.en
    return refusal.code


def in_json(op: str, *args: object) -> str:
    return json.dumps({"op": op, "args": args})


P = {name: {"property": name} for name in (*PLACES.by_name, "geometry")}

# Texts that the standard allows and that our parser and the published one (cql2, written in Rust) must read alike.
SOUND = (
    "level = 'city'",
    "level='it''s'",
    "LEVEL = ''",
    "level <> 'x' AND storeys <= -5 OR NOT area > 1.5e3",
    "NOT level = 'a' AND level = 'b' OR level = 'c'",
    "not (level = 'a' or storeys = 2) and area = 3",
    "level LIKE '50\\%_' AND level NOT LIKE 'x%'",
    "CASEI(level) LIKE casei('Qi%')",
    "ACCENTI(CASEI(level)) = ACCENTI(CASEI('Qí'))",
    "storeys BETWEEN 1 AND 2 AND area NOT BETWEEN -1.5 AND 3",
    "level IN ('a', 'b''c') AND storeys NOT IN (1)",
    "level IS NULL OR storeys IS NOT NULL",
    "is_open = TRUE AND true",
    "built_on > DATE('2020-01-01')",
    "T_DURING(built_on, INTERVAL('2020-01-01', '..'))",
    "T_INTERSECTS(INTERVAL(built_on, ended_on), INTERVAL('..', DATE('2020-01-01')))",
    "T_METBY(built_on, TIMESTAMP('2020-01-01T00:00:00Z')) OR T_FINISHEDBY(built_on, ended_on)",
    "A_CONTAINS(tags, ('x', 'y')) AND A_CONTAINEDBY(tags, ('x')) AND A_OVERLAPS(('x', 'y'), tags)",
    "S_INTERSECTS(geometry, POINT(112.5 -37.5))",
    "S_WITHIN(geometry, POLYGON((0 0, 4 0, 4 4, 0 0), (2 1, 3 1, 3 2, 2 1)))",
    "S_TOUCHES(geometry, LINESTRING(0 0, 1 1)) OR S_EQUALS(geometry, MULTIPOINT((1 2), (3 4)))",
    "S_CROSSES(geometry, MULTILINESTRING((0 0, 1 1), (2 2, 3 3)))",
    "S_OVERLAPS(geometry, MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5))))",
    "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 1 1)))",
    "S_INTERSECTS(geometry, POINT Z (1 2 3)) AND S_CONTAINS(geometry, BBOX(1, -2, 3.5, 4))",
    'point = 1 AND "date" = 2 AND "a ""b""" = 3 AND 产地.县 = \'祁县\'',
    " level\t=\r\n'x\ny' ",
    "(((level))) = ('x')",
)


def plain(node: object) -> object:
    """The published parser makes every number a float and flattens AND within AND."""
    if isinstance(node, dict):
        return {name: plain(part) for name, part in node.items()}
    if isinstance(node, list):
        return [plain(part) for part in node]
    return float(node) if isinstance(node, int) and not isinstance(node, bool) else node


@pytest.mark.parametrize("text", SOUND)
def test_our_parser_reads_what_the_published_one_reads(text):
    assert plain(parse(text)) == plain(cql2.parse_text(text).to_json())


@pytest.mark.parametrize("text", [text for text in SOUND if "point = 1" not in text and "LEVEL" not in text])
def test_a_sound_filter_is_understood_as_text_and_as_json(text):
    understood(text)
    understood(json.dumps(parse(text), ensure_ascii=False), "cql2-json")


def test_a_quote_may_follow_a_backslash_and_whole_numbers_stay_whole():
    assert parse("level = 'it\\'s'")["args"][1] == "it's"
    assert parse("storeys = 9007199254740991")["args"][1] == 9007199254740991
    assert repr(parse("storeys = 5.0")["args"][1]) == "5"
    assert parse("A_EQUALS(tags, ())")["args"][1] == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("level == 'x'", "character 8"),
        ("level = 'x' AND", "too early"),
        ("level = 'x", "character 9"),
        ("level = 'x'; DROP TABLE x", "character 12"),
        ("level = 'x' -- y", "character 13"),
        ("level + 1 = 2", "character 7"),
        ("(level = 'x'", "too early"),
        ("level = 'x')", "character 12"),
        ("level NOT = 'x'", "character 11"),
        ("level IS TRUE", "character 10"),
        ("storeys = 0x10", "character 11"),
        ("storeys = 1_000", "character 11"),
        ("S_INTERSECTS(geometry, POINT(a 2))", "character 30"),
        ("S_INTERSECTS(geometry, POINT EMPTY)", "character 30"),
        ("S_INTERSECTS(geometry, SRID=4326;POINT(1 2))", "character 33"),
        ("", "too early"),
    ],
)
def test_a_fault_is_told_with_its_place(text, place):
    with pytest.raises(Invalid) as raised:
        understood(text)
    assert place in raised.value.errors[0].text.en


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nothing_such = 1", "unknown_property"),
        ("Level = 'x'", "unknown_property"),
        ("pk = 1", "unknown_property"),
        ("level__regex = 'x'", "unknown_property"),
        ("f(level) = 1", "unknown_operator"),
        ("pg_sleep(10) = 1", "unknown_operator"),
        ("level = f()", "unknown_operator"),
        ("level", "filter_condition"),
        ("'x'", "filter_condition"),
        ("level = NULL", "filter_null"),
        ("level = 1", "filter_types"),
        ("storeys = 'x'", "filter_types"),
        ("storeys = TRUE", "filter_types"),
        ("is_open > FALSE", "filter_types"),
        ("built_on = '2020-01-01'", "filter_types"),
        ("built_on > storeys", "filter_types"),
        ("level IN ('x', 1)", "filter_types"),
        ("level BETWEEN 1 AND 2", "filter_types"),
        ("storeys LIKE '1%'", "filter_types"),
        ("tags = 'x'", "filter_list"),
        ("level IN ()", "filter_arguments"),
        ("level = ('a', 'b')", "filter_value"),
        ("level LIKE 'x\\\\\\\\\\'", "filter_syntax"),
        ("level LIKE story", "unknown_property"),
        ("level LIKE level", "filter_pattern"),
        ("CASEI(storeys) = 'x'", "filter_arguments"),
        ("CASEI(level, level) = 'x'", "unknown_operator"),
        ("(level = 'x') = TRUE", "unknown_operator"),
        ("storeys = 1e400", "filter_number"),
        ("storeys = 9007199254740993", "filter_number"),
        (f"storeys = {'9' * 5000}", "filter_number"),
        ("storeys = -level", "unknown_operator"),
        ("built_on = DATE('2020-13-01')", "filter_date"),
        ("built_on = DATE('2020-W01')", "filter_date"),
        ("built_on = TIMESTAMP('9999-12-31T23:00:00-02:00')", "filter_date"),
        ("T_AFTER(built_on, INTERVAL('2021-01-01', '2020-01-01'))", "filter_backwards"),
        ("T_AFTER(built_on, INTERVAL('now()', '2020-01-01'))", "filter_date"),
        ("T_AFTER(built_on, INTERVAL(level, '..'))", "filter_arguments"),
        ("T_AFTER(built_on, 'x')", "filter_arguments"),
        ("T_AFTER(built_on)", "filter_arguments"),
        ("T_AFTER(story, DATE('2020-01-01'))", "unknown_property"),
        ("A_CONTAINS(level, ('x'))", "filter_arguments"),
        ("A_CONTAINS(tags, (1))", "filter_arguments"),
        ("geometry = POINT(1 2)", "filter_value"),
        ("S_INTERSECTS(level, POINT(1 2))", "filter_arguments"),
        ("S_INTERSECTS(story, POINT(1 2))", "unknown_property"),
        ("S_INTERSECTS(geometry, 'POINT(1 2)')", "filter_geometry"),
        ("S_INTERSECTS(geometry, POINT(1001 2))", "filter_geometry"),
        ("S_INTERSECTS(geometry, POINT(1e400 2))", "filter_geometry"),
        ("S_INTERSECTS(geometry, LINESTRING(1 2))", "filter_geometry"),
        ("S_INTERSECTS(geometry, LINESTRING(1 2, 1 2))", "filter_geometry"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 1)))", "filter_geometry"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 1, 0 1)))", "filter_geometry"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))", "filter_geometry"),
        ("S_INTERSECTS(geometry, BBOX(1, 5, 2, 4))", "filter_geometry"),
        ("S_INTERSECTS(geometry, BBOX(1, 2, 3))", "filter_geometry"),
        ("S_INTERSECTS(geometry, BBOX(storeys, 2, 3, 4))", "filter_geometry"),
        ("S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(1 2), POINT(3 4)))", "filter_collection"),
        (
            "S_DISJOINT(GEOMETRYCOLLECTION(POINT(1 2), POINT(3 4)), GEOMETRYCOLLECTION(POINT(1 2), POINT(3 4)))",
            "filter_collections",
        ),
        ("level = 'x\x00'", "filter_characters"),
        ("level = '\ud800'", "filter_characters"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_reason(text, code):
    assert refused(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("level = 'x'", "filter_json"),
        ("", "filter_json"),
        ("null", "filter_condition"),
        ("[]", "filter_condition"),
        ("{}", "filter_condition"),
        ('"x"', "filter_condition"),
        ("NaN", "filter_json"),
        ('{"op": "="}', "filter_condition"),
        ('{"op": [], "args": []}', "filter_condition"),
        (in_json("and", True), "unknown_operator"),
        (in_json("not", True, True), "unknown_operator"),
        (in_json("=", P["level"]), "filter_arguments"),
        (in_json("=", P["level"], "x", "y"), "filter_arguments"),
        (in_json("=", {"property": 1}, "x"), "filter_value"),
        (in_json("=", {"property": ["level"]}, "x"), "filter_value"),
        (in_json("=", P["level"], None), "filter_null"),
        (in_json("=", P["level"], ["x"]), "filter_value"),
        (in_json("=", P["level"], "x\x00"), "filter_characters"),
        ('{"op":"=","args":[{"property":"level"},"\\ud800"]}', "filter_json"),
        (in_json("=", P["storeys"], 2**53), "filter_number"),
        (in_json("=", P["storeys"], 1e300), "filter_number"),
        ('{"op":"=","args":[{"property":"storeys"},1e400]}', "filter_json"),
        (in_json("in", P["level"], "x"), "filter_arguments"),
        (in_json("in", P["level"], []), "filter_arguments"),
        (in_json("like", P["level"], "x\\"), "filter_pattern"),
        (in_json("like", P["level"], {"op": "casei", "args": ["x\\"]}), "filter_pattern"),
        (in_json("isNull", True, True), "filter_arguments"),
        (in_json("+", 1, 2), "unknown_operator"),
        (in_json("t_after", P["built_on"], {"date": 5}), "filter_value"),
        (in_json("t_after", P["built_on"], {"interval": "x"}), "filter_arguments"),
        (in_json("t_after", P["built_on"], {"interval": [1, 2]}), "filter_arguments"),
        (in_json("a_contains", P["tags"], ["x\x00"]), "filter_characters"),
        (in_json("s_intersects", P["geometry"], {"type": "Point", "coordinates": []}), "filter_geometry"),
        (in_json("s_intersects", P["geometry"], {"type": "Point", "coordinates": [1]}), "filter_geometry"),
        (in_json("s_intersects", P["geometry"], {"type": "Point", "coordinates": ["1", "2"]}), "filter_geometry"),
        (in_json("s_intersects", P["geometry"], {"type": "Point", "coordinates": [True, 2]}), "filter_geometry"),
        (in_json("s_intersects", P["geometry"], {"type": "Point", "coordinates": [[1, 2]]}), "filter_geometry"),
        (in_json("s_intersects", P["geometry"], {"type": "Polygon", "coordinates": [[1, 2]]}), "filter_geometry"),
        (in_json("s_intersects", P["geometry"], {"type": "Curve", "coordinates": [[1, 2]]}), "filter_geometry"),
        (in_json("s_intersects", P["geometry"], {"type": "GeometryCollection", "geometries": []}), "filter_geometry"),
        (in_json("s_intersects", P["geometry"], {"type": "GeometryCollection", "geometries": [{"geometries": []}]}), "filter_geometry"),
        (in_json("s_intersects", P["geometry"], {"bbox": []}), "filter_geometry"),
        (in_json("s_intersects", P["geometry"], {"bbox": [1, 2, 3, None]}), "filter_geometry"),
    ],
)  # fmt: skip
def test_hostile_json_is_refused_with_its_reason(text, code):
    assert refused(text, "cql2-json") == code


def test_a_hidden_property_is_refused_in_the_words_of_one_that_is_not_there():
    with pytest.raises(Invalid) as hidden:
        understood("story = 'x'")
    with pytest.raises(Invalid) as absent:
        understood("glory = 'x'")
    (one,), (other,) = hidden.value.errors, absent.value.errors
    assert (one.code, one.pointer) == (other.code, other.pointer)
    assert one.text.en.replace("story", "glory") == other.text.en


def test_an_unknown_language_is_named():
    assert LANGUAGES == ("cql2-text", "cql2-json")
    with pytest.raises(Invalid) as raised:
        understood("TRUE", "cql-text")
    assert raised.value.errors[0].pointer == "/filter-lang"


def test_a_filter_of_ten_kilobytes_is_too_long_in_either_language():
    assert refused("level = '" + "x" * 10_000 + "'") == "filter_too_long"
    assert refused("level = '" + "产" * 3_000 + "'") == "filter_too_long"
    assert refused(in_json("=", P["level"], "x" * 10_000), "cql2-json") == "filter_too_long"
    understood("level = '" + "x" * 7_900 + "'")


DEEP = {
    "brackets": "(" * 2000 + "TRUE" + ")" * 2000,
    "open brackets": "(" * 2000,
    "nots": "NOT " * 1900 + "TRUE",
    "nots in brackets": "NOT (" * 1300 + "TRUE" + ")" * 1300,
    "minus signs": "storeys = " + "-" * 7000 + "1",
    "functions": "CASEI(" * 1000 + "level" + ")" * 1000 + " = 'x'",
    "lists": "level IN " + "(" * 3000,
    "collections": "S_INTERSECTS(geometry, " + "GEOMETRYCOLLECTION(" * 300,
    "polygons": "S_INTERSECTS(geometry, POLYGON" + "(" * 3000,
    "dates": "DATE(" * 1500,
    "comparisons": "=".join(["level"] * 1000),
    "betweens": "storeys BETWEEN " * 400,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_deep_nesting_is_refused(text):
    """The published parser takes exponential time on some of these: it would not come back."""
    refused(text)


def test_deep_json_is_refused():
    assert refused('{"op":"not","args":[' * 300 + "true" + "]}" * 300, "cql2-json") == "filter_too_deep"
    assert refused("[" * 3000 + "]" * 3000, "cql2-json") in ("filter_json", "filter_too_deep")
    casei = '{"op":"casei","args":[' * 250 + '"x"' + "]}" * 250
    assert refused('{"op":"=","args":[{"property":"level"},' + casei + "]}", "cql2-json") == "filter_too_deep"


def test_long_chains_are_no_nesting():
    understood(" AND ".join(["TRUE"] * 800))
    understood(" OR ".join(["storeys=1"] * 600))
    understood("storeys IN (" + ",".join(["1"] * 3000) + ")")
    understood("(" * 59 + "TRUE" + ")" * 59)


def test_a_process_lives_through_every_deep_filter_on_a_small_stack():
    """Native parsers end the process here; threads of servers have less stack than the main one."""
    script = (
        "import json, sys, threading\n"
        "from gi_registry.ogc.cql2.text import parse\n"
        "from gi_registry.lib.problems import Invalid\n"
        "def read():\n"
        "    for text in json.load(sys.stdin):\n"
        "        try: parse(text)\n"
        "        except Invalid: print('refused')\n"
        "threading.stack_size(512 * 1024)\n"
        "thread = threading.Thread(target=read)\n"
        "thread.start(); thread.join()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(list(DEEP.values())),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["refused"] * len(DEEP)), done.stderr
