"""Watches the tables that the map shows, so that its caches know when they changed."""

from django.db import migrations

from gi_registry.ogc.versions import watch


class Migration(migrations.Migration):
    dependencies = [("trace", "0003_settled_batches"), ("ogc", "0001_noted_changes")]

    operations = watch(
        "trace_productform",
        "trace_batch",
        "trace_batch_sites",
    )
