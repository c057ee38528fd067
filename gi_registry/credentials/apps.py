from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """What the registry signs for others to show: certificates as verifiable credentials."""

    name = "gi_registry.credentials"
    label = "credentials"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Credentials"
