"""Print jobs: queued by a person, drawn by the worker part by part, recorded on the issuance when they end.

A part is a file that appears whole or not at all, so a job that was killed goes on where its files end. Files lie under
``PRINTS_DIR``, a folder a job, and are thrown away after ``KEPT``.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from gi_registry.lib.access import Actor
from gi_registry.lib.jobs import later
from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.problems import Problem, Refused
from gi_registry.lib.texts import Text
from products.actions.rows import locked
from trace import printing
from trace.actions.issuances import may_take
from trace.labels.pdf import write_pdf
from trace.labels.presets import PRESETS
from trace.labels.run import Run
from trace.models import Issuance, IssuanceRange, PrintJob
from trace.printing import Style
from trace.rules.batches import BatchState
from trace.rules.issuances import WITHDRAWN, IssuanceState, RangeKind, Span, handing_out_refusals
from trace.rules.prints import OPEN, Job, LinkKind, PrintState, print_refusals

KEPT = timedelta(days=7)
_REPRINT = Text("重印", "Reprint")
_STOPPED = Text("打印途中，这些码已不能领取。", "Meanwhile these codes may no longer be handed out.")
_OPEN = [state.value for state in OPEN]


@dataclass(frozen=True, slots=True)
class PrintWish:
    """What is to be printed. ``key`` names the asking: with the same one nothing is asked twice."""

    span: Span
    style: Style
    key: str


@transaction.atomic
def queue_print(*, issuance: Issuance, wish: PrintWish, actor: Actor, now: datetime) -> PrintJob:
    """Queue a print job, or give the one that this key asked for. Raises Forbidden, Invalid, Refused.

    The label is laid out here, so that what cannot be printed is refused at once.
    """
    row = locked(issuance, "batch__producer__organisation")
    if asked := PrintJob.objects.filter(issuance=row, key=wish.key).first():
        return asked
    may_take(issuance=row, span=wish.span, actor=actor)
    running = PrintJob.objects.filter(issuance__batch__producer=row.batch.producer_id, state__in=_OPEN).count()
    ended = IssuanceRange.objects.filter(issuance=row, kind__in=[kind.value for kind in WITHDRAWN])
    if refusals := print_refusals(wish.span, running, ended.sharing(wish.span.first, wish.span.last)):
        raise Refused(refusals)
    printing.run_of_units(issuance, wish.style)
    job = PrintJob.objects.create(
        key=wish.key,
        issuance=row,
        first=wish.span.first,
        last=wish.span.last,
        preset=wish.style.preset.code,
        dpi=wish.style.dpi,
        dots=wish.style.dots,
        link=wish.style.link.value,
        by=actor.identity,
        by_name=actor.name,
        created_at=now,
    )
    later(Job.PRINT_LABELS, lock=f"print {job.number}", number=job.number)
    return job


@transaction.atomic
def resume_print(*, job: PrintJob, actor: Actor, now: datetime) -> None:
    """Have a job that stands still taken up again: one whose worker failed oftener than it is tried by itself."""
    may_take(issuance=job.issuance, span=job.span, actor=actor)
    row = locked(job)
    if row.is_still(now):
        row.seen_at = now
        row.save(update_fields=["seen_at"])
        later(Job.PRINT_LABELS, lock=f"print {row.number}", number=row.number)


@transaction.atomic
def cancel_print(*, job: PrintJob, actor: Actor, now: datetime) -> PrintJob:
    """Stop after the part that is being drawn. What is finished stays, and is on record as printed."""
    may_take(issuance=job.issuance, span=job.span, actor=actor)
    row = locked(job)
    return _end(row, PrintState.CANCELLED, now) if row.is_open else row


def print_labels(*, number: str, tell_time: Callable[[], datetime]) -> None:
    """Draw the parts that are not there yet. Safe to repeat; nothing where there is nothing to do."""
    job = _with_contents().filter(number=number, state__in=_OPEN).first()
    if job is None:
        return
    style = Style(PRESETS[job.preset], job.dpi, job.dots, LinkKind(job.link))
    try:
        run = printing.run_of_units(job.issuance, style)
        _begin(job, tell_time())
        for place, part in enumerate(job.parts, start=1):
            if not _draw(job, place, part, run, style, tell_time):
                return
    except (Problem, KeyFault) as fault:
        _finish(job, PrintState.FAILED, tell_time(), fault.detail if isinstance(fault, Problem) else fault.text)
        return
    _finish(job, PrintState.DONE, tell_time())


def _with_contents() -> QuerySet[PrintJob]:
    return PrintJob.objects.select_related(
        "issuance__batch__form",
        "issuance__batch__producer__organisation__sponsor",
        "issuance__batch__authorisation__title",
        "issuance__batch__specification",
    )


def _begin(job: PrintJob, now: datetime) -> None:
    """Count as done what an earlier worker finished."""
    there = [part for place, part in enumerate(job.parts, start=1) if file_of(job, place).is_file()]
    done = sum(len(part) for part in there)
    open_jobs = PrintJob.objects.filter(pk=job.pk, state__in=_OPEN)
    open_jobs.update(state=PrintState.RUNNING.value, begun_at=now, seen_at=now, done=done, done_before=done)


def _draw(job: PrintJob, place: int, part: Span, run: Run, style: Style, tell_time: Callable[[], datetime]) -> bool:
    """Draw one part if it is missing. False when the job was stopped meanwhile."""
    file = file_of(job, place)
    if not file.is_file():
        issuance = Issuance.objects.select_related("batch").get(pk=job.issuance_id)
        if refusals := handing_out_refusals(IssuanceState(issuance.state), BatchState(issuance.batch.state)):
            raise Refused(refusals)
        labels = printing.labels_of(job.issuance, style, part)
        content = write_pdf(run, labels, now=tell_time(), title=printing.title_of(job.issuance.batch))
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        growing = file.with_suffix(".part")
        growing.write_bytes(content)
        growing.replace(file)
    running = PrintJob.objects.filter(pk=job.pk, state=PrintState.RUNNING.value)
    return bool(running.update(done=part.last - job.first + 1, seen_at=tell_time()))


@transaction.atomic
def _finish(job: PrintJob, state: PrintState, now: datetime, fault: Text | None = None) -> None:
    row = locked(job)
    if row.is_open:
        _end(row, state, now, fault)


def _end(row: PrintJob, state: PrintState, now: datetime, fault: Text | None = None) -> PrintJob:
    """The last state, and on the issuance's record what was printed."""
    row.state, row.ended_at = state.value, now
    if fault:
        row.fault_zh, row.fault_en = fault.zh[:500], fault.en[:500]
    issuance = locked(row.issuance)
    if row.done and issuance.state == IssuanceState.ISSUED:
        last = row.first + row.done - 1
        kind = RangeKind.PRINTED.value
        earlier = IssuanceRange.objects.filter(issuance=issuance, kind=kind).sharing(row.first, last)
        row.recorded = IssuanceRange.objects.create(
            issuance=issuance,
            kind=kind,
            first=row.first,
            last=last,
            reason=f"{_REPRINT.zh} {row.number}" if earlier else row.number,
            by=row.by,
            by_name=row.by_name,
            at=now,
        )
    row.save()
    return row


def folder_of(job: PrintJob) -> Path:
    return settings.PRINTS_DIR / job.number


def file_of(job: PrintJob, place: int) -> Path:
    """The file of a part, counted from 1."""
    return folder_of(job) / f"{job.issuance.batch.number}-{job.number}-{place:03}.pdf"


def forget_prints(*, now: datetime) -> int:
    """Throw away the files of jobs that ended longer than ``KEPT`` ago; how many jobs."""
    old = PrintJob.objects.filter(ended_at__lt=now - KEPT, emptied_at=None)
    count = 0
    for job in old.iterator():
        shutil.rmtree(folder_of(job), ignore_errors=True)
        count += PrintJob.objects.filter(pk=job.pk).update(emptied_at=now)
    return count
