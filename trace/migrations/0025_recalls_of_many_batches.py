"""A recall of two hundred thousand batches writes less of each: history by statement, a cheaper guard, no index twice."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0008_written_outlines"),
        ("trace", "0024_balances_by_statement"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="batch",
            name="settled",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="batch",
            name="update_update",
        ),
        migrations.AlterField(
            model_name="batch",
            name="authorisation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="products.authorisation",
            ),
        ),
        migrations.AlterField(
            model_name="batch",
            name="indication",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.indication"
            ),
        ),
        migrations.AlterField(
            model_name="batch",
            name="producer",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.producer"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="settled",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state <> 'draft' AND ROW(NEW.form_id, NEW.indication_id, NEW.authorisation_id, NEW.specification_id, NEW.season_id, NEW.division_code, NEW.producer_lot, NEW.harvested_on, NEW.produced_from, NEW.produced_on, NEW.packed_on, NEW.best_before_on, NEW.quantity, NEW.quantity_unit, NEW.pack_count, NEW.registered_at, NEW.place, NEW.cell_id)\n    IS DISTINCT FROM ROW(OLD.form_id, OLD.indication_id, OLD.authorisation_id, OLD.specification_id, OLD.season_id, OLD.division_code, OLD.producer_lot, OLD.harvested_on, OLD.produced_from, OLD.produced_on, OLD.packed_on, OLD.best_before_on, OLD.quantity, OLD.quantity_unit, OLD.pack_count, OLD.registered_at, OLD.place, OLD.cell_id))",
                    func="RAISE EXCEPTION 'a registered batch is never changed';",
                    hash="53a817627e44a09026ff933ab93f430ad647a9ad",
                    operation="UPDATE",
                    pgid="pgtrigger_settled_9abc1",
                    table="trace_batch",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "trace_batchevent" ("authorisation_id", "best_before_on", "created_at", "division_code", "form_id", "harvested_on", "id", "indication_id", "number", "pack_count", "packed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "produced_from", "produced_on", "producer_id", "producer_lot", "quantity", "quantity_unit", "registered_at", "released_at", "review_opened_at", "season_id", "specification_id", "state", "state_reason", "updated_at", "version") SELECT new_values."authorisation_id", new_values."best_before_on", new_values."created_at", new_values."division_code", new_values."form_id", new_values."harvested_on", new_values."id", new_values."indication_id", new_values."number", new_values."pack_count", new_values."packed_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."produced_from", new_values."produced_on", new_values."producer_id", new_values."producer_lot", new_values."quantity", new_values."quantity_unit", new_values."registered_at", new_values."released_at", new_values."review_opened_at", new_values."season_id", new_values."specification_id", new_values."state", new_values."state_reason", new_values."updated_at", new_values."version" FROM ( SELECT "id", "number", "producer_id", "form_id", "indication_id", "authorisation_id", "specification_id", "season_id", "division_code", "state", "state_reason", "producer_lot", "harvested_on", "produced_from", "produced_on", "packed_on", "best_before_on", "quantity", "quantity_unit", "pack_count", "registered_at", "released_at", "review_opened_at", "version", "created_at", "updated_at" FROM new_values EXCEPT SELECT "id", "number", "producer_id", "form_id", "indication_id", "authorisation_id", "specification_id", "season_id", "division_code", "state", "state_reason", "producer_lot", "harvested_on", "produced_from", "produced_on", "packed_on", "best_before_on", "quantity", "quantity_unit", "pack_count", "registered_at", "released_at", "review_opened_at", "version", "created_at", "updated_at" FROM old_values ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="082987491cc9b64c56f175fa6a8f143eac7fc160",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_48342",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="trace_batch",
                    when="AFTER",
                ),
            ),
        ),
    ]
