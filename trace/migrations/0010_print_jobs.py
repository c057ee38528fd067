"""Print jobs: labels of many units, drawn beside the server in parts."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import gi_registry.lib.ids


class Migration(migrations.Migration):
    dependencies = [
        ("trace", "0009_form_photos"),
    ]

    operations = [
        migrations.CreateModel(
            name="PrintJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                ("key", models.CharField(max_length=10)),
                ("first", models.PositiveIntegerField()),
                ("last", models.PositiveIntegerField()),
                ("preset", models.CharField(max_length=20)),
                ("dpi", models.PositiveSmallIntegerField()),
                ("dots", models.PositiveSmallIntegerField(null=True)),
                ("link", models.CharField(choices=[("batch", "本站链接"), ("gs1", "GS1 数字链接")], max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "排队中"),
                            ("running", "正在生成"),
                            ("done", "已完成"),
                            ("failed", "未完成"),
                            ("cancelled", "已取消"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("done_before", models.PositiveIntegerField(default=0)),
                ("fault_zh", models.CharField(blank=True, default="", max_length=500)),
                ("fault_en", models.CharField(blank=True, default="", max_length=500)),
                ("by", models.CharField(help_text="Who: Actor.identity.", max_length=40)),
                ("by_name", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("emptied_at", models.DateTimeField(null=True)),
                (
                    "issuance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="prints", to="trace.issuance"
                    ),
                ),
                (
                    "recorded",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trace.issuancerange",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["issuance", "-id"], name="print_of_issuance")],
                "constraints": [
                    models.UniqueConstraint(fields=("issuance", "key"), name="print_asked_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "running", "done", "failed", "cancelled"])),
                        name="print_state_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("link__in", ["batch", "gs1"])), name="print_link_known"),
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))), name="print_range_ordered"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "done__lte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("last"), "-", models.F("first")
                                    ),
                                    "+",
                                    models.Value(1),
                                ),
                            ),
                            ("done_before__lte", models.F("done")),
                        ),
                        name="print_done_within",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="printjob",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="b4625f95f06c66fd9dfa0eb073f774dd9beef3ef",
                    operation="DELETE",
                    pgid="pgtrigger_kept_686db",
                    table="trace_printjob",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="printjob",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."issuance_id" IS DISTINCT FROM (NEW."issuance_id") OR OLD."first" IS DISTINCT FROM (NEW."first") OR OLD."last" IS DISTINCT FROM (NEW."last") OR OLD."preset" IS DISTINCT FROM (NEW."preset") OR OLD."dpi" IS DISTINCT FROM (NEW."dpi") OR OLD."dots" IS DISTINCT FROM (NEW."dots") OR OLD."link" IS DISTINCT FROM (NEW."link") OR OLD."by" IS DISTINCT FROM (NEW."by") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="12ede26011bf061504f0a4783c92f5b352e68df4",
                    operation="UPDATE",
                    pgid="pgtrigger_fixed_57acc",
                    table="trace_printjob",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="printjob",
            trigger=pgtrigger.compiler.Trigger(
                name="only_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'INSERT' THEN\n    IF NEW.state NOT IN ('queued') THEN\n        RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state;\n    END IF;\nELSIF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state, NEW.state) NOT IN (('queued', 'cancelled'), ('queued', 'failed'), ('queued', 'running'), ('running', 'cancelled'), ('running', 'done'), ('running', 'failed')) THEN\n    RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.state, NEW.state;\nEND IF;\nRETURN NEW;\n",
                    hash="0c959b71132fb49885752c9fdd5c73ed1cfad657",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_only_steps_365af",
                    table="trace_printjob",
                    when="BEFORE",
                ),
            ),
        ),
    ]
