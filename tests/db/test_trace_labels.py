"""Labels of a season in the database: a household's tea from the first tranche to the last label destroyed; unit codes; transfers; the
closing of a season."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from gi_registry.lib.problems import Forbidden, Problem
from products.actions import move_authorisation
from products.rules.authorisations import Given
from products.rules.seasons import QuotaState
from products.rules.words import AuthorisationState, Unit
from tests.build_codes import an_issuance, say_of
from tests.build_products import QI_FIELD, a_site, an_authorisation, everybody
from tests.build_quota import Books, a_ceiling, left, the_books
from tests.build_trace import Goods, a_form
from tests.cast import NOW
from trace import actions
from trace.actions import FormContent, LabelSaying
from trace.actions.season_close import Explained
from trace.models import ClosingNote, Entitlement, LabelOrder, LabelRange, LedgerAccount, LedgerTransaction
from trace.rules.batches import BatchState
from trace.rules.dates import BatchDates
from trace.rules.issuances import Activation, RangeKind, Span
from trace.rules.label_orders import MOST_WAITING, GoodsKind, LabelMove, OrderState, TransferState
from trace.rules.quantities import QuantityUnit

pytestmark = pytest.mark.django_db
MADE = date(2026, 9, 10)
WITNESSES = ("王秀英", "李建国")


@dataclass
class Tea:
    """149.5 kg of tea in packs of 250 g: 598 labels."""

    books: Books

    @property
    def goods(self) -> Goods:
        return self.books.goods

    def order(self, count: int, **more) -> LabelOrder:
        given = {"quota": self.books.quota, "form": self.goods.form, "actor": self.goods.maker, "now": NOW}
        return actions.request_labels(count=count, **{**given, **more})

    def issued(self, count: int) -> LabelOrder:
        order = actions.approve_labels(order=self.order(count), actor=everybody(), now=NOW)
        return actions.issue_labels(order=order, actor=everybody(), now=NOW)

    def batch(self, packs: int, **more):
        dates = BatchDates(produced_on=MADE, packed_on=MADE)
        kilos = {"quantity": Decimal(packs) / 4, "quantity_unit": QuantityUnit.KILOGRAM, "pack_count": packs}
        content = self.goods.content(dates=dates, season=self.books.quota.season, **{**kilos, **more})
        return actions.draft_batch(content=content, actor=self.goods.maker, now=NOW, register=True)

    def say(self, order: LabelOrder, kind: LabelMove, first: int, last: int, *, actor=None, reason="登记", **more):
        saying = LabelSaying(kind, Span(first, last), **more)
        who = actor or (everybody() if kind in (LabelMove.RETURNED, LabelMove.DESTROYED) else self.goods.maker)
        return actions.record_labels(order=order, saying=saying, actor=who, now=NOW, reason=reason)

    def labels(self) -> dict[str, int]:
        rows = LedgerAccount.objects.filter(quota=self.books.quota, form=self.goods.form, balance__gt=0)
        return {row.kind: int(row.balance) for row in rows}


@pytest.fixture
def tea(goods) -> Tea:
    units = {"raw_unit": Unit.KILOGRAM, "goods_unit": Unit.KILOGRAM}
    packs = {"net_content": Decimal(250), "net_content_unit": QuantityUnit.GRAM, "gtin": None, "name_zh": "春茶"}
    form = a_form(goods.register, goods.maker, **packs)
    return Tea(the_books(Goods(goods.register, form, goods.maker), a_ceiling("149.5"), **units))


@pytest.fixture
def feng(tea):
    """A firm with a right and no entitlement of its own."""
    register = tea.goods.register
    field = a_site(register.feng, register.indication, box=QI_FIELD)
    return an_authorisation(register.feng, register.title, [field])


def codes(action, *args, **kwargs):
    with pytest.raises(Problem) as error:
        action(*args, **kwargs)
    return [refusal.code for refusal in error.value.errors]


# --- orders ---


def test_600_labels_are_refused_and_598_accepted_in_three_tranches_and_then_not_one_more(tea):
    assert codes(tea.order, 600) == ["over_label_right"]
    assert codes(tea.order, 599) == ["over_label_right"]
    orders = [tea.issued(count) for count in (200, 200, 198)]
    assert [order.tranche for order in orders] == [1, 2, 3]
    assert tea.labels() == {"unused": 598}
    assert left(tea.books.row) == {"entitlement": 149_500}
    assert codes(tea.order, 1) == ["over_label_right"]


def test_a_season_of_tea_598_are_400_used_80_sold_and_118_returned_and_destroyed(tea, feng):
    given = {"kind": GoodsKind.RAW, "quantity": Decimal(20), "actor": tea.goods.maker, "now": NOW}
    offer = actions.offer_transfer(row=tea.books.row, taker=tea.goods.register.feng, **given)
    actions.accept_transfer(transfer=offer, actor=everybody(feng.producer.organisation), now=NOW)
    assert left(Entitlement.objects.get(producer=feng.producer)) == {"raw": 20_000, "label_right": 20_000}
    assert codes(tea.order, 519) == ["over_label_right"]
    first, second, third = tea.issued(200), tea.issued(200), tea.issued(118)
    batch = tea.batch(400)
    tea.say(first, LabelMove.ACTIVATED, 1, 200, batch=batch)
    tea.say(second, LabelMove.ACTIVATED, 1, 200, batch=batch)
    assert codes(tea.say, third, LabelMove.ACTIVATED, 1, 1, batch=batch) == ["more_labels_than_packs"]
    tea.say(third, LabelMove.RETURNED, 1, 118, reason="春茶结束，余标退回")
    closing = {"quota": tea.books.quota, "actor": everybody(), "now": NOW}
    assert codes(actions.close_season, explained=[], **closing) == ["labels_open"]
    done = tea.say(third, LabelMove.DESTROYED, 1, 118, witnesses=WITNESSES, reason="监督销毁")
    assert done.state == OrderState.CLOSED
    assert tea.labels() == {"active": 400, "destroyed": 118}
    quota = actions.close_season(explained=[], **closing)
    assert quota.state == QuotaState.CLOSED
    assert not ClosingNote.objects.exists()


def test_an_order_is_approved_by_holder_or_officials_of_the_place_and_by_nobody_else(tea, cast):
    order = tea.order(10)
    for person in (cast.zhang, cast.feng, cast.zhao, cast.sun):
        with pytest.raises(Forbidden):
            actions.approve_labels(order=order, actor=person.actor, now=NOW)
    assert codes(actions.issue_labels, order=order, actor=cast.li.actor, now=NOW) == ["order_state"]
    actions.approve_labels(order=order, actor=cast.chen.actor, now=NOW)
    issued = actions.issue_labels(order=order, actor=cast.li.actor, now=NOW)
    assert (issued.state, issued.unused) == (OrderState.ISSUED, 10)
    assert codes(actions.approve_labels, order=order, actor=cast.li.actor, now=NOW) == ["order_state"]


def test_a_cancelled_order_frees_the_goods_that_it_spoke_for(tea):
    order = actions.approve_labels(order=tea.order(598), actor=everybody(), now=NOW)
    assert codes(tea.order, 1) == ["over_label_right"]
    given = {"order": order, "actor": tea.goods.maker, "now": NOW}
    assert codes(actions.cancel_labels, **given) == ["reason_missing"]
    actions.cancel_labels(reason="改用单件码", **given)
    assert left(tea.books.row)["label_right"] == 149_500
    refused = tea.order(598)
    actions.refuse_labels(order=refused, actor=everybody(), now=NOW, reason="超过产量")
    assert left(tea.books.row)["label_right"] == 149_500


def test_an_order_that_was_covered_when_it_was_asked_for_is_refused_when_it_is_not_any_more(tea):
    one, other = tea.order(400), tea.order(400)
    actions.approve_labels(order=one, actor=everybody(), now=NOW)
    assert codes(actions.approve_labels, order=other, actor=everybody(), now=NOW) == ["over_label_right"]


# --- what becomes of them ---


def test_the_same_range_is_never_returned_twice_nor_goes_two_ways(tea):
    order = tea.issued(100)
    tea.say(order, LabelMove.RETURNED, 11, 20)
    for kind in (LabelMove.RETURNED, LabelMove.SPOILED, LabelMove.LOST):
        assert codes(tea.say, order, kind, 20, 30) == ["labels_taken"]
    assert codes(tea.say, order, LabelMove.DESTROYED, 10, 20, witnesses=WITNESSES) == ["not_returned"]
    tea.say(order, LabelMove.DESTROYED, 11, 15, witnesses=WITNESSES)
    assert codes(tea.say, order, LabelMove.DESTROYED, 15, 16, witnesses=WITNESSES) == ["labels_taken"]
    order.refresh_from_db()
    assert (order.unused, order.returned, order.destroyed) == (90, 5, 5)


def test_a_destruction_has_two_witnesses_and_neither_is_who_records_it(tea):
    order = tea.issued(10)
    tea.say(order, LabelMove.RETURNED, 1, 10)
    twice = ("王秀英", "王 秀\u200b英")
    for names in ((), ("王秀英",), ("王秀英", " 王秀英 "), twice, ("王秀英", "builder"), ("\u200b", "王秀英")):
        assert codes(tea.say, order, LabelMove.DESTROYED, 1, 10, witnesses=names) == ["two_witnesses"]
    assert codes(tea.say, order, LabelMove.DESTROYED, 1, 10, witnesses=WITNESSES, reason=" ") == ["reason_missing"]


def test_only_what_was_destroyed_can_be_ordered_again(tea):
    order = tea.issued(598)
    tea.say(order, LabelMove.LOST, 1, 10, reason="仓库进水")
    tea.say(order, LabelMove.SPOILED, 11, 20, reason="贴标机卡纸")
    tea.say(order, LabelMove.RETURNED, 21, 120)
    assert codes(tea.order, 1) == ["over_label_right"]
    tea.say(order, LabelMove.DESTROYED, 21, 120, witnesses=WITNESSES)
    assert codes(tea.order, 101) == ["over_label_right"]
    tea.order(100)


def test_who_says_what_of_labels_is_settled(tea, cast):
    order = tea.issued(10)
    with pytest.raises(Forbidden):
        tea.say(order, LabelMove.RETURNED, 1, 1, actor=cast.zhang.actor)
    with pytest.raises(Forbidden):
        tea.say(order, LabelMove.LOST, 1, 1, actor=cast.chen.actor)
    assert codes(tea.say, order, LabelMove.LOST, 5, 4) == ["span"]
    assert codes(tea.say, order, LabelMove.LOST, 1, 11) == ["span"]
    assert codes(tea.say, tea.order(5), LabelMove.LOST, 1, 1) == ["order_state"]


def test_labels_go_on_packs_of_a_batch_of_the_same_article_and_season(tea):
    order = tea.issued(100)
    assert codes(tea.say, order, LabelMove.ACTIVATED, 1, 5) == ["batch_of_labels"]
    void = actions.void_batch(batch=tea.batch(10), actor=tea.goods.maker, now=NOW, reason="填错")
    assert codes(tea.say, order, LabelMove.ACTIVATED, 1, 5, batch=void) == ["batch_of_labels"]
    batch = tea.batch(8)
    tea.say(order, LabelMove.ACTIVATED, 1, 5, batch=batch)
    assert codes(tea.say, order, LabelMove.ACTIVATED, 6, 9, batch=batch) == ["more_labels_than_packs"]
    tea.say(order, LabelMove.ACTIVATED, 6, 8, batch=batch)


def test_the_database_holds_ranges_witnesses_and_packs_by_itself(tea):
    order = tea.issued(100)
    batch = tea.batch(8)
    tea.say(order, LabelMove.ACTIVATED, 1, 5, batch=batch)
    posting = LedgerTransaction.objects.latest("pk")

    def wall(**row):
        facts = {"order": order, "posting": posting, "by": "x", "by_name": "x", "at": NOW, "first": 1, "last": 5}
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            LabelRange.objects.create(**{**facts, **row})
        return str(error.value)

    fresh = LedgerTransaction.objects.create(quota=tea.books.quota, kind="loss", by="x", by_name="x", at=NOW)
    assert "leaves_once" in wall(kind="lost", posting=fresh)
    assert "came back" in wall(kind="destroyed", posting=fresh, first=50, last=60)
    assert "issued" in wall(kind="lost", posting=fresh, first=90, last=101)
    assert "packs" in wall(kind="activated", posting=fresh, first=50, last=60, batch=batch)
    with pytest.raises(DatabaseError), transaction.atomic():
        LabelOrder.objects.filter(pk=order.pk).update(lost=96)


# --- unit codes are labels ---


def test_unit_codes_of_a_season_count_as_labels(tea):
    batch = tea.batch(598)
    with pytest.raises(Problem) as error:
        an_issuance(tea.goods, batch, 599)
    assert [refusal.code for refusal in error.value.errors] == ["over_label_right"]
    issuance = an_issuance(tea.goods, batch, 500)
    order = issuance.order
    assert (order.state, order.active, order.unused) == (OrderState.ISSUED, 500, 0)
    assert tea.labels() == {"active": 500}
    assert codes(tea.order, 99) == ["over_label_right"]
    tea.order(98)
    assert codes(tea.say, order, LabelMove.LOST, 1, 2) == ["labels_with_codes"]


def test_what_is_said_of_unit_codes_is_said_of_labels(tea):
    batch = tea.batch(598)
    issuance = an_issuance(tea.goods, batch, 598, activation=Activation.BY_RANGE)
    assert tea.labels() == {"unused": 598}
    say_of(tea.goods, issuance, RangeKind.ACTIVATED, 0, 399)
    say_of(tea.goods, issuance, RangeKind.SPOILED, 390, 409)
    say_of(tea.goods, issuance, RangeKind.RETURNED, 480, 597)
    say_of(tea.goods, issuance, RangeKind.DESTROYED, 480, 499)
    say_of(tea.goods, issuance, RangeKind.DESTROYED, 400, 404)
    say_of(tea.goods, issuance, RangeKind.PRINTED, 0, 100)
    assert tea.labels() == {"active": 390, "spoiled": 15, "returned": 98, "destroyed": 25, "unused": 70}
    assert left(tea.books.row)["label_right"] == 138 * 250
    issuance.refresh_from_db()
    actions.void_issuance(issuance=issuance, actor=tea.goods.maker, now=NOW, reason="整批作废")
    assert tea.labels() == {"spoiled": 475, "returned": 98, "destroyed": 25}
    assert left(tea.books.row)["label_right"] == 149_500


def test_a_voided_batch_gives_back_goods_and_labels_of_its_codes(tea):
    batch = tea.batch(100)
    an_issuance(tea.goods, batch, 40)
    an_issuance(tea.goods, batch, 50)
    actions.void_batch(batch=batch, actor=tea.goods.maker, now=NOW, reason="填错")
    assert tea.labels() == {"spoiled": 90}
    assert left(tea.books.row) == {"entitlement": 149_500, "label_right": 149_500}


def test_in_a_season_without_quota_codes_are_nobodys_labels(goods):
    an_issuance(goods, goods.batch(BatchState.REGISTERED), 10)
    assert not LabelOrder.objects.exists()


# --- what nobody gets by trying often ---


def test_the_content_of_a_pack_stays_once_labels_for_it_were_ordered(tea):
    order = tea.order(598)
    heavier = {"name_zh": "春茶", "net_content": Decimal(500), "net_content_unit": QuantityUnit.GRAM}
    given = {"form": tea.goods.form, "content": FormContent(**heavier), "actor": tea.goods.maker, "now": NOW}
    assert codes(actions.change_form, **given) == ["form_in_use"]
    actions.cancel_labels(order=order, actor=tea.goods.maker, now=NOW, reason="改规格")
    assert actions.change_form(**given).net_content == 500


def test_labels_are_not_activated_on_a_batch_that_was_voided_after_it_was_read(tea):
    order, batch = tea.issued(10), tea.batch(10)
    actions.void_batch(batch=batch, actor=tea.goods.maker, now=NOW, reason="填错")
    batch.state = BatchState.REGISTERED.value
    assert codes(tea.say, order, LabelMove.ACTIVATED, 1, 5, batch=batch) == ["batch_of_labels"]


def test_no_more_than_twenty_orders_and_offers_wait_at_a_time(tea, feng):
    orders = [tea.order(1) for _ in range(MOST_WAITING)]
    assert codes(tea.order, 1) == ["orders_waiting"]
    actions.approve_labels(order=orders[0], actor=everybody(), now=NOW)
    tea.order(1)
    given = {"row": tea.books.row, "taker": feng.producer, "kind": GoodsKind.RAW, "quantity": Decimal(1)}
    offers = [actions.offer_transfer(actor=tea.goods.maker, now=NOW, **given) for _ in range(MOST_WAITING)]
    assert codes(actions.offer_transfer, actor=tea.goods.maker, now=NOW, **given) == ["offers_waiting"]
    actions.withdraw_transfer(transfer=offers[0], actor=tea.goods.maker, now=NOW)
    actions.offer_transfer(actor=tea.goods.maker, now=NOW, **given)


def test_the_keeper_of_a_season_ends_an_offer_that_nobody_answers(tea, feng, cast):
    given = {"row": tea.books.row, "taker": feng.producer, "kind": GoodsKind.RAW, "quantity": Decimal(1)}
    offer = actions.offer_transfer(actor=tea.goods.maker, now=NOW, **given)
    for person in (cast.li, cast.feng):
        with pytest.raises(Forbidden):
            actions.withdraw_transfer(transfer=offer, actor=person.actor, now=NOW, reason="产季结束")
    assert codes(actions.withdraw_transfer, transfer=offer, actor=cast.chen.actor, now=NOW) == ["reason_missing"]
    done = actions.withdraw_transfer(transfer=offer, actor=cast.chen.actor, now=NOW, reason="产季结束")
    assert done.state == TransferState.WITHDRAWN
    actions.close_season(quota=tea.books.quota, explained=[], actor=cast.chen.actor, now=NOW)


# --- transfers ---


def test_a_transfer_is_confirmed_by_the_other_and_moves_goods_with_their_labels(tea, feng, cast):
    actions.declare_harvest(row=tea.books.row, quantity=Decimal(100), actor=tea.goods.maker, now=NOW)
    given = {"row": tea.books.row, "taker": feng.producer, "kind": GoodsKind.RAW, "actor": tea.goods.maker, "now": NOW}
    offer = actions.offer_transfer(quantity=Decimal(120), **given)
    assert left(tea.books.row)["raw"] == 100_000
    with pytest.raises(Forbidden):
        actions.accept_transfer(transfer=offer, actor=cast.zhang.actor, now=NOW)
    done = actions.accept_transfer(transfer=offer, actor=cast.feng.actor, now=NOW)
    assert (done.state, done.posting.kind) == (TransferState.ACCEPTED, "transfer")
    assert left(tea.books.row) == {"entitlement": 29_500, "label_right": 29_500}
    assert codes(actions.accept_transfer, transfer=offer, actor=cast.feng.actor, now=NOW) == ["transfer_state"]
    assert codes(actions.withdraw_transfer, transfer=offer, actor=cast.zhang.actor, now=NOW) == ["transfer_state"]


def test_nothing_is_transferred_to_oneself_over_the_balance_or_to_the_lapsed(tea, feng):
    given = {"row": tea.books.row, "kind": GoodsKind.RAW, "actor": tea.goods.maker, "now": NOW}
    one = {"quantity": Decimal(1), **given}
    assert codes(actions.offer_transfer, taker=tea.goods.register.zhang, **one) == ["transfer_to_oneself"]
    too_much = {**one, "quantity": Decimal("149.501")}
    assert "over_entitlement" in codes(actions.offer_transfer, taker=feng.producer, **too_much)
    processed = {**one, "kind": GoodsKind.PROCESSED}
    assert codes(actions.offer_transfer, taker=feng.producer, **processed) == ["over_processed"]
    offer = actions.offer_transfer(taker=feng.producer, **one)
    suspended = Given(reason="抽检不合格")
    move_authorisation(authorisation=feng, to=AuthorisationState.SUSPENDED, given=suspended, actor=everybody(), now=NOW)
    assert codes(actions.offer_transfer, taker=feng.producer, **one) == ["taker_not_authorised"]
    taker = everybody(feng.producer.organisation)
    assert codes(actions.accept_transfer, transfer=offer, actor=taker, now=NOW) == ["taker_not_authorised"]
    assert codes(actions.decline_transfer, transfer=offer, actor=taker, now=NOW) == ["reason_missing"]
    assert actions.decline_transfer(transfer=offer, actor=taker, now=NOW, reason="未收到货").state == "declined"


def test_what_was_offered_and_is_gone_meanwhile_is_not_accepted(tea, feng):
    given = {"row": tea.books.row, "taker": feng.producer, "kind": GoodsKind.RAW, "actor": tea.goods.maker, "now": NOW}
    offer = actions.offer_transfer(quantity=Decimal(149), **given)
    tea.batch(400)
    taker = everybody(feng.producer.organisation)
    assert codes(actions.accept_transfer, transfer=offer, actor=taker, now=NOW) == ["over_entitlement"]
    assert not Entitlement.objects.filter(producer=feng.producer).exists()


def test_labels_that_are_out_must_come_back_before_their_goods_go(tea, feng):
    tea.issued(598)
    given = {"row": tea.books.row, "taker": feng.producer, "kind": GoodsKind.RAW, "actor": tea.goods.maker, "now": NOW}
    assert codes(actions.offer_transfer, quantity=Decimal(20), **given) == ["over_label_right"]


# --- the end of a season ---


def test_a_season_is_closed_when_every_open_label_is_explained(tea, cast):
    order = tea.issued(10)
    tea.order(5)
    given = {"quota": tea.books.quota, "now": NOW}
    with pytest.raises(Forbidden):
        actions.close_season(explained=[], actor=cast.zhang.actor, **given)
    assert codes(actions.close_season, explained=[], actor=cast.chen.actor, **given) == ["orders_open"]
    other = LabelOrder.objects.get(count=5)
    actions.refuse_labels(order=other, actor=cast.chen.actor, now=NOW, reason="产季结束")
    assert codes(actions.close_season, explained=[], actor=cast.chen.actor, **given) == ["labels_open"]
    why = Explained(tea.goods.register.zhang.number, tea.goods.form.number, "封存于合作社，下季核销")
    actions.close_season(explained=[why], actor=cast.chen.actor, **given)
    note = ClosingNote.objects.get()
    assert (note.labels, note.reason) == (10, why.reason)
    assert codes(tea.batch, 4) == ["season_closed"]
    assert codes(tea.order, 1) == ["season_closed"]
    returned = tea.say(order, LabelMove.RETURNED, 1, 10)
    assert returned.returned == 10
