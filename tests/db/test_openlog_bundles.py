"""Evidence bundles, verified by the file that they carry, in a Python that knows nothing of us; and whatever is spoilt is named."""

import ast
import io
import json
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pgtrigger
import pytest

from gi_registry.lib.problems import Missing, Problem
from gi_registry.openlog import entries, tree, verifier
from gi_registry.openlog.actions import put_in_order
from gi_registry.openlog.bundle import _MODULES, bundle, single_file
from gi_registry.openlog.evidence import evidence_of
from gi_registry.openlog.models import Checkpoint, Disclosure, Entry, Head
from gi_registry.openlog.queries import Published
from gi_registry.openlog.verifier import Wrong, verify
from tests.build_bundles import INDEXES, NAME, ODD, SPOILT, a_bundle, odd_zips, repacked
from tests.build_openlog import SIGNER, a_log, say, the_log_here
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(tmp_path):
    log = a_log(tmp_path / "log")
    say(9, objects=3, secret={"reason": "封口不严"})
    log.go_on(NOW)
    return log


@pytest.fixture
def packed(log, tmp_path) -> Path:
    return a_bundle(log, tmp_path)


def run(folder: Path, *given: str) -> subprocess.CompletedProcess:
    """The verifier of a bundle, unpacked, in a process that finds nothing of ours."""
    return subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py"), *given],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


def test_the_file_in_the_bundle_verifies_it_alone(packed, log, tmp_path):
    folder = tmp_path / "court"
    with zipfile.ZipFile(packed) as files:
        files.extractall(folder)
    done = run(folder, str(packed), "--key", str(SIGNER.key), "--log", str(log.store.root))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("entry") == 3
    for words in ("disclosed/4.json ✓", "still in the log (9) ✓", "It proves nothing of the goods", "yours"):
        assert words in done.stdout
    assert "of this bundle" in run(folder, str(packed)).stdout
    assert run(folder, str(folder / "bundle.json")).returncode == 1
    assert (folder / "VERIFY.md").read_text(encoding="utf-8").startswith("# 怎样核对 How to verify")


def test_equal_evidence_is_an_equal_file(packed, log):
    again = bundle(Published.of(log.store), [NAME], INDEXES, str(SIGNER.key), {})
    assert again == bundle(Published.of(log.store), [NAME], INDEXES, str(SIGNER.key), {})


def test_no_name_of_one_module_hides_that_of_another_in_the_single_file():
    names = Counter()
    for name in _MODULES:
        source = (Path(verifier.__file__).parent / f"{name}.py").read_text()
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                names[node.name] += 1
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names.update(target.id for target in targets if isinstance(target, ast.Name))
    assert [name for name, times in names.items() if times > 1] == []
    assert "gi_registry" not in "".join(line for line in single_file().splitlines() if "import" in line)
    assert "django" not in single_file()


def test_every_flipped_bit_of_an_entry_or_of_what_is_disclosed_is_named(packed, tmp_path):
    for name in ("entries/1.json", "disclosed/4.json"):
        with zipfile.ZipFile(packed) as files:
            data = files.read(name)
        for at in range(0, len(data), 7):
            spoilt = data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]
            with pytest.raises(Wrong) as wrong:
                list(verify(str(repacked(packed, {name: spoilt}, tmp_path)), str(SIGNER.key)))
            assert name.split("/")[1].split(".")[0] in str(wrong.value)


@pytest.mark.parametrize(("changed", "words"), SPOILT)
def test_a_spoilt_bundle_is_refused_with_the_place_and_the_reason(packed, tmp_path, changed, words):
    with pytest.raises(Wrong) as wrong:
        list(verify(str(repacked(packed, changed, tmp_path))))
    assert words in str(wrong.value)


@pytest.mark.parametrize(("name", "words"), ODD.items())
def test_a_zip_that_means_no_good_is_refused(packed, tmp_path, name, words):
    with pytest.raises(Wrong, match=words):
        list(verify(str(odd_zips(packed, tmp_path)[name])))


def test_the_bundle_of_another_log_does_not_pass_under_our_key(packed):
    other = str(SIGNER.key).replace("gi.example/log", "gi.example/other")
    with pytest.raises(Wrong, match="no verifier key"):
        list(verify(str(packed), other))


def test_a_log_rewritten_by_the_owner_of_everything_is_found_by_an_older_bundle(packed, log, tmp_path):
    """Whoever holds database, files and key can make another log, but not one that begins with what was handed out."""
    changed = []
    for data in Entry.objects.order_by("index").values_list("data", flat=True):
        told = entries.read(bytes(data))
        changed.append(
            entries.canonical({**told, "facts": {"number": told["facts"]["number"] + (told["sequence"] == 2)}})
        )
    with pgtrigger.ignore("openlog.Entry:appended", "openlog.Checkpoint:appended", "openlog.Head:grows"):
        Checkpoint.objects.all().delete()
        frontier = tree.Frontier()
        for index, data in enumerate(changed):
            Entry.objects.filter(index=index).update(data=data, leaf=tree.leaf_hash(data))
            frontier.add(tree.leaf_hash(data))
        Head.objects.update(full=b"".join(frontier.full))
    forged = a_log(tmp_path / "forged")
    say(5)
    put_in_order(published=0)
    assert forged.publish(NOW).size == 14
    with pytest.raises(Wrong, match="it was rewritten"):
        list(verify(str(packed), str(SIGNER.key), str(forged.store.root)))
    assert list(verify(str(packed), str(SIGNER.key), str(log.store.root)))[-1].startswith("仍在日志中")


def test_a_log_from_which_entries_were_taken_is_found_by_an_older_bundle(packed, tmp_path):
    with pgtrigger.ignore("openlog.Entry:appended", "openlog.Checkpoint:appended", "openlog.Head:grows"):
        Checkpoint.objects.all().delete()
        Entry.objects.filter(index__gte=8).delete()
        leaves = [bytes(leaf) for leaf in Entry.objects.order_by("index").values_list("leaf", flat=True)]
        frontier = tree.Frontier()
        for leaf in leaves:
            frontier.add(leaf)
        Head.objects.update(size=8, full=b"".join(frontier.full))
    a_log(tmp_path / "shorter").publish(NOW)
    with pytest.raises(Wrong, match="entries were taken out"):
        list(verify(str(packed), str(SIGNER.key), str(tmp_path / "shorter")))


def test_anybody_takes_the_history_of_an_object_as_evidence(client, settings, tmp_path):
    here = the_log_here(settings, tmp_path)
    say(9, objects=3, secret={"reason": "封口不严"})
    here.go_on(NOW)
    answer = client.get(f"/log/objects/{NAME}/evidence.zip")
    place = tmp_path / "taken.zip"
    place.write_bytes(answer.content)
    assert sum(line.startswith("条目") for line in verify(str(place), str(here.signer.key))) == 3
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        assert not [name for name in files.namelist() if name.startswith(("disclosed", "besides"))]
        assert all("salt" not in one for one in json.loads(files.read("bundle.json"))["entries"])
    assert client.get("/log/objects/batch:none/evidence.zip").status_code == 404


def test_evidence_of_several_objects_discloses_only_what_is_asked_for(settings, tmp_path):
    here = the_log_here(settings, tmp_path)
    say(9, objects=3, secret={"reason": "封口不严"})
    here.go_on(NOW)
    Disclosure.objects.filter(event=Entry.objects.get(index=4).event).delete()  # erased since
    other = "batch:0000000002"
    data = evidence_of([NAME, other, "batch:none"], disclosed={NAME}, besides={"origin.json": b"{}"})
    place = tmp_path / "both.zip"
    place.write_bytes(data)
    told = list(verify(str(place), str(here.signer.key)))
    assert sum(line.startswith("条目") for line in told) == 6
    assert [line.split()[2] for line in told if "disclosed" in line] == ["disclosed/1.json", "disclosed/7.json"]
    assert any("besides/origin.json" in line and "not proven by the log" in line for line in told)
    with zipfile.ZipFile(place) as files:
        assert json.loads(files.read("bundle.json"))["objects"] == [NAME, other]
    with pytest.raises(Missing):
        evidence_of(["batch:none", NAME])


def test_a_history_too_long_for_a_bundle_is_refused(settings, tmp_path, monkeypatch):
    here = the_log_here(settings, tmp_path)
    say(9, objects=1)
    here.go_on(NOW)
    monkeypatch.setattr("gi_registry.openlog.evidence.MOST_ENTRIES", 8)
    with pytest.raises(Problem, match="too many entries"):
        evidence_of(["batch:0000000000"])
