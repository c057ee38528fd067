"""What batches were made of: links that close no circle, and the walk along them."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import gi_registry.lib.ids

# Frozen copy of sql/lineage.sql.
LINEAGE = """
-- The batches ``start`` and everything made of them (``forward``) or everything that they were made of, each once and near ones
-- first, ``most`` of them at most: asked for one more than is shown, it tells that there are more. Links withdrawn as mistakes
-- never held. ``at``: containment as it was at an instant; without it whatever was ever linked, since a recall must not miss
-- goods that were taken out of a case since. UNION visits a batch once, however many ways lead to it.
CREATE OR REPLACE FUNCTION trace_lineage(start bigint[], forward boolean, most integer, at timestamptz DEFAULT NULL)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 100 AS $$
BEGIN
    IF forward THEN
        RETURN QUERY WITH RECURSIVE walk(id) AS (
            SELECT unnest(start)
            UNION
            SELECT l.child_id FROM walk JOIN trace_batchlink l ON l.parent_id = walk.id
            WHERE l.valid_to IS DISTINCT FROM l.valid_from
                AND (at IS NULL OR (l.valid_from <= at AND (l.valid_to IS NULL OR l.valid_to > at)))
        ) SELECT walk.id FROM walk LIMIT most;
    ELSE
        RETURN QUERY WITH RECURSIVE walk(id) AS (
            SELECT unnest(start)
            UNION
            SELECT l.parent_id FROM walk JOIN trace_batchlink l ON l.child_id = walk.id
            WHERE l.valid_to IS DISTINCT FROM l.valid_from
                AND (at IS NULL OR (l.valid_from <= at AND (l.valid_to IS NULL OR l.valid_to > at)))
        ) SELECT walk.id FROM walk LIMIT most;
    END IF;
END;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("trace", "0017_ledger"),
    ]

    operations = [
        migrations.CreateModel(
            name="BatchLink",
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
                        choices=[("transformation", "加工"), ("blend", "拼配"), ("packing", "装入")], max_length=14
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=15)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("gram", "克"),
                            ("kilogram", "千克"),
                            ("tonne", "吨"),
                            ("millilitre", "毫升"),
                            ("litre", "升"),
                            ("piece", "个"),
                        ],
                        max_length=12,
                    ),
                ),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "child",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inputs",
                        to="trace.batch",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outputs",
                        to="trace.batch",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BatchLinkEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(default=gi_registry.lib.ids.new_number, editable=False, max_length=10)),
                (
                    "kind",
                    models.CharField(
                        choices=[("transformation", "加工"), ("blend", "拼配"), ("packing", "装入")], max_length=14
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=15)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("gram", "克"),
                            ("kilogram", "千克"),
                            ("tonne", "吨"),
                            ("millilitre", "毫升"),
                            ("litre", "升"),
                            ("piece", "个"),
                        ],
                        max_length=12,
                    ),
                ),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "child",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="trace.batch",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="trace.batch",
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
                        to="trace.batchlink",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="batchlink",
            index=models.Index(fields=["parent"], include=("child", "valid_from", "valid_to"), name="link_forward"),
        ),
        migrations.AddIndex(
            model_name="batchlink",
            index=models.Index(fields=["child"], include=("parent", "valid_from", "valid_to"), name="link_back"),
        ),
        migrations.AddConstraint(
            model_name="batchlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("child")), _negated=True), name="link_to_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="batchlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["transformation", "blend", "packing"])), name="link_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="batchlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit__in", ["gram", "kilogram", "tonne", "millilitre", "litre", "piece"])),
                name="link_unit_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchlink",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="link_quantity_positive"),
        ),
        migrations.AddConstraint(
            model_name="batchlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="link_times_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)), fields=("parent", "child"), name="link_named_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchlink",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="9548632333bbd4cab67c58f3d70c17f7dba39907",
                    operation="DELETE",
                    pgid="pgtrigger_kept_96c9c",
                    table="trace_batchlink",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchlink",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."child_id" IS DISTINCT FROM (NEW."child_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."quantity" IS DISTINCT FROM (NEW."quantity") OR OLD."unit" IS DISTINCT FROM (NEW."unit") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="90a483a0502e45f2b6d2338ff9fa84f8998d14b1",
                    operation="UPDATE",
                    pgid="pgtrigger_fixed_9a007",
                    table="trace_batchlink",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchlink",
            trigger=pgtrigger.compiler.Trigger(
                name="ends",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF (OLD.valid_to IS NOT NULL AND NEW.valid_to IS DISTINCT FROM OLD.valid_to)\n    OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at) THEN\n    RAISE EXCEPTION 'a link is confirmed once and ended once';\nEND IF;\nRETURN NEW;\n",
                    hash="22ea3ba1f6d2d15f1319a1337ee196b685170a66",
                    operation="UPDATE",
                    pgid="pgtrigger_ends_bb0be",
                    table="trace_batchlink",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchlink",
            trigger=pgtrigger.compiler.Trigger(
                name="balanced",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE parent record; child record; used numeric;",
                    func="\nPERFORM FROM trace_batch WHERE id IN (NEW.parent_id, NEW.child_id) ORDER BY id FOR NO KEY UPDATE;\nSELECT * INTO STRICT child FROM trace_batch WHERE id = NEW.child_id;\nIF NEW.valid_to IS NOT NULL THEN\n    IF child.state <> 'draft'\n        AND (NEW.kind <> 'packing' OR NEW.valid_to = NEW.valid_from) THEN\n        RAISE EXCEPTION 'what went into registered goods is not taken out of them';\n    END IF;\n    RETURN NEW;\nEND IF;\nSELECT * INTO STRICT parent FROM trace_batch WHERE id = NEW.parent_id;\nIF child.state <> 'draft' OR parent.state NOT IN ('closed', 'registered', 'released') THEN\n    RAISE EXCEPTION 'inputs are registered, and stated before what is made of them is';\nEND IF;\nIF NEW.kind IN ('blend', 'packing') AND parent.indication_id <> child.indication_id THEN\n    RAISE EXCEPTION 'a blend bears a name that each input bears';\nEND IF;\nSELECT coalesce(sum((l.quantity * CASE l.unit WHEN 'gram' THEN 1 WHEN 'kilogram' THEN 1000 WHEN 'tonne' THEN 1000000 WHEN 'millilitre' THEN 1 WHEN 'litre' THEN 1000 WHEN 'piece' THEN 1 END)), 0) INTO used\nFROM trace_batchlink l JOIN trace_batch c ON c.id = l.child_id\nWHERE l.parent_id = NEW.parent_id AND l.id <> NEW.id AND l.confirmed_at IS NOT NULL AND l.valid_to IS NULL\n    AND c.state <> 'void';\nIF (CASE NEW.unit WHEN 'gram' THEN 'mass' WHEN 'kilogram' THEN 'mass' WHEN 'tonne' THEN 'mass' WHEN 'millilitre' THEN 'volume' WHEN 'litre' THEN 'volume' WHEN 'piece' THEN 'count' END) <> (CASE parent.quantity_unit WHEN 'gram' THEN 'mass' WHEN 'kilogram' THEN 'mass' WHEN 'tonne' THEN 'mass' WHEN 'millilitre' THEN 'volume' WHEN 'litre' THEN 'volume' WHEN 'piece' THEN 'count' END) OR (NEW.confirmed_at IS NOT NULL\n    AND used + (NEW.quantity * CASE NEW.unit WHEN 'gram' THEN 1 WHEN 'kilogram' THEN 1000 WHEN 'tonne' THEN 1000000 WHEN 'millilitre' THEN 1 WHEN 'litre' THEN 1000 WHEN 'piece' THEN 1 END) > (parent.quantity * CASE parent.quantity_unit WHEN 'gram' THEN 1 WHEN 'kilogram' THEN 1000 WHEN 'tonne' THEN 1000000 WHEN 'millilitre' THEN 1 WHEN 'litre' THEN 1000 WHEN 'piece' THEN 1 END)) THEN\n    RAISE EXCEPTION 'no more is used of a batch than there is of it';\nEND IF;\nRETURN NEW;\n",
                    hash="5cb2dbf1981a8cc479f9e537b8163fc4d5a9e69c",
                    operation='INSERT OR UPDATE OF "confirmed_at", "valid_to"',
                    pgid="pgtrigger_balanced_4649e",
                    table="trace_batchlink",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchlink",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trace_batchlinkevent" ("child_id", "confirmed_at", "created_at", "id", "kind", "number", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantity", "unit", "updated_at", "valid_from", "valid_to", "version") VALUES (NEW."child_id", NEW."confirmed_at", NEW."created_at", NEW."id", NEW."kind", NEW."number", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."quantity", NEW."unit", NEW."updated_at", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;',
                    hash="510d796b860c788b364a32dbc9c75f83556c4412",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1e118",
                    table="trace_batchlink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchlink",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "trace_batchlinkevent" ("child_id", "confirmed_at", "created_at", "id", "kind", "number", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantity", "unit", "updated_at", "valid_from", "valid_to", "version") VALUES (NEW."child_id", NEW."confirmed_at", NEW."created_at", NEW."id", NEW."kind", NEW."number", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."quantity", NEW."unit", NEW."updated_at", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;',
                    hash="b6fcfc69342728a123654fd2ed0ef4e97f43266d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1dab1",
                    table="trace_batchlink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchlinkevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bb402e344dc35fb0fdd15e92618dd4ce13a88cff",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2a812",
                    table="trace_batchlinkevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(LINEAGE, "DROP FUNCTION trace_lineage(bigint[], boolean, integer, timestamptz)"),
    ]
