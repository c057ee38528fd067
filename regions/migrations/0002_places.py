import django.contrib.gis.db.models.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import gi_registry.lib.ids
import regions.models.areas


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("regions", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Division",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=6, unique=True)),
                ("name_zh", models.CharField(max_length=60)),
                ("name_en", models.CharField(max_length=120)),
                ("pinyin", models.CharField(max_length=120)),
                ("initials", models.CharField(max_length=30)),
                (
                    "level",
                    models.CharField(
                        choices=[("province", "省级"), ("city", "地级"), ("county", "县级")], max_length=8
                    ),
                ),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("geom", django.contrib.gis.db.models.fields.MultiPolygonField(srid=4326)),
                (
                    "area_m2",
                    models.GeneratedField(
                        db_persist=True,
                        expression=regions.models.areas.EllipsoidalArea(models.F("geom")),
                        output_field=models.FloatField(),
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="regions.division",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[1-9][0-9]{5}$")), name="division_code_has_six_digits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["province", "city", "county"])),
                        name="division_level_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="division_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=200)),
                ("source_text", models.TextField()),
                ("source", models.TextField(blank=True, default="")),
                (
                    "extent",
                    models.CharField(
                        choices=[
                            ("whole", "整个行政区划"),
                            ("townships", "部分乡镇或村"),
                            ("one_township", "一个乡镇"),
                        ],
                        max_length=12,
                    ),
                ),
                ("accuracy_m", models.PositiveIntegerField()),
                ("declared_west", models.CharField(blank=True, default="", max_length=40)),
                ("declared_east", models.CharField(blank=True, default="", max_length=40)),
                ("declared_south", models.CharField(blank=True, default="", max_length=40)),
                ("declared_north", models.CharField(blank=True, default="", max_length=40)),
                (
                    "declared_check",
                    models.CharField(
                        choices=[
                            ("absent", "未公布经纬度范围"),
                            ("unreadable", "公布的经纬度无法识读"),
                            ("agrees", "与行政区划相符"),
                            ("doubtful", "存疑"),
                            ("wrong", "有误"),
                        ],
                        default="absent",
                        max_length=10,
                    ),
                ),
                ("declared_note_zh", models.TextField(blank=True, default="")),
                ("declared_note_en", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("declared_check__in", ["absent", "unreadable", "agrees", "doubtful", "wrong"])
                        ),
                        name="region_box_check_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("extent__in", ["whole", "townships", "one_township"])),
                        name="region_extent_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Boundary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("zone", models.CharField(blank=True, default="", max_length=60)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("geom", django.contrib.gis.db.models.fields.MultiPolygonField(srid=4326)),
                (
                    "area_m2",
                    models.GeneratedField(
                        db_persist=True,
                        expression=regions.models.areas.EllipsoidalArea(models.F("geom")),
                        output_field=models.FloatField(),
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("divisions", "由行政区划合并"),
                            ("digitised", "按公告文字或图件数字化"),
                            ("surveyed", "实地测量"),
                        ],
                        max_length=12,
                    ),
                ),
                ("accuracy_m", models.PositiveIntegerField()),
                ("source_text", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField()),
                ("divisions", models.ManyToManyField(related_name="+", to="regions.division")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="boundaries", to="regions.region"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "boundaries",
                "ordering": ["-id"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("region", "="), ("zone", "="), ("valid", "&&")],
                        name="boundary_one_at_a_time_for_a_zone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="boundary_holds_for_a_day_at_least"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("method__in", ["divisions", "digitised", "surveyed"])),
                        name="boundary_method_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(default=gi_registry.lib.ids.new_number, editable=False, max_length=10)),
                ("slug", models.SlugField(db_index=False, max_length=80)),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=200)),
                ("source_text", models.TextField()),
                ("source", models.TextField(blank=True, default="")),
                (
                    "extent",
                    models.CharField(
                        choices=[
                            ("whole", "整个行政区划"),
                            ("townships", "部分乡镇或村"),
                            ("one_township", "一个乡镇"),
                        ],
                        max_length=12,
                    ),
                ),
                ("accuracy_m", models.PositiveIntegerField()),
                ("declared_west", models.CharField(blank=True, default="", max_length=40)),
                ("declared_east", models.CharField(blank=True, default="", max_length=40)),
                ("declared_south", models.CharField(blank=True, default="", max_length=40)),
                ("declared_north", models.CharField(blank=True, default="", max_length=40)),
                (
                    "declared_check",
                    models.CharField(
                        choices=[
                            ("absent", "未公布经纬度范围"),
                            ("unreadable", "公布的经纬度无法识读"),
                            ("agrees", "与行政区划相符"),
                            ("doubtful", "存疑"),
                            ("wrong", "有误"),
                        ],
                        default="absent",
                        max_length=10,
                    ),
                ),
                ("declared_note_zh", models.TextField(blank=True, default="")),
                ("declared_note_en", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="regions.region",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BoundaryPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("geom", django.contrib.gis.db.models.fields.PolygonField(srid=4326)),
                (
                    "boundary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="regions.boundary"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DivisionChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_code", models.CharField(max_length=6)),
                ("old_name_zh", models.CharField(max_length=60)),
                ("old_name_en", models.CharField(blank=True, default="", max_length=120)),
                ("new_code", models.CharField(max_length=6)),
                ("new_name_zh", models.CharField(max_length=60)),
                ("new_name_en", models.CharField(blank=True, default="", max_length=120)),
                ("share", models.CharField(choices=[("whole", "全部"), ("part", "部分")], max_length=5)),
                ("changed_after", models.DateField()),
                ("changed_before", models.DateField()),
                ("changed_on", models.DateField(null=True)),
                ("note_zh", models.TextField(blank=True, default="")),
                ("note_en", models.TextField(blank=True, default="")),
                ("source", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": ["old_code", "new_code"],
                "indexes": [models.Index(fields=["new_code"], name="division_change_into")],
                "constraints": [
                    models.UniqueConstraint(fields=("old_code", "new_code"), name="division_change_once"),
                    models.CheckConstraint(
                        condition=models.Q(("share__in", ["whole", "part"])), name="division_change_share_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("changed_after__lte", models.F("changed_before")),
                            models.Q(
                                ("changed_on__isnull", True),
                                models.Q(
                                    ("changed_on__gte", models.F("changed_after")),
                                    ("changed_on__lte", models.F("changed_before")),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="division_change_dates_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DivisionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.CharField(max_length=6)),
                ("name_zh", models.CharField(max_length=60)),
                ("name_en", models.CharField(max_length=120)),
                ("pinyin", models.CharField(max_length=120)),
                ("initials", models.CharField(max_length=30)),
                (
                    "level",
                    models.CharField(
                        choices=[("province", "省级"), ("city", "地级"), ("county", "县级")], max_length=8
                    ),
                ),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("geom", django.contrib.gis.db.models.fields.MultiPolygonField(srid=4326)),
                (
                    "parent",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="regions.division",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="regions.division",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DivisionPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("geom", django.contrib.gis.db.models.fields.PolygonField(srid=4326)),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="regions.division"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BoundaryEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("zone", models.CharField(blank=True, default="", max_length=60)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("divisions", "由行政区划合并"),
                            ("digitised", "按公告文字或图件数字化"),
                            ("surveyed", "实地测量"),
                        ],
                        max_length=12,
                    ),
                ),
                ("accuracy_m", models.PositiveIntegerField()),
                ("source_text", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField()),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="regions.boundary",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="regions.region",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="region",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "regions_regionevent" ("accuracy_m", "created_at", "declared_check", "declared_east", "declared_north", "declared_note_en", "declared_note_zh", "declared_south", "declared_west", "extent", "id", "name_en", "name_zh", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "source", "source_text", "updated_at", "version") VALUES (NEW."accuracy_m", NEW."created_at", NEW."declared_check", NEW."declared_east", NEW."declared_north", NEW."declared_note_en", NEW."declared_note_zh", NEW."declared_south", NEW."declared_west", NEW."extent", NEW."id", NEW."name_en", NEW."name_zh", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug", NEW."source", NEW."source_text", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="771ac8fab6395ded084e781b08cfe808a46d93ae",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5c668",
                    table="regions_region",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="region",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "regions_regionevent" ("accuracy_m", "created_at", "declared_check", "declared_east", "declared_north", "declared_note_en", "declared_note_zh", "declared_south", "declared_west", "extent", "id", "name_en", "name_zh", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "source", "source_text", "updated_at", "version") VALUES (NEW."accuracy_m", NEW."created_at", NEW."declared_check", NEW."declared_east", NEW."declared_north", NEW."declared_note_en", NEW."declared_note_zh", NEW."declared_south", NEW."declared_west", NEW."extent", NEW."id", NEW."name_en", NEW."name_zh", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."slug", NEW."source", NEW."source_text", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="c141766ade6b7c31c82649e9c143c5856b2bd355",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ce801",
                    table="regions_region",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="division",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "regions_divisionevent" ("code", "geom", "id", "initials", "level", "name_en", "name_zh", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinyin", "valid_from", "valid_to") VALUES (NEW."code", NEW."geom", NEW."id", NEW."initials", NEW."level", NEW."name_en", NEW."name_zh", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pinyin", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="82b23a397901d36213a8f872e7b938356c017c5c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_670e2",
                    table="regions_division",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="division",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."geom" IS DISTINCT FROM (NEW."geom") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."initials" IS DISTINCT FROM (NEW."initials") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."name_en" IS DISTINCT FROM (NEW."name_en") OR OLD."name_zh" IS DISTINCT FROM (NEW."name_zh") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."pinyin" IS DISTINCT FROM (NEW."pinyin") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to"))',
                    func='INSERT INTO "regions_divisionevent" ("code", "geom", "id", "initials", "level", "name_en", "name_zh", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinyin", "valid_from", "valid_to") VALUES (NEW."code", NEW."geom", NEW."id", NEW."initials", NEW."level", NEW."name_en", NEW."name_zh", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pinyin", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="e221c4ce995565aecf0818e09234faa90b8598c2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5abcd",
                    table="regions_division",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="divisionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a6328f349b7615da8aa4d4c37328294c42712cfe",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_520c2",
                    table="regions_divisionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundaryevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a0c552fe25852d5a26208aa8c0d4b82be65770b2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d952a",
                    table="regions_boundaryevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundary",
            trigger=pgtrigger.compiler.Trigger(
                name="outline_never_redrawn",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."zone" IS DISTINCT FROM (NEW."zone") OR OLD."geom" IS DISTINCT FROM (NEW."geom") OR OLD."method" IS DISTINCT FROM (NEW."method") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="891dc73899619e40b6e629c87a5638b42c4ca4c9",
                    operation="UPDATE",
                    pgid="pgtrigger_outline_never_redrawn_ad391",
                    table="regions_boundary",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundary",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="d001676dcad9c39a5a261b6cdeb85d1ce07b20ec",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_87963",
                    table="regions_boundary",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundary",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "regions_boundaryevent" ("accuracy_m", "created_at", "id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source_text", "valid", "zone") VALUES (NEW."accuracy_m", NEW."created_at", NEW."id", NEW."method", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."region_id", NEW."source_text", NEW."valid", NEW."zone"); RETURN NULL;',
                    hash="bf6d5851e901528535ef437c7fa52c5189e2dd0e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f3daa",
                    table="regions_boundary",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundary",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."accuracy_m" IS DISTINCT FROM (NEW."accuracy_m") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."method" IS DISTINCT FROM (NEW."method") OR OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."source_text" IS DISTINCT FROM (NEW."source_text") OR OLD."valid" IS DISTINCT FROM (NEW."valid") OR OLD."zone" IS DISTINCT FROM (NEW."zone"))',
                    func='INSERT INTO "regions_boundaryevent" ("accuracy_m", "created_at", "id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source_text", "valid", "zone") VALUES (NEW."accuracy_m", NEW."created_at", NEW."id", NEW."method", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."region_id", NEW."source_text", NEW."valid", NEW."zone"); RETURN NULL;',
                    hash="a375c8dc7badc1303f3c5e982ba8a319d9d1d43d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7a688",
                    table="regions_boundary",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="regionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1538ddab550a77ee93d293300216e81a6990de6a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_26e74",
                    table="regions_regionevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
