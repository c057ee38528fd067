"""Checks of units for tests, as the page's beacon counts them."""

from datetime import datetime

from tests.build_trace import a_sender
from tests.cast import NOW
from trace import actions
from trace.actions.checks import Counted
from trace.models import Issuance
from trace.rules.verdicts import Verdict

FAR = ("山西", "广东", "新疆", "黑龙江", "云南")  # of which no two are neighbours


def checked(
    issuance: Issuance,
    index: int = 0,
    network: int = 0,
    province: str = "山西",
    verdict: Verdict = Verdict.REGISTERED,
    now: datetime = NOW,
) -> Counted:
    """One check of a unit by somebody in a network of its own."""
    return actions.record_check(
        lot=issuance.batch.number,
        unit=(issuance.pk, index),
        verdict=verdict,
        sender=a_sender(network, province=province),
        now=now,
    )


def spread(issuance: Issuance, index: int = 0) -> None:
    """Five checks of a unit all over the country."""
    for network, province in enumerate(FAR):
        checked(issuance, index, network, province)
