"""Outlines as the text in which the map answers them.

A generated column: those that exist are filled here (the table is rewritten, and locked meanwhile), and none can ever
differ from its outline.
"""

from django.db import migrations, models
from django.db.models import F, Func

WRITTEN = "ST_AsGeoJSON(%(expressions)s, 6, 0)"


def from_outline():
    return models.GeneratedField(
        expression=Func(F("geom"), template=WRITTEN), output_field=models.TextField(), db_persist=True
    )


class Migration(migrations.Migration):
    dependencies = [("regions", "0009_points_in_their_order")]

    operations = [
        migrations.AddField("boundary", "geojson", from_outline()),
        migrations.AddField("division", "geojson", from_outline()),
    ]
