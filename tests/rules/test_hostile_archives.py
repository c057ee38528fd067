"""Archives and Shapefiles made to hurt: each is refused in words and before it can do harm."""

import io
import stat
import struct
import zipfile

import pytest

from products.gisfiles import FileRefused, read_file
from tests.build_files import (
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


# --- archives ----------------------------------------------------------------------------------------------------


def archive(*members: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return out.getvalue()


def member(name: str, mode: int = stat.S_IFREG | 0o644, **more: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    for field, value in more.items():
        setattr(info, field, value)
    return info


ALL = [(f"plots{suffix}", content) for suffix, content in GOOD.items()]


@pytest.mark.parametrize(
    "extra",
    [
        ("../../etc/cron.d/x.shp", b"x"),
        ("/etc/passwd.shp", b"x"),
        ("..\\x.shp", b"x"),
        ("C:x.shp", b"x"),
        ("folder/plots.shp", b"x"),
        ("folder/", b""),
        ("__MACOSX/._plots.shp", b"x"),
        (".shp", b"x"),
        ("plots.exe", b"MZ"),
        ("more.zip", b"PK\x03\x04"),
        ("plots.vrt", b"<VRTDataset/>"),
        ("plots", b"x"),
        (member("link.prj", stat.S_IFLNK | 0o777), b"/etc/passwd"),
        (member("pipe.prj", stat.S_IFIFO | 0o644), b""),
        ("x" * 200 + ".shp", b"x"),
        ("evil\x01.shp", b"x"),
    ],
    ids=lambda extra: str(getattr(extra[0], "filename", extra[0]))[:30],
)
def test_a_member_that_has_no_business_there_is_refused(extra):
    assert refusal(archive(*ALL, extra)) == "archive_member"


def test_more_than_twenty_members_are_refused_before_they_are_looked_at():
    many = [(f"p{n}.prj", b"") for n in range(10_000)]
    assert refusal(archive(*ALL, *many)) == "archive_members"
    assert refusal(archive(*ALL, *many[:20])) == "archive_members"


def test_two_layers_and_no_layer_are_refused():
    assert refusal(archive(*ALL, ("other.shp", GOOD[".shp"]))) == "archive_layers"
    assert refusal(archive(("plots.dbf", GOOD[".dbf"]))) == "archive_layers"


def test_a_bomb_is_told_by_its_own_figures():
    assert refusal(archive(*ALL, ("plots.sbn", b"\x00" * 20_000_000))) == "archive_bomb"


def lying(data: bytes, name: bytes, size: int) -> bytes:
    """The directory says another unpacked size of a member than it has."""
    place = data.rindex(name) - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    return data[: place + 24] + struct.pack("<I", size) + data[place + 28 :]


def test_a_directory_that_lies_about_sizes_gains_nothing():
    bomb = archive(("plots.shp", b"\x00" * 4_000_000), *ALL[1:])
    assert refusal(lying(bomb, b"plots.shp", 1000)) in ("archive_bomb", "archive_damaged")
    assert refusal(lying(archive(*ALL), b"plots.shp", len(GOOD[".shp"]) + 10)) == "archive_damaged"
    assert refusal(lying(archive(*ALL), b"plots.shp", 2**32 - 1)) in ("archive_bomb", "archive_damaged")


def test_an_archive_with_a_password_is_refused():
    data = archive(*ALL)
    place = data.index(b"PK\x01\x02")
    assert refusal(data[: place + 8] + b"\x01\x00" + data[place + 10 :]) == "archive_locked"


def test_a_twin_of_a_member_is_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = archive(*ALL, ("plots.shp", b"x"))
    assert refusal(data) == "archive_damaged"
    assert refusal(archive(*ALL, ("PLOTS.SHP", b"x"))) == "archive_damaged"


def test_archives_cut_off_or_turned_over_are_damaged():
    data = archive(*ALL)
    for cut in (3, 20, len(data) // 2, len(data) - 1):
        assert refusal(data[:cut]) == "archive_damaged"
    with zipfile.ZipFile(out := io.BytesIO(), "w") as file:
        file.comment = b"read me"
        file.writestr("plots.shp", b"x")
    assert refusal(out.getvalue()) == "archive_damaged"
    crc = data.index(b"PK\x03\x04") + 30 + len("plots.shp") + 5
    assert refusal(data[:crc] + bytes([data[crc] ^ 0xFF]) + data[crc + 1 :]) == "archive_damaged"


# --- Shapefiles --------------------------------------------------------------------------------------------------


def with_part(suffix: str, content: bytes) -> bytes:
    return zipped({**GOOD, suffix: content})


def poked(data: bytes, place: int, layout: str, value: int) -> bytes:
    packed_value = struct.pack(layout, value)
    return data[:place] + packed_value + data[place + len(packed_value) :]


SHP, DBF = GOOD[".shp"], GOOD[".dbf"]


@pytest.mark.parametrize(
    "shp",
    [
        b"",
        SHP[:50],
        SHP[:-8],
        SHP + b"\x00" * 8,
        poked(SHP, 0, ">i", 1),
        poked(SHP, 24, ">i", 7),
        poked(SHP, 104, ">i", -60),
        poked(SHP, 104, ">i", 0),
        poked(SHP, 104, ">i", 2**31 - 1),
        poked(SHP, 144, "<i", 2**31 - 1),
        poked(SHP, 144, "<i", -1),
        poked(SHP, 148, "<i", 2**31 - 1),
        poked(SHP, 148, "<i", -5),
        poked(SHP, 148, "<i", 100),
    ],
)
def test_shapes_that_lie_about_their_lengths_are_refused(shp):
    assert refusal(with_part(".shp", shp)) == "shapefile_damaged"


@pytest.mark.parametrize(("place", "value"), [(152, 3), (152, -1), (108, 99), (108, 3), (108, 31)])
def test_a_shape_with_odd_parts_or_of_an_odd_kind_is_a_fault_of_its_row(place, value):
    (row,) = read_file(with_part(".shp", poked(SHP, place, "<i", value))).rows
    assert row.fault.code in ("shape_unreadable", "geometry_type")


@pytest.mark.parametrize(
    ("dbf", "code"),
    [
        (b"", "shapefile_damaged"),
        (DBF[:20], "shapefile_damaged"),
        (DBF[:-30], "shapefile_damaged"),
        (poked(DBF, 4, "<I", 2), "record_counts"),
        (poked(DBF, 4, "<I", 2**32 - 1), "record_counts"),
        (poked(DBF, 8, "<H", 65535), "shapefile_damaged"),
        (poked(DBF, 8, "<H", 3), "shapefile_damaged"),
        (poked(DBF, 10, "<H", 0), "shapefile_damaged"),
        (poked(DBF, 10, "<H", 5), "shapefile_damaged"),
        (DBF.replace(b"C\x00\x00\x00\x00", b"?\x00\x00\x00\x00"), "shapefile_damaged"),
    ],
)
def test_tables_that_lie_about_their_counts_are_refused(dbf, code):
    assert refusal(with_part(".dbf", dbf)) == code


def test_a_number_too_large_for_any_machine_does_not_stop_the_reader():
    parts = shapefile_parts([[ring_of(HERE)]], [(1.0,)], (("n", "N", 20),))
    data = parts[".dbf"].replace(b"1".rjust(20), b"1e999".rjust(20))
    assert refusal(zipped({**parts, ".dbf": data})) in ("shapefile_damaged",)


def test_a_record_marked_as_deleted_is_no_row_and_a_missing_table_leaves_the_names_out():
    two = shapefile_parts([[ring_of(HERE)]] * 2, [("a", "田地"), ("b", "田地")])
    start = struct.unpack_from("<H", two[".dbf"], 8)[0]
    gone = two[".dbf"][:start] + b"*" + two[".dbf"][start + 1 :]
    assert [row.number for row in read_file(zipped({**two, ".dbf": gone})).rows] == [2]
    bare = {suffix: content for suffix, content in GOOD.items() if suffix != ".dbf"}
    assert read_file(zipped(bare)).rows[0].values == {}


def test_too_many_shapes_rings_and_positions_are_told_apart():
    assert refusal(zipped(shapefile_parts([[ring_of(HERE)]] * 1001, [("a", "田地")] * 1001))) == "too_many_features"
    rings = [[ring_of(HERE)] * 51]
    rings[0] = [ring_of((112 + n / 100, 37, 112.001 + n / 100, 37.001)) for n in range(51)]
    (row,) = read_file(zipped(shapefile_parts(rings, [("a", "田地")]))).rows
    assert row.fault.code == "too_many_rings"
    long = [(112 + n / 1e6, 37 + (n % 7) / 1e6) for n in range(5000)]
    (row,) = read_file(zipped(shapefile_parts([[[*long, long[0]]]], [("a", "田地")]))).rows
    assert row.fault.code == "too_many_vertices"
    many = shapefile_parts([[[*long[:4000], long[0]]]] * 26, [("a", "田地")] * 26)
    assert refusal(zipped(many)) == "too_many_positions"
