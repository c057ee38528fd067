"""Cells in Web Mercator, as tiles draw them."""

import django.contrib.gis.db.models.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0006_cells"),
    ]

    operations = [
        migrations.AddField(
            model_name="cell",
            name="drawn",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(models.F("geom"), template="ST_Transform(%(expressions)s, 3857)"),
                output_field=django.contrib.gis.db.models.fields.PolygonField(spatial_index=False, srid=3857),
            ),
        ),
        migrations.AddIndex(
            model_name="cell",
            index=django.contrib.postgres.indexes.GistIndex(fields=["drawn"], name="cell_drawn"),
        ),
    ]
