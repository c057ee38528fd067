"""Where published files are kept: a folder and a bucket do the same; and whatever a store over the network does wrong is told apart from
a file that is not there."""

import os
import time
from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured
from environ import Env

from gi_registry.openlog import bucket as buckets
from gi_registry.openlog.bucket import MOST_BYTES, PROBE, Bucket, Overwrites
from gi_registry.openlog.conf import BucketSettings, OpenLogSettings
from gi_registry.openlog.store import CHECKPOINT, Clash, Folder, store_of
from tests.build_buckets import PREFIX, SECRET, a_door, slowly


@pytest.fixture(scope="module")
def opened():
    with a_door() as door:
        yield door


@pytest.fixture
def door(opened):
    opened.open()
    return opened


@pytest.fixture
def bucket(door):
    return Bucket(door.settings())


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path):
    return Folder(tmp_path) if request.param == "folder" else request.getfixturevalue("bucket")


# --- the same of both ---


@pytest.mark.parametrize("data", [b"", b"\0\xff" * 40_000, "签名\n".encode()])
def test_what_was_written_is_read(store, data):
    store.write_once("tile/0/x001/234", data)
    assert store.read("tile/0/x001/234") == data


def test_what_is_not_there_is_not_found(store):
    store.write_once("tile/0/000", b"x")
    for path in ("tile/0/001", CHECKPOINT, "tile/0"):
        with pytest.raises((FileNotFoundError, IsADirectoryError)):
            store.read(path)


def test_the_same_bytes_again_are_fine_and_others_clash(store):
    for _ in range(2):
        store.write_once("tile/0/000", b"one")
    for other in (b"two", b"", b"one!"):
        with pytest.raises(Clash, match="tile/0/000 stands there with other bytes"):
            store.write_once("tile/0/000", other)
    assert store.read("tile/0/000") == b"one"


def test_the_checkpoint_alone_takes_the_place_of_another(store):
    for told in (b"1", b"22", b"1"):
        store.replace(CHECKPOINT, told)
        assert store.read(CHECKPOINT) == told
    store.write_once("tile/0/000", b"one")
    with pytest.raises(ValueError, match="written once"):
        store.replace("tile/0/000", b"two")
    assert store.read("tile/0/000") == b"one"


def test_the_paths_of_a_folder_are_told_and_those_beside_it_are_not(store):
    for path in ("checkpoints/000000/1", "checkpoints/000001/1000001", "checkpoints-not/1", "timestamps/000000/1.tsr"):
        store.write_once(path, b"x")
    store.replace(CHECKPOINT, b"x")
    assert sorted(store.paths("checkpoints")) == ["checkpoints/000000/1", "checkpoints/000001/1000001"]
    assert list(store.paths("none")) == []


def test_more_files_than_are_told_at_once_are_all_told(bucket, monkeypatch):
    monkeypatch.setattr(buckets, "PAGE", 3)
    for number in range(7):
        bucket.write_once(f"timestamps/000000/{number}.tsr", b"")
    assert len(set(bucket.paths("timestamps"))) == 7


# --- over the network ---


def test_a_bucket_is_used_under_its_prefix_and_beside_others(door, bucket):
    bucket.write_once("tile/0/000", b"x")
    told = bucket._told
    assert f"PUT /{told.bucket}/{PREFIX}/tile/0/000" in door.asked
    for prefix in ("", "other"):
        with pytest.raises(FileNotFoundError):
            Bucket(replace(told, prefix=prefix)).read("tile/0/000")
    assert Bucket(replace(told, prefix=f"/{PREFIX}/")).read("tile/0/000") == b"x"


def test_a_store_that_overwrites_is_found_out_before_anything_is_written(door, bucket):
    door.before = lambda asked: asked.pop("HTTP_IF_NONE_MATCH", None) and None
    with pytest.raises(Overwrites, match="does not know If-None-Match"):
        bucket.write_once("tile/0/000", b"x")
    assert {name.rpartition("/")[2] for name in door.asked if name.startswith("PUT") and "/gi/" in name} == {PROBE}


def test_whether_it_does_is_tried_once(door, bucket):
    for number in range(3):
        bucket.write_once(f"tile/0/00{number}", b"x")
    Bucket(bucket._told).write_once("tile/0/003", b"x")
    assert sum(name.endswith(PROBE) for name in door.asked) == 3


def test_an_answer_that_was_lost_is_no_clash(door, bucket):
    """It was written; asked again, the store says that something is there."""
    bucket.write_once("tile/0/000", b"x")
    lost = iter([True])
    door.after = lambda asked: door.away(asked) if next(lost, False) else None
    bucket.write_once("tile/0/001", b"y")
    assert bucket.read("tile/0/001") == b"y"


def test_another_who_writes_the_same_file_now_is_waited_for_or_found_to_agree(door, bucket):
    bucket.write_once("tile/0/000", b"x")
    busy = b"<Error><Code>ConditionalRequestConflict</Code><Message>busy</Message></Error>"
    door.before = lambda asked: ("409 Conflict", busy) if asked["REQUEST_METHOD"] == "PUT" else None
    bucket.write_once("tile/0/000", b"x")
    with pytest.raises(Clash):
        bucket.write_once("tile/0/000", b"y")
    with pytest.raises(OSError, match="tile/0/001"):
        bucket.write_once("tile/0/001", b"y")


def not_there(trouble) -> bool:
    return isinstance(trouble.value, FileNotFoundError)


@pytest.mark.parametrize("attempts", [1, 3])
def test_a_store_that_is_away_is_asked_so_often_and_then_an_error(door, bucket, attempts):
    bucket = Bucket(bucket._told, attempts)
    door.open()
    door.before = door.away
    for ask in (
        lambda: bucket.read(CHECKPOINT),
        lambda: list(bucket.paths("tile")),
        lambda: bucket.replace(CHECKPOINT, b""),
    ):
        door.asked.clear()
        with pytest.raises(OSError, match="503") as trouble:
            ask()
        assert (not_there(trouble), len(door.asked)) == (False, attempts)
    with pytest.raises(OSError, match="503"):
        bucket.write_once("tile/0/000", b"x")


def test_neither_a_missing_bucket_nor_an_address_where_nobody_is_reads_as_an_empty_log(bucket, monkeypatch):
    told = bucket._told
    for wrong in (
        replace(told, bucket="another-bucket"),
        replace(told, bucket="NO BUCKET"),
        replace(told, endpoint="http://127.0.0.1:9"),
        replace(told, endpoint="http://"),
    ):
        with pytest.raises(OSError, match="checkpoint: ") as trouble:
            Bucket(wrong, 1).read(CHECKPOINT)
        assert not not_there(trouble)
        assert SECRET not in str(trouble.value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(OSError, match="credentials") as trouble:
        Bucket(replace(told, region="none-1"), 1).read(CHECKPOINT)
    assert not not_there(trouble)


def test_a_store_that_does_not_answer_is_given_up(door, bucket, monkeypatch):
    monkeypatch.setattr(buckets, "READ_S", 0.2)
    door.before = slowly
    begun = time.monotonic()
    with pytest.raises(OSError, match=r"timed out|timeout"):
        Bucket(replace(bucket._told, region="slow-1"), 1).read(CHECKPOINT)
    assert time.monotonic() - begun < 2.5


def test_what_is_longer_than_any_file_of_a_log_is_not_taken_in(bucket):
    bucket.replace(CHECKPOINT, bytes(MOST_BYTES))
    assert len(bucket.read(CHECKPOINT)) == MOST_BYTES
    bucket.replace(CHECKPOINT, bytes(MOST_BYTES + 1))
    with pytest.raises(OSError, match="longer than any file"):
        bucket.read(CHECKPOINT)


def test_an_answer_that_ends_early_is_an_error(door, bucket):
    bucket.replace(CHECKPOINT, b"x" * 1_000)
    served = door._store

    def cut(environ, start_response):
        return [b"".join(served(environ, start_response))[:500]]

    door._store = cut
    try:
        with pytest.raises(OSError, match="checkpoint") as trouble:
            bucket.read(CHECKPOINT)
    finally:
        door._store = served
    assert not not_there(trouble)


def test_no_proxy_of_the_environment_is_used_and_no_secret_is_shown(bucket, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    again = Bucket(replace(bucket._told, style="path"))
    again.replace(CHECKPOINT, b"x")
    assert SECRET not in f"{again._told!r} {vars(again)!r}"
    assert os.environ["AWS_SECRET_ACCESS_KEY"] == SECRET


# --- settings ---


def told_by(monkeypatch, tmp_path, **names) -> OpenLogSettings:
    for name, value in names.items():
        monkeypatch.setenv(f"GI_OPENLOG_S3_{name}", value)
    return OpenLogSettings.read(Env(), tmp_path, "https://gi.example", is_demo=False)


def test_files_are_in_the_folder_unless_a_bucket_is_named(monkeypatch, tmp_path):
    told = told_by(monkeypatch, tmp_path, ENDPOINT="https://s3.example")
    assert told.bucket is None
    assert isinstance(store_of(told), Folder)
    told = told_by(monkeypatch, tmp_path, BUCKET="log", PREFIX="gi", REGION="cn-north-1", STYLE="virtual")
    assert told.bucket == BucketSettings("log", "https://s3.example", "gi", "cn-north-1", "virtual")
    assert isinstance(store_of(told), Bucket)


@pytest.mark.parametrize("wrong", [{"ENDPOINT": "s3.example"}, {"ENDPOINT": "file:///x"}, {"STYLE": "other"}])
def test_settings_that_cannot_be_meant_are_refused(monkeypatch, tmp_path, wrong):
    with pytest.raises(ImproperlyConfigured, match="GI_OPENLOG_S3"):
        told_by(monkeypatch, tmp_path, BUCKET="log", **wrong)
