"""Which alerts a rise of a grade calls for, and what is unusual about the checks of a batch."""

from dataclasses import replace

import pytest

from trace.rules.alerts import CAUSES, UNSOLD, AlertKind, BatchChecks, Pattern, leads, patterns
from trace.rules.copies import GRADES, UNCHECKED, Judgement, Reason, judge
from trace.rules.provinces import bit_of
from trace.rules.verdicts import Grade

USUAL = judge(UNCHECKED)
AT_HOME = {bit_of("山西"): 60, bit_of("河北"): 30}
BATCH = BatchChecks(
    issued=1_000, units=100, checks=140, top_checks=30, neighbours_far=0, first_seen=AT_HOME, usual=AT_HOME
)


def judged(*reasons):
    return Judgement(max((GRADES.get(reason, Grade.USUAL) for reason in reasons), default=Grade.USUAL), reasons)


def test_a_unit_that_becomes_a_lead_is_told_with_all_its_reasons_once():
    lead = judged(Reason.MANY_PLACES, Reason.MANY_CHECKS, Reason.FAR_APART)
    assert leads(USUAL, lead) == {AlertKind.COPIED_UNIT: list(lead.reasons)}
    assert leads(lead, lead) == {}
    assert leads(lead, judged(Reason.MANY_PLACES, Reason.WRONG_PINS)) == {
        AlertKind.COPIED_UNIT: [Reason.MANY_PLACES, Reason.WRONG_PINS]
    }


def test_what_raises_no_lead_is_told_to_nobody():
    assert leads(USUAL, judged(Reason.MANY_CHECKS, Reason.FAR_APART, Reason.REPORTED)) == {}


@pytest.mark.parametrize("reason", UNSOLD)
def test_a_code_that_should_be_on_no_market_is_told_of_its_batch(reason):
    assert leads(USUAL, judged(reason)) == {AlertKind.UNSOLD_CHECKED: [reason]}
    both = leads(USUAL, judged(Reason.PIN_AGAIN, reason))
    assert both == {AlertKind.COPIED_UNIT: [Reason.PIN_AGAIN], AlertKind.UNSOLD_CHECKED: [reason]}


def test_a_usual_batch_shows_no_pattern_and_neither_does_one_hardly_checked():
    assert patterns(BATCH) == []
    assert patterns(BatchChecks(1_000, 3, 40, 40, 0, {bit_of("广东"): 3}, AT_HOME)) == []
    assert patterns(BatchChecks(0, 0, 0, 0, 0, {}, {})) == []


@pytest.mark.parametrize(
    ("changed", "pattern"),
    [
        ({"checks": 300, "top_checks": 160}, Pattern.FEW_CODES),
        ({"units": 950, "checks": 1_000}, Pattern.READ_THROUGH),
        ({"neighbours_far": 3}, Pattern.NEIGHBOURS_FAR),
        ({"first_seen": {bit_of("广东"): 40, bit_of("山西"): 30}}, Pattern.ELSEWHERE),
    ],
)
def test_each_pattern_has_its_sign(changed, pattern):
    assert patterns(replace(BATCH, **changed)) == [pattern]


def test_a_province_beside_a_usual_one_is_no_other_place():
    assert patterns(replace(BATCH, first_seen={bit_of("河南"): 40, bit_of("陕西"): 40})) == []


def test_codes_of_causes_are_unique_and_said_in_both_languages():
    assert len(CAUSES) == len(Reason) + len(Pattern)
    assert all(cause.text.zh and cause.text.en for cause in CAUSES.values())
