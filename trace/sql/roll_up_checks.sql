-- Sums the checks of some days anew by cell, title, verdict and county, mends the counts that differ, and gives those.
-- Counting goes on meanwhile: a check and its count become visible together, so the difference seen by one statement is
-- the true one, and it is added, never set. Days whose partition is gone are left as they were counted.
CREATE OR REPLACE FUNCTION trace_roll_up_checks(since date, until date)
RETURNS TABLE (key text, was bigint, count bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    -- Two at once would each add the same difference.
    PERFORM pg_advisory_xact_lock(hashtext('trace_roll_up_checks'));
    RETURN QUERY
    WITH summed AS (
        SELECT b.cell_id, c.checked_on AS day, t.number AS title_id, c.verdict, b.division_code, count(*) AS count
        FROM trace_check c
        JOIN trace_batch b ON b.number = c.lot
        JOIN products_authorisation a ON a.id = b.authorisation_id
        JOIN products_title t ON t.id = a.title_id
        WHERE c.checked_on BETWEEN since AND until
        GROUP BY 1, 2, 3, 4, 5
    ), kept AS (
        SELECT k.* FROM trace_checkcount k
        WHERE k.day BETWEEN since AND until AND EXISTS (
            SELECT 1 FROM pg_inherits i
            WHERE i.inhparent = 'trace_check'::regclass
              AND i.inhrelid = to_regclass('trace_check_' || to_char(k.day, 'YYYY_MM')))
    ), differing AS (
        SELECT kept.id, coalesce(kept.count, 0) AS was, coalesce(summed.count, 0) AS is, summed.cell_id,
               summed.day, summed.title_id, summed.verdict, summed.division_code
        FROM summed FULL JOIN kept
          ON kept.day = summed.day AND kept.title_id = summed.title_id AND kept.verdict = summed.verdict
         AND kept.division_code = summed.division_code AND coalesce(kept.cell_id, 0) = coalesce(summed.cell_id, 0)
        WHERE coalesce(kept.count, 0) <> coalesce(summed.count, 0)
    ), mended AS (
        UPDATE trace_checkcount k SET count = k.count + d.is - d.was FROM differing d WHERE k.id = d.id
        RETURNING k.key, d.was, d.is
    ), added AS (
        INSERT INTO trace_checkcount (cell_id, day, title_id, verdict, division_code, count)
        SELECT d.cell_id, d.day, d.title_id, d.verdict, d.division_code, d.is FROM differing d WHERE d.id IS NULL
        ON CONFLICT (key) DO UPDATE SET count = trace_checkcount.count + excluded.count
        RETURNING key, 0::bigint AS was, count
    )
    SELECT m.key::text, m.was, m.is FROM mended m UNION ALL SELECT n.key::text, n.was, n.count FROM added n;
    DELETE FROM trace_checkcount k WHERE k.day BETWEEN since AND until AND k.count = 0;
END;
$$;
