"""Checks of units for tests, as the page's beacon counts them."""

from datetime import datetime

from tests.build_trace import a_sender
from tests.cast import NOW
from trace import actions
from trace.actions.checks import Counted
from trace.keys import ring
from trace.look_up import look_up
from trace.models import Issuance
from trace.rules.copies import Kept
from trace.rules.verdicts import Verdict
from trace.units import Signed

FAR = ("山西", "广东", "新疆", "黑龙江", "云南")  # of which no two are neighbours


def checked(
    issuance: Issuance,
    index: int = 0,
    network: int = 0,
    province: str = "山西",
    verdict: Verdict = Verdict.REGISTERED,
    now: datetime = NOW,
    kept: Kept | None = None,
) -> Counted:
    """One check of a unit by somebody in a network of its own; ``kept``: what was kept of it when they looked, else just now."""
    return actions.record_check(
        lot=issuance.batch.number,
        unit=(issuance.pk, index),
        verdict=verdict,
        sender=a_sender(network, province=province),
        now=now,
        kept=kept or looked_at(issuance, index),
    )


def looked_at(issuance: Issuance, index: int = 0) -> Kept:
    """What is kept of a unit, as a check finds it."""
    known = look_up(issuance.batch.number, Signed(issuance.ordinal, index, ring().epochs[-1]), now=NOW)
    return known.unit["kept"]


def spread(issuance: Issuance, index: int = 0) -> None:
    """Five checks of a unit all over the country."""
    for network, province in enumerate(FAR):
        checked(issuance, index, network, province)
