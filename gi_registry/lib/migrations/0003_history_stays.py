"""Who changed what, and why, cannot be rewritten: the context of the histories is written once.

The events themselves are append-only already (PGHISTORY_APPEND_ONLY), but who and why stand in this table. Within the
transaction that began it a context may still grow, which is how django-pghistory writes it.
"""

from django.db import migrations

STAYS = """
CREATE OR REPLACE FUNCTION lib_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- now() is the start of the transaction: a row that bears another instant was committed by an earlier one.
    IF TG_OP = 'UPDATE' AND OLD.created_at = now() AND NEW.created_at = OLD.created_at AND NEW.id = OLD.id THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a history is never rewritten: % is refused', TG_OP;
END;
$$;

CREATE OR REPLACE TRIGGER lib_history_stays BEFORE UPDATE OR DELETE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION lib_history_stays();
"""
GOES = """
DROP TRIGGER lib_history_stays ON pghistory_context;
DROP FUNCTION lib_history_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("lib", "0002_cache_table"), ("pghistory", "0007_auto_20250421_0444")]

    operations = [migrations.RunSQL(STAYS, GOES)]
