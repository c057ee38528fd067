"""Photos of articles, and the check that tells of them."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

CHECK_FACTS = """
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
                'net_content_unit', f.net_content_unit, 'packing', f.packing, 'gtin', f.gtin,
                'photo', (
                    SELECT json_build_object('digest', h.digest, 'width', h.width, 'height', h.height)
                    FROM trace_formphoto h WHERE h.form_id = f.id)),
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
WITHOUT_PHOTO = """
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


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("trace", "0008_link_targets"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormPhotoEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("digest", models.CharField(max_length=32)),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FormPhoto",
            fields=[
                (
                    "form",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="photo",
                        serialize=False,
                        to="trace.productform",
                    ),
                ),
                ("digest", models.CharField(db_index=True, max_length=32)),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("jpeg", models.BinaryField(max_length=44000)),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{32}$")), name="photo_digest_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("height__gt", 0), ("width__gt", 0)), name="photo_has_a_size"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="formphoto",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trace_formphotoevent" ("added_at", "digest", "form_id", "height", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "width") VALUES (NEW."added_at", NEW."digest", NEW."form_id", NEW."height", _pgh_attach_context(), NOW(), \'insert\', NEW."form_id", NEW."width"); RETURN NULL;',
                    hash="2e31d9a5646fd391f183f574a4e0b6f2196e47ed",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f5622",
                    table="trace_formphoto",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="formphoto",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."form_id" IS DISTINCT FROM (NEW."form_id") OR OLD."height" IS DISTINCT FROM (NEW."height") OR OLD."width" IS DISTINCT FROM (NEW."width"))',
                    func='INSERT INTO "trace_formphotoevent" ("added_at", "digest", "form_id", "height", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "width") VALUES (NEW."added_at", NEW."digest", NEW."form_id", NEW."height", _pgh_attach_context(), NOW(), \'update\', NEW."form_id", NEW."width"); RETURN NULL;',
                    hash="a7ddee70cef6197d7516ae488a5f740e0a35739b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8c0a6",
                    table="trace_formphoto",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="formphoto",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trace_formphotoevent" ("added_at", "digest", "form_id", "height", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "width") VALUES (OLD."added_at", OLD."digest", OLD."form_id", OLD."height", _pgh_attach_context(), NOW(), \'delete\', OLD."form_id", OLD."width"); RETURN NULL;',
                    hash="8d056122afc7285815e8d0ad5ffce05cc264dbde",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a1c12",
                    table="trace_formphoto",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="formphotoevent",
            name="form",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                serialize=False,
                to="trace.productform",
            ),
        ),
        migrations.AddField(
            model_name="formphotoevent",
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
            model_name="formphotoevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="trace.formphoto",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="formphotoevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c302657d70826a7f93a4e64a2df0c72f5fbf3b84",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e08cf",
                    table="trace_formphotoevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(CHECK_FACTS, WITHOUT_PHOTO),
    ]
