"""Credentials as they were issued, each with its place in the status lists."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import gi_registry.lib.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Credential",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "serial",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=20)),
                ("digest", models.CharField(max_length=64)),
                (
                    "claims",
                    models.JSONField(
                        help_text="The credential without proof and status, as it was signed: W3C VCDM 2.0."
                    ),
                ),
                ("status_list", models.PositiveIntegerField()),
                ("status_place", models.PositiveIntegerField()),
                ("issued_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "number", "digest"), name="credential_of_facts_once"),
                    models.UniqueConstraint(fields=("status_list", "status_place"), name="credential_place_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("kind", "number"),
                        name="credential_one_standing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status_place__lt", 131072)), name="credential_place_in_list"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="credential",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="77affe4768d8faa96c818053e0c1c8f01d91ce41",
                    operation="DELETE",
                    pgid="pgtrigger_kept_36b1f",
                    table="credentials_credential",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="credential",
            trigger=pgtrigger.compiler.Trigger(
                name="settled",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."serial" IS DISTINCT FROM (NEW."serial") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."claims" IS DISTINCT FROM (NEW."claims") OR OLD."status_list" IS DISTINCT FROM (NEW."status_list") OR OLD."status_place" IS DISTINCT FROM (NEW."status_place") OR OLD."issued_at" IS DISTINCT FROM (NEW."issued_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="75709a4c8c154631f23cd87b3ab6d7d22d17697f",
                    operation="UPDATE",
                    pgid="pgtrigger_settled_ff066",
                    table="credentials_credential",
                    when="BEFORE",
                ),
            ),
        ),
    ]
