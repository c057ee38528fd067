"""Hexagons in which the rooms above count, each kept once with its outline."""

import django.contrib.gis.db.models.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from gi_registry.ogc.versions import watch


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0005_drawings"),
        ("ogc", "0001_noted_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cell",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("id"), function="to_hex"),
                        output_field=models.CharField(max_length=16),
                    ),
                ),
                ("geom", django.contrib.gis.db.models.fields.PolygonField(spatial_index=False, srid=4326)),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GistIndex(fields=["geom"], name="cell_geom")],
            },
        ),
        *watch("regions_cell"),
    ]
