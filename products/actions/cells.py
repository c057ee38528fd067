"""Counting sites by cell, for everybody: once a day, so that two counts seldom differ by one plot that can be named."""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction

from products.models import Indication, Site, SiteCell
from products.rules.sites import FEWEST_PRODUCERS, SITE_CELL_RESOLUTION
from regions.actions import keep_cells
from regions.rules import cell_at, name_of

M2_A_HECTARE = 10_000
FETCHED_AT_ONCE = 5_000


@dataclass(slots=True)
class _Sum:
    producers: set[int] = field(default_factory=set)
    sites: int = 0
    area_m2: float = 0.0


@transaction.atomic
def count_site_cells(*, today: date) -> int:
    """Count anew the active sites by cell and indication and replace what was counted before; how many rows are told.

    Cells are found from a point within each site: 300,000 sites take seconds, so no site keeps its cell.
    """
    with connection.cursor() as cursor:  # two counts at once would both write every row
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('products.site_cells', 0))")
    told = {place: found for place, found in _sums().items() if len(found.producers) >= FEWEST_PRODUCERS}
    slugs = dict(Indication.objects.values_list("pk", "slug"))
    keep_cells(cells=[cell for cell, _ in told])
    SiteCell.objects.all().delete()
    SiteCell.objects.bulk_create(
        SiteCell(
            key=f"{name_of(cell)}-{slugs[indication]}",
            cell_id=cell,
            indication_id=indication,
            site_count=found.sites,
            area_ha=round(found.area_m2 / M2_A_HECTARE),
            counted_on=today,
        )
        for (cell, indication), found in sorted(told.items())
    )
    return len(told)


def _sums() -> dict[tuple[int, int], _Sum]:
    """Every active site, summed by cell and indication."""
    sums: dict[tuple[int, int], _Sum] = {}
    rows = Site.objects.active().placed().values_list("longitude", "latitude", "indication", "producer", "area_m2")
    for longitude, latitude, indication, producer, area_m2 in rows.iterator(FETCHED_AT_ONCE):
        found = sums.setdefault((cell_at(longitude, latitude, SITE_CELL_RESOLUTION), indication), _Sum())
        found.producers.add(producer)
        found.sites += 1
        found.area_m2 += area_m2 or 0.0
    return sums
