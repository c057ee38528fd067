from django.apps import AppConfig


class LibConfig(AppConfig):
    """Shelves that know no room."""

    name = "gi_registry.lib"
    label = "lib"
    default_auto_field = "django.db.models.BigAutoField"
