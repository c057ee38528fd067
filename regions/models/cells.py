"""Hexagons that something was counted in: each kept once, with the outline that a map draws and a box asks."""

from django.contrib.gis.db import models as gis
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func

from gi_registry.ogc.drawing import MERCATOR


class Cell(models.Model):
    """One cell of the H3 grid. ``id`` is the H3 index, ``name`` the same in hex, as H3 libraries write it,
    ``drawn`` the outline in Web Mercator for tiles."""

    id = models.BigIntegerField(primary_key=True)
    name = models.GeneratedField(
        expression=Func(F("id"), function="to_hex"), output_field=models.CharField(max_length=16), db_persist=True
    )
    geom = gis.PolygonField(srid=4326, spatial_index=False)
    drawn = models.GeneratedField(
        expression=Func(F("geom"), template=f"ST_Transform(%(expressions)s, {MERCATOR})"),
        output_field=gis.PolygonField(srid=MERCATOR, spatial_index=False),
        db_persist=True,
    )

    class Meta:
        indexes = [GistIndex(fields=["geom"], name="cell_geom"), GistIndex(fields=["drawn"], name="cell_drawn")]

    def __str__(self) -> str:
        return self.name
