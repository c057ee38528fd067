"""What a check of a code says: the closed list of verdicts and the order in which they are decided.

The order is that of the codes standard of this registry: the first that holds wins. A verdict speaks of the code and
of what is registered under it, never of the goods in the hand.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from gi_registry.lib.texts import Word
from trace.rules.batches import BatchState

# A batch code is printed alike on every pack, so many checks are usual. More distinct checks than two for every pack
# (a buyer and one other in the house) are not; under twenty checks in all, nothing is said.
USUAL_CHECKS = 20
USUAL_CHECKS_A_PACK = 2


class Verdict(Word):
    REGISTERED = "registered", "已登记", "Registered"
    CHECKED_OFTEN = "checked_often", "查询次数偏多", "Checked unusually often"
    UNDER_REVIEW = "under_review", "正在核查", "Under review"
    NOT_ACTIVATED = "not_activated", "尚未放行", "Not released yet"
    OUT_OF_SEASON = "out_of_season", "产季未开始", "Season not open"
    PAST_BEST_BEFORE = "past_best_before", "已过保质期", "Past best-before"
    AUTHORISATION_ENDED = "authorisation_ended", "标志使用核准已失效", "Authorisation ended"
    ON_HOLD = "on_hold", "暂停销售", "On hold"
    RECALLED = "recalled", "已召回", "Recalled"
    VOIDED = "voided", "已作废", "Voided"
    MISTYPED = "mistyped", "输入有误", "Mistyped"
    NOT_ISSUED = "not_issued", "未签发此码", "Not issued"
    UNAVAILABLE = "unavailable", "暂时无法查询", "Cannot check now"


class Grade(IntEnum):
    """How closely the registry watches a code. 3, confirmed by an authority, is set by a person and never from here."""

    USUAL = 0
    CHECKED_OFTEN = 1
    UNDER_REVIEW = 2


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is registered of one unit of a lot. ``is_withdrawn``: its issuance is void, or it is in a range that should be on
    no shelf. ``checks`` and ``grade`` are those of this unit alone."""

    is_withdrawn: bool
    is_activated: bool
    checks: int
    grade: int


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """What is registered under a lot, as far as the verdict asks; ``unit`` where one unit of it was asked about."""

    state: BatchState
    was_registered: bool
    was_authorised_at_production: bool
    is_authorised_now: bool
    is_under_review: bool
    season_opens_on: date | None
    best_before_on: date | None
    checks: int
    pack_count: int | None
    unit: UnitFacts | None = None


def is_checked_often(checks: int, pack_count: int | None) -> bool:
    """Whether the distinct checks (one a device a day) of a batch are more than its packs explain.

    Without a pack count nobody can say how many checks are usual, so such a batch is never marked.
    """
    if pack_count is None:
        return False
    return checks > max(USUAL_CHECKS, USUAL_CHECKS_A_PACK * pack_count)


def decide(facts: CheckFacts | None, *, is_well_formed: bool, today: date) -> Verdict:
    """The verdict for what was found (None: nothing) under a code; ``today`` is the day in China.

    A draft's lot has not been issued yet: nobody may learn from it what a producer prepares. A lot voided while it was
    a draft never was.
    """
    if not is_well_formed:
        return Verdict.MISTYPED
    if facts is None or not facts.was_registered:
        return Verdict.NOT_ISSUED
    if facts.state is BatchState.VOID or (facts.unit and facts.unit.is_withdrawn):
        return Verdict.VOIDED
    if facts.state is BatchState.RECALLED:
        return Verdict.RECALLED
    if facts.state is BatchState.ON_HOLD:
        return Verdict.ON_HOLD
    if facts.state is BatchState.REGISTERED or (facts.unit and not facts.unit.is_activated):
        return Verdict.NOT_ACTIVATED
    return _decide_released(facts, today)


def _decide_released(facts: CheckFacts, today: date) -> Verdict:
    """Goods on the market, or sold out: closed batches are still drunk at home and answered as released ones."""
    if facts.season_opens_on is not None and today < facts.season_opens_on:
        return Verdict.OUT_OF_SEASON
    if not (facts.was_authorised_at_production and facts.is_authorised_now):
        return Verdict.AUTHORISATION_ENDED
    grade = _grade(facts)
    if grade >= Grade.UNDER_REVIEW:
        return Verdict.UNDER_REVIEW
    if facts.best_before_on is not None and facts.best_before_on < today:
        return Verdict.PAST_BEST_BEFORE
    return Verdict.CHECKED_OFTEN if grade == Grade.CHECKED_OFTEN else Verdict.REGISTERED


def grade_of(facts: CheckFacts | None) -> int | None:
    """The grade beside the verdict; None where there is no issued code to grade."""
    return None if facts is None or not facts.was_registered else _grade(facts)


def _grade(facts: CheckFacts) -> int:
    """That of the unit for a unit, unless all of its batch is under review."""
    if facts.is_under_review:
        return Grade.UNDER_REVIEW
    if facts.unit:
        return facts.unit.grade
    return Grade.CHECKED_OFTEN if is_checked_often(facts.checks, facts.pack_count) else Grade.USUAL


def shows_record(verdict: Verdict) -> bool:
    """Whether the registered facts stand beside the verdict."""
    return verdict not in (Verdict.MISTYPED, Verdict.NOT_ISSUED, Verdict.UNAVAILABLE)
