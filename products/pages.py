"""The public pages of the register: the list, a name, a producer. Complete without JavaScript, in two languages."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gi_registry.lib import clock
from gi_registry.lib.texts import Text
from products import queries
from products.forms import RegisterFilter
from products.models import Indication, Producer, Title
from products.rules.words import AuthorisationState, Confidence, SpecificationStatus, TitleKind, TitleStatus
from regions.models import Division
from regions.queries import divisions_matching

PAGE_SIZE = 24
SHOWN_PRODUCERS = 200
SHOWN_PLACES = 6


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The register: searched, narrowed by division and category, page by page."""
    form = RegisterFilter(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = Indication.objects.visible_to(request.actor).order_by("main_division_code", "folded_pinyin")
    if division := asked.get("division"):
        rows = rows.in_divisions(queries.codes_touching(division))
    if category := asked.get("category"):
        rows = rows.filter(category=category)
    text = (asked.get("q") or "").strip()
    found: QuerySet[Indication] | list[Indication] = queries.search(text, within=rows) if text else rows
    page = Paginator(found, PAGE_SIZE).get_page(asked.get("page") or 1)
    names = _division_names(row.main_division_code for row in page)
    context = {
        "form": form,
        "text": text,
        "asked": asked,
        "page": page,
        "places": _places(text) if text else [],
        "narrowed": _division_names([asked["division"]]).get(asked["division"]) if asked.get("division") else None,
        "entries": [(row, names.get(row.main_division_code), Confidence(row.confidence)) for row in page],
        "cities": Division.objects.current().filter(level="city").defer("geom").order_by("code"),
        "categories": _categories(),
        "next": _turned(request.GET, page.next_page_number()) if page.has_next() else None,
        "previous": _turned(request.GET, page.previous_page_number()) if page.has_previous() else None,
    }
    return render(request, "products/register.html", context)


def _places(text: str) -> list[Division]:
    """Divisions of that name, old or new, or code: many look for a name by the county it comes from."""
    return list(divisions_matching(text).current().without_geometry().order_by("code")[:SHOWN_PLACES])


def _turned(query: QueryDict, number: int) -> str:
    turned = query.copy()
    turned["page"] = str(number)
    return f"?{turned.urlencode()}"


def _categories() -> list[Text]:
    rows = Indication.objects.order_by("category").values("category", "category_en").distinct("category")
    return [Text(row["category"], row["category_en"] or row["category"]) for row in rows[:200]]


def _division_names(codes: Any) -> dict[str, Division]:
    rows = Division.objects.filter(code__in=set(codes)).only("code", "name_zh", "name_en", "level")
    return {row.code: row for row in rows}


@dataclass(frozen=True)
class TitleCard:
    """A title as the page shows it."""

    title: Title
    kind: TitleKind
    status: TitleStatus
    stands: bool
    confidence: Confidence
    versions: list[tuple[Any, SpecificationStatus]]


def _card(title: Title) -> TitleCard:
    return TitleCard(
        title=title,
        kind=TitleKind(title.kind),
        status=TitleStatus(title.status),
        stands=title.stands_on(clock.today()),
        confidence=Confidence(title.confidence),
        versions=[(version, SpecificationStatus(version.status)) for version in title.specifications.all()],
    )


@require_safe
def indication(request: HttpRequest, slug: str) -> HttpResponse:
    """A name: titles, specification, who may use the mark, where from, and on what sources it rests."""
    row = queries.with_details(Indication.objects.visible_to(request.actor)).filter(slug=slug).first()
    if row is None:
        raise Http404
    today = clock.today()
    cards = [_card(title) for title in row.public_titles]
    regions = {card.title.region_id: card.title.region for card in cards if card.title.region_id}
    names = _division_names(row.division_codes)
    context = {
        "indication": row,
        "confidence": Confidence(row.confidence),
        "cards": cards,
        "has_versions": any(card.versions for card in cards),
        "stands": any(card.stands for card in cards),
        "regions": list(regions.values()),
        "outline": queries.outline_of(regions, today),
        "divisions": [names[code] for code in row.division_codes if code in names],
        "grants": queries.authorised_producers(row, SHOWN_PRODUCERS),
        "today": today,
    }
    return render(request, "products/indication.html", context)


@require_safe
def producer(request: HttpRequest, number: str) -> HttpResponse:
    """A producer that chose to be shown. Any other, and every household, is not here."""
    rows = Producer.objects.public().select_related("organisation", "division").defer("division__geom")
    row = rows.filter(number=number).first()
    if row is None:
        raise Http404
    today = clock.today()
    grants = [
        (grant, AuthorisationState(grant.state), TitleKind(grant.title.kind), grant.stands_on(today))
        for grant in queries.public_authorisations(row)
    ]
    return render(request, "products/producer.html", {"producer": row, "grants": grants})
