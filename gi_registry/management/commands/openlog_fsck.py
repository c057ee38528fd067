"""Work the whole log out anew, hold the tables against it, and name what is not what it was."""

from itertools import chain, islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gi_registry.logged import KINDS
from gi_registry.openlog.fsck import differences
from gi_registry.openlog.held import edited
from gi_registry.openlog.keys import KeyFault, our_log

MOST = 1_000


class Command(BaseCommand):
    help = "核对公开日志 hold the published log, every checkpoint ever signed and the tables against each other (docs/openlog.md)"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            log = our_log()
            found = list(islice(chain(differences(log), edited(KINDS)), MOST))
        except (KeyFault, OSError) as fault:
            raise CommandError(str(fault)) from fault
        for difference in found:
            self.stdout.write(str(difference))
        if found:
            more = " 或更多 or more" if len(found) == MOST else ""
            raise CommandError(f"{len(found)}{more} 处不同 differences")
        self.stdout.write(f"{log.published().size}: 完好 whole")
