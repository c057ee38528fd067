"""Debian's own Chromium: nothing is downloaded, and nobody may go without it.

Playwright is driven directly: its pytest plugin brings fixtures that this pytest warns about, and warnings are errors.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator, Page, Playwright, expect, sync_playwright

# How long anything may be waited for: what a loaded machine does late is no fault, what never comes is.
LONGEST_MS = 60_000
PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 800}
PLAIN = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
# By software, as on a machine without a screen. Everything is then drawn so: a picture of a page takes many times as long.
WEBGL = [*PLAIN[:2], "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@contextmanager
def playing() -> Iterator[Playwright]:
    # Playwright keeps a loop running in this thread, and Django then takes every query for one made inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=LONGEST_MS)
    with sync_playwright() as playwright:
        yield playwright


def launch(playwright: Playwright, flags: list[str]) -> Browser:
    path = shutil.which("chromium")
    assert path, "Debian's chromium is needed: apt-get install chromium"
    return playwright.chromium.launch(executable_path=path, args=flags)


def arrive(by: Locator) -> None:
    """Click what leads to another page and wait until that is there. The click alone may end before: what is asked next
    would be told by the page that is left, or by a document that is still empty."""
    with by.page.expect_navigation(timeout=LONGEST_MS):
        by.click()


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds wrong with a page: rule -> the parts at fault. Read once a document; of its report only this comes
    back, for what it passed is a hundred times as much to carry over."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "axe.run({resultTypes: ['violations']})"
        ".then(told => told.violations.map(fault => [fault.id, fault.nodes.map(node => node.html)]))"
    )
    return [(rule, parts) for rule, parts in found]


def sideways(page: Page) -> int:
    """By how many points the page is wider than its screen. Asked of a page that is there: just after a press the
    document may still be empty."""
    page.wait_for_load_state()
    return int(page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)"))


def picture(page: Page, path: Path, *, whole: bool = True) -> None:
    """For people to look at, in the folder of the test (``/tmp/pytest-of-...``); nothing is read from it, and drawing by
    software takes long, so it is drawn when ``GI_PICTURES=1`` asks for it."""
    if os.environ.get("GI_PICTURES") == "1":
        page.screenshot(path=path, full_page=whole)
