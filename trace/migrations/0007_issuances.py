"""Issuances of unit codes, what is said of ranges of them, and the facts of a unit in the answer to a check."""

import django.contrib.postgres.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import gi_registry.lib.ids

# Frozen copies of sql/*.sql.
UNIT_FACTS = """
-- What is registered of one unit of a batch: its issuance, whether it was activated or withdrawn, how often it was checked.
-- NULL where the batch has no issuance of that ordinal. A function of its own, so that the check of a lot plans none of it.
CREATE OR REPLACE FUNCTION trace_unit_facts(of_batch bigint, of_ordinal integer, at_index integer)
RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_build_object(
            'issuance_id', u.id, 'count', u.count, 'epoch', u.epoch, 'gtin', u.gtin, 'state', u.state,
            'activation', u.activation, 'issued_at', u.issued_at,
            'is_activated', u.activation = 'with_batch' OR EXISTS (
                SELECT FROM trace_issuancerange r
                WHERE r.issuance_id = u.id AND r.kind = 'activated' AND int4range(r.first, r.last, '[]') @> at_index),
            'is_withdrawn', EXISTS (
                SELECT FROM trace_issuancerange r
                WHERE r.issuance_id = u.id AND r.kind IN ('spoiled', 'returned', 'destroyed', 'void')
                    AND int4range(r.first, r.last, '[]') @> at_index),
            'tally', NULL)
        FROM trace_issuance u
        WHERE u.batch_id = of_batch AND u.ordinal = of_ordinal
    );
END;
$$;
"""

CHECK_FACTS = """
-- Everything that the answer to a check needs, by one indexed look-up of the lot; NULL where there is no such lot. For a unit
-- code its issuance and index in it are given too.
-- A function, because its plan is kept for the life of the connection: planning fourteen joins anew for every check
-- would cost more than running them. Facts only: the verdict, and what of a household may be told, is decided by the
-- caller. JSON as text, for the caller's own parser.
CREATE OR REPLACE FUNCTION trace_check_facts(asked text, of_ordinal integer DEFAULT NULL, at_index integer DEFAULT NULL)
RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_build_object(
            'batch', json_build_object(
                'number', b.number, 'state', b.state, 'state_reason', b.state_reason, 'producer_lot', b.producer_lot,
                'harvested_on', b.harvested_on, 'produced_from', b.produced_from, 'produced_on', b.produced_on,
                'packed_on', b.packed_on, 'best_before_on', b.best_before_on, 'registered_at', b.registered_at,
                'released_at', b.released_at, 'is_under_review', b.review_opened_at IS NOT NULL),
            'pack_count', b.pack_count,
            'form', json_build_object(
                'name_zh', f.name_zh, 'name_en', f.name_en, 'net_content', f.net_content::text,
                'net_content_unit', f.net_content_unit, 'packing', f.packing, 'gtin', f.gtin),
            'indication', json_build_object(
                'slug', i.slug, 'name_zh', i.name_zh, 'name_en', i.name_en, 'category', i.category),
            'titles', (
                SELECT json_agg(json_build_object(
                    'number', t.number, 'kind', t.kind, 'status', t.status, 'confidence', t.confidence,
                    'title_number', t.title_number, 'announcement_number', t.announcement_number,
                    'recognised_on', t.recognised_on, 'expires_on', t.expires_on, 'ended_on', t.ended_on,
                    'is_ground', t.id = a.title_id) ORDER BY t.id)
                FROM products_title t WHERE t.indication_id = b.indication_id),
            'authorisation', json_build_object(
                'number', a.number, 'state', a.state, 'valid_until', a.valid_until, 'ended_on', a.ended_on,
                'approval_reference', a.approval_reference,
                'spells', (SELECT json_agg(json_build_array(lower(s), upper(s))) FROM unnest(a.spells) s)),
            'producer', json_build_object(
                'number', p.number, 'is_public', p.is_public, 'kind', o.kind, 'name_zh', o.name_zh,
                'name_en', o.name_en, 'uscc', o.uscc, 'is_demo', o.is_demo, 'sponsor_zh', sponsor.name_zh,
                'sponsor_en', sponsor.name_en, 'sponsor_uscc', sponsor.uscc),
            'division', json_build_object('code', d.code, 'name_zh', d.name_zh, 'name_en', d.name_en),
            'region', CASE WHEN r.id IS NOT NULL THEN json_build_object(
                'number', r.number, 'slug', r.slug, 'name_zh', r.name_zh, 'name_en', r.name_en) END,
            'specification', CASE WHEN v.id IS NOT NULL THEN json_build_object(
                'number', v.number, 'label_zh', v.label_zh, 'label_en', v.label_en, 'standards', v.standards) END,
            'season', CASE WHEN n.id IS NOT NULL THEN json_build_object(
                'name', n.name, 'opens_on', n.opens_on, 'closes_on', n.closes_on) END,
            'unit', CASE WHEN of_ordinal IS NOT NULL THEN trace_unit_facts(b.id, of_ordinal, at_index) END,
            'checks', json_build_object(
                'count', coalesce(c.count, 0), 'first_on', c.first_on, 'first_province', nullif(c.first_province, '')))::text
        FROM trace_batch b
        JOIN trace_productform f ON f.id = b.form_id
        JOIN products_indication i ON i.id = b.indication_id
        JOIN products_authorisation a ON a.id = b.authorisation_id
        JOIN products_title g ON g.id = a.title_id
        JOIN products_producer p ON p.id = b.producer_id
        JOIN accounts_organisation o ON o.id = p.organisation_id
        JOIN regions_division d ON d.id = p.division_id
        LEFT JOIN accounts_organisation sponsor ON sponsor.id = o.sponsor_id
        LEFT JOIN regions_region r ON r.id = g.region_id
        LEFT JOIN products_specificationversion v ON v.id = b.specification_id
        LEFT JOIN products_season n ON n.id = b.season_id
        LEFT JOIN trace_batchtally c ON c.batch_id = b.id
        WHERE b.number = asked
    );
END;
$$;
"""

# Two functions of one name would leave "SELECT trace_check_facts(lot)" without an answer to which is meant.
WITHOUT_LOT_ONLY = "DROP FUNCTION trace_check_facts(text)"
CHECK_FACTS_OF_LOTS = """
-- Everything that the answer to a check needs, by one indexed look-up of the lot; NULL where there is no such lot.
-- A function, because its plan is kept for the life of the connection: planning fourteen joins anew for every check
-- would cost more than running them. Facts only: the verdict, and what of a household may be told, is decided by the
-- caller. JSON as text, for the caller's own parser.
CREATE OR REPLACE FUNCTION trace_check_facts(asked text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_build_object(
            'batch', json_build_object(
                'number', b.number, 'state', b.state, 'state_reason', b.state_reason, 'producer_lot', b.producer_lot,
                'harvested_on', b.harvested_on, 'produced_from', b.produced_from, 'produced_on', b.produced_on,
                'packed_on', b.packed_on, 'best_before_on', b.best_before_on, 'registered_at', b.registered_at,
                'released_at', b.released_at, 'is_under_review', b.review_opened_at IS NOT NULL),
            'pack_count', b.pack_count,
            'form', json_build_object(
                'name_zh', f.name_zh, 'name_en', f.name_en, 'net_content', f.net_content::text,
                'net_content_unit', f.net_content_unit, 'packing', f.packing, 'gtin', f.gtin),
            'indication', json_build_object(
                'slug', i.slug, 'name_zh', i.name_zh, 'name_en', i.name_en, 'category', i.category),
            'titles', (
                SELECT json_agg(json_build_object(
                    'number', t.number, 'kind', t.kind, 'status', t.status, 'confidence', t.confidence,
                    'title_number', t.title_number, 'announcement_number', t.announcement_number,
                    'recognised_on', t.recognised_on, 'expires_on', t.expires_on, 'ended_on', t.ended_on,
                    'is_ground', t.id = a.title_id) ORDER BY t.id)
                FROM products_title t WHERE t.indication_id = b.indication_id),
            'authorisation', json_build_object(
                'number', a.number, 'state', a.state, 'valid_until', a.valid_until, 'ended_on', a.ended_on,
                'approval_reference', a.approval_reference,
                'spells', (SELECT json_agg(json_build_array(lower(s), upper(s))) FROM unnest(a.spells) s)),
            'producer', json_build_object(
                'number', p.number, 'is_public', p.is_public, 'kind', o.kind, 'name_zh', o.name_zh,
                'name_en', o.name_en, 'uscc', o.uscc, 'is_demo', o.is_demo, 'sponsor_zh', sponsor.name_zh,
                'sponsor_en', sponsor.name_en, 'sponsor_uscc', sponsor.uscc),
            'division', json_build_object('code', d.code, 'name_zh', d.name_zh, 'name_en', d.name_en),
            'region', CASE WHEN r.id IS NOT NULL THEN json_build_object(
                'number', r.number, 'slug', r.slug, 'name_zh', r.name_zh, 'name_en', r.name_en) END,
            'specification', CASE WHEN v.id IS NOT NULL THEN json_build_object(
                'number', v.number, 'label_zh', v.label_zh, 'label_en', v.label_en, 'standards', v.standards) END,
            'season', CASE WHEN n.id IS NOT NULL THEN json_build_object(
                'name', n.name, 'opens_on', n.opens_on, 'closes_on', n.closes_on) END,
            'checks', json_build_object(
                'count', coalesce(c.count, 0), 'first_on', c.first_on, 'first_province', nullif(c.first_province, '')))::text
        FROM trace_batch b
        JOIN trace_productform f ON f.id = b.form_id
        JOIN products_indication i ON i.id = b.indication_id
        JOIN products_authorisation a ON a.id = b.authorisation_id
        JOIN products_title g ON g.id = a.title_id
        JOIN products_producer p ON p.id = b.producer_id
        JOIN accounts_organisation o ON o.id = p.organisation_id
        JOIN regions_division d ON d.id = p.division_id
        LEFT JOIN accounts_organisation sponsor ON sponsor.id = o.sponsor_id
        LEFT JOIN regions_region r ON r.id = g.region_id
        LEFT JOIN products_specificationversion v ON v.id = b.specification_id
        LEFT JOIN products_season n ON n.id = b.season_id
        LEFT JOIN trace_batchtally c ON c.batch_id = b.id
        WHERE b.number = asked
    );
END;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("trace", "0006_check_counts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Issuance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("epoch", models.CharField(max_length=32)),
                ("gtin", models.CharField(max_length=14)),
                ("profile", models.CharField(blank=True, default="", max_length=40)),
                ("has_pin", models.BooleanField(default=False)),
                (
                    "activation",
                    models.CharField(
                        choices=[("with_batch", "随批次放行激活"), ("by_range", "按号段激活")], max_length=12
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("preparing", "准备中"), ("issued", "已签发"), ("void", "作废")],
                        default="preparing",
                        max_length=10,
                    ),
                ),
                ("prepared", models.PositiveIntegerField(default=0)),
                ("root", models.BinaryField(max_length=32, null=True)),
                ("issued_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="issuances", to="trace.batch"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CodeDownload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.PositiveIntegerField()),
                ("last", models.PositiveIntegerField()),
                ("by", models.CharField(help_text="Who: Actor.identity.", max_length=40)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "issuance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="downloads", to="trace.issuance"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IssuanceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(default=gi_registry.lib.ids.new_number, editable=False, max_length=10)),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("epoch", models.CharField(max_length=32)),
                ("gtin", models.CharField(max_length=14)),
                ("profile", models.CharField(blank=True, default="", max_length=40)),
                ("has_pin", models.BooleanField(default=False)),
                (
                    "activation",
                    models.CharField(
                        choices=[("with_batch", "随批次放行激活"), ("by_range", "按号段激活")], max_length=12
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("preparing", "准备中"), ("issued", "已签发"), ("void", "作废")],
                        default="preparing",
                        max_length=10,
                    ),
                ),
                ("issued_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "batch",
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
                        to="trace.issuance",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="IssuanceRange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("activated", "已激活"),
                            ("printed", "已打印"),
                            ("spoiled", "损耗"),
                            ("returned", "退回"),
                            ("destroyed", "销毁"),
                            ("void", "作废"),
                        ],
                        max_length=10,
                    ),
                ),
                ("first", models.PositiveIntegerField()),
                ("last", models.PositiveIntegerField()),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("by", models.CharField(help_text="Who: Actor.identity.", max_length=40)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "issuance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ranges", to="trace.issuance"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="issuance",
            index=models.Index(
                condition=models.Q(("state", "preparing")), fields=["state"], name="issuance_in_preparation"
            ),
        ),
        migrations.AddConstraint(
            model_name="issuance",
            constraint=models.UniqueConstraint(fields=("batch", "ordinal"), name="issuance_ordinal_once"),
        ),
        migrations.AddConstraint(
            model_name="issuance",
            constraint=models.CheckConstraint(condition=models.Q(("ordinal__lt", 32)), name="issuance_ordinal_fits"),
        ),
        migrations.AddConstraint(
            model_name="issuance",
            constraint=models.CheckConstraint(
                condition=models.Q(("count__gte", 1), ("count__lte", 33554432)), name="issuance_count_fits"
            ),
        ),
        migrations.AddConstraint(
            model_name="issuance",
            constraint=models.CheckConstraint(
                condition=models.Q(("gtin__regex", "^([0-9]{14}|-)$")), name="issuance_gtin_shape"
            ),
        ),
        migrations.AddConstraint(
            model_name="issuance",
            constraint=models.CheckConstraint(
                condition=models.Q(("prepared__lte", models.F("count"))), name="issuance_prepared_within"
            ),
        ),
        migrations.AddConstraint(
            model_name="issuance",
            constraint=models.CheckConstraint(
                condition=models.Q(("activation__in", ["with_batch", "by_range"])), name="issuance_activation_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="issuance",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["preparing", "issued", "void"])), name="issuance_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="issuance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "issued"), _negated=True),
                    models.Q(("issued_at__isnull", False), ("root__isnull", False)),
                    _connector="OR",
                ),
                name="issuance_issued_with_root",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issuance",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="00b013aebbed470e29eb610987282f893f82eef5",
                    operation="DELETE",
                    pgid="pgtrigger_kept_d37ba",
                    table="trace_issuance",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issuance",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."batch_id" IS DISTINCT FROM (NEW."batch_id") OR OLD."ordinal" IS DISTINCT FROM (NEW."ordinal") OR OLD."count" IS DISTINCT FROM (NEW."count") OR OLD."epoch" IS DISTINCT FROM (NEW."epoch") OR OLD."gtin" IS DISTINCT FROM (NEW."gtin") OR OLD."profile" IS DISTINCT FROM (NEW."profile") OR OLD."has_pin" IS DISTINCT FROM (NEW."has_pin") OR OLD."activation" IS DISTINCT FROM (NEW."activation") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="2045f543072b50ddcb2af67f823cb879e4e483c2",
                    operation="UPDATE",
                    pgid="pgtrigger_fixed_7c4d4",
                    table="trace_issuance",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issuance",
            trigger=pgtrigger.compiler.Trigger(
                name="only_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'INSERT' THEN\n    IF NEW.state NOT IN ('issued', 'preparing') THEN\n        RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state;\n    END IF;\nELSIF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state, NEW.state) NOT IN (('issued', 'void'), ('preparing', 'issued'), ('preparing', 'void')) THEN\n    RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.state, NEW.state;\nEND IF;\nRETURN NEW;\n",
                    hash="0d1ab78c00a3de8a99cdb8d51173ba6ac17047cd",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_only_steps_6f4a1",
                    table="trace_issuance",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issuance",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF OLD.root IS NOT NULL AND ROW(NEW.root, NEW.issued_at) IS DISTINCT FROM ROW(OLD.root, OLD.issued_at) THEN\n    RAISE EXCEPTION 'the root of an issuance is never changed';\nEND IF;\nRETURN NEW;\n",
                    hash="4585de1189b2289a977770376be27b1ce40791e3",
                    operation="UPDATE",
                    pgid="pgtrigger_sealed_c910e",
                    table="trace_issuance",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issuance",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trace_issuanceevent" ("activation", "batch_id", "count", "created_at", "epoch", "gtin", "has_pin", "id", "issued_at", "number", "ordinal", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile", "state", "updated_at", "version") VALUES (NEW."activation", NEW."batch_id", NEW."count", NEW."created_at", NEW."epoch", NEW."gtin", NEW."has_pin", NEW."id", NEW."issued_at", NEW."number", NEW."ordinal", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."profile", NEW."state", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="ddc74b87b48ce046e8e6b8e4bfdd1dacd63ef000",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4c848",
                    table="trace_issuance",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issuance",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."activation" IS DISTINCT FROM (NEW."activation") OR OLD."batch_id" IS DISTINCT FROM (NEW."batch_id") OR OLD."count" IS DISTINCT FROM (NEW."count") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."epoch" IS DISTINCT FROM (NEW."epoch") OR OLD."gtin" IS DISTINCT FROM (NEW."gtin") OR OLD."has_pin" IS DISTINCT FROM (NEW."has_pin") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."issued_at" IS DISTINCT FROM (NEW."issued_at") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."ordinal" IS DISTINCT FROM (NEW."ordinal") OR OLD."profile" IS DISTINCT FROM (NEW."profile") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "trace_issuanceevent" ("activation", "batch_id", "count", "created_at", "epoch", "gtin", "has_pin", "id", "issued_at", "number", "ordinal", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile", "state", "updated_at", "version") VALUES (NEW."activation", NEW."batch_id", NEW."count", NEW."created_at", NEW."epoch", NEW."gtin", NEW."has_pin", NEW."id", NEW."issued_at", NEW."number", NEW."ordinal", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."profile", NEW."state", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="deb662fef17e38934e0645b89ff6e0cb60afbd6e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_286a1",
                    table="trace_issuance",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="codedownload",
            trigger=pgtrigger.compiler.Trigger(
                name="appended",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7f70bc1dc6057969b76a0295090ec936145cddc4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_appended_1e682",
                    table="trace_codedownload",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issuanceevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bd68b623a30866d1a1b72d8cb099ad93b934d669",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b713b",
                    table="trace_issuanceevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="issuancerange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["activated", "printed", "spoiled", "returned", "destroyed", "void"])),
                name="issuance_range_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuancerange",
            constraint=models.CheckConstraint(
                condition=models.Q(("last__gte", models.F("first"))), name="issuance_range_ordered"
            ),
        ),
        migrations.AddConstraint(
            model_name="issuancerange",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("kind__in", ["activated", "spoiled", "returned", "destroyed", "void"])),
                expressions=[
                    ("issuance", "="),
                    ("kind", "="),
                    (models.Func("first", "last", models.Value("[]"), function="int4range"), "&&"),
                ],
                name="issuance_range_said_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issuancerange",
            trigger=pgtrigger.compiler.Trigger(
                name="appended",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a4c142b9b35b3afd64ad1828177bc11fba94b949",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_appended_7dccd",
                    table="trace_issuancerange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issuancerange",
            trigger=pgtrigger.compiler.Trigger(
                name="within",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NOT EXISTS (\n    SELECT FROM trace_issuance i WHERE i.id = NEW.issuance_id AND i.state = 'issued' AND NEW.last < i.count\n) THEN\n    RAISE EXCEPTION 'a range lies within an issuance that was issued';\nEND IF;\nRETURN NEW;\n",
                    hash="bfdff5aef071c323337abdffbb527ab82b55786e",
                    operation="INSERT",
                    pgid="pgtrigger_within_1098c",
                    table="trace_issuancerange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(UNIT_FACTS, "DROP FUNCTION trace_unit_facts(bigint, integer, integer)"),
        migrations.RunSQL(WITHOUT_LOT_ONLY, CHECK_FACTS_OF_LOTS),
        migrations.RunSQL(CHECK_FACTS, "DROP FUNCTION trace_check_facts(text, integer, integer)"),
    ]
