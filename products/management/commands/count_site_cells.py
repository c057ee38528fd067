"""The public map of sites by cell, counted anew. Part of `daily`; run by hand after a first load."""

from typing import Any

from django.core.management.base import BaseCommand

from gi_registry.lib import clock
from products.actions import count_site_cells


class Command(BaseCommand):
    help = "按六边形网格统计生产场地 counts active sites by cell and indication for the public map"

    def handle(self, *args: Any, **options: Any) -> None:
        told = count_site_cells(today=clock.today())
        self.stdout.write(f"场地网格 cells of sites: {told}")
