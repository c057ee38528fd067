"""The pages of the portal outside the questions: today, the lists, one batch, its steps and its sheet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import READERS, RoleKind
from gi_registry.lib.language import say
from gi_registry.lib.problems import Invalid, Missing, Refused
from trace import policy, qr
from trace.labels.presets import PRESETS
from trace.models import Batch
from trace.portal import symbols
from trace.portal.desk import desk_of
from trace.portal.doors import (
    batch_or_404,
    for_people,
    for_producers,
    is_producer,
    makers,
    own_batches,
    permit,
)
from trace.portal.forms import ReasonQuestion
from trace.portal.journeys import unfinished
from trace.portal.leaves import leaf_of
from trace.portal.steps import WAYS, Way, ways_for
from trace.portal.stories import story_of
from trace.portal.tasks import tasks_of
from trace.queries import filtered
from trace.rules.batches import STEPS, BatchState, Step

RECENT = 5
MOST_ROWS = 200
# States in which the code is, or soon will be, on packs.
HAS_CODE = frozenset(BatchState) - {BatchState.DRAFT, BatchState.VOID}


@for_people
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Today's tasks of a producer; others are told what the portal is and where their own work is."""
    actor = request.actor
    if not is_producer(actor):
        return render(request, "trace/portal/no_producer.html", desk_of(actor))
    context = {
        "tasks": tasks_of(actor, clock.today()),
        "batches": own_batches(actor).select_related("form", "producer__organisation").order_by("-id")[:RECENT],
        "unfinished": unfinished(request),
        "makers": makers(actor),
    }
    return render(request, "trace/portal/home.html", context)


@for_people
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """The batches that the reader may see, newest first, by state and by word."""
    state, q = request.GET.get("state", ""), request.GET.get("q", "").replace("\x00", "").strip()[:60]
    if state not in set(BatchState):
        state = ""
    found = filtered(Batch.objects.visible_to(request.actor), state=state, q=q)
    leaf = leaf_of(found.select_related("form", "producer__organisation"), request.GET)
    context = {
        "leaf": leaf,
        "state": state,
        "q": q,
        "states": list(BatchState),
        "is_producer": is_producer(request.actor),
        "with_producer": request.actor.has(*READERS, RoleKind.HOLDER) or makers(request.actor).count() > 1,
    }
    return render(request, "trace/portal/batches.html", context)


@for_people
@require_safe
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """One batch: what it is, how it stands, what may be done now, and what was done."""
    found = batch_or_404(request.actor, number)
    state = BatchState(found.state)
    context = {
        "batch": found,
        "state": state,
        "symbol": symbols.symbol_of(found) if state in HAS_CODE else None,
        "ways": ways_for(request.actor, found),
        "story": story_of(found),
        "is_own": bool(policy.make(request.actor, found)),
        "may_recall": state in HAS_CODE and bool(policy.open_recall(request.actor, found)),
        "tally": getattr(found, "tally", None),
    }
    return render(request, "trace/portal/batch.html", context)


@for_producers
@require_safe
def registered(request: HttpRequest, number: str) -> HttpResponse:
    """The confirmation: the lot, the code, and what comes next. Reloading it changes nothing."""
    found = batch_or_404(request.actor, number)
    if found.state != BatchState.REGISTERED:
        return redirect("portal-batch", found.number)
    context = {"batch": found, "symbol": symbols.symbol_of(found)}
    return render(request, "trace/portal/registered.html", context)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """A page that asks before a step is taken, with the reason where one is owed."""
    found = batch_or_404(request.actor, number)
    way = WAYS.get(Step(name)) if name in set(Step) else None
    if way is None:
        raise Missing
    permit(way.may(request.actor, found))
    form = ReasonQuestion(request.POST or None, hint=way.hint) if way.asks_reason else None
    refusals = ()
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            return _taken(request, found, way, form.cleaned_data["reason"] if form else "")
        except (Invalid, Refused) as refused:
            refusals = refused.errors
    faulty = bool(refusals or (form and form.errors))
    is_open = BatchState(found.state) in STEPS[way.step][0]
    context = {"batch": found, "way": way, "form": form, "refusals": refusals, "is_open": is_open}
    return render(request, "trace/portal/step.html", context, status=409 if faulty else 200)


def _taken(request: HttpRequest, found: Batch, way: Way, reason: str) -> HttpResponse:
    """Take the step and go back to the batch. A second press of the same button finds it taken and says so as well."""
    leads_to = STEPS[way.step][1]
    if leads_to is None or found.state != leads_to:
        way.act(batch=found, actor=request.actor, now=clock.now(), reason=reason)
    messages.success(request, say(way.done))
    return redirect("portal-batch", found.number)


@for_people
@require_safe
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """A page of labels at true size for a printer of known resolution."""
    found = batch_or_404(request.actor, number)
    if BatchState(found.state) not in HAS_CODE:
        raise Missing
    asked = request.GET.get("dpi", "")
    dpi = int(asked) if asked in {str(known) for known in qr.PROFILES} else qr.DEFAULT_DPI
    pages = request.GET.get("pages", "1")
    count = int(pages) if pages in {str(n) for n in range(1, symbols.MOST_PAGES + 1)} else 1
    context = {
        "batch": found,
        "symbol": symbols.symbol_of(found, dpi),
        "maker": found.producer.organisation.sponsor or found.producer.organisation,
        "resolutions": qr.PROFILES,
        "presets": PRESETS.values(),
        "pages": count,
        "page_choices": (1, 2, 5, symbols.MOST_PAGES),
        "labels": range(count * symbols.LABELS_A_PAGE),
    }
    return render(request, "trace/portal/sheet.html", context)
