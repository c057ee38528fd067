"""What the worker does for goods: thin shells round actions, safe to repeat (``gi_registry.lib.jobs``)."""

from gi_registry.lib import clock
from gi_registry.lib.jobs import job
from trace import actions
from trace.rules.issuances import Job


@job(Job.PREPARE_ISSUANCE)
def prepare_issuance(*, number: str) -> None:
    actions.prepare_issuance(number=number, now=clock.now())
