"""Spreadsheets of transfers, beside those of batches and harvests."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trace", "0026_sheets_of_harvests"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="sheetimport", name="import_kind_known"),
        migrations.AlterField(
            model_name="sheetimport",
            name="kind",
            field=models.CharField(
                choices=[("batches", "批次"), ("harvests", "采收"), ("transfers", "流转")], max_length=12
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["batches", "harvests", "transfers"])), name="import_kind_known"
            ),
        ),
    ]
