"""Evidence of batches, and what became of each demand at their release."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import gi_registry.lib.ids
import products.rules.words


class Migration(migrations.Migration):
    dependencies = [
        ("products", "0006_checkable_rules"),
        ("trace", "0015_one_count_of_limits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleOutcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("passed", "符合"),
                            ("failed", "不符合"),
                            ("not_applicable", "不适用"),
                            ("missing_evidence", "缺少证据"),
                        ],
                        max_length=16,
                    ),
                ),
                ("demanded_zh", models.CharField(max_length=4000)),
                ("demanded_en", models.CharField(max_length=4000)),
                ("measured_zh", models.CharField(blank=True, default="", max_length=4000)),
                ("measured_en", models.CharField(blank=True, default="", max_length=4000)),
                ("why_zh", models.CharField(max_length=4000)),
                ("why_en", models.CharField(max_length=4000)),
                ("at", models.DateTimeField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="trace.batch"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.specificationrule"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("measurement", "测量"),
                            ("step", "工序"),
                            ("declaration", "申报"),
                            ("attestation", "认定"),
                        ],
                        max_length=12,
                    ),
                ),
                ("key", models.SlugField(blank=True, db_index=False, default="", max_length=60)),
                ("text", models.CharField(blank=True, default="", max_length=80)),
                ("value", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", ""),
                            ("percent", "%"),
                            ("ph", "pH"),
                            ("day", "天"),
                            ("month", "个月"),
                            ("year", "年"),
                            ("hour", "小时"),
                            ("degree_celsius", "℃"),
                            ("hardness_degree", "度（硬度）"),
                            ("millimetre", "毫米"),
                            ("centimetre", "厘米"),
                            ("metre", "米"),
                            ("square_metre", "平方米"),
                            ("mu", "亩"),
                            ("hectare", "公顷"),
                            ("gram", "克"),
                            ("kilogram", "千克"),
                            ("tonne", "吨"),
                            ("millilitre", "毫升"),
                            ("litre", "升"),
                            ("piece", "个"),
                            ("head", "头（只）"),
                            ("per_kilogram", "个/千克"),
                            ("gram_per_100_ml", "克/100毫升"),
                            ("gram_per_100_g", "克/100克"),
                            ("gram_per_kilogram", "克/千克"),
                            ("milligram_per_100_g", "毫克/100克"),
                            ("milligram_per_kilogram", "毫克/千克"),
                            ("milligram_koh_per_g", "毫克KOH/克"),
                            ("millimole_per_kilogram", "毫摩尔/千克"),
                            ("kilogram_per_cm2", "千克/平方厘米"),
                            ("newton_per_cm2", "牛/平方厘米"),
                            ("kilogram_per_mu", "千克/亩"),
                            ("kilogram_per_hectare", "千克/公顷"),
                            ("tonne_per_hectare", "吨/公顷"),
                            ("plants_per_mu", "株/亩"),
                            ("plants_per_hectare", "株/公顷"),
                            ("head_per_mu", "只/亩"),
                            ("milligram_per_litre", "毫克/升"),
                            ("litre_per_kilogram", "升/千克"),
                            ("kilogram_per_kilogram", "千克/千克"),
                        ],
                        default="",
                        max_length=24,
                    ),
                ),
                (
                    "sex",
                    models.CharField(blank=True, choices=[("male", "雄"), ("female", "雌")], default="", max_length=8),
                ),
                ("began_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("is_met", models.BooleanField(blank=True, null=True)),
                ("method", models.CharField(blank=True, default="", max_length=120)),
                ("laboratory", models.CharField(blank=True, default="", max_length=120)),
                ("document_sha256", models.CharField(blank=True, default="", max_length=64)),
                ("by", models.CharField(help_text="Who: Actor.identity.", max_length=40)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_by", models.CharField(blank=True, default="", max_length=200)),
                ("withdrawn_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="trace.batch"
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="products.site",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["measurement", "step", "declaration", "attestation"])),
                        name="evidence_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "unit__in",
                                [
                                    "",
                                    products.rules.words.Unit["NONE"],
                                    products.rules.words.Unit["PERCENT"],
                                    products.rules.words.Unit["PH"],
                                    products.rules.words.Unit["DAY"],
                                    products.rules.words.Unit["MONTH"],
                                    products.rules.words.Unit["YEAR"],
                                    products.rules.words.Unit["HOUR"],
                                    products.rules.words.Unit["DEGREE_CELSIUS"],
                                    products.rules.words.Unit["HARDNESS_DEGREE"],
                                    products.rules.words.Unit["MILLIMETRE"],
                                    products.rules.words.Unit["CENTIMETRE"],
                                    products.rules.words.Unit["METRE"],
                                    products.rules.words.Unit["SQUARE_METRE"],
                                    products.rules.words.Unit["MU"],
                                    products.rules.words.Unit["HECTARE"],
                                    products.rules.words.Unit["GRAM"],
                                    products.rules.words.Unit["KILOGRAM"],
                                    products.rules.words.Unit["TONNE"],
                                    products.rules.words.Unit["MILLILITRE"],
                                    products.rules.words.Unit["LITRE"],
                                    products.rules.words.Unit["PIECE"],
                                    products.rules.words.Unit["HEAD"],
                                    products.rules.words.Unit["PER_KILOGRAM"],
                                    products.rules.words.Unit["GRAM_PER_100_ML"],
                                    products.rules.words.Unit["GRAM_PER_100_G"],
                                    products.rules.words.Unit["GRAM_PER_KILOGRAM"],
                                    products.rules.words.Unit["MILLIGRAM_PER_100_G"],
                                    products.rules.words.Unit["MILLIGRAM_PER_KILOGRAM"],
                                    products.rules.words.Unit["MILLIGRAM_KOH_PER_G"],
                                    products.rules.words.Unit["MILLIMOLE_PER_KILOGRAM"],
                                    products.rules.words.Unit["KILOGRAM_PER_CM2"],
                                    products.rules.words.Unit["NEWTON_PER_CM2"],
                                    products.rules.words.Unit["KILOGRAM_PER_MU"],
                                    products.rules.words.Unit["KILOGRAM_PER_HECTARE"],
                                    products.rules.words.Unit["TONNE_PER_HECTARE"],
                                    products.rules.words.Unit["PLANTS_PER_MU"],
                                    products.rules.words.Unit["PLANTS_PER_HECTARE"],
                                    products.rules.words.Unit["HEAD_PER_MU"],
                                    products.rules.words.Unit["MILLIGRAM_PER_LITRE"],
                                    products.rules.words.Unit["LITRE_PER_KILOGRAM"],
                                    products.rules.words.Unit["KILOGRAM_PER_KILOGRAM"],
                                ],
                            )
                        ),
                        name="evidence_unit_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sex__in", ["", products.rules.words.Sex["MALE"], products.rules.words.Sex["FEMALE"]])
                        ),
                        name="evidence_sex_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "measurement"),
                                ("value__isnull", False),
                                models.Q(("unit", ""), _negated=True),
                                models.Q(("key", ""), _negated=True),
                            ),
                            models.Q(
                                ("began_on__isnull", False), ("kind", "step"), models.Q(("text", ""), _negated=True)
                            ),
                            models.Q(
                                ("kind", "declaration"),
                                models.Q(("key", ""), _negated=True),
                                models.Q(("text", ""), _negated=True),
                            ),
                            models.Q(
                                ("is_met__isnull", False),
                                ("kind", "attestation"),
                                ("signer__isnull", False),
                                models.Q(("key", ""), _negated=True),
                                ("document_sha256__regex", "^[0-9a-f]{64}$"),
                            ),
                            _connector="OR",
                        ),
                        name="evidence_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True), ("ended_on__gte", models.F("began_on")), _connector="OR"
                        ),
                        name="evidence_days_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True),
                            models.Q(("withdrawn_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="evidence_withdrawn_with_reason",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="f492bcc21e26fd737fd6f9087e8561440c8230cc",
                    operation="DELETE",
                    pgid="pgtrigger_kept_a6c0a",
                    table="trace_evidence",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="settled",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='\nIF TG_OP = \'UPDATE\' AND (OLD.withdrawn_at IS NOT NULL OR ROW(NEW."number", NEW."batch_id", NEW."kind", NEW."key", NEW."text", NEW."value", NEW."unit", NEW."site_id", NEW."sex", NEW."began_on", NEW."ended_on", NEW."is_met", NEW."method", NEW."laboratory", NEW."document_sha256", NEW."signer_id", NEW."by", NEW."by_name", NEW."at")\n    IS DISTINCT FROM ROW(OLD."number", OLD."batch_id", OLD."kind", OLD."key", OLD."text", OLD."value", OLD."unit", OLD."site_id", OLD."sex", OLD."began_on", OLD."ended_on", OLD."is_met", OLD."method", OLD."laboratory", OLD."document_sha256", OLD."signer_id", OLD."by", OLD."by_name", OLD."at")) THEN\n    RAISE EXCEPTION \'evidence is never changed\';\nEND IF;\nIF NOT EXISTS (\n    SELECT FROM trace_batch b WHERE b.id = NEW.batch_id\n    AND b.state IN (\'draft\', \'registered\')\n) THEN\n    RAISE EXCEPTION \'the evidence of a batch is closed with its release\';\nEND IF;\nRETURN NEW;\n',
                    hash="58c7e68c91d9e868eba8f1a1fec0a6f2373fc981",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_settled_1cee2",
                    table="trace_evidence",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleoutcome",
            constraint=models.CheckConstraint(
                condition=models.Q(("result__in", ["passed", "failed", "not_applicable", "missing_evidence"])),
                name="outcome_result_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleoutcome",
            constraint=models.UniqueConstraint(fields=("batch", "rule"), name="outcome_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ruleoutcome",
            trigger=pgtrigger.compiler.Trigger(
                name="appended",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="025454cddc716409470ad2f5a6f6c7576f02d07d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_appended_b2219",
                    table="trace_ruleoutcome",
                    when="BEFORE",
                ),
            ),
        ),
    ]
