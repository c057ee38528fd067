"""Daily housekeeping of checks: next months' partitions are made, keys of past days destroyed. Safe to run at any time."""

from typing import Any

from django.core.management.base import BaseCommand

from gi_registry.lib import clock
from trace import actions


class Command(BaseCommand):
    help = "Makes the partitions of checks for this month and the next three, and destroys device keys older than 48 hours."

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        made = actions.make_partitions(today=clock.day_of(now))
        destroyed = actions.destroy_old_keys(now=now)
        self.stdout.write(f"partitions made: {', '.join(made) or 'none missing'}; device keys destroyed: {destroyed}")
