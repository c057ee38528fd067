"""The room of places."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "regions"
    verbose_name = "行政区划与产地范围"
    default_auto_field = "django.db.models.BigAutoField"
