"""How many sites lie in a cell of the grid: what everybody may know of where an indication is made."""

from django.db import models
from django.db.models import Q

from products.querysets import SiteCellQuerySet
from products.rules.sites import FEWEST_PRODUCERS


class SiteCell(models.Model):
    """The active sites of one indication in one cell of the H3 grid, as counted on a day (``actions.count_site_cells``).

    The whole table is replaced by each count. A cell with fewer than FEWEST_PRODUCERS producers has no row at all.
    ``key`` is the cell and the slug, ``area_ha`` whole hectares of the sites that have an outline.
    """

    key = models.CharField(max_length=100, unique=True)
    cell = models.ForeignKey("regions.Cell", models.PROTECT, related_name="+")
    indication = models.ForeignKey("products.Indication", models.PROTECT, related_name="+")
    site_count = models.PositiveIntegerField()
    area_ha = models.PositiveIntegerField()
    counted_on = models.DateField()

    objects = SiteCellQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cell", "indication"], name="site_cell_once"),
            # Each producer in the count has a site in it.
            models.CheckConstraint(condition=Q(site_count__gte=FEWEST_PRODUCERS), name="site_cell_never_few"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.site_count}"
