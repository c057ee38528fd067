"""The main job, told once: a producer signs in on a phone, registers a batch and releases it; a buyer scans its code."""

import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from gi_registry.lib import clock
from gi_registry.lib.ids import grouped
from tests.browser import arrive, faults, picture, sideways
from tests.cast import PASSWORD
from trace.models import Batch
from trace.portal.symbols import LABELS_A_PAGE
from trace.qr import PROFILES
from trace.qr import width_mm as width_of
from trace.rules.batches import BatchState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Look = Callable[[Page, str], None]
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Nothing overflows the phone, axe finds nothing, and a picture is kept for people who ask."""

    def looked(page: Page, name: str) -> None:
        page.wait_for_load_state()
        picture(page, tmp_path / f"{name}.png")
        assert sideways(page) == 0, f"{name} is wider than the screen"
        assert faults(page) == [], name

    return looked


def sign_in(page: Page, look: Look) -> None:
    page.goto("/portal/")
    look(page, "01-sign-in")
    page.get_by_label("用户名或邮箱").fill("zhang")
    page.get_by_label("密码").fill(PASSWORD)
    arrive(page.get_by_role("button", name="登录"))
    expect(page.get_by_role("heading", name="今日事项")).to_be_visible()
    look(page, "02-today")


def register(page: Page, look: Look) -> str:
    """Answer every question, with one slip on the way; the lot number on the confirmation."""
    go_on = page.get_by_role("button", name="继续")
    arrive(page.get_by_role("link", name="登记一个批次"))
    look(page, "03-product")
    arrive(go_on)
    page.get_by_label("东地").check()
    page.get_by_label("老作坊").check()
    look(page, "04-sites")
    arrive(go_on)
    arrive(go_on)
    expect(page.locator("#error-summary")).to_be_focused()
    look(page, "05-dates-with-a-fault")
    page.get_by_role("link", name="请填写生产日期").click()
    expect(page.get_by_label("生产日期", exact=True)).to_be_focused()
    page.get_by_label("生产日期", exact=True).fill(clock.today().isoformat())
    arrive(go_on)
    page.get_by_label("数量").fill("1200")
    page.get_by_label("包装件数").fill("2400")
    look(page, "06-amount")
    arrive(go_on)
    expect(page.get_by_role("heading", name="登记前请核对")).to_be_visible()
    look(page, "07-check-answers")
    arrive(page.get_by_role("link", name="修改 数量"))
    expect(page.get_by_label("包装件数")).to_have_value("2400")
    page.get_by_label("包装件数").fill("2000")
    arrive(go_on)
    expect(page.get_by_text("2,000 件")).to_be_visible()
    arrive(page.get_by_role("button", name="登记"))
    expect(page.get_by_role("heading", name="批次已登记")).to_be_visible()
    look(page, "08-registered")
    return page.locator(".reference").inner_text().replace(" ", "")


def release(page: Page, look: Look) -> None:
    arrive(page.get_by_role("link", name="放行", exact=True))
    look(page, "09-release")
    arrive(page.get_by_role("button", name="放行"))
    expect(page.get_by_role("status")).to_contain_text("已放行")
    look(page, "10-batch")


def scanned(page: Page) -> str:
    """The path of the link in the QR code as it stands on the screen."""
    picture = Image.open(io.BytesIO(page.locator(".qr svg").screenshot()))
    (found,) = zxingcpp.read_barcodes(picture)
    link = urlsplit(found.text)
    assert link.netloc == "testserver"
    return link.path


def test_a_producer_registers_and_releases_and_a_buyer_reads_the_verdict(goods, a_phone, look):
    desk = a_phone()
    sign_in(desk, look)
    lot = register(desk, look)
    assert scanned(desk) == f"/c/{lot}"
    release(desk, look)
    path = scanned(desk)

    buyer = a_phone(user_agent=ANDROID)
    buyer.goto(path)
    expect(buyer.get_by_role("heading", level=1)).to_have_text("已登记")
    for fact in ("批次已登记并放行", "五年陈酿醋", "清徐张记醋厂", grouped(lot)):
        expect(buyer.get_by_text(fact).first).to_be_visible()
    expect(buyer.locator("#seen")).to_contain_text("第 1 次查询")
    look(buyer, "11-verdict-zh")
    buyer.goto(f"{path}?lang=en")
    expect(buyer.get_by_role("heading", level=1)).to_have_text("Registered")
    expect(buyer.get_by_text("The batch is registered and released.")).to_be_visible()
    expect(buyer.get_by_text("Zhang Vinegar Works").first).to_be_visible()
    look(buyer, "12-verdict-en")

    plain = a_phone(user_agent=IPHONE, java_script_enabled=False)
    plain.goto(path)
    for fact in ("批次已登记并放行", "五年陈酿醋", "清徐张记醋厂", goods.register.zhang.organisation.uscc):
        expect(plain.get_by_text(fact).first).to_be_visible()
    arrive(plain.get_by_role("button", name="记为一次查询"))
    expect(plain.locator("#seen")).to_contain_text("2")
    assert Batch.objects.get(number=lot).tally.count == 2


def test_the_rest_of_the_desk_fits_a_phone_and_reads_well_to_a_machine(goods, a_phone, look):
    goods.batch(BatchState.DRAFT)
    goods.batch(BatchState.ON_HOLD)
    lot = goods.batch(BatchState.REGISTERED).number
    page = a_phone()
    sign_in(page, look)
    pages = {
        "20-batches": "/portal/batches/",
        "21-batch": f"/portal/batches/{lot}/",
        "22-sheet": f"/portal/batches/{lot}/sheet/",
        "23-void": f"/portal/batches/{lot}/do/void/",
        "24-products": "/portal/products/",
        "25-new-product": "/portal/products/new/",
        "26-rights": "/portal/rights/",
    }
    for name, address in pages.items():
        page.goto(f"{address}?lang=zh")
        look(page, name)
        page.goto(f"{address}?lang=en")
        look(page, f"{name}-en")
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto("/portal/?lang=zh")
    look(page, "30-today-wide")
    page.goto(f"/portal/batches/{lot}/")
    look(page, "31-batch-wide")


def test_the_printed_sheet_holds_a_full_page_of_codes_at_their_true_size(goods, a_phone, tmp_path):
    lot = goods.batch(BatchState.REGISTERED).number
    page = a_phone(viewport={"width": 703, "height": 1032})  # A4 without margins of 12 mm, at 96 points an inch
    sign_in(page, lambda *_: None)
    page.goto(f"/portal/batches/{lot}/sheet/?dpi=203")
    page.emulate_media(media="print")
    picture = page.screenshot(path=tmp_path / "sheet.png", full_page=True)
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert [code.text for code in found] == [f"http://testserver/c/{lot}"] * LABELS_A_PAGE
    width_mm = page.locator(".label-card svg").first.bounding_box()["width"] * 25.4 / 96
    assert width_mm == pytest.approx(width_of(found[0].text, PROFILES[203]), abs=0.05)
    assert page.evaluate("document.documentElement.scrollHeight") <= 1032
