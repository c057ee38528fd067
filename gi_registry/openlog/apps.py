from django.apps import AppConfig


class OpenlogConfig(AppConfig):
    """What the registry published, in an order that nobody can change unseen."""

    name = "gi_registry.openlog"
    label = "openlog"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Open log"
