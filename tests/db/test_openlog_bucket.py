"""The log of an installation in a bucket: published, stamped, served and looked through as in a folder, whatever the store does meanwhile."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pgtrigger
import pytest
from django.core.management import CommandError, call_command

from gi_registry.openlog import keys, tiles
from gi_registry.openlog.bucket import PROBE, Bucket
from gi_registry.openlog.conf import StampSettings
from gi_registry.openlog.fsck import differences
from gi_registry.openlog.management.commands import openlog_publish
from gi_registry.openlog.models import Checkpoint, Entry, Head, Waiting
from gi_registry.openlog.notes import VerifierKey
from gi_registry.openlog.proofs import EntryProof
from gi_registry.openlog.store import CHECKPOINT, Clash, history_path, stamp_path
from gi_registry.openlog.verifier import verify
from tests.build_buckets import PREFIX, SECRET, a_door
from tests.build_openlog import logged, say
from tests.cast import NOW

pytestmark = pytest.mark.django_db
WALLS = ("openlog.Entry:appended", "openlog.Entry:whole", "openlog.Head:kept", "openlog.Head:grows")


@pytest.fixture(scope="module")
def opened():
    with a_door() as door:
        yield door


@pytest.fixture
def door(opened):
    opened.open()
    return opened


@pytest.fixture
def log(settings, tmp_path, door):
    """The log of this installation: its key on this machine, its files in a fresh bucket, and no folder."""
    settings.OPENLOG = replace(
        settings.OPENLOG, folder=tmp_path / "never", key=tmp_path / "key.pem", bucket=door.settings()
    )
    keys.make(settings.OPENLOG.key)
    yield keys.our_log()
    assert not (tmp_path / "never").exists()


def spoil(log, path: str, data: bytes) -> None:
    """As whoever may write to the bucket can."""
    log.store._put(path, data)


def test_what_is_published_is_served_proven_and_whole(log, client, settings, tmp_path):
    say(300, objects=4)
    log.go_on(NOW)
    assert client.get("/log/checkpoint").content == log.store.read(CHECKPOINT)
    assert client.get("/log/tile/0/000").content == log.store.read("tile/0/000")
    assert client.get("/log/checkpoints/000000/300").content == log.store.read(history_path(300))
    assert client.get("/log/tile/0/002").status_code == 404
    proof = EntryProof.read(client.get("/log/proof/257").content.decode())
    entry = client.get("/log/entries/257").content
    key = VerifierKey.read(client.get("/log/key").content.decode())
    assert proof.proven(entry, [key], settings.OPENLOG.origin).size == 300
    assert json.loads(entry)["facts"] == {"number": 257}
    place = tmp_path / "evidence.zip"
    place.write_bytes(client.get("/log/objects/batch:0000000000/evidence.zip").content)
    assert list(verify(str(place), str(key)))
    assert client.get("/log/").status_code == 200
    assert list(differences(log)) == []


def test_one_round_by_the_command_publishes_and_stamps_there(log, settings, tmp_path, capsys):
    settings.OPENLOG = replace(settings.OPENLOG, stamps=StampSettings("local", tmp_path, tmp_path / "tsa"))
    say(3, object="note:1")
    call_command("openlog_publish")
    call_command("openlog_fsck")
    assert capsys.readouterr().out.endswith("3: 完好 whole\n")
    assert log.store.read(stamp_path(3))


def test_away_after_any_number_of_requests_there_is_no_checkpoint_without_its_files(log, door):
    """And nobody's work is lost: once it is back, the log goes on from where it was."""
    say(260)
    failed = 0
    while True:
        room = failed
        door.asked.clear()
        door.before = lambda asked, room=room: door.away(asked) if len(door.asked) > room else None
        hasty = replace(log, store=Bucket(log.store._told, 1))
        try:
            hasty.go_on(NOW)
            break
        except OSError:
            failed += 1
        door.before = lambda asked: None
        size = log.published().size
        for tile in tiles.tiles_between(0, size):
            assert log.store.read(tile.path)
        assert size in (0, 260)
    assert failed > 10
    door.open()
    assert log.published().size == 260
    assert [Entry.objects.count(), Waiting.objects.count(), Checkpoint.objects.count()] == [260, 0, 1]
    assert list(differences(log)) == []


class Enough(Exception):
    """The end of a loop that has none."""


def test_the_publisher_waits_while_the_store_is_away_as_for_a_full_disk(log, door, monkeypatch, capsys):
    naps = []

    def nap(seconds: float) -> None:
        """The store comes back in the second; the fifth is the end of the test."""
        naps.append(seconds)
        if len(naps) == 2:
            door.open()
        if len(naps) > 4:
            raise Enough

    monkeypatch.setattr(openlog_publish, "time", SimpleNamespace(sleep=nap))
    monkeypatch.setattr(openlog_publish, "close_old_connections", lambda: None)  # this test's is in a transaction
    monkeypatch.setattr(openlog_publish, "our_log", lambda: replace(log, store=Bucket(log.store._told, 1)))
    say(3)
    door.before = door.away
    with pytest.raises(Enough):
        call_command("openlog_publish", "--loop")
    assert naps[0] == openlog_publish.PATIENCE_S
    assert "\n3 " in capsys.readouterr().out
    assert log.published().size == 3
    door.before = door.away
    for command in (["openlog_publish"], ["openlog_publish", "--restore"], ["openlog_fsck"]):
        with pytest.raises(CommandError, match="503") as trouble:
            call_command(*command)
        assert SECRET not in str(trouble.value)


@pytest.mark.parametrize("path", ["tile/entries/000.p/3", "tile/0/000.p/3"])
def test_other_bytes_under_a_name_stop_the_log(log, path):
    spoil(log, path, b"other")
    say(3)
    with pytest.raises(Clash, match=path):
        log.go_on(NOW)
    with pytest.raises(CommandError, match="other bytes"):
        call_command("openlog_publish")
    assert log.published().size == 0
    assert log.store.read(path) == b"other"


def test_pages_say_that_files_cannot_be_read_just_now(log, door, client):
    say(300)
    log.go_on(NOW)
    door.before = door.away
    asked = ("", "checkpoint", "tile/0/000", "checkpoints/000000/300", "proof/3", "entries/3")
    for path in asked:
        door.asked.clear()
        answer = client.get(f"/log/{path}")
        assert (answer.status_code, len(door.asked)) == (503, 1), path
        assert SECRET not in answer.content.decode()
    assert client.get("/log/objects/batch:0000000000/evidence.zip").status_code == 503


def test_whatever_is_changed_in_the_bucket_is_named(log):
    say(300)
    log.go_on(NOW)
    spoil(log, "tile/0/000", b"cut")
    assert "tile/0/000" in {difference.where for difference in differences(log)}
    log.store._client.delete_object(Bucket=log.store._told.bucket, Key=f"{PREFIX}/tile/entries/001.p/44")
    assert "tile/entries/001.p/44" in {difference.where for difference in differences(log)}


def test_a_database_restored_from_before_is_brought_up_from_the_bucket(log):
    say(5)
    log.go_on(NOW)
    with pgtrigger.ignore(*WALLS):
        Entry.objects.all().delete()
        Head.objects.all().delete()
    assert log.restore() == 5
    assert len(logged()) == 5
    assert log.go_on(NOW) is None


def test_beside_the_files_of_the_log_there_is_one_that_was_tried_out(log):
    say(3)
    log.go_on(NOW)
    found = log.store._client.list_objects_v2(Bucket=log.store._told.bucket)["Contents"]
    names = {one["Key"].removeprefix(f"{PREFIX}/").partition("/")[0] for one in found}
    assert names == {CHECKPOINT, "checkpoints", "tile", PROBE}
