"""Unit codes over HTTP: issued, prepared, taken as a file by their maker alone, and what is said of ranges."""

import csv
import io

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections

from tests.build_codes import an_issuance, code_of
from tests.build_jobs import work_it_off
from trace import actions
from trace.api import code_files
from trace.models import CodeDownload, Issuance
from trace.rules.batches import BatchState
from trace.rules.issuances import Activation

API = "/api/v1/trace"
pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(cast, as_machine):
    return as_machine(cast.zhang)


def post(client, path, data=None, **headers):
    return client.post(f"{API}/{path}", data or {}, content_type="application/json", headers=headers)


def issue(client, batch, **data):
    return post(client, f"batches/{batch.number}/codes/", {"count": 10, **data})


def codes(answer):
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def body(answer):
    """The whole of a streamed answer; the client closes it at its end, as a server does."""
    return b"".join(answer.streaming_content)


def leave(answer):
    """Go away before the end: the server closes the answer, but the connection of the test stays."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


def file_of(issuance, query=""):
    return f"{API}/issuances/{issuance.number}/codes.csv{query}"


# --- issuing ---


def test_a_maker_issues_codes_and_reads_how_many_there_are(goods, zhang):
    batch = goods.batch()
    answer = issue(zhang, batch, has_pin=True, profile="50x30")
    told = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"{API}/issuances/{told['number']}/"
    assert (told["state"], told["count"], told["prepared"], told["ordinal"]) == ("issued", 10, 10, 0)
    assert (told["has_pin"], told["profile"], told["activation"]) == (True, "50x30", "with_batch")
    assert told["root"] == bytes(Issuance.objects.get().root).hex()
    assert zhang.get(answer["Location"]).json() == told
    assert [row["number"] for row in zhang.get(f"{API}/batches/{batch.number}/codes/").json()["results"]] == [
        told["number"]
    ]


def test_many_codes_are_answered_before_they_are_ready_and_can_be_watched(goods, zhang):
    told = issue(zhang, goods.batch(pack_count=None), count=20_001).json()
    assert (told["state"], told["prepared"], told["root"], told["issued_at"]) == ("preparing", 0, None, None)
    issuance = Issuance.objects.get()
    answer = zhang.get(file_of(issuance))
    assert (answer.status_code, codes(answer)) == (409, [("", "still_preparing")])
    work_it_off()
    told = zhang.get(f"{API}/issuances/{told['number']}/").json()
    assert (told["state"], told["prepared"]) == ("issued", 20_001)


def test_the_same_request_sent_twice_issues_once(goods, zhang):
    batch = goods.batch()
    key = {"Idempotency-Key": "a"}
    first, second = (post(zhang, f"batches/{batch.number}/codes/", {"count": 3}, **key) for _ in range(2))
    assert first.json() == second.json()
    assert Issuance.objects.count() == 1
    assert post(zhang, f"batches/{batch.number}/codes/", {"count": 4}, **key).status_code == 422


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"count": 0}, "/count"),
        ({"count": 33_554_433}, "/count"),
        ({"count": "many"}, "/count"),
        ({"activation": "soon"}, "/activation"),
        ({"profile": "../x"}, "/profile"),
        ({"profile": "51x30"}, "/profile"),
        ({"profile": 50}, "/profile"),
        ({"has_pin": "perhaps"}, "/has_pin"),
        ({"gtin": "1"}, "/gtin"),
        ({"reason": "长" * 501}, "/reason"),
    ],
)
def test_what_cannot_be_issued_is_told_by_its_field(goods, zhang, data, pointer):
    answer = issue(zhang, goods.batch(), **data)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
    assert not Issuance.objects.exists()


def test_codes_beyond_the_packs_ask_for_a_reason_which_the_history_keeps(goods, zhang):
    batch = goods.batch(pack_count=5)
    answer = issue(zhang, batch)
    assert (answer.status_code, codes(answer)) == (409, [("/reason", "more_codes_than_packs")])
    told = issue(zhang, batch, reason="标签机测试").json()
    (event,) = zhang.get(f"{API}/issuances/{told['number']}/history/").json()
    assert (event["why"], event["who"]) == ("标签机测试", "张师傅")


def test_a_draft_has_no_codes(goods, zhang):
    assert codes(issue(zhang, goods.batch(BatchState.DRAFT))) == [("", "wrong_state")]


# --- ranges ---


def test_what_becomes_of_units_is_said_by_range_and_summed(goods, zhang):
    issuance = an_issuance(goods, goods.batch(), 100, activation=Activation.BY_RANGE)
    for verb, first, last in (("activate", 0, 79), ("spoil", 80, 84), ("return", 85, 89), ("destroy", 85, 88)):
        answer = post(zhang, f"issuances/{issuance.number}/{verb}/", {"first": first, "last": last, "reason": "记录"})
        assert answer.status_code == 200, answer.content
    told = post(zhang, f"issuances/{issuance.number}/void/", {"first": 99, "last": 99, "reason": "丢失"}).json()
    counts = {"activated": 80, "printed": 0, "spoiled": 5, "returned": 5, "destroyed": 4, "void": 1}
    assert (told["units"], told["state"]) == (counts, "issued")
    ranges = zhang.get(f"{API}/issuances/{issuance.number}/ranges/").json()["results"]
    assert [(row["kind"], row["first"], row["last"]) for row in ranges[:2]] == [("void", 99, 99), ("destroyed", 85, 88)]
    (activated,) = zhang.get(f"{API}/issuances/{issuance.number}/ranges/?kind=activated").json()["results"]
    assert (activated["by_name"], activated["last"]) == ("张师傅", 79)


def test_without_a_range_the_whole_issuance_is_voided_for_good(goods, zhang):
    issuance = an_issuance(goods, goods.batch())
    path = f"issuances/{issuance.number}/void/"
    assert codes(post(zhang, path, {})) == [("/reason", "required")]
    assert codes(post(zhang, path, {"first": 1, "reason": "x"})) == [("", "half_a_range")]
    assert post(zhang, path, {"reason": "标签被盗"}).json()["state"] == "void"
    assert codes(post(zhang, path, {"reason": "再次"})) == [("", "already_void")]
    assert codes(zhang.get(file_of(issuance))) == [("", "issuance_void")]


def test_a_range_outside_or_said_before_is_told_by_its_field(goods, zhang):
    issuance = an_issuance(goods, goods.batch())
    path = f"issuances/{issuance.number}/spoil/"
    assert codes(post(zhang, path, {"first": 5, "last": 10})) == [("/last", "last")]
    assert post(zhang, path, {"first": 5, "last": 6}).status_code == 200
    again = post(zhang, path, {"first": 6, "last": 7})
    assert (again.status_code, codes(again)) == (409, [("/first", "range_overlaps")])


# --- the file ---


def test_the_maker_takes_the_codes_as_a_file_and_that_is_noted(goods, cast, zhang, as_machine):
    issuance = an_issuance(goods, goods.batch(), 10, has_pin=True)
    answer = zhang.get(file_of(issuance))
    whole = body(answer)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert int(answer["Content-Length"]) == len(whole)
    assert "no-store" in answer["Cache-Control"]
    assert issuance.batch.number in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(whole.decode("utf-8-sig"), newline="")))
    assert [row["code"] for row in rows] == [code_of(issuance, index) for index in range(10)]
    assert rows[0]["link"] == f"http://testserver/c/{issuance.batch.number}/{rows[0]['code']}"
    (taken,) = as_machine(cast.li).get(f"{API}/issuances/{issuance.number}/downloads/").json()["results"]
    assert (taken["first"], taken["last"], taken["by_name"]) == (0, 9, "张师傅")


def test_a_part_of_the_units_can_be_taken(goods, zhang):
    issuance = an_issuance(goods, goods.batch(), 10)
    told = body(zhang.get(file_of(issuance, "?first=4&last=6"))).decode("utf-8-sig").split()
    assert [line.split(",")[0] for line in told[1:]] == ["00000004", "00000005", "00000006"]
    assert (CodeDownload.objects.get().first, CodeDownload.objects.get().last) == (4, 6)


@pytest.mark.parametrize(
    ("query", "pointer"), [("?first=10", "/first"), ("?last=10", "/last"), ("?first=x", "/first"), ("?from=1", "/from")]
)
def test_a_part_that_is_not_there_is_told_by_its_field(goods, zhang, query, pointer):
    answer = zhang.get(file_of(an_issuance(goods, goods.batch(), 10), query))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_a_broken_download_goes_on_and_equals_the_whole(goods, zhang):
    issuance = an_issuance(goods, goods.batch(pack_count=None), 4_500)
    answer = zhang.get(file_of(issuance))
    whole, etag = body(answer), answer["ETag"]
    for broken in (0, 1, 500, len(whole) - 1):
        rest = zhang.get(file_of(issuance), headers={"Range": f"bytes={broken}-", "If-Range": etag})
        assert rest.status_code == 206
        assert rest["Content-Range"] == f"bytes {broken}-{len(whole) - 1}/{len(whole)}"
        assert whole[:broken] + body(rest) == whole
    piece = zhang.get(file_of(issuance), headers={"Range": "bytes=100-199"})
    assert (piece["Content-Length"], body(piece)) == ("100", whole[100:200])
    assert CodeDownload.objects.count() == 6


def test_a_part_of_another_file_is_answered_with_the_whole_and_one_beyond_it_refused(goods, zhang):
    issuance = an_issuance(goods, goods.batch(), 10)
    other = zhang.get(file_of(issuance), headers={"Range": "bytes=5-", "If-Range": '"another"'})
    assert (other.status_code, len(body(other))) == (200, int(other["Content-Length"]))
    beyond = zhang.get(file_of(issuance), headers={"Range": "bytes=999999-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{other['Content-Length']}")


def test_its_size_is_told_without_the_codes_and_that_is_no_taking(goods, zhang):
    issuance = an_issuance(goods, goods.batch(), 10)
    told = zhang.head(file_of(issuance))
    assert (told.status_code, told["Accept-Ranges"], told.content) == (200, "bytes", b"")
    assert not CodeDownload.objects.exists()
    answer = zhang.get(file_of(issuance))
    assert int(told["Content-Length"]) == int(answer["Content-Length"]) == len(body(answer))


def test_codes_are_not_handed_out_once_the_goods_were_recalled(goods, zhang):
    batch = goods.batch()
    issuance = an_issuance(goods, batch)
    actions.recall_batch(batch=batch, actor=goods.maker, now=issuance.issued_at, reason="检出超标")
    assert codes(zhang.get(file_of(issuance))) == [("", "wrong_state")]


def test_few_files_at_a_time_are_made_and_a_reader_who_leaves_gives_the_turn_back(goods, zhang):
    issuance = an_issuance(goods, goods.batch(), 10)
    open_ = [zhang.get(file_of(issuance)) for _ in range(code_files.AT_A_TIME)]
    full = zhang.get(file_of(issuance))
    assert (full.status_code, full["Retry-After"]) == (429, str(code_files.WAIT_S))
    assert CodeDownload.objects.count() == code_files.AT_A_TIME
    for answer in open_:
        leave(answer)
    assert len(body(zhang.get(file_of(issuance)))) == int(open_[0]["Content-Length"])


def test_nothing_but_the_file_holds_a_code(goods, cast, as_machine):
    issuance = an_issuance(goods, goods.batch(), 3, has_pin=True)
    made = [code_of(issuance, index) for index in range(3)]
    for person in (cast.zhang, cast.lin, cast.chen):
        client = as_machine(person)
        for path in ("", "ranges/", "downloads/", "history/"):
            told = client.get(f"{API}/issuances/{issuance.number}/{path}").content.decode()
            assert not any(code in told for code in made)
