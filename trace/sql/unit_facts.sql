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
