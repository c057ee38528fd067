"""A recall on a phone: opened by an official with a look at what it reaches, confirmed at another desk, told by its maker."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESK, faults, picture
from tests.build_genealogy import a_lot, made_of
from tests.build_trace import Goods, the_goods
from tests.cast import NOW, PASSWORD
from trace import actions
from trace.models import Batch, Recall

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def goods(cast: Any) -> Goods:
    return the_goods(cast)


def sign_in(page: Page, person: Any) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", person.user.username)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("nav.menu")).to_be_visible()


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()


@pytest.fixture
def looked_at(tmp_path: Path) -> Callable[[Page, str], None]:
    """Nothing wrong for whoever hears the page, nothing beyond the edge of the screen; and a picture for whoever looks."""

    def look(page: Page, name: str) -> None:
        page.wait_for_load_state()
        picture(page, tmp_path / f"{name}.png")
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    return look


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
    li.get_by_role("link", name="一个批次").click()
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
    wang.locator("nav.menu").get_by_role("link", name="Recalls").click()
    looked_at(wang, "list")
    wang.get_by_role("link", name="抽检总酸不足").click()
    follow(wang, "Confirm the recall")
    looked_at(wang, "confirm")
    press(wang, "Confirm the recall")
    expect(wang.locator("[role=status]")).to_contain_text("Recalled, and the parties are told")
    zhang = a_phone()
    sign_in(zhang, cast.zhang)
    looked_at(zhang, "today")
    zhang.get_by_role("link", name="抽检总酸不足").first.click()
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
