"""The daily turn of dates: specifications take force or are superseded, authorisations past their last day expire."""

from typing import Any

from django.core.management.base import BaseCommand

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from products.actions import expire_authorisations, turn_specifications


class Command(BaseCommand):
    help = "按日期更新技术规范与核准 gives specifications their effect and ends authorisations whose last day has gone"

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        turned = turn_specifications(actor=Actor.SYSTEM, now=now)
        expired = expire_authorisations(actor=Actor.SYSTEM, now=now)
        self.stdout.write(f"技术规范 specifications: {turned}; 核准到期 authorisations expired: {expired}")
