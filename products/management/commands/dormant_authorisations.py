"""The daily clock of non-use: warns at 18 months, proposes to stop at 24. A person stops."""

from typing import Any

from django.core.management.base import BaseCommand

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from products.actions import turn_dormant


class Command(BaseCommand):
    help = "长期未用标提醒 warns authorisations unused for 18 months, proposes to stop those unused for 24"

    def handle(self, *args: Any, **options: Any) -> None:
        warned, proposed = turn_dormant(actor=Actor.SYSTEM, now=clock.now())
        self.stdout.write(f"提醒 warned: {warned}; 提议停止 proposed to stop: {proposed}")
