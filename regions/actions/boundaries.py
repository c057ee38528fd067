"""Publishing the outline of a region for a stretch of time, and ending one."""

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.gis.db.models import Union
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from shapely.geometry.base import BaseGeometry

from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Refusal, Text
from regions.actions.drawings import draw_by_divisions
from regions.actions.logged import log_boundary
from regions.codes import division_faults
from regions.geometry import as_multipolygon, from_geos, to_geos
from regions.models import Boundary, Division, Region
from regions.rules import BoundaryMethod
from regions.rules.logged import Logged

OVERLAP = Text(
    "该区段在 {first} 至 {last} 已有边界；请先结束它。",
    "This zone already has a boundary from {first} to {last}. End that one first.",
)
OPEN = Text("（不限）", "(open)")
NO_GEOMETRY = Text("请给出几何，或改为由行政区划合并。", "Give a geometry, or let it be the union of divisions.")
NO_DIVISIONS = Text("请给出要合并的行政区划代码。", "Give the codes of the divisions to unite.")
GEOMETRY_TWICE = Text("由行政区划合并时不应再给几何。", "A union of divisions takes no geometry of its own.")
DATES = Text("失效日期应晚于生效日期。", "It must end after it begins.")
NOTHING_TO_END = Text("该区段在此日期没有有效的边界。", "No boundary of this zone holds on that day.")


@transaction.atomic
def publish_boundary(
    *,
    region: Region,
    valid_from: date | None,
    valid_until: date | None = None,
    method: BoundaryMethod = BoundaryMethod.DIVISIONS,
    division_codes: Sequence[str] = (),
    geometry: BaseGeometry | None = None,
    zone: str = "",
    accuracy_m: int | None = None,
    source_text: str = "",
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> Boundary:
    """A new outline of a region or zone, holding from ``valid_from`` up to but not on ``valid_until``.

    It never ends an earlier one on its own: where the two would overlap in time it is Refused, naming the period, so that
    ending a boundary is always somebody's decision (``end_boundary``).
    """
    if valid_from and valid_until and valid_until <= valid_from:
        raise Invalid(Refusal("dates_out_of_order", DATES, "/valid_until"))
    region = Region.objects.select_for_update().get(pk=region.pk)
    if faults := division_faults(division_codes):
        raise Invalid(faults)
    valid = DateRange(valid_from, valid_until)
    outline = _outline(method, division_codes, geometry)
    _refuse_overlap(region, zone, valid)
    with remember(actor, reason):
        boundary = Boundary.objects.create(
            region=region,
            zone=zone,
            valid=valid,
            geom=outline,
            method=method,
            accuracy_m=region.accuracy_m if accuracy_m is None else accuracy_m,
            source_text=source_text,
            created_at=now,
        )
        boundary.divisions.set(Division.objects.filter(code__in=division_codes))
        draw_by_divisions(boundary)
        _touch(region, now)
    log_boundary(Logged.BOUNDARY_PUBLISHED, boundary, actor=actor, now=now, reason=reason)
    return boundary


@transaction.atomic
def end_boundary(
    *, region: Region, ended_on: date, zone: str = "", actor: Actor, now: datetime, reason: str = ""
) -> Boundary:
    """Let the boundary that holds the day before ``ended_on`` hold no longer from that day on."""
    region = Region.objects.select_for_update().get(pk=region.pk)
    begun = Q(valid__startswith__isnull=True) | Q(valid__startswith__lt=ended_on)
    unended = Q(valid__endswith__isnull=True) | Q(valid__endswith__gt=ended_on)
    boundary = region.boundaries.filter(begun, unended, zone=zone).first()
    if boundary is None:
        raise Refused(Refusal("no_boundary_to_end", NOTHING_TO_END, "/ended_on"))
    with remember(actor, reason):
        boundary.valid = DateRange(boundary.valid.lower, ended_on)
        boundary.save(update_fields=["valid"])
        _touch(region, now)
    log_boundary(Logged.BOUNDARY_ENDED, boundary, actor=actor, now=now, reason=reason)
    return boundary


def _outline(method: BoundaryMethod, codes: Sequence[str], geometry: BaseGeometry | None) -> GEOSGeometry:
    if method is not BoundaryMethod.DIVISIONS:
        if geometry is None:
            raise Invalid(Refusal("geometry_missing", NO_GEOMETRY, "/geometry"))
        return to_geos(as_multipolygon(geometry))
    if geometry is not None:
        raise Invalid(Refusal("geometry_unwanted", GEOMETRY_TWICE, "/geometry"))
    if not codes:
        raise Invalid(Refusal("division_codes_empty", NO_DIVISIONS, "/division_codes"))
    united = Division.objects.filter(code__in=codes).aggregate(united=Union("geom"))["united"]
    return to_geos(as_multipolygon(from_geos(united)))


def _refuse_overlap(region: Region, zone: str, valid: DateRange) -> None:
    earlier = region.boundaries.without_geometry().filter(zone=zone, valid__overlap=valid).first()
    if earlier is None:
        return
    first, last = earlier.valid.lower, earlier.valid.upper
    text = Text(
        OVERLAP.zh.format(first=first or OPEN.zh, last=last or OPEN.zh),
        OVERLAP.en.format(first=first or OPEN.en, last=last or OPEN.en),
    )
    raise Refused(Refusal("boundary_overlap", text, "/valid_from"))


def _touch(region: Region, now: datetime) -> None:
    region.version += 1
    region.updated_at = now
    region.save(update_fields=["version", "updated_at"])
