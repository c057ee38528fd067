"""Spreadsheets on their way into the register; and the wall round the sites of a batch asks by the key alone."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import gi_registry.lib.ids
import trace.models.imports

SETTLED = """
-- The sites of a batch are part of what was registered: like its dates they change while it is a draft, and never after.
-- Two questions and not one: each is a look by the key, whatever the planner thinks of a table that has just been filled.
CREATE OR REPLACE FUNCTION trace_batch_sites_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM trace_batch b WHERE b.id = OLD.batch_id AND b.state <> 'draft')
        OR TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM trace_batch b WHERE b.id = NEW.batch_id AND b.state <> 'draft') THEN
        RAISE EXCEPTION 'the sites of a registered batch are never changed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END;
$$;
"""

SETTLED_BEFORE = """
-- The sites of a batch are part of what was registered: like its dates they change while it is a draft, and never after.
CREATE OR REPLACE FUNCTION trace_batch_sites_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM trace_batch b
        WHERE b.state <> 'draft'
          AND b.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.batch_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.batch_id END)
    ) THEN
        RAISE EXCEPTION 'the sites of a registered batch are never changed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0008_written_outlines"),
        ("trace", "0021_recalls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SheetImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                ("kind", models.CharField(choices=[("batches", "批次")], max_length=12)),
                ("file_name", models.CharField(max_length=120)),
                ("file_sha256", models.CharField(max_length=64)),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("xlsx", "Excel 工作簿（xlsx）"),
                            ("xls", "旧版 Excel 工作簿（xls）"),
                            ("ods", "OpenDocument 表格（ods）"),
                            ("csv", "文本表格（csv）"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "正在检查"),
                            ("checked", "待确认"),
                            ("entering", "正在导入"),
                            ("done", "已导入"),
                            ("failed", "无法读取"),
                            ("discarded", "已放弃"),
                        ],
                        default="checking",
                        max_length=10,
                    ),
                ),
                (
                    "header",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("header_row", models.PositiveIntegerField(default=0)),
                (
                    "unknown_columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                (
                    "notes",
                    models.JSONField(
                        default=list, help_text="gi_registry.lib.spreadsheets.notes_of: [code, values] each."
                    ),
                ),
                (
                    "groups",
                    models.JSONField(
                        default=trace.models.imports.no_groups, help_text="trace.rules.imports.Groups.kept: versioned."
                    ),
                ),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("ready_count", models.PositiveIntegerField(default=0)),
                ("faulty_count", models.PositiveIntegerField(default=0)),
                ("entered_count", models.PositiveIntegerField(default=0)),
                ("leave_out", models.BooleanField(default=False)),
                ("done", models.PositiveIntegerField(default=0)),
                ("fault_zh", models.CharField(blank=True, default="", max_length=500)),
                ("fault_en", models.CharField(blank=True, default="", max_length=500)),
                ("by_key", models.PositiveBigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField()),
                (
                    "by_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "producer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.producer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SheetFile",
            fields=[
                (
                    "sheet",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="file",
                        serialize=False,
                        to="trace.sheetimport",
                    ),
                ),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="SheetRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("cells", models.JSONField(help_text="gi_registry.lib.spreadsheets.Cell.kept, null where empty.")),
                (
                    "faults",
                    models.JSONField(help_text="products.rules.uploads.stored: versioned, both languages.", null=True),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("ready", "可导入"), ("faulty", "有误"), ("left_out", "未导入"), ("done", "已导入")],
                        max_length=10,
                    ),
                ),
                ("made", models.CharField(blank=True, default="", max_length=10)),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="trace.sheetimport"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="sheetimport",
            index=models.Index(fields=["producer", "-id"], name="import_of_producer"),
        ),
        migrations.AddIndex(
            model_name="sheetimport",
            index=models.Index(fields=["state", "updated_at"], name="import_age"),
        ),
        migrations.AddConstraint(
            model_name="sheetimport",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["batches"])), name="import_kind_known"),
        ),
        migrations.AddConstraint(
            model_name="sheetimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("format__in", ["xlsx", "xls", "ods", "csv"])), name="import_format_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["checking", "checked", "entering", "done", "failed", "discarded"])),
                name="import_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("faulty_count__lte", models.F("row_count")), ("ready_count__lte", models.F("row_count"))
                ),
                name="import_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetimport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["failed", "discarded"]), _negated=True),
                fields=("producer", "kind", "file_sha256"),
                name="import_file_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sheetimport",
            trigger=pgtrigger.compiler.Trigger(
                name="only_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'INSERT' THEN\n    IF NEW.state NOT IN ('checking') THEN\n        RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state;\n    END IF;\nELSIF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state, NEW.state) NOT IN (('checked', 'discarded'), ('checked', 'entering'), ('checking', 'checked'), ('checking', 'discarded'), ('checking', 'failed'), ('entering', 'checked'), ('entering', 'done')) THEN\n    RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.state, NEW.state;\nEND IF;\nRETURN NEW;\n",
                    hash="a46b49f949f84fd312e47b0434c395e95e2e64c5",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_only_steps_217b0",
                    table="trace_sheetimport",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="sheetrow",
            index=models.Index(fields=["sheet", "state", "number"], name="sheet_row_by_state"),
        ),
        migrations.AddConstraint(
            model_name="sheetrow",
            constraint=models.UniqueConstraint(fields=("sheet", "number"), name="sheet_row_once"),
        ),
        migrations.AddConstraint(
            model_name="sheetrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["ready", "faulty", "left_out", "done"])), name="sheet_row_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), models.Q(("made", ""), _negated=True)),
                    models.Q(models.Q(("state", "done"), _negated=True), ("made", "")),
                    _connector="OR",
                ),
                name="sheet_row_done_made",
            ),
        ),
        migrations.RunSQL(SETTLED, SETTLED_BEFORE),
    ]
