"""Unit codes at the producers' desk: issue them for a batch, see what became of them, and record it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.ids import new_number
from gi_registry.lib.language import say
from gi_registry.lib.problems import Invalid, Missing, Refused
from gi_registry.lib.texts import Text
from trace import actions, policy
from trace.labels.presets import DEFAULT_PRESET
from trace.models import Batch, Issuance, IssuanceRange
from trace.portal.doors import batch_or_404, for_people, for_producers, permit
from trace.portal.once import once
from trace.portal.unit_forms import IssueQuestion, SaidQuestion
from trace.rules.issuances import ISSUED_FOR, Activation, IssuanceState, RangeKind, Span

RECENT = 20

_SAID = Text("已记录：{kind}，{span}。", "Recorded: {kind}, {span}.")


def issuance_or_404(actor: Actor, number: str) -> Issuance:
    """One issuance with what its pages and its labels say. Another's is not there."""
    rows = Issuance.objects.visible_to(actor).select_related(
        "batch__form",
        "batch__producer__organisation__sponsor",
        "batch__authorisation__title",
        "batch__specification",
    )
    found = rows.filter(number=number).first()
    if found is None:
        raise Missing
    return found


@for_people
@require_safe
def codes(request: HttpRequest, number: str) -> HttpResponse:
    """The issuances of a batch with their counts."""
    batch = batch_or_404(request.actor, number)
    issuances = list(Issuance.objects.filter(batch=batch).order_by("-ordinal"))
    told = IssuanceRange.objects.filter(issuance__in=issuances).units()
    context = {
        "batch": batch,
        "issuances": [{"row": row, "units": told.get(row.pk, {})} for row in issuances],
        "may_issue": bool(policy.make(request.actor, batch)) and batch.state in ISSUED_FOR,
    }
    return render(request, "trace/portal/unit_codes.html", context)


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """Ask how many, and issue them once."""
    batch = batch_or_404(request.actor, number)
    permit(policy.make(request.actor, batch))
    initial = {
        "count": batch.pack_count,
        "activation": Activation.WITH_BATCH.value,
        "profile": DEFAULT_PRESET,
        "key": new_number(),
    }
    form = IssueQuestion(request.POST or None, initial=initial)
    refusals = ()
    if form.is_valid():
        try:
            return redirect("portal-issuance", _issued(request.actor, batch, form.cleaned_data))
        except (Invalid, Refused) as refused:
            form.take(refused.errors)
    context = {"batch": batch, "form": form, "refusals": refusals, "is_open": batch.state in ISSUED_FOR}
    return render(request, "trace/portal/issue_codes.html", context, status=400 if form.errors else 200)


def _issued(actor: Actor, batch: Batch, told: dict[str, Any]) -> str:
    now = clock.now()
    wish = actions.Wish(count=told["count"], activation=Activation(told["activation"]), profile=told["profile"])
    given = {"batch": batch, "wish": wish, "actor": actor, "now": now, "reason": told["reason"]}
    return once(actor, told["key"], now, lambda: actions.issue_codes(**given).number)


@for_people
@require_safe
def issuance(request: HttpRequest, number: str) -> HttpResponse:
    """One issuance: counts, what was said of which units, and the print jobs."""
    found = issuance_or_404(request.actor, number)
    context = {
        "issuance": found,
        "units": IssuanceRange.objects.filter(issuance=found).units().get(found.pk, {}),
        "ranges": found.ranges.order_by("-pk")[:RECENT],
        "prints": found.prints.order_by("-pk")[:RECENT],
        "is_own": bool(policy.make(request.actor, found)),
        "is_ready": found.state == IssuanceState.ISSUED,
        "is_by_range": found.activation == Activation.BY_RANGE,
    }
    return render(request, "trace/portal/issuance.html", context)


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, number: str) -> HttpResponse:
    """Say of a range that it was activated, spoiled, returned or destroyed."""
    found = issuance_or_404(request.actor, number)
    permit(policy.make(request.actor, found))
    asked = {name: request.GET.get(name, "") for name in ("kind", "first", "last")}
    form = SaidQuestion(request.POST or None, issuance=found, initial=asked)
    if form.is_valid():
        try:
            said = _say(request.actor, found, form.cleaned_data)
        except (Invalid, Refused) as refused:
            form.take(refused.errors)
        else:
            messages.success(request, said)
            return redirect("portal-issuance", found.number)
    context = {"issuance": found, "form": form}
    return render(request, "trace/portal/record_units.html", context, status=400 if form.errors else 200)


def _say(actor: Actor, found: Issuance, told: dict[str, Any]) -> str:
    kind = RangeKind(told["kind"])
    span = Span(told["first"], told["first"] if told["last"] is None else told["last"])
    given = {"issuance": found, "kind": kind, "span": span, "actor": actor, "now": clock.now()}
    actions.record_range(**given, reason=told["reason"])
    return say(_SAID).format(kind=say(kind), span=span)
