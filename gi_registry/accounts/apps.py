from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who people are: users, organisations, memberships, API keys."""

    name = "gi_registry.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "People"
