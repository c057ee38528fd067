"""Specifications at the desk: drafted and changed demand by demand, tried on past batches, reviewed by another, announced."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import BytesIO

import pytest
from django.urls import reverse

from products.models import SpecificationVersion
from products.rules.words import RuleKind, SpecificationStatus
from tests.build_rules import a_draft_with_rules, a_version_with_rules, ageing
from trace.rules.batches import BatchState

pytestmark = pytest.mark.django_db
NEW = "/portal/specifications/new/"
NAMED = {"label_zh": "总酸", "code": "total-acid", "severity": "block"}
LIMIT = {**NAMED, "operator": "min", "low": "６．５", "unit": "gram_per_100_ml"}


def page_of(version: SpecificationVersion, *rest: str) -> str:
    return reverse("portal-specification", args=[version.number]) + "".join(f"{part}/" for part in rest)


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def draft(cast, goods):
    return a_draft_with_rules(cast, goods.register.title, ageing(10))


def test_a_holder_drafts_a_version_as_a_copy_and_adds_a_demand(cast, goods, as_person):
    before = a_version_with_rules(cast, goods.register.title, ageing(10))
    chen, title = as_person(cast.chen), goods.register.title.number
    assert before.number in text(chen.get(NEW))
    told = {"title": title, "copied": before.number, "label_zh": "2027 版", "transition_rule": "production_start"}
    shown = chen.post(NEW, {**told, "effective_from": "2027年1月1日"})
    assert "2027 版" in text(shown)
    assert not SpecificationVersion.objects.filter(status=SpecificationStatus.DRAFT).exists()
    answer = chen.post(NEW, {**told, "effective_from": "2027年1月1日", "send": "1"})
    draft = SpecificationVersion.objects.get(status=SpecificationStatus.DRAFT)
    assert answer.url == page_of(draft)
    assert (draft.days.begins, [rule.key for rule in draft.rules.all()]) == (date(2027, 1, 1), ["ageing"])
    assert "检验指标" in text(chen.get(page_of(draft, "demands")))
    chen.post(page_of(draft, "demands", "test_limit"), {**LIMIT, "send": "1"})
    rule = draft.rules.get(key="total-acid")
    assert (rule.kind, rule.low, rule.operator) == (RuleKind.TEST_LIMIT, Decimal("6.5"), "min")
    page = text(chen.get(page_of(draft)))
    assert "不低于 6.5 克/100毫升" in page
    assert "您是起草人，须由另一人审核。" in page
    assert page_of(draft, "do", "review") not in page


def test_a_demand_is_taken_away_and_the_version_renamed(cast, draft, as_person):
    chen = as_person(cast.chen)
    chen.post(page_of(draft, "drop", "0"), {"reason": ""})
    assert draft.rules.count() == 0
    assert chen.get(page_of(draft, "drop", "0")).status_code == 404
    assert 'value="新版"' in text(chen.get(page_of(draft, "edit")))
    chen.post(page_of(draft, "edit"), {"label_zh": "改名", "transition_rule": "packing", "send": "1"})
    draft.refresh_from_db()
    assert (draft.label_zh, draft.transition_rule, draft.days.begins) == ("改名", "packing", None)


def test_it_is_tried_on_past_batches_before_it_takes_effect(cast, goods, draft, as_person):
    bare = goods.batch(BatchState.RELEASED)
    page = text(as_person(cast.chen).get(page_of(draft, "trial")))
    assert bare.number[:5] in page
    assert "缺少证据" in page
    assert "还没有您能看到的批次" not in page


def test_another_reviews_it_and_the_registrar_announces_it_with_its_document(cast, draft, as_person):
    chen, lin = as_person(cast.chen), as_person(cast.lin)
    assert "起草人不能审核自己的草稿" in text(chen.post(page_of(draft, "do", "review"), {"reason": ""}))
    assert lin.post(page_of(draft, "do", "review"), {"reason": ""}).url == page_of(draft)
    assert "等待登记机构公告" in text(chen.get(page_of(draft)))
    assert chen.get(page_of(draft, "do", "announce")).status_code == 403
    asked = lin.get(page_of(draft, "do", "announce"))
    assert 'enctype="multipart/form-data"' in text(asked)
    assert lin.post(page_of(draft, "do", "announce"), {}).status_code == 400
    paper = BytesIO("公告".encode())
    paper.name = "公告.pdf"
    assert lin.post(page_of(draft, "do", "announce"), {"document": paper}).status_code == 302
    draft.refresh_from_db()
    assert draft.status == SpecificationStatus.IN_FORCE
    assert draft.document_sha256 == sha256("公告".encode()).hexdigest()
    assert lin.get(page_of(draft, "demands")).status_code == 409


def test_what_the_rules_refuse_stands_beside_its_question(cast, draft, as_person):
    chen, ask = as_person(cast.chen), page_of(draft, "demands", "harvest_window")
    answer = chen.post(ask, {"label_zh": "采收期", "listed": "13-45\n10-15", "severity": "block", "send": "1"})
    assert answer.status_code == 400
    assert "13-45" in text(answer)
    answer = chen.post(page_of(draft, "demands", "test_limit"), {**LIMIT, "code": "总酸", "send": "1"})
    assert answer.status_code == 400
    answer = chen.post(page_of(draft, "demands", "test_limit"), {**NAMED, "operator": "min", "unit": "ph", "send": "1"})
    assert answer.status_code == 400
    assert draft.rules.count() == 1
    assert chen.get(page_of(draft, "demands", "nothing")).status_code == 404


@pytest.mark.parametrize("kind", [kind.value for kind in RuleKind])
def test_every_kind_of_demand_has_its_questions(cast, draft, as_person, kind):
    page = text(as_person(cast.chen).get(page_of(draft, "demands", kind)))
    assert ('name="operator"' in page) == (
        kind in {"test_limit", "site_limit"} or 'name="low"' in page or 'name="high"' in page
    )
    assert 'name="severity"' in page


def test_a_demand_may_rest_on_a_fact(cast, goods, as_person):
    fact = {"key": "acid", "label_zh": "总酸", "operator": "min", "low": Decimal(6), "unit": "gram_per_100_ml"}
    draft = a_draft_with_rules(cast, goods.register.title, facts=[fact])
    told = {
        "label_zh": "总酸",
        "code": "acid",
        "fact": "acid",
        "operator": "min",
        "unit": "gram_per_100_ml",
        "severity": "warn",
    }
    as_person(cast.chen).post(page_of(draft, "demands", "test_limit"), {**told, "send": "1"})
    rule = draft.rules.get()
    assert (rule.fact.key, rule.low, rule.severity) == ("acid", None, "warn")


def test_others_find_nothing_here(cast, draft, as_person):
    assert as_person(cast.zhang).get("/portal/specifications/").status_code == 403
    assert as_person(cast.zhang).get(page_of(draft)).status_code == 403
    assert as_person(cast.li).get(page_of(draft)).status_code == 403
    assert as_person(None).get(page_of(draft)).status_code == 302
    lin = as_person(cast.lin)
    assert draft.number in text(lin.get("/portal/specifications/?state=draft"))
    assert draft.number not in text(lin.get("/portal/specifications/?state=in_force"))
    assert "技术要求" in text(lin.get("/portal/"))
    assert "/portal/specifications/" not in text(as_person(cast.zhang).get("/portal/"))
