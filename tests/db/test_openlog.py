"""The log from what a transaction says to a proof from files: order, chains, what is refused, and a restored database."""

import json
import shutil
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from gi_registry.openlog import entries, tree
from gi_registry.openlog.actions import Behind, put_in_order
from gi_registry.openlog.entries import EntryFault, is_committed
from gi_registry.openlog.fsck import differences
from gi_registry.openlog.models import Checkpoint, Disclosure, Entry, Head, Waiting
from gi_registry.openlog.notes import Note
from gi_registry.openlog.publishing import Tampered, history_path
from gi_registry.openlog.queries import Published
from gi_registry.openlog.store import CHECKPOINT, Clash
from gi_registry.openlog.tiles import entries_of
from tests.build_openlog import ORIGIN, SIGNER, a_log, logged, proof_of, say
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(tmp_path):
    return a_log(tmp_path / "log")


# --- what a transaction says ---


def test_what_is_undone_was_never_said():
    with transaction.atomic():
        say()
        transaction.set_rollback(True)
    assert not Waiting.objects.exists()


@pytest.mark.parametrize("facts", [{"kg": 1.5}, {"at": NOW}, {"text": "字" * 20_001}])
def test_facts_that_cannot_be_logged_stop_the_transaction_that_brings_them(facts):
    with pytest.raises(EntryFault):
        say(facts=facts)
    assert not Waiting.objects.exists()


def test_entries_of_one_object_are_chained_in_the_order_in_which_they_were_said(log):
    say(7, objects=2)
    assert put_in_order(published=0) == 7
    say(2, objects=1, start=100)
    assert put_in_order(published=0) == 2
    assert not Waiting.objects.exists()
    before: dict[str, tuple[int, str]] = {}
    for data in logged():
        told = entries.read(data)
        assert (told["sequence"], told["before"]) == before.get(told["object"], (0, ""))
        before[told["object"]] = told["sequence"] + 1, sha256(data).hexdigest()
    assert {name: count for name, (count, _) in before.items()} == {"batch:0000000000": 6, "batch:0000000001": 3}
    assert [json.loads(data)["facts"]["number"] for data in logged()] == [*range(7), 100, 101]


def test_an_entry_tells_the_role_and_never_who_it_was(log):
    say()
    put_in_order(published=0)
    told = entries.read(logged()[0])
    assert told["role"] == "registrar"
    assert told["recorded_at"] > told["occurred_at"]
    assert "system" not in logged()[0].decode()


def test_a_secret_is_only_committed_to_and_shown_by_whoever_has_its_salt(log):
    say(facts={"lot": "7K3QX9PA28"}, secret={"reason": "醋瓶封口不严"})
    put_in_order(published=0)
    (data,), kept = logged(), Disclosure.objects.get()
    assert "封口".encode() not in data
    assert json.loads(data)["facts"] == {"lot": "7K3QX9PA28"}
    assert is_committed(data, bytes(kept.salt), bytes(kept.payload))
    assert json.loads(bytes(kept.payload)) == {"reason": "醋瓶封口不严"}


def test_two_equal_secrets_have_nothing_in_common():
    say(2, secret={"reason": "封口不严"})
    first, second = Waiting.objects.values_list("commitment", flat=True)
    assert first != second


# --- publishing ---


@pytest.mark.parametrize("sizes", [[1], [255, 256, 257], [3, 3, 300, 600]])
def test_every_published_entry_is_proven_from_the_files_alone(log, sizes):
    for before, size in pairwise([0, *sizes]):
        say(size - before)
        log.go_on(NOW)
    assert log.published().size == sizes[-1]
    for index, data in enumerate(logged()):
        assert log.tiled(sizes[-1]).entry(index) == data
        assert proof_of(log, index).proven(data, [SIGNER.key], ORIGIN).size == sizes[-1]


def test_a_log_without_entries_publishes_the_root_of_none(log):
    assert log.go_on(NOW).root == tree.EMPTY
    assert log.published().size == 0
    assert log.go_on(NOW) is None
    say()
    assert log.go_on(NOW).size == 1


def test_nothing_new_is_nothing_to_sign(log):
    say()
    assert log.go_on(NOW).size == 1
    assert log.go_on(NOW) is None
    assert Checkpoint.objects.count() == 1


def test_every_checkpoint_stays_where_it_can_be_found(log):
    for _ in range(3):
        say()
        log.go_on(NOW)
    for row in Checkpoint.objects.all():
        note = log.store.read(history_path(row.size)).decode()
        assert note == row.note
        assert log.claim(Note.read(note)).root == bytes(row.root)


def test_a_checkpoint_that_was_deleted_is_put_back_and_the_log_goes_on_from_it(log):
    for _ in range(3):
        say()
        log.go_on(NOW)
    last = log.store.read(CHECKPOINT)
    (log.store.root / CHECKPOINT).unlink()
    assert log.published().size == 3
    assert log.go_on(NOW) is None
    assert log.store.read(CHECKPOINT) == last
    (log.store.root / CHECKPOINT).unlink()
    say()
    assert log.go_on(NOW).size == 4
    assert list(differences(log)) == []


def test_without_a_checkpoint_a_kept_one_that_is_none_stops_the_log(log):
    place = log.store.root / history_path(3)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"other")
    say(3)
    with pytest.raises(Tampered, match="cannot be read"):
        log.go_on(NOW)
    assert place.read_bytes() == b"other"


def test_a_published_file_that_is_gone_stops_the_log_and_is_not_waited_for(log):
    say(300)
    log.go_on(NOW)
    (log.store.root / "tile/0/000").unlink()
    say(300, start=300)
    with pytest.raises(Tampered, match="was published and is gone"):
        log.go_on(NOW)
    assert log.published().size == 300


def test_partial_tiles_go_when_the_whole_one_is_there_and_older_sizes_are_read_on(log, client, settings):
    sizes = (3, 200, 255, 256, 300, 511, 513)
    for start, stop in zip((0, *sizes), sizes, strict=False):
        say(stop - start, start=start)
        log.go_on(NOW)
    parts = sorted(path for path in log.store.paths("tile") if ".p/" in path)
    assert parts == [
        f"tile/{level}/{place}"
        for level, place in (("0", "002.p/1"), ("1", "000.p/1"), ("1", "000.p/2"), ("entries", "002.p/1"))
    ]
    for size in sizes:
        then = Published.at(log.store, size)
        for index in {0, size // 2, size - 1}:
            entry = then.tiled.entry(index)
            assert then.proof(index).proven(entry, [SIGNER.key], ORIGIN).size == size
    settings.OPENLOG = replace(settings.OPENLOG, folder=log.store.root)
    assert client.get("/log/tile/0/000.p/200").content == log.store.read("tile/0/000")[: 200 * 32]
    assert entries_of(client.get("/log/tile/entries/000.p/3").content) == logged()[:3]
    assert client.get("/log/tile/0/003.p/3").status_code == 404
    assert list(differences(log)) == []


def test_a_published_file_with_other_bytes_stops_the_log(log):
    say()
    log.go_on(NOW)
    place = log.store.root / "tile/0/000.p/2"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(bytes(64))
    say()
    with pytest.raises(Clash, match=r"tile/0/000.p/2"):
        log.go_on(NOW)
    assert log.published().size == 1


def test_an_entry_changed_by_the_owner_of_the_database_is_not_signed(log):
    say(3)
    put_in_order(published=0)
    with pgtrigger.ignore("openlog.Entry:appended"):
        Entry.objects.filter(index=1).update(data=b"{}")
    with pytest.raises(Tampered, match="entry 1 is not what it was"):
        log.publish(NOW)
    assert not (log.store.root / CHECKPOINT).exists()


def test_an_entry_taken_away_is_missed(log):
    say(3)
    put_in_order(published=0)
    with pgtrigger.ignore("openlog.Entry:appended"):
        Entry.objects.filter(index=2).delete()
    with pytest.raises(Tampered, match="are missing"):
        log.publish(NOW)


def test_a_head_that_does_not_follow_from_the_entries_is_not_signed(log):
    say(3)
    put_in_order(published=0)
    Head.objects.update(full=bytes(64))
    with pytest.raises(Tampered, match="do not lead to the root"):
        log.publish(NOW)


def test_a_second_root_for_a_size_is_never_signed(log):
    say(3)
    put_in_order(published=0)
    Checkpoint.objects.create(size=3, root=bytes(32), note="another", signed_at=NOW)
    with pytest.raises(Tampered, match="another root was signed"):
        log.publish(NOW)


@pytest.mark.parametrize(("size", "words"), [(400, "no longer begin"), (200, "does not hold what")])
def test_a_log_rewritten_from_the_start_is_not_signed_over_the_published_one(log, size, words):
    say(300)
    log.go_on(NOW)
    files = set(log.store.root.rglob("*"))
    with pgtrigger.ignore("openlog.Entry:appended", "openlog.Checkpoint:appended", "openlog.Head:grows"):
        Entry.objects.all().delete()
        Checkpoint.objects.all().delete()
        Head.objects.update(size=0, full=b"")
        say(size, objects=5)
        put_in_order(published=0)
    with pytest.raises(Tampered, match=words):
        log.go_on(NOW)
    assert set(log.store.root.rglob("*")) == files, "nothing of it was written"


def test_a_checkpoint_of_somebody_else_stops_the_log(log):
    say()
    log.go_on(NOW)
    note = log.store.read(CHECKPOINT).decode()
    for spoilt in (note.replace(ORIGIN + "\n", "elsewhere/log\n", 1), note[:-8] + "AAAAAA=\n", "nonsense", note[:30]):
        log.store.replace(CHECKPOINT, spoilt.encode())
        with pytest.raises(Tampered):
            log.go_on(NOW)


# --- a restored database ---


def the_past() -> None:
    """As after a restore from a backup made when there were two entries, and the third waited."""
    third = Entry.objects.get(index=2)
    told = entries.read(bytes(third.data))
    with pgtrigger.ignore("openlog.Entry:appended", "openlog.Checkpoint:appended", "openlog.Head:grows"):
        leaves = [bytes(leaf) for leaf in Entry.objects.order_by("index").values_list("leaf", flat=True)[:2]]
        Entry.objects.filter(index__gte=2).delete()
        Checkpoint.objects.filter(size__gt=2).delete()
        frontier = tree.Frontier()
        for leaf in leaves:
            frontier.add(leaf)
        Head.objects.update(size=2, full=b"".join(frontier.full))
    Waiting.objects.create(
        event=third.event,
        type=third.type,
        object=third.object,
        role=told["role"],
        occurred_at=NOW,
        recorded_at=NOW,
        facts="{}",
    )


def test_a_restored_database_signs_nothing_before_it_has_what_was_published_and_then_goes_on(log):
    say(600)
    log.go_on(NOW)
    whole, root = logged(), log.published().root
    the_past()
    say(start=1_000)
    with pytest.raises(Behind):
        log.publish(NOW)
    with pytest.raises(Behind):
        put_in_order(published=log.published().size)
    assert log.go_on(NOW).size == 601
    assert logged()[:600] == whole, "the one that waited is not logged twice"
    assert json.loads(logged()[600])["facts"] == {"number": 1_000}
    tiled = log.tiled(601)
    path = tree.consistency(600, 601, tiled.subtree)
    assert tree.is_consistent(600, root, 601, log.published().root, path)


def test_an_empty_database_takes_up_a_published_log_only_when_told_to(log):
    say(3)
    log.go_on(NOW)
    whole = logged()
    with pgtrigger.ignore("openlog.Entry:appended", "openlog.Head:kept"):
        Entry.objects.all().delete()
        Head.objects.all().delete()
    say(1, start=3)
    with pytest.raises(Behind):
        log.go_on(NOW)
    assert log.restore() == 3
    assert log.go_on(NOW).size == 4
    assert logged()[:3] == whole


def test_files_restored_from_an_older_backup_are_published_again_as_they_were(log, tmp_path):
    say(2)
    log.go_on(NOW)
    shutil.copytree(log.store.root, tmp_path / "older")
    said = []
    for _ in range(3):
        say(200)
        said.append(log.go_on(NOW))
    older = a_log(tmp_path / "older")
    say()
    assert older.go_on(NOW).size == 603
    assert [older.claim(Note.read(older.store.read(history_path(claim.size)))) for claim in said] == said


# --- the walls ---


@pytest.mark.parametrize("model", [Entry, Checkpoint])
def test_rows_of_the_log_are_never_changed_taken_away_or_emptied(log, model):
    say()
    log.go_on(NOW)
    for attempt in (
        lambda: model.objects.update(**{"data": b"x"} if model is Entry else {"note": "x"}),
        lambda: model.objects.all().delete(),
        lambda: connection.cursor().execute(f"TRUNCATE {model._meta.db_table} CASCADE"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_the_head_does_not_shrink(log):
    say(2)
    put_in_order(published=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        Head.objects.update(size=F("size") - 1)
