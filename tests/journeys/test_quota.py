"""A season's right on a phone: looked at, labels ordered, approved and used, goods handed over. With script and without."""

from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESK, arrive, faults, sideways
from tests.build_products import QI_FIELD, a_site, an_authorisation
from tests.build_quota import left, the_books
from tests.build_trace import the_goods
from tests.cast import NOW
from tests.journeys.steps import follow, press, sign_in
from trace import actions
from trace.models import LabelOrder, Transfer
from trace.rules.label_orders import GoodsKind, OrderState, TransferState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def books(cast: Any) -> Any:
    return the_books(the_goods(cast))


def looked_at(page: Page, has_script: bool) -> None:
    """Nothing wrong for whoever hears the page, and nothing beyond the edge of the screen."""
    page.wait_for_load_state()
    if has_script:  # both ask the page itself
        assert faults(page) == []
        assert sideways(page) == 0


@pytest.mark.parametrize("has_script", [True, False])
def test_labels_are_ordered_on_a_phone_approved_at_a_desk_and_put_on_packs(books, cast, a_phone, has_script):
    batch = books.batch(50)
    zhang = a_phone(java_script_enabled=has_script)
    sign_in(zhang, cast.zhang)
    zhang.goto("/portal/quota/")
    looked_at(zhang, has_script)
    arrive(zhang.locator(".quotas a"))
    expect(zhang.get_by_role("img", name="土地的额度: 已用 50 升 · 还剩 2,950 升")).to_be_visible()
    looked_at(zhang, has_script)
    follow(zhang, "申领标识")
    press(zhang, "继续")
    expect(zhang.locator("#error-summary")).to_contain_text("请选择一种产品")
    looked_at(zhang, has_script)
    zhang.locator("input[name=form]").check()
    zhang.fill("[name=count]", "200")
    press(zhang, "继续")
    expect(zhang.locator("h1")).to_have_text("请核对")
    looked_at(zhang, has_script)
    press(zhang, "修改")
    expect(zhang.locator("[name=count]")).to_have_value("200")
    zhang.fill("[name=count]", "120")
    press(zhang, "继续")
    press(zhang, "提交申领")
    expect(zhang.locator("h1")).to_have_text("申领已提交")
    looked_at(zhang, has_script)
    order = LabelOrder.objects.get()
    chen = a_phone(viewport=DESK)
    sign_in(chen, cast.chen)
    for step, button in (("approve", "核准"), ("issue", "发放")):
        chen.goto(f"/portal/label-orders/{order.number}/do/{step}/")
        press(chen, button)
    looked_at(chen, True)
    follow(zhang, "查看申领")
    follow(zhang, "启用")
    zhang.fill("[name=last]", "100")
    zhang.select_option("[name=batch]", batch.number)
    press(zhang, "继续")
    expect(zhang.locator("main dl")).to_contain_text("1–100，共 100 枚")
    press(zhang, "启用")
    expect(zhang.locator("[role=status]")).to_contain_text("已记录：启用")
    looked_at(zhang, has_script)
    order.refresh_from_db()
    assert (order.state, order.active, order.unused) == (OrderState.ISSUED, 100, 20)


def test_goods_are_offered_on_a_phone_and_accepted_on_another(books, cast, a_phone):
    register = books.goods.register
    an_authorisation(register.feng, register.title, [a_site(register.feng, register.indication, box=QI_FIELD)])
    zhang, feng = a_phone(), a_phone(locale="en")
    sign_in(zhang, cast.zhang)
    zhang.goto(f"/portal/quota/{books.row.number}/transfers/new/")
    looked_at(zhang, True)
    zhang.fill("[name=taker]", register.feng.number)
    zhang.locator(f"input[value={GoodsKind.RAW}]").check()
    zhang.fill("[name=quantity]", "40")
    press(zhang, "继续")
    expect(zhang.locator("main dl")).to_contain_text(register.feng.organisation.name_zh)
    press(zhang, "提交流转")
    looked_at(zhang, True)
    sign_in(feng, cast.feng)
    feng.goto("/portal/")
    arrive(feng.locator(".tasks a").first)
    looked_at(feng, True)
    follow(feng, "Accept")
    looked_at(feng, True)
    press(feng, "Accept")
    expect(feng.locator("[role=status]")).to_contain_text("Accepted")
    transfer = Transfer.objects.get()
    assert (transfer.state, transfer.quantity) == (TransferState.ACCEPTED, Decimal(40_000))


def test_labels_that_came_back_are_destroyed_before_two_witnesses(books, cast, a_phone):
    given = {"quota": books.quota, "form": books.goods.form, "actor": books.maker, "now": NOW}
    asked = actions.request_labels(count=10, **given)
    official = {"actor": cast.chen.actor, "now": NOW}
    order = actions.issue_labels(order=actions.approve_labels(order=asked, **official), **official)
    chen = a_phone(viewport=DESK, locale="en")
    sign_in(chen, cast.chen)
    chen.goto(f"/portal/label-orders/{order.number}/")
    follow(chen, "Record a return")
    chen.fill("[name=last]", "10")
    chen.fill("[name=reason]", "end of the season")
    press(chen, "Continue")
    press(chen, "Record a return")
    follow(chen, "Record a destruction")
    looked_at(chen, True)
    for name, said in (("last", "10"), ("witness", "王秀英"), ("other_witness", "王秀英"), ("reason", "burnt")):
        chen.fill(f"[name={name}]", said)
    press(chen, "Continue")
    press(chen, "Record a destruction")
    expect(chen.locator("#error-summary")).to_contain_text("two people")
    looked_at(chen, True)
    chen.fill("[name=other_witness]", "李建国")
    press(chen, "Continue")
    press(chen, "Record a destruction")
    expect(chen.locator("main")).to_contain_text("Destroyed 1–10")
    order.refresh_from_db()
    assert order.state == OrderState.CLOSED


@pytest.mark.parametrize("has_script", [True, False])
def test_a_harvest_and_what_was_made_of_it_are_reported_on_a_phone(books, cast, a_phone, has_script):
    zhang = a_phone(java_script_enabled=has_script, locale="zh" if has_script else "en")
    go_on, send = ("继续", "提交申报") if has_script else ("Continue", "Send the report")
    sign_in(zhang, cast.zhang)
    zhang.goto(f"/portal/quota/{books.row.number}/")
    looked_at(zhang, has_script)
    follow(zhang, "申报采收" if has_script else "Report a harvest")
    looked_at(zhang, has_script)
    zhang.fill("[name=quantity]", "3001")
    press(zhang, go_on)
    expect(zhang.locator("#error-summary")).to_contain_text("3,001")
    looked_at(zhang, has_script)
    zhang.fill("[name=quantity]", "800")
    press(zhang, go_on)
    expect(zhang.locator("main")).to_contain_text("2,200")
    looked_at(zhang, has_script)
    press(zhang, send)
    expect(zhang.locator(".reference")).to_be_visible()
    looked_at(zhang, has_script)
    zhang.goto(f"/portal/quota/{books.row.number}/processing/new/")
    looked_at(zhang, has_script)
    for name in ("raw", "goods"):
        zhang.fill(f"[name={name}]", "300")
    press(zhang, go_on)
    looked_at(zhang, has_script)
    press(zhang, send)
    expect(zhang.locator(".reference")).to_be_visible()
    looked_at(zhang, has_script)
    assert (left(books.row)["raw"], left(books.row)["processed"]) == (Decimal(500_000), Decimal(300_000))
