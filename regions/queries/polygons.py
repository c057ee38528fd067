"""Polygons against divisions and production regions: shares, overlaps, and how far they reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from django.db import connection
from shapely.geometry.base import BaseGeometry

from gi_registry.lib.problems import Invalid
from gi_registry.lib.spending import sparingly
from gi_registry.lib.texts import Refusal, Text
from regions.models import Boundary, Division, Region
from regions.queries.points import divisions_named
from regions.queries.regions import PlacementFinding
from regions.rules import Placement

MAX_SHAPES = 500
MAX_POSITIONS = 10_000
MAX_REGIONS = 20
# Outlines of neighbours differ in their last digits: what is shared below this is no share.
LEAST_M2 = 0.01
_UNKNOWN = Text("没有编号为“{number}”的产地范围。", "There is no production region with the number “{number}”.")


@dataclass(frozen=True, slots=True)
class RegionOverlap:
    """How a polygon lies against one region: judged as a site is (``placement_of``)."""

    number: str
    zone: str
    finding: PlacementFinding
    area_m2: float

    @property
    def overlap_m2(self) -> float:
        return self.area_m2 * self.finding.inside_share

    @property
    def beyond_m2(self) -> float:
        return self.area_m2 - self.overlap_m2

    @property
    def beyond_m(self) -> float:
        """How far it reaches beyond the line; 0 where no part lies outside."""
        return 0.0 if self.finding.is_covered else self.finding.distance_m

    @property
    def clearance_m(self) -> float | None:
        """How near a polygon wholly inside comes to the line."""
        return self.finding.distance_m if self.finding.is_covered else None


@dataclass(slots=True)
class AssessedShape:
    """``divisions``: (code, square metres in it), of every level."""

    area_m2: float
    divisions: list[tuple[str, float]] = field(default_factory=list)
    regions: list[RegionOverlap] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Assessed:
    """What was found for many polygons, and each division and region that it names, once."""

    on: date
    divisions: list[Division]
    regions: list[Region]
    shapes: list[AssessedShape]


def assess(shapes: Sequence[BaseGeometry], on: date, numbers: Sequence[str] | None = None) -> Assessed:
    """How polygons (WGS 84) lie on a day against the regions with these numbers, or against all that they meet or come
    within the accuracy of. Six statements however many.

    A named region without a boundary on that day is left out: nothing can be said. Raises Invalid for a number that
    nobody has, and where the answer would take too long.
    """
    named = None if numbers is None else _regions_numbered(numbers)
    wkbs = [shapely.to_wkb(shape) for shape in shapes]
    with sparingly("/shapes"):
        shares = _rows("SELECT place, area_m2, division_id, shared_m2 FROM regions_shares(%s::bytea[])", wkbs)
        findings = _rows(
            "SELECT place, region_id, boundary_id, accuracy_m, is_covered, inside_share, distance_m"
            " FROM regions_assess(%s::bytea[], %s, %s::bigint[])",
            wkbs,
            on,
            None if named is None else [region.pk for region in named],
        )
    divisions = divisions_named({row[2] for row in shares})
    told = _with_divisions(shares, divisions)
    regions = _with_regions(told, findings, is_named=named is not None)
    seen = {code for shape in told for code, _ in shape.divisions}
    return Assessed(on, [row for row in divisions.values() if row.code in seen], regions, told)


def _rows(question: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()


def _regions_numbered(numbers: Sequence[str]) -> list[Region]:
    found = {region.number: region for region in Region.objects.filter(number__in=numbers)}
    faults = [
        Refusal("unknown", _UNKNOWN.format(number=number[:10].replace("{", "").replace("}", "")), f"/regions/{place}")
        for place, number in enumerate(numbers)
        if number not in found
    ]
    if faults:
        raise Invalid(faults)
    return list(found.values())


def _with_divisions(shares: list[tuple[Any, ...]], divisions: dict[int, Division]) -> list[AssessedShape]:
    told: dict[int, AssessedShape] = {}
    for place, area_m2, division_id, shared_m2 in shares:
        shape = told.setdefault(place, AssessedShape(area_m2))
        if division_id in divisions and shared_m2 >= LEAST_M2:
            shape.divisions.append((divisions[division_id].code, shared_m2))
    for shape in told.values():
        shape.divisions.sort()
    return [told[place] for place in sorted(told)]


def _with_regions(told: list[AssessedShape], findings: list[tuple[Any, ...]], *, is_named: bool) -> list[Region]:
    """Hangs the findings on their polygons; gives the regions that are spoken of, by number."""
    regions = Region.objects.in_bulk({row[1] for row in findings})
    zones = dict(Boundary.objects.filter(pk__in={row[2] for row in findings}).values_list("pk", "zone"))
    spoken: dict[int, Region] = {}
    for place, region_id, *measured in findings:
        finding = PlacementFinding.of(*measured)
        shape = told[place - 1]
        is_met = finding.placement is not Placement.OUTSIDE or finding.inside_share * shape.area_m2 >= LEAST_M2
        if is_named or is_met:
            region = spoken[region_id] = regions[region_id]
            zone = zones[finding.boundary_id]
            shape.regions.append(RegionOverlap(region.number, zone, finding, shape.area_m2))
    for shape in told:
        shape.regions.sort(key=lambda overlap: overlap.number)
    return sorted(spoken.values(), key=lambda region: region.number)
