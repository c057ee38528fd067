"""The room of places."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from regions.checks import extensions_are_installed


class RegionsConfig(AppConfig):
    name = "regions"
    verbose_name = "行政区划与产地范围"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(extensions_are_installed, Tags.database)
