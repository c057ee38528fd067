"""The key of the log: make one, or show its public half."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gi_registry.openlog.keys import KeyFault, make, make_sm2, public_keys


class Command(BaseCommand):
    help = "公开日志的签名密钥 the key that signs the open log: new | new-sm2 | show (docs/openlog.md)"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["new", "new-sm2", "show"])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["verb"] == "new":
                make(settings.OPENLOG.key)
            if options["verb"] == "new-sm2":
                if settings.OPENLOG.sm2_key is None:
                    raise CommandError("GI_OPENLOG_SM2_KEY 未设置 is not set")
                make_sm2(settings.OPENLOG.sm2_key)
            for key in public_keys():
                self.stdout.write(str(key))
        except KeyFault as fault:
            raise CommandError(str(fault)) from fault
