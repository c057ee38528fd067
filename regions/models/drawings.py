"""Outlines as the map draws them: in Web Mercator, simplified once for each band of zooms."""

from django.contrib.gis.db import models

from gi_registry.ogc.drawing import MERCATOR, ZOOMS
from regions.models.boundaries import Boundary
from regions.models.divisions import Division


class Drawing(models.Model):
    """``z5`` serves zooms 0 to 5, ``z7`` the two above, and so on: each is simplified to half a pixel at its own zoom."""

    z5 = models.MultiPolygonField(srid=MERCATOR)
    z7 = models.MultiPolygonField(srid=MERCATOR)
    z9 = models.MultiPolygonField(srid=MERCATOR)
    z11 = models.MultiPolygonField(srid=MERCATOR)
    z14 = models.MultiPolygonField(srid=MERCATOR)

    class Meta:
        abstract = True


class DivisionDrawing(Drawing):
    """Made by a trigger from the division alone, then by ``actions.draw_divisions`` so that neighbours share their line."""

    division = models.OneToOneField(Division, models.CASCADE, primary_key=True, related_name="drawing")

    def __str__(self) -> str:
        return f"drawing of division {self.division_id}"


class BoundaryDrawing(Drawing):
    """Made by a trigger; a union of divisions takes over their lines."""

    boundary = models.OneToOneField(Boundary, models.CASCADE, primary_key=True, related_name="drawing")

    def __str__(self) -> str:
        return f"drawing of boundary {self.boundary_id}"


BANDS = tuple(f"z{zoom}" for zoom in ZOOMS)
