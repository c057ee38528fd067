"""Registering a batch, one question a page: product, sites, dates, amount, check answers, done.

Each answer is kept as soon as it is given (``journeys``). The pages can be left, reloaded, gone back to and sent twice.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gi_registry.lib import clock
from gi_registry.lib.problems import Invalid, Missing, Refused
from gi_registry.lib.texts import Refusal, Text
from products.models import Authorisation
from trace import actions, policy
from trace.models import ProductForm
from trace.portal import choices, journeys
from trace.portal.doors import for_producers, own_authorisations, permit
from trace.portal.forms import AmountQuestion, Asked, DatesQuestion, ProductQuestion, SitesQuestion
from trace.portal.journeys import Answers, Journey
from trace.rules.batches import BatchState
from trace.rules.quantities import QuantityUnit

STEPS = ("product", "sites", "dates", "amount", "check")
SENTENCES = {
    "product": Text("这是哪种产品？", "Which product is it?"),
    "sites": Text("在哪里生产的？", "Where was it made?"),
    "dates": Text("什么时候生产的？", "When was it made?"),
    "amount": Text("这一批有多少？", "How much is in the batch?"),
    "check": Text("登记前请核对", "Check before you register"),
}
# Where a refusal that points at an answer can be mended.
PAGE_OF = {
    "form": "product",
    "authorisation": "product",
    "sites": "sites",
    "season": "dates",
    "produced_on": "dates",
    "best_before_on": "dates",
    "harvested_on": "dates",
    "produced_from": "dates",
    "packed_on": "dates",
    "quantity": "amount",
    "pack_count": "amount",
    "producer_lot": "amount",
}
# A pack counted in the small unit is filled from a batch counted in the large one.
_BATCH_UNIT = {QuantityUnit.GRAM: QuantityUnit.KILOGRAM, QuantityUnit.MILLILITRE: QuantityUnit.LITRE}


@dataclass(frozen=True, slots=True)
class Fault:
    """A refusal with the page on which it can be mended."""

    refusal: Refusal
    href: str


@for_producers
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """A fresh start, or back to what was left half-answered."""
    waiting = journeys.unfinished(request)
    if waiting and "fresh" not in request.GET:
        return render(request, "trace/portal/unfinished.html", {"journeys": [_told(request, j) for j in waiting]})
    return redirect(_page(journeys.new_key(), "product"))


@for_producers
@require_POST
def forget(request: HttpRequest, key: str) -> HttpResponse:
    journeys.forget(request, key)
    return redirect("portal-home")


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """One question. An answer that holds leads to the next open question, or back to the check page."""
    journey = journeys.find(request, key)
    if journey.draft is not None and journey.draft.state != BatchState.DRAFT:
        return redirect("portal-batch", journey.draft.number)
    if _too_early(journey.answers, step):
        return redirect(_page(journey.key, journey.answers.first_gap))
    form, extra = _form(request, journey, step)
    if request.method == "POST" and form.is_valid():
        try:
            journey = journeys.keep(request, journey, **_changes(journey.answers, step, form.told))
        except (Invalid, Refused) as refused:
            form.take(refused.errors)
        else:
            return redirect(_next(request, journey, step))
    context = {"form": form, "journey": journey, "step": step, **_place(request, journey, step), **extra}
    return render(request, f"trace/portal/ask_{step}.html", context, status=400 if form.errors else 200)


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, key: str) -> HttpResponse:
    """All answers on one page; its button registers. Pressed twice it still makes one batch: a draft registers once."""
    journey = journeys.find(request, key)
    if journey.draft is None:
        return redirect(_page(journey.key, journey.answers.first_gap))
    permit(policy.make(request.actor, journey.draft))
    done = redirect("portal-registered", journey.draft.number)
    if journey.draft.state != BatchState.DRAFT:
        return done
    faults = _register(request, journey) if request.method == "POST" else []
    if request.method == "POST" and not faults:
        return done
    context = {"batch": journey.draft, "journey": journey, "faults": faults, **_place(request, journey, "check")}
    return render(request, "trace/portal/check.html", context, status=409 if faults else 200)


def _register(request: HttpRequest, journey: Journey) -> list[Fault]:
    """Register the draft; what stands in the way, or nothing. That another press was faster is nothing in the way."""
    try:
        actions.register_batch(batch=journey.draft, actor=request.actor, now=clock.now())
    except Refused as refused:
        if refused.errors[0].code != f"already_{BatchState.REGISTERED.value}":
            return [_fault(refusal, journey) for refusal in refused.errors]
    return []


def _too_early(answers: Answers, step: str) -> bool:
    """Whether an earlier question is still open: without a product there are no sites to offer."""
    return STEPS.index(step) > STEPS.index(answers.first_gap)


def _form(request: HttpRequest, journey: Journey, step: str) -> tuple[Asked, dict[str, Any]]:
    """The form of a step with the answers so far, and what its page shows beside it."""
    data, told = (request.POST if request.method == "POST" else None), journey.answers
    if step == "product":
        offer = choices.products_offered(request.actor, clock.today())
        chosen = f"{told.form}.{told.authorisation}" if told.form else _only(offer)
        return ProductQuestion(data, offer=offer, initial={"product": chosen}), {"offer": offer}
    article, right = _chosen(request, told)
    if step == "sites":
        offer = choices.sites_offered(request.actor, article, right)
        chosen = list(told.sites) or [_only(offer)]
        return SitesQuestion(data, offer=offer, initial={"sites": chosen}), {"offer": offer}
    initial = {field: getattr(told, field) for field in Answers.__slots__}
    if step == "dates":
        seasons = choices.seasons_offered(article)
        return DatesQuestion(data, seasons=seasons, today=clock.today(), initial=initial), {}
    unit = QuantityUnit(article.net_content_unit)
    initial["quantity_unit"] = told.quantity_unit or _BATCH_UNIT.get(unit, unit)
    return AmountQuestion(data, article=article, initial=initial), {"article": article}


def _only(offer: choices.Offer) -> str:
    """With one thing to choose it is chosen already; the person still sees and confirms it."""
    return offer.open[0].value if len(offer.open) == 1 else ""


def _chosen(request: HttpRequest, told: Answers) -> tuple[ProductForm, Authorisation]:
    """Article and authorisation of the first answer, as far as they are (still) the actor's own."""
    article = (
        ProductForm.objects.own_of(request.actor)
        .select_related("indication", "producer")
        .filter(number=told.form)
        .first()
    )
    right = own_authorisations(request.actor).filter(number=told.authorisation).first()
    if article is None or right is None:
        raise Missing
    return article, right


def _changes(answers: Answers, step: str, told: dict[str, Any]) -> dict[str, Any]:
    """What an answer changes: another product or right has other sites and seasons, so those are asked again."""
    if step == "product" and (told["form"], told["authorisation"]) != (answers.form, answers.authorisation):
        return {**told, "sites": (), "season": ""}
    return told


def _next(request: HttpRequest, journey: Journey, step: str) -> str:
    """The next question on a first walk; after a change from the check page, back there as soon as nothing is open."""
    gap = journey.answers.first_gap
    following = STEPS[STEPS.index(step) + 1]
    if journey.draft is None and STEPS.index(following) < STEPS.index(gap) and "change" not in request.GET:
        gap = following
    return _page(journey.key, gap)


def _page(key: str, step: str) -> str:
    return reverse("portal-check" if step == "check" else f"portal-ask-{step}", args=[key])


def _place(request: HttpRequest, journey: Journey, step: str) -> dict[str, Any]:
    """Where the page stands among the others, and the way back."""
    place = STEPS.index(step)
    back = reverse("portal-home")
    if journey.draft is not None and step != "check":
        back = _page(journey.key, "check")
    elif place and step != "check":
        back = _page(journey.key, STEPS[place - 1])
    return {"question": SENTENCES[step], "place": place + 1, "places": len(STEPS), "steps": STEPS, "back": back}


def _fault(refusal: Refusal, journey: Journey) -> Fault:
    page = PAGE_OF.get(refusal.pointer.strip("/").partition("/")[0])
    return Fault(refusal, _page(journey.key, page) if page else "")


def _told(request: HttpRequest, journey: Journey) -> dict[str, Any]:
    """A half-answered registration, as the list of them shows it."""
    article = ProductForm.objects.own_of(request.actor).filter(number=journey.answers.form).first()
    gap = journey.answers.first_gap
    return {"key": journey.key, "article": article, "href": _page(journey.key, gap), "question": SENTENCES[gap]}
