"""Questions about places that span models: which division, which boundary, how a site lies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.contrib.gis.db.models import Extent as ExtentOf
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import Q, QuerySet
from shapely.geometry.base import BaseGeometry

from gi_registry.lib.texts import Refusal, Text
from regions.geometry import to_geos
from regions.models import Boundary, Division, DivisionChange, Region
from regions.rules import DivisionLevel, Envelope, Placement, decide_placement
from regions.rules.places import prefix_of

UNKNOWN_DIVISION = Text("没有代码为 {code} 的现行行政区划。", "No division today has the code {code}.")
FORMER_DIVISION = Text("{code} 已停用，现为 {now}。", "The code {code} is no longer used; it is now {now}.")


@dataclass(frozen=True, slots=True)
class DivisionChain:
    """Where a point lies, from the top; None where our outlines say nothing."""

    province: Division | None = None
    city: Division | None = None
    county: Division | None = None

    @property
    def innermost(self) -> Division | None:
        return self.county or self.city or self.province


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


def neighbours_of(division: Division) -> QuerySet[Division]:
    """Divisions of the same level that share a line or a corner with it."""
    rows = Division.objects.current().filter(level=division.level, geom__intersects=division.geom)
    return rows.exclude(pk=division.pk).without_geometry()


def division_faults(codes: Collection[str], pointer: str = "/division_codes") -> list[Refusal]:
    """What is wrong with a list of division codes; an abolished code is answered with its successors."""
    known = set(Division.objects.current().filter(code__in=codes).values_list("code", flat=True))
    changes: dict[str, list[str]] = {}
    for change in DivisionChange.objects.filter(old_code__in=set(codes) - known):
        changes.setdefault(change.old_code, []).append(f"{change.new_code} {change.new_name_zh}")
    faults = []
    for place, code in enumerate(codes):
        if code in known:
            continue
        if code in changes:
            text = FORMER_DIVISION.format(code=code, now="、".join(changes[code]))
            faults.append(Refusal("division_former", text, f"{pointer}/{place}"))
        else:
            faults.append(Refusal("division_unknown", UNKNOWN_DIVISION.format(code=code), f"{pointer}/{place}"))
    return faults


def envelope_of(codes: Collection[str]) -> Envelope | None:
    """The smallest box round some divisions, in degrees."""
    limits = Division.objects.filter(code__in=codes).aggregate(limits=ExtentOf("geom"))["limits"]
    return Envelope(*limits) if limits else None


def boundary_as_of(region: Region, day: date, zone: str = "") -> Boundary | None:
    """The outline of a region, or of one zone, that held on a day."""
    return region.boundaries.as_of(day).filter(zone=zone).first()


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
