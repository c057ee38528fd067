"""Printing at the producers' desk: choose labels, try one, have the run drawn, and take the files."""

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.ids import new_number, normalise
from gi_registry.lib.language import say
from gi_registry.lib.problems import Invalid, Missing, Refused
from gi_registry.lib.texts import Text
from trace import actions, policy, printing
from trace.labels.contents import Label
from trace.labels.pdf import write_pdf
from trace.labels.picture import write_png, write_svg
from trace.labels.run import Run
from trace.labels.zpl import write_zpl
from trace.models import Issuance, PrintJob
from trace.portal.archive import zipped
from trace.portal.doors import for_producers, permit
from trace.portal.issuances import issuance_or_404
from trace.portal.unit_forms import PrintQuestion, usual
from trace.printing import Style
from trace.rules.issuances import RangeKind, Span
from trace.rules.prints import PrintState

IN_SESSION = "trial_labels"
MOST_TRIALS = 10
# So many characters of the code are asked back: enough that no guess passes for a scan, few enough to type on a phone.
ASKED_BACK = 5

_READ_WELL = Text("扫描无误，可以开始打印。", "It scans well. You can start the run.")
_READ_ILL = Text(
    "与试印标签上的码不一致，请再扫一次，或检查打印机设置。",
    "That is not the code of the trial label. Scan it again, or check the printer.",
)
_STOPPED = Text("已停止。已生成的部分可以下载。", "Stopped. What is finished can be downloaded.")


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, number: str) -> HttpResponse:
    """Which labels on what: the preview in true size, the trial, and the button that starts the run."""
    found = own_issuance(request.actor, number)
    printed = found.ranges.filter(kind=RangeKind.PRINTED.value).aggregate(last=Max("last"))["last"]
    start = usual(found, 0 if printed is None else printed + 1) | {"key": new_number()}
    asked = request.POST or (request.GET if "preset" in request.GET else None)
    form = PrintQuestion(asked, issuance=found, initial=start)
    if form.is_valid() and request.method == "POST":
        try:
            return redirect("portal-print", _queued(request.actor, found, form).number)
        except (Invalid, Refused) as refused:
            form.take(refused.errors)
    context = {"issuance": found, "form": form, **_shown(request, found, form)}
    return render(request, "trace/portal/print_labels.html", context, status=400 if form.errors else 200)


def own_issuance(actor: Actor, number: str) -> Issuance:
    """An issuance whose codes the actor may take."""
    found = issuance_or_404(actor, number)
    permit(policy.make(actor, found))
    return found


def _queued(actor: Actor, found: Issuance, form: PrintQuestion) -> PrintJob:
    told = form.cleaned_data
    span = Span(told["first"], told["first"] if told["last"] is None else told["last"])
    wish = actions.PrintWish(span, form.style, told["key"] or new_number())
    return actions.queue_print(issuance=found, wish=wish, actor=actor, now=clock.now())


def _shown(request: HttpRequest, found: Issuance, form: PrintQuestion) -> dict[str, Any]:
    """The preview with its measures, or why there is none; and how the trial stands."""
    style, trial = form.style, _trial(request, found)
    asked = f"preset={style.preset.code}&dpi={style.dpi}&link={style.link.value}"
    told = {
        "style": style,
        "asked": asked,
        "is_tried": trial["read"] == asked,
        "asked_back": ASKED_BACK,
        "key": form["key"].value() or new_number(),
    }
    try:
        run, label = printing.run_of_units(found, style), printing.sample(found, style, trial["code"])
    except (Invalid, Refused) as refused:
        return told | {"refusals": refused.errors}
    ((_, symbol),) = run.symbols([label])
    plan = run.plan
    return told | {
        "plan": plan,
        "svg": mark_safe(write_svg(run, label, symbol, title=say(style.preset.text), shows_mark=True)),
        "module": f"{plan.module_mm:.3f}",
        "side": f"{plan.symbol.width:.1f}",
    }


def _trial(request: HttpRequest, found: Issuance) -> dict[str, str]:
    """The code of the trial label of an issuance, and as which label it was read: kept in the session."""
    held = request.session.get(IN_SESSION, {})
    if found.number not in held:
        held[found.number] = {"code": printing.trial_code(), "read": ""}
        request.session[IN_SESSION] = dict(list(held.items())[-MOST_TRIALS:])
    return held[found.number]


@for_producers
@require_safe
def trial(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """One label to try the printer with. Its code is issued to nothing."""
    found = own_issuance(request.actor, number)
    form = PrintQuestion(request.GET, issuance=found, initial=usual(found, 0))
    form.is_valid()
    if kind not in _DRAWN:
        raise Missing
    run, label = printing.trial_run(found, form.style, _trial(request, found)["code"])
    if kind == "zpl" and form.style.preset.is_sheet:
        raise Missing
    media_type, draw = _DRAWN[kind]
    name = f"trial-{form.style.preset.code}-{form.style.dpi}.{kind}"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(draw(run, label), content_type=media_type, headers=headers)


def _as_pdf(run: Run, label: Label) -> bytes:
    return write_pdf(run, [label], now=clock.now())


def _as_png(run: Run, label: Label) -> bytes:
    ((_, symbol),) = run.symbols([label])
    return write_png(run, label, symbol)


def _as_zpl(run: Run, label: Label) -> str:
    return "".join(write_zpl(run, [label]))


_DRAWN = {
    "pdf": ("application/pdf", _as_pdf),
    "png": ("image/png", _as_png),
    "zpl": ("application/vnd.zebra.zpl", _as_zpl),
}


@for_producers
@require_POST
def tried(request: HttpRequest, number: str) -> HttpResponse:
    """Compare what a phone read from the trial label with what was printed."""
    found = own_issuance(request.actor, number)
    form = PrintQuestion(request.POST, issuance=found, initial=usual(found, 0))
    form.is_valid()
    style = form.style
    asked = f"preset={style.preset.code}&dpi={style.dpi}&link={style.link.value}"
    typed, code = normalise(request.POST.get("seen", "")[:200]), _trial(request, found)["code"]
    if is_same := len(typed) >= ASKED_BACK and (code.endswith(typed) or typed.endswith(code)):
        held = request.session[IN_SESSION]
        held[found.number]["read"] = asked
        request.session[IN_SESSION] = held
    (messages.success if is_same else messages.error)(request, say(_READ_WELL if is_same else _READ_ILL))
    return redirect(f"{reverse('portal-print-labels', args=[found.number])}?{asked}&{_span(request)}")


def _span(request: HttpRequest) -> str:
    """The units asked for, carried along."""
    given = {name: normalise(request.POST.get(name, "")[:60]) for name in ("first", "last")}
    return "&".join(f"{name}={value}" for name, value in given.items() if value.isascii() and value.isalnum())


# --- the run -----------------------------------------------------------------------------------------------------


def own_job(actor: Actor, number: str) -> PrintJob:
    jobs = PrintJob.objects.visible_to(actor).told().select_related("issuance__batch__form")
    found = jobs.filter(number=number).first()
    if found is None:
        raise Missing
    permit(policy.make(actor, found))
    return found


@for_producers
@require_safe
def job(request: HttpRequest, number: str) -> HttpResponse:
    """How far a print job is, and its files. The page asks again by itself; without script by a link."""
    found = own_job(request.actor, number)
    pace = found.pace if found.is_open else None
    context = {
        "job": found,
        "state": PrintState(found.state),
        "parts": list(enumerate(found.finished_parts, start=1)),
        "part_count": len(found.parts),
        "pace": pace,
        "is_still": found.is_still(clock.now()),
        "kept_days": actions.PRINTS_KEPT.days,
        "style": Style(),
    }
    return render(request, "trace/portal/print_job.html", context)


@for_producers
@require_POST
def work(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Stop a job, or have one that stands still taken up again."""
    found = own_job(request.actor, number)
    given = {"job": found, "actor": request.actor, "now": clock.now()}
    if verb == "stop":
        actions.cancel_print(**given)
        messages.success(request, say(_STOPPED))
    elif verb == "resume":
        actions.resume_print(**given)
    else:
        raise Missing
    return redirect("portal-print", found.number)


@for_producers
@require_safe
def part(request: HttpRequest, number: str, place: int) -> FileResponse:
    found = own_job(request.actor, number)
    if not 1 <= place <= len(found.finished_parts):
        raise Missing
    file = actions.file_of(found, place)
    if not file.is_file():
        raise Missing
    _note(request, found, found.finished_parts[place - 1])
    return FileResponse(file.open("rb"), as_attachment=True, filename=file.name, content_type="application/pdf")


@for_producers
@require_safe
def archive(request: HttpRequest, number: str) -> StreamingHttpResponse:
    """All finished parts in one file."""
    found = own_job(request.actor, number)
    files = [actions.file_of(found, place) for place, _ in enumerate(found.finished_parts, start=1)]
    if not files or not all(file.is_file() for file in files):
        raise Missing
    _note(request, found, Span(found.first, found.finished_parts[-1].last))
    headers = {"Content-Disposition": f'attachment; filename="{found.issuance.batch.number}-{found.number}.zip"'}
    return StreamingHttpResponse(zipped(files), content_type="application/zip", headers=headers)


def _note(request: HttpRequest, found: PrintJob, span: Span) -> None:
    """Each taking is on record, as that of the file of codes is, and refused when the codes may no longer be handed out."""
    given = {"issuance": found.issuance, "span": span, "actor": request.actor}
    if request.method == "HEAD":
        actions.may_take(**given)
    else:
        actions.take_codes(**given, now=clock.now())
