import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import gi_registry.lib.ids
import products.rules.words


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0002_noted_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteUpload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                ("file_name", models.CharField(max_length=120)),
                ("file_sha256", models.CharField(max_length=64)),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("geojson", "GeoJSON"),
                            ("shapefile", "Shapefile（ZIP）"),
                            ("geopackage", "GeoPackage"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "crs",
                    models.CharField(
                        choices=[
                            ("EPSG:4326", "WGS 84 经纬度"),
                            ("EPSG:4490", "CGCS2000 经纬度"),
                            ("EPSG:4546", "CGCS2000 三度带，中央经线 111°"),
                            ("EPSG:4547", "CGCS2000 三度带，中央经线 114°"),
                            ("EPSG:4525", "CGCS2000 三度带第 37 带（带号在前）"),
                            ("EPSG:4526", "CGCS2000 三度带第 38 带（带号在前）"),
                            ("gcj02", "GCJ-02（国内互联网地图）"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "default_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("field", "田地"),
                            ("orchard", "果园"),
                            ("greenhouse", "温室大棚"),
                            ("pond", "池塘"),
                            ("pasture", "牧场"),
                            ("gathering", "采集地"),
                            ("workshop", "加工场所"),
                            ("cellar", "窖藏场所"),
                            ("packhouse", "包装场所"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "unknown_columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("row_count", models.PositiveIntegerField()),
                (
                    "same_as",
                    models.CharField(
                        blank=True, default="", help_text="An earlier upload of the same bytes.", max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("staged", "待登记"),
                            ("committing", "登记中"),
                            ("done", "已完成"),
                            ("discarded", "已放弃"),
                        ],
                        default=products.rules.words.UploadState["STAGED"],
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "indication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.indication"
                    ),
                ),
                (
                    "producer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="site_uploads", to="products.producer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SiteUploadRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("name", models.CharField(blank=True, default="", max_length=80)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("field", "田地"),
                            ("orchard", "果园"),
                            ("greenhouse", "温室大棚"),
                            ("pond", "池塘"),
                            ("pasture", "牧场"),
                            ("gathering", "采集地"),
                            ("workshop", "加工场所"),
                            ("cellar", "窖藏场所"),
                            ("packhouse", "包装场所"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("geom", django.contrib.gis.db.models.fields.GeometryField(null=True, spatial_index=False, srid=4326)),
                (
                    "area_m2",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.F("geom"),
                            template="CASE WHEN ST_Dimension(%(expressions)s) = 2 THEN ST_Area(geography(%(expressions)s)) END",
                        ),
                        output_field=models.FloatField(null=True),
                    ),
                ),
                ("outcome", models.CharField(blank=True, default="", max_length=10)),
                ("faults", models.JSONField(help_text="rules.uploads.stored: versioned, both languages.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待检查"),
                            ("ready", "已检查"),
                            ("faulty", "有错误"),
                            ("left_out", "不登记"),
                            ("done", "已登记"),
                            ("refused", "未通过"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "site",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.site"
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="products.siteupload"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="siteupload",
            index=models.Index(fields=["producer", "file_sha256"], name="upload_of_file"),
        ),
        migrations.AddIndex(
            model_name="siteupload",
            index=models.Index(fields=["state", "created_at"], name="upload_age"),
        ),
        migrations.AddConstraint(
            model_name="siteupload",
            constraint=models.CheckConstraint(
                condition=models.Q(("format__in", ["geojson", "shapefile", "geopackage"])), name="upload_format_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="siteupload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("crs__in", ["EPSG:4326", "EPSG:4490", "EPSG:4546", "EPSG:4547", "EPSG:4525", "EPSG:4526", "gcj02"])
                ),
                name="upload_crs_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteupload",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["staged", "committing", "done", "discarded"])),
                name="upload_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteuploadrow",
            constraint=models.UniqueConstraint(fields=("upload", "number"), name="upload_row_once"),
        ),
        migrations.AddConstraint(
            model_name="siteuploadrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "ready", "faulty", "left_out", "done", "refused"])),
                name="upload_row_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteuploadrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("site__isnull", False), ("state", products.rules.words.UploadRowState["DONE"])),
                    models.Q(
                        models.Q(("state", products.rules.words.UploadRowState["DONE"]), _negated=True),
                        ("site__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="upload_row_done_has_site",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteuploadrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            products.rules.words.UploadRowState["FAULTY"],
                            products.rules.words.UploadRowState["LEFT_OUT"],
                        ],
                    ),
                    ("geom__isnull", False),
                    _connector="OR",
                ),
                name="upload_row_has_shape",
            ),
        ),
    ]
