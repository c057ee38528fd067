"""MapLibre in Chromium draws the desk's map from our tiles, tells what stands on it, and asks nobody else for anything."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from gi_registry.desk.pages import RECENT
from gi_registry.lib import clock
from tests.browser import DESK, LONGEST_MS, PHONE, faults, sideways
from trace.models import CheckCount
from trace.rules.verdicts import Verdict

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
MAP, CONNECT = "/desk/map/", "/desk/connect/"
# Zhang's field and works, near enough for their shapes.
CLOSE = "#at=12/37.455/112.055"


@pytest.fixture
def open_page(live_server: Any, world: Any, webgl: Browser) -> Iterator[Callable[..., Page]]:
    """A page as a person of the cast sees it; ``complaints`` of the browser, addresses asked ``outside``, and of ``tiles``."""
    contexts = []

    def opened(path: str, who: str = "lin", size: dict[str, int] = DESK, locale: str = "zh-CN") -> Page:
        context = webgl.new_context(viewport=size, locale=locale)
        contexts.append(context)
        session = _session(world.cast.everyone()[who].user)
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(LONGEST_MS)
        page.complaints, page.outside, page.tiles = [], [], []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: said.type in ("error", "warning") and page.complaints.append(said.text))
        page.on("request", lambda request: _note(page, request.url, live_server.url))
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def _session(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _note(page: Page, address: str, ours: str) -> None:
    if address.startswith(("http:", "https:", "ws:")) and not address.startswith(ours):
        page.outside.append(address)
    if "/tiles/WebMercatorQuad/" in address and not address.endswith("tilejson"):
        page.tiles.append(address)


def drawn(page: Page, wanted: str) -> None:
    """Waits until the map has drawn just these sources."""
    page.wait_for_selector(f'[data-desk-map][data-drawn="{wanted}"]')


def test_regions_and_sites_are_drawn_from_tiles_with_a_legend_and_nothing_from_elsewhere(open_page):
    page = open_page(MAP + CLOSE)
    drawn(page, "divisions producers regions sites")
    assert {address.split("/collections/")[1].split("/")[0] for address in page.tiles} >= {
        "divisions",
        "regions",
        "sites",
    }
    for name in ("产地范围", "生产地块与场所", "方块：场所，或太小看不出的地块", "县界"):
        assert page.get_by_text(name, exact=True).first.is_visible()
    assert page.locator(".map__credit").inner_text().endswith("未经审图。")
    assert (page.complaints, page.outside) == ([], [])
    assert not any("gi_" in address or "key" in address.lower() for address in page.tiles)


def test_a_switch_takes_a_layer_off_the_map_and_off_the_list(open_page):
    page = open_page(MAP + CLOSE)
    drawn(page, "divisions producers regions sites")
    page.locator("[data-inview] li").first.wait_for()
    page.locator("[data-layer=sites]").uncheck()
    drawn(page, "divisions producers regions")
    expect(page.locator("[data-count=sites]")).to_be_empty()
    expect(page.locator("[data-inview] li", has_text="东地")).to_have_count(0)


def test_the_list_has_what_is_in_view_and_leads_there(open_page, world):
    page = open_page(MAP + CLOSE)
    entry = page.locator("[data-inview] li", has_text="东地")
    record = entry.get_by_role("link")
    assert record.get_attribute("href") == f"/ogc/collections/sites/items/{world.number('zhang.field')}"
    entry.get_by_role("button").press("Enter")
    popup = page.locator(".maplibregl-popup")
    popup.get_by_text("生产地块与场所 · 东地").wait_for()
    assert popup.get_by_text("地块编号").is_visible()
    assert popup.get_by_text(world.number("zhang.field")).is_visible()
    expect(page.locator("[data-told]")).to_contain_text("视野内：")
    assert page.complaints == []


def test_what_stands_at_a_point_is_told_in_words_with_a_link(open_page, world):
    page = open_page(MAP + "#at=13/37.47/112.09", locale="en-GB")
    page.wait_for_selector("[data-desk-map][data-drawn*=regions]")
    box = page.locator(".map__frame").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    popup = page.locator(".maplibregl-popup")
    popup.get_by_text("Production regions · Qingxu vinegar region").wait_for()
    assert popup.get_by_text("Accuracy in metres").first.is_visible()
    assert popup.get_by_role("link").first.get_attribute("href").startswith("/ogc/collections/")


def test_each_sees_the_sites_of_the_own_place(open_page):
    page = open_page(MAP + CLOSE, who="zhao")
    drawn(page, "divisions producers regions")
    expect(page.locator("[data-count=sites]")).to_have_text("0")


@pytest.fixture
def checks(world: Any) -> int:
    """Counts of today and of 40 days ago, of one place; how many of them are recent."""
    batch, title = world.things["zhang.released"], world.things["chen.title"]
    place = {"cell_id": batch.cell_id, "division_code": batch.division_code}
    for verdict, days, count in ((Verdict.ON_HOLD, 0, 4), (Verdict.RECALLED, 0, 3), (Verdict.ON_HOLD, 40, 100)):
        day = clock.today() - timedelta(days=days)
        CheckCount.objects.create(title=title, day=day, verdict=verdict, count=count, **place)
    recent = CheckCount.objects.filter(day__gte=clock.today() - RECENT, **place)
    return sum(recent.values_list("count", flat=True))


def test_checks_are_added_up_in_their_cell(checks, open_page):
    page = open_page(MAP + CLOSE)
    drawn(page, "divisions producers regions sites")
    page.locator("[data-layer=checks]").check()
    drawn(page, "checks divisions producers regions sites")
    expect(page.locator("[data-count=checks]")).to_have_text(str(checks))
    entry = page.locator("[data-inview] li", has_text="查验次数")
    expect(entry.get_by_role("button")).to_have_text(re.compile(rf"^{checks} \("))
    assert page.complaints == []


@pytest.mark.parametrize(("size", "locale"), [(PHONE, "zh-CN"), (DESK, "en-GB")])
def test_axe_finds_no_fault_at_the_desk_and_no_page_scrolls_sideways(open_page, size, locale):
    for path in (MAP, CONNECT):
        page = open_page(path, size=size, locale=locale)
        if path == MAP:
            page.wait_for_selector("[data-desk-map][data-drawn]")
            page.locator("[data-inview] li").first.wait_for()
        assert faults(page) == []
        assert sideways(page) == 0, path
        assert page.complaints == []
