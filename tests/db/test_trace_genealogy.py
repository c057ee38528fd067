"""Links between batches as the register holds them, and the walk along them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from gi_registry.lib.problems import Forbidden, Invalid, Refused
from tests.build_genealogy import a_draft, a_link, a_lot, made_of, refusal_of, registered
from tests.build_products import QI_FIELD, a_site, an_authorisation, everybody
from tests.build_trace import BOTTLE, Goods
from tests.cast import NOW
from trace import actions
from trace.lineage import genealogy_of
from trace.models import Batch, BatchLink
from trace.rules.batches import BatchState
from trace.rules.genealogy import InputKind
from trace.rules.quantities import QuantityUnit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def fengs(goods: Goods) -> Goods:
    """What Feng in Qi makes of the same vinegar."""
    feng, register = goods.register.feng, goods.register
    field = a_site(feng, register.indication, box=QI_FIELD)
    authorisation = an_authorisation(feng, register.title, [field])
    maker = everybody(feng.organisation)
    form = actions.create_form(
        producer=feng, indication=register.indication, content=replace(BOTTLE, gtin=None), actor=maker, now=NOW
    )
    own = Goods(register, form, maker)
    own.content = lambda **changes: Goods.content(  # type: ignore[method-assign]
        own, **{"authorisation": authorisation, "sites": (field,), **changes}
    )
    return own


def numbers(relatives) -> list[tuple[str, int]]:
    return [(one.batch.number, one.level) for one in relatives]


def test_a_lineage_is_walked_both_ways_with_what_went_where(goods):
    cask, other = a_lot(goods), a_lot(goods)
    blend = made_of(goods, cask, other)
    case = made_of(goods, blend, kind=InputKind.PACKING)
    told = genealogy_of(blend, goods.maker)
    assert numbers(told.back) == [(cask.number, -1), (other.number, -1)]
    assert numbers(told.forward) == [(case.number, 1)]
    assert [(link.parent_id, link.child_id, link.quantity) for link in told.links] == [
        (cask.pk, blend.pk, 100), (other.pk, blend.pk, 100), (blend.pk, case.pk, 100),
    ]  # fmt: skip
    assert numbers(genealogy_of(cask, goods.maker).forward) == [(blend.number, 1), (case.number, 2)]
    assert not told.is_truncated


def test_a_level_is_the_longest_way_so_that_no_link_of_a_drawing_leads_back(goods):
    cask = a_lot(goods)
    first = made_of(goods, cask)
    second = made_of(goods, cask, first, litres=50)
    assert numbers(genealogy_of(cask, goods.maker).forward) == [(first.number, 1), (second.number, 2)]


def test_more_than_can_be_shown_is_said_to_be_more(goods):
    cask = a_lot(goods)
    for _ in range(3):
        made_of(goods, cask, litres=10)
    told = genealogy_of(cask, goods.maker, most=3)
    assert len(told.forward) == 2
    assert told.is_truncated


def test_of_others_a_reader_is_told_the_next_step_and_no_more(goods, cast):
    theirs = fengs(goods)
    cask = a_lot(goods)
    bought = a_draft(theirs, 100)
    a_link(theirs, cask, bought)
    actions.confirm_input(link=BatchLink.objects.get(), actor=goods.maker, now=NOW)
    registered(theirs, bought)
    gift = made_of(theirs, bought, litres=50)
    told = genealogy_of(cask, cast.zhang.actor)
    assert [(one.batch.number, one.is_seen) for one in told.forward] == [(bought.number, False)]
    assert len(told.links) == 1
    assert [(one.batch.number, one.is_seen) for one in genealogy_of(gift, cast.feng.actor).back] == [
        (bought.number, True), (cask.number, False),
    ]  # fmt: skip
    assert len(genealogy_of(cask, cast.lin.actor).forward) == 2
    assert [one.is_seen for one in genealogy_of(cask, cast.li.actor).forward] == [False]


def test_goods_of_another_wait_for_its_word_and_until_then_take_nothing_of_its_batch(goods):
    theirs = fengs(goods)
    cask, bought = a_lot(goods, 100), a_draft(theirs, 900)
    link = a_link(theirs, cask, bought, 900, InputKind.TRANSFORMATION)
    assert link.confirmed_at is None
    with pytest.raises(Refused) as raised:
        registered(theirs, bought)
    assert refusal_of(raised) == {"input_not_confirmed"}
    made_of(goods, cask, litres=100)
    with pytest.raises(Refused) as raised:
        actions.confirm_input(link=link, actor=goods.maker, now=NOW)
    assert refusal_of(raised) == {"input_exceeds_batch"}
    with pytest.raises(Forbidden):
        actions.confirm_input(link=link, actor=theirs.maker, now=NOW)
    actions.end_input(link=link, actor=goods.maker, now=NOW)
    registered(theirs, bought)


def test_what_was_confirmed_the_other_side_cannot_take_back(goods):
    theirs = fengs(goods)
    link = a_link(theirs, a_lot(goods), a_draft(theirs))
    link = actions.confirm_input(link=link, actor=goods.maker, now=NOW)
    with pytest.raises(Forbidden):
        actions.end_input(link=link, actor=goods.maker, now=NOW)
    with pytest.raises(Refused) as raised:
        actions.confirm_input(link=link, actor=goods.maker, now=NOW)
    assert refusal_of(raised) == {"not_waiting"}


def test_an_input_that_was_withdrawn_never_held(goods):
    cask, draft = a_lot(goods, 100), a_draft(goods, 100)
    link = a_link(goods, cask, draft, 100)
    actions.end_input(link=link, actor=goods.maker, now=NOW + HOUR)
    assert genealogy_of(cask, goods.maker).forward == ()
    a_link(goods, cask, draft, 100)
    with pytest.raises(Refused) as raised:
        actions.end_input(link=link, actor=goods.maker, now=NOW + HOUR)
    assert refusal_of(raised) == {"already_ended"}


def test_packed_goods_come_out_again_and_the_lineage_is_told_as_it_was(goods):
    bottles, case = a_lot(goods, 100), a_draft(goods, 100)
    link = a_link(goods, bottles, case, 100, InputKind.PACKING)
    registered(goods, case)
    with pytest.raises(Invalid) as raised:
        actions.end_input(link=link, actor=goods.maker, now=NOW, at=NOW - HOUR)
    assert refusal_of(raised) == {"ends_before_it_begins"}
    actions.end_input(link=link, actor=goods.maker, now=NOW + 2 * HOUR, at=NOW + HOUR)
    made_of(goods, bottles, litres=100)
    assert case.pk in {one.batch.pk for one in genealogy_of(bottles, goods.maker).forward}
    assert [one.batch.pk for one in genealogy_of(bottles, goods.maker, at=NOW).forward][:1] == [case.pk]
    assert case.pk not in {one.batch.pk for one in genealogy_of(bottles, goods.maker, at=NOW + HOUR).forward}


def test_a_blend_stays_blended(goods):
    cask = a_lot(goods)
    made_of(goods, cask)
    with pytest.raises(Refused) as raised:
        actions.end_input(link=BatchLink.objects.get(), actor=goods.maker, now=NOW)
    assert refusal_of(raised) == {"inputs_settled"}


def test_a_circle_is_refused_by_its_name(goods):
    cask = a_lot(goods)
    made = made_of(goods, made_of(goods, cask))
    with pytest.raises(Refused) as raised:
        a_link(goods, made, cask)
    assert refusal_of(raised) == {"circle", "inputs_settled"}
    draft = a_draft(goods)
    with pytest.raises(Refused) as raised:
        a_link(goods, draft, draft)
    assert refusal_of(raised) >= {"circle"}


def test_a_void_batch_gives_its_inputs_back_and_one_that_was_used_is_not_voided(goods):
    cask = a_lot(goods, 100)
    made = made_of(goods, cask, litres=100)
    with pytest.raises(Refused) as raised:
        actions.void_batch(batch=cask, actor=goods.maker, now=NOW, reason="重填")
    assert refusal_of(raised) == {"batch_used"}
    actions.void_batch(batch=made, actor=goods.maker, now=NOW, reason="重填")
    made_of(goods, cask, litres=100)


def test_goods_stopped_anywhere_upstream_stop_what_is_made_of_them(goods):
    cask = a_lot(goods, state=BatchState.RELEASED)
    blend = made_of(goods, made_of(goods, cask))
    draft = a_draft(goods, 10)
    a_link(goods, blend, draft, 10)
    actions.recall_batch(batch=cask, actor=goods.maker, now=NOW, reason="超标")
    for step, batch in ((actions.register_batch, draft), (actions.release_batch, blend)):
        with pytest.raises(Refused) as raised:
            step(batch=batch, actor=goods.maker, now=NOW)
        assert refusal_of(raised) == {"input_stopped"}
        assert cask.number in raised.value.errors[0].text.zh


def test_a_blend_larger_than_its_inputs_is_not_registered(goods):
    draft = a_draft(goods, 200)
    a_link(goods, a_lot(goods), draft, 100)
    with pytest.raises(Refused) as raised:
        registered(goods, draft)
    assert refusal_of(raised) == {"output_exceeds_inputs"}


def test_only_who_makes_a_batch_says_what_it_was_made_of(goods, cast):
    with pytest.raises(Forbidden):
        a_link(goods, a_lot(goods), a_draft(goods), actor=cast.feng.actor)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"quantity": Decimal(1_001)}, "no more is used"),
        ({"unit": QuantityUnit.KILOGRAM}, "no more is used"),
        ({"child": "registered"}, "inputs are registered"),
        ({"parent": "draft"}, "inputs are registered"),
    ],
)
def test_the_database_holds_it_by_itself(goods, changes, because):
    """Whoever writes past the actions meets the same walls."""
    ends = {"registered": a_lot(goods), "draft": a_draft(goods)}
    given = {"parent": a_lot(goods), "child": a_draft(goods), "quantity": Decimal(1_000), "unit": QuantityUnit.LITRE}
    given |= {name: ends.get(value, value) if isinstance(value, str) else value for name, value in changes.items()}
    times = dict.fromkeys(("valid_from", "confirmed_at", "created_at", "updated_at"), NOW)
    with pytest.raises(DatabaseError, match=because), transaction.atomic():
        BatchLink.objects.create(kind=InputKind.BLEND, **given, **times)


@pytest.mark.parametrize(
    "change", ["quantity = 1", "valid_from = now()", "parent_id = child_id", "confirmed_at = now()"]
)
def test_a_link_is_never_rewritten(goods, change):
    a_link(goods, a_lot(goods), a_draft(goods))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE trace_batchlink SET {change}")  # noqa: S608 - written above


def test_registered_goods_keep_their_inputs_in_the_database(goods):
    made_of(goods, a_lot(goods), a_lot(goods), kind=InputKind.PACKING)
    for to in ("valid_from", "now()"):
        kind = InputKind.PACKING if to == "valid_from" else InputKind.BLEND
        rows = made_of(goods, a_lot(goods), kind=kind).inputs.all()
        with pytest.raises(DatabaseError, match="not taken out"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE trace_batchlink SET valid_to = {to} WHERE id = %s", [rows[0].pk])  # noqa: S608
    assert Batch.objects.filter(inputs__valid_to__isnull=False).count() == 0
