"""The pages of the whole house: home, what a check proves, the list of problem codes, display settings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.gis.db.models import GeometryField
from django.core.cache import cache
from django.db.models import F, Func, TextField, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from gi_registry.lib.problems import TITLES
from gi_registry.ogc.notices import notice
from products.models import Indication, Producer
from regions.models import Division
from trace.models import Batch
from trace.rules.batches import BatchState

TYPE_COOKIE = "type"
COOKIE_AGE_S = 365 * 24 * 3600
LISTED_PRODUCERS = 200
_LISTED = ("slug", "name_zh", "name_en", "category", "category_en", "main_division_code")
# Batches that a shopper may meet: they count in the figures, drafts and voided ones do not.
SHOWN_STATES = (BatchState.RELEASED, BatchState.ON_HOLD, BatchState.RECALLED, BatchState.CLOSED)
# The sketch behind the map: a hundredth of a degree is a pixel of it, and a degree of longitude is 0.79 of one of
# latitude in the middle of the province.
SKETCH_TOLERANCE_DEG, SKETCH_ASPECT, SKETCH_AGE_S = 0.02, 0.79, 3600


@dataclass
class Place:
    """A city and what comes from it, for the list beside the map."""

    code: str
    name_zh: str
    name_en: str
    indications: list[Indication] = field(default_factory=list)


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page may say about the installation (context processor)."""
    return {"GI_DEMO": settings.GI_DEMO, "MAP_NOTICE": notice()}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, check, and the map with its list. A fixed number of statements, however long the register is."""
    indications = Indication.objects.visible_to(request.actor).order_by("main_division_code", "pinyin")
    listed = list(indications.only(*_LISTED))
    producers = Producer.objects.public().select_related("organisation", "division").defer("division__geom")
    makers = list(producers.order_by("division__code", "number")[:LISTED_PRODUCERS])
    context = {
        "places": by_city(listed),
        "producers": makers,
        "sketch": sketch(),
        "counts": {
            "indications": len(listed),
            "producers": len(makers) if len(makers) < LISTED_PRODUCERS else producers.count(),
            "batches": Batch.objects.filter(state__in=SHOWN_STATES).count(),
        },
    }
    return render(request, "home.html", context)


def by_city(indications: Iterable[Indication]) -> list[Place]:
    """Grouped by the prefecture city of their main division; those of the whole province come first."""
    rows = Division.objects.current().filter(level__in=("province", "city")).order_by("code")
    places = {code[:4]: Place(code, zh, en) for code, zh, en in rows.values_list("code", "name_zh", "name_en")}
    for indication in indications:
        prefix = indication.main_division_code[:4]
        place = places.setdefault(prefix, Place(indication.main_division_code, prefix, prefix))
        place.indications.append(indication)
    return [place for place in places.values() if place.indications]


def sketch() -> list[str]:
    """SVG paths of the cities, for readers without the map; kept for an hour, as cutting them takes a while."""
    return cache.get_or_set("home.sketch", _draw_sketch, SKETCH_AGE_S)


def _draw_sketch() -> list[str]:
    simple = Func(
        F("geom"), Value(SKETCH_TOLERANCE_DEG), function="ST_SimplifyPreserveTopology", output_field=GeometryField()
    )
    flat = Func(simple, Value(SKETCH_ASPECT), Value(1.0), function="ST_Scale", output_field=GeometryField())
    path = Func(flat, Value(0), Value(2), function="ST_AsSVG", output_field=TextField())
    cities = Division.objects.current().filter(level="city").order_by("code")
    return list(cities.annotate(path=path).values_list("path", flat=True))


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What a check proves and what it does not, where the data come from, what is kept."""
    return render(request, "about.html")


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Every part of the look on one page, for whoever builds pages and for the accessibility tests."""
    return render(request, "style.html")


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """What each problem code means: the ``type`` of every problem document leads here."""
    rows = [{"code": code, "status": status, "title": title} for code, (status, title) in TITLES.items()]
    return render(request, "problems.html", {"problems": rows})


@require_safe
def display(request: HttpRequest) -> HttpResponse:
    """Large or usual type, remembered by a cookie, then back to the page one came from."""
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if request.GET.get("type") == "large":
        response.set_cookie(TYPE_COOKIE, "large", max_age=COOKIE_AGE_S, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(TYPE_COOKIE, samesite="Lax")
    return response
