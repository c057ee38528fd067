"""Questions about places that span models: which division, which boundary, how a site lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import Prefetch, Q, QuerySet
from shapely.geometry.base import BaseGeometry

from gi_registry.lib.history import histories_of, history_of
from regions.geometry import to_geos
from regions.models import Boundary, Division, DivisionChange, Region
from regions.rules import DivisionLevel, Placement, decide_placement
from regions.rules.places import prefix_of

MAX_OUTLINES_TOLD = 20


@dataclass(frozen=True, slots=True)
class DivisionChain:
    """Where a point lies, from the top; None where our outlines say nothing."""

    province: Division | None = None
    city: Division | None = None
    county: Division | None = None

    @property
    def innermost(self) -> Division | None:
        return self.county or self.city or self.province

    def rows(self) -> list[Division]:
        return [row for row in (self.province, self.city, self.county) if row]


@dataclass(frozen=True, slots=True)
class PlacementFinding:
    """How a site lies against a region on a day.

    ``distance_m``: for a site wholly inside, how near it comes to the line; otherwise how far it reaches beyond it.
    ``boundary_id`` names the boundary judged against: with several zones in force, the one with most of the site.
    """

    placement: Placement
    inside_share: float
    distance_m: float
    accuracy_m: float
    boundary_id: int

    @property
    def boundary(self) -> Boundary:
        return Boundary.objects.get(pk=self.boundary_id)


def divisions_at(point: GEOSGeometry) -> DivisionChain:
    """The province, city and county of a point (one indexed query).

    A point exactly on a common line is in both neighbours; the lower code is taken, so that the answer never wavers.
    """
    found = list(Division.objects.current().containing(point).without_geometry().order_by("code"))
    by_level = {level: [row for row in found if row.level == level] for level in DivisionLevel}
    county = next(iter(by_level[DivisionLevel.COUNTY]), None)
    within = [row for row in found if county is None or county.code.startswith(prefix_of(row.code))]
    city = next((row for row in within if row.level == DivisionLevel.CITY), None)
    province = next((row for row in within if row.level == DivisionLevel.PROVINCE), None)
    return DivisionChain(province, city, county)


def divisions_matching(text: str) -> QuerySet[Division]:
    """Divisions by code, name, pinyin, initials, or any name or code they once had."""
    typed = text.strip()
    latin = typed.replace(" ", "").replace("'", "").lower()
    once = DivisionChange.objects.filter(
        Q(old_name_zh__icontains=typed) | Q(old_name_en__icontains=typed) | Q(old_code=typed)
    ).values("new_code")
    wanted = Q(name_zh__icontains=typed) | Q(name_en__icontains=typed) | Q(code__startswith=typed) | Q(code__in=once)
    if latin:
        wanted |= Q(pinyin__startswith=latin) | Q(initials__startswith=latin)
    return Division.objects.filter(wanted)


def divisions_filtered(
    rows: QuerySet[Division],
    *,
    level: DivisionLevel | None = None,
    parent: str | None = None,
    q: str | None = None,
    at: GEOSGeometry | None = None,
) -> QuerySet[Division]:
    """A list of divisions narrowed by any of these."""
    rows = rows.current().select_related("parent").without_geometry()
    if level:
        rows = rows.filter(level=level)
    if parent:
        rows = rows.filter(parent__code=parent)
    if q:
        rows = rows.filter(pk__in=divisions_matching(q).values("pk"))
    if at:
        rows = rows.filter(pk__in=[row.pk for row in divisions_at(at).rows()])
    return rows


@dataclass(frozen=True, slots=True)
class DivisionRecord:
    """What the register knows of a code: the division it names today, what it became, what went into it."""

    code: str
    division: Division | None
    became: tuple[DivisionChange, ...]
    formerly: tuple[DivisionChange, ...]

    @property
    def is_current(self) -> bool:
        return self.division is not None


def record_of(code: str, *, with_geometry: bool = False) -> DivisionRecord | None:
    """The record of a code, present or former (two queries); None for a code that never was."""
    rows = Division.objects.current().select_related("parent")
    division = (rows if with_geometry else rows.without_geometry()).filter(code=code).first()
    changes = DivisionChange.objects.filter(Q(old_code=code) | Q(new_code=code))
    became = tuple(change for change in changes if change.old_code == code)
    formerly = tuple(change for change in changes if change.new_code == code)
    return DivisionRecord(code, division, became, formerly) if division or became else None


def neighbours_of(division: Division) -> QuerySet[Division]:
    """Divisions of the same level that share a line or a corner with it."""
    rows = Division.objects.current().filter(level=division.level, geom__intersects=division.geom)
    return rows.exclude(pk=division.pk).without_geometry()


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
    if row is None:
        return None
    boundary_id, accuracy_m, is_covered, inside_share, distance_m = row
    placement = decide_placement(is_covered=is_covered, distance_m=distance_m, accuracy_m=accuracy_m)
    return PlacementFinding(placement, min(1.0, max(0.0, inside_share)), distance_m, accuracy_m, boundary_id)
