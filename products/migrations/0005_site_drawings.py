"""Sites as tiles draw them: the outline in Web Mercator, and the cell in which a site is counted where it is too small.

Generated columns: those that exist are filled here, and none can ever differ from its outline.
"""

from django.contrib.gis.db.models import GeometryField
from django.contrib.postgres.indexes import GistIndex
from django.db import migrations, models
from django.db.models import F, Func

DRAWN = "ST_Transform(%(expressions)s, 3857)"
MIDDLE = f"ST_Centroid({DRAWN})"
COLUMN = f"floor(2097152 + ST_X({MIDDLE}) * 4194304 / 40075016.685578488)::integer"
ROW = f"floor(2097152 - ST_Y({MIDDLE}) * 4194304 / 40075016.685578488)::integer"


def from_outline(name, template, output_field):
    field = models.GeneratedField(
        expression=Func(F("geom"), template=template), output_field=output_field, db_persist=True
    )
    return migrations.AddField(model_name="site", name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [("products", "0004_site_cells"), ("regions", "0005_drawings")]

    operations = [
        from_outline("drawn", DRAWN, GeometryField(srid=3857)),
        from_outline("cell_column", COLUMN, models.IntegerField()),
        from_outline("cell_row", ROW, models.IntegerField()),
        migrations.AddIndex("site", GistIndex(fields=["drawn"], name="site_drawn")),
        migrations.AddIndex(
            "site",
            models.Index(fields=["cell_column", "cell_row"], include=("division", "producer", "id"), name="site_cells"),
        ),
    ]
