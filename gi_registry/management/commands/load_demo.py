"""Loads the invented producers, people and batches of `fixtures/demo/` and writes `var/demo.json`."""

from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gi_registry.demo.card import card_file, kept_keys, read_card, write_card
from gi_registry.demo.load import card_of, load_demo
from gi_registry.demo.register import NoRegister
from gi_registry.lib import clock


class Command(BaseCommand):
    help = "载入虚构的演示数据 loads the invented demo data; only where GI_DEMO is on; a second run changes nothing"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", default=settings.GI_PUBLIC_URL, help="where the server will answer")
        parser.add_argument("--card", type=Path, help="file to write (default var/demo.json)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.GI_DEMO:
            raise CommandError(
                "演示数据含公开的密码，只能在 GI_DEMO=1 时载入。"
                " The demo has published passwords: it is loaded only where GI_DEMO=1."
            )
        begun, file = perf_counter(), options["card"] or card_file()
        try:
            loaded = load_demo(now=clock.now(), kept_keys=kept_keys(read_card(file)))
        except NoRegister as error:
            raise CommandError(str(error)) from error
        card = card_of(loaded, options["base_url"])
        write_card(card, file)
        took = perf_counter() - begun
        self.stdout.write(f"演示已就绪 Demo ready: {len(card['samples'])} samples, {took:.1f} s, {file}")
