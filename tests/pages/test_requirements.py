"""The page of a batch's demands: in words, with what still stands in the way."""

from decimal import Decimal
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from products.rules.words import Unit
from tests.build_rules import ACID, TASTE, a_test, a_version_with_rules, ageing, an_ageing, on_record
from tests.cast import NOW
from tests.db.test_trace_rules import BEGUN, READY
from trace.actions import release_batch
from trace.models import Evidence
from trace.rules.batches import BatchState

pytestmark = pytest.mark.django_db


def page(client, person, batch):
    client.force_login(person.user)
    return client.get(f"/portal/batches/{batch.number}/rules/", headers={"Accept-Language": "en"})


def test_the_page_says_what_is_demanded_what_is_on_record_and_what_is_missing(cast, goods, client):
    a_version_with_rules(cast, goods.register.title, ageing(12), ACID, TASTE)
    batch = goods.batch(BatchState.REGISTERED)
    on_record(cast, batch, an_ageing(BEGUN, READY))
    said = page(client, cast.zhang, batch).content.decode()
    for words in (
        "It cannot be released yet",
        "at least 12 months",
        "11 months (2025-10-10 to 2026-09-10)",
        "It would be enough on 2026-10-10.",
        "at least 6 g/100 mL",
        "Evidence missing",
        "Nobody has signed for it yet.",
    ):
        assert words in said
    assert page(client, cast.feng, batch).status_code == 404


def test_after_release_the_page_shows_what_was_found_then(cast, goods, client):
    a_version_with_rules(cast, goods.register.title, ACID)
    batch = goods.batch(BatchState.REGISTERED)
    on_record(cast, batch, a_test("acid", Decimal("6.20"), Unit.GRAM_PER_100_ML))
    assert "No demand stands in the way of a release." in page(client, cast.zhang, batch).content.decode()
    release_batch(batch=batch, actor=cast.zhang.actor, now=NOW)
    said = page(client, cast.chen, batch).content.decode()
    assert "as it was at release" in said
    assert "6.2 g/100 mL" in said


def test_a_version_without_rules_says_so(cast, goods, client):
    assert (
        "no demands that the system can check"
        in page(client, cast.zhang, goods.batch(BatchState.REGISTERED)).content.decode()
    )


def ask(client, batch, place, **answers):
    return client.post(f"/portal/batches/{batch.number}/rules/{place}/", answers, headers={"Accept-Language": "en"})


def test_a_producer_puts_on_record_what_each_demand_asks_for_and_releases(cast, goods, client):
    steps = {"kind": "required_steps", "key": "process", "severity": "block", "words": ["蒸", "陈酿"]}
    a_version_with_rules(cast, goods.register.title, ageing(10), ACID, TASTE, steps)
    batch = goods.batch(BatchState.REGISTERED)
    client.force_login(cast.zhang.user)
    assert client.get(f"/portal/batches/{batch.number}/rules/0/").status_code == 200
    early = ask(client, batch, 0, began_on="2026-09-10", ended_on="2025-10-10")
    assert (early.status_code, "It ends before it begins." in early.content.decode()) == (400, True)
    assert ask(client, batch, 0, began_on="2025-10-10", ended_on="2026-09-10").status_code == 302
    report = SimpleUploadedFile("report.pdf", b"%PDF-1.7 report")
    told = {"value": "６.2", "unit": "gram_per_100_ml", "laboratory": "省院", "report": report}
    assert ask(client, batch, 1, **told).status_code == 302
    assert ask(client, batch, 3, step_0="2025-10-01").status_code == 302
    said = page(client, cast.zhang, batch).content.decode()
    assert "No demand stands in the way of a release." in said
    digest = sha256(b"%PDF-1.7 report").hexdigest()
    assert Evidence.objects.get(key="acid").document_sha256 == digest
    client.force_login(cast.chen.user)
    form = SimpleUploadedFile("taste.pdf", b"signed")
    assert ask(client, batch, 2, is_met="yes", report=form).status_code == 302
    assert ask(client, batch, 1, value="7", unit="gram_per_100_ml").status_code == 403
    assert release_batch(batch=batch, actor=cast.zhang.actor, now=NOW).state == BatchState.RELEASED


def test_a_piece_is_taken_back_with_a_reason_and_stays_visible(cast, goods, client):
    a_version_with_rules(cast, goods.register.title, ACID)
    batch = goods.batch(BatchState.REGISTERED)
    (piece,) = on_record(cast, batch, a_test("acid", Decimal("5.1"), Unit.GRAM_PER_100_ML))
    url = f"/portal/evidence/{piece.number}/take-back/"
    client.force_login(cast.feng.user)
    assert client.get(url).status_code == 404
    client.force_login(cast.zhang.user)
    assert client.post(url, {"reason": ""}).status_code == 400
    assert client.post(url, {"reason": "取样错误"}).status_code == 302
    assert "Taken back" in page(client, cast.zhang, batch).content.decode()


@pytest.mark.parametrize("place", ["7", "99999999999999999999"])
def test_a_demand_that_is_not_there_is_no_page(cast, goods, client, place):
    a_version_with_rules(
        cast, goods.register.title, ACID, {"kind": "within_region", "key": "region", "severity": "block"}
    )
    batch = goods.batch(BatchState.REGISTERED)
    client.force_login(cast.zhang.user)
    assert client.get(f"/portal/batches/{batch.number}/rules/{place}/").status_code == 404
    assert client.get(f"/portal/batches/{batch.number}/rules/1/").status_code == 404
