"""What leads a client to the tiles, by the abstract tests of OGC API - Tiles (OGC 20-057), and TileJSON 3.0.0 beside it."""

import re

import pytest

from gi_registry.maps import CATALOGUE
from gi_registry.ogc import tiles
from gi_registry.ogc.drawing import MAX_ZOOM
from gi_registry.ogc.tilesets import MVT

pytestmark = pytest.mark.django_db
VECTOR = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
WEB_MERCATOR = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
CLASSES = (
    "core",
    "tileset",
    "tilesets-list",
    "dataset-tilesets",
    "geodata-tilesets",
    "collections-selection",
    "mvt",
    "oas30",
)
PUBLIC = [item.id for item in CATALOGUE if item.is_public and item.drawing]


@pytest.fixture(autouse=True)
def register(register):
    return register


def link(document, rel, **more):
    (found,) = [each for each in document["links"] if each["rel"] == rel and more.items() <= each.items()]
    return found


def entrances(client):
    """The landing page and every collection, each with the tiles it leads to."""
    yield link(client.get("/ogc/").json(), VECTOR)["href"]
    for name in PUBLIC:
        yield link(client.get(f"/ogc/collections/{name}").json(), VECTOR)["href"]


def test_the_classes_are_declared(client):
    declared = client.get("/ogc/conformance").json()["conformsTo"]
    assert {f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}" for name in CLASSES} <= set(declared)


def test_landing_page_and_collections_lead_to_their_tilesets(client):
    found = list(entrances(client))
    assert len(found) == len(PUBLIC) + 1
    assert all(re.fullmatch(r"http://testserver/ogc(/collections/[a-z_]+)?/tiles", each) for each in found)


def test_each_entry_of_a_list_says_all_that_a_client_needs(client):
    for entrance in entrances(client):
        for entry in client.get(entrance).json()["tilesets"]:
            assert (entry["tileMatrixSetId"], entry["tileMatrixSetURI"]) == ("WebMercatorQuad", WEB_MERCATOR)
            assert (entry["dataType"], entry["crs"]) == ("vector", "http://www.opengis.net/def/crs/EPSG/0/3857")
            limits = entry["tileMatrixSetLimits"]
            assert [each["tileMatrix"] for each in limits] == [str(zoom) for zoom in range(MAX_ZOOM + 1)]
            template = link(entry, "item", type=MVT)
            assert template["templated"] is True
            assert re.findall(r"\{.*?\}", template["href"]) == ["{tileMatrix}", "{tileRow}", "{tileCol}"]
            assert link(entry, "self")["type"] == "application/json"
            assert client.get(link(entry, SCHEME)["href"]).json()["uri"] == WEB_MERCATOR


def test_the_first_and_the_last_tile_of_the_limits_are_there_and_the_next_are_not(client):
    for entrance in entrances(client):
        (entry,) = client.get(entrance).json()["tilesets"]
        template = link(entry, "item")["href"]
        for limits in (entry["tileMatrixSetLimits"][0], entry["tileMatrixSetLimits"][8]):

            def status(row, column, template=template, limits=limits):
                place = {"tileMatrix": limits["tileMatrix"], "tileRow": row, "tileCol": column}
                return client.get(template.format(**place)).status_code

            assert status(limits["maxTileRow"], limits["minTileCol"]) in (200, 204)
            assert status(limits["minTileRow"], limits["maxTileCol"]) in (200, 204)
            assert status(limits["maxTileRow"] + 1, limits["minTileCol"]) == 404
            assert status(limits["maxTileRow"], limits["maxTileCol"] + 1) == 404
            assert status(2147483647, limits["minTileCol"]) == 404
            assert status(limits["maxTileRow"], 2147483647) == 404


def test_the_tile_of_the_world_holds_what_the_layer_has(client):
    for name in PUBLIC:
        if not client.get(f"/ogc/collections/{name}/items?limit=1").json()["features"]:
            continue
        assert client.get(f"/ogc/collections/{name}/tiles/WebMercatorQuad/0/0/0").status_code == 200


def test_the_full_description_repeats_the_entry_and_tells_the_layers(client):
    for entrance in entrances(client):
        (entry,) = client.get(entrance).json()["tilesets"]
        full = client.get(link(entry, "self")["href"]).json()
        for name in ("title", "dataType", "crs", "tileMatrixSetURI", "tileMatrixSetLimits"):
            assert full[name] == entry[name]
        assert full["links"][: len(entry["links"])] == entry["links"]
        box = full["boundingBox"]
        assert box["lowerLeft"] < box["upperRight"]
        for layer in full["layers"]:
            collection = CATALOGUE.get(layer["id"])
            assert layer["geometryDimension"] in (0, 2)
            assert set(layer["propertiesSchema"]["properties"]) == {"id", *collection.drawing.facts}


def test_layers_for_some_are_described_to_those_who_are_signed_in(client, cast):
    answer = client.get("/ogc/collections/sites/tiles/WebMercatorQuad", headers=cast.zhang.headers).json()
    (layer,) = answer["layers"]
    assert {"id", "count", "state"} <= set(layer["propertiesSchema"]["properties"])
    everything = client.get("/ogc/tiles/WebMercatorQuad/tilejson", headers=cast.zhang.headers).json()
    assert [each["id"] for each in everything["vector_layers"]] == [item.id for item in CATALOGUE if item.drawing]
    for rest in ("", "/WebMercatorQuad", "/WebMercatorQuad/tilejson"):
        assert client.get(f"/ogc/collections/sites/tiles{rest}").status_code == 401


@pytest.mark.parametrize("here", ["tiles", "collections/regions/tiles", "tiles?collections=divisions,regions"])
def test_tilejson_is_what_the_specification_asks_and_its_tiles_may_be_kept(client, here):
    path, _, query = here.partition("?")
    document = client.get(f"/ogc/{path}/WebMercatorQuad/tilejson?{query}").json()
    assert document["tilejson"] == "3.0.0"
    assert (document["minzoom"], document["maxzoom"], document["scheme"]) == (0, MAX_ZOOM, "xyz")
    west, south, east, north = document["bounds"]
    longitude, latitude, zoom = document["center"]
    assert west < longitude < east
    assert south < latitude < north
    assert 0 <= zoom <= MAX_ZOOM
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["version"])
    for layer in document["vector_layers"]:
        assert layer["id"]
        assert all(isinstance(each, str) for each in layer["fields"].values())
        assert 0 <= layer["minzoom"] <= layer["maxzoom"] <= MAX_ZOOM
    (template,) = document["tiles"]
    assert template.startswith("http://testserver/ogc/")
    assert re.findall(r"\{.\}", template) == ["{z}", "{y}", "{x}"]
    answer = client.get(template.format(z=0, y=0, x=0))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_fields_of_tilejson_are_those_on_the_tiles(client, cast):
    for item in CATALOGUE:
        if item.drawing:
            path = f"/ogc/collections/{item.id}/tiles/WebMercatorQuad/tilejson"
            (layer,) = client.get(path, headers=cast.lin.headers).json()["vector_layers"]
            counted = ["count"] if any(band.cells for band in item.drawing.bands) else []
            assert set(layer["fields"]) == {"id", *item.drawing.facts, *counted}


def test_words_are_in_the_language_that_was_asked_for(client):
    path = "/ogc/collections/regions/tiles/WebMercatorQuad/tilejson"
    assert client.get(path).json()["name"] == "产地范围"
    assert client.get(f"{path}?lang=en").json()["name"] == "Production regions"


def test_the_tile_matrix_set_is_the_registered_one(client):
    listed = client.get("/ogc/tileMatrixSets").json()["tileMatrixSets"]
    assert [(each["id"], each["uri"]) for each in listed] == [("WebMercatorQuad", WEB_MERCATOR)]
    matrices = client.get(link(listed[0], "self")["href"]).json()["tileMatrices"]
    # OGC 17-083r4, annex D.1
    assert matrices[0]["scaleDenominator"] == pytest.approx(559082264.028717)
    assert matrices[0]["cellSize"] == pytest.approx(156543.033928041)
    assert matrices[24]["scaleDenominator"] == pytest.approx(33.3238997476529)
    assert matrices[0]["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892])
    assert [(each["matrixWidth"], each["matrixHeight"]) for each in matrices] == [(2**z, 2**z) for z in range(25)]
    assert client.get("/ogc/tileMatrixSets/WorldCRS84Quad").status_code == 404


def test_the_api_document_tells_of_every_tile(client, cast):
    document = client.get("/ogc/api", headers=cast.lin.headers).json()
    names = [each["get"]["operationId"] for each in document["paths"].values()]
    assert len(set(names)) == len(names)
    drawn = [item.id for item in CATALOGUE if item.drawing]
    for name in ("dataset", *(f"collection.{each}" for each in drawn)):
        assert f"{name}.vector.getTile" in names
    path = "/collections/regions/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}"
    operation = document["paths"][path]["get"]
    assert {"200", "204", "default"} <= set(operation["responses"])
    assert [each["name"] for each in operation["parameters"]] == ["tileMatrix", "tileRow", "tileCol"]
    assert MVT in operation["responses"]["200"]["content"]


def test_every_table_that_a_tile_reads_is_watched(cast):
    for item in CATALOGUE:
        for band in item.drawing.bands if item.drawing else ():
            statement = tiles._compiled(item, cast.lin.actor, band)
            read = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', statement.sql))
            assert read
            assert read <= set(item.tables), item.id
