"""Recalls: what they reach, who must agree, and what is true the moment they are confirmed."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from gi_registry.lib.problems import Forbidden, Invalid, Refused
from tests.build_genealogy import a_draft, a_link, a_lot, made_of, refusal_of, registered
from tests.build_trace import Goods
from tests.cast import NOW
from trace import actions
from trace.models import Batch, Recall, RecallItem, RecallNotice, Recovery
from trace.queries import check
from trace.reach import Scope, amounts_of, parties_of, reach_of
from trace.rules.batches import BatchState
from trace.rules.evidence import EvidenceItem, EvidenceKind
from trace.rules.recalls import RecallScope, RecallState
from trace.rules.typed import read_typed

pytestmark = pytest.mark.django_db


def released(goods: Goods, *parents: Batch, **changes) -> Batch:
    batch = made_of(goods, *parents, **changes) if parents else a_lot(goods)
    return actions.release_batch(batch=batch, actor=goods.maker, now=NOW)


def opened(batch: Batch, actor, kind: RecallScope = RecallScope.BATCH, **more) -> Recall:
    scope = Scope(kind, batch.producer, batch.division_code, batch=batch)
    return actions.open_recall(scope=scope, actor=actor, now=NOW, **{"reason": "检出超标", **more})


def elsewhere(batch: Batch, code: str) -> None:
    """As if it had been made there."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE trace_batch SET division_code = %s WHERE id = %s", [code, batch.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def states(*batches: Batch) -> list[str]:
    return [Batch.objects.get(pk=batch.pk).state for batch in batches]


def test_everything_downstream_is_recalled_at_once_and_nothing_beside_it(goods, cast):
    cask = released(goods)
    blend = released(goods, cask)
    case = released(goods, blend)
    other = released(goods)
    waiting = made_of(goods, cask, litres=10)
    recall = opened(cask, cast.li.actor)
    assert states(cask, case, waiting) == ["on_hold", "on_hold", "registered"], "nobody has confirmed it"
    recall = actions.confirm_recall(recall=recall, actor=cast.wang.actor, now=NOW)
    assert recall.state == RecallState.CONFIRMED
    assert states(cask, blend, case, other, waiting) == ["recalled", "recalled", "recalled", "released", "registered"]
    assert sorted(RecallItem.objects.values_list("was", "is_moved")) == [
        ("registered", False),
        *[("released", True)] * 3,
    ]
    assert [(notice.producer, notice.batches) for notice in RecallNotice.objects.all()] == [(goods.register.zhang, 4)]
    assert Batch.objects.get(pk=case.pk).state_reason == "检出超标"


def test_the_input_itself_is_spared_where_only_what_was_made_of_it_is_meant(goods, cast):
    cask = released(goods)
    blend = released(goods, cask)
    recall = opened(cask, cast.li.actor, RecallScope.INPUT)
    actions.confirm_recall(recall=recall, actor=cast.wang.actor, now=NOW)
    assert states(cask, blend) == ["released", "recalled"]


def test_the_person_who_opened_it_does_not_confirm_it(goods, cast):
    recall = opened(released(goods), cast.li.actor)
    with pytest.raises(Refused) as raised:
        actions.confirm_recall(recall=recall, actor=cast.li.actor, now=NOW)
    assert refusal_of(raised) == {"two_persons"}
    with (
        pytest.raises(DatabaseError, match="recall_by_two_persons"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE trace_recall SET confirmed_by = opened_by")


def test_a_producer_opens_a_recall_of_its_goods_and_officials_confirm_it(goods, cast):
    batch = released(goods)
    recall = opened(batch, cast.zhang.actor)
    with pytest.raises(Forbidden):
        actions.confirm_recall(recall=recall, actor=cast.zhang.actor, now=NOW)
    with pytest.raises(Forbidden):
        opened(batch, cast.feng.actor)
    with pytest.raises(Forbidden):
        actions.confirm_recall(recall=recall, actor=cast.gao.actor, now=NOW)
    actions.confirm_recall(recall=recall, actor=cast.li.actor, now=NOW)
    assert states(batch) == ["recalled"]


def test_goods_made_beyond_its_place_are_recalled_by_the_level_above(goods, cast):
    cask = released(goods)
    blend = released(goods, cask)
    elsewhere(blend, "140727")
    recall = opened(cask, cast.li.actor)
    with pytest.raises(Refused) as raised:
        actions.confirm_recall(recall=recall, actor=cast.wang.actor, now=NOW)
    assert refusal_of(raised) == {"beyond_your_place"}
    actions.confirm_recall(recall=recall, actor=cast.lin.actor, now=NOW)
    assert states(blend) == ["recalled"]


@pytest.mark.parametrize("scope", ["site", "days"])
def test_batches_of_a_site_or_of_some_days_are_found(goods, cast, scope):
    batch, earlier = released(goods), released(goods)
    register = goods.register
    facts = {"site": {"site": register.works}, "days": {"first_on": batch.produced_on, "last_on": batch.produced_on}}
    told = Scope(RecallScope(scope), register.zhang, "140121", **facts[scope])
    recall = actions.open_recall(scope=told, actor=cast.li.actor, now=NOW, reason="场地受污染")
    actions.confirm_recall(recall=recall, actor=cast.wang.actor, now=NOW)
    assert states(batch, earlier) == ["recalled", "recalled"]


def test_what_is_empty_or_withdrawn_is_not_confirmed(goods, cast):
    recall = opened(a_lot(goods), cast.li.actor)
    with pytest.raises(Refused) as raised:
        actions.confirm_recall(recall=recall, actor=cast.wang.actor, now=NOW)
    assert refusal_of(raised) == {"nothing_to_recall"}
    recall = actions.withdraw_recall(recall=recall, actor=cast.li.actor, now=NOW)
    for step in (actions.withdraw_recall, actions.confirm_recall):
        with pytest.raises(Refused) as raised:
            step(recall=recall, actor=cast.wang.actor, now=NOW)
        assert refusal_of(raised) == {"wrong_state"}


def test_a_mock_recall_leaves_no_trace_on_goods_and_tells_time_and_completeness(goods, cast):
    cask = released(goods)
    blend = released(goods, cask)
    recall = opened(cask, cast.li.actor, is_mock=True, reason="年度演练")
    assert (recall.state, recall.batches, recall.parties, recall.reachable) == ("drilled", 2, 1, 1)
    assert recall.took_ms < 60_000
    assert states(cask, blend) == ["released", "released"]
    assert RecallItem.objects.count() == RecallNotice.objects.count() == 0
    with pytest.raises(Refused):
        actions.confirm_recall(recall=recall, actor=cast.wang.actor, now=NOW)


def test_what_came_back_adds_up_to_no_more_than_was_made(goods, cast):
    batch = released(goods)
    recall = actions.confirm_recall(recall=opened(batch, cast.li.actor), actor=cast.wang.actor, now=NOW)
    item = RecallItem.objects.select_related("recall", "batch").get()

    def came(quantity: str, actor=cast.zhang.actor):
        return actions.record_recovery(item=item, quantity=Decimal(quantity), actor=actor, now=NOW)

    came("600")
    came("400", cast.li.actor)
    with pytest.raises(Refused) as raised:
        came("0.001")
    assert refusal_of(raised) == {"recovered_exceeds_batch"}
    with pytest.raises(DatabaseError, match="no more comes back than was out"), transaction.atomic():
        Recovery.objects.create(item=item, quantity=Decimal("0.001"), at=NOW, by="user:1", by_name="无人")
    (amount,) = amounts_of(recall.items.all())
    assert (amount.unit, amount.out, amount.recovered, amount.percent) == ("litre", 1_000, 1_000, 100)
    with pytest.raises(Invalid):
        came("-1")
    with pytest.raises(Forbidden):
        came("1", cast.feng.actor)
    actions.close_recall(recall=recall, actor=cast.wang.actor, now=NOW)
    with pytest.raises(Refused) as raised:
        came("1")
    assert refusal_of(raised) == {"wrong_state"}
    assert states(batch) == ["recalled"]


def test_the_verdict_of_a_code_changes_with_the_confirmation(goods, cast):
    batch = released(goods)
    recall = opened(batch, cast.li.actor)
    assert check(read_typed(batch.number), now=NOW)["verdict"] != "recalled"
    actions.confirm_recall(recall=recall, actor=cast.wang.actor, now=NOW)
    assert check(read_typed(batch.number), now=NOW)["verdict"] == "recalled"


def test_a_producer_reads_its_notice_once(goods, cast):
    actions.confirm_recall(recall=opened(released(goods), cast.li.actor), actor=cast.wang.actor, now=NOW)
    notice = RecallNotice.objects.select_related("recall").get()
    for actor in (cast.feng.actor, cast.li.actor, cast.chen.actor):
        with pytest.raises(Forbidden):
            actions.read_notices(recall=notice.recall, actor=actor, now=NOW)
    for _ in range(2):
        actions.read_notices(recall=notice.recall, actor=cast.zhang.actor, now=NOW)
    notice.refresh_from_db()
    assert notice.read_by_name == "张师傅"


def test_goods_that_were_recalled_go_into_nothing_more(goods, cast):
    cask = released(goods)
    draft = a_draft(goods, 10)
    a_link(goods, cask, draft, 10)
    actions.confirm_recall(recall=opened(cask, cast.li.actor), actor=cast.wang.actor, now=NOW)
    with pytest.raises(Refused) as raised:
        registered(goods, draft)
    assert refusal_of(raised) == {"input_not_usable"}
    assert Batch.objects.get(pk=draft.pk).state == BatchState.DRAFT


def test_what_is_withdrawn_goes_on_but_for_what_somebody_stopped_since(goods, cast):
    cask = released(goods)
    blend, case = released(goods, cask), released(goods, cask)
    held = released(goods, cask)
    actions.hold_batch(batch=held, actor=cast.wang.actor, now=NOW, reason="抽检")
    recall = opened(cask, cast.li.actor)
    for step in (actions.resume_batch, actions.hold_batch):
        step(batch=blend, actor=cast.wang.actor, now=NOW, reason="复查")
    actions.withdraw_recall(recall=recall, actor=cast.li.actor, now=NOW, reason="复检合格")
    assert states(cask, case, blend, held) == ["released", "released", "on_hold", "on_hold"]


def test_goods_held_by_two_recalls_go_on_when_both_are_withdrawn(goods, cast):
    cask = released(goods)
    first, second = opened(cask, cast.li.actor), opened(cask, cast.wang.actor)
    actions.withdraw_recall(recall=first, actor=cast.li.actor, now=NOW, reason="误报")
    assert states(cask) == ["on_hold"]
    actions.withdraw_recall(recall=second, actor=cast.li.actor, now=NOW, reason="误报")
    assert states(cask) == ["released"]


def test_an_opener_holds_only_what_it_could_hold_by_itself(goods, cast):
    cask = released(goods)
    blend = released(goods, cask)
    elsewhere(blend, "140727")
    opened(cask, cast.li.actor)
    assert states(cask, blend) == ["on_hold", "released"]


def test_goods_not_released_yet_stay_where_they_are_while_a_recall_names_them(goods, cast):
    site = goods.register.works
    waiting = a_lot(goods)
    drawn = made_of(goods, waiting, litres=10)
    scope = Scope(RecallScope.SITE, goods.register.zhang, "140121", site=site)
    sold = released(goods)
    given = {"actor": cast.li.actor, "now": NOW}
    recall = actions.open_recall(scope=scope, reason="场地受污染", **given)

    def refused_for(batch: Batch) -> set[str]:
        with pytest.raises(Refused) as raised:
            actions.release_batch(batch=batch, actor=goods.maker, now=NOW)
        return refusal_of(raised)

    assert refused_for(waiting) == {"called_back"}
    assert refused_for(drawn) == {"called_back", "input_stopped"}
    actions.confirm_recall(recall=recall, actor=cast.wang.actor, now=NOW)
    assert refused_for(waiting) == {"called_back"}
    with pytest.raises(Refused) as raised:
        made_of(goods, waiting, litres=10)
    assert refusal_of(raised) == {"input_stopped"}
    assert states(sold, waiting) == ["recalled", "registered"]


def test_what_a_laboratory_measured_is_found_for_its_place_or_its_maker(goods, cast):
    batch, other = a_lot(goods), a_lot(goods)
    item = EvidenceItem(
        EvidenceKind.MEASUREMENT, key="acid", value=Decimal("6.2"), unit="gram_per_100_ml", laboratory="省院"
    )
    (taken,) = actions.add_evidence(batch=other, items=[item], actor=goods.maker, now=NOW)
    actions.add_evidence(batch=batch, items=[item], actor=goods.maker, now=NOW)
    actions.withdraw_evidence(evidence=taken, actor=goods.maker, now=NOW, reason="误录")

    def found(code: str, laboratory: str = "省院", producer=None) -> int:
        return reach_of(Scope(RecallScope.LABORATORY, producer, code, laboratory=laboratory)).batches

    zhang, feng = goods.register.zhang, goods.register.feng
    assert [found(code) for code in ("140000", "140100", "140121", "140727", "140700")] == [1, 1, 1, 0, 0]
    assert (found("140121", producer=zhang), found("140727", producer=feng), found("140000", "别院")) == (1, 0, 0)
    scope = Scope(RecallScope.LABORATORY, None, "140100", laboratory="省院")
    for actor in (cast.zhang.actor, cast.li.actor, cast.chen.actor):
        with pytest.raises(Forbidden):
            actions.open_recall(scope=scope, actor=actor, now=NOW, reason="数据造假")


def test_what_went_into_others_is_out_as_those(goods, cast):
    cask = released(goods)
    blend = released(goods, cask, litres=300)
    actions.confirm_recall(recall=opened(cask, cast.li.actor), actor=cast.wang.actor, now=NOW)
    assert dict(RecallItem.objects.values_list("batch", "out")) == {cask.pk: 700, blend.pk: 300}


def test_officials_are_told_every_party_and_a_producer_who_took_its_goods(goods, cast):
    cask = released(goods)
    released(goods, cask)
    scope = Scope(RecallScope.BATCH, cask.producer, cask.division_code, batch=cask)
    reach = reach_of(scope)
    assert (reach.batches, reach.moved, reach.divisions) == (2, 2, {"140121": 2})
    for actor in (cast.li.actor, cast.zhang.actor):
        assert [(one.batches, one.is_reachable) for one in parties_of(reach, scope, actor)] == [(2, True)]


def test_a_scope_without_batches_reaches_nothing_and_a_batch_without_descendants_itself(goods, cast):
    batch = released(goods)
    scope = Scope(RecallScope.INPUT, batch.producer, batch.division_code, batch=batch)
    assert reach_of(scope).batches == 0
    empty = Scope(
        RecallScope.DAYS, goods.register.feng, "140727", first_on=batch.produced_on, last_on=batch.produced_on
    )
    assert reach_of(empty).batches == 0


def test_a_producer_takes_back_what_its_own_person_opened_and_nothing_of_the_officials(goods, cast):
    batch = released(goods)
    official, own = opened(batch, cast.li.actor), opened(batch, cast.zhang.actor)
    with pytest.raises(Forbidden):
        actions.withdraw_recall(recall=official, actor=cast.zhang.actor, now=NOW, reason="不同意")
    assert actions.withdraw_recall(recall=own, actor=cast.zhang.actor, now=NOW, reason="误报").state == "withdrawn"
    assert actions.withdraw_recall(recall=official, actor=cast.wang.actor, now=NOW, reason="复检").state == "withdrawn"
