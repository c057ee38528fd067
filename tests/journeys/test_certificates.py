"""A buyer with a phone: from the code on a bottle to its certificate, the print and the file that another program verifies."""

import json

import pytest
from playwright.sync_api import expect

from tests.build_certificates import an_issuer
from tests.cast import NOW
from trace import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_buyer_takes_the_certificate_of_a_lot_along(goods, settings, tmp_path, a_phone, looked_at, locale):
    an_issuer(settings, tmp_path)
    batch, page = goods.batch(), a_phone(locale=locale)
    page.goto(f"/c/{batch.number}")
    page.locator(f"a[href='/certificates/batch/{batch.number}/']").click()
    expect(page.locator(".facts")).to_contain_text(batch.number)
    looked_at(page, f"certificate-{locale}")
    with page.expect_download() as taken:
        page.evaluate("document.querySelector('a[href$=\".json\"]').setAttribute('download', '')")
        page.locator("a[href$='.json']").click()
    credential = json.loads(taken.value.path().read_bytes())
    assert credential["credentialSubject"]["lot"] == batch.number
    actions.recall_batch(batch=batch, reason="封口不严", actor=goods.maker, now=NOW)
    page.reload()
    expect(page.locator(".tag--bad")).to_be_visible()
    looked_at(page, f"recalled-{locale}")
