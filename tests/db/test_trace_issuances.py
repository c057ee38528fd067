"""Unit codes in the database: what is issued, what is refused, and what the database itself will not let pass."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice

import pytest
from django.db import DatabaseError, connection, transaction

from gi_registry.lib.history import history_of
from gi_registry.lib.problems import Forbidden, Invalid, Problem, Refused
from tests.build_codes import an_issuance, code_of, say_of
from tests.build_jobs import waiting, work_it_off
from tests.build_trace import GTIN
from tests.cast import NOW
from trace import actions
from trace.actions import Wish
from trace.actions.issuances import STEP, _noted
from trace.codes import sign
from trace.models import CodeDownload, Issuance, IssuanceRange, ProductForm
from trace.rules.batches import BatchState
from trace.rules.issuances import AT_ONCE, Activation, IssuanceState, RangeKind, Span

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(goods):
    return goods.batch()


def refused(error):
    return [refusal.code for refusal in error.value.errors]


def issuing(goods, batch, count=10, **wish):
    with pytest.raises(Problem) as error:
        an_issuance(goods, batch, count, **wish)
    return refused(error)


# --- issuing ---


def test_a_few_codes_are_there_at_once_with_the_root_over_all_of_them(goods, batch):
    issuance = an_issuance(goods, batch, 3, has_pin=True)
    assert (issuance.state, issuance.prepared, issuance.issued_at) == (IssuanceState.ISSUED, 3, NOW)
    assert (issuance.ordinal, issuance.gtin, issuance.has_pin) == (0, GTIN, True)
    codes = list(sign.codes(issuance.unit_keys, 0, 3))
    assert bytes(issuance.root) == sign.root_of(codes)
    assert len(set(codes)) == 3


def test_many_codes_are_prepared_by_a_job_to_the_same_root(goods, batch):
    wish = Wish(count=AT_ONCE + 1, profile="50x30")
    issuance = actions.issue_codes(batch=batch, wish=wish, actor=goods.maker, now=NOW, reason="标签机调试")
    assert (issuance.state, issuance.root, issuance.issued_at) == (IssuanceState.PREPARING, None, None)
    assert waiting() == ["trace.prepare_issuance"]
    work_it_off()
    issuance.refresh_from_db()
    assert (issuance.state, issuance.prepared) == (IssuanceState.ISSUED, AT_ONCE + 1)
    assert bytes(issuance.root) == sign.root_of(sign.codes(issuance.unit_keys, 0, AT_ONCE + 1))
    assert [event["why"] for event in history_of(issuance)] == ["", "标签机调试"]


def test_preparing_twice_changes_nothing(goods, batch):
    issuance = an_issuance(goods, batch)
    actions.prepare_issuance(number=issuance.number, now=NOW + timedelta(hours=1))
    actions.prepare_issuance(number="0000000000", now=NOW)
    issuance.refresh_from_db()
    assert (issuance.issued_at, issuance.version) == (NOW, 1)


def test_progress_is_written_while_codes_are_prepared(goods, batch):
    wish = Wish(count=STEP + 2)
    issuance = actions.issue_codes(batch=batch, wish=wish, actor=goods.maker, now=NOW, reason="多印")
    made = _noted(issuance)
    assert len(list(islice(made, STEP))) == STEP
    issuance.refresh_from_db()
    assert issuance.prepared == 0
    next(made)
    issuance.refresh_from_db()
    assert issuance.prepared == STEP
    actions.void_issuance(issuance=issuance, actor=goods.maker, now=NOW, reason="数量填错")
    assert len(list(made)) == 1


def test_an_issuance_voided_while_it_is_prepared_stays_void_and_its_worker_stops(goods, batch):
    wish = Wish(count=AT_ONCE + 1)
    issuance = actions.issue_codes(batch=batch, wish=wish, actor=goods.maker, now=NOW, reason="多印")
    actions.void_issuance(issuance=issuance, actor=goods.maker, now=NOW, reason="数量填错")
    assert work_it_off() == 1
    issuance.refresh_from_db()
    assert (issuance.state, issuance.root) == (IssuanceState.VOID, None)


@pytest.mark.parametrize("state", [BatchState.DRAFT, BatchState.VOID, BatchState.RECALLED, BatchState.CLOSED])
def test_no_codes_for_a_batch_that_is_not_packed_or_sold(goods, state):
    assert issuing(goods, goods.batch(state)) == ["wrong_state"]


@pytest.mark.parametrize("state", [BatchState.REGISTERED, BatchState.ON_HOLD])
def test_codes_can_be_had_before_release_and_while_on_hold(goods, state):
    assert an_issuance(goods, goods.batch(state)).state == IssuanceState.ISSUED


def test_ordinals_count_up_and_end_at_32(goods, batch):
    ordinals = [an_issuance(goods, batch, 1).ordinal for _ in range(32)]
    assert ordinals == list(range(32))
    assert issuing(goods, batch, 1) == ["no_more_issuances"]


def test_codes_beyond_the_packs_need_a_reason_and_withdrawn_ones_make_room(goods):
    batch = goods.batch(pack_count=100)
    first = an_issuance(goods, batch, 100)
    assert issuing(goods, batch, 6) == ["more_codes_than_packs"]
    say_of(goods, first, RangeKind.SPOILED, 0, 9)
    say_of(goods, first, RangeKind.DESTROYED, 5, 14)
    an_issuance(goods, batch, 20)  # fifteen are gone, five were allowed before
    assert issuing(goods, batch, 1) == ["more_codes_than_packs"]
    assert an_issuance(goods, batch, 1, reason="补标").ordinal == 2
    actions.void_issuance(issuance=first, actor=goods.maker, now=NOW, reason="标签丢失")
    assert an_issuance(goods, batch, 84).ordinal == 3


def test_a_producer_has_few_large_issuances_in_preparation_at_a_time(goods):
    batches = [goods.batch(pack_count=None, producer_lot=f"ZJ-{n}") for n in range(5)]
    for batch in batches[:4]:
        actions.issue_codes(batch=batch, wish=Wish(count=AT_ONCE + 1), actor=goods.maker, now=NOW)
    with pytest.raises(Refused) as error:
        actions.issue_codes(batch=batches[4], wish=Wish(count=AT_ONCE + 1), actor=goods.maker, now=NOW)
    assert refused(error) == ["still_preparing"]
    assert actions.issue_codes(batch=batches[4], wish=Wish(count=1), actor=goods.maker, now=NOW).ordinal == 0


def test_goods_without_a_gtin_have_codes_of_their_own(goods, batch):
    ProductForm.objects.update(gtin=None)
    assert an_issuance(goods, batch).gtin == "-"


def test_only_the_makers_people_issue(goods, cast, batch):
    for person in (cast.lin, cast.li, cast.chen, cast.feng, cast.sun, cast.ma):
        with pytest.raises(Forbidden):
            actions.issue_codes(batch=batch, wish=Wish(count=1), actor=person.actor, now=NOW)
    assert actions.issue_codes(batch=batch, wish=Wish(count=1), actor=cast.zhang.actor, now=NOW).ordinal == 0


def test_without_an_epoch_that_signs_nothing_is_issued(goods, batch, settings, tmp_path):
    settings.GI_CODE_KEYS = str(tmp_path)
    with pytest.raises(Problem) as error:
        an_issuance(goods, batch)
    assert error.value.code == "unavailable"
    assert not Issuance.objects.exists()


# --- ranges ---


def test_ranges_are_told_with_who_said_so_and_why(goods, batch):
    issuance = an_issuance(goods, batch, 100, activation=Activation.BY_RANGE)
    said = say_of(goods, issuance, RangeKind.ACTIVATED, 0, 49)
    assert (said.first, said.last, said.at, said.by) == (0, 49, NOW, goods.maker.identity)
    say_of(goods, issuance, RangeKind.ACTIVATED, 50, 99)
    issuance.refresh_from_db()
    assert issuance.version == 3
    assert IssuanceRange.objects.units() == {issuance.pk: {"activated": 100}}


def test_a_range_that_was_said_before_is_refused_with_the_units(goods, batch):
    issuance = an_issuance(goods, batch, 100)
    say_of(goods, issuance, RangeKind.SPOILED, 10, 19)
    with pytest.raises(Refused) as error:
        say_of(goods, issuance, RangeKind.SPOILED, 19, 25)
    assert refused(error) == ["range_overlaps"]
    assert "10–19" in error.value.errors[0].text.zh
    say_of(goods, issuance, RangeKind.DESTROYED, 10, 19)


def test_labels_may_be_printed_again(goods, batch):
    issuance = an_issuance(goods, batch, 100)
    for _ in range(2):
        say_of(goods, issuance, RangeKind.PRINTED, 0, 9)
    assert IssuanceRange.objects.units() == {issuance.pk: {"printed": 20}}


def test_what_cannot_be_a_range_is_told_by_its_fields(goods, batch):
    issuance = an_issuance(goods, batch, 10)
    with pytest.raises(Invalid) as error:
        say_of(goods, issuance, RangeKind.VOID, 10, 3, reason=" ")
    assert [refusal.pointer for refusal in error.value.errors] == ["/first", "/last", "/reason"]


def test_others_say_nothing_of_units(goods, cast, batch):
    issuance = an_issuance(goods, batch)
    given = {"issuance": issuance, "now": NOW, "reason": "x"}
    for person in (cast.lin, cast.li, cast.chen, cast.feng):
        with pytest.raises(Forbidden):
            actions.record_range(kind=RangeKind.VOID, span=Span(0, 0), actor=person.actor, **given)
        with pytest.raises(Forbidden):
            actions.void_issuance(actor=person.actor, **given)
        with pytest.raises(Forbidden):
            actions.take_codes(issuance=issuance, span=Span(0, 0), actor=person.actor, now=NOW)


def test_each_taking_of_codes_is_noted(goods, batch):
    issuance = an_issuance(goods, batch)
    actions.take_codes(issuance=issuance, span=Span(2, 5), actor=goods.maker, now=NOW)
    (taken,) = CodeDownload.objects.all()
    assert (taken.first, taken.last, taken.by, taken.at) == (2, 5, goods.maker.identity, NOW)


# --- the wall ---


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("number", "ZZZZZZZZZZ"),
        ("ordinal", 5),
        ("count", 11),
        ("epoch", "other"),
        ("gtin", "-"),
        ("has_pin", True),
        ("activation", "by_range"),
        ("root", bytes(32)),
        ("issued_at", NOW + timedelta(days=1)),
        ("state", "preparing"),
    ],
)
def test_what_stands_in_the_keys_is_never_changed(goods, batch, column, value):
    issuance = an_issuance(goods, batch)
    with pytest.raises(DatabaseError), transaction.atomic():
        Issuance.objects.filter(pk=issuance.pk).update(**{column: value})


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM trace_issuance",
        "DELETE FROM trace_issuancerange",
        "UPDATE trace_issuancerange SET last = 5",
        "UPDATE trace_codedownload SET last = 5",
        "DELETE FROM trace_codedownload",
    ],
)
def test_nothing_said_of_codes_is_unsaid(goods, batch, statement):
    issuance = an_issuance(goods, batch)
    say_of(goods, issuance, RangeKind.SPOILED, 0)
    actions.take_codes(issuance=issuance, span=Span(0, 9), actor=goods.maker, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("kind", "first", "last"), [("spoiled", 3, 4), ("void", 9, 10), ("void", 5, 4), ("stolen", 5, 5)]
)
def test_the_database_holds_ranges_within_the_issuance_and_apart(goods, batch, kind, first, last):
    issuance = an_issuance(goods, batch, 10)
    say_of(goods, issuance, RangeKind.SPOILED, 0, 3)
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuanceRange.objects.create(issuance=issuance, kind=kind, first=first, last=last, by="x", by_name="x", at=NOW)


def test_the_database_takes_no_range_of_a_void_issuance(goods, batch):
    issuance = an_issuance(goods, batch, 10)
    actions.void_issuance(issuance=issuance, actor=goods.maker, now=NOW, reason="标签丢失")
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuanceRange.objects.create(issuance=issuance, kind="void", first=0, last=0, by="x", by_name="x", at=NOW)


# --- at the same time ---


def at_once(work, times):
    """The same work on connections of their own."""

    def alone(place):
        try:
            return work(place)
        except Problem as problem:
            return problem.errors[0].code
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(alone, range(times)))


@pytest.mark.django_db(transaction=True)
def test_issuances_made_at_once_share_no_ordinal(goods):
    batch = goods.batch()

    def issue(_):
        return actions.issue_codes(batch=batch, wish=Wish(count=50), actor=goods.maker, now=NOW).ordinal

    assert sorted(at_once(issue, 6)) == list(range(6))
    assert len({code_of(issuance) for issuance in Issuance.objects.select_related("batch")}) == 6


@pytest.mark.django_db(transaction=True)
def test_issuing_at_once_does_not_pass_the_packs(goods):
    batch = goods.batch(pack_count=100)

    def issue(_):
        return actions.issue_codes(batch=batch, wish=Wish(count=50), actor=goods.maker, now=NOW).count

    assert sorted(map(str, at_once(issue, 4))) == ["50", "50", "more_codes_than_packs", "more_codes_than_packs"]


@pytest.mark.django_db(transaction=True)
def test_of_activations_at_once_that_share_a_unit_one_holds(goods):
    issuance = an_issuance(goods, goods.batch(), 100, activation=Activation.BY_RANGE)

    def activate(place):
        return str(say_of(goods, issuance, RangeKind.ACTIVATED, place * 5, 50 + place * 5).kind)

    assert sorted(at_once(activate, 4)) == ["activated", "range_overlaps", "range_overlaps", "range_overlaps"]
