"""No road leads to recognition without proof, whoever walks it and with whatever in hand."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gi_registry.lib.access import RoleKind
from products.rules.titles import (
    ENDED,
    MACHINES,
    PROVEN,
    STARTS,
    Fact,
    TitleFacts,
    move_faults,
    stands_on,
    start_faults,
    step_of,
)
from products.rules.words import Confidence, TitleKind, TitleStatus

TODAY = date(2026, 11, 22)
HASH = "ab" * 32
DAYS = (None, None, *(date(2026, 11, 23) + timedelta(days=n) for n in (-9000, -400, -90, -61, -2, -1, 0, 400, 9000)))
NUMBERS = ("", "2004年第104号", "6173333")
HASHES = ("", HASH, HASH, "not a hash", HASH.upper())
seeds = st.integers(0, 2**32)


def some_facts(dice: Random) -> TitleFacts:
    """Anything that somebody may send."""
    return TitleFacts(
        title_number=dice.choice(NUMBERS),
        announcement_number=dice.choice(NUMBERS),
        applied_on=dice.choice(DAYS),
        published_on=dice.choice(DAYS),
        recognised_on=dice.choice(DAYS),
        expires_on=dice.choice(DAYS),
        ended_on=dice.choice(DAYS),
        document_sha256=dice.choice(HASHES),
        reason=dice.choice(("", "because")),
    )


def is_proven(kind: TitleKind, known: TitleFacts) -> bool:
    """What the database demands of a title that stands, written out a second time."""
    has_number = {
        TitleKind.GI_PRODUCT: bool(known.announcement_number),
        TitleKind.CERTIFICATION_MARK: bool(known.title_number),
        TitleKind.COLLECTIVE_MARK: bool(known.title_number),
    }.get(kind, bool(known.title_number or known.announcement_number))
    return has_number and known.recognised_on is not None and known.document_sha256 == HASH


@settings(max_examples=1000)
@given(st.sampled_from(TitleKind), seeds)
def test_no_path_of_steps_reaches_recognition_without_number_date_and_document(kind, seed):
    dice = Random(seed)
    status, known = dice.choice(sorted(STARTS[kind])), TitleFacts()
    for _ in range(40):
        to = dice.choice(sorted(MACHINES[kind].get(status) or TitleStatus))
        brought = some_facts(dice)
        if move_faults(kind, status, to, brought, known, TODAY):
            continue
        status, known = to, brought.over(known)
        assert status not in PROVEN or is_proven(kind, known)


def test_the_walks_do_reach_recognition():
    """Or the test above would prove nothing."""
    status, known, dice = TitleStatus.DRAFT, TitleFacts(), Random(7)
    for to in ("submitted", "prelim_ok", "forwarded", "accepted", "announced_prelim", "recognised"):
        for _ in range(100_000):
            brought = some_facts(dice)
            if not move_faults(TitleKind.GI_PRODUCT, status, TitleStatus(to), brought, known, TODAY):
                status, known = TitleStatus(to), brought.over(known)
                break
    assert status is TitleStatus.RECOGNISED


@settings(max_examples=1000)
@given(st.sampled_from(TitleKind), st.sampled_from(TitleStatus), st.sampled_from(TitleStatus), seeds)
def test_whatever_is_sent_the_answer_is_a_list_of_refusals_with_both_languages(kind, status, to, seed):
    dice = Random(seed)
    for fault in move_faults(kind, status, to, some_facts(dice), some_facts(dice), TODAY):
        assert fault.code
        assert fault.text.zh
        assert fault.text.en
        assert fault.pointer.startswith("/")


@given(st.sampled_from(TitleKind), st.sampled_from(TitleStatus))
def test_a_title_begins_only_before_recognition(kind, status):
    assert not (status in PROVEN | ENDED and start_faults(kind, status) == [])
    assert (start_faults(kind, status) == []) == (status in STARTS[kind])


def test_only_the_registrar_enters_what_the_nation_decided():
    for machine in MACHINES.values():
        for steps in machine.values():
            for to, step in steps.items():
                if to in PROVEN and not step.is_national:
                    assert to is TitleStatus.CHANGE_PENDING or to is TitleStatus.CANCEL_REQUESTED
                if step.is_national:
                    assert step.who == {RoleKind.REGISTRAR}


def test_every_national_recognition_needs_its_document():
    for machine in MACHINES.values():
        for status, steps in machine.items():
            for to, step in steps.items():
                if to in PROVEN and status not in PROVEN:
                    assert Fact.DOCUMENT in step.needs
                    assert Fact.RECOGNISED_ON in step.needs


def test_every_status_of_a_kind_can_be_reached_from_its_beginning():
    for kind, machine in MACHINES.items():
        reached, queue = set(STARTS[kind]), list(STARTS[kind])
        while queue:
            for to in machine.get(queue.pop(), {}):
                if to not in reached:
                    reached.add(to)
                    queue.append(to)
        assert set(machine) <= reached, kind


PROOF = TitleFacts(announcement_number="104", recognised_on=date(2026, 3, 1), document_sha256=HASH)


def test_a_proof_of_an_earlier_stage_is_no_proof_of_recognition():
    known = TitleFacts(announcement_number="12", published_on=date(2025, 1, 1), document_sha256=HASH)
    faults = move_faults(
        TitleKind.GI_PRODUCT, TitleStatus.ANNOUNCED_PRELIM, TitleStatus.RECOGNISED, TitleFacts(), known, TODAY
    )
    assert {fault.code for fault in faults} == {
        "missing_announcement_number",
        "missing_recognised_on",
        "missing_document_sha256",
    }


@pytest.mark.parametrize(("published_on", "is_open"), [(date(2026, 1, 1), False), (date(2026, 1, 2), True)])
def test_recognition_waits_two_months_for_opposition(published_on, is_open):
    known = TitleFacts(published_on=published_on)
    faults = move_faults(
        TitleKind.GI_PRODUCT, TitleStatus.ANNOUNCED_PRELIM, TitleStatus.RECOGNISED, PROOF, known, TODAY
    )
    assert [fault.code for fault in faults] == (["opposition_open"] if is_open else [])


def test_a_date_in_the_future_is_refused():
    late = TitleFacts(announcement_number="1", recognised_on=TODAY + timedelta(days=1), document_sha256=HASH)
    faults = move_faults(TitleKind.GI_PRODUCT, TitleStatus.REPORTED, TitleStatus.RECOGNISED, late, TitleFacts(), TODAY)
    assert [(fault.code, fault.pointer) for fault in faults] == [("date_in_future", "/recognised_on")]


def test_a_renewal_is_a_step_to_where_it_stands():
    assert step_of(TitleKind.CERTIFICATION_MARK, TitleStatus.REGISTERED, TitleStatus.REGISTERED).is_national


# --- standing ---


@given(st.sampled_from(TitleStatus), st.sampled_from(Confidence), seeds, st.sampled_from(DAYS[2:]))
def test_only_proven_reported_or_once_standing_titles_stand(status, confidence, seed, on):
    known = some_facts(Random(seed))
    if stands_on(status, confidence, known, on):
        assert status in PROVEN | ENDED | {TitleStatus.REPORTED}
        assert status is not TitleStatus.INVALIDATED
        assert not (status is TitleStatus.REPORTED and confidence is Confidence.LOW)
        assert known.expires_on is None or on <= known.expires_on or status in ENDED


def test_a_request_to_cancel_ends_nobodys_rights():
    assert stands_on(TitleStatus.CANCEL_REQUESTED, Confidence.HIGH, PROOF, TODAY)


def test_a_cancelled_title_stood_until_the_day_it_ended():
    ended = TitleFacts(recognised_on=date(2010, 1, 1), ended_on=date(2020, 1, 1))
    assert stands_on(TitleStatus.CANCELLED, Confidence.HIGH, ended, date(2019, 12, 31))
    assert not stands_on(TitleStatus.CANCELLED, Confidence.HIGH, ended, date(2020, 1, 1))


def test_an_invalidated_mark_never_stood():
    ended = TitleFacts(recognised_on=date(2010, 1, 1), ended_on=date(2020, 1, 1))
    assert not stands_on(TitleStatus.INVALIDATED, Confidence.HIGH, ended, date(2015, 1, 1))


def test_a_mark_stands_on_its_last_day_and_not_after():
    mark = TitleFacts(recognised_on=date(2010, 1, 1), expires_on=date(2020, 1, 1))
    assert stands_on(TitleStatus.REGISTERED, Confidence.HIGH, mark, date(2020, 1, 1))
    assert not stands_on(TitleStatus.REGISTERED, Confidence.HIGH, mark, date(2020, 1, 2))
