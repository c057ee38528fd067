"""What people do on every page of these stories."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import arrive
from tests.cast import PASSWORD


def sign_in(page: Page, person: Any) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", person.user.username)
    page.fill("[name=password]", PASSWORD)
    arrive(page.locator("main form button[type=submit]").first)
    expect(page.locator("nav.menu")).to_be_visible()


def press(page: Page, name: str) -> None:
    arrive(page.locator("main").get_by_role("button", name=name, exact=True))


def follow(page: Page, name: str) -> None:
    arrive(page.locator("main").get_by_role("link", name=name, exact=True).first)
