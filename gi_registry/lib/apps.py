from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class LibConfig(AppConfig):
    """Shelves that know no room."""

    name = "gi_registry.lib"
    label = "lib"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        pre_migrate.connect(_take_the_time_it_takes, sender=self)
        post_migrate.connect(_hurry_again, sender=self)


def _take_the_time_it_takes(using: str, **told: Any) -> None:
    """A request's statement is stopped after some seconds; a migration may have to rewrite a table of millions of rows."""
    with connections[using].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")


def _hurry_again(using: str, **told: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("RESET statement_timeout")
