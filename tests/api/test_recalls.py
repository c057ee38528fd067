"""Recalls over HTTP: looked at before, opened, confirmed, followed, handed over as a sheet; and what is refused."""

import pytest

from tests.build_genealogy import a_lot, made_of
from tests.build_trace import Goods
from tests.cast import NOW
from trace import actions
from trace.models import Batch, Recall, RecallHold
from trace.rules.batches import BatchState

pytestmark = pytest.mark.django_db
RECALLS = "/api/v1/trace/recalls/"
REASON = {"reason": "检出超标"}


def released(goods: Goods, *parents: Batch) -> Batch:
    batch = made_of(goods, *parents) if parents else a_lot(goods)
    return actions.release_batch(batch=batch, actor=goods.maker, now=NOW)


def send(client, path: str, body: dict, status: int) -> dict:
    answer = client.post(f"{RECALLS}{path}", body, content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def codes(problem: dict) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in problem["errors"]]


def test_a_recall_from_the_first_look_to_what_came_back(goods, cast, as_machine):
    cask = released(goods)
    case = released(goods, cask)
    scope = {"scope": "batch", "batch": cask.number}
    li, wang, zhang = (as_machine(person) for person in (cast.li, cast.wang, cast.zhang))
    seen = send(li, "preview/", scope, 200)
    assert (seen["batches"], seen["moved"], seen["party_count"], seen["is_truncated"]) == (2, 2, 1, False)
    assert seen["states"] == [{"state": "released", "batches": 2}]
    assert [(one["batches"], one["is_reachable"]) for one in seen["parties"]] == [(2, True)]
    assert Recall.objects.count() == RecallHold.objects.count() == 0
    number = send(li, "", {**scope, **REASON}, 201)["number"]
    assert codes(send(li, f"{number}/confirm/", {}, 409)) == [("", "two_persons")]
    assert send(wang, f"{number}/confirm/", {}, 200)["state"] == "confirmed"
    check = as_machine(cast.hu).get(f"/api/v1/trace/check?code={case.number}").json()
    assert check["verdict"] == "recalled"
    assert send(zhang, f"{number}/items/", {"batch": cask.number, "quantity": "850"}, 201)["recovered"] == "850.000"
    more = send(zhang, f"{number}/items/", {"batch": cask.number, "quantity": "50.001"}, 409)
    assert codes(more) == [("/quantity", "recovered_exceeds_batch")]
    reach = li.get(f"{RECALLS}{number}/reach/").json()
    assert reach["amounts"] == [{"unit": "litre", "out": "1000.000", "recovered": "850.000"}]
    notices = wang.get(f"{RECALLS}{number}/notices/").json()["results"]
    assert [(one["batches"], one["read_at"]) for one in notices] == [(2, None)]


def test_the_sheet_has_a_line_a_batch_and_no_formula(goods, cast, as_machine):
    goods.form.name_zh = "=HYPERLINK(1)"
    goods.form.save()
    cask = released(goods)
    released(goods, cask)
    li = as_machine(cast.li)
    number = send(li, "", {"scope": "batch", "batch": cask.number, **REASON}, 201)["number"]
    send(as_machine(cast.wang), f"{number}/confirm/", {}, 200)
    answer = as_machine(cast.zhang).get(f"{RECALLS}{number}/items.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert all(",'=HYPERLINK(1)," in line for line in lines[1:])
    assert any(",1000.000,900.000,0.000," in line for line in lines)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"scope": "batch"}, ("/batch", "required")),
        ({"scope": "everything"}, ("/scope", "invalid_choice")),
        ({"scope": "batch", "batch": "abc"}, ("/batch", "number")),
        ({"scope": "batch", "batch": "LOT", "site": "LOT"}, ("/site", "not_of_this_scope")),
        (
            {"scope": "days", "producer": "ZHANG", "first_on": "2026-09-30", "last_on": "2026-09-01"},
            ("/last_on", "days_out_of_order"),
        ),
        ({"scope": "days", "producer": "ZHANG", "first_on": "0000-00-00", "last_on": "x"}, ("/first_on", "invalid")),
        ({"scope": "laboratory", "laboratory": "省院"}, ("/producer", "producer_missing")),
        ({"scope": "laboratory", "laboratory": "省\x00院"}, ("/laboratory", "null_characters_not_allowed")),
    ],
)
def test_a_scope_that_cannot_be_is_refused_with_its_field_and_nothing_is_written(
    goods, cast, as_machine, body, expected
):
    names = {"LOT": released(goods).number, "ZHANG": goods.register.zhang.number}
    body = {name: names.get(value, value) for name, value in body.items()}
    zhang = as_machine(cast.zhang)
    for path, more in (("", REASON), ("preview/", {})):
        assert expected in codes(send(zhang, path, {**body, **more}, 400))
    assert Recall.objects.count() == RecallHold.objects.count() == 0


def test_anothers_goods_are_unknown_and_a_draft_is_not_recalled(goods, cast, as_machine):
    cask, draft = released(goods), goods.batch(BatchState.DRAFT)
    for person, batch in ((cast.feng, cask), (cast.gao, cask), (cast.li, draft)):
        told = send(as_machine(person), "", {"scope": "batch", "batch": batch.number, **REASON}, 400)
        assert codes(told) == [("/batch", "unknown_batch")]
    assert codes(send(as_machine(cast.li), "", {"scope": "batch", "batch": cask.number}, 400)) == [
        ("/reason", "required")
    ]
    long = {"scope": "batch", "batch": cask.number, "reason": "长" * 501}
    assert codes(send(as_machine(cast.li), "", long, 400)) == [("/reason", "max_length")]
