"""Thousands of points in one statement: the divisions and production regions that hold them or run close by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import NamedTuple

from django.db import connection

from gi_registry.lib.spending import sparingly
from regions.models import Boundary, Division
from regions.rules.gcj02 import Position
from regions.rules.places import chain_of

MAX_POINTS = 10_000


class LocatedPoint(NamedTuple):
    """Where one point lies: codes of its divisions from the top, and ids of outlines."""

    at: Position
    divisions: tuple[str, ...]
    inside: tuple[str, ...]
    near_boundary: tuple[str, ...]


class Outline(NamedTuple):
    """A boundary that points refer to. A row and no model: there may be more than a thousand of them."""

    zone: str
    accuracy_m: int
    number: str
    name_zh: str
    name_en: str

    @property
    def id(self) -> str:
        """The number of the region, with the zone where there is one: the id of the feature on the map."""
        return f"{self.number}-{self.zone}" if self.zone else self.number


@dataclass(frozen=True, slots=True)
class Located:
    """What was found for many points, and each division and outline that it names, once."""

    on: date
    divisions: list[Division]
    outlines: list[Outline]
    points: list[LocatedPoint]


def locate(points: Sequence[Position], on: date) -> Located:
    """Where each point (WGS 84, longitude first) lies on a day, in the order given. Four statements however many.

    ``near_boundary`` names the boundaries whose line runs within their accuracy of the point, on either side: it is near
    whether ``inside`` names them too or not. A zone is told by itself; ``placement_of`` judges a region as a whole.
    Raises Invalid where so many regions lie about these points that the answer would take too long.
    """
    with sparingly("/points"), connection.cursor() as cursor:
        # Arrays go and come as text: written at once instead of number by number, and read once where they repeat.
        asked = ["{" + ",".join(map(repr, numbers)) + "}" for numbers in zip(*points, strict=True)]
        cursor.execute(
            "SELECT divisions::text, covering::text, near::text FROM regions_locate(%s::float8[], %s::float8[])", asked
        )
        found = cursor.fetchall()
    held, covering, near = ({text: _ids(text) for text in set(column)} for column in zip(*found, strict=True))
    divisions = divisions_named(set(chain.from_iterable(held.values())))
    named_outlines = _outlines(set(chain.from_iterable((covering | near).values())), on)
    codes = {pk: row.code for pk, row in divisions.items()}
    names = {pk: outline.id for pk, outline in named_outlines.items()}
    chains = {text: chain_of({codes[pk] for pk in ids if pk in codes}) for text, ids in held.items()}
    outlines = {
        text: tuple(sorted({names[pk] for pk in ids if pk in names})) for text, ids in (covering | near).items()
    }
    told = [
        LocatedPoint(point, chains[by_division], outlines[by_area], outlines[by_line])
        for point, (by_division, by_area, by_line) in zip(points, found, strict=True)
    ]
    named = set(chain.from_iterable(chains.values()))
    return Located(on, [row for row in divisions.values() if row.code in named], list(named_outlines.values()), told)


def _ids(text: str) -> list[int]:
    """An array of integers as PostgreSQL writes it."""
    return [int(each) for each in text.strip("{}").split(",") if each]


def divisions_named(ids: Iterable[int]) -> dict[int, Division]:
    """Divisions of today by id, in the order of their codes, without outlines."""
    rows = Division.objects.current().without_geometry().select_related("parent").defer("parent__geom")
    return {row.pk: row for row in rows.filter(pk__in=ids).order_by("code")}


def _outlines(ids: Iterable[int], on: date) -> dict[int, Outline]:
    rows = Boundary.objects.as_of(on).filter(pk__in=ids).order_by("region__number", "zone")
    told = rows.values_list("pk", "zone", "accuracy_m", "region__number", "region__name_zh", "region__name_en")
    return {pk: Outline(*row) for pk, *row in told}
