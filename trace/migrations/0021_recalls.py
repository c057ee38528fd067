"""Recalls: what was called back by two persons, what waited on hold, who was told, and what came back."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import gi_registry.lib.ids


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("products", "0008_written_outlines"),
        ("regions", "0010_written_outlines"),
        ("trace", "0020_counting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Recall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("batch", "一个批次"),
                            ("input", "用了某一批次的货品"),
                            ("site", "某一场地的批次"),
                            ("days", "某段日期的批次"),
                            ("laboratory", "某一检验机构检测的批次"),
                        ],
                        max_length=12,
                    ),
                ),
                ("laboratory", models.CharField(blank=True, default="", max_length=120)),
                ("first_on", models.DateField(null=True)),
                ("last_on", models.DateField(null=True)),
                ("division_code", models.CharField(max_length=6)),
                ("reason", models.CharField(max_length=500)),
                ("is_mock", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("opened", "待确认"),
                            ("confirmed", "召回中"),
                            ("closed", "已结束"),
                            ("withdrawn", "已撤回"),
                            ("drilled", "演练"),
                        ],
                        default="opened",
                        max_length=10,
                    ),
                ),
                (
                    "opened_by",
                    models.BigIntegerField(help_text="The key of the person, also where a machine of theirs asked."),
                ),
                ("opened_by_name", models.CharField(max_length=200)),
                ("confirmed_by", models.BigIntegerField(null=True)),
                ("confirmed_by_name", models.CharField(blank=True, default="", max_length=200)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("took_ms", models.PositiveIntegerField(null=True)),
                ("batches", models.PositiveIntegerField(null=True)),
                ("parties", models.PositiveIntegerField(null=True)),
                ("reachable", models.PositiveIntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RecallEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(default=gi_registry.lib.ids.new_number, editable=False, max_length=10)),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("batch", "一个批次"),
                            ("input", "用了某一批次的货品"),
                            ("site", "某一场地的批次"),
                            ("days", "某段日期的批次"),
                            ("laboratory", "某一检验机构检测的批次"),
                        ],
                        max_length=12,
                    ),
                ),
                ("laboratory", models.CharField(blank=True, default="", max_length=120)),
                ("first_on", models.DateField(null=True)),
                ("last_on", models.DateField(null=True)),
                ("division_code", models.CharField(max_length=6)),
                ("reason", models.CharField(max_length=500)),
                ("is_mock", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("opened", "待确认"),
                            ("confirmed", "召回中"),
                            ("closed", "已结束"),
                            ("withdrawn", "已撤回"),
                            ("drilled", "演练"),
                        ],
                        default="opened",
                        max_length=10,
                    ),
                ),
                (
                    "opened_by",
                    models.BigIntegerField(help_text="The key of the person, also where a machine of theirs asked."),
                ),
                ("opened_by_name", models.CharField(max_length=200)),
                ("confirmed_by", models.BigIntegerField(null=True)),
                ("confirmed_by_name", models.CharField(blank=True, default="", max_length=200)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("took_ms", models.PositiveIntegerField(null=True)),
                ("batches", models.PositiveIntegerField(null=True)),
                ("parties", models.PositiveIntegerField(null=True)),
                ("reachable", models.PositiveIntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RecallHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="RecallItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "was",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("registered", "已登记"),
                            ("released", "已放行"),
                            ("on_hold", "暂停"),
                            ("recalled", "召回"),
                            ("closed", "已结束"),
                            ("void", "作废"),
                        ],
                        max_length=10,
                    ),
                ),
                ("is_moved", models.BooleanField()),
                ("out", models.DecimalField(decimal_places=3, max_digits=15)),
            ],
        ),
        migrations.CreateModel(
            name="RecallNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=6)),
                ("batches", models.PositiveIntegerField()),
                ("sent_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("read_by_name", models.CharField(blank=True, default="", max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=15)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(help_text="Who: Actor.identity.", max_length=40)),
                ("by_name", models.CharField(max_length=200)),
            ],
            options={
                "verbose_name_plural": "recoveries",
            },
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(
                condition=models.Q(("registered_at__isnull", False), models.Q(("state", "void"), _negated=True)),
                fields=["id"],
                include=("producer", "state", "division_code"),
                name="batch_reached",
            ),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("laboratory", ""), _negated=True),
                fields=["laboratory"],
                name="evidence_of_laboratory",
            ),
        ),
        migrations.AddField(
            model_name="recall",
            name="batch",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trace.batch"
            ),
        ),
        migrations.AddField(
            model_name="recall",
            name="producer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.producer"
            ),
        ),
        migrations.AddField(
            model_name="recall",
            name="site",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.site"
            ),
        ),
        migrations.AddField(
            model_name="recallevent",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="trace.batch",
            ),
        ),
        migrations.AddField(
            model_name="recallevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="recallevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="trace.recall",
            ),
        ),
        migrations.AddField(
            model_name="recallevent",
            name="producer",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="products.producer",
            ),
        ),
        migrations.AddField(
            model_name="recallevent",
            name="site",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="products.site",
            ),
        ),
        migrations.AddField(
            model_name="recallhold",
            name="batch",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trace.batch"),
        ),
        migrations.AddField(
            model_name="recallhold",
            name="recall",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="trace.recall"
            ),
        ),
        migrations.AddField(
            model_name="recallitem",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="recall_items", to="trace.batch"
            ),
        ),
        migrations.AddField(
            model_name="recallitem",
            name="recall",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="items", to="trace.recall"
            ),
        ),
        migrations.AddField(
            model_name="recallnotice",
            name="producer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.producer"
            ),
        ),
        migrations.AddField(
            model_name="recallnotice",
            name="recall",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="trace.recall"
            ),
        ),
        migrations.AddField(
            model_name="recallnotice",
            name="title",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.title"),
        ),
        migrations.AddField(
            model_name="recovery",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="recoveries", to="trace.recallitem"
            ),
        ),
        migrations.AddIndex(
            model_name="recall",
            index=models.Index(
                fields=["division_code", "-id"], name="recall_by_place", opclasses=["text_pattern_ops", "int8_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope__in", ["batch", "input", "site", "days", "laboratory"])),
                name="recall_scope_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["opened", "confirmed", "closed", "withdrawn", "drilled"])),
                name="recall_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(("division_code__regex", "^[0-9]{6}$")), name="recall_division_shape"
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(("confirmed_by", models.F("opened_by")), _negated=True),
                    _connector="OR",
                ),
                name="recall_by_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["confirmed", "closed"]), _negated=True),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="recall_confirmed_before_it_moves",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_mock", False),
                    models.Q(
                        ("batches__isnull", False),
                        ("reachable__isnull", False),
                        ("state", "drilled"),
                        ("took_ms__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="recall_mock_moves_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("batch__isnull", False),
                        ("laboratory", ""),
                        ("scope__in", ["batch", "input"]),
                        ("site__isnull", True),
                    ),
                    models.Q(("batch__isnull", True), ("laboratory", ""), ("scope", "site"), ("site__isnull", False)),
                    models.Q(
                        ("batch__isnull", True),
                        ("scope", "laboratory"),
                        ("site__isnull", True),
                        models.Q(("laboratory", ""), _negated=True),
                    ),
                    models.Q(
                        ("batch__isnull", True),
                        ("first_on__isnull", False),
                        ("laboratory", ""),
                        ("last_on__isnull", False),
                        ("scope", "days"),
                        ("site__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="recall_scope_told",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(("producer__isnull", False), ("scope", "laboratory"), _connector="OR"),
                name="recall_of_a_producer",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recall",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="c4415fa9d022959da261a61ceb0759d70bc74073",
                    operation="DELETE",
                    pgid="pgtrigger_kept_ffa93",
                    table="trace_recall",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recall",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."scope" IS DISTINCT FROM (NEW."scope") OR OLD."batch_id" IS DISTINCT FROM (NEW."batch_id") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."producer_id" IS DISTINCT FROM (NEW."producer_id") OR OLD."laboratory" IS DISTINCT FROM (NEW."laboratory") OR OLD."first_on" IS DISTINCT FROM (NEW."first_on") OR OLD."last_on" IS DISTINCT FROM (NEW."last_on") OR OLD."division_code" IS DISTINCT FROM (NEW."division_code") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."opened_by" IS DISTINCT FROM (NEW."opened_by") OR OLD."opened_by_name" IS DISTINCT FROM (NEW."opened_by_name") OR OLD."is_mock" IS DISTINCT FROM (NEW."is_mock") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="db2399fbb6fddc356bb9f2ce635093665c8fbb2a",
                    operation="UPDATE",
                    pgid="pgtrigger_fixed_a89cc",
                    table="trace_recall",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recall",
            trigger=pgtrigger.compiler.Trigger(
                name="only_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'INSERT' THEN\n    IF NEW.state NOT IN ('drilled', 'opened') THEN\n        RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state;\n    END IF;\nELSIF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state, NEW.state) NOT IN (('confirmed', 'closed'), ('opened', 'confirmed'), ('opened', 'withdrawn')) THEN\n    RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.state, NEW.state;\nEND IF;\nRETURN NEW;\n",
                    hash="439c4027d35f03b57faa17ba99db3e2d65c13bcc",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_only_steps_079bc",
                    table="trace_recall",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recall",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trace_recallevent" ("batch_id", "batches", "confirmed_at", "confirmed_by", "confirmed_by_name", "created_at", "division_code", "first_on", "id", "is_mock", "laboratory", "last_on", "number", "opened_by", "opened_by_name", "parties", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "producer_id", "reachable", "reason", "scope", "site_id", "state", "took_ms", "updated_at", "version") VALUES (NEW."batch_id", NEW."batches", NEW."confirmed_at", NEW."confirmed_by", NEW."confirmed_by_name", NEW."created_at", NEW."division_code", NEW."first_on", NEW."id", NEW."is_mock", NEW."laboratory", NEW."last_on", NEW."number", NEW."opened_by", NEW."opened_by_name", NEW."parties", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."producer_id", NEW."reachable", NEW."reason", NEW."scope", NEW."site_id", NEW."state", NEW."took_ms", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="3df321bceeccb16800dd700737ea2885de193526",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_86853",
                    table="trace_recall",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recall",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "trace_recallevent" ("batch_id", "batches", "confirmed_at", "confirmed_by", "confirmed_by_name", "created_at", "division_code", "first_on", "id", "is_mock", "laboratory", "last_on", "number", "opened_by", "opened_by_name", "parties", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "producer_id", "reachable", "reason", "scope", "site_id", "state", "took_ms", "updated_at", "version") VALUES (NEW."batch_id", NEW."batches", NEW."confirmed_at", NEW."confirmed_by", NEW."confirmed_by_name", NEW."created_at", NEW."division_code", NEW."first_on", NEW."id", NEW."is_mock", NEW."laboratory", NEW."last_on", NEW."number", NEW."opened_by", NEW."opened_by_name", NEW."parties", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."producer_id", NEW."reachable", NEW."reason", NEW."scope", NEW."site_id", NEW."state", NEW."took_ms", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="9ea0cc2c3bcb225727628edadaf362322a3cc3d4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c65f0",
                    table="trace_recall",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recallevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="47b1b9f8b70bc4dba2c50f77b38c5fe66f1038b2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_68cd1",
                    table="trace_recallevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="recallhold",
            constraint=models.UniqueConstraint(fields=("recall", "batch"), name="recall_holds_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recallhold",
            trigger=pgtrigger.compiler.Trigger(
                name="appended",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="77ea06107f508ef0a9b046f59ebf67eef3970c97",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_appended_909bf",
                    table="trace_recallhold",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="recallitem",
            constraint=models.UniqueConstraint(fields=("recall", "batch"), name="recall_touches_once"),
        ),
        migrations.AddConstraint(
            model_name="recallitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_moved", True)), fields=("batch",), name="recall_moves_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="recallitem",
            constraint=models.CheckConstraint(condition=models.Q(("out__gte", 0)), name="recall_out_not_negative"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recallitem",
            trigger=pgtrigger.compiler.Trigger(
                name="appended",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="90559c89c09a80709f53ed8db4d2faf2476d1163",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_appended_58d23",
                    table="trace_recallitem",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="recallnotice",
            constraint=models.UniqueConstraint(
                fields=("recall", "producer", "title", "division_code"), name="recall_told_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recallnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="31d6ddb3c0e4b55aa218475c1eee31c7e37d486a",
                    operation="DELETE",
                    pgid="pgtrigger_kept_5fe20",
                    table="trace_recallnotice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recallnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."recall_id" IS DISTINCT FROM (NEW."recall_id") OR OLD."producer_id" IS DISTINCT FROM (NEW."producer_id") OR OLD."title_id" IS DISTINCT FROM (NEW."title_id") OR OLD."division_code" IS DISTINCT FROM (NEW."division_code") OR OLD."batches" IS DISTINCT FROM (NEW."batches") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a8e54bf726f999ff432703452f1efd7a6d8242b7",
                    operation="UPDATE",
                    pgid="pgtrigger_fixed_a505f",
                    table="trace_recallnotice",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="recovery",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="recovery_positive"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recovery",
            trigger=pgtrigger.compiler.Trigger(
                name="appended",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="103387f878f635ce04b16e999bddbf83aad45dff",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_appended_b4a6b",
                    table="trace_recovery",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recovery",
            trigger=pgtrigger.compiler.Trigger(
                name="covered",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nPERFORM FROM trace_recallitem WHERE id = NEW.item_id FOR UPDATE;\nIF NEW.quantity + (SELECT coalesce(sum(quantity), 0) FROM trace_recovery WHERE item_id = NEW.item_id)\n    > (SELECT CASE WHEN is_moved THEN out ELSE 0 END FROM trace_recallitem WHERE id = NEW.item_id) THEN\n    RAISE EXCEPTION 'no more comes back than was out';\nEND IF;\nRETURN NEW;\n",
                    hash="73b1bc91d02ec0d8e1d6b1dd237ab09ae8e62da3",
                    operation="INSERT",
                    pgid="pgtrigger_covered_5a95c",
                    table="trace_recovery",
                    when="BEFORE",
                ),
            ),
        ),
    ]
