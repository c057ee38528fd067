"""The right to use the special mark: applied for by a producer, decided step by step, on one page for all who take part."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.ids import normalise
from gi_registry.lib.language import name_of, say
from gi_registry.lib.problems import Invalid, Missing, Refused
from gi_registry.lib.texts import Text
from products import actions, policy
from products.models import ApplicationDocument, Authorisation
from products.rules.authorisations import EDITABLE, MACHINE, Given, Need
from products.rules.documents import missing_from
from products.rules.words import AuthorisationState as A
from products.rules.words import DocumentKind
from trace.portal.asking import Matter, answers_in, ask
from trace.portal.desk import APPLIED
from trace.portal.doors import for_people, for_producers, makers, own_authorisations, own_sites, permit
from trace.portal.leaves import leaf_of
from trace.portal.right_forms import DocumentQuestion, MoveQuestion, NamedSitesQuestion, TitleQuestion
from trace.portal.right_words import NEXT, WAYS
from trace.portal.stories import story_of_right

MOST_ROWS = 200
_APPLY = Text("申请使用专用标志", "Apply to use the special mark")
_WHICH, _SAVE = Text("申请覆盖哪些场地？", "Which sites does it cover?"), Text("建立申请", "Begin the application")
_SITES, _KEEP = Text("更换场地", "Change the sites"), Text("保存", "Save")
_NO_SITES = Text(
    "您在这个地理标志下还没有可用的场地，请先登记场地。",
    "You have no site for this indication yet. Register one first.",
)
_DRAFTED = Text("这时只建立草稿，核对后再提交。", "This begins a draft. You look at it before it is sent.")


@for_producers
@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Own sites and authorisations, as the register holds them."""
    context = {
        "authorisations": own_authorisations(request.actor)
        .annotate(site_count=Count("sites"))
        .order_by("-pk")[:MOST_ROWS],
        "sites": own_sites(request.actor).order_by("name", "pk")[:MOST_ROWS],
        "several": makers(request.actor).count() > 1,
    }
    return render(request, "trace/portal/rights.html", context)


@for_people
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """Who applies for or has the right to the mark: under the titles of a holder, in the place of an official."""
    state, q = request.GET.get("state", ""), request.GET.get("q", "").replace("\x00", "").strip()[:60]
    rows = (
        Authorisation.objects.visible_to(request.actor)
        .exclude(state=A.DRAFT)
        .select_related("title__indication", "producer__organisation", "producer__division")
    )
    rows = rows.defer("producer__division__geom").annotate(site_count=Count("sites"))
    if q:
        organisation = "producer__organisation__"
        rows = rows.filter(
            Q(**{f"{organisation}name_zh__icontains": q})
            | Q(**{f"{organisation}name_en__icontains": q})
            | Q(producer__number=normalise(q))
        )
    states = [word for word in A if word is not A.DRAFT]
    found = rows.filter(state=state) if state in states else rows
    context = {"leaf": leaf_of(found, request.GET), "state": state, "q": q, "states": states}
    return render(request, "trace/portal/users.html", context)


@for_producers
@require_safe
def apply(request: HttpRequest) -> HttpResponse:
    """For which name, and by which of its titles. The answer goes along in the address of the next page."""
    form = TitleQuestion(actor=request.actor, today=clock.today(), indication=request.GET.get("indication", ""))
    return render(request, "trace/portal/apply.html", {"form": form})


@for_producers
@require_http_methods(["GET", "HEAD", "POST"])
def named_sites(request: HttpRequest) -> HttpResponse:
    """The sites of a new application, which is a draft until it is sent."""
    which = TitleQuestion(request.GET, actor=request.actor, today=clock.today())
    if not which.is_valid():
        return render(request, "trace/portal/apply.html", {"form": which}, status=400)
    producer, title = which.maker, which.chosen
    form = NamedSitesQuestion(answers_in(request), actor=request.actor, producer=producer, title=title)
    back = f"{reverse('portal-apply')}?indication={title.indication.slug}"
    effect = _DRAFTED if form.has_sites else _NO_SITES
    matter = Matter(_WHICH, _SAVE, back, name_of(title.indication), effect, is_open=form.has_sites)

    def draft(told: dict[str, Any]) -> str:
        made = actions.draft_authorisation(
            producer=producer, title=title, sites=form.named, actor=request.actor, now=clock.now()
        )
        return reverse("portal-right", args=[made.number])

    return ask(request, form, matter, draft)


@for_people
@require_safe
def right(request: HttpRequest, number: str) -> HttpResponse:
    """One authorisation: where it stands, whose turn it is, until when, and what happened so far."""
    found = right_or_404(request.actor, number)
    state = A(found.state)
    context = {
        "right": found,
        "next": NEXT[state],
        "waits": state in APPLIED,
        "is_producer": policy.owns_producer(request.actor, found.producer),
        "since": (clock.today() - clock.day_of(found.updated_at)).days,
        "sites": found.sites.select_related("division").defer("geom", "division__geom").order_by("name", "pk"),
        "ways": [(to, WAYS[state, to]) for to in _open_to(request.actor, found)],
        "is_editable": found.state in EDITABLE and bool(policy.may_change_authorisation(request.actor, found)),
        "documents": found.documents.defer("data").order_by("pk"),
        "lacks": missing_from(frozenset(map(DocumentKind, found.documents.values_list("kind", flat=True)))),
        "story": story_of_right(found) if policy.may_read_history(request.actor, found) else [],
    }
    return render(request, "trace/portal/right.html", context)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def change_sites(request: HttpRequest, number: str) -> HttpResponse:
    """Other sites for a draft, or for one that was returned."""
    found = right_or_404(request.actor, number)
    permit(policy.may_change_authorisation(request.actor, found))
    back = reverse("portal-right", args=[number])
    named = list(found.sites.values_list("number", flat=True))
    form = NamedSitesQuestion(
        answers_in(request),
        actor=request.actor,
        producer=found.producer,
        title=found.title,
        initial={"sites": named},
    )
    matter = Matter(_SITES, _KEEP, back, name_of(found.title.indication), None, is_open=form.has_sites)

    def change(told: dict[str, Any]) -> str:
        actions.change_sites(authorisation=found, sites=form.named, actor=request.actor, now=clock.now())
        return back

    return ask(request, form, matter, change)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: str, to: str) -> HttpResponse:
    """One step, with what it has to bring."""
    found = right_or_404(request.actor, number)
    permit(policy.may_move_authorisation(request.actor, found))
    if to not in set(A) or (A(found.state), A(to)) not in WAYS:
        raise Missing
    target = A(to)
    way = WAYS[A(found.state), target]
    form = MoveQuestion(answers_in(request), needs=_needs(A(found.state), target), hint=way.hint)
    back = reverse("portal-right", args=[number])
    matter = Matter(way.question, way.button, back, _about(found), way.effect, is_looked_at=bool(form.visible_fields()))

    def move(told: dict[str, Any]) -> str:
        given = Given(**{name: told[name] for name in form.fields if name != "key" and told[name] is not None})
        actions.move_authorisation(authorisation=found, to=target, given=given, actor=request.actor, now=clock.now())
        messages.success(request, say(way.done))
        return back

    return ask(request, form, matter, move)


@for_people
@require_http_methods(["GET", "HEAD", "POST"])
def add_document(request: HttpRequest, number: str) -> HttpResponse:
    """A file beside an application. The same file is there once, so a second press changes nothing."""
    found = right_or_404(request.actor, number)
    permit(policy.may_change_authorisation(request.actor, found))
    form = DocumentQuestion(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.add_document(
                authorisation=found,
                kind=DocumentKind(told["kind"]),
                name=told["file"].name,
                data=told["file"].read(),
                actor=request.actor,
                now=clock.now(),
            )
        except (Invalid, Refused) as refused:
            form.take(refused.errors)
        else:
            return redirect("portal-right", number)
    status = 400 if form.errors else 200
    return render(request, "trace/portal/document_new.html", {"form": form, "right": found}, status=status)


@for_people
@require_safe
def document(request: HttpRequest, number: str) -> HttpResponse:
    """The file as it was sent in."""
    found = _document(request.actor, number)
    headers = {"Content-Disposition": found.disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(bytes(found.data), content_type=found.media_type, headers=headers)


@for_people
@require_POST
def remove_document(request: HttpRequest, number: str) -> HttpResponse:
    """Back out of the application; the history keeps that it was there."""
    found = _document(request.actor, number)
    try:
        actions.remove_document(document=found, actor=request.actor)
    except Refused as refused:
        messages.error(request, say(refused.errors[0].text))
    return redirect("portal-right", found.authorisation.number)


def _document(actor: Actor, number: str) -> ApplicationDocument:
    rows = ApplicationDocument.objects.visible_to(actor).select_related(
        "authorisation__producer__organisation", "authorisation__producer__division"
    )
    found = rows.defer("data", "authorisation__producer__division__geom").filter(number=number).first()
    if found is None:
        raise Missing
    return found


def right_or_404(actor: Actor, number: str) -> Authorisation:
    rows = Authorisation.objects.visible_to(actor).select_related(
        "title__indication", "title__holder__organisation", "producer__organisation", "producer__division"
    )
    found = rows.defer("producer__division__geom").filter(number=number).first()
    if found is None:
        raise Missing
    return found


def _open_to(actor: Actor, found: Authorisation) -> list[A]:
    """The steps that this person's roles take from here."""
    state, roles = A(found.state), policy.authorisation_roles(actor, found)
    return [to for to, each in MACHINE.get(state, {}).items() if (state, to) in WAYS and roles & each.who]


def _needs(state: A, to: A) -> tuple[Need, ...]:
    return MACHINE[state][to].needs


def _about(found: Authorisation) -> str:
    return f"{name_of(found.title.indication)} · {name_of(found.producer.organisation)}"
