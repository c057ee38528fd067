"""A check is counted in one statement, from what its facts told of the unit."""

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

UNIT_FACTS_BEFORE = r"""
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
"""

COUNT_CHECK = r"""
CREATE OR REPLACE FUNCTION trace_count_check(
    seen trace_check, was text DEFAULT NULL, becomes trace_unittally DEFAULT NULL)
RETURNS TABLE (is_new boolean, total bigint, since date) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    goods record;
BEGIN
    is_new := false;
    IF seen.unit_index IS NULL THEN
        INSERT INTO trace_check SELECT seen.* ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RETURN NEXT;
            RETURN;
        END IF;
    ELSE
        PERFORM FROM trace_check c
        WHERE c.checked_on = seen.checked_on AND c.lot = seen.lot AND c.device_token = seen.device_token;
        IF FOUND THEN
            RETURN NEXT;
            RETURN;
        END IF;
        IF was IS NULL THEN
            INSERT INTO trace_unittally SELECT becomes.* ON CONFLICT DO NOTHING;
        ELSE
            UPDATE trace_unittally SET (
                count, first_hour, first_province, provinces, last_hour, last_provinces, pin_tries, wrong_pins,
                opened_hour, opened_province, opened_device, checks_since_opened, signs, grade, reasons, rule_version
            ) = (SELECT
                becomes.count, becomes.first_hour, becomes.first_province, becomes.provinces, becomes.last_hour,
                becomes.last_provinces, becomes.pin_tries, becomes.wrong_pins, becomes.opened_hour,
                becomes.opened_province, becomes.opened_device, becomes.checks_since_opened, becomes.signs,
                becomes.grade, becomes.reasons, becomes.rule_version)
            WHERE issuance_id = seen.issuance_id AND unit_index = seen.unit_index AND xmin = was::xid;
        END IF;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        -- Nobody else can have written this row since: whoever did has changed the unit before.
        INSERT INTO trace_check SELECT seen.*;
    END IF;

    SELECT batch.id, batch.cell_id, batch.division_code, title.number AS title INTO STRICT goods
    FROM trace_batch batch
    JOIN products_authorisation ground ON ground.id = batch.authorisation_id
    JOIN products_title title ON title.id = ground.title_id
    WHERE batch.number = seen.lot;

    INSERT INTO trace_batchtally AS tally (batch_id, count, first_on, first_province)
    VALUES (goods.id, 1, seen.checked_on, seen.province)
    ON CONFLICT (batch_id) DO UPDATE SET count = tally.count + 1
    RETURNING tally.count, tally.first_on INTO total, since;

    INSERT INTO trace_checkcount AS cell (cell_id, day, title_id, verdict, division_code, count)
    VALUES (goods.cell_id, seen.checked_on, goods.title, seen.verdict, goods.division_code, 1)
    ON CONFLICT (key) DO UPDATE SET count = cell.count + 1;
    is_new := true;
    RETURN NEXT;
END;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("trace", "0019_label_orders")]

    operations = [
        migrations.RunSQL(UNIT_FACTS, UNIT_FACTS_BEFORE),
        migrations.RunSQL(COUNT_CHECK, "DROP FUNCTION trace_count_check(trace_check, text, trace_unittally)"),
    ]
