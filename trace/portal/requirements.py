"""The page of a batch's demands: what its specification asks, what is on record, and what still stands in the way."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gi_registry.lib.texts import Refusal, Text
from products.rules.requirements import release_faults
from products.rules.specifications import plain
from products.rules.words import OutcomeResult, Unit
from trace.models import Evidence
from trace.portal.doors import batch_or_404, for_people
from trace.record import Judged, judge

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
    context = {
        "batch": found,
        "judged": judged,
        "rows": [(outcome, TAGS[outcome.result]) for outcome in judged.outcomes],
        "stops": stops_of(judged),
        "evidence": [(item, figure_of(item)) for item in pieces],
    }
    return render(request, "trace/portal/rules.html", context)


def stops_of(judged: Judged) -> list[Refusal]:
    """What stands in the way of a release; nothing once it is released."""
    return [] if judged.at else release_faults(judged.outcomes)


def figure_of(item: Evidence) -> Text | None:
    """The figure of a measurement with its unit."""
    if item.value is None:
        return None
    unit, figure = Unit(item.unit).text, plain(item.value)
    return Text(f"{figure} {unit.zh}".strip(), f"{figure} {unit.en}".strip())
