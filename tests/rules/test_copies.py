"""From checks of a unit to its grade: what raises it, what never does, and that nothing depends on luck."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.bench.copies import cloned, uncopied
from trace.rules import copies
from trace.rules.copies import (
    GRADES,
    PUBLIC_REASONS,
    UNCHECKED,
    Checked,
    PinTried,
    Reason,
    Reported,
    advance,
    hour_of,
    judge,
    replay,
)
from trace.rules.provinces import PROVINCES, are_near, bit_of
from trace.rules.verdicts import Grade, Verdict

DAY = 24
FAR = ("山西", "广东", "新疆", "黑龙江", "云南")
BITS = [0, *(province.bit for province in PROVINCES.values())]

hours = st.integers(0, 50)
provinces = st.sampled_from(BITS)
checks = st.builds(Checked, hours, provinces, st.just(Verdict.REGISTERED))
tries = st.builds(PinTried, hours, provinces, st.integers(0, 3), st.booleans())
anything = st.one_of(st.builds(Checked, hours, provinces, st.sampled_from(list(Verdict))), tries, st.builds(Reported))
stories = st.lists(anything, max_size=25)


def checked(*places, verdict=Verdict.REGISTERED, start=0):
    """A check a day, in these provinces one after the other."""
    return [Checked(start + day * DAY, bit_of(place), verdict) for day, place in enumerate(places)]


def opened(hour=0, place="山西", device=1, is_right=True):
    return PinTried(hour, bit_of(place), device, is_right)


def graded(*events):
    return judge(replay(list(events)))


def test_a_family_that_checks_at_home_is_usual_and_many_checks_are_told():
    assert graded(*checked(*["山西"] * 5)) == copies.Judgement(Grade.USUAL, ())
    assert graded(*checked(*["山西"] * 6)) == copies.Judgement(Grade.CHECKED_OFTEN, (Reason.MANY_CHECKS,))


def test_a_pack_shown_in_a_shop_is_checked_often_and_no_lead():
    """Also where every seventh phone is placed into one of the provinces around."""
    places = (["山西"] * 6 + ["河北"] + ["山西"] * 6 + ["陕西"] + ["山西"] * 6 + ["内蒙古", "河南"]) * 9
    judged = graded(*checked(*places))
    assert judged.grade is Grade.CHECKED_OFTEN
    assert Reason.MANY_PLACES not in judged.reasons


def test_a_gift_that_travels_is_no_lead():
    assert graded(*checked("山西", "山西", "广东", "广东")).grade is Grade.USUAL
    assert graded(*checked("山西", "山西", "广东", "广东")).reasons == (Reason.FAR_APART,)


def test_three_provinces_far_apart_and_five_devices_are_a_lead_and_less_of_either_is_not():
    assert graded(*checked(*FAR)).grade is Grade.UNDER_REVIEW
    assert graded(*checked(*FAR)).reasons[0] is Reason.MANY_PLACES
    assert graded(*checked(*FAR[:4])).grade is Grade.USUAL
    assert graded(*checked("山西", "广东", "广东", "山西", "广东")).grade is Grade.USUAL


def test_an_unknown_place_counts_as_a_check_and_as_no_place():
    assert graded(*checked(*FAR[:3], "", "")).grade is Grade.UNDER_REVIEW
    assert graded(*checked("", "", "", "", "")).grade is Grade.USUAL


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (Verdict.NOT_ACTIVATED, Reason.BEFORE_RELEASE),
        (Verdict.RECALLED, Reason.AFTER_RECALL),
        (Verdict.VOIDED, Reason.WITHDRAWN),
    ],
)
def test_a_check_when_nobody_should_hold_the_pack_is_a_lead_at_once(verdict, reason):
    assert graded(*checked("山西", verdict=verdict)) == copies.Judgement(Grade.UNDER_REVIEW, (reason,))


def test_the_right_pin_opens_and_again_from_elsewhere_is_a_lead_at_once():
    once = replay([*checked("山西"), opened()])
    assert (judge(once).grade, once.opened_on) == (Grade.USUAL, date(1970, 1, 1))
    assert judge(advance(once, opened(device=2))).reasons == (Reason.PIN_AGAIN,)
    assert judge(advance(once, opened(device=2))).grade is Grade.UNDER_REVIEW


def test_the_same_form_sent_twice_is_one_opening():
    assert graded(opened(), opened(hour=1)).grade is Grade.USUAL


def test_three_wrong_pins_are_a_lead_and_two_are_a_slip():
    assert graded(*[opened(is_right=False)] * 2, opened()).grade is Grade.USUAL
    assert graded(*[opened(is_right=False)] * 3).reasons == (Reason.WRONG_PINS,)


def test_a_household_may_look_again_after_opening_and_others_elsewhere_may_not():
    assert graded(opened(), *checked("山西", "河北", start=DAY)).grade is Grade.USUAL
    assert graded(opened(), *checked("广东", start=DAY)).reasons == (Reason.AFTER_OPENED,)
    assert graded(opened(), *checked("山西", "山西", "山西", start=DAY)).reasons == (Reason.AFTER_OPENED,)
    assert graded(opened(hour=5), *checked("广东", start=5)).grade is Grade.USUAL  # which came first is not known


def test_two_far_places_in_one_hour_are_told_and_raise_nothing():
    far = [Checked(7, bit_of("山西"), Verdict.REGISTERED), Checked(7, bit_of("广东"), Verdict.REGISTERED)]
    assert graded(*far) == copies.Judgement(Grade.USUAL, (Reason.FAR_APART, Reason.FAR_IN_AN_HOUR))


def test_a_report_is_told_beside_the_grade():
    assert graded(Reported()) == copies.Judgement(Grade.USUAL, (Reason.REPORTED,))


def test_no_rule_gives_grade_three_and_public_reasons_give_no_place_away():
    assert set(GRADES.values()) == {Grade.UNDER_REVIEW, Grade.CHECKED_OFTEN}
    assert not set(PUBLIC_REASONS) & {Reason.MANY_PLACES, Reason.FAR_APART, Reason.FAR_IN_AN_HOUR, Reason.REPORTED}


def test_hours_are_those_of_a_day_in_china():
    assert hour_of(date(1970, 1, 2), 3) == 27
    assert copies.day_of_hour(hour_of(date(2026, 11, 22), 23)) == date(2026, 11, 22)


@given(stories, anything)
def test_a_grade_never_falls_with_more_evidence(story, more):
    before, after = judge(replay(story)), judge(replay([*story, more]))
    assert after.grade >= before.grade
    assert set(after.reasons) >= set(before.reasons)


@given(stories)
def test_replaying_gives_the_same_state(story):
    state = UNCHECKED
    for event in story:
        state = advance(state, event)
    assert replay(story) == state
    assert judge(replay(story)) == judge(state)


@given(st.lists(checks, max_size=15).flatmap(lambda story: st.tuples(st.just(story), st.permutations(story))))
def test_the_order_of_checks_does_not_change_the_grade(pair):
    story, shuffled = pair
    assert judge(replay(story)).grade == judge(replay(shuffled)).grade


@given(st.lists(checks, max_size=12), hours, st.randoms(use_true_random=False))
def test_checks_of_one_hour_may_come_in_any_order(before, hour, random):
    before = sorted(before, key=lambda check: check.hour)
    now = [Checked(60, province, Verdict.REGISTERED) for province in random.choices(BITS, k=4)]
    shuffled = random.sample(now, k=len(now))
    assert replay([*before, *now]) == replay([*before, *shuffled])


@given(provinces, st.lists(st.tuples(hours, st.booleans()), max_size=40), st.randoms(use_true_random=False))
def test_harmless_checks_at_one_home_never_make_a_lead(home, rescans, random):
    """Misplaced phones too: into the provinces around."""
    around = [bit for bit in BITS if home and bit and are_near(home, bit)] or [0]
    story = [Checked(h, home if true else random.choice(around), Verdict.REGISTERED) for h, true in rescans]
    assert judge(replay(story)).grade <= Grade.CHECKED_OFTEN


@given(st.lists(checks, max_size=15), st.integers(1, 20))
def test_checking_again_where_it_was_checked_adds_no_place(story, times):
    """Where the places were no lead, more checks at one of them never make them one."""
    places = {check.province for check in story if check.province}
    if len(places) < copies.LEAD_PLACES or not story:
        again = [Checked(story[0].hour if story else 0, story[0].province if story else 0, Verdict.REGISTERED)] * times
        assert judge(replay([*story, *again])).grade <= Grade.CHECKED_OFTEN


def test_few_uncopied_units_are_raised_and_most_codes_copied_a_hundred_times_are():
    """The seeded set of a year (gi_registry/bench/copies.py): at most 0.3 % of checked units, at least 95 % of clones."""
    found = uncopied(seed=20_261_122)
    assert found.units > 59_000
    assert found.raised <= 0.003 * found.units
    for number in (100, 500):
        clones = cloned(seed=20_261_122, copies=number)
        assert clones.raised_of_full >= 0.95 * clones.full
        assert clones.raised >= 0.94 * clones.units
