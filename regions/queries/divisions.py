"""Questions about divisions: which one holds a point, which ones a text means, what became of a code."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q, QuerySet

from regions.models import Division, DivisionChange
from regions.rules import DivisionLevel
from regions.rules.places import chain_of, level_of


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


def divisions_at(point: GEOSGeometry) -> DivisionChain:
    """The province, city and county of a point (one indexed query).

    On a common line the lower code is taken (``rules.places.chain_of``).
    """
    found = {row.code: row for row in Division.objects.current().containing(point).without_geometry()}
    return DivisionChain(**{level_of(code).value: found[code] for code in chain_of(found)})


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
