"""The key that signs certificates: make one, put another in its place, or show who signs."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gi_registry.credentials.issuer import our_issuer, rotate
from gi_registry.lib import jsonio
from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.keyfiles import make


class Command(BaseCommand):
    help = "证书的签发密钥 the key that signs certificates: new | rotate | show (docs/keys.md)"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["new", "rotate", "show"])
        parser.add_argument("--token", metavar="JSON", default="", help="PKCS#11: module, token, key, pin_file")

    def handle(self, *args: Any, **options: Any) -> None:
        told = settings.CREDENTIALS
        try:
            if options["verb"] == "new":
                make(told.key, options["token"])
            if options["verb"] == "rotate":
                rotate(told, options["token"])
            document = our_issuer().document()
        except KeyFault as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(jsonio.dumps(document, is_readable=True).decode())
