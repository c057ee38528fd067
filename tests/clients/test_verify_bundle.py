"""The verifier for browsers, run by Node, says of every bundle what the one in Python says: passed, or the same fault of the same file."""

import json
import random
import re
import subprocess
import zipfile
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from gi_registry.openlog import tree
from gi_registry.openlog.bundle import bundle
from gi_registry.openlog.notes import Checkpoint, KeyType, Note, Signer, VerifierKey
from gi_registry.openlog.proofs import EntryProof
from gi_registry.openlog.queries import Published
from gi_registry.openlog.sm2 import SM2, new_key, point_of, sign_sm2
from gi_registry.openlog.verifier import Wrong, verify
from tests.build_bundles import INDEXES, NAME, ODD, SPOILT, a_bundle, a_full_bundle, a_zip, odd_zips, repacked
from tests.build_openlog import SIGNER, a_log, a_signer, say, succeeded
from tests.cast import NOW
from tests.clients.test_unit_code import NODE
from tests.house.tree import ROOT
from tests.rules.test_openlog_notes import WITNESS

pytestmark = pytest.mark.django_db
STATIC = ROOT / "gi_registry/openlog/static/openlog"
KEY = str(SIGNER.key)


@pytest.fixture
def log(tmp_path):
    log = a_log(tmp_path / "log")
    say(9, objects=3, secret={"reason": "封口不严"})
    log.go_on(NOW)
    return log


@pytest.fixture
def packed(log, tmp_path) -> Path:
    return a_bundle(log, tmp_path)


def in_python(place: Path, key: str = "") -> str:
    """Nothing, or what is wrong."""
    try:
        list(verify(str(place), key))
    except Wrong as wrong:
        return str(wrong)
    return ""


def in_node(folder: Path, *asked: tuple[Path, str], without: str = "") -> list[dict]:
    """What is found in each, in one process. ``without``: what the platform lacks."""
    file = folder / "asked.json"
    file.write_text(json.dumps([{"file": str(place), "key": key} for place, key in asked]), encoding="utf-8")
    command = [NODE, ROOT / "tests/clients/verify_in_node.mjs", STATIC / "verify.js", file, without]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def said(found: dict) -> str:
    """As Python says it. ``unable`` is neither."""
    assert (found["verdict"] == "refused") == ("fault" in found)
    return "{where}: {zh} {en}".format(**found["fault"]) if "fault" in found else found["verdict"].replace("passed", "")


def comparable(words: str) -> str:
    """Why a zip cannot be read is told in the words of whoever reads it."""
    return words.partition("cannot be read")[0] + "cannot be read" if "cannot be read" in words else words


def must_agree(folder: Path, *asked: tuple[Path, str]) -> list[str]:
    """What both say of each."""
    theirs = [comparable(in_python(place, key)) for place, key in asked]
    assert [comparable(said(found)) for found in in_node(folder, *asked)] == theirs
    return theirs


def test_a_good_bundle_passes_and_tells_what_is_in_it(packed, tmp_path):
    ours, own = in_node(tmp_path, (packed, KEY), (packed, ""))
    assert must_agree(tmp_path, (packed, KEY), (packed, "")) == ["", ""]
    assert (ours["isOwnKey"], own["isOwnKey"]) == (True, False)
    assert ours["keys"] == own["keys"] == [KEY]
    assert (ours["objects"], ours["origin"], ours["checkpoint"]["size"]) == ([NAME], SIGNER.key.name, "9")
    assert [one["index"] for one in ours["entries"]] == [str(index) for index in INDEXES]
    assert [one["payload"] is not None for one in ours["entries"]] == [False, True, False]
    assert json.loads(ours["entries"][1]["payload"]) == {"reason": "封口不严"}
    first = json.loads(ours["entries"][0]["text"])
    assert (ours["entries"][0]["type"], ours["entries"][0]["recorded"]) == (first["type"], first["recorded_at"])
    assert (ours["hasToken"], ours["besides"], ours["unjudged"]) == (False, [], [])


def test_a_bundle_of_several_objects_passes_with_all_that_it_discloses(log, tmp_path):
    place = a_full_bundle(log, tmp_path, range(9))
    assert must_agree(tmp_path, (place, KEY)) == [""]
    (found,) = in_node(tmp_path, (place, KEY))
    assert [one["index"] for one in found["entries"] if one["payload"]] == ["0", "1", "5", "8"]
    assert len(found["objects"]) == 3
    assert (found["hasToken"], found["besides"]) == (True, ["besides/how-it-came.json"])


def test_every_kind_of_tampering_is_named_alike(packed, tmp_path):
    asked = []
    for number, (changed, _) in enumerate(SPOILT):
        folder = tmp_path / str(number)
        folder.mkdir()
        asked.append((repacked(packed, changed, folder), ""))
    for told, (_, words) in zip(must_agree(tmp_path, *asked), SPOILT, strict=True):
        assert words in told


def test_zips_that_mean_no_good_are_refused_alike(packed, tmp_path):
    places = odd_zips(packed, tmp_path)
    told = must_agree(tmp_path, *((place, "") for place in places.values()))
    assert [words in one for words, one in zip(ODD.values(), told, strict=True)] == [True] * len(ODD)


def changed_somewhere(data: bytes, chance: random.Random) -> bytes:
    """One byte is another; now and then one is gone, or there twice."""
    at, way = chance.randrange(len(data)), chance.random()
    byte = bytes([data[at] ^ (1 << chance.randrange(8) if way < 0.5 else chance.randrange(1, 256))])
    return data[:at] + (byte if way < 0.9 else b"" if way < 0.95 else data[at : at + 1] * 2) + data[at + 1 :]


def test_they_agree_on_any_byte_that_is_changed_in_any_file(log, tmp_path):
    chance, asked = random.Random(20261124), []
    place = a_full_bundle(log, tmp_path, range(9))
    with zipfile.ZipFile(place) as files:
        members = {name: files.read(name) for name in files.namelist()}
    names = sorted(set(members) - {"verify.py", "VERIFY.md"})
    for number in range(600):
        folder = tmp_path / str(number)
        folder.mkdir()
        name = chance.choice([*names, *["bundle.json", "keys.txt", "checkpoint"] * 3])
        spoilt = repacked(place, {name: changed_somewhere(members[name], chance)}, folder)
        asked.append((spoilt, chance.choice([KEY, ""])))
    told = must_agree(tmp_path, *asked)
    assert 400 < sum(map(bool, told)) < 600, "what nothing vouches for may change, nothing else"


def test_a_zip_that_python_does_not_read_no_browser_reads(packed, tmp_path):
    """Nor does it read anything else out of one; it may be the stricter of the two."""
    chance, data, asked = random.Random(7), packed.read_bytes(), []
    for number in range(400):
        place = tmp_path / f"{number}.zip"
        first = data.index(b"PK\1\2") if number % 2 else 0  # half of them in the list of files
        place.write_bytes(data[:first] + changed_somewhere(data[first:], chance))
        asked.append((place, KEY))
    pairs = zip((in_python(*one) for one in asked), map(said, in_node(tmp_path, *asked)), strict=True)
    assert [(python, node) for python, node in pairs if python and not node] == []


def other_key(kind: int, public: bytes) -> str:
    return str(VerifierKey(SIGNER.key.name, kind, public))


def test_keys_are_read_and_refused_alike(packed, tmp_path):
    short = b64encode(b"\1" + bytes(31)).decode()
    name_id = sha256(b"a\n\1" + bytes(31)).hexdigest()[:8]
    keys = [
        KEY,
        f"  {KEY}\n",
        f"{other_key(1, bytes(32))}\u3000{KEY}",
        str(WITNESS.key),
        other_key(1, bytes(32)),
        other_key(2, SIGNER.key.public),
        other_key(4, SIGNER.key.public),
        other_key(0xFF, b"of somebody else's making"),
        other_key(0xFF, SM2 + b"\4" * 64),
        f"a+{name_id}+{short}",
        KEY.replace("gi.example/log", "gi.example/other"),
        KEY[:-2] + "A=",
        KEY + "=",
        "nonsense",
        "+" * 3,
        "钥" * 100,
        "a+b+QQ==",
        f"\ufeff{KEY}",
    ]
    told = must_agree(tmp_path, *((packed, key) for key in keys))
    assert [not one for one in told] == [True] * 3 + [False] * (len(keys) - 3)


def signed_also(log, folder: Path, keys: str, *signers) -> Path:
    """The bundle with more lines under its checkpoint."""
    published = Published.of(log.store)
    text = published.note.text
    note = Note(text, (*published.note.signatures, *(signer(text) for signer in signers)))
    place = folder / "signed.zip"
    place.write_bytes(bundle(replace(published, note=note), [NAME], INDEXES, keys, {}))
    return place


def test_the_line_of_a_witness_is_judged_alike(log, tmp_path):
    place = signed_also(log, tmp_path, KEY, lambda text: WITNESS.cosign(text, 1_790_000_000))
    wrong = tmp_path / "wrong.zip"
    place.rename(wrong)
    place = signed_also(log, tmp_path, KEY, lambda text: WITNESS.cosign(text, 2**63))
    with zipfile.ZipFile(wrong) as files:
        proofs = {name: files.read(name) for name in files.namelist() if "proof" in name or name == "checkpoint"}
    late = str(WITNESS.cosign(Published.of(log.store).note.text, 1_790_000_000)).encode()
    spoilt = repacked(
        wrong, {n: d.replace(late, str(WITNESS.over("x\n")).encode()) for n, d in proofs.items()}, tmp_path
    )
    asked = [(place, key) for key in (KEY, str(WITNESS.key), f"{KEY} {WITNESS.key}")]
    told = must_agree(tmp_path, *asked, (spoilt, str(WITNESS.key)), (spoilt, KEY))
    assert [told[0], told[1], told[2], told[4]] == [""] * 4
    assert "the signature of witness.example is wrong" in told[3]


def test_a_line_by_sm2_is_passed_over_and_told(log, tmp_path):
    """Browsers have no SM2: what they cannot judge is neither right nor wrong."""
    pem = new_key()
    second = Signer(
        VerifierKey(SIGNER.key.name, KeyType.PRIVATE, SM2 + point_of(pem)), lambda data: sign_sm2(pem, data)
    )
    place = signed_also(log, tmp_path, f"{KEY}\n{second.key}", second.over)
    both, ours, alone, none = in_node(
        tmp_path, (place, ""), (place, KEY), (place, str(second.key)), (a_bundle(log, tmp_path), str(second.key))
    )
    assert [in_python(place, key) for key in ("", KEY, str(second.key))] == ["", "", ""]
    assert (both["verdict"], both["unjudged"]) == ("passed", [SIGNER.key.name])
    assert (ours["verdict"], ours["unjudged"]) == ("passed", [])
    assert alone["verdict"] == "unable"
    assert "SM2" in alone["reason"]["zh"]
    assert said(none) == in_python(tmp_path / "evidence.zip", str(second.key))


def test_places_beyond_what_a_float_holds_are_told_apart(tmp_path):
    """2**53 and 2**53 + 1 are one number to a careless program."""
    entry = b'{"before":"","object":"batch:1","sequence":0}'
    size, path = 2**53 + 2, tuple(sha256(bytes([step])).digest() for step in range(53))

    def made(index: int, claimed: int) -> Path:
        size_path = path if index < 2**53 else path[:2]
        root = tree.root_by(tree.leaf_hash(entry), tree.Proof(index, size, size_path))
        text = str(Checkpoint(SIGNER.key.name, size, root))
        note = Note(text, (SIGNER.over(text),))
        contents = {"origin": SIGNER.key.name, "objects": ["batch:1"], "entries": [{"index": claimed}]}
        files = {
            "bundle.json": json.dumps(contents).encode(),
            f"entries/{claimed}.json": entry,
            f"proofs/{claimed}.tlog-proof": str(EntryProof(index, size_path, note)).encode(),
            "checkpoint": str(note).encode(),
        }
        place = tmp_path / f"{index}-{claimed}.zip"
        place.write_bytes(a_zip(list(files.items())))
        return place

    places = [made(2**53 + 1, 2**53 + 1), made(2**53 + 1, 2**53), made(2**53, 2**53 + 1), made(2**53, 2**53)]
    told = must_agree(tmp_path, *((place, KEY) for place in places))
    assert [bool(one) for one in told] == [False, True, True, False]
    assert "the proof of another entry" in told[1]


def test_both_follow_the_succession_of_keys_and_refuse_one_that_is_none(packed, tmp_path):
    """The bundle is signed by SIGNER at nine entries; the reader trusts another key, which only notes lead to."""
    older, later, strange = (a_signer(bytes([seed]) * 32) for seed in (1, 2, 3))
    of = lambda *links: {f"succession/{place}": succeeded(place, *link) for place, link in enumerate(links, 1)}  # noqa: E731
    good = of((older, SIGNER, 5), (SIGNER, later, 9))
    first = good["succession/1"]
    text = first.rpartition(b"\n\n")[0]
    unsigned = Note.read(first)
    cases = [
        (good, older, ""),
        (good, later, ""),
        (good, SIGNER, ""),
        (good, strange, "no key of the log signed"),
        (of((older, SIGNER, 10), (SIGNER, later, 11)), older, "was not the log's at that size"),
        (of((older, SIGNER, 5), (SIGNER, later, 8)), later, "was not the log's at that size"),
        (of((older, SIGNER, 5), (SIGNER, later, 4)), later, "goes back behind"),
        (of((older, SIGNER, 5), (strange, later, 9)), older, "do not follow each other"),
        (of((SIGNER, SIGNER, 5)), SIGNER, "not signed by both"),
        ({"succession/2": first}, older, "another one than its name says"),
        ({"succession/1": b"\xff"}, older, "not UTF-8"),
        ({"succession/1": b"nonsense\n\n"}, older, "no text, or no signature"),
        ({"succession/1": str(Note(unsigned.text, unsigned.signatures[:1])).encode()}, older, "not signed by both"),
        ({"succession/1": first.replace(b"size 5", b"size 6")}, older, "the signature of gi.example/log is wrong"),
        ({"succession/1": first.replace(b"size 5", b"size 05")}, older, "no succession of keys"),
        ({"succession/1": first.replace(text, text.replace(b"gi.example/log/keys", b"elsewhere/keys"))}, older, "as it must be"),
        ({"succession/0": first}, SIGNER, "succession/0: 不属于"),
        ({"succession/1": succeeded(1, a_signer(name="elsewhere"), a_signer(bytes(32), "elsewhere"), 5)}, older, "of another log"),
    ]  # fmt: skip
    places = []
    for number, (changed, trusts, _) in enumerate(cases):
        folder = tmp_path / str(number)
        folder.mkdir()
        places.append((repacked(packed, changed, folder), str(trusts.key)))
    for told, (_, _, words) in zip(must_agree(tmp_path, *places), cases, strict=True):
        assert words in told
        assert bool(words) == bool(told)


@pytest.mark.parametrize("without", ["Ed25519", "DecompressionStream", "crypto", "truth"])
def test_a_browser_that_cannot_judge_says_so_and_never_that_all_is_well(packed, tmp_path, without):
    spoilt = repacked(packed, {"entries/4.json": b"{}"}, tmp_path)
    for found in in_node(tmp_path, (packed, KEY), (spoilt, KEY), without=without):
        assert found["verdict"] == "unable"
        assert "什么也没有核对" in found["reason"]["zh"]
        assert found["entries"] == []


def test_the_modules_are_small_and_ask_for_nothing():
    for name, most in (("verify.js", 22), ("notes.js", 10), ("succession.js", 4), ("unzip.js", 8)):
        source = (STATIC / name).read_text(encoding="utf-8")
        assert len(source.encode()) < most * 1024, name
        imported = {line.rpartition(" ")[2] for line in source.splitlines() if line.startswith("import ")}
        assert imported <= {'"./notes.js";', '"./succession.js";', '"./unzip.js";'}
        for word in ("fetch(", "XMLHttpRequest", "sendBeacon", "WebSocket", "import(", "document", "localStorage"):
            assert word not in source, (name, word)


def test_the_page_has_chinese_words_for_every_reason():
    page = (STATIC / "verify-page.js").read_text(encoding="utf-8")
    told = set(re.findall(r'^  "(.+)": ".*[\u4e00-\u9fff].*",$', page, re.MULTILINE))
    names = ("notes.js", "unzip.js", "succession.js", "verify.js")
    notes, unzip, *others = ((STATIC / name).read_text(encoding="utf-8") for name in names)
    notes = "\n".join([notes, *others])
    reasons = re.findall(r'(?:NoteFault\(|told = )"(.+?)"', notes) + re.findall(r'mustRead\(.*, "(.+)"\);', unzip)
    assert len(reasons) > 20
    assert told == set(reasons)
