"""Print jobs in numbers: their parts and their pace."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gi_registry.lib.pace import pace_of
from trace.rules.issuances import Span
from trace.rules.prints import (
    LABELS_A_PART,
    MOST_LABELS,
    MOST_OPEN_JOBS,
    inline_faults,
    parts_of,
    print_refusals,
)

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


@given(st.integers(0, 50_000), st.integers(1, 5_000), st.sampled_from([1, 21, 24]))
def test_parts_follow_each_other_fill_their_sheets_and_leave_nothing_out(first, count, a_page):
    parts = parts_of(Span(first, first + count - 1), a_page)
    assert [index for part in parts for index in range(part.first, part.last + 1)] == list(range(first, first + count))
    assert all(len(part) <= LABELS_A_PART for part in parts)
    assert all(len(part) % a_page == 0 for part in parts[:-1])


def test_the_pace_is_told_from_what_was_drawn_since_the_work_was_begun():
    told = {"begun_at": NOON, "seen_at": NOON + timedelta(seconds=10)}
    assert pace_of(total=1_000, done=0, done_before=0, **told) is None
    assert pace_of(total=1_000, done=500, done_before=500, **told) is None
    pace = pace_of(total=1_000, done=600, done_before=500, **told)
    assert (pace.a_second, pace.left) == (10, timedelta(seconds=40))


def test_a_job_has_bounds():
    assert print_refusals(Span(0, MOST_LABELS - 1), 0) == []
    refused = print_refusals(Span(0, MOST_LABELS), MOST_OPEN_JOBS, [Span(3, 3), Span(7, 9)])
    assert [refusal.code for refusal in refused] == ["too_many_labels", "prints_open", "range_withdrawn"]
    assert "3, 7–9" in refused[2].text.en


def test_only_a_few_labels_are_drawn_while_somebody_waits():
    assert inline_faults(Span(0, 299)) == []
    assert inline_faults(Span(0, 300))[0].code == "too_many_labels"
