"""No door lets in a text that hides something from whoever reads it: programs, pages and the actions behind them."""

import pytest

from gi_registry.lib.problems import Invalid
from tests.build_reports import a_report
from trace import actions
from trace.models import Batch
from trace.rules.batches import BatchState

API = "/api/v1/trace"
pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(cast, as_machine):
    return as_machine(cast.zhang)


def errors(answer):
    assert answer.status_code == 400, answer.content
    return [(error["pointer"], error["code"], error["detail"]) for error in answer.json()["errors"]]


def post(client, path, data, **headers):
    return client.post(f"{API}/{path}", data, content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    ("lot", "code", "zh", "en"),
    [
        ("ZJ\u202e10", "turning_characters", "改变文字方向", "turns the order"),
        ("ZJ\u200b10", "unseen_characters", "看不见的字符", "nobody sees"),
        ("ZJ\x0010", "null_characters_not_allowed", "无法保存的字符", "cannot be kept"),
    ],
)
def test_a_makers_own_lot_hides_nothing_and_the_reason_is_told_in_both_languages(goods, zhang, lot, code, zh, en):
    for language, words in (("zh", zh), ("en", en)):
        answer = post(zhang, "batches/", goods.body(producer_lot=lot), **{"Accept-Language": language})
        ((pointer, told, detail),) = errors(answer)
        assert (pointer, told) == ("/producer_lot", code)
        assert words in detail
    assert not Batch.objects.exists()


def test_a_reason_that_everybody_reads_hides_nothing(goods, cast, as_machine):
    batch = goods.batch(BatchState.RELEASED)
    answer = post(as_machine(cast.li), f"batches/{batch.number}/hold/", {"reason": "抽检\u2067不合格"})
    assert errors(answer)[0][:2] == ("/reason", "turning_characters")
    batch.refresh_from_db()
    assert batch.state == BatchState.RELEASED


def test_texts_in_lists_and_in_questions_are_looked_at_too(goods, zhang):
    batch = goods.batch(BatchState.REGISTERED)
    step = {"kind": "step", "text": "翻\u200b醅", "began_on": "2026-01-10"}
    answer = post(zhang, f"batches/{batch.number}/evidence/", {"items": [step]})
    assert errors(answer)[0][:2] == ("/items/0/text", "unseen_characters")
    assert errors(zhang.get(f"{API}/batches/?q=%00"))[0][:2] == ("/q", "null_characters_not_allowed")


def test_the_answer_to_a_report_hides_nothing(goods, cast, as_machine):
    report = a_report(goods.batch().number)
    answer = post(as_machine(cast.li), f"reports/{report.number}/answer/", {"answer": "已\u200f处理"})
    assert errors(answer)[0][:2] == ("/answer", "turning_characters")


def test_whatever_calls_an_action_meets_the_same_wall(goods):
    batch = goods.batch(BatchState.RELEASED)
    with pytest.raises(Invalid) as refused:
        actions.recall_batch(batch=batch, actor=goods.maker, now=batch.released_at, reason="检出\u202e超标")
    assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [("/reason", "turning_characters")]
    with pytest.raises(Invalid):
        goods.batch(BatchState.DRAFT, producer_lot="ZJ\u2069")


def test_a_consumer_is_told_beside_the_question(client):
    told = {"kind": "other", "words_said": "封口\u202e破损", "once": "1"}
    shown = client.post("/c/report/", told, headers={"Accept": "text/html"})
    assert shown.status_code == 400
    assert "含有改变文字方向的不可见字符" in shown.content.decode()
