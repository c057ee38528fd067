"""A year's report on a phone: found under Today, its figures looked at, written, sent, returned, put right and accepted at a desk."""

from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESK, arrive
from tests.build_annual import JANUARY
from tests.build_quota import the_books
from tests.build_trace import the_goods
from tests.cast import NOW
from tests.journeys.steps import follow, press, sign_in
from trace import actions
from trace.actions import LabelSaying
from trace.models import AnnualUseReport
from trace.rules.annual_reports import AnnualState
from trace.rules.batches import BatchState
from trace.rules.issuances import Span
from trace.rules.label_orders import LabelMove

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/portal/annual-reports/"


@pytest.fixture
def year(cast: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """2026 at Zhang's: a batch sold and one recalled, a hundred labels, a harvest; and it is January."""
    books = the_books(the_goods(cast))
    goods, little = books.goods, {"quantity": Decimal(20), "pack_count": 40, "season": books.quota.season}
    for state in (BatchState.RELEASED, BatchState.RECALLED, BatchState.VOID):
        goods.batch(state, **little)
    given, official = {"actor": books.maker, "now": NOW}, {"actor": cast.chen.actor, "now": NOW}
    order = actions.request_labels(quota=books.quota, form=goods.form, count=100, **given)
    order = actions.issue_labels(order=actions.approve_labels(order=order, **official), **official)
    saying = LabelSaying(LabelMove.LOST, Span(1, 4))
    actions.record_labels(order=order, saying=saying, reason="遗失", **given)
    actions.declare_harvest(row=books.row, quantity=Decimal(700), **given)
    monkeypatch.setattr("gi_registry.lib.clock.now", lambda: JANUARY)
    return books


@pytest.mark.parametrize("has_script", [True, False])
def test_a_year_is_reported_on_a_phone_and_accepted_at_a_desk(year, cast, a_phone, looked_at, has_script):
    zhang = a_phone(java_script_enabled=has_script)

    def look(page: Page, name: str) -> None:
        if has_script or page is not zhang:  # both ask the page itself
            looked_at(page, name)

    sign_in(zhang, cast.zhang)
    zhang.goto("/portal/")
    expect(zhang.locator(".tasks")).to_contain_text("待填年报")
    zhang.goto(HERE)
    expect(zhang.locator("h1")).to_have_text("专用标志年报")
    look(zhang, "1-list")
    arrive(zhang.locator(".batches a").first)
    expect(zhang.locator("h1")).to_have_text("填写 2026 年年报")
    press(zhang, "开始填写")
    expect(zhang.locator("main")).to_contain_text("提交前还缺")
    expect(zhang.get_by_role("img", name="标识的去向: 未使用 96 · 遗失 4")).to_be_visible()
    look(zhang, "2-draft")
    follow(zhang, "填写销售情况")
    expect(zhang.locator("[name=sales_value]")).to_be_visible()
    zhang.fill("[name=sales_value]", "-5")
    zhang.fill("[name=quantity_sold]", "38")
    zhang.select_option("[name=quantity_unit]", "litre")
    zhang.fill("[name=remarks]", "市场抽检一次，合格。")
    press(zhang, "继续")
    expect(zhang.locator("#error-summary")).to_contain_text("销售额应为 0")
    look(zhang, "3-fault")
    zhang.fill("[name=sales_value]", "12500.50")
    press(zhang, "继续")
    expect(zhang.locator("h1")).to_have_text("请核对")
    look(zhang, "4-check")
    press(zhang, "保存")
    expect(zhang.locator("[role=status]")).to_contain_text("已保存")
    look(zhang, "5-saved")
    follow(zhang, "核对并提交")
    expect(zhang.locator("main")).to_contain_text("12,500.50")
    look(zhang, "6-send")
    press(zhang, "提交年报")
    expect(zhang.locator(".reference")).to_be_visible()
    look(zhang, "7-sent")
    report = AnnualUseReport.objects.get()
    li = a_phone(viewport=DESK, locale="en")
    sign_in(li, cast.li)
    li.goto("/portal/")
    expect(li.locator("main")).to_contain_text("Annual reports 1")
    li.goto(f"{HERE}{report.number}/")
    expect(li.locator("h1")).to_have_text("Use of the mark in 2026")
    look(li, "8-desk")
    follow(li, "Return")
    expect(li.locator("[name=reason]")).to_be_visible()
    li.fill("[name=reason]", "Which inspection?")
    press(li, "Return")
    expect(li.locator("[role=status]")).to_contain_text("Returned")
    zhang.goto("/portal/")
    arrive(zhang.locator(".tasks a").filter(has_text="已退回"))
    expect(zhang.locator("main")).to_contain_text("Which inspection?")
    look(zhang, "9-returned")
    follow(zhang, "核对并提交")
    press(zhang, "提交年报")
    expect(zhang.locator(".reference")).to_be_visible()
    li.goto(f"{HERE}{report.number}/do/accept/")
    look(li, "10-accept")
    press(li, "Accept")
    expect(li.locator("[role=status]")).to_contain_text("Accepted")
    look(li, "11-accepted")
    report.refresh_from_db()
    assert (report.state, report.sales_value) == (AnnualState.ACCEPTED, Decimal("12500.50"))


def test_a_holder_sets_a_due_day_and_takes_the_year_along_on_an_english_phone(year, cast, a_phone, looked_at):
    chen = a_phone(locale="en")
    sign_in(chen, cast.chen)
    chen.goto(HERE)
    expect(chen.locator("h1")).to_have_text("Annual reports")
    looked_at(chen, "1-list-en")
    follow(chen, "Set a due day")
    chen.fill("[name=due_on]", "2027-03-31")
    chen.fill("[name=source]", "Notice 9 of the association")
    looked_at(chen, "2-due")
    press(chen, "Continue")
    expect(chen.locator("h1")).to_have_text("Check your answers")
    press(chen, "Set it")
    expect(chen.locator("[role=status]")).to_contain_text("2027-03-31")
    looked_at(chen, "3-set")
    with chen.expect_download() as sheet:
        chen.get_by_role("link", name="Download the reports sent for 2026 as a sheet", exact=True).click()
    assert sheet.value.suggested_filename == "annual-reports-2026.xlsx"
    zhang = a_phone(locale="en")
    sign_in(zhang, cast.zhang)
    zhang.goto("/portal/")
    expect(zhang.locator(".tasks")).to_contain_text("Due on 2027-03-31.")
    looked_at(zhang, "4-today")
