"""Bringing in a spreadsheet: take the template, choose the file, look at what would come of it, have all of it entered."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.language import name_of, say
from gi_registry.lib.problems import Invalid, Missing, Refused
from gi_registry.lib.spreadsheets.handed_back import MEDIA_TYPE
from gi_registry.lib.texts import Text
from trace import actions
from trace.actions.sheets import KINDS
from trace.models import SheetImport
from trace.portal.choices import Choice
from trace.portal.doors import for_producers, makers, own_imports
from trace.portal.upload_forms import SheetQuestion
from trace.rules.imports import ImportKind, ImportState
from trace.sheet_books import template_of, with_faults

RECENT = 10
_GIVEN_UP = Text("已放弃“{name}”。", "Discarded “{name}”.")
STEPS = {"commit": actions.commit_import, "resume": actions.resume_import, "discard": actions.discard_import}


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose a file. It is checked beside the server, and nothing is entered yet."""
    owners = {maker.number: maker for maker in makers(request.actor).order_by("pk")}
    producers = [(number, Choice(number, name_of(maker.organisation))) for number, maker in owners.items()]
    kind = request.GET.get("kind", ImportKind.BATCHES.value)
    initial = {"producer": producers[0][0] if len(producers) == 1 else None, "kind": kind}
    told = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SheetQuestion(*told, producers=producers, initial=initial)
    if form.is_valid():
        try:
            return redirect("portal-import", _stage(request, form.cleaned_data, owners).number)
        except (Invalid, Refused) as refused:
            form.take(refused.errors)
    context = {
        "form": form,
        "several": len(producers) > 1,
        "producers": [choice for _, choice in producers],
        "kinds": list(ImportKind),
        "imports": own_imports(request.actor).order_by("-pk")[:RECENT],
    }
    return render(request, "trace/portal/import_new.html", context, status=400 if form.errors else 200)


def _stage(request: HttpRequest, asked: dict[str, Any], owners: dict[str, Any]) -> SheetImport:
    given = {"producer": owners[asked["producer"]], "kind": ImportKind(asked["kind"]), "file_name": asked["file"].name}
    return actions.stage_import(**given, data=asked["file"].read(), actor=request.actor, now=clock.now())


@for_producers
@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """The empty workbook of a producer: ``?producer=``, its only one where it has one."""
    own = makers(request.actor).order_by("pk")
    asked = request.GET.get("producer", "")
    producer = own.filter(number=asked).first() if asked else own.first()
    if kind not in list(ImportKind) or producer is None:
        raise Missing
    return _as_file(template_of(KINDS[ImportKind(kind)], producer), f"{kind}.xlsx")


def _as_file(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=MEDIA_TYPE, headers=headers)


@for_producers
@require_safe
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """How far it is, what would come of it, or what came of it. The page asks again by itself; without script by a link."""
    return _page(request, _own(request.actor, number))


@for_producers
@require_safe
def faults(request: HttpRequest, number: str) -> HttpResponse:
    found = _own(request.actor, number)
    return _as_file(with_faults(found), f"{found.kind}-{found.number}.xlsx")


@for_producers
@require_POST
def work(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Have it entered, taken up again, or given up; then back to the page."""
    found = _own(request.actor, number)
    if verb not in STEPS:
        raise Missing
    given = {"leave_out": request.POST.get("leave_out") == "on"} if verb == "commit" else {}
    try:
        STEPS[verb](sheet=found, **given, actor=request.actor, now=clock.now())
    except Refused as refused:
        return _page(request, _own(request.actor, number), refused)
    if verb != "discard":
        return redirect("portal-import", found.number)
    messages.success(request, say(_GIVEN_UP).format(name=found.file_name))
    return redirect("portal-imports")


def _own(actor: Actor, number: str) -> SheetImport:
    found = own_imports(actor).filter(number=number).first()
    if found is None:
        raise Missing
    return found


def _page(request: HttpRequest, found: SheetImport, refused: Refused | None = None) -> HttpResponse:
    kind = KINDS[ImportKind(found.kind)]
    texts = {column.key: column.text for column in kind.columns}
    context = {
        "sheet": found,
        "kind": kind,
        "enter": say(kind.enter).format(n=f"{found.ready_count:,}"),
        "groups": [{"group": group, "column": texts.get(group.column)} for group in found.told_groups],
        "notes": found.told_notes,
        "pace": found.pace if found.state == ImportState.ENTERING else None,
        "is_still": found.is_still(clock.now()),
        "refused": refused.errors if refused else (),
    }
    return render(request, "trace/portal/import.html", context, status=409 if refused else 200)
