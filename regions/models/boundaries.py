"""The outline of a region, or of one of its zones, for a stretch of time."""

import pghistory
import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.models import Q

from gi_registry.ogc.written import WrittenManager, geojson_of
from regions.geometry import SRID
from regions.models.areas import area_of
from regions.models.divisions import Division
from regions.models.regions import Region
from regions.querysets import BoundaryQuerySet
from regions.rules import BoundaryMethod

FLAT_SRID = 3857


# The outline itself can never change, so its history need not repeat it.
@pghistory.track(exclude=["area_m2", "geom", "geojson"])
class Boundary(models.Model):
    """Published once and never redrawn: a new outline is a new row, so that a batch of 2019 keeps the line of 2019.

    ``valid`` holds its first day and not its last (``[from, until)``); an open lower end means "since before our records".
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="boundaries")
    zone = models.CharField(max_length=60, default="", blank=True)
    valid = DateRangeField()
    geom = models.MultiPolygonField(srid=SRID)
    area_m2 = area_of("geom")
    geojson = geojson_of("geom")
    method = models.CharField(max_length=12, choices=BoundaryMethod.choices())
    accuracy_m = models.PositiveIntegerField()
    source_text = models.TextField(default="", blank=True)
    divisions = models.ManyToManyField(Division, related_name="+")
    created_at = models.DateTimeField()

    objects = WrittenManager.from_queryset(BoundaryQuerySet)()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "boundaries"
        constraints = [
            ExclusionConstraint(
                name="boundary_one_at_a_time_for_a_zone",
                expressions=[
                    ("region", RangeOperators.EQUAL),
                    ("zone", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="boundary_holds_for_a_day_at_least"),
            models.CheckConstraint(
                condition=Q(method__in=[word.value for word in BoundaryMethod]), name="boundary_method_is_known"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="outline_never_redrawn", fields=["region", "zone", "geom", "method", "created_at"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.zone} {self.valid}"


class BoundaryPart(models.Model):
    """A piece of a boundary of at most 128 vertices, kept by a trigger."""

    boundary = models.ForeignKey(Boundary, models.CASCADE, related_name="parts")
    geom = models.PolygonField(srid=SRID)

    def __str__(self) -> str:
        return f"part of boundary {self.boundary_id}"


class BoundarySquare(models.Model):
    """A square of the grid of ``sql/regions_squares.sql`` that a boundary holds whole (no ``piece``) or in part, kept by a
    trigger: what makes point-in-region fast."""

    boundary = models.ForeignKey(Boundary, models.CASCADE, related_name="squares")
    square = models.BigIntegerField()
    piece = models.GeometryField(srid=SRID, spatial_index=False, null=True)

    class Meta:
        indexes = [models.Index(fields=["square"], name="regions_boundarysquare_at")]

    def __str__(self) -> str:
        return f"square of boundary {self.boundary_id}"


class BoundaryEdge(models.Model):
    """A run of at most 33 positions of a boundary's line in EPSG:3857, and how far from it, in the units of that plane, a
    point may lie and still be within the accuracy; kept by a trigger, found by ``regions_boundaryedge_box``."""

    boundary = models.ForeignKey(Boundary, models.CASCADE, related_name="edges")
    line = models.LineStringField(srid=FLAT_SRID, spatial_index=False)
    reach = models.FloatField()
    accuracy_m = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"edge of boundary {self.boundary_id}"
