"""The room in which the register is kept."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "products"
    verbose_name = "Register"
    default_auto_field = "django.db.models.BigAutoField"
