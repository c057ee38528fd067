"""The pages and files of the open log: what strangers read, take and verify without us."""

import json
from dataclasses import replace

import pytest
from django.utils.html import escape

from gi_registry.openlog import tree
from gi_registry.openlog.actions import put_in_order
from gi_registry.openlog.notes import VerifierKey
from gi_registry.openlog.proofs import EntryProof
from gi_registry.openlog.store import CHECKPOINT
from gi_registry.openlog.tiles import entries_of, hashes_of
from tests.build_openlog import say, the_log_here
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(settings, tmp_path):
    """The log of this installation, with 300 entries published and one that waits to be."""
    log = the_log_here(settings, tmp_path)
    say(300, objects=4)
    log.go_on(NOW)
    say(1, start=300, objects=4)
    put_in_order(published=300)
    return log


def body(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_stranger_proves_an_entry_with_nothing_but_what_is_served(client, log, settings):
    key = VerifierKey.read(body(client, "/log/key"))
    proof = EntryProof.read(body(client, "/log/proof/257"))
    entry = client.get("/log/entries/257").content
    assert proof.proven(entry, [key], settings.OPENLOG.origin).size == 300
    assert json.loads(entry)["facts"] == {"number": 257}


def test_the_served_files_are_those_of_the_specification(client, log):
    assert body(client, "/log/checkpoint") == log.store.read(CHECKPOINT).decode()
    entries = entries_of(client.get("/log/tile/entries/000").content)
    entries += entries_of(client.get("/log/tile/entries/001.p/44").content)
    leaves = hashes_of(client.get("/log/tile/0/000").content) + hashes_of(client.get("/log/tile/0/001.p/44").content)
    assert [tree.leaf_hash(entry) for entry in entries] == leaves
    assert tree.root_over(leaves) == log.published().root
    answer = client.get("/log/tile/0/000")
    assert answer["Content-Type"] == "application/octet-stream"
    assert "immutable" in answer["Cache-Control"]
    assert "immutable" not in client.get("/log/checkpoint")["Cache-Control"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert body(client, "/log/checkpoints/000000/300") == body(client, "/log/checkpoint")


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/002",
        "tile/0/000/",
        "tile/0/0",
        "tile/0/000.p/256",
        "tile/64/000",
        "tile/0/../../key.pem",
        "tile/..%2f..%2fkey.pem",
        "tile/0/000%00",
        "tile/entries",
        "tile/",
        "checkpoints/..%2f../1",
        "checkpoints/000000/301",
        "checkpoints/٠٠٠٠٠٠/300",
        "proof/300",
        "proof/301",
        "proof/-1",
        f"proof/{'9' * 5_000}",
        f"entries/{'9' * 30}/",
        "entries/300",
        "entries/302/",
        "objects/batch:none/",
        f"objects/{'x' * 3_000}/",
        "no-such-page",
    ],
)
def test_what_is_not_there_is_a_404_and_never_another_file(client, log, path):
    assert client.get(f"/log/{path}").status_code == 404, path


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["", "checkpoint", "tile/0/000", "proof/1", "entries/1/", "objects/batch:0000000001/"])
def test_nobody_writes_by_these_addresses(client, log, method, path):
    assert getattr(client, method)(f"/log/{path}").status_code == 405


def test_the_log_says_in_both_languages_what_it_proves_and_what_not(client, log):
    assert "公开日志" in body(client, "/log/?lang=zh")
    told = body(client, "/log/?lang=en")
    assert "The open log" in told
    assert "does not prove" in told
    assert log.store.read(CHECKPOINT).decode().splitlines()[2] in told
    for boast in ("blockchain", "区块链"):
        assert boast not in told + body(client, "/log/?lang=zh")


def test_an_object_has_its_history_with_a_proof_of_all_that_is_published(client, log):
    told = body(client, "/log/objects/batch:0000000000/?lang=en")
    assert told.count("Batch released") == 76
    assert "/log/proof/296" in told
    assert "/log/proof/300" not in told
    assert "Not published yet" in told
    assert told.index("entries/300/") < told.index("entries/296/"), "the newest first"


def test_a_type_that_no_room_names_any_more_is_told_as_it_stands(client, log):
    say(1, start=301, type="batch.unheard")
    log.go_on(NOW)
    assert "batch.unheard" in body(client, "/log/entries/301/")
    assert "batch.unheard" in body(client, "/log/")


def test_the_page_that_verifies_bundles_names_whose_key_it_offers_and_may_connect_to_nothing(client, log, settings):
    answer = client.get("/log/verify/?lang=en")
    told = answer.content.decode()
    key = body(client, "/log/key").strip()
    assert told.count(escape(key)) == 2, "in the field, and to tell later whether it is still that"
    assert f"The key of this site ({settings.OPENLOG.origin})" in told
    assert '<li data-type="batch.released">Batch released</li>' in told
    assert "<script>" not in told
    for directive in ("connect-src 'none'", "form-action 'none'", "script-src 'self'"):
        assert directive in answer["Content-Security-Policy"]
    assert 'href="/log/verify/"' in body(client, "/log/")
    assert 'href="/log/verify/"' in body(client, "/log/objects/batch:0000000000/")


def test_without_a_key_of_its_own_the_page_offers_none(client, settings, tmp_path):
    settings.OPENLOG = replace(settings.OPENLOG, key=tmp_path / "none.pem")
    told = body(client, "/log/verify/?lang=en")
    assert "The key of this site" not in told
    assert "Left empty, the key inside the bundle is taken" in told


def test_before_anything_is_published_the_page_says_so(client, settings, tmp_path):
    settings.OPENLOG = replace(settings.OPENLOG, folder=tmp_path / "none", key=tmp_path / "none.pem")
    assert "Nothing has been published" in body(client, "/log/?lang=en")
    for path in ("checkpoint", "key", "proof/0", "entries/0"):
        assert client.get(f"/log/{path}").status_code == 404


def test_files_that_cannot_be_read_are_our_fault_and_said_to_be(client, log):
    (log.store.root / "tile/0/000").write_bytes(b"cut short")
    assert client.get("/log/proof/3").status_code == 503
    log.store.replace(CHECKPOINT, b"nonsense")
    assert client.get("/log/").status_code == 503


def test_pages_of_the_log_ask_the_database_few_questions(client, log, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        client.get("/log/objects/batch:0000000000/")
    with django_assert_max_num_queries(3):
        client.get("/log/")
    with django_assert_max_num_queries(0):
        client.get("/log/proof/12")
