"""Watches the tables that the map shows, so that its caches know when they changed."""

from django.db import migrations

from gi_registry.ogc.versions import watch


class Migration(migrations.Migration):
    dependencies = [("regions", "0003_parts_and_placement"), ("ogc", "0001_noted_changes")]

    operations = watch(
        "regions_division",
        "regions_region",
        "regions_boundary",
    )
