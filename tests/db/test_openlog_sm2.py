"""A log with a second key of SM2: its line under checkpoints, in bundles and on pages, and what becomes of it when the key fails."""

import stat
import zipfile
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from gi_registry.openlog import publishing
from gi_registry.openlog.fsck import differences
from gi_registry.openlog.keys import KeyFault, make, our_log, public_keys
from gi_registry.openlog.notes import Note, Signer, VerifierKey
from gi_registry.openlog.sm2 import SM2Fault
from gi_registry.openlog.store import CHECKPOINT
from gi_registry.openlog.verifier import Wrong, verify
from tests.build_openlog import say, the_log_here
from tests.cast import NOW
from tests.db.test_openlog_bundles import repacked

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(settings, tmp_path, capsys):
    """That of this installation, with both keys."""
    the_log_here(settings, tmp_path)
    settings.OPENLOG = replace(settings.OPENLOG, sm2_key=tmp_path / "sm2.pem")
    call_command("openlog_key", "new-sm2")
    say(3)
    return our_log()


def test_without_a_second_key_there_is_one_line_and_no_second_key_to_take(settings, tmp_path, client):
    log = the_log_here(settings, tmp_path)
    say()
    log.go_on(NOW)
    assert len(Note.read(log.store.read(CHECKPOINT)).signatures) == 1
    assert client.get("/log/key").status_code == 200
    assert client.get("/log/key-sm2").status_code == 404
    with pytest.raises(CommandError, match="GI_OPENLOG_SM2_KEY"):
        call_command("openlog_key", "new-sm2")


def test_the_key_is_for_its_owner_alone_and_never_made_in_the_place_of_one(settings, log, capsys):
    call_command("openlog_key", "show")
    shown = [VerifierKey.read(line) for line in capsys.readouterr().out.splitlines()[-2:]]
    assert shown == public_keys()
    assert stat.S_IMODE(settings.OPENLOG.sm2_key.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match=r"There is a key at .* already"):
        call_command("openlog_key", "new-sm2")


def test_both_keys_sign_every_checkpoint_and_are_told_each_by_itself(log, client):
    log.go_on(NOW)
    keys = public_keys()
    assert Note.read(log.store.read(CHECKPOINT)).by(keys) == tuple(keys)
    assert [client.get(path).content.decode().strip() for path in ("/log/key", "/log/key-sm2")] == list(map(str, keys))
    page = client.get("/log/").content.decode()
    assert all(str(key).split("+")[1] in page for key in keys)
    assert list(differences(log)) == []
    assert our_log().go_on(NOW) is None, "what was signed is not signed anew, though each signature by SM2 is another"


def test_a_bundle_is_verified_under_either_key_or_both_and_a_wrong_line_refused(log, client, tmp_path):
    log.go_on(NOW)
    place = tmp_path / "taken.zip"
    place.write_bytes(client.get("/log/objects/batch:0000000001/evidence.zip").content)
    first, second = map(str, public_keys())
    for key in ("", first, second, f"{first} {second}"):
        assert any(line.startswith("签名摘要") for line in verify(str(place), key))
    with zipfile.ZipFile(place) as files:
        assert files.read("keys.txt").decode().split() == [first, second]
        proof, head = files.read("proofs/1.tlog-proof").decode(), files.read("checkpoint").decode()
    line = head.splitlines()[-1]
    wrong = line[:-12] + ("A" if line[-12] != "A" else "B") + line[-11:]
    changed = {
        name: data.replace(line, wrong).encode()
        for name, data in (("proofs/1.tlog-proof", proof), ("checkpoint", head))
    }
    spoilt = str(repacked(place, changed, tmp_path))
    assert any(line.startswith("签名摘要") for line in verify(spoilt, first)), "who has not the key ignores the line"
    with pytest.raises(Wrong, match=f"the signature of {log.origin} is wrong"):
        list(verify(spoilt, f"{first} {second}"))


def test_a_key_that_fails_holds_nobody_up_and_its_line_stands_under_the_next_checkpoint(log, monkeypatch):
    said = []
    monkeypatch.setattr(publishing.log, "error", lambda name, **told: said.append((name, told["reason"])))

    def fail(message):
        raise SM2Fault("the card was pulled")

    first, second = public_keys()
    assert replace(log, also=(Signer(second, fail),)).go_on(NOW).size == 3
    assert said == [("openlog_sm2_failed", "the card was pulled")]
    assert Note.read(log.store.read(CHECKPOINT)).by([first, second]) == (first,)
    say()
    log.go_on(NOW)
    assert Note.read(log.store.read(CHECKPOINT)).by([first, second]) == (first, second)


def test_a_key_that_cannot_be_used_stops_the_publisher_at_once(settings, log, tmp_path, monkeypatch):
    (tmp_path / "nonsense.pem").write_bytes(b"nonsense")
    make(tmp_path / "ed25519.pem")
    for wrong in ("nowhere.pem", "nonsense.pem", "ed25519.pem"):
        settings.OPENLOG = replace(settings.OPENLOG, sm2_key=tmp_path / wrong)
        with pytest.raises(KeyFault, match="The SM2 key cannot be used"):
            our_log()
