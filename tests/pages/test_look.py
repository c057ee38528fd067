"""Pages in a real browser: the map draws, nothing breaks the content policy, axe finds no fault, phones need no sideways scroll."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESK, LONGEST_MS, PHONE, faults, sideways

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PAGES = (
    "/",
    "/about/",
    "/log/",
    "/log/verify/",
    "/log/keys/",
    "/style/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/api/problems/",
    "/nothing/",
)
DRAWN = "[data-map][data-drawn]"


@pytest.fixture
def open_page(register: Any, live_server: Any, webgl: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a path; complaints of the browser (also of the content policy) are gathered on ``page.complaints``."""
    contexts = []

    def opened(path: str, size: dict[str, int] = DESK, locale: str = "zh-CN", **more: Any) -> Page:
        contexts.append(webgl.new_context(viewport=size, locale=locale, **more))
        page = contexts[-1].new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and page.complaints.append(said.text))
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def point_at(page: Page, x: float, y: float) -> None:
    """What the data brought is on the screen some frames later: the pointer is moved until it says that something is there."""
    shape = page.locator(".maplibregl-canvas")
    for turn in range(LONGEST_MS // 50):
        page.mouse.move(x + turn % 2, y)
        if "pointer" in (shape.get_attribute("style") or ""):
            return
        page.wait_for_timeout(50)
    pytest.fail("nothing was drawn there")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_on_a_phone_axe_finds_no_fault_and_no_page_scrolls_sideways(open_page, locale):
    wrong, wide = {}, {}
    for path in PAGES:
        page = open_page(path, PHONE, locale)
        if found := faults(page):
            wrong[path] = found
        over = sideways(page)
        if over > 0:
            wide[path] = over
        page.close()
    assert (wrong, wide) == ({}, {})


def test_axe_finds_no_fault_at_a_desk_nor_in_large_type(open_page):
    assert faults(open_page("/")) == []
    large = open_page("/display/?type=large&next=/", PHONE)
    assert large.locator("html").get_attribute("data-type") == "large"
    assert faults(large) == []


def test_the_home_map_draws_what_is_on_record(open_page, register):
    page = open_page("/")
    page.locator("[data-map]").scroll_into_view_if_needed()
    page.wait_for_selector(DRAWN)
    assert page.locator(DRAWN).get_attribute("data-drawn") == "2", "one region and one producer"
    assert page.locator("[data-note]").is_hidden()
    assert page.locator(".maplibregl-canvas").bounding_box()["height"] > 300
    assert page.complaints == []


def test_a_region_on_the_map_leads_to_its_indication(open_page, register):
    page = open_page("/", locale="en-GB")
    page.locator("[data-map]").scroll_into_view_if_needed()
    page.wait_for_selector(DRAWN)
    frame = page.locator(".map__frame").bounding_box()
    # The squares of the tests lie a little south of the middle of the province.
    place = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2 + 12)
    point_at(page, *place)
    page.mouse.click(*place)
    link = page.locator(".maplibregl-popup a").first
    assert link.get_attribute("href") == f"/products/{register.indication.slug}/"


def test_without_scripts_the_sketch_and_the_list_stand_in_for_the_map(open_page, register):
    page = open_page("/", java_script_enabled=False)
    assert page.locator(".map__sketch path").count() == 2
    assert "需要 JavaScript" in page.locator("[data-note]").inner_text()
    assert page.locator(f'a[href="/products/{register.indication.slug}/"]').is_visible()


def test_a_browser_that_cannot_draw_says_so_and_keeps_the_list(open_page, register):
    page = open_page("/about/")
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(page.url.replace("about/", ""))
    page.locator("[data-map]").scroll_into_view_if_needed()
    page.get_by_text("这里无法绘制交互地图").wait_for()
    assert page.locator(".map__sketch").is_visible()


def test_the_skip_link_is_the_first_stop_of_the_keyboard(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    expect(page.locator("[class=skip]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
