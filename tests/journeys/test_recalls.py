"""A recall on a phone: opened by an official with a look at what it reaches, confirmed at another desk, told by its maker."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, arrive
from tests.build_genealogy import a_lot, made_of
from tests.build_trace import Goods, the_goods
from tests.cast import NOW
from tests.journeys.steps import follow, press, sign_in
from trace import actions
from trace.models import Batch, Recall

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def goods(cast: Any) -> Goods:
    return the_goods(cast)


def test_goods_are_called_back_by_two_officials_and_their_maker_tells_what_came_back(goods, cast, a_phone, looked_at):
    given = {"actor": goods.maker, "now": NOW}
    cask = actions.release_batch(batch=a_lot(goods), **given)
    for litres in (300, 200):
        actions.release_batch(batch=made_of(goods, cask, litres=litres), **given)
    made_of(goods, cask, litres=50)
    li = a_phone()
    sign_in(li, cast.li)
    li.goto(f"/portal/batches/{cask.number}/")
    follow(li, "召回及下游")
    looked_at(li, "scopes")
    arrive(li.get_by_role("link", name="一个批次"))
    expect(li.locator("[name=batch]")).to_have_value(cask.number)
    press(li, "继续")
    expect(li.locator("#error-summary")).to_contain_text("请填写这一项")
    looked_at(li, "faults")
    li.fill("[name=reason]", "抽检总酸不足，请停止食用并退货。")
    press(li, "继续")
    expect(li.locator("main")).to_contain_text("涉及的生产者")
    looked_at(li, "look-again")
    press(li, "发起召回")
    expect(li.locator("main")).to_contain_text("须由另一人确认")
    looked_at(li, "opened")
    recall = Recall.objects.get()
    wang = a_phone(viewport=DESK, locale="en")
    sign_in(wang, cast.wang)
    arrive(wang.locator("nav.menu").get_by_role("link", name="Recalls"))
    looked_at(wang, "list")
    arrive(wang.get_by_role("link", name="抽检总酸不足"))
    follow(wang, "Confirm the recall")
    looked_at(wang, "confirm")
    press(wang, "Confirm the recall")
    expect(wang.locator("[role=status]")).to_contain_text("Recalled, and the parties are told")
    zhang = a_phone()
    sign_in(zhang, cast.zhang)
    looked_at(zhang, "today")
    arrive(zhang.get_by_role("link", name="抽检总酸不足").first)
    press(zhang, "我已阅读通知")
    follow(zhang, "记录追回")
    zhang.fill("[name=quantity]", "451")
    press(zhang, "记录")
    expect(zhang.locator("#error-summary")).to_contain_text("还有 450 未追回")
    looked_at(zhang, "too-much")
    zhang.fill("[name=quantity]", "125.5")
    press(zhang, "记录")
    expect(zhang.get_by_role("img", name="追回进度: 已追回 125.5 升 · 未追回 824.5 升")).to_be_visible()
    looked_at(zhang, "under-way")
    wang.goto(f"/portal/recalls/{recall.number}/")
    looked_at(wang, "under-way-desk")
    assert sorted(Batch.objects.values_list("state", flat=True)) == ["recalled"] * 3 + ["registered"]


def test_an_exercise_is_opened_on_a_phone_and_tells_how_it_went(goods, cast, a_phone, looked_at):
    cask = actions.release_batch(batch=a_lot(goods), actor=goods.maker, now=NOW)
    zhang = a_phone()
    sign_in(zhang, cast.zhang)
    zhang.goto(f"/portal/recalls/new/input/?batch={cask.number}")
    zhang.fill("[name=reason]", "年度演练")
    zhang.check("[name=is_mock]")
    looked_at(zhang, "ask-exercise")
    press(zhang, "继续")
    expect(zhang.locator("main")).to_contain_text("此范围内没有上市的批次")
    press(zhang, "发起召回")
    expect(zhang.locator("main")).to_contain_text("演练结果")
    looked_at(zhang, "exercise")
    assert Batch.objects.get().state == "released"
