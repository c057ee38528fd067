"""The page on which the hidden PIN of a unit is typed: a form, and what came of it. Needs no script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gi_registry.lib import clock
from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Refusal
from trace.actions.pins import PinTold
from trace.pins import tried
from trace.rules.pins import PIN_SHAPE, digits, statement
from trace.rules.typed import Typed, of_lot


# Exempt from CSRF tokens like the beacon: it acts on nobody's session, and a token would need a cookie. Five tries a unit
# and a limit a network stand in its place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: HttpRequest, lot: str, code: str) -> HttpResponse:
    """A form for the eight digits; sent, what came of them. A GET tries nothing."""
    typed = of_lot(lot, code)
    if request.method != "POST":
        return _show(request, typed)
    given = digits(request.POST.get("pin", ""))
    if given is None:
        return _show(request, typed, fault=PIN_SHAPE)
    return _show(request, typed, tried(request, typed, given, now=clock.now()))


def _show(
    request: HttpRequest, typed: Typed, told: PinTold | None = None, fault: Refusal | None = None
) -> HttpResponse:
    context = {
        "typed": typed,
        "back": reverse("verdict-unit", args=[typed.lot, typed.code]) if typed.is_well_formed else reverse("check"),
        "told": told,
        "statement": statement(told.outcome, told.opened_on, told.tries_left) if told else None,
        "may_try": told is None or (bool(told.tries_left) and told.opened_on is None),
        "faults": Invalid(fault).errors if fault else (),
    }
    response = render(request, "trace/pin.html", context, status=400 if fault else 200)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
