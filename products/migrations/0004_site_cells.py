"""How many sites lie in a cell, for everybody; filled by `manage.py count_site_cells`."""

import django.db.models.deletion
from django.db import migrations, models

from gi_registry.ogc.versions import watch


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0003_site_uploads"),
        ("ogc", "0001_noted_changes"),
        ("regions", "0006_cells"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100, unique=True)),
                ("site_count", models.PositiveIntegerField()),
                ("area_ha", models.PositiveIntegerField()),
                ("counted_on", models.DateField()),
                (
                    "cell",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.cell"),
                ),
                (
                    "indication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.indication"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("cell", "indication"), name="site_cell_once"),
                    models.CheckConstraint(condition=models.Q(("site_count__gte", 3)), name="site_cell_never_few"),
                ],
            },
        ),
        *watch("products_sitecell"),
    ]
