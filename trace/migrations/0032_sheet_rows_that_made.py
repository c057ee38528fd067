"""The row of a spreadsheet is found from the batch that it became."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trace", "0030_postings_balanced_by_statement"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="sheetrow",
            index=models.Index(
                condition=models.Q(("made", ""), _negated=True), fields=["made"], name="sheet_row_that_made"
            ),
        ),
    ]
