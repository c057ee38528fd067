"""GeoJSON, GeoPackages and binaries made to hurt: each is refused in words, and nothing is left behind."""

import contextlib
import sqlite3
import struct
import tempfile

import pytest
import shapely
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from products.gisfiles import FileRefused, read_file, wkb
from tests.build_files import (
    a_geopackage,
    a_layer,
    a_shapefile,
    collection,
    feature,
    fields,
    packed,
    ring_of,
    shapefile_parts,
    zipped,
)

HERE = (112.05, 37.45, 112.051, 37.451)
GOOD = shapefile_parts([[ring_of(HERE)]], [("a", "田地")])


def refusal(data: bytes) -> str:
    with pytest.raises(FileRefused) as no:
        read_file(data)
    assert all(fault.text.zh and fault.text.en for fault in no.value.refusals)
    return no.value.refusals[0].code


# --- what it is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"GIF89a", b"\x00" * 600, b"<kml/>", b"code,price\na,b", b"[]"])
def test_a_file_of_another_kind_is_named_as_such(data):
    assert refusal(data) == "format_unknown"


def test_a_file_that_is_two_things_at_once_is_none():
    assert refusal(zipped(GOOD) + b"SQLite format 3\x00" + b"\x00" * 600) == "archive_damaged"
    assert refusal(a_layer(HERE) + zipped(GOOD)) == "geopackage_damaged"
    assert refusal(fields(HERE) + zipped(GOOD)) == "not_utf8"
    assert refusal(b"PK\x03\x04" + fields(HERE)) == "archive_damaged"
    assert refusal(b"PK-not" + zipped(GOOD)) == "archive_damaged"


# --- GeoJSON -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"type": "FeatureCollection", "features": [NaN]}', "not_json"),
        ('{"type": "FeatureCollection", "features": [-Infinity]}', "not_json"),
        ('{"type": "FeatureCollection", "features": [], "features": [1]}', "not_json"),
        ('{"type": "FeatureCollection", "features": [' + "9" * 5000 + "]}", "not_json"),
        ('{"type": "FeatureCollection", "features": [1,]}', "not_json"),
        ('{"a":' * 50_000, "too_deep"),
        ('{"type": "FeatureCollection", "features": ' + "[" * 100_000 + "]" * 100_000 + "}", "too_deep"),
        ('{"type": "Feature", "geometry": null, "properties": {}}', "not_a_collection"),
        ('{"type": "FeatureCollection"}', "no_features"),
        ('{"type": "FeatureCollection", "features": {}}', "no_features"),
        ('{"type": "FeatureCollection", "features": []}', "no_features"),
        ('{"type": "Topology", "objects": {}}', "not_a_collection"),
    ],
)
def test_json_that_is_not_a_sound_collection_is_refused(text, code):
    assert refusal(text.encode()) == code


def test_text_in_another_encoding_is_not_guessed_at():
    assert refusal(b'{"type": "FeatureCollection", "name": "\xc3\xfb\xb3\xc6"}') == "not_utf8"


def test_a_thousand_features_are_taken_and_one_more_is_not():
    assert len(read_file(collection(*[feature(HERE)] * 1000)).rows) == 1000
    assert refusal(collection(*[feature(HERE)] * 1001)) == "too_many_features"


def test_positions_are_counted_however_they_are_nested():
    ring = [[112.0, 37.0]] * 20_000
    shape = {"type": "Polygon", "coordinates": [[ring], [[[ring]]]]}
    assert refusal(collection(*[{"type": "Feature", "properties": {}, "geometry": shape}] * 3)) == "too_many_positions"


def test_features_that_are_none_keep_their_number_and_their_fault():
    rows = read_file(collection(1, "x", None, [], {"type": "Other"}, feature(None), feature(HERE))).rows
    assert [row.fault and row.fault.code for row in rows] == [*["not_a_feature"] * 5, "geometry_missing", None]


# --- GeoPackages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE VIEW v AS SELECT * FROM plots",
        "CREATE TRIGGER t AFTER INSERT ON plots BEGIN DELETE FROM plots; END",
        "CREATE VIRTUAL TABLE v USING fts5(x)",
        "CREATE VIRTUAL TABLE rtree_fake USING fts5(x)",
        "DROP TABLE plots; CREATE VIEW plots AS SELECT 1 AS fid, zeroblob(100) AS geom",
        "DROP TABLE plots; CREATE VIRTUAL TABLE plots USING fts5(geom)",
    ],
)
def test_a_database_with_programs_in_it_is_refused(sql):
    assert refusal(a_geopackage([], change=sql)) == "geopackage_objects"


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("DELETE FROM gpkg_contents", "geopackage_layers"),
        ("INSERT INTO gpkg_contents VALUES ('more', 'features', 'more', 4326)", "geopackage_layers"),
        ("UPDATE gpkg_contents SET table_name = 'gpkg_contents'", "geopackage_damaged"),
        ("UPDATE gpkg_contents SET table_name = 'nothing'", "geopackage_damaged"),
        ("UPDATE gpkg_contents SET table_name = X'00ff'", "geopackage_damaged"),
        ("UPDATE gpkg_geometry_columns SET column_name = 'nothing'", "geopackage_damaged"),
        ("UPDATE gpkg_geometry_columns SET srs_id = 5", "geopackage_damaged"),
        ("UPDATE gpkg_spatial_ref_sys SET organization_coordsys_id = 3857", "crs_unknown"),
        ("UPDATE gpkg_spatial_ref_sys SET organization = 'NONE'", "crs_unknown"),
        ("DROP TABLE gpkg_contents", "geopackage_damaged"),
        ("ALTER TABLE plots ADD COLUMN x AS (hex(geom))", "geopackage_damaged"),
        ("INSERT INTO plots (geom) VALUES (zeroblob(1500000))", "geopackage_damaged"),
        ("UPDATE plots SET \"名称\" = CAST(X'ff' AS TEXT)", "geopackage_damaged"),
        ("PRAGMA application_id = 7", "not_geopackage"),
    ],
)
def test_a_database_that_is_not_what_it_says_is_refused(sql, code):
    good = [(packed(shapely.box(*HERE)), "a", "田地")]
    assert refusal(a_geopackage(good, change=sql)) == code


def test_triggers_and_indexes_of_the_standard_are_no_hindrance():
    sql = """
    CREATE VIRTUAL TABLE rtree_plots_geom USING rtree(id, minx, maxx, miny, maxy);
    CREATE TRIGGER rtree_plots_geom_delete AFTER DELETE ON plots BEGIN DELETE FROM rtree_plots_geom; END;
    CREATE TRIGGER trigger_insert_feature_count_plots AFTER INSERT ON plots BEGIN DELETE FROM plots; END;
    """
    assert len(read_file(a_geopackage([(packed(shapely.box(*HERE)), "a", "田地")], change=sql)).rows) == 1


def test_columns_named_to_break_out_are_only_names():
    sql = 'ALTER TABLE plots ADD COLUMN "x"" FROM sqlite_master; --" TEXT'
    found = read_file(a_geopackage([(packed(shapely.box(*HERE)), "a", "田地")], change=sql))
    assert 'x" FROM sqlite_master; --' in found.columns


def test_a_broken_page_and_a_short_file_are_damaged():
    data = a_layer(HERE)
    page = struct.unpack_from(">H", data, 16)[0]
    for start in range(page, len(data), page):
        broken = data[:start] + b"\xff" * page + data[start + page :]
        with contextlib.suppress(FileRefused):  # a page that holds nothing of ours may break unseen
            read_file(broken)
    for cut in (16, 100, 600, len(data) - page):
        assert refusal(data[:cut]) == "geopackage_damaged"
    assert refusal(b"SQLite format 3\x00" + b"\xff" * 4080) == "geopackage_damaged"


def test_too_many_rows_are_refused_and_too_many_positions_too():
    blob = packed(shapely.box(*HERE))
    assert refusal(a_geopackage([(blob, "a", "田地")] * 1001)) == "too_many_features"
    ring = shapely.Polygon([(112 + n / 1e6, 37 + (n % 7) / 1e6) for n in range(4500)])
    assert refusal(a_geopackage([(packed(ring), "a", "田地")] * 23)) == "too_many_positions"
    long = shapely.Polygon([(112 + n / 1e6, 37 + (n % 7) / 1e6) for n in range(5001)])
    (row,) = read_file(a_geopackage([(packed(long), "a", "田地")])).rows
    assert row.fault.code == "too_many_vertices"


def test_a_shape_of_another_system_than_its_layer_is_a_fault_of_its_row():
    (row,) = read_file(a_geopackage([(packed(shapely.box(*HERE), srs=4490), "a", "田地")])).rows
    assert row.fault.code == "geometry_srs"


def test_nothing_is_left_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    read_file(a_layer(HERE))
    refusal(a_geopackage([], change="CREATE VIEW v AS SELECT 1"))
    refusal(a_layer(HERE)[:600])
    assert list(tmp_path.iterdir()) == []


# --- binaries ----------------------------------------------------------------------------------------------------

HEAD = b"\x01"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01",
        b"\x02\x01\x00\x00\x00",
        HEAD + struct.pack("<I", 1),
        HEAD + struct.pack("<I", 3) + struct.pack("<I", 2**32 - 1),
        HEAD + struct.pack("<II", 3, 1) + struct.pack("<I", 2**32 - 1),
        HEAD + struct.pack("<II", 6, 2**31),
        (HEAD + struct.pack("<II", 7, 1)) * 100_000,
        (HEAD + struct.pack("<II", 6, 1)) * 100_000,
        HEAD + struct.pack("<I", 4001) + b"\x00" * 64,
        HEAD + struct.pack("<I", 1) + b"\x00" * 17,
    ],
)
def test_binaries_that_promise_what_they_do_not_hold_are_refused(data):
    with pytest.raises(wkb.BadWkb):
        wkb.read(data, 5000)


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_of_binaries_fail_otherwise(data):
    with contextlib.suppress(wkb.BadWkb):
        wkb.read(data, 5000)


def sharing(rows: int, size: int) -> bytes:
    """A layer whose rows lead to the same pages: they hold many times what the file does."""
    whole = a_geopackage([(bytes([row]) * size, "a", "田地") for row in range(rows)])
    return on_the_same_pages(whole, "plots", rows)


def on_the_same_pages(whole: bytes, table: str, rows: int) -> bytes:
    """The file with all rows of its last table led to the pages of the first, and without those that nobody needs now."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(whole)
        file.flush()
        with contextlib.closing(sqlite3.connect(file.name)) as db:
            ((page,),) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchall()
    (length,) = struct.unpack_from(">H", whole, 16)
    start, made = (page - 1) * length, bytearray(whole)
    assert whole[start] == 0x0D, "a leaf of a table"
    cells = sorted(struct.unpack_from(f">{rows}H", whole, start + 8), reverse=True)
    ends = [length, *cells[:-1]]  # each cell ends in the number of its first further page
    further = [struct.unpack_from(">I", whole, start + end - 4)[0] for end in ends]
    for end in ends:
        struct.pack_into(">I", made, start + end - 4, further[0])
    kept = min(further[1:]) - 1
    struct.pack_into(">I", made, 28, kept)
    return bytes(made[: kept * length])


def test_rows_that_share_their_pages_are_not_read_out_again_for_each():
    data = sharing(rows=5, size=196_900)  # so that what stays in the cells is short, and they share a page
    assert len(data) < 400_000
    assert refusal(data) == "geopackage_damaged"
    assert len(read_file(a_geopackage([(bytes(200_000), "a", "田地")] * 5)).rows) == 5


def test_nor_are_the_lists_of_layers_that_do_so():
    def five_layers(db):
        db.executescript("DROP TABLE gpkg_contents; CREATE TABLE gpkg_contents (data_type TEXT, table_name TEXT)")
        db.executemany("INSERT INTO gpkg_contents VALUES ('features', ?)", [(letter * 196_900,) for letter in "abcde"])

    whole = a_geopackage([], change=five_layers)
    assert refusal(whole) == "geopackage_layers"
    assert refusal(on_the_same_pages(whole, "gpkg_contents", 5)) == "geopackage_damaged"


SEEDS = {"zip": a_shapefile(HERE), "gpkg": a_layer(HERE), "json": fields(HERE)}


@pytest.mark.parametrize("kind", SEEDS)
@given(data=st.data())
@hypothesis_settings(max_examples=60)
def test_a_good_file_with_bytes_turned_is_read_or_refused(kind, data):
    content = bytearray(SEEDS[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(FileRefused):
        read_file(bytes(content))
