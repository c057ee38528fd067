"""The page of a batch's demands: in words, with what still stands in the way."""

from decimal import Decimal

import pytest

from products.rules.words import Unit
from tests.build_rules import ACID, TASTE, a_test, a_version_with_rules, ageing, an_ageing, on_record
from tests.cast import NOW
from tests.db.test_trace_rules import BEGUN, READY
from trace.actions import release_batch
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
