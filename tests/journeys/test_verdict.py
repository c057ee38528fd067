"""The verdict page in hand: every verdict, both languages, phone and desk, with and without a script."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from gi_registry.lib import clock
from tests.browser import faults, picture, sideways
from tests.build_photos import a_photo
from tests.build_trace import checks_forgotten, the_goods
from tests.build_verdicts import end_the_authorisation, the_codes, the_unit_codes, with_long_names
from tests.journeys.conftest import PHONE
from trace import actions
from trace.models import Check
from trace.rules.verdicts import Verdict
from trace.rules.wording import UNIT_WORDINGS, WORDINGS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANDROID = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
PREVIEW = "Mozilla/5.0 (compatible; Baiduspider-render/2.0; +http://www.baidu.com/search/spider.html)"
DESK = {"width": 1280, "height": 800}
FIRST_FLIGHT, SCRIPT = 14 * 1024, 2 * 1024
# What has to be seen without a finger moved: band, icon, sentence, then product, producer, lot and the count.
FIRST = ".band, .band svg, .band h1, .band p, .band + .facts > div, .seen p"


@pytest.fixture
def goods(cast: Any) -> Iterator[Any]:
    with checks_forgotten():
        goods = the_goods(cast)
        with_long_names(goods)
        yield goods


@pytest.fixture
def codes(goods: Any) -> dict[Verdict, str]:
    return the_codes(goods)


def texts(locale: str, verdict: Verdict) -> tuple[str, str]:
    """What may be said of a lot, and of a unit."""
    return tuple(getattr(words[verdict].statement, locale) for words in (WORDINGS, UNIT_WORDINGS))


def below(page: Page, selector: str) -> list[str]:
    """Which parts reach beneath the first screen."""
    return page.eval_on_selector_all(
        selector,
        "parts => parts.filter(p => p.getBoundingClientRect().bottom > innerHeight)"
        ".map(p => p.outerHTML.slice(0, 60) + ' ' + p.getBoundingClientRect().bottom)",
    )


def small_targets(page: Page) -> list[str]:
    """Links and buttons under 24 pixels either way (WCAG 2.2, 2.5.8), but for links within a sentence."""
    return page.eval_on_selector_all(
        "a, button, input",
        "parts => parts.filter(p => !p.closest('main p') && p.getBoundingClientRect().width > 0"
        " && Math.min(p.getBoundingClientRect().width, p.getBoundingClientRect().height) < 24).map(p => p.outerHTML)",
    )


def each(codes: dict[Verdict, str], goods: Any) -> Iterator[tuple[str, Verdict, str]]:
    """Every verdict by a name, with its path; the authorisation ends last, because it is that of all."""
    yield from ((verdict.value, verdict, path) for verdict, path in codes.items())
    yield from ((f"unit-{verdict.value}", verdict, path) for verdict, path in the_unit_codes(goods).items())
    end_the_authorisation(goods)
    yield "authorisation_ended", Verdict.AUTHORISATION_ENDED, codes[Verdict.REGISTERED]


@pytest.mark.parametrize("has_script", [True, False])
def test_every_verdict_stands_on_the_first_screen(goods, codes, a_phone, has_script, tmp_path):
    """Axe needs a script of its own, so it looks at the page that runs them."""
    page = a_phone(user_agent=ANDROID, java_script_enabled=has_script)
    wrong = {}
    seen = set()
    for kind, verdict, path in each(codes, goods):
        for locale in ("zh", "en"):
            name = f"{kind}-{locale}"
            page.set_viewport_size(PHONE)
            page.goto(f"{path}?lang={locale}")
            assert page.locator(".band p").inner_text().startswith(texts(locale, verdict))
            assert bool(page.locator("#pin").count()) is (kind == "unit-checked_often"), "the one with hidden PINs"
            if has_script and page.locator("#seen").count():
                expect(page.locator("#seen form")).to_be_hidden()
            wrong[name] = [below(page, FIRST), sideways(page), small_targets(page)]
            if has_script:
                wrong[name] += faults(page)
            picture(page, tmp_path / f"{name}.png")
            page.set_viewport_size(DESK)
            wrong[name].append(sideways(page))
            picture(page, tmp_path / f"{name}-desk.png", whole=False)
            seen.add(verdict)
    assert seen == set(Verdict)
    assert {name: found for name, found in wrong.items() if any(found)} == {}


def test_type_twice_as_large_scrolls_one_way_only(goods, codes, a_phone, tmp_path):
    page = a_phone(user_agent=ANDROID)
    wide = {}
    for verdict, path in codes.items():
        page.goto(f"{path}?lang=en")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide[verdict] = sideways(page)
    picture(page, tmp_path / "twice.png")
    assert {verdict: by for verdict, by in wide.items() if by} == {}


def test_the_keyboard_meets_things_in_the_order_of_the_page(goods, codes, a_phone):
    page = a_phone(user_agent=ANDROID, java_script_enabled=False)
    page.goto(codes[Verdict.RECALLED])
    tops = []
    for _ in range(5):
        page.keyboard.press("Tab")
        # From the top of the page: whatever lies below the screen is scrolled to when it is met.
        tops.append(page.locator(":focus").evaluate("one => one.getBoundingClientRect().top + scrollY"))
    assert tops == sorted(tops)


# --- bytes ---


def loading(context: BrowserContext, path: str) -> tuple[Page, list[Response]]:
    """A new window with the path, and whatever is answered to it, also later."""
    page, answers = context.new_page(), []
    page.on("response", lambda answer: answers.extend([answer]))
    page.goto(path)
    return page, answers


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_page_style_and_script_keep_to_their_bytes_and_call_nobody_else(
    goods, codes, chromium, live_server, locale, tmp_path
):
    context = chromium.new_context(viewport=PHONE, base_url=live_server.url, user_agent=ANDROID)
    # Each in a window of its own, so that the half second of silence after which a page has settled passes for all at once.
    loaded = {kind: loading(context, f"{path}?lang={locale}") for kind, _, path in each(codes, goods)}
    sizes = {}
    for kind, (page, answers) in loaded.items():
        page.wait_for_load_state("networkidle")
        assert {urlsplit(answer.url).netloc for answer in answers} == {urlsplit(live_server.url).netloc}
        assert not any(300 <= answer.status < 400 for answer in answers)
        kinds = [answer.request.resource_type for answer in answers]
        assert "stylesheet" not in kinds
        assert answers[0].headers["content-encoding"] == "gzip"
        sizes[kind] = answers[0].request.sizes()["responseBodySize"]
        scripts = [answer.body() for answer in answers if answer.request.resource_type == "script"]
        assert sum(len(script) for script in scripts) <= SCRIPT
    context.close()
    (tmp_path / "bytes.json").write_text(json.dumps(sizes, indent=1))
    assert max(sizes.values()) <= FIRST_FLIGHT


def test_with_its_photo_the_page_is_sixty_kilobytes_and_the_photo_is_shown(goods, chromium, live_server):
    now = clock.now()
    actions.set_photo(form=goods.form, photo=a_photo((1600, 1200)), actor=goods.maker, now=now)
    goods.form.refresh_from_db()
    path = f"/c/{goods.batch().number}"
    context = chromium.new_context(viewport=PHONE, base_url=live_server.url, user_agent=ANDROID)
    page, answers = loading(context, path)
    page.wait_for_load_state("networkidle")
    page.locator(".photo img").scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.photo img').complete")
    assert page.evaluate("document.querySelector('.photo img').naturalWidth") > 300
    weights = {urlsplit(answer.url).path: answer.request.sizes()["responseBodySize"] for answer in answers}
    assert sum(weights.values()) <= 60 * 1024, weights
    context.close()


# --- counting ---


def counted(path: str) -> int:
    return Check.objects.filter(lot=path.rpartition("/")[2]).count()


def is_a_beacon(answer: Response) -> bool:
    return urlsplit(answer.url).path.endswith("/seen")


def opened(browser: Browser, live_server: Any, path: str, *said: str, **more: Any) -> None:
    """The page is opened and opened again, and says this of the count each time, once the answer to its script is there."""
    context = browser.new_context(viewport=PHONE, base_url=live_server.url, locale="zh-CN", **more)
    page = context.new_page()
    for words in said:
        if more.get("java_script_enabled", True):
            with page.expect_response(is_a_beacon) as answer:
                page.goto(path)
            answer.value.finished()
        else:
            page.goto(path)
        expect(page.locator("#seen p")).to_have_text(words)
    context.close()


def test_previews_do_not_count_two_phones_count_two_and_a_reload_one(goods, codes, chromium, live_server):
    path = codes[Verdict.REGISTERED]
    nobody = ["此前没有人查询过"] * 2
    opened(chromium, live_server, path, *nobody, user_agent=PREVIEW, java_script_enabled=False)
    opened(chromium, live_server, path, *nobody, user_agent=PREVIEW)
    assert counted(path) == 0, "a robot that runs scripts says what it is"
    opened(chromium, live_server, path, "第 1 次查询", "共 1 次查询，今天已计过", user_agent=ANDROID)
    opened(chromium, live_server, path, "第 2 次查询", "共 2 次查询，今天已计过", user_agent=IPHONE)
    assert counted(path) == 2
