from django.apps import AppConfig


class OgcConfig(AppConfig):
    """The map engine; the one table it keeps counts the changes of the tables that it shows."""

    name = "gi_registry.ogc"
    label = "ogc"
    default_auto_field = "django.db.models.BigAutoField"
