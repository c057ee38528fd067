"""What people hold in these stories."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import PHONE


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
