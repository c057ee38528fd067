-- The sites of a batch are part of what was registered: like its dates they change while it is a draft, and never after.
CREATE OR REPLACE FUNCTION trace_batch_sites_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM trace_batch b
        WHERE b.state <> 'draft'
          AND b.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.batch_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.batch_id END)
    ) THEN
        RAISE EXCEPTION 'the sites of a registered batch are never changed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END;
$$;

CREATE OR REPLACE TRIGGER trace_batch_sites_settled BEFORE INSERT OR UPDATE OR DELETE ON trace_batch_sites
    FOR EACH ROW EXECUTE FUNCTION trace_batch_sites_settled();
