"""The page of a batch's demands: what its specification asks, what is on record, and what still stands in the way."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock
from gi_registry.lib.language import say
from gi_registry.lib.problems import Invalid, Missing, Refused
from gi_registry.lib.texts import Refusal, Text
from products.rules.requirements import Outcome, release_faults
from products.rules.specifications import plain
from products.rules.words import OutcomeResult, Unit
from trace import actions, policy
from trace.models import Evidence
from trace.portal.doors import batch_or_404, for_people, permit
from trace.portal.evidence_forms import EvidenceQuestion, can_be_added
from trace.portal.forms import ReasonQuestion
from trace.record import Judged, evidence_of, judge
from trace.rules.batches import BatchState
from trace.rules.evidence import open_faults

_NOTED = Text("已记录。", "It is on record.")
_TAKEN_BACK = Text("已撤回，原记录仍然保留。", "Taken back. What was recorded stays visible.")

TAGS = {
    OutcomeResult.PASSED: "good",
    OutcomeResult.FAILED: "bad",
    OutcomeResult.NOT_APPLICABLE: "plain",
    OutcomeResult.MISSING_EVIDENCE: "warn",
}


@for_people
@require_safe
def rules(request: HttpRequest, number: str) -> HttpResponse:
    """Every demand in plain words, those that stand in the way of a release first named together."""
    found = batch_or_404(request.actor, number)
    judged = judge(found)
    pieces = found.evidence.select_related("site").defer("site__geom").order_by("pk")
    is_open = not open_faults(BatchState(found.state)) and bool(policy.vouch(request.actor, found))
    context = {
        "batch": found,
        "judged": judged,
        "is_open": is_open,
        "rows": [(outcome, TAGS[outcome.result], can_be_added(outcome.rule)) for outcome in judged.outcomes],
        "stops": stops_of(judged),
        "evidence": [(item, figure_of(item)) for item in pieces],
    }
    return render(request, "trace/portal/rules.html", context)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, number: str, place: int) -> HttpResponse:
    """Ask for what one demand looks at, and put it on record."""
    found = batch_or_404(request.actor, number)
    permit(policy.vouch(request.actor, found))
    outcome = _outcome(judge(found), place)
    known = evidence_of([found])[found.pk]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EvidenceQuestion(*sent, rule=outcome.rule, known=known)
    if form.is_valid():
        try:
            actions.add_evidence(batch=found, items=form.items(), actor=request.actor, now=clock.now())
            messages.success(request, say(_NOTED))
            return redirect("portal-rules", found.number)
        except (Invalid, Refused) as refused:
            form.take(_beside_fields(refused.errors))
    context = {"batch": found, "outcome": outcome, "form": form}
    return render(request, "trace/portal/add_evidence.html", context, status=400 if form.errors else 200)


def _outcome(judged: Judged, place: int) -> Outcome:
    if not 0 <= place < len(judged.outcomes) or not can_be_added(judged.outcomes[place].rule):
        raise Missing
    return judged.outcomes[place]


def _beside_fields(refusals: Iterable[Refusal]) -> list[Refusal]:
    """``/items/0/value`` is the field ``value`` of the page."""
    return [refusal.at(refusal.pointer.rpartition("/")[2]) for refusal in refusals]


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the reason, and take a piece of evidence back."""
    related = ("batch__form", "batch__producer__organisation", "batch__authorisation__title__holder")
    piece = Evidence.objects.visible_to(request.actor).select_related(*related).filter(number=number).first()
    if piece is None:
        raise Missing
    permit(policy.vouch(request.actor, piece.batch))
    form = ReasonQuestion(request.POST or None, hint=None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            actions.withdraw_evidence(evidence=piece, actor=request.actor, now=clock.now(), reason=reason)
            messages.success(request, say(_TAKEN_BACK))
            return redirect("portal-rules", piece.batch.number)
        except (Invalid, Refused) as refused:
            form.take(refused.errors)
    context = {"piece": piece, "batch": piece.batch, "figure": figure_of(piece), "form": form}
    return render(request, "trace/portal/take_back.html", context, status=400 if form.errors else 200)


def stops_of(judged: Judged) -> list[Refusal]:
    """What stands in the way of a release; nothing once it is released."""
    return [] if judged.at else release_faults(judged.outcomes)


def figure_of(item: Evidence) -> Text | None:
    """The figure of a measurement with its unit."""
    if item.value is None:
        return None
    unit, figure = Unit(item.unit).text, plain(item.value)
    return Text(f"{figure} {unit.zh}".strip(), f"{figure} {unit.en}".strip())
