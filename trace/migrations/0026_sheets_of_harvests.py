"""Spreadsheets of harvests, beside those of batches."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trace", "0025_recalls_of_many_batches"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="sheetimport", name="import_kind_known"),
        migrations.AlterField(
            model_name="sheetimport",
            name="kind",
            field=models.CharField(choices=[("batches", "批次"), ("harvests", "采收")], max_length=12),
        ),
        migrations.AddConstraint(
            model_name="sheetimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["batches", "harvests"])), name="import_kind_known"
            ),
        ),
    ]
