"""One site: registered by saying what and where it is, its page, and what people decide about it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.headers import HEADER, allowing
from gi_registry.lib.problems import Missing
from gi_registry.lib.texts import Text
from products import actions, policy
from products.models import Authorisation, Site
from products.rules.sites import REVIEWABLE
from products.rules.words import SiteKind, SiteState
from regions.geometry import from_geos
from regions.rules import CoordinateSystem
from trace.portal.asking import Matter, ReasonAsked, answers_in, ask
from trace.portal.doors import for_people, for_producers, makers, permit
from trace.portal.site_forms import ReviewQuestion, SiteQuestion, SiteWhat
from trace.portal.sketch import sketch_of

_WHERE, _REGISTER = Text("场地在哪里？", "Where is the site?"), Text("登记场地", "Register the site")
_REVIEW, _DECIDE = Text("核对的结论是什么？", "What was found?"), Text("作出结论", "Decide")
_TO_READ = Text("生产者会看到结论和说明。", "The producer reads the decision and the note.")
_RETIRE, _END = Text("停用这处场地？", "Take this site out of use?"), Text("停用", "Take out of use")
_ENDS = Text(
    "停用后不能恢复，也不能再用来登记批次；已登记的批次不受影响。",
    "It cannot be undone, and no new batch can name it. Registered batches stay as they are.",
)
MOST_RIGHTS = 50
_TONES = {SiteState.ACTIVE: "good", SiteState.REFUSED: "bad", SiteState.RETIRED: "plain"}


@for_producers
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """What it is. The answers go along in the address of the next page, so that both can be gone back to and reloaded."""
    form = SiteWhat(actor=request.actor, initial=request.GET.dict())
    return render(request, "trace/portal/site_new.html", {"form": form})


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Where it lies: drawn, walked with the phone, or typed."""
    if request.method != "POST":
        what = SiteWhat(request.GET, actor=request.actor)
        if not what.is_valid():
            return render(request, "trace/portal/site_new.html", {"form": what}, status=400)
    form = SiteQuestion(
        answers_in(request), actor=request.actor, is_sent="send" in request.POST, initial=request.GET.dict()
    )
    back = f"{reverse('portal-new-site')}?{request.GET.urlencode()}"
    matter = Matter(_WHERE, _REGISTER, back, about=request.GET.get("name", "")[:80])
    response = ask(request, form, matter, lambda told: _registered(request, form, told))
    response.headers[HEADER] = allowing("geolocation")
    return response


def _registered(request: HttpRequest, form: SiteQuestion, told: dict[str, Any]) -> str:
    system = CoordinateSystem(told["crs"])
    site = actions.register_site(
        producer=makers(request.actor).select_related("division").get(number=told["producer"]),
        indication=form.indication,
        kind=SiteKind(told["kind"]),
        name=told["name"],
        geometry=form.geometry,
        actor=request.actor,
        now=clock.now(),
        # As the API has it: the way back to what was typed is exact.
        reason="" if system is CoordinateSystem.CRS84 else f"[{system}]",
    )
    return reverse("portal-site", args=[site.number]) + "?new"


@for_people
@require_safe
def site(request: HttpRequest, number: str) -> HttpResponse:
    """One site: where it lies in the region, where it stands, and which authorisations name it."""
    found = _seen(request.actor, number)
    shape = from_geos(Site.objects.filter(pk=found.pk).values_list("geom", flat=True).get())
    tone = _TONES.get(SiteState(found.state), "warn")
    context = {
        "site": found,
        "is_new": "new" in request.GET,
        "is_own": policy.owns_producer(request.actor, found.producer),
        "may_review": found.state in REVIEWABLE and bool(policy.may_review_site(request.actor, found)),
        "sketch": sketch_of([(1, tone, shape)], found.indication, clock.today()),
        "rights": Authorisation.objects.visible_to(request.actor)
        .filter(sites=found)
        .select_related("title")[:MOST_RIGHTS],
    }
    return render(request, "trace/portal/site.html", context)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, number: str) -> HttpResponse:
    """What a person found where the machine could not judge."""
    found = _seen(request.actor, number)
    permit(policy.may_review_site(request.actor, found))
    form = ReviewQuestion(answers_in(request))
    back = reverse("portal-site", args=[number])

    def decide(told: dict[str, Any]) -> str:
        accepted = told["decision"] == "accept"
        actions.review_site(site=found, is_accepted=accepted, note=told["note"], actor=request.actor, now=clock.now())
        return back

    return ask(request, form, Matter(_REVIEW, _DECIDE, back, found.name, _TO_READ), decide)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, number: str) -> HttpResponse:
    """Out of use; goods traced to it stay traced."""
    found = _seen(request.actor, number)
    permit(policy.may_retire_site(request.actor, found))
    form = ReasonAsked(answers_in(request), is_owed=False)
    back = reverse("portal-site", args=[number])

    def end(told: dict[str, Any]) -> str:
        actions.retire_site(site=found, actor=request.actor, now=clock.now(), reason=told["reason"])
        return back

    return ask(request, form, Matter(_RETIRE, _END, back, found.name, _ENDS), end)


def _seen(actor: Actor, number: str) -> Site:
    rows = Site.objects.visible_to(actor).select_related(
        "division", "indication", "producer__organisation", "producer__division"
    )
    found = rows.defer("geom", "division__geom", "producer__division__geom").filter(number=number).first()
    if found is None:
        raise Missing
    return found
