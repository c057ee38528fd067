"""A season on its keeper's phone, from the first figure to the last label: opened, granted, taken off, put right, closed."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from products.models import SeasonQuota
from tests.browser import arrive
from tests.build_products import a_season
from tests.build_quota import Books, a_ceiling, a_draft_quota, an_order
from tests.journeys.steps import follow, press, sign_in
from trace.models import ClosingNote, Entitlement, LedgerTransaction

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def through(page, name: str, looked_at, picture: str) -> None:
    """On to the answers once more, and then it is sent."""
    press(page, "继续")
    expect(page.get_by_role("heading", name="请核对")).to_be_visible()
    looked_at(page, picture)
    press(page, name)


def test_a_keeper_opens_grants_takes_off_puts_right_and_closes(cast, goods, a_phone, looked_at):
    season = a_season(goods.register.indication)
    a_draft_quota(season, a_ceiling(3_000), cap=Decimal(5_000))
    page = a_phone()
    sign_in(page, cast.chen)
    arrive(page.locator("nav.menu").get_by_role("link", name="产季"))
    looked_at(page, "01-seasons")
    arrive(page.locator(".batches a"))
    looked_at(page, "02-draft")
    follow(page, "开始执行配额")
    through(page, "开始执行配额", looked_at, "03-open")
    expect(page.get_by_role("heading", name="有用标资格、尚未核定")).to_be_visible()
    looked_at(page, "04-season")
    arrive(page.locator("#lacking + ul a"))
    looked_at(page, "05-grant")
    through(page, "核定额度", looked_at, "06-lines")
    expect(page.get_by_text("本产季核定 3,000 升")).to_be_visible()
    row = Entitlement.objects.get()
    looked_at(page, "07-granted")
    follow(page, "扣减额度")
    page.get_by_label("扣减数量").fill("１００")
    page.get_by_label("原因").fill("抽查发现外来原料")
    through(page, "扣减额度", looked_at, "08-penalty")
    expect(page.get_by_text("已入账")).to_be_visible()
    looked_at(page, "09-posting")
    follow(page, "冲正")
    page.get_by_label("原因").fill("复查无误")
    through(page, "冲正记账", looked_at, "10-reverse")
    expect(page.get_by_text("已入账")).to_be_visible()
    assert LedgerTransaction.objects.filter(reversal_of__isnull=False).count() == 1
    an_order(Books(goods, row.quota, row), 40)
    page.goto(f"/portal/seasons/{season.number}/close/")
    looked_at(page, "11-close")
    page.get_by_label("统一说明").fill("封存于协会仓库")
    through(page, "结束产季", looked_at, "12-closing")
    expect(page.locator(".tag").first).to_have_text("已关闭")
    looked_at(page, "13-closed")
    assert ClosingNote.objects.get().reason == "封存于协会仓库"
    assert SeasonQuota.objects.get().closed_at
