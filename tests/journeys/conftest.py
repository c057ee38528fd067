"""What people hold in these stories."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import LONGEST_MS, PHONE, faults, picture, sideways


@pytest.fixture
def a_phone(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A phone of 360 by 640 points that reads Chinese; ``more`` goes to its browser context."""
    contexts = []

    def phone(**more: Any) -> Page:
        facts = {"viewport": PHONE, "device_scale_factor": 2, "locale": "zh-CN", "base_url": live_server.url}
        contexts.append(chromium.new_context(**{**facts, **more}))
        contexts[-1].set_default_timeout(LONGEST_MS)
        return contexts[-1].new_page()

    yield phone
    for context in contexts:
        context.close()


@pytest.fixture
def looked_at(tmp_path: Path) -> Callable[[Page, str], None]:
    """Nothing wrong for whoever hears the page, nothing beyond the edge of the screen; and a picture for whoever looks."""

    def look(page: Page, name: str) -> None:
        page.wait_for_load_state()
        picture(page, tmp_path / f"{name}.png")
        assert faults(page) == []
        assert sideways(page) == 0

    return look
