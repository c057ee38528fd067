"""What was registered of a batch, its sites included, is never changed: the wall behind policy and rules.

A frozen copy of the text in ``trace/sql/``; a test demands that both agree.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

BATCH_SITES = """
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
"""

DROP_BATCH_SITES = """
DROP TRIGGER trace_batch_sites_settled ON trace_batch_sites;
DROP FUNCTION trace_batch_sites_settled();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trace", "0002_checks"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="settled",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF OLD.state <> 'draft' AND ROW(NEW.form_id, NEW.indication_id, NEW.authorisation_id, NEW.specification_id, NEW.season_id, NEW.division_code, NEW.producer_lot, NEW.harvested_on, NEW.produced_from, NEW.produced_on, NEW.packed_on, NEW.best_before_on, NEW.quantity, NEW.quantity_unit, NEW.pack_count, NEW.registered_at)\n    IS DISTINCT FROM ROW(OLD.form_id, OLD.indication_id, OLD.authorisation_id, OLD.specification_id, OLD.season_id, OLD.division_code, OLD.producer_lot, OLD.harvested_on, OLD.produced_from, OLD.produced_on, OLD.packed_on, OLD.best_before_on, OLD.quantity, OLD.quantity_unit, OLD.pack_count, OLD.registered_at) THEN\n    RAISE EXCEPTION 'a registered batch is never changed';\nEND IF;\nRETURN NEW;\n",
                    hash="bd1fc21beb54ceb033753983a92631e02e1931c4",
                    operation="UPDATE",
                    pgid="pgtrigger_settled_9abc1",
                    table="trace_batch",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(BATCH_SITES, DROP_BATCH_SITES),
    ]
