"""Daily: what is unusual about the checks of a batch, handed to its officials as an alert."""

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gi_registry.lib import clock
from trace import actions

DAYS = 2
MAX_TOLD = 20


class Command(BaseCommand):
    help = "Looks at every batch of which a unit was checked yesterday or today (or on any days), and opens alerts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=date.fromisoformat, help="first day, YYYY-MM-DD (default: yesterday)")
        parser.add_argument("--until", type=date.fromisoformat, help="last day, YYYY-MM-DD (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        until = options["until"] or clock.day_of(now)
        since = options["since"] or until - timedelta(days=DAYS - 1)
        if since > until:
            raise CommandError(f"--since {since} > --until {until}")
        found = actions.find_patterns(since=since, until=until, now=now)
        for one in found[:MAX_TOLD]:
            self.stdout.write(f"{one.lot}: {', '.join(one.causes)}")
        self.stdout.write(f"batches with unusual checks {since} to {until}: {len(found)}")
