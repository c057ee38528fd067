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
