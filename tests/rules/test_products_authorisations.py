"""The life of an authorisation: who, on what ground, and on which days it stood."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gi_registry.lib.access import RoleKind
from products.rules.authorisations import (
    ENDED,
    MACHINE,
    STANDING,
    Dormancy,
    Given,
    Ground,
    Spell,
    dormancy,
    move_faults,
    spells_after,
    stands_on,
)
from products.rules.calendar import months_after
from products.rules.words import AuthorisationState as A
from products.rules.words import DocumentKind

TODAY = date(2026, 11, 22)
GOOD = Ground(site_count=1, eligible_count=1)
FULL = Given(
    reason="r", approval_reference="ref", refusal_criterion="c", valid_from=TODAY, deadline_on=date(2027, 1, 1)
)
DAYS = (None, date.min, *(TODAY + timedelta(days=n) for n in (-900, -600, -1, 0, 1, 900)), date.max)
YES_NO = (False, True)
seeds = st.integers(0, 2**32)


def something_given(dice: Random) -> Given:
    return Given(
        reason=dice.choice(("", "r")),
        approval_reference=dice.choice(("", "ref")),
        refusal_criterion=dice.choice(("", "c")),
        valid_from=dice.choice(DAYS),
        valid_until=dice.choice(DAYS),
        deadline_on=dice.choice(DAYS),
    )


def some_ground(dice: Random) -> Ground:
    return Ground(
        title_stands=dice.choice(YES_NO),
        title_expires_on=dice.choice(DAYS),
        site_count=dice.choice((0, 1, 3)),
        eligible_count=dice.choice((0, 1, 3)),
        valid_until=dice.choice(DAYS),
        dormant_since=dice.choice(DAYS),
        deadline_on=dice.choice(DAYS),
        was_suspended_by_registrar=dice.choice(YES_NO),
    )


def codes(*args, **more) -> list[str]:
    return [fault.code for fault in move_faults(*args, **more)]


STEPS = sorted((state, to) for state, steps in MACHINE.items() for to in steps)


@settings(max_examples=2000)
@given(st.sampled_from([*STEPS, (A.DRAFT, A.ACTIVE), (A.REVOKED, A.ACTIVE)]), seeds)
def test_nothing_comes_to_stand_without_a_title_and_an_eligible_site(step, seed):
    dice, (state, to) = Random(seed), step
    brought, ground = something_given(dice), some_ground(dice)
    by = frozenset(dice.sample(sorted(RoleKind), dice.randint(0, 3)))
    faults = move_faults(state, to, brought, ground, TODAY, by)
    if not faults and to in STANDING and state not in STANDING:
        assert ground.title_stands
        assert ground.eligible_count > 0
    if not faults and state is A.PROV_OK and to is A.ACTIVE:
        assert brought.approval_reference
        assert brought.valid_from is not None
        assert ground.title_expires_on is None or brought.valid_until <= ground.title_expires_on
    if not faults and to is A.REFUSED:
        assert brought.refusal_criterion
    for fault in faults:
        assert fault.text.zh
        assert fault.text.en


@settings(max_examples=1000)
@given(seeds)
def test_spells_never_overlap_and_are_open_exactly_while_it_stands(seed):
    dice = Random(seed)
    state, spells, today = A.DRAFT, [], date(2020, 1, 1)
    while state in MACHINE and today < date(2040, 1, 1):
        today += timedelta(days=dice.choice((0, 1, 30, 400)))
        to = dice.choice(sorted(MACHINE[state]))
        spells = spells_after(spells, state, to, today - timedelta(days=3), today)
        state = to
        closed = [spell for spell in spells if spell.ended]
        assert all(spell.begun < spell.ended for spell in closed)
        assert [spell.begun for spell in spells] == sorted(spell.begun for spell in spells)
        assert (state in STANDING) == any(spell.ended is None for spell in spells)
        assert stands_on(spells, None, today) == (state in STANDING)


def test_coming_back_from_a_suspension_never_reaches_back():
    spells = [Spell(date(2026, 1, 1), date(2026, 5, 1))]
    after = spells_after(spells, A.SUSPENDED, A.ACTIVE, date(2026, 5, 1), TODAY)
    assert not stands_on(after, None, date(2026, 6, 1))
    assert stands_on(after, None, TODAY)
    assert stands_on(after, None, date(2026, 4, 30))


def test_every_state_is_reached_and_the_ended_ones_are_final():
    reached, queue = {A.DRAFT}, [A.DRAFT]
    while queue:
        for to in MACHINE.get(queue.pop(), {}):
            if to not in reached:
                reached.add(to)
                queue.append(to)
    assert reached == set(A)
    assert not (ENDED | {A.REFUSED, A.WITHDRAWN}) & set(MACHINE)


def test_a_refusal_must_name_the_criterion():
    assert codes(A.ORIGIN_CHECKED, A.REFUSED, Given(reason="no"), GOOD, TODAY) == ["missing_refusal_criterion"]


def test_a_grant_cannot_outlast_its_title():
    ground = Ground(site_count=1, eligible_count=1, title_expires_on=date(2027, 1, 1))
    assert codes(A.PROV_OK, A.ACTIVE, FULL, ground, TODAY) == ["outlasts_title"]


def test_an_application_without_sites_or_without_a_test_report_is_not_sent():
    report = frozenset({DocumentKind.TEST_REPORT})
    assert codes(A.DRAFT, A.SUBMITTED, Given(), Ground(), TODAY) == ["no_site", "needs_document"]
    assert codes(A.DRAFT, A.SUBMITTED, Given(), Ground(documents=report), TODAY) == ["no_site"]
    assert codes(A.DRAFT, A.SUBMITTED, Given(), Ground(site_count=1), TODAY) == ["needs_document"]
    assert codes(A.DRAFT, A.SUBMITTED, Given(), Ground(site_count=1, documents=report), TODAY) == []


def test_a_holder_lifts_its_own_suspension_but_not_the_registrars():
    ground = Ground(site_count=1, eligible_count=1, was_suspended_by_registrar=True)
    holder, registrar = frozenset({RoleKind.HOLDER}), frozenset({RoleKind.REGISTRAR})
    assert codes(A.SUSPENDED, A.ACTIVE, FULL, ground, TODAY, holder) == ["suspended_by_registrar"]
    assert codes(A.SUSPENDED, A.ACTIVE, FULL, ground, TODAY, registrar) == []
    assert codes(A.SUSPENDED, A.ACTIVE, FULL, GOOD, TODAY, holder) == []


def test_rectification_is_stopped_only_after_its_deadline():
    assert codes(A.RECTIFYING, A.STOPPED, FULL, Ground(deadline_on=TODAY), TODAY) == ["deadline_open"]
    assert codes(A.RECTIFYING, A.STOPPED, FULL, Ground(deadline_on=date(2026, 11, 21)), TODAY) == []


@pytest.mark.parametrize(
    ("last_used_on", "today", "said"),
    [
        (None, date(2025, 6, 30), Dormancy.USED),
        (None, date(2025, 7, 1), Dormancy.WARN),
        (None, date(2025, 12, 31), Dormancy.WARN),
        (None, date(2026, 1, 1), Dormancy.STOP),
        (date(2025, 1, 31), date(2026, 7, 30), Dormancy.USED),
        (date(2025, 1, 31), date(2026, 7, 31), Dormancy.WARN),
        (date(2020, 1, 1), date(2025, 6, 30), Dormancy.USED),  # used before it was granted: counts from the grant
    ],
)
def test_the_clock_warns_at_18_months_and_proposes_at_24(last_used_on, today, said):
    assert dormancy(last_used_on, date(2024, 1, 1), today) is said


@given(st.dates(), st.integers(-1200, 1200))
def test_months_keep_the_day_or_take_the_last_of_the_month(day, months):
    later = months_after(day, months)
    if later not in (date.max, date.min):
        assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
        assert later.day == day.day or (later + timedelta(days=1)).day == 1
