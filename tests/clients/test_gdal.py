"""Debian's own GDAL lists, copies and filters every layer, for nobody and for officials with a key as the password."""

import json
import os
import re
import sqlite3
import subprocess
from contextlib import closing

import pytest

from gi_registry.accounts.models import ApiKey
from gi_registry.accounts.queries import actor_of
from gi_registry.lib.access import Actor
from gi_registry.maps import CATALOGUE
from gi_registry.ogc.collection import Kind

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST_S = 60
# GDAL 3.6 reads types off the first page: where that holds no date, or an empty list, it knows no better than text.
TYPES = {
    Kind.TEXT: {"String"},
    Kind.TEXTS: {"StringList", "String(JSON)"},
    Kind.INTEGER: {"Integer"},
    Kind.NUMBER: {"Real"},
    Kind.BOOLEAN: {"Integer(Boolean)"},
    Kind.DATE: {"Date", "String"},
}


def gdal(*command, key="", fails=False):
    """Run one of GDAL's programs; its standard output, or where it has to fail its complaint."""
    environment = {**os.environ, "GDAL_HTTP_USERPWD": f"anybody:{key}"} if key else dict(os.environ)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    assert (done.returncode != 0) == fails, done.stderr
    return done.stderr if fails else done.stdout


def features(service, layer, *options, key=""):
    """What ogr2ogr makes of a layer, as GeoJSON."""
    told = gdal("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", f"OAPIF:{service}", layer, *options, key=key)
    return json.loads(told)["features"]


def who(world, name):
    """Actor and key of one of the cast; nobody has neither."""
    if name == "nobody":
        return Actor.ANONYMOUS, ""
    person = world.cast.everyone()[name]
    return actor_of(person.user), world.keys[name]


@pytest.mark.parametrize("name", ["nobody", "lin"])
def test_ogrinfo_lists_and_ogr2ogr_copies_whatever_the_reader_may_see(service, world, name, tmp_path):
    actor, key = who(world, name)
    seen = CATALOGUE.seen_by(actor)
    listed = re.findall(r"^\d+: (\w+) \(title: (.+?)\)", gdal("ogrinfo", "-so", f"OAPIF:{service}", key=key), re.M)
    assert listed == [(layer.id, layer.title.zh) for layer in seen]
    assert ("sites" in dict(listed)) == (name != "nobody")
    copy = tmp_path / "copy.gpkg"
    gdal("ogr2ogr", "-f", "GPKG", str(copy), f"OAPIF:{service}", key=key)
    with closing(sqlite3.connect(copy)) as base:
        copied = {each.id: base.execute(f"SELECT count(*) FROM {each.id}").fetchone()[0] for each in seen}  # noqa: S608
    assert copied == {layer.id: layer.rows(actor).count() for layer in seen}


def test_a_county_regulator_copies_the_county_and_no_more(service, world):
    copied = {each["properties"]["number"] for each in features(service, "sites", key=world.keys["li"])}
    assert world.number("zhang.field") in copied
    assert world.number("feng.field") not in copied
    assert copied < {each["properties"]["number"] for each in features(service, "sites", key=world.keys["lin"])}


def test_chinese_names_outlines_and_types_arrive_as_they_are_on_record(service, world):
    named = {each["properties"]["code"]: each for each in features(service, "divisions")}
    assert named["140121"]["properties"]["name_zh"] == "清徐县"
    assert named["140121"]["geometry"]["type"] == "MultiPolygon"
    hole = named["140121"]["geometry"]["coordinates"][0][1]
    assert [112.2, 37.5] in hole, "longitude first, and the district in the middle left out"
    for layer in CATALOGUE:
        told = gdal("ogrinfo", "-so", f"OAPIF:{service}", layer.id, key=world.keys["lin"])
        types = dict(re.findall(r"^(\w+): ([\w()]+) \(", told, re.M))
        assert {item.name: types[item.name] in TYPES[item.kind] for item in layer.properties} == dict.fromkeys(
            layer.by_name, True
        ), types


def test_an_attribute_filter_is_answered_by_the_server(service, world, asked):
    found = features(service, "sites", "-where", "kind = 'workshop'", key=world.keys["lin"])
    assert {each["properties"]["kind"] for each in found} == {"workshop"}
    asked_for = [query for path, query in asked if path.endswith("/sites/items")]
    assert any(query.get("kind") == "workshop" for query in asked_for)
    rows = CATALOGUE.get("sites").rows(who(world, "lin")[0])
    assert len(found) == rows.filter(kind="workshop").count() < rows.count()


def test_a_box_is_answered_by_the_server(service, world, asked):
    found = features(service, "divisions", "-spat", "112.5", "37.5", "112.6", "37.6")
    assert {each["properties"]["code"] for each in found} == {"140000", "140700", "140727"}
    boxes = [query["bbox"] for path, query in asked if "bbox" in query]
    assert [[round(float(side), 6) for side in box.split(",")] for box in boxes] == [[112.5, 37.5, 112.6, 37.6]]


def test_a_mixed_layer_becomes_one_kind_of_geometry_where_that_is_asked_for(service, world):
    wanted = ("-where", "kind = 'field'", "-nlt", "MULTIPOLYGON", "-nlt", "PROMOTE_TO_MULTI")
    found = features(service, "sites", *wanted, key=world.keys["lin"])
    assert {each["geometry"]["type"] for each in found} == {"MultiPolygon"}


def test_a_key_that_opens_nothing_is_told_so_and_copies_nothing(service, world):
    ApiKey.objects.all().delete()
    told = gdal("ogrinfo", "-so", f"OAPIF:{service}", key=world.keys["lin"], fails=True)
    assert "401" in told
