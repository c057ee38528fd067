"""Offers of goods by a spreadsheet: made all together, by the same rule as one, and nothing moves before they are accepted."""

from decimal import Decimal

import pytest

from gi_registry.lib.problems import Forbidden
from products.actions import move_authorisation
from products.rules.authorisations import Given
from products.rules.words import AuthorisationState
from tests.build_products import QI_FIELD, a_site, an_authorisation, everybody
from tests.build_quota import a_ceiling, left, the_books
from tests.build_sheets import checked, commit, faults_of, staged, workbook
from tests.cast import NOW
from trace import actions
from trace.models import SheetRow, Transfer
from trace.rules.imports import ImportKind, ImportState
from trace.rules.label_orders import MOST_OFFERS, MOST_WAITING, GoodsKind, TransferState, offer_refusals

pytestmark = pytest.mark.django_db
HEADER = ("产季", "转入方", "货品", "数量", "单位", "备注")


@pytest.fixture
def books(goods):
    return the_books(goods, a_ceiling(3_000))


@pytest.fixture
def feng(books):
    """A firm with a right and no entitlement of its own."""
    register = books.goods.register
    return an_authorisation(register.feng, register.title, [a_site(register.feng, register.indication, box=QI_FIELD)])


@pytest.fixture
def zhang(cast):
    return cast.zhang.actor


def rows_of(books, taker, *told):
    """Each ``(quantity, unit, note)`` of raw goods."""
    return [[books.quota.season.name, taker.number, "原料", *one] for one in told]


def brought(books, actor, rows):
    return checked(books.row.producer, ImportKind.TRANSFERS, actor, rows, HEADER)


def test_offers_of_a_file_are_made_together_and_move_nothing(books, feng, zhang):
    sheet = brought(books, zhang, rows_of(books, feng.producer, (1200, "升", "合同 7"), ("250.5", "L", None)))
    assert (sheet.state, sheet.ready_count, Transfer.objects.count()) == (ImportState.CHECKED, 2, 0)
    done = commit(sheet, zhang)
    assert (done.state, done.entered_count) == (ImportState.DONE, 2)
    offers = list(Transfer.objects.order_by("pk"))
    assert [row.made for row in SheetRow.objects.order_by("number")] == [offer.number for offer in offers]
    assert [(offer.quantity, offer.reason, offer.state) for offer in offers] == [
        (1_200_000, "合同 7", TransferState.OFFERED),
        (250_500, "", TransferState.OFFERED),
    ]
    assert left(books.row) == {"entitlement": 3_000_000, "label_right": 3_000_000}
    assert sheet.number in offers[0].events.get().pgh_context.metadata["reason"]
    actions.accept_transfer(transfer=offers[0], actor=everybody(feng.producer.organisation), now=NOW)
    assert left(books.row)["entitlement"] == 1_800_000


def test_an_offer_of_a_file_is_the_same_as_one_of_a_form(books, feng, zhang):
    commit(brought(books, zhang, rows_of(books, feng.producer, (120, "升", "合同 7"))), zhang)
    by_file = Transfer.objects.get()
    given = {"row": books.row, "taker": feng.producer, "kind": GoodsKind.RAW, "quantity": Decimal(120)}
    by_form = actions.offer_transfer(**given, actor=zhang, now=NOW, reason="合同 7")
    by_form.refresh_from_db()
    names = [
        f.attname
        for f in Transfer._meta.concrete_fields
        if f.attname not in {"id", "number", "created_at", "updated_at"}
    ]
    assert {name: getattr(by_file, name) for name in names} == {name: getattr(by_form, name) for name in names}


def test_each_fault_of_an_offer_is_told_with_its_rows(books, feng, zhang):
    own, other, season = books.row.producer, feng.producer, books.quota.season.name
    rows = [
        *rows_of(books, other, (2_000, "升", "a"), (2_000, "升", "b"), (1_000, "升", "c"), (1, "千克", "d")),
        *rows_of(books, own, (1, "升", "e")),
        [season, other.number, "成品油", 1, "升", "f"],
        [season, other.number, "已加工成品", 1, "升", "g"],
        [season, 6901234567892, "原料", 1, "升", "h"],
        [season, "6.90E+12", "原料", 1, "升", "i"],
        [season, "冯记", "原料", 1, "升", "j"],
        [season, "0000000000", "原料", 1, "升", "k"],
        ["没有的产季", other.number, "原料", 1, "升", "l"],
        [season, other.number, "原料", 1, "升", "=A1"],
    ]
    sheet = brought(books, zhang, rows)
    assert faults_of(sheet) == {
        ("over_entitlement", "quantity"): (3,),
        ("unit_of_season", "quantity_unit"): (5,),
        ("transfer_to_oneself", "taker"): (6,),
        ("word_unknown", "kind"): (7,),
        ("over_processed", "quantity"): (8,),
        ("over_label_right", "quantity"): (3, 8),
        ("number_for_text", "taker"): (9,),
        ("number_shortened", "taker"): (10,),
        ("taker_unknown", "taker"): (11, 12),
        ("not_yours", "season"): (13,),
        ("formula", "note"): (14,),
    }
    assert commit(sheet, zhang, leave_out=True).entered_count == 2


def test_a_taker_who_lost_the_right_meanwhile_stops_all_of_it(books, feng, zhang):
    sheet = brought(books, zhang, rows_of(books, feng.producer, (1, "升", "a"), (2, "升", "b")))
    given = {"given": Given(reason="抽检不合格"), "actor": everybody(), "now": NOW}
    move_authorisation(authorisation=feng, to=AuthorisationState.SUSPENDED, **given)
    back = commit(sheet, zhang)
    assert (back.state, Transfer.objects.count()) == (ImportState.CHECKED, 0)
    assert faults_of(back) == {("taker_not_authorised", "taker"): (2, 3)}


def test_a_file_offers_no_more_to_one_producer_than_may_wait(books, feng, zhang):
    rows = rows_of(books, feng.producer, *((1, "升", f"{n}") for n in range(MOST_WAITING + 2)))
    sheet = brought(books, zhang, rows)
    assert faults_of(sheet) == {("offers_waiting", ""): (MOST_WAITING + 2, MOST_WAITING + 3)}
    assert not offer_refusals(MOST_OFFERS - 1, MOST_WAITING - 1)
    assert offer_refusals(MOST_OFFERS, 0)


def test_no_other_offers_goods_by_a_file(books, feng, cast):
    data = workbook(rows_of(books, feng.producer, (1, "升", None)), HEADER)
    for person in (cast.feng, cast.chen, cast.li, cast.hu):
        with pytest.raises(Forbidden):
            staged(books.row.producer, ImportKind.TRANSFERS, person.actor, data)
