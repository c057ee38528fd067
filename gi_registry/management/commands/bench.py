"""`./gi bench [name]`: measure, print one table, keep JSON under var/bench/."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from gi_registry.bench import report
from gi_registry.bench.measure import MEASUREMENTS
from gi_registry.lib import clock


class Command(BaseCommand):
    help = "Measure speed side by side; names: " + ", ".join(MEASUREMENTS)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", choices=[[], *MEASUREMENTS], help="all of them when none is named")
        parser.add_argument(
            "--full", action="store_true", help="prove on more, where there is more (check, guesses); takes minutes"
        )
        parser.add_argument("--write", action="store_true", help="write docs/performance.md")

    def handle(self, *args: Any, **options: Any) -> None:
        names, folder = options["names"] or list(MEASUREMENTS), settings.VAR_DIR / "bench"
        figures = []
        for name in names:
            measurement = MEASUREMENTS[name]
            run = (options["full"] and measurement.in_full) or measurement.run
            told = run(self.stdout.write)
            report.save(name, told, clock.today(), folder)
            figures += told
        self.stdout.write("\n" + report.table(figures))
        if options["write"]:
            page = settings.BASE_DIR / "docs" / "performance.md"
            abouts = {name: measurement.about for name, measurement in MEASUREMENTS.items()}
            before = page.read_text(encoding="utf-8") if page.is_file() else ""
            page.write_text(report.page(abouts, folder, before), encoding="utf-8")
            self.stdout.write(f"written: {page.relative_to(settings.BASE_DIR)}")
