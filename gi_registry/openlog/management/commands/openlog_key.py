"""The key of the log: make one, or show its public half."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gi_registry.openlog.keys import KeyFault, make, signer


class Command(BaseCommand):
    help = "公开日志的签名密钥 the key that signs the open log: new | show (docs/openlog.md)"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["new", "show"])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["verb"] == "new":
                make(settings.OPENLOG.key)
            self.stdout.write(str(signer(settings.OPENLOG.key, settings.OPENLOG.origin).key))
        except KeyFault as fault:
            raise CommandError(str(fault)) from fault
