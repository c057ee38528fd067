"""What the worker does for goods: thin shells round actions, safe to repeat (``gi_registry.lib.jobs``)."""

from gi_registry.lib import clock
from gi_registry.lib.jobs import job
from trace import actions
from trace.rules import imports, issuances, prints


@job(issuances.Job.PREPARE_ISSUANCE)
def prepare_issuance(*, number: str) -> None:
    actions.prepare_issuance(number=number, now=clock.now())


@job(prints.Job.PRINT_LABELS)
def print_labels(*, number: str) -> None:
    actions.print_labels(number=number, tell_time=clock.now)


@job(imports.Job.CHECK)
def check_import(*, number: str) -> None:
    actions.check_import(number=number, tell_time=clock.now)


@job(imports.Job.ENTER)
def enter_import(*, number: str) -> None:
    actions.enter_import(number=number, tell_time=clock.now)
