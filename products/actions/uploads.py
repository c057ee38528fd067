"""What becomes of a staged file: its rows looked at, turned into sites one by one, given up, or forgotten in time.

Locks are taken in the order indication, upload, row; what follows a row is that of registering a site.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Invalid, Problem, Refused, problem_from
from gi_registry.lib.texts import Refusal, Text
from products import policy
from products.actions.rows import locked, only_if, save
from products.actions.sites import judge_site, register_site
from products.models import Indication, Site, SiteUpload, SiteUploadRow
from products.rules import sites
from products.rules.uploads import KEPT_FOR, OPEN, TRIED, row_overlap_refusal, stored
from products.rules.words import SiteKind, SiteState, UploadRowState, UploadState
from regions.geometry import from_geos

_RELATED = ("producer__organisation", "producer__division", "indication")
_DISCARDED = Refusal("upload_discarded", Text("这个文件已被放弃。", "This file was discarded."))
_OVER = Refusal("upload_over", Text("这个文件已经处理完毕。", "This file has been dealt with."))

IsTime = Callable[[], bool]


def check_upload(*, upload: SiteUpload, actor: Actor, now: datetime, is_time: IsTime) -> int:
    """Ask of each row that waits what the register would say of it, in the order of the file, while there is time.

    Nothing is registered. How many rows still wait is returned; asking again goes on from there.
    """
    only_if(policy.may_change_upload(actor, upload))
    waiting = upload.rows.filter(state=UploadRowState.WAITING).order_by("number")
    for row in waiting:
        if not is_time():
            break
        outcome, faults = _expected(upload, row, clock.day_of(now))
        changes = {"outcome": outcome.value, "faults": stored(faults), "state": UploadRowState.READY.value}
        # Still as it was read: a commit may have been faster.
        upload.rows.filter(pk=row.pk, state=UploadRowState.WAITING).update(**changes)
    return upload.rows.filter(state=UploadRowState.WAITING).count()


def _expected(upload: SiteUpload, row: SiteUploadRow, today: date) -> tuple[SiteState, list[Refusal]]:
    """The state in which the site would begin; REFUSED with the reasons where there would be none."""
    kind, geometry = SiteKind(row.kind), from_geos(row.geom)
    try:
        with transaction.atomic():
            judged = judge_site(
                indication=upload.indication, kind=kind, geometry=geometry, named=_own(upload), today=today
            )
    except (Problem, DatabaseError) as error:
        return SiteState.REFUSED, _reasons(error)
    if sites.FORMS[kind].is_land:
        for other in upload.rows.taking_ground_before(row.number).overlapping(row.geom).order_by("number"):
            if sites.is_overlap(other.shared_m2 or 0.0, min(row.area_m2 or 0.0, other.area_m2 or 0.0)):
                return SiteState.REFUSED, [row_overlap_refusal(other.number)]
    return judged.state, []


def _own(upload: SiteUpload) -> QuerySet[Site]:
    """Sites that may be named in a row: whoever uploaded it, the producer reads it."""
    return Site.objects.filter(producer_id=upload.producer_id)


def _reasons(error: Exception) -> list[Refusal]:
    """Why the register said no; a fault that is not the row's own (no database, a defect of ours) is raised on."""
    problem = problem_from(error)
    if problem is None or problem.status >= 500:
        raise error
    return list(problem.errors) or [Refusal(problem.code, problem.detail)]


def commit_upload(
    *, upload: SiteUpload, leave_out: Collection[int] = (), actor: Actor, now: datetime, is_time: IsTime
) -> SiteUpload:
    """Make sites of the rows, each in a transaction of its own, while there is time; called again it goes on.

    Every row is tried once, also one that the preview thought refused. A file that is done stays as it is. Raises
    Forbidden, Invalid (a row that is not there), Refused (a discarded file).
    """
    only_if(policy.may_change_upload(actor, upload))
    row = _begin(upload, leave_out, now)
    while row.state == UploadState.COMMITTING and is_time():
        row = _commit_next(row, actor, now)
    return row


@transaction.atomic
def _begin(upload: SiteUpload, leave_out: Collection[int], now: datetime) -> SiteUpload:
    Indication.objects.hold(upload.indication_id)
    fresh = locked(upload, *_RELATED)
    if fresh.state == UploadState.DISCARDED:
        raise Refused(_DISCARDED)
    known = set(fresh.rows.filter(number__in=leave_out).values_list("number", flat=True))
    if unknown := sorted(set(leave_out) - known):
        text = Text(f"文件里没有第 {unknown[0]} 行。", f"There is no row {unknown[0]} in the file.")
        raise Invalid(Refusal("row_unknown", text, "/leave_out"))
    fresh.rows.to_be_tried().filter(number__in=leave_out).update(state=UploadRowState.LEFT_OUT)
    if fresh.state == UploadState.STAGED:
        save(fresh, now, state=UploadState.COMMITTING.value)
    return fresh


@transaction.atomic
def _commit_next(upload: SiteUpload, actor: Actor, now: datetime) -> SiteUpload:
    """The next row that was not tried yet; without one the file is done."""
    Indication.objects.hold(upload.indication_id)
    fresh = locked(upload, *_RELATED)
    if fresh.state != UploadState.COMMITTING:
        return fresh
    row = fresh.rows.to_be_tried().select_for_update().order_by("number").first()
    if row is None:
        save(fresh, now, state=UploadState.DONE.value)
        return fresh
    try:
        with transaction.atomic():
            row.site = register_site(
                producer=fresh.producer,
                indication=fresh.indication,
                kind=SiteKind(row.kind),
                name=row.name,
                geometry=from_geos(row.geom),
                actor=actor,
                now=now,
                reason=f"批量上传 upload {fresh.number}, row {row.number}",
                named=_own(fresh),
            )
        row.state, row.outcome, row.faults = UploadRowState.DONE.value, row.site.state, stored([])
        row.cells = None  # what else stood there is nobody's business any more
    except (Problem, DatabaseError) as error:
        row.state, row.outcome = UploadRowState.REFUSED.value, SiteState.REFUSED.value
        row.faults = stored(_reasons(error))
    row.save()
    return fresh


@transaction.atomic
def discard_upload(*, upload: SiteUpload, actor: Actor, now: datetime) -> SiteUpload:
    """Give up a file: what was read from it goes. Rows that became sites stay, and so does the file with them."""
    only_if(policy.may_change_upload(actor, upload))
    fresh = locked(upload, *_RELATED)
    if fresh.state not in OPEN:
        raise Refused(_OVER)
    _give_up(fresh, now)
    return fresh


def _give_up(upload: SiteUpload, now: datetime) -> None:
    if upload.rows.filter(state=UploadRowState.DONE).exists():
        upload.rows.filter(state__in=TRIED).update(state=UploadRowState.LEFT_OUT)
        save(upload, now, state=UploadState.DONE.value)
        return
    upload.rows.all().delete()
    save(upload, now, state=UploadState.DISCARDED.value)


@transaction.atomic
def forget_uploads(*, now: datetime) -> int:
    """Give up files that were left unfinished for thirty days, drop those given up so long ago, and of the rest what is kept to be
    handed back. Counts the first."""
    old = SiteUpload.objects.filter(updated_at__lt=now - KEPT_FOR).select_for_update()
    count = 0
    for upload in old.filter(state__in=OPEN).order_by("pk"):
        _give_up(upload, now)
        count += 1
    done = SiteUpload.objects.filter(state=UploadState.DONE, updated_at__lt=now - KEPT_FOR)
    SiteUploadRow.objects.filter(upload__in=done, cells__isnull=False).update(cells=None)
    gone = SiteUpload.objects.filter(state=UploadState.DISCARDED, created_at__lt=now - KEPT_FOR)
    gone.delete()
    return count
