"""Put what waits in order and publish it: once, or for as long as the process lives."""

import time
from argparse import ArgumentParser
from contextlib import suppress
from threading import Thread
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, close_old_connections

from gi_registry.lib import clock
from gi_registry.openlog.actions import Behind
from gi_registry.openlog.keys import KeyFault, our_log, our_stamper
from gi_registry.openlog.publishing import Log, Tampered
from gi_registry.openlog.stamping import Lost, stamp_due, tell_when_late
from gi_registry.openlog.stamps import Stamper, StampFault
from gi_registry.openlog.store import Clash

PAUSE_S = 1.0
# A full disk, a database away for a moment: nothing is lost meanwhile, so there is no hurry.
PATIENCE_S = 5.0
STAMPS_S = 10.0
log = structlog.get_logger("gi.openlog")


class Command(BaseCommand):
    help = "发布公开日志 put what waits in order, publish tiles and the signed checkpoint (docs/openlog.md)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="一直运行 go on until stopped")
        parser.add_argument(
            "--restore", action="store_true", help="先补回已发布而库中没有的条目 first bring back what was published"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ours, stamper = our_log(), our_stamper()
            if options["restore"]:
                self._restore(ours)
            if options["loop"] and stamper:
                Thread(target=_stamp, args=(ours, stamper), daemon=True).start()
            while True:
                self._round(ours, is_patient=options["loop"])
                if not options["loop"]:
                    if stamper:
                        _stamp_once(ours, stamper, Lost(ours, stamper))
                    return
                close_old_connections()
                time.sleep(PAUSE_S)
        except (KeyFault, Behind, Tampered, Clash) as fault:
            # Nothing more is signed: people must look first.
            log.critical("openlog_stopped", reason=str(fault))
            raise CommandError(str(fault)) from fault

    def _restore(self, ours: Log) -> None:
        try:
            self.stdout.write(f"补回 brought back: {ours.restore()}")
        except OSError as trouble:
            raise CommandError(str(trouble)) from trouble

    def _round(self, ours: Log, *, is_patient: bool) -> None:
        try:
            claim = ours.go_on(clock.now())
        except (OSError, OperationalError) as trouble:
            if not is_patient:
                raise CommandError(str(trouble)) from trouble
            log.error("openlog_waits", reason=str(trouble))
            time.sleep(PATIENCE_S)
            return
        if claim:
            self.stdout.write(f"{claim.size} {claim.root.hex()}")


def _stamp(ours: Log, stamper: Stamper) -> None:
    """Beside the publisher, with a connection of its own: however slow the authority is, no checkpoint waits for it."""
    lost = Lost(ours, stamper)
    while True:
        _stamp_once(ours, stamper, lost)
        close_old_connections()
        time.sleep(STAMPS_S)


def _stamp_once(ours: Log, stamper: Stamper, lost: Lost) -> None:
    """An authority that is silent is no failure of the publisher: what is due is stamped later."""
    try:
        lost.bring_back(clock.now)
        stamp_due(ours, stamper, clock.now)
    except (StampFault, Tampered, Clash, OSError, DatabaseError) as trouble:
        log.warning("openlog_not_stamped", reason=str(trouble))
    with suppress(DatabaseError):
        tell_when_late(clock.now())
