"""Keeping the cells of the grid that something is counted in."""

from collections.abc import Iterable

from django.contrib.gis.geos import Polygon

from regions.models import Cell
from regions.rules import outline_of


def keep_cells(*, cells: Iterable[int]) -> None:
    """Keep those that are not kept yet. Nothing is written when all are, since a write tells every cache to look anew."""
    wanted = set(cells)
    missing = wanted - set(Cell.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    if missing:
        rows = [Cell(pk=cell, geom=Polygon(outline_of(cell), srid=4326)) for cell in sorted(missing)]
        Cell.objects.bulk_create(rows, ignore_conflicts=True)
