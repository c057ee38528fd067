"""Whatever is changed behind the log's back is named: rows, files, heads, checkpoints, and what was only committed to."""

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from gi_registry.openlog.actions import put_in_order
from gi_registry.openlog.fsck import differences
from gi_registry.openlog.models import Checkpoint, Disclosure, Entry, Head
from gi_registry.openlog.store import CHECKPOINT
from tests.build_openlog import a_log, say, the_log_here
from tests.cast import NOW

pytestmark = pytest.mark.django_db
WALLS = ("openlog.Entry:appended", "openlog.Checkpoint:appended", "openlog.Head:grows", "openlog.Head:kept")


@pytest.fixture
def log(tmp_path):
    """300 entries, published in three steps, and two more that are in order only."""
    log = a_log(tmp_path / "log")
    for size in (1, 149, 150):
        say(size, objects=7, secret={"reason": "醋瓶封口不严"})
        log.go_on(NOW)
    say(2, objects=7)
    put_in_order(published=300)
    return log


def found(log) -> list[str]:
    return [difference.where for difference in differences(log)]


def test_a_log_that_nobody_touched_has_no_differences(log, tmp_path):
    assert found(log) == []
    assert found(a_log(tmp_path / "none")) != [], "the database holds entries that these files lack checkpoints of"


def test_an_empty_log_is_whole(tmp_path):
    log = a_log(tmp_path / "log")
    assert found(log) == []
    log.go_on(NOW)
    assert found(log) == []


@pytest.mark.parametrize("index", [0, 255, 256, 299, 300, 301])
@pytest.mark.parametrize(
    "change",
    [
        {"data": b'{"schema":1}'},
        {"leaf": bytes(32)},
        {"event": "another"},
        {"type": "batch.recalled"},
        {"object": "batch:ANOTHER"},
        {"sequence": 9_000},
    ],
)
def test_an_entry_edited_by_the_owner_of_the_database_is_named(log, index, change):
    with pgtrigger.ignore(*WALLS):
        Entry.objects.filter(index=index).update(**change)
    assert f"entry {index}" in found(log)


@pytest.mark.parametrize("index", [0, 255, 299, 300])
def test_an_entry_deleted_by_the_owner_of_the_database_is_missed(log, index):
    with pgtrigger.ignore(*WALLS):
        Entry.objects.filter(index=index).delete()
    assert f"entry {index}" in found(log)


def test_the_last_entry_deleted_before_it_was_published_leaves_a_head_that_does_not_follow(log):
    with pgtrigger.ignore(*WALLS):
        Entry.objects.filter(index=301).delete()
    assert found(log) == ["head"]


def test_a_head_and_a_checkpoint_edited_in_the_database_are_named(log):
    with pgtrigger.ignore(*WALLS):
        Head.objects.update(full=bytes(64))
        Checkpoint.objects.filter(size=150).update(root=bytes(32))
        Checkpoint.objects.filter(size=300).update(note="another\n")
    assert set(found(log)) == {"head", "checkpoint 150", "checkpoint 300"}


def test_a_checkpoint_taken_out_of_the_database_stays_beside_the_files_and_is_no_fault(log):
    with pgtrigger.ignore(*WALLS):
        Checkpoint.objects.all().delete()
    assert found(log) == []


def test_what_was_signed_beyond_the_log_is_named(log):
    with pgtrigger.ignore(*WALLS):
        Entry.objects.filter(index__gte=150).delete()
        Head.objects.update(size=F("size"))
    assert {"entry 150", "entry 299"} <= set(found(log))
    (log.store.root / CHECKPOINT).write_bytes((log.store.root / "checkpoints/000000/150").read_bytes())
    assert "checkpoints/000000/300" in found(log)


@pytest.mark.parametrize(
    "path", ["tile/entries/000", "tile/entries/001.p/44", "tile/0/000", "tile/1/000.p/1", "checkpoints/000000/150"]
)
@pytest.mark.parametrize("how", ["gone", "cut", "flipped"])
def test_a_published_file_that_changed_is_named(log, path, how):
    place = log.store.root / path
    data = place.read_bytes()
    if how == "gone":
        place.unlink()
    else:
        place.write_bytes(data[:-1] if how == "cut" else data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    told = found(log)
    if path.startswith("checkpoints") and how == "gone":
        assert told == [], "the database holds it too"
    else:
        assert any(where == path or where.startswith("entry") for where in told), told


def test_a_checkpoint_that_is_not_ours_is_named_first(log):
    log.store.replace(CHECKPOINT, b"nonsense")
    assert found(log) == ["checkpoint"]


def test_a_changed_disclosure_is_named_and_an_erased_one_is_not(log):
    first, second = Disclosure.objects.order_by("event")[:2]
    Disclosure.objects.filter(pk=first.pk).update(payload=b"{}")
    second.delete()
    index = Entry.objects.get(event=first.event).index
    assert found(log) == [f"entry {index}"]


def test_the_command_says_whole_or_names_what_differs_and_fails(settings, tmp_path, capsys):
    log = the_log_here(settings, tmp_path)
    say(3, object="note:1")  # of a kind that has no rows
    log.go_on(NOW)
    call_command("openlog_fsck")
    assert "3: 完好 whole" in capsys.readouterr().out
    with pgtrigger.ignore(*WALLS):
        Entry.objects.filter(index=1).update(type="batch.recalled")
    with pytest.raises(CommandError, match="1 处不同"):
        call_command("openlog_fsck")
    assert "entry 1" in capsys.readouterr().out
