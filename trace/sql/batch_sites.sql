-- The sites of a batch are part of what was registered: like its dates they change while it is a draft, and never after.
-- Two questions and not one: each is a look by the key, whatever the planner thinks of a table that has just been filled.
CREATE OR REPLACE FUNCTION trace_batch_sites_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM trace_batch b WHERE b.id = OLD.batch_id AND b.state <> 'draft')
        OR TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM trace_batch b WHERE b.id = NEW.batch_id AND b.state <> 'draft') THEN
        RAISE EXCEPTION 'the sites of a registered batch are never changed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END;
$$;

CREATE OR REPLACE TRIGGER trace_batch_sites_settled BEFORE INSERT OR UPDATE OR DELETE ON trace_batch_sites
    FOR EACH ROW EXECUTE FUNCTION trace_batch_sites_settled();
