"""Drawing places for the map so that neighbours share one line at every zoom."""

from collections.abc import Iterable

from django.contrib.gis.db.models.functions import Transform
from django.db import connection, transaction

from gi_registry.ogc.drawing import MERCATOR, ZOOMS, tolerance_m
from regions.geometry import as_multipolygon, from_geos, simplify_together, to_geos
from regions.models import Boundary, Division, DivisionDrawing
from regions.models.drawings import BANDS
from regions.rules import DivisionLevel


@transaction.atomic
def draw_divisions(levels: Iterable[DivisionLevel] = DivisionLevel) -> None:
    """Draw the divisions of today anew, those of a level together: apart, their common lines would part."""
    for level in levels:
        rows = Division.objects.current().filter(level=level).order_by("code")
        lines = dict(rows.annotate(line=Transform("geom", MERCATOR)).values_list("pk", "line"))
        if not lines:
            continue
        drawings = {pk: DivisionDrawing(division_id=pk) for pk in lines}
        for zoom, band in zip(ZOOMS, BANDS, strict=True):
            drawn = simplify_together([from_geos(line) for line in lines.values()], tolerance_m(zoom))
            for drawing, shape in zip(drawings.values(), drawn, strict=True):
                setattr(drawing, band, to_geos(as_multipolygon(shape), MERCATOR))
        DivisionDrawing.objects.bulk_create(
            drawings.values(), update_conflicts=True, unique_fields=["division"], update_fields=BANDS
        )


def draw_by_divisions(boundary: Boundary) -> None:
    """A union of divisions is drawn by their lines."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT regions_draw_by_divisions(%s)", [boundary.pk])
