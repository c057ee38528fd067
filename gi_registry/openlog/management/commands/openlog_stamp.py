"""Have the checkpoints stamped that are due: once, now. The publisher does the same as long as it lives."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gi_registry.lib import clock
from gi_registry.openlog.keys import KeyFault, our_log, our_stamper
from gi_registry.openlog.stamping import Lost, last_stamp, stamp_due
from gi_registry.openlog.stamps import StampFault


class Command(BaseCommand):
    help = "为公开日志加盖时间戳 have due checkpoints stamped by the time-stamping authority (docs/openlog.md)"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            stamper = our_stamper()
            if stamper is None:
                raise CommandError("没有设置时间戳机构 no authority is set: GI_OPENLOG_TSA_URL")
            ours = our_log()
            lost, back = Lost(ours, stamper), 0
            while found := lost.bring_back(clock.now):
                back += found
            done = stamp_due(ours, stamper, clock.now)
        except (KeyFault, StampFault, OSError) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{done} · 补回 brought back: {back} · 最近 last: {last_stamp() or '—'}")
