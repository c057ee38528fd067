"""Every key of this installation and where it lies; fails where one cannot be used. Never prints a key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gi_registry.inventory import inventory


class Command(BaseCommand):
    help = "密钥清单：用途、状态、存放处 every key: what it signs, whether it still does, where it lies (docs/keys.md)"
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = inventory()
        for key in found:
            note = f"  {key.note.zh} {key.note.en}" if key.note else ""
            self.stdout.write(f"{key.purpose.zh} {key.purpose.en}: {key.use.text.zh} {key.use.text.en}{note}")
            for line in (key.name, key.place, f"{key.fault.zh} {key.fault.en}" if key.fault else ""):
                if line:
                    self.stdout.write(f"    {line}")
        if faults := [key for key in found if key.fault]:
            raise CommandError(
                "无法读取 cannot be read: " + "、".join(f"{key.purpose.zh} {key.purpose.en}" for key in faults)
            )
