"""Bringing in a file of sites: choose it, look at what would come of it, register it. Each page works without a script."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.language import say
from gi_registry.lib.problems import Invalid, Missing, Refused
from gi_registry.lib.spreadsheets.handed_back import MEDIA_TYPE
from gi_registry.lib.texts import Text
from products import actions
from products.models import Indication, SiteUpload, SiteUploadRow
from products.queries import upload_counts
from products.querysets import SiteUploadRowQuerySet
from products.rules.uploads import OPEN, WORK_SECONDS, told
from products.rules.words import SiteKind, UploadCrs, UploadState
from trace.portal.choices import indications_offered, makers_offered
from trace.portal.doors import for_producers, makers, own_uploads
from trace.portal.sketch import sketch_of_rows, tone_of
from trace.portal.upload_forms import FileQuestion, LeaveOutQuestion
from trace.sheet_books import sites_template

ROWS = 50
RECENT = 10
SHOWS: dict[str, Callable[[SiteUploadRowQuerySet], QuerySet[SiteUploadRow]]] = {
    "all": lambda rows: rows,
    "bad": lambda rows: rows.unfit(),
    "good": lambda rows: rows.exclude(pk__in=rows.unfit().values("pk")),
}

_GIVEN_UP = Text("已放弃“{name}”。", "Discarded “{name}”.")


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose a file. It is read at once, and nothing is registered yet."""
    owners = {maker.number: maker for maker in makers(request.actor).order_by("pk")}
    producers = makers_offered(request.actor)
    indications, likely = indications_offered(request.actor)
    initial = {"producer": producers[0][0] if len(producers) == 1 else None, "indication": likely}
    told = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = FileQuestion(*told, producers=producers, indications=indications, initial=initial)
    if form.is_valid():
        try:
            staged = _stage(request, form.cleaned_data, owners)
        except (Invalid, Refused) as refused:
            form.take(refused.errors)
        else:
            return redirect("portal-upload", staged.number)
    uploads = own_uploads(request.actor).order_by("-pk")[:RECENT]
    context = {"form": form, "several": len(producers) > 1, "uploads": uploads}
    return render(request, "trace/portal/upload_new.html", context, status=400 if form.errors else 200)


@for_producers
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty workbook of sites."""
    headers = {"Content-Disposition": 'attachment; filename="sites.xlsx"'}
    return HttpResponse(sites_template(), content_type=MEDIA_TYPE, headers=headers)


def _stage(request: HttpRequest, asked: dict[str, Any], owners: dict[str, Any]) -> SiteUpload:
    now = clock.now()
    upload = actions.stage_upload(
        producer=owners[asked["producer"]],
        indication=Indication.objects.get(slug=asked["indication"]),
        file_name=asked["file"].name,
        data=asked["file"].read(),
        declared_crs=UploadCrs(asked["crs"]) if asked["crs"] else None,
        default_kind=SiteKind(asked["kind"]) if asked["kind"] else None,
        actor=request.actor,
        now=now,
    )
    actions.check_upload(upload=upload, actor=request.actor, now=now, is_time=clock.lasting(WORK_SECONDS))
    return upload


@for_producers
@require_safe
def upload(request: HttpRequest, number: str) -> HttpResponse:
    """What would come of the file, how far it is, or what came of it."""
    return _page(request, _own(request.actor, number), LeaveOutQuestion())


@for_producers
@require_POST
def work(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Go on looking, go on registering, or give up; then back to the page, which says how far it is."""
    found, now = _own(request.actor, number), clock.now()
    is_time = clock.lasting(WORK_SECONDS)
    form = LeaveOutQuestion(request.POST)
    if verb == "check":
        actions.check_upload(upload=found, actor=request.actor, now=now, is_time=is_time)
    elif verb == "discard":
        actions.discard_upload(upload=found, actor=request.actor, now=now)
        messages.success(request, say(_GIVEN_UP).format(name=found.file_name))
        return redirect("portal-upload-new")
    elif verb != "commit":
        raise Missing
    elif form.is_valid():
        try:
            asked = form.cleaned_data["leave_out"]
            actions.commit_upload(upload=found, leave_out=asked, actor=request.actor, now=now, is_time=is_time)
        except (Invalid, Refused) as refused:
            form.take(refused.errors)
    if verb == "commit" and form.errors:
        return _page(request, found, form, status=400)
    return redirect("portal-upload", found.number)


def _own(actor: Actor, number: str) -> SiteUpload:
    found = own_uploads(actor).filter(number=number).first()
    if found is None:
        raise Missing
    return found


def _page(request: HttpRequest, found: SiteUpload, form: LeaveOutQuestion, status: int = 200) -> HttpResponse:
    counts = upload_counts([found])[found.pk]
    rows = found.rows.select_related("site").order_by("number")
    is_staged = found.state == UploadState.STAGED
    context = {
        "upload": found,
        "counts": counts,
        "expected": counts.active + counts.flagged + counts.proposed + counts.waiting,
        "worked": found.row_count - (counts.waiting if is_staged else rows.to_be_tried().count()),
        "is_open": found.state in OPEN,
        "form": form,
        "sketch": sketch_of_rows(rows, found.indication, clock.today()),
        **_table(request, found, rows),
    }
    return render(request, "trace/portal/upload.html", context, status=status)


def _table(request: HttpRequest, found: SiteUpload, rows: QuerySet[SiteUploadRow]) -> dict[str, Any]:
    """One page of the rows: those with something wrong first, while there are any to mend."""
    sizes = {name: wanted(rows).count() for name, wanted in SHOWS.items()}
    show = request.GET.get("show", "")
    if show not in SHOWS:
        show = "bad" if sizes["bad"] and found.state in OPEN else "all"
    asked = request.GET.get("page", "1")
    pages = max(1, -(-sizes[show] // ROWS))
    page = min(int(asked), pages) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 5 and int(asked) else 1
    shown = SHOWS[show](rows)[(page - 1) * ROWS : page * ROWS]
    return {
        "rows": [{"row": row, "tone": tone_of(row), "faults": told(row.faults)} for row in shown],
        "show": show,
        "handed_back": rows.unfit().filter(cells__isnull=False).exists(),
        "sizes": sizes,
        "previous": f"?show={show}&page={page - 1}#rows" if page > 1 else "",
        "next": f"?show={show}&page={page + 1}#rows" if page < pages else "",
    }
