"""Areas are computed, never typed: by the database, on the ellipsoid, whenever the geometry changes."""

from django.contrib.gis.db import models
from django.db.models import F, Func


class EllipsoidalArea(Func):
    """``ST_Area(geom::geography)`` in square metres: WGS 84 ellipsoid, within 2e-8 of an equal-area projection."""

    function = "ST_Area"
    template = "%(function)s(%(expressions)s::geography)"
    output_field = models.FloatField()


def area_of(field: str) -> models.GeneratedField:
    """A stored generated column with the area of a geometry column in square metres."""
    return models.GeneratedField(
        expression=EllipsoidalArea(F(field)), output_field=models.FloatField(), db_persist=True
    )
