"""`./gi bench [name]`: measure, print one table, keep JSON under var/bench/."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from gi_registry.bench import report
from gi_registry.bench.measure import MEASUREMENTS
from gi_registry.lib import clock


class Command(BaseCommand):
    help = "Measure speed side by side with an empty view; names: " + ", ".join(MEASUREMENTS)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", choices=[[], *MEASUREMENTS], help="all of them when none is named")
        parser.add_argument("--write", action="store_true", help="write docs/performance.md (all measurements only)")

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["names"] or list(MEASUREMENTS)
        figures = []
        for name in names:
            told = MEASUREMENTS[name](self.stdout.write)
            report.save(name, told, settings.VAR_DIR / "bench")
            figures += told
        self.stdout.write("\n" + report.table(figures))
        if options["write"] and not options["names"]:
            page = settings.BASE_DIR / "docs" / "performance.md"
            page.write_text(report.page(figures, clock.today()), encoding="utf-8")
            self.stdout.write(f"written: {page.relative_to(settings.BASE_DIR)}")
