"""A file of sites on a phone: chosen, looked at, registered; with and without a script, and nothing for axe to find."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from products import actions
from products.models import Site, SiteUpload
from tests.browser import arrive, faults, sideways
from tests.build_files import fields
from tests.build_products import QINGXU_FIELD
from tests.cast import NOW
from tests.journeys import steps

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FREE, NEAR = (112.12, 37.45, 112.121, 37.451), (112.1, 37.4001, 112.101, 37.401)


def sign_in(page: Page, person: Any) -> None:
    steps.sign_in(page, person)
    page.goto("/portal/rights/")


def look(page: Page) -> None:
    assert sideways(page) == 0
    assert faults(page) == []


def choose(page: Page, data: bytes) -> None:
    page.locator("[name=file]").set_input_files(
        {"name": "plots.geojson", "mimeType": "application/json", "buffer": data}
    )
    arrive(page.locator("form[enctype] button[type=submit]"))


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh-CN", ("上传文件", "登记前请核对", "登记这 2 处场地", "已登记 2 处场地")),
        (
            "en-GB",
            ("Upload a file", "Check before you register", "Register these 2 sites", "2 sites registered"),
        ),
    ],
)
def test_a_file_becomes_sites_on_a_phone(cast, register, a_phone, locale, words):
    link, check, button, done = words
    page = a_phone(locale=locale)
    complaints: list[str] = []
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    sign_in(page, cast.zhang)
    look(page)
    arrive(page.get_by_role("link", name=link))
    look(page)
    choose(page, fields(FREE, NEAR, QINGXU_FIELD))
    expect(page.get_by_role("heading", name=check)).to_be_visible()
    expect(page.locator("svg.sketch__main .shape")).to_have_count(3)
    look(page)
    assert Site.objects.count() == 2
    arrive(page.get_by_role("button", name=button))
    expect(page.get_by_role("heading", name=done)).to_be_visible()
    look(page)
    assert Site.objects.count() == 4
    assert complaints == []


def test_a_mistake_is_told_and_led_to(cast, register, a_phone):
    page = a_phone()
    sign_in(page, cast.zhang)
    page.goto("/portal/sites/upload/")
    choose(page, b"%PDF-1.7")
    expect(page.locator("#error-summary")).to_be_focused()
    look(page)


@pytest.mark.parametrize("has_script", [True, False])
def test_a_long_file_goes_on_by_itself_or_by_a_button(cast, register, a_phone, has_script):
    upload = actions.stage_upload(
        producer=register.zhang,
        indication=register.indication,
        file_name="plots.geojson",
        data=fields(FREE, NEAR),
        actor=cast.zhang.actor,
        now=NOW,
    )
    left = iter([True])
    actions.commit_upload(upload=upload, actor=cast.zhang.actor, now=NOW, is_time=lambda: next(left, False))
    page = a_phone(java_script_enabled=has_script)
    sign_in(page, cast.zhang)
    # With a script the page sends itself on, perhaps before all of it is there.
    page.goto(f"/portal/sites/upload/{upload.number}/", wait_until="commit")
    if not has_script:
        arrive(page.get_by_role("button", name="继续"))
    expect(page.get_by_role("heading", name="已登记 2 处场地")).to_be_visible()
    assert SiteUpload.objects.get().state == "done"
