"""The desk in a browser: pages of unit codes, of printing and of addresses elsewhere, at both sizes and in both languages."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests.browser import DESK, PHONE, faults, picture, sideways
from tests.build_codes import an_issuance, say_of
from tests.build_jobs import work_it_off
from tests.build_trace import checks_forgotten, the_goods
from tests.cast import NOW
from trace import actions
from trace.actions.prints import PrintWish
from trace.labels.presets import PRESETS
from trace.models import LinkTarget
from trace.printing import Style
from trace.rules.issuances import Activation, RangeKind, Span
from trace.rules.link_targets import TargetKind, TargetLanguage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HREF = "https://www.zhangji-cu.cn/recipes/vinegar-with-noodles-and-everything-else-that-is-long"


@pytest.fixture
def goods(cast: Any, settings: Any, tmp_path: Any) -> Iterator[Any]:
    settings.PRINTS_DIR = tmp_path / "prints"
    with checks_forgotten():
        yield the_goods(cast)


def a_target(goods: Any, kind: TargetKind) -> LinkTarget:
    content = actions.TargetContent(
        kind=kind, href=HREF, language=TargetLanguage.ZH, label_zh="醋的食谱", label_en="Recipes", form=goods.form
    )
    return actions.propose_target(content=content, actor=goods.maker, now=NOW)


def signed_in(page: Page, person: Any, live_server: Any) -> Page:
    client = Client()
    client.force_login(person.user)
    session = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": session.value, "url": live_server.url}])
    return page


def looked_at(page: Page, paths: dict[str, str], folder: Any) -> dict[str, list[Any]]:
    """What axe finds and how far a page scrolls sideways; a picture of each is kept for people."""
    wrong = {}
    for name, path in paths.items():
        for locale in ("zh", "en"):
            page.goto(f"{path}?lang={locale}")
            for size in (PHONE, DESK):
                page.set_viewport_size(size)
                found = faults(page)
                over = sideways(page)
                where = f"{name}-{locale}-{size['width']}"
                picture(page, folder / f"{where}.png")
                if found or over > 0:
                    wrong[where] = [over, *found]
    return wrong


def test_axe_finds_no_fault_in_the_pages_of_unit_codes_and_printing(cast, goods, a_phone, live_server, tmp_path):
    batch = goods.batch()
    issuance = an_issuance(goods, batch, 40, activation=Activation.BY_RANGE, has_pin=True)
    say_of(goods, issuance, RangeKind.SPOILED, 3, 5)
    style = Style(PRESETS["50x30"], 203)
    given = {"issuance": issuance, "actor": goods.maker, "now": NOW}
    job = actions.queue_print(wish=PrintWish(Span(6, 15), style, "one"), **given)
    work_it_off()
    waiting = actions.queue_print(wish=PrintWish(Span(16, 25), style, "two"), **given)
    here = f"/portal/issuances/{issuance.number}/"
    paths = {
        "codes": f"/portal/batches/{batch.number}/codes/",
        "issue": f"/portal/batches/{batch.number}/codes/new/",
        "issuance": here,
        "record": f"{here}record/",
        "print": f"{here}print/",
        "job": f"/portal/prints/{job.number}/",
        "waiting": f"/portal/prints/{waiting.number}/",
    }
    assert looked_at(signed_in(a_phone(), cast.zhang, live_server), paths, tmp_path) == {}


def test_axe_finds_no_fault_in_the_pages_of_addresses_elsewhere(cast, goods, a_phone, live_server, tmp_path):
    served, refused, waiting = (a_target(goods, kind) for kind in (TargetKind.PIP, TargetKind.FAQS, TargetKind.RECIPES))
    review = {"actor": cast.li.actor, "now": NOW}
    actions.review_target(target=served, is_accepted=True, **review)
    actions.review_target(
        target=refused, is_accepted=False, reason="页面内容与产品无关，请提交介绍这一产品的网页。", **review
    )
    zhang = {"links": "/portal/links/", "new-link": "/portal/links/new/", "products": "/portal/products/"}
    zhang["withdraw"] = f"/portal/links/{served.number}/withdraw/"
    assert looked_at(signed_in(a_phone(), cast.zhang, live_server), zhang, tmp_path) == {}
    li = {"desk": "/portal/", "review": "/portal/links/", "accept": f"/portal/links/{waiting.number}/accept/"}
    assert looked_at(signed_in(a_phone(), cast.li, live_server), li, tmp_path) == {}
