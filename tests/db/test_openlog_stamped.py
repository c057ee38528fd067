"""Checkpoints stamped by an authority that may be away for a day: nobody waits, what was due is stamped afterwards, and evidence carries it."""

import threading
import zipfile
from dataclasses import replace
from datetime import timedelta

import pgtrigger
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from gi_registry.lib import clock
from gi_registry.openlog import stamping
from gi_registry.openlog.conf import StampSettings
from gi_registry.openlog.evidence import evidence_of
from gi_registry.openlog.fsck import differences
from gi_registry.openlog.keys import KeyFault, our_stamper
from gi_registry.openlog.models import Checkpoint, Timestamp
from gi_registry.openlog.stamping import LATE, Lost, due, last_stamp, stamp_due, tell_when_late
from gi_registry.openlog.stamps import LocalAuthority, Stamper, StampFault
from gi_registry.openlog.store import stamp_path
from gi_registry.openlog.verifier import TOKEN, Wrong, verify
from tests.build_openlog import say, the_log_here
from tests.cast import NOW

pytestmark = pytest.mark.django_db
OBJECT = "batch:0000000000"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    authority = LocalAuthority(tmp_path_factory.mktemp("tsa") / "own")
    authority.make()
    return authority


@pytest.fixture
def stamper(authority):
    return Stamper(authority, authority.roots)


@pytest.fixture
def log(settings, tmp_path):
    cache.clear()
    return the_log_here(settings, tmp_path)


class Away:
    name = "away"

    def reply(self, query):
        raise StampFault("away cannot be asked")


def grow(log, hours: float):
    """One more entry, published so many hours later."""
    say(1, start=Checkpoint.objects.count() + 1, objects=1)
    return log.go_on(NOW + timedelta(hours=hours))


def sizes(log, hours: float, every_s: int = 3600):
    return [size for size, _ in due(log.published().size, NOW + timedelta(hours=hours), every_s)]


def at(hours: float):
    return lambda: NOW + timedelta(hours=hours)


def test_the_first_checkpoint_is_stamped_at_once_and_then_one_an_hour(log, stamper):
    grow(log, 0)
    assert stamp_due(log, stamper, at(0)) == 1
    grow(log, 0.5)
    assert sizes(log, 0.9) == []
    assert sizes(log, 1.01) == [2]
    assert stamp_due(log, stamper, at(1.01)) == 1
    assert stamp_due(log, stamper, at(5)) == 0, "nothing happened since"
    row = Timestamp.objects.get(size=2)
    assert bytes(row.token) == log.store.read(stamp_path(2))
    assert (row.authority, row.received_at) == ("local", NOW + timedelta(hours=1.01))
    assert list(differences(log)) == []


def test_an_authority_that_is_away_for_a_day_holds_nobody_up_and_is_asked_for_every_hour_afterwards(
    log, stamper, caplog
):
    grow(log, 0)
    stamp_due(log, stamper, at(0))
    for hour in range(1, 25):
        assert grow(log, hour).size == hour + 1
        with pytest.raises(StampFault):
            stamp_due(log, replace(stamper, authority=Away()), at(hour + 0.99))
    assert not tell_when_late(NOW + timedelta(hours=1) + LATE)
    assert tell_when_late(NOW + timedelta(hours=25))
    assert sizes(log, 25.5) == list(range(2, 26))
    assert stamp_due(log, stamper, at(25.5)) == 24
    assert not tell_when_late(NOW + timedelta(hours=25.5))
    assert Timestamp.objects.count() == 25
    assert sizes(log, 26) == []


def test_evidence_wishes_for_a_token_once_a_minute_and_carries_it_as_soon_as_it_is_there(
    log, stamper, settings, tmp_path
):
    settings.OPENLOG = replace(settings.OPENLOG, stamps=StampSettings("local", stamper.roots, stamper.roots.parent))
    grow(log, 0)
    stamp_due(log, stamper, at(0))
    grow(log, 0.2)
    assert sizes(log, 0.3) == []
    place, roots = tmp_path / "evidence.zip", str(stamper.roots)
    place.write_bytes(evidence_of([OBJECT]))
    assert "时间戳 time stamp: 无 none" in list(verify(str(place)))
    with pytest.raises(Wrong, match="bears no time stamp"):
        list(verify(str(place), tsa_roots=roots))
    assert sizes(log, 0.3) == [2]
    assert sizes(log, 0.001) == [], "there was one within the minute"
    assert stamp_due(log, stamper, at(0.3)) == 1
    say(1, start=9, objects=2)  # of another object: the newest stamped checkpoint covers all that is asked for
    log.go_on(NOW + timedelta(hours=0.4))
    place.write_bytes(evidence_of([OBJECT]))
    told = list(verify(str(place)))
    assert any("not verified: give the authority's roots" in line for line in told)
    assert any(line.startswith("签名摘要") and " 2 " in line for line in told)
    told = list(verify(str(place), tsa_roots=roots))
    assert any(line.startswith("时间戳 time stamp 20") and line.endswith("UTC ✓") for line in told)


def test_a_token_of_another_checkpoint_or_of_another_authority_is_named_by_the_verifier(
    log, stamper, settings, tmp_path
):
    settings.OPENLOG = replace(settings.OPENLOG, stamps=StampSettings("local", stamper.roots, stamper.roots.parent))
    grow(log, 0)
    stamp_due(log, stamper, at(0))
    place = tmp_path / "evidence.zip"
    place.write_bytes(evidence_of([OBJECT]))
    with zipfile.ZipFile(place) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    other = LocalAuthority(tmp_path / "other")
    with pytest.raises(Wrong, match=r"the time stamp does not hold: .*verify error"):
        list(verify(str(place), tsa_roots=str(other.roots)))
    for changed, words in (
        ({TOKEN: stamper.stamp(b"another").raw}, "imprint mismatch"),
        ({TOKEN: b"junk"}, "does not hold"),
        ({"checkpoint": files["checkpoint"] + b"x"}, "not the checkpoint of the proofs"),
    ):
        with zipfile.ZipFile(tmp_path / "spoilt.zip", "w") as packed:
            for name, data in (files | changed).items():
                packed.writestr(name, data)
        with pytest.raises(Wrong, match=words):
            list(verify(str(tmp_path / "spoilt.zip"), tsa_roots=str(stamper.roots)))


def forget_tokens(**which):
    with pgtrigger.ignore("openlog.Timestamp:appended"):
        Timestamp.objects.filter(**which).delete()


def test_turned_on_late_it_stamps_the_newest_and_no_hour_of_the_past(log, stamper):
    for hour in range(5):
        grow(log, hour)
    assert sizes(log, 9) == [5]
    assert stamp_due(log, stamper, at(9)) == 1
    grow(log, 9.5)
    assert sizes(log, 10) == [6]


def test_a_token_that_a_process_wrote_before_it_died_is_taken_up(log, stamper):
    grow(log, 0)
    stamp_due(log, stamper, at(0))
    token = bytes(last_stamp().token)
    forget_tokens()
    assert [str(one) for one in differences(log)] == [
        "timestamps/000000/1.tsr: 已发布的时间戳，库中却没有 a published time stamp that is not in the database"
    ]
    assert stamp_due(log, replace(stamper, authority=Away()), at(1)) == 1, "nobody is asked for what is there"
    assert (bytes(last_stamp().token), last_stamp().verified_by) == (token, "published before")
    assert list(differences(log)) == []


def test_a_restored_database_takes_up_every_token_in_batches_whatever_is_due(log, stamper, monkeypatch, caplog):
    monkeypatch.setattr(stamping, "BATCH", 2)
    for hour in range(5):
        grow(log, hour)
        stamp_due(log, stamper, at(hour))
    forget_tokens(size__in=(1, 2, 3, 5))
    (log.store.root / stamp_path(3)).write_bytes(b"of an authority that nobody believes any more")
    (log.store.root / "timestamps/000000/9.tsr").write_bytes(b"over nothing that was signed")
    (log.store.root / "timestamps/000000/x.tsr").write_bytes(b"no size")
    lost = Lost(log, replace(stamper, authority=Away()))
    assert [lost.bring_back(at(9)) for _ in range(4)] == [2, 2, 1, 0]
    assert sorted(Timestamp.objects.values_list("size", flat=True)) == [1, 2, 4, 5]
    assert lost.bring_back(at(9.9)) == 0, "looked for once an hour"
    assert lost.bring_back(at(10.1)) == 2, "and told of again"


def test_a_token_that_was_changed_by_the_owner_is_found(log, stamper):
    grow(log, 0)
    stamp_due(log, stamper, at(0))
    place = log.store.root / stamp_path(1)
    kept = place.read_bytes()
    with pgtrigger.ignore("openlog.Timestamp:appended"):
        Timestamp.objects.update(token=b"other")
    assert [one.what.en for one in differences(log)] == ["the database holds another time stamp than was published"]
    place.write_bytes(b"other")
    assert [one.what.en for one in differences(log)] == ["was not made over this checkpoint"]
    place.unlink()
    assert [one.what.en for one in differences(log)] == ["a published file is missing"]
    with pgtrigger.ignore("openlog.Timestamp:appended"):
        Timestamp.objects.update(token=kept)


@pytest.mark.django_db(transaction=True)
def test_two_publishers_ask_once(log, authority):
    grow(log, 0)
    asked, begun, go_on = [], threading.Event(), threading.Event()

    class Slow:
        name = "slow"

        def reply(self, query):
            asked.append(query)
            begun.set()
            assert go_on.wait(20)
            return authority.reply(query)

    slow = Stamper(Slow(), authority.roots)

    def first():
        try:
            stamp_due(log, slow, at(0))
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert begun.wait(20)
    assert stamp_due(log, slow, at(0)) == 0, "another process is at it"
    assert grow(log, 0.1).size == 2, "and the publisher goes on"
    go_on.set()
    thread.join()
    assert (len(asked), Timestamp.objects.count()) == (1, 1)


def test_tokens_are_appended_and_never_changed(log, stamper):
    grow(log, 0)
    stamp_due(log, stamper, at(0))
    for change in (Timestamp.objects.all().delete, lambda: Timestamp.objects.update(size=2)):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()


def test_the_page_shows_the_last_token_and_that_a_local_authority_is_for_show(client, log, stamper, settings):
    settings.OPENLOG = replace(settings.OPENLOG, stamps=StampSettings("local", stamper.roots, stamper.roots.parent))
    grow(log, 0)
    assert "There is no time stamp yet" in client.get("/log/?lang=en").content.decode()
    stamp_due(log, stamper, at(0))
    page = client.get("/log/?lang=en").content.decode()
    assert "nobody else believes it" in page
    answer = client.get("/log/timestamps/000000/1.tsr")
    assert (answer["Content-Type"], answer.content) == ("application/timestamp-reply", bytes(last_stamp().token))
    assert client.get("/log/timestamps/000000/2.tsr").status_code == 404
    settings.OPENLOG = replace(settings.OPENLOG, stamps=None)
    assert "Time stamps by another body" not in client.get("/log/?lang=en").content.decode()


def test_settings_that_cannot_be_meant_are_refused_at_once(settings, stamper, tmp_path):
    good = StampSettings("local", stamper.roots, tmp_path / "made")
    for told in (
        replace(good, url="ftp://x"),
        replace(good, url="https://x", roots=tmp_path / "none"),
        replace(good, hash_name="md5"),
    ):
        settings.OPENLOG = replace(settings.OPENLOG, stamps=told)
        with pytest.raises(KeyFault):
            our_stamper()
    settings.OPENLOG = replace(settings.OPENLOG, stamps=None)
    assert our_stamper() is None
    with pytest.raises(CommandError, match="no authority is set"):
        call_command("openlog_stamp")


def test_the_command_stamps_what_is_due(log, settings, tmp_path, capsys):
    settings.OPENLOG = replace(settings.OPENLOG, stamps=StampSettings("local", tmp_path, tmp_path / "made"))
    grow(log, 0)
    call_command("openlog_stamp")
    assert capsys.readouterr().out.startswith("1 · ")
    forget_tokens()
    call_command("openlog_stamp")
    assert capsys.readouterr().out.startswith("0 · 补回 brought back: 1 · ")


def test_one_round_of_publishing_stamps_too_and_a_silent_authority_is_no_failure(log, settings, tmp_path, caplog):
    here = StampSettings("local", tmp_path, tmp_path / "made")
    settings.OPENLOG = replace(settings.OPENLOG, stamps=here)
    say(1)
    call_command("openlog_publish")
    assert last_stamp().size == 1
    (tmp_path / "roots.pem").write_bytes((tmp_path / "made" / "root.pem").read_bytes())
    away = replace(here, url="http://127.0.0.1:9/", roots=tmp_path / "roots.pem")
    settings.OPENLOG = replace(settings.OPENLOG, stamps=away)
    forget_tokens()
    (log.store.root / stamp_path(1)).unlink()
    call_command("openlog_publish")
    assert last_stamp() is None


def test_page_and_readiness_say_since_when_the_authority_is_silent(client, log, stamper, settings):
    def told():
        return client.get("/log/?lang=en").content.decode(), client.get("/readyz")

    now = clock.now()
    say(2, objects=1)
    log.go_on(now - timedelta(hours=5))
    page, answer = told()
    assert "The authority is silent" not in page, "nobody is asked"
    assert answer.json()["warnings"] == []
    settings.OPENLOG = replace(settings.OPENLOG, stamps=StampSettings("local", stamper.roots, stamper.roots.parent))
    stamp_due(log, stamper, lambda: now - timedelta(hours=5))
    assert "The authority is silent" not in told()[0]
    say(1, start=2, objects=1)
    log.go_on(now - timedelta(hours=4))
    page, answer = told()
    since = now - timedelta(hours=4)
    assert "The authority is silent" in page
    assert since.astimezone(clock.CHINA).strftime("%Y-%m-%d %H:%M") in page
    assert since.isoformat(timespec="minutes") in answer.json()["warnings"][0]
    assert answer.status_code != 503 or answer.json()["reasons"] == ["code keys cannot be read"]
    stamp_due(log, stamper, clock.now)
    page, answer = told()
    assert ("The authority is silent" in page, answer.json()["warnings"]) == (False, [])


def test_what_is_due_after_a_month_of_silence_is_found_hour_by_hour_through_the_index(log):
    """And is what is found by looking at every checkpoint."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO openlog_checkpoint (size, root, note, signed_at) SELECT n, '', '', %s + n * interval '2 minutes 7 seconds'"
            " FROM generate_series(1, 20000) n WHERE n %% 500 > 60",  # a few hours without any
            [NOW],
        )
        cursor.execute("ANALYZE openlog_checkpoint")
        given = {"last": 70, "published": 19_990, "now": NOW + timedelta(days=29, minutes=17), "most": 900}
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + stamping.DUE, given)
        plan = str(cursor.fetchone()[0])
        cursor.execute(stamping.DUE, given)
        found = cursor.fetchall()
        cursor.execute(
            "SELECT DISTINCT ON (date_trunc('hour', signed_at)) size, signed_at FROM openlog_checkpoint"
            " WHERE size > %(last)s AND size <= %(published)s AND signed_at < date_trunc('hour', %(now)s::timestamptz)"
            " ORDER BY date_trunc('hour', signed_at), size DESC",
            given,
        )
        assert found == cursor.fetchall()
    assert 600 < len(found) < 700
    assert "openlog_signed_then" in plan
    assert "Seq Scan" not in plan
