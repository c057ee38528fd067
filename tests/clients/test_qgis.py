"""Debian's own QGIS, without a screen: it adds layers, pages through all of them, signs in, and opens the ready project."""

import json
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from gi_registry.accounts.queries import actor_of
from gi_registry.maps import CATALOGUE
from gi_registry.ogc.collection import Shape
from tests.build_products import the_register
from tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db(transaction=True)
PYTHON = "/usr/bin/python3"  # PyQGIS belongs to the system's Python, not to our environment
SCRIPT = Path(__file__).with_name("in_qgis.py")
LONGEST_S = 120
MANY = 25_000
AUTH_ID = "gimap01"
COPY = """
INSERT INTO products_site (number, kind, name, geom, placement, state, reviewed_note, version, created_at, updated_at,
                           division_id, indication_id, producer_id)
SELECT 'W' || lpad(n::text, 9, '0'), kind, '西地 ' || n, ST_Translate(geom, (n %% 200) * 0.0001, (n / 200) * 0.0001),
       placement, state, '', 1, created_at, updated_at, division_id, indication_id, producer_id
  FROM products_site, generate_series(1, %s) AS n WHERE number = %s
"""


def qgis(task, **more):
    """What QGIS tells of a task (``in_qgis.py``)."""
    given = json.dumps({"task": task, **more})
    done = subprocess.run(
        [PYTHON, str(SCRIPT)], input=given, capture_output=True, text=True, timeout=LONGEST_S, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def layer(service, name, key="", **more):
    signed = f" username='anybody' password='{key}'" if key else ""
    return {"uri": f"url='{service}' typename='{name}' pageSize='1000'{signed}", **more}


def copy_site(number, times):
    """As many more sites in seconds. The guards of single rows are not what is tested here."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE products_site DISABLE TRIGGER USER")
        cursor.execute(COPY, [times, number])
        cursor.execute("ALTER TABLE products_site ENABLE TRIGGER USER")


def test_qgis_pages_through_25_000_features_and_has_each_once(live_server, transactional_db, asked):
    cast: Cast = assemble()
    register = the_register(cast)
    copy_site(register.field.number, MANY)
    told = qgis("walk", **layer(f"{live_server.url}/ogc/", "sites", cast.lin.key(), facts=["name", "kind", "area_m2"]))
    assert told["read"] == MANY + 2, "the copies, the field and the works"
    pages = [query for path, query in asked if path.endswith("/sites/items") and "cursor" in query]
    assert len(pages) >= MANY // 1000


def test_outlines_names_and_types_arrive_as_they_are_on_record(service, world):
    told = qgis("walk", **layer(service, "divisions", facts=["code", "name_zh", "level"]))
    assert (told["valid"], told["shape"], told["read"], told["count"]) == (True, "MultiPolygon", 6, 6)
    assert (told["first"]["code"], told["first"]["name_zh"]) == ("140000", "山西省")
    assert told["first"]["wkt"].startswith("MultiPolygon (((112 37.4")
    batches = qgis("walk", **layer(service, "batches", world.keys["lin"], facts=["produced_on"]))
    assert {name: batches["fields"][name] for name in ("number", "produced_on", "quantity")} == {
        "number": "String",
        "produced_on": "Date",
        "quantity": "Real",
    }


def test_every_site_has_its_shape_in_a_layer_of_that_shape(service, world):
    """Of a mixed layer QGIS draws only what is of the kind of its first feature."""
    for name, shape in (("site_areas", "Polygon"), ("site_points", "Point")):
        told = qgis("walk", **layer(service, name, world.keys["lin"]))
        assert told["shape"].removeprefix("Multi") == shape
        assert told["first"]["wkt"].startswith(shape) or told["first"]["wkt"].startswith(f"Multi{shape}")
        assert told["shapeless"] == 0
        assert 0 < told["read"] == CATALOGUE.get(name).rows(world.cast.lin.actor).count()


def test_a_filter_of_the_user_holds(service, world):
    """QGIS 3.22 filters by itself what it has fetched; later ones send CQL2. Either way these rows and no others."""
    subset = "\"kind\" = 'workshop'"
    told = qgis("walk", **layer(service, "sites", world.keys["lin"], subset=subset, facts=["kind"]))
    rows = CATALOGUE.get("sites").rows(world.cast.lin.actor)
    assert told["subset_taken"]
    assert told["read"] == rows.filter(kind="workshop").count() < rows.count()
    assert told["first"]["kind"] == "workshop"


def test_a_layer_for_the_signed_in_asks_for_the_key_and_opens_with_it(service, world):
    without = qgis("walk", **layer(service, "sites"))
    assert (without["valid"], without["asked"]) == (False, ["API key"])
    mine = qgis("walk", **layer(service, "sites", world.keys["li"]))
    assert mine["read"] == CATALOGUE.get("sites").rows(actor_of(world.cast.li.user)).count()


@pytest.fixture
def project(live_server, world, as_person, tmp_path):
    """The project file as a county regulator takes it from the page, at the address of this server."""
    host = live_server.url.removeprefix("http://")
    given = as_person(world.cast.li).get("/desk/connect/gi-registry.qgs", {"auth": AUTH_ID}, headers={"Host": host})
    assert given.status_code == 200
    file = tmp_path / "gi-registry.qgs"
    file.write_bytes(given.content)
    return str(file)


def test_every_layer_of_the_ready_project_opens_with_the_key_kept_in_qgis(project, world):
    told = qgis("open", project=project, auth={"id": AUTH_ID, "key": world.keys["li"]})
    assert (told["title"], told["crs"], told["asked"]) == ("山西地理标志地图", "EPSG:3857", [])
    assert "未经审图" in told["notice"]
    by_id = {each["id"]: each for each in told["layers"]}
    seen = CATALOGUE.seen_by(world.cast.li.actor)
    drawn = {f"tiles_{layer.id}" for layer in seen if layer.drawing}
    walked = [layer for layer in seen if layer.shape is not Shape.ANY]
    assert set(by_id) == {f"features_{layer.id}" for layer in walked} | drawn
    assert {name for name, each in by_id.items() if not each["valid"]} == set()
    assert all("未经审图" in each["attribution"] for each in by_id.values())
    assert all(by_id[name]["kind"] == "QgsVectorTileLayer" and by_id[name]["styles"] for name in drawn)
    counts = {layer.id: by_id[f"features_{layer.id}"]["count"] for layer in walked}
    assert counts == {layer.id: layer.rows(actor_of(world.cast.li.user)).count() for layer in walked}


def test_the_tiles_of_the_ready_project_are_drawn_in_more_than_one_colour(project, world, tmp_path):
    picture = tmp_path / "map.png"
    mercator = (12467000, 4490000, 12560000, 4540000)
    auth = {"id": AUTH_ID, "key": world.keys["li"]}
    told = qgis("draw", project=project, picture=str(picture), size=[320, 200], box=mercator, auth=auth)
    assert told["errors"] == []
    assert picture.stat().st_size > 1000
    assert told["colours"] > 5, "ground, land, lines and names"
