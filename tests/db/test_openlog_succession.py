"""A key of the log takes the place of another: both sign it, nothing stops, and who trusted the one verifies what the other signed."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from gi_registry.openlog import keys
from gi_registry.openlog.evidence import evidence_of
from gi_registry.openlog.fsck import differences
from gi_registry.openlog.keys import KeyFault, our_log, public_keys, rotate
from gi_registry.openlog.models import Entry, Waiting
from gi_registry.openlog.notes import Note
from gi_registry.openlog.publishing import Tampered
from gi_registry.openlog.store import CHECKPOINT, Folder
from gi_registry.openlog.succession import Succession
from gi_registry.openlog.verifier import Wrong, verify
from tests.build_keys import MODULE, PIN, the_token
from tests.build_openlog import say, the_log_here
from tests.cast import NOW

pytestmark = pytest.mark.django_db
OBJECT = "batch:0000000001"


@pytest.fixture
def log(settings, tmp_path):
    log = the_log_here(settings, tmp_path)
    say(6)
    log.go_on(NOW)
    return log


def a_file(folder: Path, name: str) -> str:
    place = folder / name
    place.write_bytes(evidence_of([OBJECT]))
    return str(place)


def grown() -> None:
    """More is logged and published by whoever signs now."""
    say(6, start=100)
    our_log().go_on(NOW)


def test_after_it_the_new_key_signs_and_everything_before_it_still_holds(log, client):
    before = log.signer.key
    link = rotate(now=NOW)
    grown()
    assert (link.number, link.before, link.size) == (1, before, 6)
    assert public_keys() == [link.after]
    assert Note.read(our_log().store.read(CHECKPOINT)).by([link.after, before]) == (link.after,)
    assert list(differences(our_log())) == []
    served = client.get("/log/succession/1").content
    assert Succession.read(served) == link
    assert client.get("/log/succession/2").status_code == 404
    assert client.get("/log/key").content.decode().strip() == str(link.after)


def test_it_stands_in_the_log_itself(log, client):
    link = rotate(now=NOW)
    our_log().go_on(NOW)
    told = json.loads(bytes(Entry.objects.get(type="log.key_succeeded").data))
    assert told["object"] == "log:keys"
    assert told["facts"] == {"number": 1, "from": str(link.before), "to": str(link.after), "size": 6}
    assert "更换日志签名密钥" in client.get("/log/objects/log:keys/").content.decode()


def test_who_trusts_either_key_verifies_evidence_taken_before_and_after(log, tmp_path):
    old = a_file(tmp_path, "old.zip")
    first, second = rotate(now=NOW), None
    grown()
    second = rotate(now=NOW)
    grown()
    new, copy = a_file(tmp_path, "new.zip"), str(our_log().store.root)
    trusted = [str(key) for key in (first.before, first.after, second.after)]
    for key in trusted:
        assert any("succession" in line for line in verify(new, key))
        assert list(verify(new, key, copy))
        assert list(verify(old, key, copy))  # the notes come with the copy
    assert list(verify(old, trusted[0]))
    with pytest.raises(Wrong, match="no key of the log signed"):
        list(verify(old, trusted[2]))


def test_a_publisher_that_still_has_the_old_key_signs_nothing_more(log):
    rotate(now=NOW)
    say(1, start=200)
    with pytest.raises(Tampered, match="another key took the place"):
        log.go_on(NOW)
    assert our_log().go_on(NOW).size == 8


def test_the_old_key_put_back_is_refused(log, settings):
    kept = settings.OPENLOG.key.read_bytes()
    rotate(now=NOW)
    settings.OPENLOG.key.write_bytes(kept)
    with pytest.raises(KeyFault, match="signs no more"):
        our_log()
    with pytest.raises(KeyFault, match="signs no more"):
        rotate(now=NOW)


@pytest.mark.parametrize("step", ["make", "write_once", "replace"])
def test_a_rotation_that_was_cut_short_is_finished_by_the_next_and_is_one(log, settings, monkeypatch, step):
    class Died(BaseException):
        pass

    def die(*_, **__):
        raise Died

    with monkeypatch.context() as dying:
        of = {"make": (keys, "make"), "write_once": (Folder, "write_once"), "replace": (keys.os, "replace")}[step]
        dying.setattr(*of, die)
        with pytest.raises(Died):
            rotate(now=NOW)
    link = rotate(now=NOW)
    assert (link.number, public_keys()) == (1, [link.after])
    assert Waiting.objects.filter(type="log.key_succeeded").count() == 1
    assert not settings.OPENLOG.key.with_name("key.pem.next").exists()
    grown()
    assert list(differences(our_log())) == []


def test_a_key_in_a_token_takes_the_place_of_one_in_a_file(log, settings, tmp_path):
    (tmp_path / "pin").write_text(PIN)
    (tmp_path / "pin").chmod(0o600)
    where = {"module": MODULE, "token": the_token(), "key": f"log-{tmp_path.name}", "pin_file": "pin"}
    link = rotate(json.dumps(where), now=NOW)
    assert b"PRIVATE" not in settings.OPENLOG.key.read_bytes()
    grown()
    assert Note.read(our_log().store.read(CHECKPOINT)).by([link.after]) == (link.after,)
    assert list(differences(our_log())) == []


def test_a_succession_that_was_changed_afterwards_stops_the_log(log, settings):
    rotate(now=NOW)
    place = settings.OPENLOG.folder / "succession/1"
    place.write_bytes(place.read_bytes().replace(b"size 6", b"size 7"))
    with pytest.raises(KeyFault, match="does not hold"):
        our_log()


def test_the_command_says_what_it_did_and_refuses_in_words(log, settings, capsys):
    call_command("openlog_key", "rotate")
    told = capsys.readouterr().out
    assert "succession 1" in told
    assert str(public_keys()[0]) in told
    settings.OPENLOG.key.chmod(0o644)
    with pytest.raises(CommandError, match="chmod 600"):
        call_command("openlog_key", "rotate")
