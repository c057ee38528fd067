"""Recalls at the desk: asked, looked at with what they reach, confirmed by another, followed until the goods are back."""

import pytest
from django.urls import reverse

from tests.build_genealogy import a_lot, made_of
from tests.build_trace import Goods
from tests.cast import NOW
from trace import actions
from trace.models import Batch, Recall, RecallNotice, Recovery
from trace.reach import Scope
from trace.rules.batches import BatchState
from trace.rules.recalls import RecallScope

pytestmark = pytest.mark.django_db
REASON = {"reason": "检出超标"}


def released(goods: Goods, *parents: Batch) -> Batch:
    batch = made_of(goods, *parents) if parents else a_lot(goods)
    return actions.release_batch(batch=batch, actor=goods.maker, now=NOW)


def opened(batch: Batch, person, **more) -> Recall:
    scope = Scope(RecallScope.BATCH, batch.producer, batch.division_code, batch=batch)
    return actions.open_recall(scope=scope, actor=person.actor, now=NOW, **REASON, **more)


def page_of(recall: Recall, *rest: str) -> str:
    return reverse("portal-recall", args=[recall.number]) + "".join(f"{part}/" for part in rest)


def test_what_it_reaches_is_shown_before_it_is_sent_and_nothing_is_written_until_then(goods, cast, as_person):
    cask = released(goods)
    released(goods, cask)
    li, ask = as_person(cast.li), reverse("portal-recall-ask", args=["batch"])
    assert cask.number in li.get(f"{ask}?batch={cask.number}").content.decode()
    told = {"batch": f"{cask.number[:5]} {cask.number[5:]}", **REASON}
    shown = li.post(ask, told)
    assert shown.status_code == 200
    assert "涉及范围" in shown.content.decode()
    assert '<dd class="num">2</dd>' in shown.content.decode()
    assert Recall.objects.count() == 0
    answer = li.post(ask, {**told, "send": "1"})
    recall = Recall.objects.get()
    assert answer.url == page_of(recall)
    page = li.get(page_of(recall)).content.decode()
    assert "须由另一人确认" in page
    assert "确认召回" not in page
    assert Batch.objects.get(pk=cask.pk).state == BatchState.ON_HOLD


def test_another_person_confirms_it_and_the_maker_reads_it_and_tells_what_came_back(goods, cast, as_person):
    cask = released(goods)
    recall = opened(cask, cast.li)
    wang, zhang, li = (as_person(person) for person in (cast.wang, cast.zhang, cast.li))
    refused = li.post(page_of(recall, "do", "confirm"), {"send": "1"})
    assert (refused.status_code, "另一人" in refused.content.decode()) == (400, True)
    assert "等待监管部门确认" in zhang.get(page_of(recall)).content.decode()
    assert wang.post(page_of(recall, "do", "confirm"), {}).url == page_of(recall)
    assert Batch.objects.get(pk=cask.pk).state == BatchState.RECALLED
    assert recall.number in zhang.get("/portal/").content.decode()
    assert "我已阅读通知" in zhang.get(page_of(recall)).content.decode()
    zhang.post(page_of(recall, "read"))
    assert RecallNotice.objects.get().read_by_name == "张师傅"
    back = page_of(recall, "recover", cask.number)
    too_much = zhang.post(back, {"quantity": "1000.001"})
    assert (too_much.status_code, "还有 1000 未追回" in too_much.content.decode()) == (400, True)
    assert zhang.post(back, {"quantity": "２５０"}).status_code == 302
    assert Recovery.objects.get().quantity == 250
    page = zhang.get(page_of(recall)).content.decode()
    assert "已追回: 250 升" in page or "已追回 250 升" in page
    assert page.count('class="part part--') == 2


def test_an_exercise_tells_its_time_and_touches_nothing(goods, cast, as_person):
    cask = released(goods)
    zhang, ask = as_person(cast.zhang), reverse("portal-recall-ask", args=["batch"])
    answer = zhang.post(ask, {"batch": cask.number, "is_mock": "on", "send": "1", **REASON}, follow=True)
    assert "演练结果" in answer.content.decode()
    assert Batch.objects.get(pk=cask.pk).state == BatchState.RELEASED


@pytest.mark.parametrize(
    ("scope", "told", "said"),
    [
        ("batch", {"batch": "0000000000"}, "没有号码为"),
        ("batch", {"batch": "\x00"}, "含有无法保存的字符"),
        ("batch", {}, "请填写这一项"),
        ("site", {"site": "abc"}, "不是一个完整的号码"),
        ("days", {"first_on": "2026-09-30", "last_on": "2026-09-01"}, "结束日期应在开始日期之后"),
        ("laboratory", {"laboratory": "省院"}, "请指明生产者"),
    ],
)
def test_what_cannot_be_is_told_beside_what_was_typed(goods, cast, as_person, scope, told, said):
    producer = {"producer": goods.register.zhang.number} if scope == "days" else {}
    answer = as_person(cast.zhang).post(reverse("portal-recall-ask", args=[scope]), {**told, **producer, **REASON})
    assert (answer.status_code, said in answer.content.decode()) == (400, True), answer.content.decode()
    assert Recall.objects.count() == 0


def test_pages_are_for_those_who_may(goods, cast, as_person):
    recall = opened(released(goods), cast.zhang)
    for person, status in ((cast.feng, 404), (cast.gao, 404), (cast.chen, 404), (cast.li, 200), (cast.zhang, 200)):
        assert as_person(person).get(page_of(recall)).status_code == status
    chen = as_person(cast.chen)
    assert chen.get(reverse("portal-recalls")).status_code == 200
    assert chen.get(reverse("portal-recall-new")).status_code == 403
    assert chen.get(reverse("portal-recall-ask", args=["batch"])).status_code == 403
    assert as_person(cast.li).get(reverse("portal-recall-ask", args=["nothing"])).status_code == 404
    zhang = as_person(cast.zhang)
    assert zhang.post(page_of(recall, "do", "confirm")).status_code == 403
    assert zhang.get(page_of(recall, "do", "nothing")).status_code == 404
    actions.confirm_recall(recall=recall, actor=cast.wang.actor, now=NOW)
    assert chen.get(page_of(recall)).status_code == 200
    assert chen.get(page_of(recall, "recover", recall.batch.number)).status_code == 403


@pytest.mark.parametrize(("language", "words"), [("zh", "召回"), ("en", "Recalls")])
def test_the_way_to_recalls_is_in_the_menu_of_those_whom_they_concern(goods, cast, as_person, language, words):
    for person in (cast.zhang, cast.li, cast.chen):
        page = as_person(person).get(f"/portal/?lang={language}").content.decode()
        assert f'href="{reverse("portal-recalls")}"' in page
        assert words in page
    assert f'href="{reverse("portal-recalls")}"' not in as_person(cast.hu).get("/portal/").content.decode()
