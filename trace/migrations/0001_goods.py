import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import gi_registry.lib.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("products", "0001_register"),
    ]

    operations = [
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "checked_on",
                        "lot",
                        "device_token",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("checked_on", models.DateField()),
                ("lot", models.CharField(max_length=10)),
                ("device_token", models.BigIntegerField()),
                ("checked_hour", models.PositiveSmallIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("registered", "已登记"),
                            ("checked_often", "查询次数偏多"),
                            ("under_review", "正在核查"),
                            ("not_activated", "尚未放行"),
                            ("out_of_season", "产季未开始"),
                            ("past_best_before", "已过保质期"),
                            ("authorisation_ended", "标志使用核准已失效"),
                            ("on_hold", "暂停销售"),
                            ("recalled", "已召回"),
                            ("voided", "已作废"),
                            ("mistyped", "输入有误"),
                            ("not_issued", "未签发此码"),
                            ("unavailable", "暂时无法查询"),
                        ],
                        max_length=20,
                    ),
                ),
                ("province", models.CharField(max_length=20)),
            ],
            options={
                "db_table": "trace_check",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Allowance",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "hour", "subject", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("subject", models.BigIntegerField()),
                ("count", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ProductForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, default="", max_length=160)),
                ("net_content", models.DecimalField(decimal_places=3, max_digits=12)),
                (
                    "net_content_unit",
                    models.CharField(
                        choices=[
                            ("gram", "克"),
                            ("kilogram", "千克"),
                            ("tonne", "吨"),
                            ("millilitre", "毫升"),
                            ("litre", "升"),
                            ("piece", "个"),
                        ],
                        max_length=12,
                    ),
                ),
                ("packing", models.CharField(blank=True, default="", max_length=80)),
                (
                    "gtin",
                    models.CharField(
                        blank=True, help_text="14 digits; shorter GTINs are padded.", max_length=14, null=True
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "indication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.indication"
                    ),
                ),
                (
                    "producer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.producer"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("net_content__gt", 0)), name="form_net_content_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("net_content_unit__in", ["gram", "kilogram", "tonne", "millilitre", "litre", "piece"])
                        ),
                        name="form_unit_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gtin__isnull", True), ("gtin__regex", "^[0-9]{14}$"), _connector="OR"),
                        name="form_gtin_shape",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("gtin__isnull", False)), fields=("gtin",), name="form_gtin_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(editable=False, max_length=10, unique=True)),
                ("division_code", models.CharField(max_length=6)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("registered", "已登记"),
                            ("released", "已放行"),
                            ("on_hold", "暂停"),
                            ("recalled", "召回"),
                            ("closed", "已结束"),
                            ("void", "作废"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("state_reason", models.CharField(blank=True, default="", max_length=500)),
                ("producer_lot", models.CharField(blank=True, default="", max_length=60)),
                ("harvested_on", models.DateField(blank=True, null=True)),
                ("produced_from", models.DateField(blank=True, null=True)),
                ("produced_on", models.DateField()),
                ("packed_on", models.DateField(blank=True, null=True)),
                ("best_before_on", models.DateField(blank=True, null=True)),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=15)),
                (
                    "quantity_unit",
                    models.CharField(
                        choices=[
                            ("gram", "克"),
                            ("kilogram", "千克"),
                            ("tonne", "吨"),
                            ("millilitre", "毫升"),
                            ("litre", "升"),
                            ("piece", "个"),
                        ],
                        max_length=12,
                    ),
                ),
                ("pack_count", models.PositiveIntegerField(blank=True, null=True)),
                ("registered_at", models.DateTimeField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("review_opened_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "authorisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.authorisation"
                    ),
                ),
                (
                    "indication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.indication"
                    ),
                ),
                (
                    "producer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.producer"
                    ),
                ),
                (
                    "season",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="products.season",
                    ),
                ),
                ("sites", models.ManyToManyField(related_name="+", to="products.site")),
                (
                    "specification",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="products.specificationversion",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="trace.productform"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "batches",
                "indexes": [
                    models.Index(fields=["producer", "-id"], name="batch_of_producer"),
                    models.Index(fields=["indication", "-id"], name="batch_of_indication"),
                    models.Index(fields=["authorisation", "-id"], name="batch_of_authorisation"),
                    models.Index(
                        fields=["division_code", "-id"],
                        name="batch_by_place",
                        opclasses=["text_pattern_ops", "int8_ops"],
                    ),
                    models.Index(fields=["state", "-id"], name="batch_by_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "^[0-9A-HJKMNP-TV-Z]{10}$")), name="batch_number_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "registered", "released", "on_hold", "recalled", "closed", "void"])
                        ),
                        name="batch_state_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="batch_quantity_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity_unit__in", ["gram", "kilogram", "tonne", "millilitre", "litre", "piece"])
                        ),
                        name="batch_unit_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pack_count__isnull", True), ("pack_count__gt", 0), _connector="OR"),
                        name="batch_packs_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "void"]), ("registered_at__isnull", False), _connector="OR"
                        ),
                        name="batch_registered_before_use",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "registered", "void"]),
                            ("released_at__isnull", False),
                            _connector="OR",
                        ),
                        name="batch_released_before_use",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("produced_on__isnull", True),
                                ("harvested_on__isnull", True),
                                ("produced_on__gte", models.F("harvested_on")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("produced_on__isnull", True),
                                ("produced_from__isnull", True),
                                ("produced_on__gte", models.F("produced_from")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("packed_on__isnull", True),
                                ("produced_on__isnull", True),
                                ("packed_on__gte", models.F("produced_on")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("best_before_on__isnull", True),
                                ("produced_on__isnull", True),
                                ("best_before_on__gte", models.F("produced_on")),
                                _connector="OR",
                            ),
                        ),
                        name="batch_dates_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("division_code__regex", "^[0-9]{6}$")), name="batch_division_shape"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeviceKey",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("secret", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="BatchTally",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="trace.batch",
                    ),
                ),
                ("count", models.PositiveBigIntegerField()),
                ("first_on", models.DateField()),
                ("first_province", models.CharField(blank=True, default="", max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="BatchEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(editable=False, max_length=10)),
                ("division_code", models.CharField(max_length=6)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("registered", "已登记"),
                            ("released", "已放行"),
                            ("on_hold", "暂停"),
                            ("recalled", "召回"),
                            ("closed", "已结束"),
                            ("void", "作废"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("state_reason", models.CharField(blank=True, default="", max_length=500)),
                ("producer_lot", models.CharField(blank=True, default="", max_length=60)),
                ("harvested_on", models.DateField(blank=True, null=True)),
                ("produced_from", models.DateField(blank=True, null=True)),
                ("produced_on", models.DateField()),
                ("packed_on", models.DateField(blank=True, null=True)),
                ("best_before_on", models.DateField(blank=True, null=True)),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=15)),
                (
                    "quantity_unit",
                    models.CharField(
                        choices=[
                            ("gram", "克"),
                            ("kilogram", "千克"),
                            ("tonne", "吨"),
                            ("millilitre", "毫升"),
                            ("litre", "升"),
                            ("piece", "个"),
                        ],
                        max_length=12,
                    ),
                ),
                ("pack_count", models.PositiveIntegerField(blank=True, null=True)),
                ("registered_at", models.DateTimeField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("review_opened_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "authorisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.authorisation",
                    ),
                ),
                (
                    "indication",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.indication",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="trace.batch",
                    ),
                ),
                (
                    "producer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.producer",
                    ),
                ),
                (
                    "season",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.season",
                    ),
                ),
                (
                    "specification",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.specificationversion",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="trace.productform",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProductFormEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(default=gi_registry.lib.ids.new_number, editable=False, max_length=10)),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, default="", max_length=160)),
                ("net_content", models.DecimalField(decimal_places=3, max_digits=12)),
                (
                    "net_content_unit",
                    models.CharField(
                        choices=[
                            ("gram", "克"),
                            ("kilogram", "千克"),
                            ("tonne", "吨"),
                            ("millilitre", "毫升"),
                            ("litre", "升"),
                            ("piece", "个"),
                        ],
                        max_length=12,
                    ),
                ),
                ("packing", models.CharField(blank=True, default="", max_length=80)),
                (
                    "gtin",
                    models.CharField(
                        blank=True, help_text="14 digits; shorter GTINs are padded.", max_length=14, null=True
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "indication",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.indication",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="trace.productform",
                    ),
                ),
                (
                    "producer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.producer",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="productform",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="14e162d243851862f49b85c7332048334e1d9753",
                    operation="DELETE",
                    pgid="pgtrigger_kept_030dd",
                    table="trace_productform",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="productform",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."producer_id" IS DISTINCT FROM (NEW."producer_id") OR OLD."indication_id" IS DISTINCT FROM (NEW."indication_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="e5d32cfce34213c4401436597a40b913813c0dd4",
                    operation="UPDATE",
                    pgid="pgtrigger_fixed_1df2b",
                    table="trace_productform",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="productform",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trace_productformevent" ("created_at", "gtin", "id", "indication_id", "is_active", "name_en", "name_zh", "net_content", "net_content_unit", "number", "packing", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "producer_id", "updated_at", "version") VALUES (NEW."created_at", NEW."gtin", NEW."id", NEW."indication_id", NEW."is_active", NEW."name_en", NEW."name_zh", NEW."net_content", NEW."net_content_unit", NEW."number", NEW."packing", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."producer_id", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="fe15a5664a4ca7b2599e1f44a2e53089ed66dbf8",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7738f",
                    table="trace_productform",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="productform",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "trace_productformevent" ("created_at", "gtin", "id", "indication_id", "is_active", "name_en", "name_zh", "net_content", "net_content_unit", "number", "packing", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "producer_id", "updated_at", "version") VALUES (NEW."created_at", NEW."gtin", NEW."id", NEW."indication_id", NEW."is_active", NEW."name_en", NEW."name_zh", NEW."net_content", NEW."net_content_unit", NEW."number", NEW."packing", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."producer_id", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="8e3148f66b8a81665ed729838a0f3fb8c0b3f1d2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7de4c",
                    table="trace_productform",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8905d85718789e40f1e6ddc179102aceb0f4f589",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2c5c2",
                    table="trace_batchevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="ea92e58c20ec38f4724abae6c0f342fcca768afa",
                    operation="DELETE",
                    pgid="pgtrigger_kept_d4457",
                    table="trace_batch",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."producer_id" IS DISTINCT FROM (NEW."producer_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="e483267de4e5abb24e6fdd298141c2fbd8e8ca8b",
                    operation="UPDATE",
                    pgid="pgtrigger_fixed_533e8",
                    table="trace_batch",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="only_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'INSERT' THEN\n    IF NEW.state NOT IN ('draft') THEN\n        RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state;\n    END IF;\nELSIF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state, NEW.state) NOT IN (('closed', 'recalled'), ('draft', 'registered'), ('draft', 'void'), ('on_hold', 'recalled'), ('on_hold', 'released'), ('registered', 'released'), ('registered', 'void'), ('released', 'closed'), ('released', 'on_hold'), ('released', 'recalled')) THEN\n    RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.state, NEW.state;\nEND IF;\nRETURN NEW;\n",
                    hash="3c32f0b0872b18be4e1943a64249f1a09eade5c9",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_only_steps_cca17",
                    table="trace_batch",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "trace_batchevent" ("authorisation_id", "best_before_on", "created_at", "division_code", "form_id", "harvested_on", "id", "indication_id", "number", "pack_count", "packed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "produced_from", "produced_on", "producer_id", "producer_lot", "quantity", "quantity_unit", "registered_at", "released_at", "review_opened_at", "season_id", "specification_id", "state", "state_reason", "updated_at", "version") VALUES (NEW."authorisation_id", NEW."best_before_on", NEW."created_at", NEW."division_code", NEW."form_id", NEW."harvested_on", NEW."id", NEW."indication_id", NEW."number", NEW."pack_count", NEW."packed_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."produced_from", NEW."produced_on", NEW."producer_id", NEW."producer_lot", NEW."quantity", NEW."quantity_unit", NEW."registered_at", NEW."released_at", NEW."review_opened_at", NEW."season_id", NEW."specification_id", NEW."state", NEW."state_reason", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="ea0d316602f8338c30dcbc7fb66da69a80f63145",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3be7d",
                    table="trace_batch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "trace_batchevent" ("authorisation_id", "best_before_on", "created_at", "division_code", "form_id", "harvested_on", "id", "indication_id", "number", "pack_count", "packed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "produced_from", "produced_on", "producer_id", "producer_lot", "quantity", "quantity_unit", "registered_at", "released_at", "review_opened_at", "season_id", "specification_id", "state", "state_reason", "updated_at", "version") VALUES (NEW."authorisation_id", NEW."best_before_on", NEW."created_at", NEW."division_code", NEW."form_id", NEW."harvested_on", NEW."id", NEW."indication_id", NEW."number", NEW."pack_count", NEW."packed_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."produced_from", NEW."produced_on", NEW."producer_id", NEW."producer_lot", NEW."quantity", NEW."quantity_unit", NEW."registered_at", NEW."released_at", NEW."review_opened_at", NEW."season_id", NEW."specification_id", NEW."state", NEW."state_reason", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="622330ef12503ebabe37ce5863a38abcfc57a51e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_48342",
                    table="trace_batch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="productformevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3a40cd9b050cef575f69a7d2ed6dad456bbe2209",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_436e9",
                    table="trace_productformevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
