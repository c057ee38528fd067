"""What happens to goods is said to the log in the same transaction: facts for everybody, no more, and each step in its order."""

import json
from decimal import Decimal

import pytest

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Refused
from gi_registry.openlog import tree
from gi_registry.openlog.actions import put_in_order, record_alike
from gi_registry.openlog.entries import EntryFault, is_committed
from gi_registry.openlog.models import Disclosure, Entry, Waiting
from tests.build_codes import an_issuance
from tests.build_products import QI_FIELD, a_site, an_authorisation
from tests.build_quota import a_ceiling, an_entitlement, the_books
from tests.cast import NOW
from trace import actions
from trace.actions.logged import log_batches
from trace.models import Batch
from trace.reach import Scope
from trace.rules.batches import BatchState, Step
from trace.rules.issuances import AT_ONCE
from trace.rules.label_orders import GoodsKind
from trace.rules.recalls import RecallScope

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


def test_a_recall_is_told_of_with_the_hash_over_its_lots_and_in_the_history_of_each(cast, goods):
    batches = [goods.batch() for _ in range(3)]
    Waiting.objects.all().delete()
    scope = Scope(RecallScope.SITE, goods.register.zhang, "140121", site=goods.register.field)
    recall = actions.open_recall(scope=scope, actor=cast.wang.actor, now=NOW, reason="封口不严")
    actions.confirm_recall(recall=recall, actor=cast.lin.actor, now=NOW)
    opened, confirmed = told(f"recall:{recall.number}")
    lots = sorted(batch.number for batch in batches)
    assert (opened["type"], confirmed["type"]) == ("recall.opened", "recall.confirmed")
    assert confirmed["facts"] == {
        "recall": recall.number,
        "scope": "site",
        "batches": 3,
        "root": tree.root(lot.encode() for lot in lots).hex(),
    }
    for lot in lots:
        assert [(entry["type"], entry["facts"]) for entry in told(f"batch:{lot}")] == [
            ("batch.held", {"lot": lot, "recall": recall.number, "state": "on_hold"}),
            ("batch.recalled", {"lot": lot, "recall": recall.number, "state": "recalled"}),
        ]
    assert "封口" not in json.dumps([opened, confirmed], ensure_ascii=False)


def test_a_withdrawn_recall_lets_goods_go_on_and_a_drill_leaves_no_trace(cast, goods):
    batch = goods.batch()
    Waiting.objects.all().delete()
    scope = Scope(RecallScope.BATCH, batch.producer, batch.division_code, batch=batch)
    actions.open_recall(scope=scope, actor=cast.wang.actor, now=NOW, reason="演练", is_mock=True)
    assert not Waiting.objects.exists()
    recall = actions.open_recall(scope=scope, actor=cast.wang.actor, now=NOW, reason="封口不严")
    actions.withdraw_recall(recall=recall, actor=cast.wang.actor, now=NOW, reason="复核合格")
    assert [entry["type"] for entry in told(f"recall:{recall.number}")] == ["recall.opened", "recall.withdrawn"]
    assert [entry["type"] for entry in told(f"batch:{batch.number}")] == ["batch.held", "batch.resumed"]


@pytest.mark.parametrize("name", ["a b", '"', "药", ""])
def test_what_happens_to_many_is_said_of_public_numbers_only(name):
    with pytest.raises(EntryFault, match="letters and digits"):
        record_alike(kind="batch.held", prefix="batch:", names=[name], key="lot", facts={}, actor=Actor.SYSTEM, now=NOW)


def test_a_transfer_is_told_of_when_both_agreed_and_its_parties_are_not(cast, goods):
    books = the_books(goods, a_ceiling(3_000))
    feng, indication = goods.register.feng, goods.register.indication
    right = an_authorisation(feng, goods.register.title, [a_site(feng, indication, box=QI_FIELD)])
    an_entitlement(books.quota, feng)
    Waiting.objects.all().delete()
    given = {"taker": feng, "kind": GoodsKind.RAW, "quantity": Decimal(20), "now": NOW}
    actions.declare_harvest(row=books.row, quantity=Decimal(100), actor=books.maker, now=NOW)
    transfer = actions.offer_transfer(row=books.row, actor=books.maker, **given)
    assert not Waiting.objects.filter(type__startswith="transfer").exists()
    actions.accept_transfer(transfer=transfer, actor=cast.feng.actor, now=NOW)
    (entry,) = told(f"transfer:{transfer.number}")
    assert (entry["type"], entry["object"]) == ("transfer.accepted", f"transfer:{transfer.number}")
    assert set(entry["facts"]) == {"transfer", "season"}
    kept = json.loads(bytes(Disclosure.objects.get(event=entry["event"]).payload))
    assert (kept["giver"], kept["taker"]) == (books.row.producer.number, right.producer.number)
