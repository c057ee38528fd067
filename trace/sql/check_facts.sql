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
