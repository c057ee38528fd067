"""Drives the main job once over HTTP against a running demo and tells every step; ends with 0 or 1."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gi_registry.demo.card import read_card
from gi_registry.demo.journey import Journey, walk
from gi_registry.lib import clock


class Command(BaseCommand):
    help = "登记、放行、读码、查验、上图，各走一遍 registers, releases, reads, checks and maps a batch over HTTP"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", help="where the server answers (default: as in the card)")
        parser.add_argument("--card", type=Path, help="file to read (default var/demo.json)")

    def handle(self, *args: Any, **options: Any) -> None:
        card = read_card(options["card"])
        if not card:
            raise CommandError("没有演示数据 There is no demo yet: ./gi demo")
        base_url = (options["base_url"] or card["base_url"]).rstrip("/")
        for told in walk(Journey(card, base_url, clock.today())):
            mark = "✗" if told.fault else "✓"
            detail = f"  {told.detail}" if told.detail else ""
            self.stdout.write(f"{mark} {told.step.zh} {told.step.en}{detail}  {told.took_ms:.0f} ms", ending="\n")
            if told.fault:
                raise CommandError(told.fault)
        self.stdout.write("通过 The demo does what it promises.")
