"""That a device reported a unit, once a day."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trace", "0013_reports")]

    operations = [
        migrations.CreateModel(
            name="UnitReport",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "issuance_id",
                        "unit_index",
                        "device_token",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("unit_index", models.IntegerField()),
                ("device_token", models.BigIntegerField()),
                ("reported_hour", models.IntegerField()),
                (
                    "issuance",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trace.issuance",
                    ),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitreport",
            trigger=pgtrigger.compiler.Trigger(
                name="appended",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8f2c57b222d706486ac6bea2a7bbde679a581122",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_appended_a06a9",
                    table="trace_unitreport",
                    when="BEFORE",
                ),
            ),
        ),
    ]
