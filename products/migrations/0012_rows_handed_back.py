"""What stood in the rows of a spreadsheet of sites is kept until they are sites, to be handed back with what is wrong."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0011_sheets_of_sites"),
    ]

    operations = [
        migrations.AddField(
            model_name="siteupload",
            name="header",
            field=models.JSONField(blank=True, default=list, help_text="Of a spreadsheet: the names of its columns."),
        ),
        migrations.AddField(
            model_name="siteuploadrow",
            name="cells",
            field=models.JSONField(
                help_text="Of a spreadsheet: Cell.kept, until the row became a site or is forgotten.", null=True
            ),
        ),
    ]
