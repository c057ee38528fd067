"""A file of sites may be in the coordinates of Baidu's map too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0012_rows_handed_back"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="siteupload",
            name="upload_crs_known",
        ),
        migrations.AlterField(
            model_name="siteupload",
            name="crs",
            field=models.CharField(
                choices=[
                    ("EPSG:4326", "WGS 84 经纬度"),
                    ("EPSG:4490", "CGCS2000 经纬度"),
                    ("EPSG:4546", "CGCS2000 三度带，中央经线 111°"),
                    ("EPSG:4547", "CGCS2000 三度带，中央经线 114°"),
                    ("EPSG:4525", "CGCS2000 三度带第 37 带（带号在前）"),
                    ("EPSG:4526", "CGCS2000 三度带第 38 带（带号在前）"),
                    ("gcj02", "GCJ-02（高德、腾讯等地图）"),
                    ("bd09", "BD-09（百度地图）"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="siteupload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "crs__in",
                        ["EPSG:4326", "EPSG:4490", "EPSG:4546", "EPSG:4547", "EPSG:4525", "EPSG:4526", "gcj02", "bd09"],
                    )
                ),
                name="upload_crs_known",
            ),
        ),
    ]
