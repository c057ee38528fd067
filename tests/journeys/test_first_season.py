"""A maker's first season on a phone: a site, the right to the mark, labels, a batch on sale, and its labels printed."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gi_registry.lib import clock
from products.models import Authorisation
from products.rules.words import AuthorisationState
from tests.browser import DESK, arrive
from tests.build_jobs import work_it_off
from tests.build_products import REPORT
from tests.build_quota import an_entitlement, the_books
from tests.build_trace import checks_forgotten, the_goods
from tests.journeys.steps import follow, press, sign_in
from trace.models import Batch, Issuance, LabelOrder, PrintJob
from trace.rules.batches import BatchState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CORNERS = ((112.55, 37.55), (112.551, 37.55), (112.551, 37.551), (112.55, 37.551))


@pytest.fixture
def books(cast: Any, settings: Any, tmp_path: Any) -> Iterator[Any]:
    settings.PRINTS_DIR = tmp_path / "prints"
    with checks_forgotten():
        yield the_books(the_goods(cast))


def a_desk(a_phone: Callable[..., Page], person: Any) -> Page:
    desk = a_phone(viewport=DESK)
    sign_in(desk, person)
    return desk


def register_a_site(page: Page, looked_at: Callable[[Page, str], None]) -> None:
    page.goto("/portal/rights/")
    looked_at(page, "01-no-sites")
    follow(page, "登记一处")
    page.get_by_label("名称").fill("塬上作坊")
    page.get_by_label("场地类型").select_option("workshop")
    page.get_by_label("地理标志").select_option("清徐陈醋")
    looked_at(page, "02-what")
    press(page, "继续")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": CORNERS[0][0], "latitude": CORNERS[0][1], "accuracy": 5})
    page.get_by_role("button", name="走到边界上").click()
    expect(page.locator("[data-told]")).to_contain_text("已有 1 个点")
    looked_at(page, "03-where")
    press(page, "继续")
    looked_at(page, "04-look-again")
    press(page, "登记场地")
    expect(page.locator("h1")).to_have_text("场地已登记")
    looked_at(page, "05-site")


def apply_for_the_mark(page: Page, looked_at: Callable[[Page, str], None]) -> str:
    follow(page, "申请使用专用标志")
    expect(page.locator("input[name=title]")).to_be_checked()
    looked_at(page, "06-which-name")
    press(page, "继续")
    page.get_by_label("塬上作坊").check()
    looked_at(page, "07-which-sites")
    press(page, "继续")
    press(page, "建立申请")
    looked_at(page, "08-application")
    address = page.url
    follow(page, "添加材料")
    page.get_by_label("质量检验报告").check()
    page.set_input_files("[name=file]", {"name": "检验报告.pdf", "mimeType": "application/pdf", "buffer": REPORT})
    looked_at(page, "08-document")
    press(page, "添加")
    expect(page.get_by_role("link", name="检验报告.pdf")).to_be_visible()
    follow(page, "提交申请")
    press(page, "提交申请")
    expect(page.locator("[role=status]").first).to_contain_text("等待县级部门核验产地")
    looked_at(page, "09-sent")
    return address


def decide(desk: Page, address: str, button: str, **told: str) -> None:
    desk.goto(address)
    follow(desk, button)
    for name, value in told.items():
        desk.fill(f"[name={name}]", value)
    if told:
        press(desk, "继续")
    press(desk, button)


def order_labels(page: Page, books: Any, looked_at: Callable[[Page, str], None]) -> None:
    page.goto("/portal/products/new/")
    page.get_by_label("清徐陈醋").check()
    page.get_by_label("产品名称（中文）").fill("塬上陈醋")
    page.get_by_label("净含量").fill("500")
    page.get_by_label("单位").select_option("millilitre")
    looked_at(page, "13-product")
    press(page, "添加")
    page.goto("/portal/quota/")
    arrive(page.locator(".quotas a"))
    looked_at(page, "14-quota")
    follow(page, "申领标识")
    page.locator("input[name=form]").check()
    page.fill("[name=count]", "500")
    press(page, "继续")
    looked_at(page, "15-order")
    press(page, "提交申领")
    expect(page.locator("h1")).to_have_text("申领已提交")


def register_and_release(page: Page, looked_at: Callable[[Page, str], None]) -> None:
    page.goto("/portal/")
    follow(page, "登记一个批次")
    page.get_by_label("塬上陈醋").check()
    press(page, "继续")
    page.get_by_label("塬上作坊").check()
    press(page, "继续")
    page.get_by_label("生产日期", exact=True).fill(clock.today().isoformat())
    page.get_by_label("产季").select_option(index=1)
    press(page, "继续")
    page.get_by_label("数量").fill("100")
    page.get_by_label("包装件数").fill("20")
    press(page, "继续")
    looked_at(page, "16-check-answers")
    press(page, "登记")
    expect(page.get_by_role("heading", name="批次已登记")).to_be_visible()
    follow(page, "放行")
    press(page, "放行")
    expect(page.get_by_role("status")).to_contain_text("已放行")
    looked_at(page, "17-released")


def print_labels(page: Page, looked_at: Callable[[Page, str], None]) -> None:
    batch = Batch.objects.get(producer__organisation__name_zh="祁县冯记醋厂")
    page.goto(f"/portal/batches/{batch.number}/codes/new/")
    page.fill("[name=count]", "20")
    page.locator("input[name=activation]").first.check()
    press(page, "申请")
    looked_at(page, "18-codes")
    issuance = Issuance.objects.get(batch=batch)
    page.goto(f"/portal/issuances/{issuance.number}/print/")
    looked_at(page, "19-print")
    arrive(page.get_by_role("button", name="不试印，直接生成"))
    work_it_off()
    page.goto(f"/portal/prints/{PrintJob.objects.get().number}/")
    looked_at(page, "20-printed")


def test_a_first_season_from_the_field_to_the_printed_label(books, cast, a_phone, looked_at):
    feng = a_phone()
    sign_in(feng, cast.feng)
    register_a_site(feng, looked_at)
    address = apply_for_the_mark(feng, looked_at)

    zhao = a_desk(a_phone, cast.zhao)
    zhao.goto("/portal/")
    looked_at(zhao, "10-county")
    decide(zhao, address, "产地核验通过", reason="11 月 19 日两人到场，作坊与申请一致。")
    looked_at(zhao, "11-checked")
    lin = a_desk(a_phone, cast.lin)
    decide(lin, address, "审核通过")
    decide(lin, address, "核准生效", approval_reference="晋知地标 2026 第 3 号", valid_from="2026-11-20")
    looked_at(lin, "12-granted")
    right = Authorisation.objects.get(number=address.rstrip("/").split("/")[-1])
    assert right.state == AuthorisationState.ACTIVE
    an_entitlement(books.quota, right.producer)

    order_labels(feng, books, looked_at)
    desk = a_desk(a_phone, cast.chen)
    order = LabelOrder.objects.get(entitlement__producer=right.producer)
    for step, button in (("approve", "核准"), ("issue", "发放")):
        desk.goto(f"/portal/label-orders/{order.number}/do/{step}/")
        press(desk, button)
    register_and_release(feng, looked_at)
    print_labels(feng, looked_at)
    batch = Batch.objects.get(producer=right.producer)
    assert (batch.state, batch.quantity) == (BatchState.RELEASED, Decimal(100))
    assert Issuance.objects.get(batch=batch).count == 20
    assert PrintJob.objects.get(issuance__batch=batch).done == 20
