"""Evidence bundles as nobody should hand them over, and what a verifier says of each: in Python, and in a browser."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from gi_registry.openlog.bundle import Opened, Told, bundle
from gi_registry.openlog.models import Disclosure, Entry
from gi_registry.openlog.publishing import Log
from gi_registry.openlog.queries import Published
from tests.build_openlog import SIGNER

NAME = "batch:0000000001"
INDEXES = [1, 4, 7]
# What is changed in a bundle, and what its verifier says.
SPOILT = [
    ({"entries/4.json": None}, "entries/4.json: 缺少"),
    ({"proofs/4.tlog-proof": None}, "proofs/4.tlog-proof: 缺少"),
    ({"proofs/4.tlog-proof": b"\xff"}, "not UTF-8"),
    ({"proofs/4.tlog-proof": b"nonsense"}, "is no proof"),
    ({"disclosed/4.json": b"{}"}, "is not what the entry commits to"),
    ({"keys.txt": b"nonsense"}, "no verifier key"),
    ({"bundle.json": b"[]"}, "is not JSON"),
    ({"bundle.json": b"[" * 90_000}, "is not JSON"),
    ({"bundle.json": b'{"entries":[{"index":"1"}]}'}, "malformed"),
    ({"bundle.json": b'{"origin":"gi.example/log","objects":[],"entries":[]}'}, "not under one checkpoint"),
    (
        {"bundle.json": b'{"origin":"gi.example/log","objects":["batch:X"],"entries":[{"index":1}]}'},
        "another object",
    ),
    (
        {"bundle.json": b'{"origin":"elsewhere","objects":["batch:0000000001"],"entries":[{"index":1}]}'},
        "another log",
    ),
    (
        {"bundle.json": b'{"origin":"gi.example/log","objects":["batch:0000000001"],"entries":[{"index":4}]}'},
        "does not follow the one of its object before",
    ),
    (
        {
            "bundle.json": b'{"origin":"gi.example/log","objects":["batch:0000000001","batch:X"],"entries":[{"index":1}]}'
        },
        "names an object without an entry: batch:X",
    ),
    ({"big": bytes(1_000_001)}, "too large"),
    ({"checkpoint": None}, "checkpoint: 缺少"),
    ({"checkpoint": b"gi.example/log\n9\n"}, "not the checkpoint of the proofs"),
    ({"keys.txt": None}, "keys.txt: 缺少"),
    ({"keys.txt": b" \n"}, "no key of the log signed"),
    ({"disclosed/4.json": None}, "disclosed/4.json: 缺少"),
    ({"disclosed/1.json": b"{}"}, "disclosed/1.json: 不属于"),
    ({"entries/2.json": b"{}"}, "entries/2.json: 不属于"),
    ({"notes.txt": b"Ask us."}, "notes.txt: 不属于"),
    *[
        (
            {"bundle.json": b'{"origin":"gi.example/log","objects":["batch:0000000001"],"entries":[' + told + b"]}"},
            words,
        )
        for told, words in (
            (b'{"index":1.0}', "malformed"),
            (b'{"index":true}', "malformed"),
            (b'{"index":-1}', "entries/-1.json: 缺少"),
            (b'{"index":1},{"index":1}', "does not follow"),
            (b'{"index":9007199254740993}', "entries/9007199254740993.json: 缺少"),
            (b'{"index":1,"index":4}', "does not follow"),
            (b'{"index":1,"more":NaN}', "is not JSON"),
            (b'{"index":1,"more":01}', "is not JSON"),
            (b'{"index":1,"more":"\t"}', "is not JSON"),
            (b'{"index":1,"more":' + b"9" * 4_301 + b"}", "is not JSON"),
            (b'{"index":1,"more":' + b"[" * 70 + b"]" * 70 + b"}", "is not JSON"),
            (b'{"index":1,"salt":""}', "a salt is malformed"),
            (b'{"index":1,"salt":12}', "a salt is malformed"),
            (b'{"index":1,"salt":"AB"}', "a salt is malformed"),
            (b'{"index":1,"salt":"ab cd"}', "a salt is malformed"),
            (b'{"index":1,"salt":"abc"}', "a salt is malformed"),
            (b'{"index":1,"salt":"ab"}', "disclosed/1.json: 缺少"),
        )
    ],
    ({"bundle.json": "{}".encode("utf-16")}, "is not JSON"),
    ({"bundle.json": b"\xef\xbb\xbf{}"}, "is not JSON"),
]
# The same for zips that are none as they should be; ``odd_zips`` makes one of each.
ODD = {
    **dict.fromkeys(["twice"], "two files bear one name"),
    **dict.fromkeys(["too many", "too large", "too large in all"], "too large"),
    **dict.fromkeys(
        [
            "no zip",
            "cut short",
            "one within another",
            "over the list",
            "swelling",
            "shorter than it says",
            "longer than it says",
            "junk behind",
            "broken inside",
            "another sum",
            "by lzma",
            "two names",
            "encrypted",
        ],
        "cannot be read",
    ),
}
_FLAGS, _CRC, _PACKED, _SIZE, _OFFSET = 8, 16, 20, 24, 42  # in the list of files, from the beginning of a line on


def opened(*indexes: int) -> dict[int, Opened]:
    """What these entries commit to."""
    events = dict(Entry.objects.filter(index__in=indexes).values_list("event", "index"))
    kept = Disclosure.objects.filter(event__in=events)
    return {events[row.event]: Opened(bytes(row.salt), bytes(row.payload)) for row in kept}


def a_bundle(log: Log, folder: Path) -> Path:
    """The three entries of one of three objects, one of them with what it commits to."""
    place = folder / "evidence.zip"
    place.write_bytes(bundle(Published.of(log.store), [NAME], INDEXES, str(SIGNER.key), opened(4)))
    return place


def a_full_bundle(log: Log, folder: Path, indexes: Iterable[int]) -> Path:
    """Several objects and disclosures, with a file beside them and a token."""
    place, names = folder / "full.zip", [NAME, "batch:0000000002", "batch:0000000000"]
    told = Told({"how-it-came.json": b"{}"}, b"a token")
    place.write_bytes(bundle(Published.of(log.store), names, indexes, str(SIGNER.key), opened(0, 1, 5, 8), told))
    return place


def repacked(place: Path, changed: dict[str, bytes | None], folder: Path) -> Path:
    """The same bundle with other files in it; None takes one out."""
    with zipfile.ZipFile(place) as packed:
        files = {name: packed.read(name) for name in packed.namelist()} | changed
    spoilt = folder / "spoilt.zip"
    with zipfile.ZipFile(spoilt, "w") as out:
        for name, data in files.items():
            if data is not None:
                out.writestr(name, data)
    return spoilt


def odd_zips(place: Path, folder: Path) -> dict[str, Path]:
    """One of each kind, some made of a good bundle."""
    good, big = place.read_bytes(), a_zip([("big", bytes(900_000))])
    kinds = {
        "twice": a_zip([("bundle.json", b"{}"), ("bundle.json", b"{}")]),
        "too many": a_zip([(f"besides/{number}", b"") for number in range(2_001)]),
        "too large": a_zip([("big", bytes(1_000_001))]),
        "too large in all": a_zip([(f"besides/{number}", bytes(999_999)) for number in range(65)]),
        "no zip": b"%PDF-1.4",
        "cut short": good[:-30],
        "one within another": a_nest(),
        "over the list": listed(good, {_PACKED: 100_000}),
        "swelling": listed(big, {_SIZE: 10, _CRC: zlib.crc32(bytes(10))}),
        "shorter than it says": listed(a_zip([("a", b"a")], zipfile.ZIP_STORED), {_SIZE: 2}),
        "longer than it says": listed(a_zip([("a", b"aa")], zipfile.ZIP_STORED), {_SIZE: 1, _CRC: zlib.crc32(b"a")}),
        "junk behind": a_zip_with_junk(),
        "broken inside": good.replace(good[41:61], b"\xff" * 20, 1),
        "another sum": listed(good, {_CRC: 7}),
        "by lzma": a_zip([("bundle.json", b"{}")], zipfile.ZIP_LZMA),
        "two names": good.replace(b"VERIFY.md", b"VERIFY.mD", 1),
        "encrypted": listed(good, {_FLAGS: 1}),
    }
    for name, data in kinds.items():
        (folder / f"{name}.zip").write_bytes(data)
    return {name: folder / f"{name}.zip" for name in kinds}


def a_zip(files: list[tuple[str, bytes]], way: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", way) as packed:
        warnings.simplefilter("ignore")  # of two files of one name
        for name, data in files:
            packed.writestr(name, data)
    return out.getvalue()


def listed(data: bytes, changed: dict[int, int]) -> bytes:
    """A zip whose list says something else of its first file."""
    spoilt, line = bytearray(data), data.index(b"PK\1\2")
    for field, value in changed.items():
        struct.pack_into("<H" if field == _FLAGS else "<I", spoilt, line + field, value)
    return bytes(spoilt)


def a_nest() -> bytes:
    """A file whose bytes are another of the list: how a small zip holds a huge one."""
    inner = a_zip([("b", b"x" * 100)], zipfile.ZIP_STORED)
    outer = a_zip([("a", inner), ("b", b"x" * 100)], zipfile.ZIP_STORED)
    spoilt, line = bytearray(outer), outer.rindex(b"PK\1\2")
    struct.pack_into("<I", spoilt, line + _OFFSET, 31)  # behind the header of the first: 30 bytes and its name
    return bytes(spoilt)


def a_zip_with_junk() -> bytes:
    """A deflated file with bytes behind its end that count as its own."""
    data = a_zip([("a", b"a" * 50)])
    start, line = data.index(b"PK\1\2"), data.rindex(b"PK\5\6")
    packed = struct.unpack_from("<I", data, start + _PACKED)[0]
    spoilt = bytearray(data[:start] + b"junk" + data[start:])
    struct.pack_into("<I", spoilt, start + 4 + _PACKED, packed + 4)
    struct.pack_into("<I", spoilt, line + 4 + 16, start + 4)
    return bytes(spoilt)
