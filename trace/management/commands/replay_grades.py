"""Grades of units against the checks that they were concluded from."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from trace import actions

MAX_TOLD = 20


class Command(BaseCommand):
    help = "Works out the grade of every checked unit anew from its checks and PIN tries, and names those that differ."

    def handle(self, *args: Any, **options: Any) -> None:
        found = actions.replay_grades()
        for one in found.differences[:MAX_TOLD]:
            issuance, index = one.unit
            self.stderr.write(f"issuance {issuance}, unit {index}: kept {one.kept}, replayed {one.replayed}")
        self.stdout.write(
            f"units replayed: {found.units}, differing: {len(found.differences)}; of months no longer kept: {found.past}"
        )
        if found.differences:
            raise CommandError("kept grades differ from their checks")
