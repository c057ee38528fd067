"""Time stamps: another body's word on when a checkpoint was there."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("openlog", "0001_the_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="Timestamp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField(unique=True)),
                ("digest", models.BinaryField(max_length=32)),
                ("token", models.BinaryField()),
                ("stamped_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("authority", models.CharField(max_length=120)),
                ("policy", models.CharField(blank=True, default="", max_length=120)),
                ("verified_by", models.CharField(max_length=120)),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="timestamp",
            trigger=pgtrigger.compiler.Trigger(
                name="appended",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="595cc2520152b555c97dc5b7bcff423485665a08",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_appended_4fc9d",
                    table="openlog_timestamp",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="timestamp",
            trigger=pgtrigger.compiler.Trigger(
                name="whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the log is never emptied';",
                    hash="8f7b80286a81d82768beb86215334a8814bcb3d0",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_whole_154b5",
                    table="openlog_timestamp",
                    when="BEFORE",
                ),
            ),
        ),
    ]
