"""What has to happen once a day. Safe to run at any time and as often as wished."""

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from gi_registry.lib import clock
from gi_registry.lib.models import Allowance, AnsweredRequest
from gi_registry.ogc import versions
from products.actions import forget_uploads
from trace.actions import erase_reports, forget_imports, forget_prints

# A client that repeats a request after a week has lost more than an answer.
ANSWERS_KEPT = timedelta(days=7)


class Command(BaseCommand):
    help = (
        "Partitions and counts of checks, cells of sites; forgets expired device keys, ended sessions, old answers,"
        " files of labels and unfinished uploads."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("partitions", stdout=self.stdout)
        call_command("roll_up_checks", stdout=self.stdout, stderr=self.stderr)
        call_command("find_patterns", stdout=self.stdout)
        call_command("count_site_cells", stdout=self.stdout)
        # Every check leaves notes, also where nobody reads the layer and folds them.
        self.stdout.write(f"notes of changes folded: {versions.fold()}")
        call_command("clearsessions", stdout=self.stdout)
        gone = AnsweredRequest.forget(clock.now() - ANSWERS_KEPT)
        self.stdout.write(f"answers forgotten: {gone}; uses of limits: {Allowance.forget(clock.now())}")
        self.stdout.write(f"print jobs emptied: {forget_prints(now=clock.now())}")
        self.stdout.write(f"reports erased: {erase_reports(now=clock.now())}")
        self.stdout.write(f"uploads given up: {forget_uploads(now=clock.now())}")
        self.stdout.write(f"spreadsheets given up: {forget_imports(now=clock.now())}")
