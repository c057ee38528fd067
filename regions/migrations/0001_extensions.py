"""The extensions that every room's tables stand on. On a host where they are not trusted an administrator makes them first."""

from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        CreateExtension("postgis"),
        BtreeGistExtension(),
        TrigramExtension(),
    ]
