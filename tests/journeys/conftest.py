"""Debian's own Chromium, as phones hold it: nothing is downloaded, and nobody may go without it.

Playwright is driven directly: its pytest plugin brings fixtures that this pytest warns about, and warnings are errors.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

# Playwright keeps a loop running in this thread, and Django then takes every query for one made inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = {"width": 360, "height": 640}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "Debian's chromium is needed: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def a_phone(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A phone of 360 by 640 points that reads Chinese; ``more`` goes to its browser context."""
    contexts = []

    def phone(**more: Any) -> Page:
        facts = {"viewport": PHONE, "device_scale_factor": 2, "locale": "zh-CN", "base_url": live_server.url}
        contexts.append(chromium.new_context(**{**facts, **more}))
        return contexts[-1].new_page()

    yield phone
    for context in contexts:
        context.close()
