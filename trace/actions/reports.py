"""Reports of consumers: taken in and put to the unit that they name, answered by an official, and erased in time."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from gi_registry.lib.access import Actor
from gi_registry.lib.clock import CHINA, day_of
from gi_registry.lib.history import remember
from gi_registry.lib.ids import number_of
from gi_registry.lib.images import as_jpeg, open_photo
from gi_registry.lib.problems import Refused
from gi_registry.lib.texts import Refusal, Text
from products.actions.rows import locked, only_if, save, stop
from trace import policy
from trace.actions import units
from trace.actions.alerts import Unit
from trace.actions.checks import Sender, device_token
from trace.actions.day_keys import day_key
from trace.models import Batch, Report, ReportPhoto
from trace.rules.batches import BatchState
from trace.rules.copies import Reported, hour_of
from trace.rules.reports import KEPT_DAYS, NOWHERE, ReportKind, ReportState, answer_faults, report_faults
from trace.rules.typed import Typed

# A label can be read at this size, and the copy stays under half a megabyte.
LONGEST_PX = 1_600
_CLOSED = Refusal("already_closed", Text("该举报已处理完毕。", "The report has been dealt with already."))


@dataclass(frozen=True, slots=True)
class Told:
    """What a person reports. ``photo``: the file as sent, or b"" for none."""

    kind: ReportKind
    words: str = ""
    contact: str = ""
    photo: bytes = b""


@transaction.atomic
def send_report(
    *, once: str, about: Typed, told: Told, sender: Sender, now: datetime, unit: Unit | None = None
) -> Report:
    """Take in a report of whoever sends it. ``once`` is any text of the sender's own: the same report sent again with it is
    the one that is there, and another report sent with it is another. "" is never the same. ``unit``: the issued unit that it
    is about, which is marked as reported, once a device and day. Raises Invalid, naming the field.
    """
    stop(report_faults(told.words, told.contact, has_photo=bool(told.photo)))
    jpeg = as_jpeg(open_photo(told.photo, longest=LONGEST_PX)) if told.photo else b""
    # A draft's lot has not been issued: who guesses one must not reach its maker by it.
    batch = (
        Batch.objects.filter(number=about.lot).exclude(state=BatchState.DRAFT).first() if about.is_well_formed else None
    )
    report, is_new = Report.objects.get_or_create(
        number=_number(once or secrets.token_hex(), about, told),
        defaults={
            "kind": told.kind,
            "lot": about.lot,
            "code": about.code,
            "batch": batch,
            "division_code": batch.division_code if batch else NOWHERE,
            "words": told.words.strip(),
            "contact": told.contact.strip(),
            "province": sender.province,
            "reported_at": now,
            "updated_at": now,
        },
    )
    if is_new and jpeg:
        ReportPhoto.objects.create(report=report, jpeg=jpeg)
    if is_new and unit:
        _mark(unit, about.lot, sender, now)
    return report


def _mark(unit: Unit, lot: str, sender: Sender, now: datetime) -> None:
    """Put to a unit that it was reported. Locked as by a check: unit, alert."""
    day = day_of(now)
    device, hour = device_token(day_key(day=day), sender, unit), hour_of(day, now.astimezone(CHINA).hour)
    kept = units.hear(unit, device=device, hour=hour)
    if kept:
        units.keep(unit, kept, Reported(), lot=lot, now=now)


def _number(once: str, about: Typed, told: Told) -> str:
    """One for what was sent, so that a form sent twice at once meets the unique index, not a second row."""
    sent = repr((once, about.lot, about.code, told.kind.value, told.words, told.contact)).encode() + told.photo
    return number_of(salted_hmac("trace.actions.reports", sent, algorithm="sha256").digest())


@transaction.atomic
def close_report(*, report: Report, answer: str, actor: Actor, now: datetime) -> Report:
    """Answer a report. Whoever has its number reads the answer. Raises Invalid, or Refused when it was answered before."""
    row = locked(report)
    only_if(policy.answer(actor, row))
    stop(answer_faults(answer))
    if row.state == ReportState.CLOSED:
        raise Refused(_CLOSED)
    with remember(actor, ""):
        save(row, now, state=ReportState.CLOSED.value, answer=answer.strip(), closed_at=now)
    return row


@transaction.atomic
def erase_reports(*, now: datetime, most: int = 10_000) -> int:
    """Erase all that was typed and every photo in reports closed long enough ago; how many reports. Kind, batch, place, day
    and answer stay, so that what is counted of them stays too."""
    due = Report.objects.due(now - timedelta(days=KEPT_DAYS))[:most]
    keys = list(due.values_list("pk", flat=True))
    ReportPhoto.objects.filter(report__in=keys).delete()
    return Report.objects.filter(pk__in=keys).update(lot="", code="", words="", contact="", erased_at=now)
