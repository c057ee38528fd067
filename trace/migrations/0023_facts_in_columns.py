"""What a check needs is read as columns: writing it as JSON took PostgreSQL longer than finding it."""

from django.db import migrations

UNIT_FACTS = r"""
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
            'has_pin', u.has_pin,
            -- As actions.units writes it: the version of the row, its state field by field, grade and reasons.
            'kept', (
                SELECT json_build_array(
                    t.xmin::text, t.count, t.first_hour, t.first_province, t.provinces, t.last_hour,
                    t.last_provinces, t.pin_tries, t.wrong_pins, t.opened_hour, t.opened_province, t.opened_device,
                    t.checks_since_opened, t.signs, t.grade, t.reasons)
                FROM trace_unittally t WHERE t.issuance_id = u.id AND t.unit_index = at_index))
        FROM trace_issuance u
        WHERE u.batch_id = of_batch AND u.ordinal = of_ordinal
    );
END;
$$;
"""

CHECK_FACTS = r"""
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


class Migration(migrations.Migration):
    dependencies = [("trace", "0022_sheet_imports")]

    operations = [
        migrations.RunSQL("DROP FUNCTION trace_check_facts(text, integer, integer)", CHECK_FACTS),
        migrations.RunSQL("DROP FUNCTION trace_unit_facts(bigint, integer, integer)", UNIT_FACTS),
    ]
