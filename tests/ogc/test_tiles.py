"""Vector tiles, decoded by another's decoder: what is on them, where it lies, and that nothing asked makes the server fail."""

import gzip

import mapbox_vector_tile
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gi_registry.ogc.collection import SHANXI
from gi_registry.ogc.mercator import Tile, limits_of
from regions.models import Division
from tests.build_regions import BOXES, the_divisions

pytestmark = pytest.mark.django_db
MVT = "application/vnd.mapbox-vector-tile"


@pytest.fixture
def divisions(db):
    return the_divisions()


def path_of(layer, tile, stamp=""):
    place = f"{tile.zoom}/{tile.row}/{tile.column}"
    return f"/ogc/collections/{layer}/tiles/WebMercatorQuad/{stamp and stamp + '/'}{place}"


def over(longitude, latitude, zoom):
    """The tile that holds a place."""
    limits = limits_of((longitude, latitude, longitude, latitude), zoom)
    return Tile(zoom, limits.min_row, limits.min_column)


def decoded(content, layer):
    """Features of a layer, coordinates as the tile has them: y grows to the south."""
    return mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})[layer]


def layer_on(client, layer, tile, **asked):
    response = client.get(path_of(layer, tile), asked)
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == MVT
    return decoded(response.content, layer)


def by_id(layer):
    return {feature["properties"]["id"]: feature for feature in layer["features"]}


def bounds(feature):
    xs, ys = zip(*_points(feature["geometry"]["coordinates"]), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _points(coordinates):
    if isinstance(coordinates[0], int | float):
        return [coordinates]
    return [point for part in coordinates for point in _points(part)]


def expected_bounds(box, tile):
    """A box of degrees in the units of a tile, y growing to the south."""
    west, south, east, north = box
    return (*_unit(west, north, tile), *_unit(east, south, tile))


def _unit(longitude, latitude, tile):
    whole = limits_of((longitude, latitude, longitude, latitude), tile.zoom + 12)
    return whole.min_column - tile.column * 4096, whole.min_row - tile.row * 4096


def test_a_square_lands_where_it_must(client, divisions):
    for zoom in (8, 9, 10):
        tile = over(112.6, 37.55, zoom)
        layer = layer_on(client, "divisions", tile)
        assert layer["extent"] == 4096
        expected = expected_bounds(BOXES["140727"], tile)
        clipped = [max(-64, min(4096 + 64, value)) for value in expected]
        assert bounds(by_id(layer)["140727"]) == pytest.approx(clipped, abs=1)


def test_rows_grow_to_the_south_and_columns_to_the_east(client, divisions):
    tile = over(112.4, 37.55, 7)
    found = by_id(layer_on(client, "divisions", tile))
    west, north, east, south = bounds(found["140121"])
    other_west, *_ = bounds(found["140727"])
    assert west < east == pytest.approx(other_west, abs=1)
    assert north < south
    north_of_it = client.get(path_of("divisions", Tile(9, over(112.4, 37.55, 9).row - 1, over(112.4, 37.55, 9).column)))
    assert north_of_it.status_code == 204


def test_a_hole_stays_open_and_outer_rings_go_round_as_the_format_wants(client, divisions):
    layer = layer_on(client, "divisions", over(112.25, 37.55, 10))
    geometry = by_id(layer)["140121"]["geometry"]
    assert geometry["type"] == "Polygon"
    assert len(geometry["coordinates"]) == 2, "the hole is kept"
    # Mapbox Vector Tile 2.1, 4.3.4.4: with y to the south an outer ring has a positive area by the surveyor's formula.
    assert [_area(ring) > 0 for ring in geometry["coordinates"]] == [True, False]


def _area(ring):
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True))


def test_a_feature_carries_its_public_key_and_the_few_facts_a_map_needs(client, divisions):
    far = by_id(layer_on(client, "divisions", over(112.4, 37.55, 5)))["140121"]
    near = by_id(layer_on(client, "divisions", over(112.4, 37.55, 12)))["140121"]
    assert far["properties"] == {"id": "140121", "name_zh": "清徐县", "level": "county"}
    assert near["properties"].keys() == {"id", "name_zh", "name_en", "level"}
    assert (far["id"], near["id"]) == (140121, 140121)


def test_no_key_of_the_database_is_shown(client, register):
    feature = by_id(layer_on(client, "regions", over(112.4, 37.55, 8)))[register.region.number]
    assert feature.get("id", 0) == 0


def test_the_ids_on_the_tiles_of_a_zoom_are_those_of_the_items(client, divisions):
    items = {each["id"] for each in client.get("/ogc/collections/divisions/items").json()["features"]}
    for zoom in (0, 5, 8):
        seen = set()
        limits = limits_of(SHANXI, zoom)
        for row in range(limits.min_row, limits.max_row + 1):
            for column in range(limits.min_column, limits.max_column + 1):
                response = client.get(path_of("divisions", Tile(zoom, row, column)))
                assert response.status_code in (200, 204)
                seen |= set(by_id(decoded(response.content, "divisions"))) if response.content else set()
        assert seen == items


def test_the_largest_come_first_so_that_the_small_lie_on_top(client, divisions):
    found = [each["properties"]["id"] for each in layer_on(client, "divisions", Tile(0, 0, 0))["features"]]
    assert found[0] == "140000"
    assert found[-1] == "140110"


def test_where_the_layer_has_nothing_the_tile_is_empty(client, divisions):
    response = client.get(path_of("divisions", over(114.0, 40.0, 10)))
    assert (response.status_code, response.content) == (204, b"")
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize(
    "place",
    [
        "0/1/0",
        "0/0/1",
        "6/2147483647/51",
        "6/24/2147483647",
        "6/26/51",
        "6/24/50",
        "15/0/0",
        "30/0/0",
        f"{'9' * 999}/0/0",
    ],
)
def test_outside_the_limits_there_are_no_tiles(client, place):
    response = client.get(f"/ogc/collections/divisions/tiles/WebMercatorQuad/{place}")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["code"] == "tile_outside"


@pytest.mark.parametrize(
    "place", ["-1/0/0", "0/-1/0", "1e400/0/0", "0/1e400/0", "٣/1/1", "0/0/１", "a/b/c", "0/0/0.5", "%00/0/0"]
)
def test_what_is_no_number_is_refused_by_name(client, place):
    response = client.get(f"/ogc/collections/divisions/tiles/WebMercatorQuad/{place}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["code"] == "tile_number"


def test_another_tile_matrix_set_or_layer_is_not_there(client):
    for path in ("collections/divisions/tiles/WorldCRS84Quad/0/0/0", "collections/nothing/tiles/WebMercatorQuad/0/0/0"):
        assert client.get(f"/ogc/{path}").status_code == 404


def test_no_statement_is_asked_for_a_tile_outside_the_limits(client):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path_of("divisions", Tile(6, 26, 51))).status_code == 404
    assert len(queries) == 0


def test_a_tile_comes_compressed_or_plain_as_the_client_can_read_it(client, divisions):
    path = path_of("divisions", Tile(0, 0, 0))
    plain = client.get(path)
    assert "Content-Encoding" not in plain.headers
    for accepted in ("gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8", "x-gzip"):
        packed = client.get(path, headers={"Accept-Encoding": accepted})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
    for refused in ("br", "identity", "gzip;q=0", "gzip;q=0.0, br"):
        assert client.get(path, headers={"Accept-Encoding": refused}).content == plain.content
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_a_cap_keeps_the_largest(client, divisions, monkeypatch):
    monkeypatch.setattr("gi_registry.ogc.tiles.MAX_FEATURES", 2)
    found = [each["properties"]["id"] for each in layer_on(client, "divisions", Tile(0, 0, 0))["features"]]
    assert found[0] == "140000"
    assert len(found) == 2


def test_a_division_that_ended_is_on_no_tile(client, divisions):
    Division.objects.filter(code="140727").update(valid_to="2025-01-01")
    assert "140727" not in by_id(layer_on(client, "divisions", Tile(0, 0, 0)))


def test_several_layers_come_in_one_tile(client, register):
    response = client.get("/ogc/tiles/WebMercatorQuad/0/0/0", {"collections": "regions,divisions"})
    assert set(mapbox_vector_tile.decode(response.content)) == {"regions", "divisions"}
    everything = client.get("/ogc/tiles/WebMercatorQuad/0/0/0")
    assert set(mapbox_vector_tile.decode(everything.content)) >= {"regions", "divisions"}


@pytest.mark.parametrize("asked", ["nothing", "regions,nothing", ",", "regions,", "regions,\x00", "x" * 3000])
def test_a_layer_that_is_not_drawn_cannot_be_picked(client, asked):
    response = client.get("/ogc/tiles/WebMercatorQuad/0/0/0", {"collections": asked})
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/collections"


def test_unknown_parameters_are_refused(client):
    assert client.get(path_of("divisions", Tile(0, 0, 0)), {"shoe": "42"}).status_code == 400
    assert client.get(path_of("divisions", Tile(0, 0, 0)), {"collections": "regions"}).status_code == 400


def test_maps_on_other_sites_may_read_tiles_and_refusals(client, divisions):
    for place in ("0/0/0", "10/400/830", "0/1/0", "a/b/c"):
        response = client.get(f"/ogc/collections/divisions/tiles/WebMercatorQuad/{place}")
        assert response.headers["Access-Control-Allow-Origin"] == "*"
    asked = client.options(path_of("divisions", Tile(0, 0, 0)))
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
