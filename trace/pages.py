"""The verdict page, which a QR code opens, and the beacon that counts a check.

The page stands by itself: style inside, no script needed, nothing looked up but the code. A GET never counts a
check, because link previews and scanners fetch pages too; the page asks for the count once it is shown.
"""

import logging
from typing import Any
from urllib.parse import quote

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from gi_registry.lib import clock, jsonio
from gi_registry.lib.addresses import address_of
from trace import actions, answers, limits, queries, stories
from trace.actions.checks import Counted, Sender
from trace.flight import STYLE, packed
from trace.places import province_of
from trace.rules.devices import is_robot
from trace.rules.typed import Typed, of_lot
from trace.rules.verdicts import Verdict, shows_record

log = logging.getLogger("gi.trace")


@csrf_exempt  # another method is refused as such, and not for the token that it lacks
@require_safe
def verdict(request: HttpRequest, lot: str, code: str = "") -> HttpResponse:
    """What a QR code opens. 200 with the same page for every verdict; 503 with it when the register cannot be asked."""
    return show_verdict(request, of_lot(lot, code))


@require_safe
def example(request: HttpRequest, verdict: str) -> HttpResponse:
    """The words of one verdict, said to be an example in so many words."""
    if verdict not in set(Verdict):
        raise Http404
    told = answers.example(Verdict(verdict), now=clock.now())
    return _tell(request, told, here=request.path, is_example=True)


# Exempt from CSRF tokens: it acts on nobody's session, anybody may send it, and a token would need a cookie, which a
# person who only scans a code should not be given. Limits an hour a network and a lot stand in its place.
@csrf_exempt
@require_POST
def seen(request: HttpRequest, lot: str, code: str = "") -> HttpResponse:
    """Count one check of an issued lot or unit: the page's script sends it once shown, or a button without script."""
    typed = of_lot(lot, code)
    counted = _count(request, typed)
    if not _wants_json(request):
        return show_verdict(request, typed, counted=counted)
    told = {"count": counted.count, "is_new": counted.is_new, "first_on": counted.first_on}
    return HttpResponse(jsonio.dumps(told), content_type="application/json", headers={"Cache-Control": "no-store"})


def _count(request: HttpRequest, typed: Typed) -> Counted:
    """Nothing is counted for lots that were never issued (they would fill the table), nor for avowed robots."""
    now = clock.now()
    asked = queries.asked(typed, now=now)
    told, verdict = asked.answer, Verdict(asked.answer["verdict"])
    limits.told(request, verdict, now=now)
    agent = request.headers.get("User-Agent", "")
    if not shows_record(verdict) or is_robot(agent):
        return Counted(told["checks"]["count"], is_new=False, first_on=told["checks"]["first_on"])
    limits.beacon(request, typed.lot, now=now)
    address = address_of(request)
    sender = Sender(address, agent, province_of(address))
    try:
        return actions.record_check(
            lot=typed.lot, verdict=verdict, sender=sender, now=now, unit=asked.unit, kept=asked.kept
        )
    except IntegrityError:
        # Without this month's partition the check is lost, but the person with the goods must not see an error.
        log.exception("a check could not be stored: has manage.py partitions run this month?")
        return Counted(told["checks"]["count"], is_new=False, first_on=told["checks"]["first_on"])


def show_verdict(
    request: HttpRequest, typed: Typed, as_typed: str = "", counted: Counted | None = None
) -> HttpResponse:
    """The verdict page on whatever was scanned, typed or photographed; ``counted`` where this very request counted."""
    now = clock.now()
    limits.look(request, now=now)
    told = queries.check(typed, now=now)
    limits.told(request, Verdict(told["verdict"]), now=now)
    return _tell(request, told, here=_here(request, typed, as_typed), as_typed=as_typed, counted=counted)


def _here(request: HttpRequest, typed: Typed, as_typed: str) -> str:
    """The address that shows this page again: a form's or a photo's answer has none of its own."""
    if as_typed:
        return f"{reverse('check')}?code={quote(as_typed)}"
    if request.method == "POST":
        return _path("verdict", typed.lot, typed.code) if typed.is_well_formed else reverse("check")
    return request.path


def _path(name: str, lot: str, code: str | None) -> str:
    """Of a lot or of a unit in it: ``verdict`` and ``verdict-unit``."""
    return reverse(name.replace("verdict", "verdict-unit"), args=[lot, code]) if code else reverse(name, args=[lot])


def _tell(request: HttpRequest, told: dict[str, Any], *, here: str, **more: Any) -> HttpResponse:
    if _wants_json(request):
        body = jsonio.dumps(told)
        headers = {"Cache-Control": "no-store"}
        return HttpResponse(body, status=_status(told), content_type="application/json", headers=headers)
    context = {"told": told, **stories.story_of(told, clock.today()), "style": STYLE, "here": here, **more}
    context["joint"] = "&" if "?" in here else "?"
    if told["batch"]:
        context["seen_url"] = _path("verdict-seen", told["lot"], told["code"])
    response = render(request, "trace/verdict.html", context, status=_status(told))
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return packed(request, response)


def _status(told: dict[str, Any]) -> int:
    return 503 if told["verdict"] == Verdict.UNAVAILABLE and "is_example" not in told else 200


def _wants_json(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept
