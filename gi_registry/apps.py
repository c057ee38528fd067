from django.apps import AppConfig


class RoofConfig(AppConfig):
    """Where the rooms are put together: pages of the whole, commands, the admin's name."""

    name = "gi_registry"
    label = "roof"
    default_auto_field = "django.db.models.BigAutoField"
