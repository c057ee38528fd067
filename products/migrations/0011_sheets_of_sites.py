"""Files of sites may be spreadsheets too."""

from django.db import migrations, models

FORMATS = [
    ("geojson", "GeoJSON"),
    ("shapefile", "Shapefile（ZIP）"),
    ("geopackage", "GeoPackage"),
    ("sheet", "表格"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0010_documents_of_applications"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="siteupload", name="upload_format_known"),
        migrations.AlterField(
            model_name="siteupload", name="format", field=models.CharField(choices=FORMATS, max_length=12)
        ),
        migrations.AddConstraint(
            model_name="siteupload",
            constraint=models.CheckConstraint(
                condition=models.Q(("format__in", [name for name, _ in FORMATS])), name="upload_format_known"
            ),
        ),
    ]
