"""The check of a unit code over HTTP: what the keys say, what the register says, and what neither may betray."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gi_registry.lib.ids import new_number
from tests.build_codes import an_issuance, code_of, forged, mistyped, say_of
from tests.build_keys import LEAKED, OLD
from tests.build_trace import GTIN, a_check
from tests.cast import NOW
from trace import actions
from trace.codes.sign import code_at
from trace.keys import ring
from trace.models import Issuance
from trace.rules.batches import BatchState
from trace.rules.issuances import Activation, RangeKind
from trace.rules.verdicts import Verdict

URL = "/api/v1/trace/check"
pytestmark = pytest.mark.django_db


@pytest.fixture
def goods(goods):
    actions.make_partitions(today=NOW.date())
    return goods


@pytest.fixture
def issuance(goods):
    return an_issuance(goods, goods.batch())


def link(issuance, code=None):
    return f"/c/{issuance.batch.number}/{code or code_of(issuance)}"


def ask(client, typed):
    return client.get(URL, {"code": typed}).json()


def verdict(client, typed):
    return ask(client, typed)["verdict"]


def notes(told):
    return [note["code"] for note in told["notes"]]


# --- issued ---


@pytest.mark.parametrize(
    "form",
    [
        "http://testserver/c/{lot}/{code}",
        "/c/{lot}/{code}/",
        "http://testserver/01/{gtin}/10/{lot}/21/{code}",
        "{lot} {code}",
        "{low}",
        "{lot}/{code}",
    ],
)
def test_a_unit_code_is_answered_with_its_batch_in_every_form(issuance, client, form):
    lot, code = issuance.batch.number, code_of(issuance, 7)
    told = ask(client, form.format(lot=lot, code=code, gtin=GTIN, low=f"{lot}-{code}".lower()))
    assert (told["verdict"], told["kind"], told["lot"], told["code"]) == ("registered", "unit", lot, code)
    assert told["url"] == f"http://testserver/c/{lot}/{code}"
    assert told["batch"]["number"] == lot
    assert (told["grade"], told["notes"]) == (0, [])


def test_checks_of_the_lot_are_not_those_of_the_unit(goods, issuance, client):
    for network in range(3):
        a_check(issuance.batch, network)
    assert ask(client, link(issuance))["checks"] == {"count": 0, "first_on": None, "first_province": None}
    assert ask(client, issuance.batch.number)["checks"]["count"] == 3


@pytest.mark.parametrize(
    ("state", "verdict_"),
    [
        (BatchState.REGISTERED, "not_activated"),
        (BatchState.RELEASED, "registered"),
        (BatchState.ON_HOLD, "on_hold"),
        (BatchState.RECALLED, "recalled"),
        (BatchState.CLOSED, "registered"),
        (BatchState.VOID, "voided"),
    ],
)
def test_a_unit_shares_the_fate_of_its_batch(goods, client, state, verdict_):
    batch = goods.batch(BatchState.REGISTERED)
    issuance = an_issuance(goods, batch)
    steps = {
        BatchState.REGISTERED: (),
        BatchState.RELEASED: (actions.release_batch,),
        BatchState.ON_HOLD: (actions.release_batch, actions.hold_batch),
        BatchState.RECALLED: (actions.release_batch, actions.recall_batch),
        BatchState.CLOSED: (actions.release_batch, actions.close_batch),
        BatchState.VOID: (actions.void_batch,),
    }[state]
    for step in steps:
        step(batch=batch, actor=goods.maker, now=NOW, reason="到下一步")
    assert verdict(client, link(issuance)) == verdict_


def test_units_to_be_activated_by_range_wait_for_their_range(goods, client):
    issuance = an_issuance(goods, goods.batch(), activation=Activation.BY_RANGE)
    say_of(goods, issuance, RangeKind.ACTIVATED, 2, 4)
    told = [verdict(client, link(issuance, code_of(issuance, index))) for index in range(1, 6)]
    assert told == ["not_activated", "registered", "registered", "registered", "not_activated"]


def test_a_range_activated_before_release_waits_for_the_release(goods, client):
    issuance = an_issuance(goods, goods.batch(BatchState.REGISTERED), activation=Activation.BY_RANGE)
    say_of(goods, issuance, RangeKind.ACTIVATED, 0, 9)
    assert verdict(client, link(issuance)) == "not_activated"


@pytest.mark.parametrize("kind", [RangeKind.SPOILED, RangeKind.RETURNED, RangeKind.DESTROYED, RangeKind.VOID])
def test_units_that_were_withdrawn_are_void_and_their_neighbours_are_not(goods, issuance, client, kind):
    say_of(goods, issuance, kind, 3, 4)
    told = [verdict(client, link(issuance, code_of(issuance, index))) for index in range(2, 6)]
    assert told == ["registered", "voided", "voided", "registered"]


def test_printing_says_nothing_of_the_goods(goods, issuance, client):
    say_of(goods, issuance, RangeKind.PRINTED, 0, 9)
    assert verdict(client, link(issuance)) == "registered"


def test_a_void_issuance_voids_its_units_and_leaves_the_lot(goods, issuance, client):
    other = an_issuance(goods, issuance.batch)
    actions.void_issuance(issuance=issuance, actor=goods.maker, now=NOW, reason="标签被盗")
    assert verdict(client, link(issuance)) == "voided"
    assert verdict(client, link(other)) == "registered"
    assert verdict(client, issuance.batch.number) == "registered"


def test_a_review_of_the_batch_is_one_of_its_units(goods, issuance, client):
    actions.open_review(batch=issuance.batch, actor=goods.maker, now=NOW, reason="核查")
    told = ask(client, link(issuance))
    assert (told["verdict"], told["grade"]) == ("under_review", 2)


# --- not issued ---


def test_a_code_of_another_lot_gtin_or_issuance_was_never_issued(goods, issuance, client):
    lot, code = issuance.batch.number, code_of(issuance)
    other = an_issuance(goods, goods.batch(producer_lot="ZJ-2"))
    untold = ring().keys(issuance.epoch, issuance.gtin, lot, 9)
    wrong = (
        f"/c/{other.batch.number}/{code}",
        f"/c/{lot}/{code_of(other)}",
        f"/01/06901234567892/10/{lot}/21/{code}",
        f"/c/{lot}/{code_at(untold, 0)}",
        f"/c/{lot}/{code_at(issuance.unit_keys, issuance.count)}",
        f"/c/{lot}/{forged(code)}",
        f"/c/{new_number()}/{code}",
    )
    for typed in wrong:
        told = ask(client, typed)
        assert (told["verdict"], told["batch"], told["grade"]) == ("not_issued", None, None), typed
        assert notes(told) == ["unit_code_unknown"], typed


def test_a_code_signed_under_another_epoch_than_its_issuance_was_never_issued(issuance, client):
    keys = ring().keys(OLD, issuance.gtin, issuance.batch.number, issuance.ordinal)
    assert verdict(client, link(issuance, code_at(keys, 0))) == "not_issued"


def test_codes_that_are_being_prepared_are_not_issued_yet(goods, client):
    wish = actions.Wish(count=20_001)
    batch = goods.batch()
    issuance = actions.issue_codes(batch=batch, wish=wish, actor=goods.maker, now=NOW, reason="多印")
    assert verdict(client, link(issuance)) == "not_issued"


def test_a_slip_is_told_from_a_guess_by_its_check_character(issuance, client):
    code = code_of(issuance)
    assert verdict(client, link(issuance, mistyped(code))) == "mistyped"
    assert verdict(client, f"{issuance.batch.number}{mistyped(code)}") == "mistyped"
    assert verdict(client, link(issuance, forged(code))) == "not_issued"


def test_a_unit_code_without_its_lot_is_asked_for_the_lot(issuance, client):
    told = ask(client, code_of(issuance))
    assert (told["verdict"], told["kind"], told["lot"], notes(told)) == ("mistyped", "unit", None, ["lot_needed"])
    assert notes(ask(client, mistyped(code_of(issuance)))) == []


def under_epoch(issuance, epoch):
    """The issuance as one of an earlier year left it: the wall lets nobody write this, so it is made in that state."""
    return Issuance.objects.create(
        batch=issuance.batch, ordinal=20, count=5, epoch=epoch, gtin=issuance.gtin, activation=Activation.WITH_BATCH,
        state="issued", prepared=5, root=bytes(32), issued_at=NOW, created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def test_codes_of_an_epoch_that_signs_no_more_are_good(issuance, client):
    told = ask(client, link(under_epoch(issuance, OLD)))
    assert (told["verdict"], told["notes"]) == ("registered", [])


def test_codes_under_an_exposed_key_are_answered_with_a_warning(issuance, client):
    told = ask(client, link(under_epoch(issuance, LEAKED)))
    assert (told["verdict"], notes(told)) == ("registered", ["key_compromised"])


# --- alike ---


def answers_to(client, issuance):
    lot, code = issuance.batch.number, code_of(issuance)
    typed = {
        "registered": link(issuance),
        "forged": f"/c/{lot}/{forged(code)}",
        "mistyped": f"/c/{lot}/{mistyped(code)}",
        "too short": f"/c/{lot}/{code[:-1]}",
        "unknown lot": f"/c/{new_number()}/{code}",
        "mistyped lot": f"/c/{mistyped(lot)}/{code}",
        "strange": "/c/醋/ 醋",
        "alone": code,
    }
    return {name: ask(client, text) for name, text in typed.items()}


def test_every_answer_has_the_same_keys(issuance, client):
    told = answers_to(client, issuance)
    assert {frozenset(answer) for answer in told.values()} == {frozenset(told["registered"])}
    assert {name: answer["verdict"] for name, answer in told.items()} == {
        "registered": "registered",
        "forged": "not_issued",
        "mistyped": "mistyped",
        "too short": "mistyped",
        "unknown lot": "not_issued",
        "mistyped lot": "mistyped",
        "strange": "mistyped",
        "alone": "mistyped",
    }


def reads(client, typed):
    """How many statements a check made that ask the register, beside the counting of looks."""
    with CaptureQueriesContext(connection) as caught:
        ask(client, typed)
    return sum("trace_batch" in query["sql"] for query in caught)


def test_a_guess_about_a_known_lot_reads_nothing_from_the_register(issuance, client):
    lot, code = issuance.batch.number, code_of(issuance)
    assert reads(client, f"/c/{lot}/{code}") == 2
    assert {
        "right": reads(client, f"/c/{lot}/{code}"),
        "forged": reads(client, f"/c/{lot}/{forged(code)}"),
        "mistyped": reads(client, f"/c/{lot}/{mistyped(code)}"),
        "unknown lot": reads(client, f"/c/{new_number()}/{code}"),
        "mistyped lot": reads(client, f"/c/{mistyped(lot)}/{code}"),
    } == {"right": 1, "forged": 0, "mistyped": 0, "unknown lot": 1, "mistyped lot": 1}


def test_without_keys_the_fault_is_ours(issuance, client, settings, tmp_path):
    lot, code = issuance.batch.number, code_of(issuance)
    settings.GI_CODE_KEYS = str(tmp_path / "gone")
    answer = client.get(URL, {"code": f"/c/{lot}/{code}"})
    assert (answer.status_code, answer.json()["verdict"]) == (503, Verdict.UNAVAILABLE)
    assert verdict(client, lot) == "registered"
