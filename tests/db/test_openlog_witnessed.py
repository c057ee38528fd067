"""A log whose checkpoints another body signs, which runs its witness as a program of its own; killed, restarted, lied to."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pgtrigger
import pytest

from gi_registry.openlog.keys import KeyFault, make, our_log
from gi_registry.openlog.models import Checkpoint, Entry, Head
from gi_registry.openlog.notes import Note, VerifierKey
from gi_registry.openlog.store import CHECKPOINT
from gi_registry.openlog.witness import Asked
from tests.build_openlog import SIGNER, a_log, say, the_log_here
from tests.cast import NOW
from tests.house.tree import ROOT

pytestmark = pytest.mark.django_db


@contextmanager
def a_witness(folder: Path) -> Iterator[Asked]:
    """As another body runs it: a process that finds no settings and no database."""
    key = folder / "witness.pem"
    if not key.exists():
        make(key)
    given = ["--key", str(key), "--name", "witness.example", "--state", str(folder / "seen.json"), "--port", "0"]
    command = [sys.executable, "-m", "gi_registry.openlog.witness_server", *given, "--log", str(SIGNER.key)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT, env={}
    ) as process:
        try:
            told, url = process.stdout.readline().strip(), process.stdout.readline().strip()
            yield Asked(url, VerifierKey.read(told))
        finally:
            process.kill()


def signers(log, *keys: VerifierKey) -> set[str]:
    note = Note.read(log.store.read(CHECKPOINT))
    return {key.name for key in note.by([SIGNER.key, *keys])}


def test_checkpoints_bear_the_line_of_a_witness_that_was_killed_and_came_back(tmp_path):
    log = a_log(tmp_path / "log")
    with a_witness(tmp_path) as witness:
        for number in range(3):
            say(200, start=number * 200)
            replace(log, witnesses=(witness,)).go_on(NOW)
            assert signers(log, witness.key) == {"gi.example/log", "witness.example"}
    say()
    gone = replace(log, witnesses=(witness,))
    assert gone.go_on(NOW).size == 601, "one that is silent holds nobody up"
    assert signers(log, witness.key) == {"gi.example/log"}
    with a_witness(tmp_path) as back:
        say()
        replace(log, witnesses=(back,)).go_on(NOW)
        assert signers(log, back.key) == {"gi.example/log", "witness.example"}


def test_a_witness_does_not_sign_a_log_rewritten_by_the_owner_of_everything(tmp_path):
    with a_witness(tmp_path) as witness:
        say(5)
        replace(a_log(tmp_path / "log"), witnesses=(witness,)).go_on(NOW)
        with pgtrigger.ignore("openlog.Entry:appended", "openlog.Checkpoint:appended", "openlog.Head:kept"):
            for model in (Entry, Checkpoint, Head):
                model.objects.all().delete()
        say(9, start=100)
        forged = a_log(tmp_path / "forged")
        assert replace(forged, witnesses=(witness,)).go_on(NOW).size == 9
        assert signers(forged, witness.key) == {"gi.example/log"}


@pytest.mark.parametrize("told", ["", "https://w.example", "ftp://w.example key", "https://w.example no+key"])
def test_a_witness_that_cannot_be_asked_stops_the_publisher_at_once(settings, tmp_path, told):
    the_log_here(settings, tmp_path)
    settings.OPENLOG = replace(settings.OPENLOG, witnesses=(told,))
    with pytest.raises(KeyFault, match="cannot be asked"):
        our_log()
