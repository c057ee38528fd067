"""Print jobs over HTTP: asked for, watched, stopped and taken up again, and their files taken by the maker alone."""

from datetime import timedelta

import pytest

from gi_registry.lib import clock
from gi_registry.lib.pace import STILL_AFTER
from tests.api.test_issuances import API, body, codes, post
from tests.build_codes import an_issuance, say_of
from tests.build_jobs import waiting, work_it_off
from tests.cast import NOW
from trace import actions
from trace.models import CodeDownload, IssuanceRange, PrintJob
from trace.rules.issuances import RangeKind, Span

pytestmark = pytest.mark.django_db
TEN = {"first": 0, "last": 9}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.PRINTS_DIR = tmp_path / "prints"


@pytest.fixture
def zhang(cast, as_machine):
    return as_machine(cast.zhang)


@pytest.fixture
def issuance(goods):
    return an_issuance(goods, goods.batch(), 1_200)


def ask(client, issuance, data=TEN, **headers):
    return post(client, f"issuances/{issuance.number}/prints/", data, **headers)


def drawn(client, issuance, data=TEN):
    """The address of a job that was asked for and drawn."""
    answer = ask(client, issuance, data)
    assert answer.status_code == 201, answer.json()
    work_it_off()
    return answer["Location"]


def test_a_maker_has_labels_drawn_watches_the_job_and_takes_the_files(issuance, zhang):
    answer = ask(zhang, issuance, {"first": 0, "last": 1_099, "preset": "40x30", "dpi": 300})
    told = answer.json()
    assert (told["state"], told["total"], told["done"], told["parts"], told["parts_done"]) == ("queued", 1_100, 0, 2, 0)
    assert (told["issuance"], told["batch"], told["dpi"]) == (issuance.number, issuance.batch.number, 300)
    assert answer["Location"] == f"{API}/prints/{told['number']}/"
    assert zhang.get(f"{answer['Location']}labels.pdf").status_code == 404
    work_it_off()
    done = zhang.get(answer["Location"]).json()
    assert (done["state"], done["done"], done["parts_done"], done["is_reprint"]) == ("done", 1_100, 2, False)
    assert (done["recorded"]["kind"], done["recorded"]["first"], done["recorded"]["last"]) == ("printed", 0, 1_099)
    file = zhang.get(f"{answer['Location']}labels.pdf?part=2")
    assert file["Content-Disposition"].endswith(f'{issuance.batch.number}-{told["number"]}-002.pdf"')
    assert body(file).startswith(b"%PDF")
    assert [(one.first, one.last) for one in CodeDownload.objects.all()] == [(1_000, 1_099)]
    assert zhang.get(f"{answer['Location']}labels.pdf?part=3").status_code == 404


def test_a_broken_download_of_labels_goes_on_and_equals_the_whole(issuance, zhang):
    address = f"{drawn(zhang, issuance)}labels.pdf"
    told = zhang.head(address)
    assert (told["Accept-Ranges"], CodeDownload.objects.count()) == ("bytes", 0)
    answer = zhang.get(address)
    whole, etag = body(answer), answer["ETag"]
    assert (len(whole), told["ETag"]) == (int(told["Content-Length"]), etag)
    rest = zhang.get(address, headers={"Range": "bytes=700-", "If-Range": etag})
    assert (rest.status_code, rest["Content-Range"]) == (206, f"bytes 700-{len(whole) - 1}/{len(whole)}")
    assert whole[:700] + body(rest) == whole
    assert len(body(zhang.get(address, headers={"Range": "bytes=700-", "If-Range": '"another"'}))) == len(whole)
    assert zhang.get(address, headers={"Range": "bytes=99999999-"}).status_code == 416
    assert CodeDownload.objects.count() == 3


def test_a_reprint_is_called_one_before_and_after_it_is_drawn(issuance, zhang):
    first = drawn(zhang, issuance)
    answer = ask(zhang, issuance, {"first": 9, "last": 12})
    assert answer.json()["is_reprint"] is True
    work_it_off()
    told = zhang.get(answer["Location"]).json()
    assert (told["is_reprint"], told["recorded"]["reason"]) == (True, f"重印 {told['number']}")
    assert zhang.get(first).json()["is_reprint"] is False
    assert zhang.get(drawn(zhang, issuance, {"first": 13, "last": 20})).json()["is_reprint"] is False
    assert "重印" in zhang.get(f"{API}/issuances/{issuance.number}/ranges/?kind=printed").content.decode()


def test_a_job_that_is_stopped_leaves_what_was_not_drawn(issuance, zhang):
    address = ask(zhang, issuance)["Location"]
    assert post(zhang, f"{address.removeprefix(f'{API}/')}cancel/").json()["state"] == "cancelled"
    work_it_off()
    told = zhang.get(address).json()
    assert (told["state"], told["done"], told["recorded"]) == ("cancelled", 0, None)
    assert post(zhang, f"{address.removeprefix(f'{API}/')}cancel/").status_code == 200
    assert not IssuanceRange.objects.exists()


def test_a_job_that_stands_still_is_taken_up_again_and_one_that_goes_on_is_left_alone(issuance, zhang):
    address = ask(zhang, issuance)["Location"]
    resume = f"{address.removeprefix(f'{API}/')}resume/"
    assert (post(zhang, resume).json()["is_still"], len(waiting())) == (False, 1)
    PrintJob.objects.update(seen_at=clock.now() - STILL_AFTER - timedelta(seconds=1))
    assert zhang.get(address).json()["is_still"] is True
    assert (post(zhang, resume).json()["is_still"], len(waiting())) == (False, 2)


@pytest.mark.parametrize(
    ("wrong", "status", "told"),
    [
        ({"last": 1_200}, 400, ("/last", "last")),
        ({"first": 5, "last": 4}, 400, ("/last", "last")),
        ({"first": -1}, 400, ("/first", "min_value")),
        ({"last": None}, 400, ("/last", "null")),
        ({"preset": "a5"}, 400, ("/preset", "invalid_choice")),
        ({"dpi": 72}, 400, ("/dpi", "invalid_choice")),
        ({"copies": 2}, 400, ("/copies", "unknown_field")),
        ({"first": 7, "last": 8}, 409, ("/first", "range_withdrawn")),
    ],
)
def test_odd_runs_are_refused_by_their_field(goods, issuance, zhang, wrong, status, told):
    say_of(goods, issuance, RangeKind.SPOILED, 8)
    answer = ask(zhang, issuance, {"first": 0, "last": 2, **wrong})
    assert (answer.status_code, codes(answer)) == (status, [told])
    assert not PrintJob.objects.exists()


def test_a_run_that_was_asked_for_twice_under_one_key_is_drawn_once(issuance, zhang):
    first, second = (ask(zhang, issuance, **{"Idempotency-Key": "one"}) for _ in range(2))
    assert first.json()["number"] == second.json()["number"]
    assert len(waiting()) == PrintJob.objects.count() == 1


def test_labels_are_handed_out_no_more_once_the_goods_were_recalled(goods, issuance, zhang):
    address = drawn(zhang, issuance)
    actions.recall_batch(batch=issuance.batch, actor=goods.maker, now=NOW, reason="检出超标")
    assert codes(zhang.get(f"{address}labels.pdf")) == [("", "wrong_state")]
    assert not CodeDownload.objects.exists()


def test_files_that_were_thrown_away_are_gone(issuance, zhang):
    address = drawn(zhang, issuance)
    actions.forget_prints(now=clock.now() + actions.PRINTS_KEPT + timedelta(hours=1))
    told = zhang.get(address).json()
    assert (told["parts"], told["parts_done"], told["emptied_at"] is None) == (1, 0, False)
    assert zhang.get(f"{address}labels.pdf").status_code == 404


def test_the_list_is_narrowed_by_issuance_batch_and_state(goods, issuance, zhang):
    other = an_issuance(goods, goods.batch(), 10)
    drawn(zhang, issuance)
    for one in (issuance, other):
        ask(zhang, one, {"first": 2, "last": 5})

    def spans(query):
        told = zhang.get(f"{API}/prints/{query}").json()["results"]
        return [Span(row["first"], row["last"]) for row in told]

    assert spans("") == [Span(2, 5), Span(2, 5), Span(0, 9)]
    assert spans(f"?issuance={issuance.number}") == spans(f"?batch={issuance.batch.number}") == spans("")[1:]
    assert spans("?state=done") == [Span(0, 9)]
    assert codes(zhang.get(f"{API}/prints/?state=lost")) == [("/state", "invalid_choice")]
