"""What happens to goods is said to the log in the same transaction: facts for everybody, no more, and each step in its order."""

import json
from decimal import Decimal

import pytest

from gi_registry.lib.problems import Refused
from gi_registry.openlog.actions import put_in_order
from gi_registry.openlog.entries import is_committed
from gi_registry.openlog.models import Disclosure, Entry, Waiting
from tests.build_codes import an_issuance
from tests.cast import NOW
from trace import actions
from trace.actions.logged import log_batches
from trace.models import Batch
from trace.rules.batches import BatchState, Step
from trace.rules.issuances import AT_ONCE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_log(goods):
    """What was said while the goods were built is not asked about here."""
    Waiting.objects.all().delete()
    Disclosure.objects.all().delete()


def told(of: str) -> list[dict]:
    put_in_order(published=0)
    rows = Entry.objects.filter(object=of).order_by("sequence").values_list("data", flat=True)
    return [json.loads(bytes(data)) for data in rows]


def test_the_life_of_a_batch_stands_in_the_log_step_by_step(cast, goods):
    batch = goods.batch(BatchState.REGISTERED)
    by_maker, by_city = {"actor": cast.zhang.actor, "now": NOW}, {"actor": cast.wang.actor, "now": NOW}
    actions.release_batch(batch=batch, **by_maker)
    actions.hold_batch(batch=batch, reason="检验结果待复核", **by_city)
    actions.resume_batch(batch=batch, reason="复核合格", **by_city)
    actions.recall_batch(batch=batch, reason="封口不严", **by_city)
    entries = told(f"batch:{batch.number}")
    assert [entry["type"] for entry in entries] == [
        "batch.registered",
        "batch.released",
        "batch.held",
        "batch.resumed",
        "batch.recalled",
    ]
    assert [entry["role"] for entry in entries][1:3] == ["producer", "city_regulator"]
    assert [entry["facts"].get("state") for entry in entries[1:]] == ["released", "on_hold", "released", "recalled"]


def test_of_what_was_registered_everybody_is_told_no_more_than_by_a_check(goods):
    batch = goods.batch()
    entry = told(f"batch:{batch.number}")[0]
    assert entry["facts"] == {
        "lot": batch.number,
        "state": "registered",
        "indication": batch.indication.slug,
        "producer": batch.producer.number,
        "gtin": batch.form.gtin,
        "division": batch.division_code,
        "produced_on": "2026-09-10",
        "packed_on": "2026-09-10",
        "best_before_on": "2029-09-10",
    }
    kept = Disclosure.objects.get(event=entry["event"])
    assert json.loads(bytes(kept.payload)) == {
        "producer": batch.producer.number,
        "product": batch.form.number,
        "quantity": "1200.000",
        "unit": "litre",
        "packs": 2_400,
        "producer_lot": "ZJ-0910",
    }
    whole = json.dumps(entry, ensure_ascii=False)
    organisation = batch.producer.organisation
    for private in (organisation.name_zh, organisation.uscc, goods.maker.name, "2400", "1200", "ZJ-0910"):
        assert private not in whole


@pytest.mark.parametrize("change", [{"is_public": False}, {"kind": "household"}])
def test_of_a_household_and_of_who_is_not_listed_the_log_tells_nothing(goods, change):
    maker = goods.form.producer
    if "kind" in change:
        maker.organisation.kind = "household"
    else:
        maker.is_public = False
    batch = Batch(
        number="7K3QX9PA28",
        producer=maker,
        form=goods.form,
        indication=goods.form.indication,
        state="registered",
        division_code="140121",
        produced_on=NOW.date(),
        quantity=Decimal(1),
        quantity_unit="litre",
    )
    log_batches(Step.REGISTER, [batch], actor=goods.maker, now=NOW)
    assert told("batch:7K3QX9PA28")[0]["facts"]["producer"] is None


def test_a_reason_is_only_committed_to(cast, goods):
    batch = goods.batch()
    actions.hold_batch(batch=batch, reason="检验结果待复核", actor=cast.wang.actor, now=NOW)
    entry = told(f"batch:{batch.number}")[-1]
    assert "检验" not in json.dumps(entry, ensure_ascii=False)
    kept = Disclosure.objects.get(event=entry["event"])
    row = Entry.objects.get(event=entry["event"])
    assert is_committed(bytes(row.data), bytes(kept.salt), bytes(kept.payload))
    assert json.loads(bytes(kept.payload)) == {"reason": "检验结果待复核"}


def test_what_was_refused_and_what_was_only_a_draft_is_not_logged(goods):
    batch = goods.batch()
    with pytest.raises(Refused):
        actions.release_batch(batch=batch, actor=goods.maker, now=NOW)
    assert [entry["type"] for entry in told(f"batch:{batch.number}")] == ["batch.registered", "batch.released"]
    draft = goods.batch(BatchState.DRAFT)
    actions.void_batch(batch=draft, reason="重复", actor=goods.maker, now=NOW)
    assert told(f"batch:{draft.number}") == []


@pytest.mark.parametrize("count", [5, AT_ONCE + 1])
def test_issued_codes_are_logged_with_the_hash_over_all_of_them(goods, count):
    issuance = an_issuance(goods, goods.batch(), count, reason="备用")
    entries = told(f"issuance:{issuance.number}")
    assert [entry["type"] for entry in entries] == ["codes.issued"]
    assert entries[0]["facts"] == {
        "lot": issuance.batch.number,
        "issuance": issuance.number,
        "ordinal": 0,
        "count": count,
        "epoch": issuance.epoch,
        "root": bytes(issuance.root).hex(),
    }
    actions.void_issuance(issuance=issuance, reason="卷标丢失", actor=goods.maker, now=NOW)
    assert [entry["type"] for entry in told(f"issuance:{issuance.number}")] == ["codes.issued", "codes.voided"]
