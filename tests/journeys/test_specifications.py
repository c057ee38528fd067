"""A specification on a phone: drafted by who answers for the title, tried on past batches, reviewed and announced by another."""

from typing import Any

import pytest
from playwright.sync_api import expect

from products.models import SpecificationVersion
from products.rules.words import SpecificationStatus
from tests.browser import DESK, arrive
from tests.build_rules import a_version_with_rules, ageing
from tests.build_trace import Goods, the_goods
from tests.journeys.steps import follow, press, sign_in
from trace.rules.batches import BatchState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def goods(cast: Any) -> Goods:
    return the_goods(cast)


def test_a_holder_drafts_the_next_version_and_the_registrar_announces_it(goods, cast, a_phone, looked_at, tmp_path):
    goods.batch(BatchState.RELEASED)
    before = a_version_with_rules(cast, goods.register.title, ageing(10))
    chen = a_phone()
    sign_in(chen, cast.chen)
    chen.goto("/portal/specifications/")
    looked_at(chen, "1-versions")
    follow(chen, "起草新版本")
    chen.select_option("[name=copied]", before.number)
    chen.fill("[name=label_zh]", "2025 年第二版")
    chen.fill("[name=effective_from]", "2025-06-01")
    looked_at(chen, "2-draft")
    press(chen, "继续")
    looked_at(chen, "3-look-again")
    press(chen, "起草新版本")
    follow(chen, "添加要求")
    looked_at(chen, "4-kinds")
    arrive(chen.get_by_role("link", name="检验指标"))
    chen.fill("[name=label_zh]", "总酸")
    chen.fill("[name=code]", "total-acid")
    chen.fill("[name=low]", "6.5")
    chen.select_option("[name=unit]", "gram_per_100_ml")
    looked_at(chen, "5-demand")
    press(chen, "继续")
    press(chen, "添加要求")
    expect(chen.locator("main")).to_contain_text("不低于 6.5 克/100毫升")
    looked_at(chen, "6-version")
    follow(chen, "用过去的批次试一试")
    expect(chen.locator("main")).to_contain_text("不能放行的批次")
    looked_at(chen, "7-trial")
    draft = SpecificationVersion.objects.get(status=SpecificationStatus.DRAFT)
    lin = a_phone(viewport=DESK, locale="en-GB")
    sign_in(lin, cast.lin)
    lin.goto(f"/portal/specifications/{draft.number}/")
    follow(lin, "Review")
    press(lin, "Review")
    follow(lin, "Announce")
    looked_at(lin, "8-announce")
    paper = tmp_path / "announcement.pdf"
    paper.write_bytes(b"%PDF-1.4")
    lin.set_input_files("[name=document]", paper)
    press(lin, "Announce")
    expect(lin.locator("main")).to_contain_text("In force")
    looked_at(lin, "9-in-force")
    before.refresh_from_db()
    assert str(before.days.ends) == "2025-06-01"
