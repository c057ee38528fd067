"""Verdicts: the order in which they are decided, and the words they are told in."""

from dataclasses import replace
from datetime import date

import pytest

from trace.rules.batches import BatchState
from trace.rules.verdicts import CheckFacts, Grade, UnitFacts, Verdict, decide, grade_of, is_checked_often, shows_record
from trace.rules.wording import WORDINGS, Tone

TODAY = date(2026, 11, 22)
USUAL = CheckFacts(
    state=BatchState.RELEASED,
    was_registered=True,
    was_authorised_at_production=True,
    is_authorised_now=True,
    is_under_review=False,
    season_opens_on=None,
    best_before_on=None,
    checks=3,
    pack_count=10,
)


def verdict(is_well_formed=True, **changes):
    return decide(replace(USUAL, **changes), is_well_formed=is_well_formed, today=TODAY)


# In the order of decision: each fact that decides, worst first.
LADDER = [
    (Verdict.MISTYPED, {"is_well_formed": False}),
    (Verdict.NOT_ISSUED, {"was_registered": False}),
    (Verdict.OUT_OF_SEASON, {"season_opens_on": date(2026, 11, 23)}),
    (Verdict.AUTHORISATION_ENDED, {"is_authorised_now": False}),
    (Verdict.UNDER_REVIEW, {"is_under_review": True}),
    (Verdict.PAST_BEST_BEFORE, {"best_before_on": date(2026, 11, 21)}),
    (Verdict.CHECKED_OFTEN, {"checks": 21}),
]


def test_nothing_amiss_reads_registered():
    assert verdict() is Verdict.REGISTERED


@pytest.mark.parametrize("place", range(len(LADDER)))
def test_the_first_that_holds_wins_over_all_that_follow(place):
    expected, _ = LADDER[place]
    together = {}
    for _, change in LADDER[place:]:
        together |= change
    assert verdict(**together) is expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (BatchState.VOID, Verdict.VOIDED),
        (BatchState.RECALLED, Verdict.RECALLED),
        (BatchState.ON_HOLD, Verdict.ON_HOLD),
        (BatchState.REGISTERED, Verdict.NOT_ACTIVATED),
        (BatchState.RELEASED, Verdict.REGISTERED),
        (BatchState.CLOSED, Verdict.REGISTERED),
    ],
)
def test_the_state_decides_before_season_right_review_and_date(state, expected):
    assert verdict(state=state) is expected
    if expected is not Verdict.REGISTERED:
        worst = {"is_authorised_now": False, "is_under_review": True, "best_before_on": date(2020, 1, 1)}
        assert verdict(state=state, **worst) is expected


def test_an_unknown_lot_and_a_draft_read_alike():
    assert decide(None, is_well_formed=True, today=TODAY) is Verdict.NOT_ISSUED
    assert verdict(state=BatchState.DRAFT, was_registered=False) is Verdict.NOT_ISSUED
    assert verdict(state=BatchState.VOID, was_registered=False) is Verdict.NOT_ISSUED
    assert grade_of(None) is None
    assert grade_of(replace(USUAL, was_registered=False)) is None


def test_the_right_is_asked_for_the_day_of_production_and_for_today():
    assert verdict(was_authorised_at_production=False) is Verdict.AUTHORISATION_ENDED
    assert verdict(is_authorised_now=False) is Verdict.AUTHORISATION_ENDED


def test_the_season_opens_on_its_day_and_goods_last_through_theirs():
    assert verdict(season_opens_on=TODAY) is Verdict.REGISTERED
    assert verdict(best_before_on=TODAY) is Verdict.REGISTERED


def test_checked_often_is_more_than_two_a_pack_and_more_than_twenty():
    assert not is_checked_often(20, 1)
    assert is_checked_often(21, 1)
    assert not is_checked_often(4_800, 2_400)
    assert is_checked_often(4_801, 2_400)
    assert not is_checked_often(10**9, None)


def test_grades_follow_review_and_count():
    assert grade_of(USUAL) is Grade.USUAL
    assert grade_of(replace(USUAL, checks=21)) is Grade.CHECKED_OFTEN
    assert grade_of(replace(USUAL, checks=21, is_under_review=True)) is Grade.UNDER_REVIEW


def test_every_verdict_has_words_an_icon_a_tone_and_its_limits():
    assert set(WORDINGS) == set(Verdict)
    for words in WORDINGS.values():
        told = (words.title, words.statement, words.advice, *words.proves, *words.does_not_prove)
        assert all(text.zh and text.en for text in told)
        assert words.icon
        assert isinstance(words.tone, Tone)
        assert words.does_not_prove


def test_no_word_calls_goods_true_or_false():
    for words in WORDINGS.values():
        said = " ".join(
            f"{text.zh} {text.en.lower()}"
            for text in (words.title, words.statement, words.advice, *words.proves, *words.does_not_prove)
        )
        for banned in ("正品", "真品", "假货", "假冒", "genuine", "authentic", "fake", "counterfeit"):
            assert banned not in said


def test_every_issued_code_is_said_to_be_issued_by_the_registry():
    for verdict_of, words in WORDINGS.items():
        if shows_record(verdict_of) and verdict_of is not Verdict.VOIDED:
            assert words.statement.zh.startswith("此码由登记系统签发")
            assert words.statement.en.startswith("This code was issued by the registry")


def test_an_outage_of_ours_is_not_laid_at_the_goods_door():
    words = WORDINGS[Verdict.UNAVAILABLE]
    assert words.tone is Tone.PLAIN
    assert "我们" in words.statement.zh
    assert "ours" in words.statement.en


# --- units ---

GOOD = UnitFacts(is_withdrawn=False, is_activated=True, checks=1, grade=Grade.USUAL)


def of_unit(batch=USUAL, **changes):
    return replace(batch, unit=replace(GOOD, **changes))


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (of_unit(), Verdict.REGISTERED),
        (of_unit(is_withdrawn=True), Verdict.VOIDED),
        (of_unit(is_activated=False), Verdict.NOT_ACTIVATED),
        (of_unit(grade=Grade.CHECKED_OFTEN), Verdict.CHECKED_OFTEN),
        (of_unit(grade=Grade.UNDER_REVIEW), Verdict.UNDER_REVIEW),
        (of_unit(replace(USUAL, state=BatchState.RECALLED), is_withdrawn=True), Verdict.VOIDED),
        (of_unit(replace(USUAL, state=BatchState.RECALLED), is_activated=False), Verdict.RECALLED),
        (of_unit(replace(USUAL, state=BatchState.ON_HOLD), is_activated=False), Verdict.ON_HOLD),
        (of_unit(replace(USUAL, is_authorised_now=False), grade=Grade.UNDER_REVIEW), Verdict.AUTHORISATION_ENDED),
        (of_unit(replace(USUAL, was_registered=False)), Verdict.NOT_ISSUED),
    ],
)
def test_a_unit_is_decided_in_the_same_order_with_its_own_facts(facts, verdict):
    assert decide(facts, is_well_formed=True, today=TODAY) is verdict


def test_a_unit_has_its_own_grade_whatever_the_checks_of_its_lot():
    assert grade_of(of_unit(replace(USUAL, checks=10**6))) is Grade.USUAL
    assert grade_of(of_unit(grade=Grade.CHECKED_OFTEN)) is Grade.CHECKED_OFTEN
    assert grade_of(of_unit(replace(USUAL, is_under_review=True))) is Grade.UNDER_REVIEW
