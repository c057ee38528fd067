"""Thousands of points in one statement: the divisions and production regions that hold them or run close by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from gi_registry.lib.spending import sparingly
from regions.models import Boundary, Division
from regions.rules.gcj02 import Position
from regions.rules.places import chain_of

MAX_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class LocatedPoint:
    """Where one point lies: codes of its divisions from the top, and ``outline_id`` of boundaries."""

    at: Position
    divisions: tuple[str, ...]
    inside: tuple[str, ...]
    near_boundary: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Located:
    """What was found for many points, and each division and boundary that it names, once."""

    on: date
    divisions: list[Division]
    boundaries: list[Boundary]
    points: list[LocatedPoint]


def outline_id(boundary: Boundary) -> str:
    """The number of the region, with the zone where there is one: the id of the feature on the map."""
    number = boundary.region.number
    return f"{number}-{boundary.zone}" if boundary.zone else number


def locate(points: Sequence[Position], on: date) -> Located:
    """Where each point (WGS 84, longitude first) lies on a day, in the order given. Four statements however many.

    ``near_boundary`` names the boundaries whose line runs within their accuracy of the point, on either side: it is near
    whether ``inside`` names them too or not. A zone is told by itself; ``placement_of`` judges a region as a whole.
    Raises Invalid where so many regions lie about these points that the answer would take too long.
    """
    with sparingly("/points"), connection.cursor() as cursor:
        asked = [[longitude for longitude, _ in points], [latitude for _, latitude in points]]
        cursor.execute("SELECT divisions, covering, near FROM regions_locate(%s::float8[], %s::float8[])", asked)
        found = cursor.fetchall()
    divisions = divisions_named({pk for held, _, _ in found for pk in held})
    boundaries = _boundaries({pk for _, covering, near in found for pk in (*covering, *near)}, on)
    ids = {pk: outline_id(row) for pk, row in boundaries.items()}
    chains = _Chains({pk: row.code for pk, row in divisions.items()})
    told = [
        LocatedPoint(
            point,
            chains[tuple(held)],
            tuple(sorted({ids[pk] for pk in covering if pk in ids})),
            tuple(sorted({ids[pk] for pk in near if pk in ids})),
        )
        for point, (held, covering, near) in zip(points, found, strict=True)
    ]
    named = {code for point in told for code in point.divisions}
    return Located(on, [row for row in divisions.values() if row.code in named], list(boundaries.values()), told)


def divisions_named(ids: Iterable[int]) -> dict[int, Division]:
    """Divisions of today by id, in the order of their codes, without outlines."""
    rows = Division.objects.current().without_geometry().select_related("parent").defer("parent__geom")
    return {row.pk: row for row in rows.filter(pk__in=ids).order_by("code")}


def _boundaries(ids: Iterable[int], on: date) -> dict[int, Boundary]:
    rows = Boundary.objects.as_of(on).without_geometry().select_related("region").filter(pk__in=ids)
    return {row.pk: row for row in rows.order_by("region__number", "zone")}


class _Chains(dict[tuple[int, ...], tuple[str, ...]]):
    """Divisions that hold a point -> the chain of codes, judged once: a thousand points share a county."""

    def __init__(self, codes: dict[int, str]) -> None:
        super().__init__()
        self.codes = codes

    def __missing__(self, held: tuple[int, ...]) -> tuple[str, ...]:
        self[held] = chain_of({self.codes[pk] for pk in held if pk in self.codes})
        return self[held]
