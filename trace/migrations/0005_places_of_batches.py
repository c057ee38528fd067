"""A batch keeps the point at which it stands on the map, and the H3 cell in which its checks are counted.

What is registered is never changed, so the places of the batches that are there are filled in while their guard is off.
"""

from typing import Any

import django.contrib.gis.db.models.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import h3.api.basic_int as h3
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.gis.geos import Polygon
from django.db import migrations, models

RESOLUTION = 5
AT_ONCE = 5_000

# A point within the first of the sites of each batch.
PLACES = """
SELECT b.id, ST_X(s.place), ST_Y(s.place)
FROM trace_batch b
CROSS JOIN LATERAL (
    SELECT ST_PointOnSurface(site.geom) AS place
    FROM trace_batch_sites link JOIN products_site site ON site.id = link.site_id
    WHERE link.batch_id = b.id ORDER BY link.site_id LIMIT 1
) s
WHERE b.id > %s ORDER BY b.id LIMIT %s
"""
FILL = """
UPDATE trace_batch b SET place = ST_SetSRID(ST_MakePoint(v.x, v.y), 4326), cell_id = v.cell
FROM unnest(%s::bigint[], %s::float8[], %s::float8[], %s::bigint[]) AS v (id, x, y, cell)
WHERE b.id = v.id
"""


def fill_places(apps: Any, schema_editor: Any) -> None:
    """Place and cell of every batch that has sites, a few thousand at a time."""
    kept: set[int] = set()
    last = 0
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(PLACES, [last, AT_ONCE])
            if not (rows := cursor.fetchall()):
                break
            ids, xs, ys = (list(column) for column in zip(*rows, strict=True))
            cells = [h3.latlng_to_cell(y, x, RESOLUTION) for x, y in zip(xs, ys, strict=True)]
            keep(apps.get_model("regions", "Cell"), set(cells) - kept)
            kept.update(cells)
            cursor.execute(FILL, [ids, xs, ys, cells])
            last = ids[-1]
        # The table cannot be altered further while the check of its new references is still to come.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def keep(model: Any, cells: set[int]) -> None:
    rings = {cell: [(x, y) for y, x in h3.cell_to_boundary(cell)] for cell in cells}
    rows = [model(pk=cell, geom=Polygon([*ring, ring[0]], srid=4326)) for cell, ring in rings.items()]
    model.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("trace", "0004_noted_changes"), ("regions", "0006_cells")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="batch",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="batch",
            name="settled",
        ),
        migrations.AddField(
            model_name="batch",
            name="cell",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.cell",
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="place",
            field=django.contrib.gis.db.models.fields.PointField(
                blank=True, editable=False, null=True, spatial_index=False, srid=4326
            ),
        ),
        migrations.RunPython(fill_places, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="batch",
            index=django.contrib.postgres.indexes.GistIndex(fields=["place"], name="batch_place"),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cell__isnull", True), ("place__isnull", True)),
                    models.Q(("cell__isnull", False), ("place__isnull", False)),
                    _connector="OR",
                ),
                name="batch_place_in_a_cell",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="settled",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF OLD.state <> 'draft' AND ROW(NEW.form_id, NEW.indication_id, NEW.authorisation_id, NEW.specification_id, NEW.season_id, NEW.division_code, NEW.producer_lot, NEW.harvested_on, NEW.produced_from, NEW.produced_on, NEW.packed_on, NEW.best_before_on, NEW.quantity, NEW.quantity_unit, NEW.pack_count, NEW.registered_at, NEW.place, NEW.cell_id)\n    IS DISTINCT FROM ROW(OLD.form_id, OLD.indication_id, OLD.authorisation_id, OLD.specification_id, OLD.season_id, OLD.division_code, OLD.producer_lot, OLD.harvested_on, OLD.produced_from, OLD.produced_on, OLD.packed_on, OLD.best_before_on, OLD.quantity, OLD.quantity_unit, OLD.pack_count, OLD.registered_at, OLD.place, OLD.cell_id) THEN\n    RAISE EXCEPTION 'a registered batch is never changed';\nEND IF;\nRETURN NEW;\n",
                    hash="577fbbeba84af1c8b2f1475a86c698e1355d3507",
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
                    condition='WHEN (OLD."authorisation_id" IS DISTINCT FROM (NEW."authorisation_id") OR OLD."best_before_on" IS DISTINCT FROM (NEW."best_before_on") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."division_code" IS DISTINCT FROM (NEW."division_code") OR OLD."form_id" IS DISTINCT FROM (NEW."form_id") OR OLD."harvested_on" IS DISTINCT FROM (NEW."harvested_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."indication_id" IS DISTINCT FROM (NEW."indication_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."pack_count" IS DISTINCT FROM (NEW."pack_count") OR OLD."packed_on" IS DISTINCT FROM (NEW."packed_on") OR OLD."produced_from" IS DISTINCT FROM (NEW."produced_from") OR OLD."produced_on" IS DISTINCT FROM (NEW."produced_on") OR OLD."producer_id" IS DISTINCT FROM (NEW."producer_id") OR OLD."producer_lot" IS DISTINCT FROM (NEW."producer_lot") OR OLD."quantity" IS DISTINCT FROM (NEW."quantity") OR OLD."quantity_unit" IS DISTINCT FROM (NEW."quantity_unit") OR OLD."registered_at" IS DISTINCT FROM (NEW."registered_at") OR OLD."released_at" IS DISTINCT FROM (NEW."released_at") OR OLD."review_opened_at" IS DISTINCT FROM (NEW."review_opened_at") OR OLD."season_id" IS DISTINCT FROM (NEW."season_id") OR OLD."specification_id" IS DISTINCT FROM (NEW."specification_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."state_reason" IS DISTINCT FROM (NEW."state_reason") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "trace_batchevent" ("authorisation_id", "best_before_on", "created_at", "division_code", "form_id", "harvested_on", "id", "indication_id", "number", "pack_count", "packed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "produced_from", "produced_on", "producer_id", "producer_lot", "quantity", "quantity_unit", "registered_at", "released_at", "review_opened_at", "season_id", "specification_id", "state", "state_reason", "updated_at", "version") VALUES (NEW."authorisation_id", NEW."best_before_on", NEW."created_at", NEW."division_code", NEW."form_id", NEW."harvested_on", NEW."id", NEW."indication_id", NEW."number", NEW."pack_count", NEW."packed_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."produced_from", NEW."produced_on", NEW."producer_id", NEW."producer_lot", NEW."quantity", NEW."quantity_unit", NEW."registered_at", NEW."released_at", NEW."review_opened_at", NEW."season_id", NEW."specification_id", NEW."state", NEW."state_reason", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="317bd040310da2a9fb354e3029fee98ac4378ceb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_48342",
                    table="trace_batch",
                    when="AFTER",
                ),
            ),
        ),
    ]
