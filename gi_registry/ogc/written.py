"""Outlines kept as the text in which the map answers them: to write a long one takes longer than all the rest of a page."""

from django.db import models
from django.db.models import F, Func

from gi_registry.ogc.crs import CRS84


def geojson_of(field: str) -> models.GeneratedField:
    """A stored generated column: a geometry column in EPSG:4326 as GeoJSON (RFC 7946), to the digits of CRS84."""
    written = Func(F(field), template=f"ST_AsGeoJSON(%(expressions)s, {CRS84.digits}, 0)")
    return models.GeneratedField(expression=written, output_field=models.TextField(), db_persist=True)


class WrittenManager(models.Manager):
    """Of a model with such a column ``geojson``: it stays in the database, as only the map reads it. ``deferred`` names what
    else does."""

    deferred: tuple[str, ...] = ("geojson",)

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().defer(*self.deferred)
