"""Leads for officials about units and batches."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import gi_registry.lib.ids


class Migration(migrations.Migration):
    dependencies = [("trace", "0011_units")]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("copied_unit", "单件码疑似被复制"),
                            ("unsold_checked", "不应在市面的码被查询"),
                            ("odd_batch", "批次查询情况异常"),
                        ],
                        max_length=20,
                    ),
                ),
                ("unit_index", models.IntegerField(null=True)),
                ("grade", models.SmallIntegerField()),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                ("rule_version", models.SmallIntegerField()),
                ("units", models.IntegerField()),
                ("checks", models.IntegerField()),
                ("places", models.SmallIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="trace.batch"
                    ),
                ),
                (
                    "issuance",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trace.issuance",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["copied_unit", "unsold_checked", "odd_batch"])),
                        name="alert_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reasons__contained_by",
                                [
                                    "after_opened",
                                    "after_recall",
                                    "before_release",
                                    "elsewhere",
                                    "far_apart",
                                    "far_in_an_hour",
                                    "few_codes",
                                    "many_checks",
                                    "many_places",
                                    "neighbours_far",
                                    "pin_again",
                                    "read_through",
                                    "reported",
                                    "withdrawn",
                                    "wrong_pins",
                                ],
                            )
                        ),
                        name="alert_reasons_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("grade__gte", 1), ("grade__lte", 3)), name="alert_grade_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issuance__isnull", True), ("unit_index__isnull", True)),
                            models.Q(("issuance__isnull", False), ("unit_index__isnull", False)),
                            _connector="OR",
                        ),
                        name="alert_of_a_unit_or_a_batch",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("batch", "kind", "issuance", "unit_index"),
                        name="alert_open_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alert",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="841d4c517feb98683c02aefd494e51bf3f48d3f1",
                    operation="DELETE",
                    pgid="pgtrigger_kept_9b310",
                    table="trace_alert",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alert",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."batch_id" IS DISTINCT FROM (NEW."batch_id") OR OLD."issuance_id" IS DISTINCT FROM (NEW."issuance_id") OR OLD."unit_index" IS DISTINCT FROM (NEW."unit_index") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="29b8627364ae922abbe0f9cccfca28c8c84c9e47",
                    operation="UPDATE",
                    pgid="pgtrigger_fixed_942c8",
                    table="trace_alert",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alert",
            trigger=pgtrigger.compiler.Trigger(
                name="told",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'INSERT' OR NEW.reasons IS DISTINCT FROM OLD.reasons THEN\n    PERFORM pg_notify('gi_alert', NEW.number);\nEND IF;\nRETURN NULL;\n",
                    hash="611305ec2c40124798028d47e27df68631d8ef67",
                    operation='INSERT OR UPDATE OF "reasons"',
                    pgid="pgtrigger_told_11534",
                    table="trace_alert",
                    when="AFTER",
                ),
            ),
        ),
    ]
