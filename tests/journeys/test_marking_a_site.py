"""A site is marked with a finger on the map, or by walking round it; what was marked survives a lost connection."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from products.models import Site
from tests.browser import LONGEST_MS, PHONE, arrive, faults, picture, sideways
from tests.build_products import the_register
from tests.journeys.steps import press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CORNERS = ((112.12, 37.45), (112.121, 37.45), (112.121, 37.451), (112.12, 37.451))


@pytest.fixture
def register(cast: Any) -> Any:
    return the_register(cast)


def asked(register: Any, kind: str = "field") -> str:
    """The page that asks where the site is."""
    told = {"producer": register.zhang.number, "indication": register.indication.slug, "kind": kind, "name": "河湾地"}
    return f"/portal/sites/new/place/?{urlencode(told)}"


@pytest.fixture
def a_walker(webgl: Browser, live_server: Any, cast: Any, register: Any) -> Iterator[Callable[..., Page]]:
    """Zhang's phone, on the page that asks where his site is."""
    contexts = []

    def walker(kind: str = "field", **more: Any) -> Page:
        facts = {"viewport": PHONE, "has_touch": True, "locale": "zh-CN", "base_url": live_server.url}
        contexts.append(webgl.new_context(**{**facts, **more}))
        page = contexts[-1].new_page()
        page.set_default_timeout(LONGEST_MS)
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        sign_in(page, cast.zhang)
        page.goto(asked(register, kind))
        return page

    yield walker
    for context in contexts:
        context.close()


def lines(page: Page) -> list[str]:
    return [line for line in page.locator("[name=corners]").input_value().split("\n") if line]


def rest(page: Page, milliseconds: int) -> None:
    """A pause as the page counts it, from when it has drawn what was done last: a slow one does not see two touches as one."""
    page.evaluate("wait => new Promise(done => requestAnimationFrame(() => setTimeout(done, wait)))", milliseconds)


def stand_at(page: Page, longitude: float, latitude: float, accuracy: float = 4) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": longitude, "latitude": latitude, "accuracy": accuracy})
    page.get_by_role("button", name="走到边界上").click()


def test_a_field_is_walked_round_with_the_phone_and_registered(a_walker, tmp_path):
    page = a_walker()
    stand_at(page, *CORNERS[0], accuracy=400)
    expect(page.locator("[data-told]")).to_contain_text("误差约 400 米，太大")
    for place, corner in enumerate(CORNERS, 1):
        stand_at(page, *corner)
        expect(page.locator("[data-told]")).to_contain_text(f"已有 {place} 个点")
    assert lines(page) == [f"{x:.6f}, {y:.6f}" for x, y in CORNERS]
    page.get_by_role("button", name="撤销一个点").click()
    expect(page.locator("[data-told]")).to_contain_text("已有 3 个点")
    assert len(lines(page)) == 3
    stand_at(page, *CORNERS[3])
    expect(page.locator("[data-told]")).to_contain_text("已有 4 个点")
    page.wait_for_selector("[data-drawn]")
    picture(page, tmp_path / "walked.png")
    press(page, "继续")
    expect(page.locator("main dl")).to_contain_text("14.7 亩")
    assert faults(page) == []
    picture(page, tmp_path / "look-again.png")
    press(page, "登记场地")
    expect(page.locator("h1")).to_have_text("场地已登记")
    assert faults(page) == []
    picture(page, tmp_path / "site.png")
    assert Site.objects.get(name="河湾地").geom.num_points == 5
    assert page.complaints == []


def test_a_field_is_drawn_with_a_finger_and_its_corners_are_dragged(a_walker, tmp_path):
    page = a_walker()
    page.wait_for_selector("[data-drawn]")
    assert faults(page) == []
    box = page.locator(".site-map canvas").bounding_box()
    assert sideways(page) == 0
    page.locator(".site-map canvas").scroll_into_view_if_needed()
    box = page.locator(".site-map canvas").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + min(box["height"], PHONE["height"] - box["y"]) / 2)
    around = [(-60, -60), (60, -60), (60, 40), (-60, 40)]
    for right, down in around:
        page.touchscreen.tap(middle[0] + right, middle[1] + down)
        rest(page, 400)  # two quick taps are a zoom
    page.touchscreen.tap(middle[0] + around[0][0], middle[1] + around[0][1])
    expect(page.locator("[data-told]")).to_contain_text("已有 4 个点")
    drawn = lines(page)
    picture(page, tmp_path / "drawn.png", whole=False)
    rest(page, 300)
    page.mouse.move(middle[0] + 60, middle[1] + 40)
    page.mouse.down()
    page.mouse.move(middle[0] + 80, middle[1] + 60, steps=4)
    page.mouse.up()
    page.wait_for_function("before => document.querySelector('[name=corners]').value !== before", arg="\n".join(drawn))
    moved = lines(page)
    assert sum(a != b for a, b in zip(drawn, moved, strict=True)) == 1
    picture(page, tmp_path / "dragged.png", whole=False)
    assert page.complaints == []


def test_premises_are_one_tap(a_walker):
    page = a_walker(kind="workshop")
    page.wait_for_selector("[data-drawn]")
    page.locator(".site-map canvas").scroll_into_view_if_needed()
    box = page.locator(".site-map canvas").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + 150)
    expect(page.locator("[data-told]")).to_contain_text("已有 1 个点")
    assert len(lines(page)) == 1
    assert page.complaints == []


def test_what_was_marked_and_not_sent_is_there_again_and_gone_once_it_went_through(a_walker, register):
    page = a_walker()
    page.locator("[name=corners]").fill("\n".join(f"{x}, {y}" for x, y in CORNERS))
    page.context.set_offline(True)
    page.get_by_role("button", name="继续", exact=True).click()
    page.wait_for_url("chrome-error://chromewebdata/")
    page.context.set_offline(False)
    page.goto(asked(register))
    expect(page.locator("[data-kept]")).to_be_visible()
    assert len(lines(page)) == 4
    press(page, "继续")
    press(page, "登记场地")
    expect(page.locator("h1")).to_have_text("场地已登记")
    page.goto(asked(register))
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert lines(page) == []
    page.locator("[name=corners]").fill("112.1, 37.4")
    page.goto("/accounts/logout/")
    arrive(page.locator("form[data-signs-out] button"))
    assert page.evaluate("Object.keys(localStorage)") == []
