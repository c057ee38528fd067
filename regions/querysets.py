"""Named filters on one model each. Places are public facts: every actor, also an anonymous one, sees every row."""

from __future__ import annotations

from datetime import date

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import GEOSGeometry
from django.db import models

from gi_registry.lib.access import Actor
from regions.rules.boxes import Envelope
from regions.rules.places import prefix_of


class DivisionQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> DivisionQuerySet:
        """All of them: the division of the country is public."""
        return self.all()

    def current(self) -> DivisionQuerySet:
        return self.filter(valid_to__isnull=True)

    def under(self, code: str) -> DivisionQuerySet:
        """A division and everything inside it, by the digits of its code. ValueError for what is no code."""
        return self.filter(code__startswith=prefix_of(code))

    def containing(self, point: GEOSGeometry) -> DivisionQuerySet:
        """Every level at once, by the subdivided copy (index only); a point on a common line is in both neighbours."""
        return self.filter(pk__in=self.model.objects.filter(parts__geom__intersects=point).values("pk"))

    def envelope(self) -> Envelope | None:
        """The smallest box round all of them, in degrees."""
        limits = self.aggregate(limits=Extent("geom"))["limits"]
        return Envelope(*limits) if limits else None

    def without_geometry(self) -> DivisionQuerySet:
        """For lists: an outline weighs a thousand times more than the name beside it."""
        return self.defer("geom")


class DivisionChangeQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> DivisionChangeQuerySet:
        return self.all()

    def from_code(self, code: str) -> DivisionChangeQuerySet:
        return self.filter(old_code=code)

    def into_code(self, code: str) -> DivisionChangeQuerySet:
        return self.filter(new_code=code)


class RegionQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> RegionQuerySet:
        """All of them: announced regions are public."""
        return self.all()

    def matching(self, text: str) -> RegionQuerySet:
        """Names in either language that contain the text."""
        return self.filter(models.Q(name_zh__icontains=text) | models.Q(name_en__icontains=text))


class BoundaryQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> BoundaryQuerySet:
        return self.all()

    def as_of(self, day: date) -> BoundaryQuerySet:
        """Boundaries that hold on a day; a region may have one for each of its zones."""
        return self.filter(valid__contains=day)

    def containing(self, point: GEOSGeometry) -> BoundaryQuerySet:
        return self.filter(pk__in=self.model.objects.filter(parts__geom__intersects=point).values("pk"))

    def without_geometry(self) -> BoundaryQuerySet:
        return self.defer("geom")
