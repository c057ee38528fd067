"""Questions about production regions: which boundary held on a day, how a site lies against it, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import Prefetch, QuerySet
from shapely.geometry.base import BaseGeometry

from gi_registry.lib.history import histories_of, history_of
from regions.geometry import to_geos
from regions.models import Boundary, Division, Region
from regions.rules import Placement, decide_placement

MAX_OUTLINES_TOLD = 20


@dataclass(frozen=True, slots=True)
class PlacementFinding:
    """How a site lies against a region on a day.

    ``distance_m``: for a site wholly inside, how near it comes to the line; otherwise how far it reaches beyond it.
    ``boundary_id`` names the boundary judged against: with several zones in force, the one with most of the site.
    """

    placement: Placement
    inside_share: float
    is_covered: bool
    distance_m: float
    accuracy_m: float
    boundary_id: int

    @classmethod
    def of(
        cls, boundary_id: int, accuracy_m: float, is_covered: bool, inside_share: float, distance_m: float
    ) -> PlacementFinding:
        """Judge what ``regions_place_site`` measured."""
        placement = decide_placement(is_covered=is_covered, distance_m=distance_m, accuracy_m=accuracy_m)
        return cls(placement, min(1.0, max(0.0, inside_share)), is_covered, distance_m, accuracy_m, boundary_id)

    @property
    def boundary(self) -> Boundary:
        return Boundary.objects.get(pk=self.boundary_id)


def boundary_as_of(region: Region, day: date, zone: str = "") -> Boundary | None:
    """The outline of a region, or of one zone, that held on a day."""
    return region.boundaries.as_of(day).filter(zone=zone).first()


def boundaries_held(region: Region, day: date, *, with_geometry: bool = False) -> QuerySet[Boundary]:
    """The outlines of a region on a day, one for each zone."""
    rows = region.boundaries.as_of(day) if with_geometry else region.boundaries.as_of(day).without_geometry()
    return rows.prefetch_related(_named_divisions()).order_by("zone")


def boundaries_of(region: Region) -> QuerySet[Boundary]:
    """Every outline that the region or a zone of it ever had, without the lines themselves."""
    return region.boundaries.without_geometry().prefetch_related(_named_divisions())


def history_of_region(region: Region) -> list[dict[str, Any]]:
    """The changes of a region and of its latest outlines together, newest first (lib.history), each with its ``zone``
    where it is an outline that changed."""
    told = [{**event, "zone": None} for event in history_of(region)]
    for boundary, events in histories_of(region.boundaries.without_geometry()[:MAX_OUTLINES_TOLD]):
        told.extend({**event, "zone": boundary.zone} for event in events)
    return sorted(told, key=lambda event: event["at"], reverse=True)


def _named_divisions() -> Prefetch:
    return Prefetch("divisions", Division.objects.without_geometry())


def regions_filtered(
    rows: QuerySet[Region],
    *,
    day: date,
    q: str | None = None,
    division: str | None = None,
    at: GEOSGeometry | None = None,
) -> QuerySet[Region]:
    """A list of regions narrowed by name, by a division they are drawn from, or by a point they hold on a day."""
    if q:
        rows = rows.matching(q.strip())
    if division:
        held = Boundary.objects.as_of(day).filter(divisions__code=division)
        rows = rows.filter(pk__in=held.values("region_id"))
    if at:
        rows = rows.filter(pk__in=regions_at(at, day).values("pk"))
    return rows


def regions_at(point: GEOSGeometry, day: date) -> QuerySet[Region]:
    """Regions whose boundary holds a point on a day, by the subdivided copy."""
    held = Boundary.objects.as_of(day).containing(point).values("region_id")
    return Region.objects.filter(pk__in=held)


def placement_of(
    region: Region, site: BaseGeometry | GEOSGeometry, on: date, zone: str | None = None
) -> PlacementFinding | None:
    """How a site lies against a region on a day: inside, outside, or near the line and so for a person to check.

    All zones in force count together unless one is named. None: no boundary of the region holds on that day, so nothing
    can be said. Distances are geodesic metres. One query.
    """
    geometry = to_geos(site) if isinstance(site, BaseGeometry) else site
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT boundary_id, accuracy_m, is_covered, inside_share, distance_m"
            " FROM regions_place_site(%s, %s, %s, ST_GeomFromWKB(%s, 4326))",
            [region.pk, on, zone, bytes(geometry.wkb)],
        )
        row = cursor.fetchone()
    return PlacementFinding.of(*row) if row else None
