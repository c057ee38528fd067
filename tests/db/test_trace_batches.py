"""Batches in the database: what actions write, what they refuse, and what the database itself will not let pass."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from gi_registry.lib.history import history_of
from gi_registry.lib.ids import is_well_formed, new_number
from gi_registry.lib.problems import Forbidden, Invalid, Problem, Refused
from products import actions as register_actions
from products.rules.authorisations import Given
from products.rules.words import AuthorisationState
from tests.build_products import QI_FIELD, a_season, a_site, a_specification, an_indication, everybody
from tests.build_trace import BOTTLE, a_form, the_goods
from tests.cast import NOW, TODAY
from trace import actions
from trace.models import Batch
from trace.rules.batches import BatchState
from trace.rules.dates import BatchDates
from trace.rules.quantities import QuantityUnit

pytestmark = pytest.mark.django_db


def codes(error):
    return [refusal.code for refusal in error.value.errors]


def registering(goods, **changes):
    with pytest.raises(Problem) as error:
        goods.batch(BatchState.REGISTERED, **changes)
    return codes(error)


# --- numbers ---


def test_a_lot_number_is_random_and_carries_its_check(goods):
    numbers = {goods.batch(BatchState.DRAFT).number for _ in range(5)}
    assert len(numbers) == 5
    assert all(is_well_formed(number) for number in numbers)


def test_a_taken_number_is_drawn_again(goods):
    taken = goods.batch(BatchState.DRAFT).number
    fresh = new_number()
    draws = iter([taken, taken, fresh])
    batch = actions.draft_batch(content=goods.content(), actor=goods.maker, now=NOW, numbers=lambda: next(draws))
    assert batch.number == fresh
    assert Batch.objects.count() == 2
    assert batch.sites.count() == 2


def test_a_broken_source_of_chance_ends_in_an_error_and_writes_nothing(goods):
    taken = goods.batch(BatchState.DRAFT).number
    with pytest.raises(IntegrityError):
        actions.draft_batch(content=goods.content(), actor=goods.maker, now=NOW, numbers=lambda: taken)
    assert Batch.objects.count() == 1


# --- registering ---


def test_registration_keeps_the_specification_in_force_and_notes_the_use_of_the_mark(goods):
    batch = goods.batch(BatchState.REGISTERED)
    assert batch.specification == goods.register.specification
    assert batch.registered_at == NOW
    assert batch.division_code == "140121"
    goods.register.authorisation.refresh_from_db()
    assert goods.register.authorisation.last_used_on == TODAY


def test_goods_in_the_making_at_a_change_of_specification_fall_under_the_one_its_rule_says(goods):
    newer = a_specification(goods.register.title, label_zh="2026 版", effective_from=date(2026, 9, 1))
    long_made = BatchDates(produced_from=date(2026, 8, 1), produced_on=date(2026, 9, 10))
    assert goods.batch(BatchState.REGISTERED, dates=long_made).specification == goods.register.specification
    assert goods.batch(BatchState.REGISTERED, producer_lot="b").specification == newer


def test_a_draft_and_its_registration_in_one_call_stand_or_fall_together(goods):
    assert registering(goods, sites=()) == ["no_site"]
    assert Batch.objects.count() == 0


def test_a_suspended_authorisation_registers_and_releases_nothing(goods):
    waiting = goods.batch(BatchState.REGISTERED)
    register_actions.move_authorisation(
        authorisation=goods.register.authorisation,
        to=AuthorisationState.SUSPENDED,
        given=Given(reason="抽检不合格"),
        actor=everybody(goods.register.holder.organisation),
        now=NOW,
    )
    goods.register.authorisation.refresh_from_db()
    assert "authorisation_not_active" in registering(goods, producer_lot="later")
    with pytest.raises(Refused) as error:
        actions.release_batch(batch=waiting, actor=goods.maker, now=NOW)
    assert "authorisation_not_active" in codes(error)


def test_goods_made_before_the_authorisation_began_are_refused(goods):
    early = BatchDates(produced_on=date(2025, 12, 31))
    assert registering(goods, dates=early) == ["authorisation_not_in_force"]


def test_a_site_that_is_not_in_the_authorisation_or_not_active_is_refused(goods):
    register = goods.register
    beside = a_site(register.zhang, register.indication, box=(112.052, 37.45, 112.053, 37.451), name="西地")
    assert registering(goods, sites=(beside,)) == ["site_not_authorised"]
    register_actions.retire_site(site=register.field, actor=goods.maker, now=NOW, reason="退耕")
    register.field.refresh_from_db()
    assert registering(goods, sites=(register.field,)) == ["site_not_active"]


def test_anothers_site_is_refused(goods):
    foreign = a_site(goods.register.feng, goods.register.indication, box=QI_FIELD)
    assert registering(goods, sites=(foreign,)) == ["site_foreign"]


def test_a_season_must_hold_the_day_and_be_of_the_indication(goods):
    season = a_season(goods.register.indication)
    assert goods.batch(BatchState.REGISTERED, season=season).season == season
    august = BatchDates(produced_on=date(2026, 8, 31))
    assert registering(goods, season=season, dates=august) == ["outside_season"]
    other = a_season(an_indication("祁县酥梨", name_en="Qi pear", main_division_code="140727"))
    assert registering(goods, season=other) == ["season_of_another_indication"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity": Decimal(0)}, "quantity_not_positive"),
        ({"quantity": Decimal(-3)}, "quantity_not_positive"),
        ({"quantity": Decimal(10_000_001)}, "quantity_absurd"),
        ({"pack_count": 0}, "pack_count_not_positive"),
        ({"dates": BatchDates(produced_on=TODAY + timedelta(days=1))}, "date_in_future"),
        ({"dates": BatchDates(produced_on=date(1989, 1, 1))}, "date_too_early"),
        (
            {"dates": BatchDates(produced_on=date(2026, 9, 10), harvested_on=date(2026, 9, 11))},
            "dates_out_of_order",
        ),
    ],
)
def test_what_cannot_be_right_is_refused_in_a_draft_too(goods, changes, code):
    with pytest.raises(Invalid) as error:
        goods.batch(BatchState.DRAFT, **changes)
    assert codes(error) == [code]


def test_today_is_the_day_in_china(goods):
    """At half past midnight in Taiyuan it is still yesterday in UTC: a batch made today must pass."""
    half_past_midnight = NOW.replace(day=22, hour=16, minute=30)
    dates = BatchDates(produced_on=date(2026, 11, 23))
    assert goods.batch(BatchState.REGISTERED, now=half_past_midnight, dates=dates).produced_on == date(2026, 11, 23)


# --- changing and stepping ---


def test_a_draft_can_be_changed_and_a_registered_batch_cannot(goods):
    batch = goods.batch(BatchState.DRAFT)
    changed = actions.change_draft(
        batch=batch, content=goods.content(quantity=Decimal(1_300)), actor=goods.maker, now=NOW
    )
    assert (changed.quantity, changed.version, changed.number) == (1_300, 2, batch.number)
    with pytest.raises(Problem) as stale:
        actions.change_draft(batch=batch, content=goods.content(), actor=goods.maker, now=NOW)
    assert stale.value.code == "stale"
    registered = actions.register_batch(batch=changed, actor=goods.maker, now=NOW)
    with pytest.raises(Refused) as error:
        actions.change_draft(batch=registered, content=goods.content(), actor=goods.maker, now=NOW)
    assert codes(error) == ["wrong_state"]


def test_a_second_release_says_already_released(goods):
    batch = goods.batch(BatchState.RELEASED)
    with pytest.raises(Refused) as error:
        actions.release_batch(batch=batch, actor=goods.maker, now=NOW)
    assert codes(error) == ["already_released"]


def test_hold_resume_recall_and_close_keep_their_reasons(goods):
    batch = goods.batch()
    held = actions.hold_batch(batch=batch, actor=goods.maker, now=NOW, reason="抽检待复核")
    assert (held.state, held.state_reason) == (BatchState.ON_HOLD, "抽检待复核")
    with pytest.raises(Refused) as error:
        actions.resume_batch(batch=held, actor=goods.maker, now=NOW, reason=" ")
    assert codes(error) == ["reason_missing"]
    resumed = actions.resume_batch(batch=held, actor=goods.maker, now=NOW, reason="复检合格")
    closed = actions.close_batch(batch=resumed, actor=goods.maker, now=NOW, reason="售罄")
    recalled = actions.recall_batch(batch=closed, actor=goods.maker, now=NOW, reason="总酸不足")
    assert recalled.state == BatchState.RECALLED
    told = [(event["who"], event["why"]) for event in history_of(recalled)]
    assert told[0] == ("builder", "总酸不足")
    assert ("builder", "抽检待复核") in told


def test_a_review_is_opened_once_and_leaves_the_state(goods):
    batch = goods.batch()
    opened = actions.open_review(batch=batch, actor=goods.maker, now=NOW, reason="投诉")
    assert (opened.state, opened.review_opened_at) == (BatchState.RELEASED, NOW)
    with pytest.raises(Refused) as error:
        actions.open_review(batch=batch, actor=goods.maker, now=NOW, reason="又一投诉")
    assert codes(error) == ["already_under_review"]
    closed = actions.close_review(batch=batch, actor=goods.maker, now=NOW, reason="查无问题")
    assert closed.review_opened_at is None
    assert closed.state_reason == batch.state_reason


def test_a_released_lot_is_never_voided(goods):
    with pytest.raises(Refused) as error:
        actions.void_batch(batch=goods.batch(), actor=goods.maker, now=NOW, reason="误")
    assert codes(error) == ["wrong_state"]


def test_actions_ask_policy_themselves(goods, cast):
    batch = goods.batch()
    for person, step in (
        (cast.feng, actions.close_batch),
        (cast.zhao, actions.hold_batch),
        (cast.zhang, actions.hold_batch),
        (cast.chen, actions.recall_batch),
        (cast.sun, actions.recall_batch),
        (cast.hu, actions.recall_batch),
    ):
        with pytest.raises(Forbidden):
            step(batch=batch, actor=person.actor, now=NOW, reason="越权")
    with pytest.raises(Forbidden):
        actions.draft_batch(content=goods.content(), actor=cast.feng.actor, now=NOW)
    for person, step in (
        (cast.li, actions.hold_batch),
        (cast.wang, actions.resume_batch),
        (cast.lin, actions.hold_batch),
    ):
        batch = step(batch=batch, actor=person.actor, now=NOW, reason="依法")


# --- forms ---


def test_a_gtin_is_padded_kept_once_and_fixed_once_printed(goods):
    other = a_form(goods.register, goods.maker, gtin="95200125", name_zh="小瓶")
    assert other.gtin == "00000095200125"
    with pytest.raises(Refused) as error:
        a_form(goods.register, goods.maker, name_zh="重复")
    assert codes(error) == ["gtin_taken"]
    with pytest.raises(Invalid) as error:
        a_form(goods.register, goods.maker, gtin="95200126", name_zh="错码")
    assert codes(error) == ["gtin_check"]
    goods.batch(BatchState.REGISTERED)
    with pytest.raises(Refused) as error:
        actions.change_form(
            form=goods.form,
            content=actions.FormContent("别名", Decimal(500), QuantityUnit.MILLILITRE),
            actor=goods.maker,
            now=NOW,
        )
    assert codes(error) == ["form_in_use", "form_in_use"]


def test_a_form_of_no_content_or_of_a_truckload_is_refused(goods):
    for amount, code in ((Decimal(0), "quantity_not_positive"), (Decimal(1_000_001), "quantity_absurd")):
        with pytest.raises(Invalid) as error:
            a_form(goods.register, goods.maker, net_content=amount, gtin=None)
        assert codes(error) == [code]


# --- the wall ---


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trace_batch SET number = '7K3QX9PA28'",
        "UPDATE trace_batch SET state = 'recalled'",
        "UPDATE trace_batch SET quantity = 0",
        "UPDATE trace_batch SET pack_count = 0",
        "UPDATE trace_batch SET packed_on = produced_on - 1",
        "UPDATE trace_batch SET quantity_unit = 'percent'",
        "UPDATE trace_batch SET registered_at = NULL",
        "DELETE FROM trace_batch_sites; DELETE FROM trace_batch",
        "UPDATE trace_productform SET gtin = '123'",
        "UPDATE trace_productform SET net_content = -1",
        "DELETE FROM trace_batchevent",
    ],
)
def test_the_database_itself_refuses(goods, statement):
    goods.batch(BatchState.REGISTERED)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# --- who sees what ---


def test_a_batch_is_seen_by_its_own_side_its_holder_and_the_officials_of_its_place(goods, cast):
    batch = goods.batch()
    sees = {name for name, person in cast.everyone().items() if Batch.objects.visible_to(person.actor).exists()}
    assert sees == {"lin", "wang", "li", "chen", "zhang", "sun"}
    assert Batch.objects.visible_to(cast.feng.actor).filter(pk=batch.pk).count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_gtin_is_not_changed_while_a_batch_of_the_article_is_registered(cast):
    """Keys of unit codes hold the GTIN: two clerks at once must not leave a registered batch with another."""
    goods = the_goods(cast)
    draft = goods.batch(BatchState.DRAFT)
    given = {"actor": goods.maker, "now": NOW}
    entered = threading.Event()

    def change() -> str:
        try:
            assert entered.wait(60)
            actions.change_form(form=goods.form, content=replace(BOTTLE, gtin="9520012345681"), **given)
        except Refused as refused:
            return refused.errors[0].code
        finally:
            connections.close_all()
        return "changed"

    with ThreadPoolExecutor(1) as another:
        with transaction.atomic():
            actions.register_batch(batch=draft, **given)
            entered.set()
            waits = another.submit(change)
            with pytest.raises(TimeoutError):
                waits.result(1)
        assert waits.result(60) == "form_in_use"
    goods.form.refresh_from_db()
    assert goods.form.gtin == BOTTLE.gtin
