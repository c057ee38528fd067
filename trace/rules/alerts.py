"""What is handed to officials: alerts about a unit or a batch, and the patterns of a batch that give rise to one.

An alert is a lead for a person, never a punishment, and says nothing about who did what. Patterns are looked for once a
day in sums over the units of a batch; nobody's single check is looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gi_registry.lib.texts import Word
from trace.rules.copies import GRADES, Judgement, Reason
from trace.rules.provinces import are_near
from trace.rules.verdicts import Grade

# Below these a share says nothing.
ENOUGH_CHECKS = 100
ENOUGH_UNITS = 50
# So many of a batch's units, the most checked of all, with so large a share of its checks. Evenly checked they would
# have less than a fifth.
TOP_UNITS = 10
TOP_SHARE = 0.5
# Hardly more than a third of packs is ever checked; nearly all of them means that somebody reads labels off a roll.
READ_SHARE = 0.9
# Units next to each other on a roll, each of them checked far apart.
NEIGHBOURS = 3
# Half of the packs turn up in other provinces than those of earlier batches.
ELSEWHERE_SHARE = 0.5


class AlertKind(Word):
    COPIED_UNIT = "copied_unit", "单件码疑似被复制", "The code of a unit may have been copied"
    UNSOLD_CHECKED = "unsold_checked", "不应在市面的码被查询", "Codes were checked that should be on no market"
    ODD_BATCH = "odd_batch", "批次查询情况异常", "The checks of a batch are unusual"

    @property
    def is_of_a_unit(self) -> bool:
        """Whether its subject is one unit; else it is the whole batch."""
        return self is AlertKind.COPIED_UNIT


class Pattern(Word):
    """Why the checks of a batch are unusual."""

    FEW_CODES = "few_codes", "查询集中在少数几个码", "Few codes have most of the checks"
    READ_THROUGH = "read_through", "几乎每个码都被查询", "Nearly every code was checked"
    NEIGHBOURS_FAR = (
        "neighbours_far",
        "相邻编号的码在相距较远的省份查询",
        "Codes next to each other were checked far apart",
    )
    ELSEWHERE = "elsewhere", "多数在以往未销往的省份查询", "Most turned up where earlier batches were not sold"


Cause = Reason | Pattern
CAUSES: Mapping[str, Cause] = {word.value: word for word in (*Reason, *Pattern)}
# Of these a whole recalled batch may show thousands: one alert for the batch, with their number.
UNSOLD = (Reason.BEFORE_RELEASE, Reason.AFTER_RECALL, Reason.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class BatchChecks:
    """Sums over the units of a batch. ``first_seen``, ``usual``: bit of a province -> units first checked there, of
    this batch and of earlier ones of the same producer."""

    issued: int
    units: int
    checks: int
    top_checks: int
    neighbours_far: int
    first_seen: Mapping[int, int]
    usual: Mapping[int, int]


def leads(before: Judgement, after: Judgement) -> dict[AlertKind, list[Reason]]:
    """The alerts that the rise of a unit's judgement calls for; none where no weighty reason is new."""
    new = [r for r in after.reasons if GRADES.get(r) == Grade.UNDER_REVIEW and r not in before.reasons]
    found: dict[AlertKind, list[Reason]] = {}
    if any(reason not in UNSOLD for reason in new):
        found[AlertKind.COPIED_UNIT] = [reason for reason in after.reasons if reason not in UNSOLD]
    if unsold := [reason for reason in new if reason in UNSOLD]:
        found[AlertKind.UNSOLD_CHECKED] = unsold
    return found


def patterns(batch: BatchChecks) -> list[Pattern]:
    """What is unusual about the checks of a batch."""
    return [pattern for pattern, holds in _PATTERNS.items() if holds(batch)]


def _is_few_codes(batch: BatchChecks) -> bool:
    """Fifty units and more, so that ten of them are at most a fifth."""
    is_enough = batch.checks >= ENOUGH_CHECKS and batch.units >= ENOUGH_UNITS
    return is_enough and batch.top_checks >= TOP_SHARE * batch.checks


def _is_read_through(batch: BatchChecks) -> bool:
    return batch.issued >= ENOUGH_UNITS and batch.units >= READ_SHARE * batch.issued


def _is_elsewhere(batch: BatchChecks) -> bool:
    """A province counts as usual beside one in which earlier batches were seen, as phones are misplaced."""
    here = sum(batch.first_seen.values())
    if here < ENOUGH_UNITS or sum(batch.usual.values()) < ENOUGH_UNITS:
        return False
    new = sum(n for bit, n in batch.first_seen.items() if not any(are_near(bit, usual) for usual in batch.usual))
    return new >= ELSEWHERE_SHARE * here


_PATTERNS = {
    Pattern.FEW_CODES: _is_few_codes,
    Pattern.READ_THROUGH: _is_read_through,
    Pattern.NEIGHBOURS_FAR: lambda batch: batch.neighbours_far >= NEIGHBOURS,
    Pattern.ELSEWHERE: _is_elsewhere,
}
