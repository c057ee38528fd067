"""The counts of checks by cell against the checks themselves: sums days anew, mends what differs and tells it."""

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gi_registry.lib import clock
from trace import actions

DAYS = 3  # a count that went wrong is found on the day after, and once more the day after that
MAX_TOLD = 20


class Command(BaseCommand):
    help = "Sums the checks of the last three days (or of any days) anew by cell and mends every count that differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=date.fromisoformat, help="first day, YYYY-MM-DD (default: two days ago)")
        parser.add_argument("--until", type=date.fromisoformat, help="last day, YYYY-MM-DD (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        until = options["until"] or clock.today()
        since = options["since"] or until - timedelta(days=DAYS - 1)
        if since > until:
            raise CommandError(f"--since {since} > --until {until}")
        mended = actions.roll_up_checks(since=since, until=until)
        for one in mended[:MAX_TOLD]:
            self.stderr.write(f"{one.key}: {one.was} -> {one.count}")
        self.stdout.write(f"counts of checks {since} to {until}: {len(mended)} differed and were mended")
