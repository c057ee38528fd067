-- Counts one check of a lot, or of a unit of it: its row, what is kept of the unit, the tally of the batch, the cell of the map.
-- A function, so that all of it is one question to the database, with plans that the connection keeps.
-- `was` is the version (xmin) of the unit's row from which the caller worked out what it `becomes`, NULL where there was none.
-- No row comes back where the unit is another by now: nothing is written then, and the caller looks again. `is_new` is false
-- where this device has checked it today. Locks are taken in this order: unit, tally of the batch, cell.
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
