"""How many unit codes may be issued and when, and what may be said of a range of them."""

from dataclasses import replace

import pytest

from trace.codes.layout import MOST_UNITS
from trace.rules.batches import BatchState
from trace.rules.issuances import (
    AT_ONCE,
    MOST_PREPARING,
    MOST_RANGES,
    Activation,
    IssuanceState,
    IssueFacts,
    RangeFacts,
    RangeKind,
    Span,
    count_faults,
    exceeds_packs,
    handing_out_refusals,
    issue_refusals,
    range_refusals,
    span_faults,
    void_refusals,
)

FIRST = IssueFacts(BatchState.RELEASED, issuances=0, valid=0, preparing=0, pack_count=2_400)
ISSUED = RangeFacts(IssuanceState.ISSUED, Activation.BY_RANGE, count=100, ranges=0)
USABLE = {BatchState.REGISTERED, BatchState.RELEASED, BatchState.ON_HOLD}


def codes(refusals):
    return [refusal.code for refusal in refusals]


@pytest.mark.parametrize("state", list(BatchState))
def test_codes_are_issued_and_handed_out_for_goods_that_are_packed_or_sold(state):
    expected = [] if state in USABLE else ["wrong_state"]
    assert codes(issue_refusals(replace(FIRST, batch_state=state), 10, "")) == expected
    assert codes(handing_out_refusals(IssuanceState.ISSUED, state)) == expected


def test_an_issuance_holds_from_one_unit_to_what_a_code_can_name():
    assert [codes(count_faults(count)) for count in (0, 1, MOST_UNITS, MOST_UNITS + 1)] == [
        ["count"],
        [],
        [],
        ["count"],
    ]
    assert codes(count_faults(1, "长" * 501)) == ["reason_too_long"]


def test_a_batch_has_at_most_32_issuances():
    assert issue_refusals(replace(FIRST, issuances=31), 10, "") == []
    assert codes(issue_refusals(replace(FIRST, issuances=32), 10, "")) == ["no_more_issuances"]


def test_more_codes_than_the_packs_explain_need_a_reason():
    assert issue_refusals(FIRST, 2_520, "") == []
    assert codes(issue_refusals(FIRST, 2_521, " ")) == ["more_codes_than_packs"]
    assert issue_refusals(FIRST, 2_521, "标签机测试用") == []
    assert codes(issue_refusals(replace(FIRST, valid=2_400), 121, "")) == ["more_codes_than_packs"]
    assert not exceeds_packs(10**9, None)


def test_a_producer_waits_while_several_large_issuances_are_prepared():
    busy = replace(FIRST, preparing=MOST_PREPARING, pack_count=None)
    assert issue_refusals(busy, AT_ONCE, "") == []
    assert codes(issue_refusals(busy, AT_ONCE + 1, "")) == ["still_preparing"]


def test_codes_are_not_handed_out_before_they_are_ready_nor_once_they_are_void():
    assert codes(handing_out_refusals(IssuanceState.PREPARING, BatchState.RELEASED)) == ["still_preparing"]
    assert codes(handing_out_refusals(IssuanceState.VOID, BatchState.RELEASED)) == ["issuance_void"]


@pytest.mark.parametrize(
    ("span", "faults"),
    [
        (Span(0, 99), []),
        (Span(99, 99), []),
        (Span(100, 100), ["first", "last"]),
        (Span(5, 4), ["last"]),
        (Span(0, 100), ["last"]),
        (Span(-1, 3), ["first"]),
    ],
)
def test_a_range_lies_within_its_issuance(span, faults):
    assert codes(span_faults(span, 100, RangeKind.ACTIVATED, "")) == faults


def test_a_withdrawal_says_why_and_a_spoiled_label_need_not():
    assert {kind for kind in RangeKind if span_faults(Span(0, 0), 1, kind, " ")} == {
        RangeKind.RETURNED,
        RangeKind.DESTROYED,
        RangeKind.VOID,
    }


@pytest.mark.parametrize("kind", list(RangeKind))
def test_all_is_said_once_but_that_labels_were_printed(kind):
    again = replace(ISSUED, same=(Span(3, 9),))
    expected = [] if kind is RangeKind.PRINTED else ["range_overlaps"]
    assert codes(range_refusals(kind, again)) == expected
    assert range_refusals(kind, ISSUED) == []


@pytest.mark.parametrize("kind", list(RangeKind))
def test_units_that_were_withdrawn_are_neither_activated_nor_printed(kind):
    withdrawn = replace(ISSUED, withdrawn=(Span(3, 9), Span(20, 20)))
    expected = ["range_withdrawn"] if kind in (RangeKind.ACTIVATED, RangeKind.PRINTED) else []
    assert codes(range_refusals(kind, withdrawn)) == expected


def test_a_refusal_names_the_units_and_not_all_of_them():
    said = range_refusals(RangeKind.VOID, replace(ISSUED, same=tuple(Span(n, n) for n in range(6))))[0].text
    assert said.zh == "这些序号已记录为“作废”：0, 1, 2, 3, 4 …。"


def test_what_is_activated_with_its_batch_is_not_activated_by_range():
    with_batch = replace(ISSUED, activation=Activation.WITH_BATCH)
    assert codes(range_refusals(RangeKind.ACTIVATED, with_batch)) == ["activated_with_batch"]
    assert range_refusals(RangeKind.VOID, with_batch) == []


@pytest.mark.parametrize("state", [IssuanceState.PREPARING, IssuanceState.VOID])
def test_nothing_is_said_of_units_that_are_not_there(state):
    assert codes(range_refusals(RangeKind.SPOILED, replace(ISSUED, state=state))) == ["issuance_not_issued"]


def test_ranges_of_one_kind_are_bounded():
    assert codes(range_refusals(RangeKind.SPOILED, replace(ISSUED, ranges=MOST_RANGES))) == ["too_many_ranges"]


def test_an_issuance_is_voided_once_and_with_a_reason():
    assert void_refusals(IssuanceState.ISSUED, "标签被盗") == []
    assert void_refusals(IssuanceState.PREPARING, "数量填错") == []
    assert codes(void_refusals(IssuanceState.ISSUED, " ")) == ["reason_missing"]
    assert codes(void_refusals(IssuanceState.VOID, "再次")) == ["already_void"]
