"""The folder of masters: read whole, refused when open to others, and changed without ever losing a key."""

import json
import os
from pathlib import Path

import pytest

from gi_registry.lib.keyfaults import KeyFault
from tests.build_keys import LEAKED, OLD, SIGNING, STATES, master_of, put_ring
from trace.codes import sign, sources, verify
from trace.codes.errors import EpochNotSigning, UnknownEpoch
from trace.codes.keyring import EpochState

ISSUANCE = ("06901234567892", "7K3QX9PA28", 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return put_ring(tmp_path, STATES)


def test_a_folder_is_read_with_its_states(folder):
    ring = sources.load_ring(folder)
    assert [(epoch.name, epoch.state.value) for epoch in ring.epochs] == [
        (SIGNING, "signing"),
        (OLD, "verify_only"),
        (LEAKED, "compromised"),
    ]


@pytest.mark.parametrize("name", [f"{OLD}.key", "ring.json"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(KeyFault, match=name):
        sources.load_ring(folder)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610])
def test_a_master_open_to_anybody_else_is_refused(folder, mode):
    (folder / f"{OLD}.key").chmod(mode)
    with pytest.raises(KeyFault, match="chmod 600"):
        sources.load_ring(folder)


@pytest.mark.parametrize("name", ["ring.json", ""])
def test_states_that_others_could_change_are_refused(folder, name):
    (folder / name).chmod(0o722)
    with pytest.raises(KeyFault, match="chmod"):
        sources.load_ring(folder)


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33, b"x" * 100_000], ids=len)
def test_a_master_of_another_length_is_refused(folder, content):
    (folder / f"{OLD}.key").write_bytes(content)
    with pytest.raises(KeyFault, match=r"32|too large"):
        sources.load_ring(folder)


@pytest.mark.parametrize(
    "told",
    [
        "",
        "{",
        "[]",
        "[" * 50_000,
        '{"version": 2, "epochs": []}',
        '{"version": 1}',
        '{"version": 1, "epochs": {}}',
        '{"version": 1, "epochs": ["2026"]}',
        '{"version": 1, "epochs": [{"name": "2026", "state": "asleep"}]}',
        '{"version": 1, "epochs": [{"name": "2026", "state": ["signing"]}]}',
        '{"version": 1, "epochs": [{"name": "../secret", "state": "signing"}]}',
        '{"version": 1, "epochs": [{"name": "a", "state": "signing"}, {"name": "a", "state": "signing"}]}',
        '{"version": 1, "epochs": [], "token": "softhsm"}',
        '{"version": 1, "epochs": [], "token": {"module": 1}}',
    ],
)
def test_a_malformed_ring_is_refused_by_what_is_wrong(folder, told):
    (folder / "ring.json").write_text(told, encoding="utf-8")
    with pytest.raises(KeyFault, match="malformed"):
        sources.load_ring(folder)


def test_a_wrapped_master_without_a_token_is_refused(folder):
    (folder / f"{OLD}.key").write_bytes(b"gi-unit-key/1\n" + bytes(60))
    with pytest.raises(KeyFault, match="names no token"):
        sources.load_ring(folder)


# --- changing ------------------------------------------------------------------------------------------------------


def test_a_first_epoch_makes_a_folder_that_nobody_else_may_read(tmp_path):
    folder = tmp_path / "keys"
    assert sources.add_epoch(folder, "2026") is None
    assert sources.load_ring(folder).current == "2026"
    modes = {file.name: file.stat().st_mode & 0o777 for file in (folder, *folder.iterdir())}
    assert modes == {"keys": 0o700, "2026.key": 0o600, "ring.json": 0o600}


def test_a_new_epoch_takes_over_and_codes_of_the_old_one_are_still_read(folder):
    keys = sources.load_ring(folder).keys(SIGNING, *ISSUANCE)
    code = sign.code_at(keys, 41)
    assert sources.add_epoch(folder, "2027") == SIGNING
    ring = sources.load_ring(folder)
    assert ring.current == "2027"
    assert ring.state(SIGNING) is EpochState.VERIFY_ONLY
    assert verify.read(code, ring.keys(SIGNING, *ISSUANCE)) == 41
    assert verify.read(code, ring.keys("2027", *ISSUANCE)) is None


def test_a_name_once_used_is_never_used_again(folder):
    with pytest.raises(KeyFault, match="already was"):
        sources.add_epoch(folder, OLD)
    (folder / "2030.key").write_bytes(master_of("left by an interrupted command"))
    with pytest.raises(KeyFault, match="already was"):
        sources.add_epoch(folder, "2030")
    assert (folder / "2030.key").read_bytes() == master_of("left by an interrupted command")


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "a b", "年", "a" * 33, "-a"])
def test_a_name_that_could_be_a_path_or_an_option_is_refused(folder, name):
    before = sorted(folder.iterdir())
    with pytest.raises(KeyFault, match="letters, digits"):
        sources.add_epoch(folder, name)
    assert sorted(folder.iterdir()) == before


def test_a_retired_epoch_verifies_and_no_other_can_be_retired(folder):
    sources.retire_epoch(folder, SIGNING)
    ring = sources.load_ring(folder)
    assert ring.state(SIGNING) is EpochState.VERIFY_ONLY
    with pytest.raises(EpochNotSigning):
        ring.current  # noqa: B018
    for name in (SIGNING, OLD, LEAKED):
        with pytest.raises(EpochNotSigning):
            sources.retire_epoch(folder, name)
    with pytest.raises(UnknownEpoch, match="1999"):
        sources.retire_epoch(folder, "1999")


@pytest.mark.parametrize("name", [SIGNING, OLD])
def test_a_compromised_epoch_never_comes_back(folder, name):
    sources.compromise_epoch(folder, name)
    assert sources.load_ring(folder).state(name) is EpochState.COMPROMISED
    with pytest.raises(KeyFault, match="already marked"):
        sources.compromise_epoch(folder, name)
    with pytest.raises(EpochNotSigning):
        sources.retire_epoch(folder, name)


def test_an_interrupted_change_leaves_the_ring_as_it_was(folder, monkeypatch):
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        sources.compromise_epoch(folder, SIGNING)
    monkeypatch.undo()
    assert sources.load_ring(folder).current == SIGNING
    sources.compromise_epoch(folder, SIGNING)
    assert sources.states_of(folder)[SIGNING] is EpochState.COMPROMISED


def test_what_the_ring_says_besides_survives_a_change(folder):
    told = json.loads((folder / "ring.json").read_text(encoding="utf-8"))
    (folder / "ring.json").write_text(json.dumps(told | {"note": "kept in safe 2"}), encoding="utf-8")
    sources.retire_epoch(folder, SIGNING)
    assert json.loads((folder / "ring.json").read_text(encoding="utf-8"))["note"] == "kept in safe 2"
