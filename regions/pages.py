"""Public pages of places: the province with its cities, and one page for every division code, present or former."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gi_registry.lib.access import Actor
from regions import queries
from regions.geometry import Sheet, from_geos
from regions.models import Division
from regions.queries import DivisionRecord
from regions.rules import DivisionLevel
from regions.rules.measures import SQUARE_METRES_PER_MU
from regions.rules.places import prefix_of

SHEET_PX = 420


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """All cities with their counties."""
    rows = Division.objects.visible_to(Actor.ANONYMOUS).current().without_geometry().order_by("code")
    counties = [row for row in rows if row.level == DivisionLevel.COUNTY]
    cities = [row for row in rows if row.level == DivisionLevel.CITY]
    for city in cities:
        city.counties = [row for row in counties if row.code.startswith(prefix_of(city.code))]
    return render(request, "regions/places.html", {"cities": cities, "count": len(counties)})


@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One division: its names, codes and area, its outline, what lies inside and beside it."""
    record = queries.record_of(code, with_geometry=True)
    if record is None:
        raise Http404
    return render(request, "regions/place.html", {"record": record, **(_facts_of(record) if record.division else {})})


def _facts_of(record: DivisionRecord) -> dict[str, object]:
    division = record.division
    children = list(division.children.current().order_by("code"))
    frame = from_geos(division.geom)
    sheet = Sheet(frame, SHEET_PX)
    return {
        "division": division,
        "level": DivisionLevel(division.level),
        "children": children,
        "neighbours": queries.neighbours_of(division).order_by("code"),
        "area_km2": division.area_m2 / 1e6,
        "area_mu": division.area_m2 / SQUARE_METRES_PER_MU,
        "area_wan_mu": division.area_m2 / SQUARE_METRES_PER_MU / 10_000,
        "outline": sheet.draw(frame),
        "inner": [(child, sheet.draw(from_geos(child.geom))) for child in children],
    }
