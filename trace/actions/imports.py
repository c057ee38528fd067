"""Spreadsheets brought in: staged with the request, checked and entered by the worker, handed back, given up, forgotten.

**All of a file's rows go into the register in one transaction, or none does.** A worker that dies in the middle leaves nothing of
them; the job is taken up again and begins anew. How far it is, is told on a connection of its own, and for that the row of the import
is not held meanwhile: an advisory lock keeps a second worker out.

Locks: advisory of the import, then those of the actions that the rows become.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction

from gi_registry.accounts.models import ApiKey, User
from gi_registry.accounts.queries import actor_of
from gi_registry.lib.access import READ_ONLY, Actor
from gi_registry.lib.aside import Tell, aside
from gi_registry.lib.jobs import later
from gi_registry.lib.problems import Forbidden, Invalid, Problem, Refused
from gi_registry.lib.spreadsheets import SheetFormat, SheetRefused, format_of, opened
from gi_registry.lib.texts import Refusal, Text
from products.actions.rows import locked, only_if
from products.models import Producer
from products.rules.uploads import stored, told
from trace import policy
from trace.actions.ground import RowsRefused
from trace.actions.sheets import KINDS, Rows, SheetKind, reasons_of
from trace.models import SheetFile, SheetImport, SheetRow
from trace.rules.imports import (
    CHUNK,
    KEPT_FOR,
    MAX_FILE_NAME,
    MAX_OPEN,
    TOO_MANY_OPEN,
    Groups,
    ImportKind,
    ImportState,
    Job,
    RowState,
    enter_refusals,
    same_file,
    state_refusals,
)
from trace.rules.sheet_columns import Layout, layout_of, values_of, words_of

TellTime = Callable[[], datetime]
_REASON = Text("表格导入 {number}，第 {first} 至 {last} 行", "Spreadsheet {number}, rows {first} to {last}")
_CHANGED = Text(
    "导入时有行被拒绝，一行也没有导入。原因见下。",
    "Rows were refused while they were entered, and none was entered. The reasons stand below.",
)
_RELATED = ("producer__organisation", "by_user")
_MADE = """
UPDATE trace_sheetrow r SET state = %s, made = t.made
FROM unnest(%s::int[], %s::text[]) AS t (number, made) WHERE r.sheet_id = %s AND r.number = t.number
"""
# That no trigger is to be passed over is said, though it goes without saying: triggers ask for it at each row, and where
# nothing was said they find out by an error that is caught, which costs more with every row before it.
# One file of a producer after the other: each may name seasons and authorisations in an order of its own, and holds what it came
# by to its end, so that two would wait for each other crosswise. Jobs queue by the same rule; this holds when one is given on.
_ALONE = "SELECT pg_advisory_xact_lock(hashtext('trace_sheetimport'), %s), set_config('pgtrigger.ignore', '{}', true)"
_PROGRESS = "UPDATE trace_sheetimport SET done = %s, seen_at = %s WHERE id = %s"


@transaction.atomic
def stage_import(
    *, producer: Producer, kind: ImportKind, file_name: str, data: bytes, actor: Actor, now: datetime
) -> SheetImport:
    """Keep a file and have it checked. Raises Forbidden, Invalid (what is no spreadsheet), Refused (too many, or known)."""
    only_if(policy.make(actor, _Of(producer)))
    try:
        form = format_of(data)
    except SheetRefused as no:
        raise Invalid(no.refusal) from None
    digest = hashlib.sha256(data).hexdigest()
    Producer.objects.select_for_update(no_key=True).get(pk=producer.pk)
    own = SheetImport.objects.filter(producer=producer)
    if own.open().count() >= MAX_OPEN:
        raise Refused(TOO_MANY_OPEN)
    gone = [ImportState.FAILED.value, ImportState.DISCARDED.value]
    if same := own.filter(kind=kind.value, file_sha256=digest).exclude(state__in=gone).first():
        raise Refused(same_file(same.number))
    name = "".join(character for character in file_name if character.isprintable()).strip()
    row = SheetImport.objects.create(
        producer=producer,
        kind=kind.value,
        file_name=name[-MAX_FILE_NAME:] or digest[:12],
        file_sha256=digest,
        format=form.value,
        by_user_id=actor.user_id,
        by_key=actor.key_id,
        by_name=actor.name,
        created_at=now,
        updated_at=now,
    )
    SheetFile.objects.create(sheet=row, content=data)
    _put_off(row)
    return row


class _Of:
    """A thing of a producer, for the policy."""

    def __init__(self, producer: Producer) -> None:
        self.producer = producer


def _put_off(row: SheetImport) -> None:
    if row.state == ImportState.CHECKING:
        later(Job.CHECK, lock=f"import {row.number}", number=row.number)
    else:
        later(Job.ENTER, lock=f"entering of producer {row.producer_id}", number=row.number)


# --- checking ----------------------------------------------------------------------------------------------------


def check_import(*, number: str, tell_time: TellTime) -> None:
    """Read the file and weigh each row. Begun anew after a kill; nothing where there is nothing to do."""
    row = SheetImport.objects.select_related(*_RELATED).filter(number=number, state=ImportState.CHECKING.value).first()
    if row is None:
        return
    now = tell_time()
    SheetRow.objects.filter(sheet=row).delete()
    SheetImport.objects.filter(pk=row.pk).update(begun_at=now, seen_at=now, done=0)
    columns = KINDS[ImportKind(row.kind)].columns
    names = "、".join(column.text.zh for column in columns if column.is_required)
    data = bytes(SheetFile.objects.get(sheet=row).content)
    try:
        with opened(data, SheetFormat(row.format), words_of(columns), names) as (head, rows):
            layout, faults = layout_of(columns, head.header)
            for code, values in faults:
                raise SheetRefused(code, **values)
            row.header, row.header_row, row.notes = list(head.header), head.at, head.notes
            row.unknown_columns = list(layout.unknown)
            _check_rows(row, layout, rows, tell_time)
    except SheetRefused as no:
        _fail(row, no.refusal.text, tell_time())


def _check_rows(row: SheetImport, layout: Layout, rows: Iterator[Any], tell_time: TellTime) -> None:
    """Chunk by chunk; the counts and groups when all are weighed."""
    kind, groups = KINDS[ImportKind(row.kind)], Groups()
    reader = kind.rows(row.producer, tell_time())
    ready = faulty = 0
    seen: dict[str, int] = {}
    while chunk := list(islice(rows, CHUNK)):
        written = _weighed(row, kind, layout, reader, chunk, seen)
        for one, refusals in written:
            groups.add(one.number, refusals)
            ready, faulty = ready + (not refusals), faulty + bool(refusals)
        going = SheetImport.objects.filter(pk=row.pk, state=ImportState.CHECKING.value)
        with transaction.atomic():
            if not going.update(done=ready + faulty, row_count=ready + faulty, seen_at=tell_time()):
                return
            SheetRow.objects.bulk_create(one for one, _ in written)
    if not ready + faulty:
        raise SheetRefused("no_rows")
    now = tell_time()
    SheetImport.objects.filter(pk=row.pk, state=ImportState.CHECKING.value).update(
        state=ImportState.CHECKED.value,
        header=row.header,
        header_row=row.header_row,
        notes=row.notes,
        unknown_columns=row.unknown_columns,
        groups=groups.kept,
        ready_count=ready,
        faulty_count=faulty,
        updated_at=now,
    )


def _weighed(
    row: SheetImport, kind: SheetKind, layout: Layout, reader: Rows, chunk: list[Any], seen: dict[str, int]
) -> list[tuple[SheetRow, list[Refusal]]]:
    faults: dict[int, list[Refusal]] = {}
    contents = {}
    for number, cells in chunk:
        values, refusals = values_of(kind.columns, layout.cells(cells))
        refusals = layout.entered(cells) or refusals
        if not refusals:
            content, refusals = reader.read(values)
            if not refusals and (repeated := _repeated(cells, number, seen)):
                refusals = [repeated]
        if refusals:
            faults[number] = refusals
        else:
            contents[number] = content
    faults |= reader.weigh(contents)
    return [(_row(row, number, cells, faults.get(number, [])), faults.get(number, [])) for number, cells in chunk]


def _repeated(cells: list[str | None], number: int, seen: dict[str, int]) -> Refusal | None:
    """The same in every cell as a row above it: a slip of copying, as goods alike in all would be one batch."""
    key = hashlib.blake2b(repr(cells).encode(), digest_size=16).hexdigest()
    first = seen.setdefault(key, number)
    if first == number:
        return None
    return Refusal("row_repeated", Text(f"与第 {first} 行完全相同。", f"It is the same as row {first} throughout."))


def _row(row: SheetImport, number: int, cells: list[str | None], refusals: list[Refusal]) -> SheetRow:
    state = RowState.FAULTY if refusals else RowState.READY
    return SheetRow(
        sheet=row, number=number, cells=cells, state=state.value, faults=stored(refusals) if refusals else None
    )


def _fail(row: SheetImport, why: Text, now: datetime) -> None:
    """The file is no use: its rows go, and so do its bytes."""
    with transaction.atomic():
        ended = SheetImport.objects.filter(pk=row.pk, state=ImportState.CHECKING.value).update(
            state=ImportState.FAILED.value, fault_zh=why.zh[:500], fault_en=why.en[:500], row_count=0, updated_at=now
        )
        if ended:
            _empty(row)


def _empty(row: SheetImport) -> None:
    SheetRow.objects.filter(sheet=row).delete()
    SheetFile.objects.filter(sheet=row).delete()


# --- entering ----------------------------------------------------------------------------------------------------


@transaction.atomic
def commit_import(*, sheet: SheetImport, leave_out: bool, actor: Actor, now: datetime) -> SheetImport:
    """Have the rows entered, all together. ``leave_out``: those with faults stay outside. Raises Forbidden, Refused."""
    row = locked(sheet, *_RELATED)
    only_if(policy.make(actor, row))
    if refusals := enter_refusals(ImportState(row.state), row.ready_count, row.faulty_count, leave_out=leave_out):
        raise Refused(refusals)
    row.state, row.leave_out, row.updated_at = ImportState.ENTERING.value, leave_out, now
    row.by_user_id, row.by_key, row.by_name = actor.user_id, actor.key_id, actor.name
    row.done, row.begun_at, row.seen_at, row.fault_zh, row.fault_en = 0, None, None, "", ""
    row.save()
    _put_off(row)
    return row


def enter_import(*, number: str, tell_time: TellTime) -> None:
    """Enter every row that is ready in one transaction. Safe to repeat: what is done is not done again."""
    row = SheetImport.objects.filter(number=number, state=ImportState.ENTERING.value).first()
    if row is None:
        return
    with aside() as tell:
        try:
            _enter(row.pk, row.producer_id, tell_time, tell)
        except RowsRefused as no:
            _go_back(row, no, tell_time())
        except Problem as problem:
            _go_back(row, RowsRefused({}), tell_time(), problem.detail)


@transaction.atomic
def _enter(pk: int, producer_id: int, tell_time: TellTime, tell: Tell) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [producer_id % 2**31])
    row = SheetImport.objects.select_related(*_RELATED).get(pk=pk)
    if row.state != ImportState.ENTERING:
        return
    actor, now = _actor(row, tell_time()), tell_time()
    only_if(policy.make(actor, row))
    tell("UPDATE trace_sheetimport SET begun_at = %s WHERE id = %s", [now, pk])
    kind = KINDS[ImportKind(row.kind)]
    reader, (layout, _) = kind.rows(row.producer, now), layout_of(kind.columns, row.header)
    done = last = 0
    ready = SheetRow.objects.filter(sheet=row, state=RowState.READY.value).order_by("number")
    while chunk := list(ready.filter(number__gt=last)[:CHUNK]):
        last = chunk[-1].number
        _enter_chunk(row, kind, layout, reader, chunk, actor)
        done += len(chunk)
        tell(_PROGRESS, [done, tell_time(), pk])
    SheetRow.objects.filter(sheet=row, state=RowState.FAULTY.value).update(state=RowState.LEFT_OUT.value)
    SheetFile.objects.filter(sheet=row).delete()
    ended = {"state": ImportState.DONE.value, "entered_count": done, "done": done, "updated_at": tell_time()}
    SheetImport.objects.filter(pk=pk).update(**ended)


def _enter_chunk(
    row: SheetImport, kind: SheetKind, layout: Layout, reader: Rows, chunk: list[SheetRow], actor: Actor
) -> None:
    """Raises RowsRefused, by the number of the row."""
    contents, faults = {}, {}
    for one in chunk:
        values, refusals = values_of(kind.columns, layout.cells(one.cells))
        content, refusals = reader.read(values) if not refusals else (None, refusals)
        if refusals:
            faults[one.number] = Refused(refusals)
        contents[one.number] = content
    if faults:
        raise RowsRefused(faults)
    reason = _REASON.zh.format(number=row.number, first=chunk[0].number, last=chunk[-1].number)
    made = reader.enter(contents, actor=actor, reason=reason)
    with connection.cursor() as cursor:
        cursor.execute(_MADE, [RowState.DONE.value, list(made), list(made.values()), row.pk])


def _actor(row: SheetImport, now: datetime) -> Actor:
    """Whoever asked, with what they may do by now; a key that was ended meanwhile may do nothing."""
    user = User.objects.filter(pk=row.by_user_id, is_active=True).first()
    key = ApiKey.objects.usable(now).filter(pk=row.by_key).first() if row.by_key else None
    if user is None or (row.by_key and key is None):
        raise Forbidden(READ_ONLY)
    return actor_of(user, key)


@transaction.atomic
def _go_back(row: SheetImport, no: RowsRefused, now: datetime, why: Text = _CHANGED) -> None:
    """Nothing was entered: the rows that were refused are told, and the file waits again."""
    fresh = locked(row)
    if fresh.state != ImportState.ENTERING:
        return
    for number, problem in no.problems.items():
        rows = SheetRow.objects.filter(sheet=row, number=number, state=RowState.READY.value)
        rows.update(state=RowState.FAULTY.value, faults=stored(reasons_of(problem)))
    _count_anew(fresh)
    fresh.state, fresh.updated_at = ImportState.CHECKED.value, now
    fresh.fault_zh, fresh.fault_en = why.zh[:500], why.en[:500]
    fresh.save()


def _count_anew(row: SheetImport) -> None:
    groups, faulty = Groups(), 0
    rows = SheetRow.objects.filter(sheet=row, state=RowState.FAULTY.value).order_by("number")
    for one in rows.iterator(chunk_size=CHUNK):
        groups.add(one.number, told(one.faults))
        faulty += 1
    row.groups, row.faulty_count, row.ready_count = groups.kept, faulty, row.row_count - faulty


# --- steps -------------------------------------------------------------------------------------------------------


@transaction.atomic
def resume_import(*, sheet: SheetImport, actor: Actor, now: datetime) -> SheetImport:
    """Have a file that stands still taken up again; one that goes on is left alone."""
    row = locked(sheet, *_RELATED)
    only_if(policy.make(actor, row))
    if row.is_still(now):
        row.seen_at = now
        row.save(update_fields=["seen_at"])
        _put_off(row)
    return row


@transaction.atomic
def discard_import(*, sheet: SheetImport, actor: Actor, now: datetime) -> SheetImport:
    """Give a file up: what was read from it goes. One that is being entered, or was, is not given up."""
    row = locked(sheet, *_RELATED)
    only_if(policy.make(actor, row))
    if refusals := state_refusals(ImportState(row.state), wanted=(ImportState.CHECKING, ImportState.CHECKED)):
        raise Refused(refusals)
    _give_up(row, now)
    return row


def _give_up(row: SheetImport, now: datetime) -> None:
    row.state, row.updated_at = ImportState.DISCARDED.value, now
    row.save(update_fields=["state", "updated_at"])
    _empty(row)


@transaction.atomic
def forget_imports(*, now: datetime) -> int:
    """Give up files that were left waiting for thirty days; how many. What was entered keeps its rows as the record."""
    old = SheetImport.objects.filter(state=ImportState.CHECKED.value, updated_at__lt=now - KEPT_FOR)
    rows = list(old.select_for_update().order_by("pk"))
    for row in rows:
        _give_up(row, now)
    return len(rows)
