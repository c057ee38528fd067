"""The key of the log: make one, or show its public half."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gi_registry.lib import clock
from gi_registry.openlog.keys import KeyFault, make, make_sm2, public_keys, rotate
from gi_registry.openlog.publishing import Tampered
from gi_registry.openlog.store import Clash


class Command(BaseCommand):
    help = "公开日志的签名密钥 the key that signs the open log: new | new-sm2 | rotate | show (docs/keys.md)"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["new", "new-sm2", "rotate", "show"])
        parser.add_argument("--token", metavar="JSON", default="", help="PKCS#11: module, token, key, pin_file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["verb"] == "new":
                make(settings.OPENLOG.key, options["token"])
            if options["verb"] == "rotate":
                self.stdout.write(f"{rotate(options['token'], now=clock.now())}")
            if options["verb"] == "new-sm2":
                if settings.OPENLOG.sm2_key is None:
                    raise CommandError("GI_OPENLOG_SM2_KEY 未设置 is not set")
                make_sm2(settings.OPENLOG.sm2_key)
            for key in public_keys():
                self.stdout.write(str(key))
        except (KeyFault, Tampered, Clash, OSError) as fault:
            raise CommandError(str(fault)) from fault
