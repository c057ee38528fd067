"""Clerks at once on one annual report: one begins it, one change holds, it is sent once, and it is either accepted or returned."""

from functools import partial

import pytest

from gi_registry.lib.problems import Problem
from tests.build_annual import JANUARY, SOLD, YEAR, an_annual_report
from tests.db.test_trace_quota_at_once import at_once
from trace import actions
from trace.models import AnnualUseReport
from trace.rules.annual_reports import AnnualState, Statement

CLERKS = 8
pytestmark = pytest.mark.django_db(transaction=True)


def tried(action, **given) -> str:
    try:
        action(now=JANUARY, **given)
    except Problem as problem:
        return problem.errors[0].code
    return "done"


def read(report: AnnualUseReport) -> AnnualUseReport:
    return AnnualUseReport.objects.get(pk=report.pk)


def test_of_eight_clerks_one_begins_one_changes_and_the_report_is_sent_once(goods, cast):
    right, zhang = goods.register.authorisation, cast.zhang.actor
    begin = partial(tried, actions.draft_report, authorisation=right, year=YEAR, statement=Statement(), actor=zhang)
    assert at_once(*[begin] * CLERKS) == {"done": 1, "report_exists": CLERKS - 1}
    report = AnnualUseReport.objects.get()
    state = [
        partial(tried, actions.state_figures, report=read(report), statement=SOLD, actor=zhang) for _ in range(CLERKS)
    ]
    assert at_once(*state) == {"done": 1, "stale": CLERKS - 1}
    send = [partial(tried, actions.submit_report, report=read(report), actor=zhang) for _ in range(CLERKS)]
    assert at_once(*send) == {"done": CLERKS}, "a second press is no fault"
    assert read(report).version == 3, "and sends nothing anew"


def test_a_report_is_accepted_or_returned_by_one_of_many_who_decide_at_once(goods, cast):
    report = an_annual_report(goods.register.authorisation, AnnualState.SUBMITTED, maker=cast.zhang.actor)
    ways = [(actions.accept_report, cast.chen), (actions.return_report, cast.li)] * (CLERKS // 2)
    told = [partial(tried, act, report=read(report), actor=person.actor, reason="核对") for act, person in ways]
    assert at_once(*told) == {"done": 1, "stale": CLERKS - 1}
    assert read(report).state in (AnnualState.ACCEPTED, AnnualState.RETURNED)
