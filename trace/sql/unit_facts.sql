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
            'has_pin', u.has_pin,
            'tally', (
                SELECT json_build_object(
                    'count', t.count, 'first_on', date '1970-01-01' + t.first_hour / 24, 'first_province', t.first_province,
                    'grade', t.grade, 'reasons', t.reasons, 'opened_on', date '1970-01-01' + t.opened_hour / 24)
                FROM trace_unittally t WHERE t.issuance_id = u.id AND t.unit_index = at_index))
        FROM trace_issuance u
        WHERE u.batch_id = of_batch AND u.ordinal = of_ordinal
    );
END;
$$;
