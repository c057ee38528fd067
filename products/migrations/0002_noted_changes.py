"""Watches the tables that the map shows, so that its caches know when they changed.

The organisation is shown with its producer, so its table is watched from here."""

from django.db import migrations

from gi_registry.ogc.versions import watch


class Migration(migrations.Migration):
    dependencies = [("products", "0001_register"), ("ogc", "0001_noted_changes")]

    operations = watch(
        "accounts_organisation",
        "products_indication",
        "products_title",
        "products_holder",
        "products_producer",
        "products_site",
        "products_authorisation",
        "products_authorisedsite",
    )
