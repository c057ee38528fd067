import django.contrib.gis.db.models.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import gi_registry.lib.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("regions", "0003_parts_and_placement"),
    ]

    operations = [
        migrations.CreateModel(
            name="Producer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                (
                    "public_point",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, help_text="Shop or gate that the producer chose to show.", null=True, srid=4326
                    ),
                ),
                ("intro_zh", models.TextField(blank=True, default="")),
                ("intro_en", models.TextField(blank=True, default="")),
                ("is_public", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.division"
                    ),
                ),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Holder",
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
                ("is_demo", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "organisation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Indication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("name_zh", models.CharField(max_length=60, unique=True)),
                ("name_en", models.CharField(blank=True, default="", max_length=120)),
                ("pinyin", models.CharField(help_text="Syllables without tones, spaced.", max_length=240)),
                ("initials", models.CharField(max_length=60)),
                ("category", models.CharField(max_length=40)),
                ("category_en", models.CharField(blank=True, default="", max_length=60)),
                ("main_division_code", models.CharField(max_length=6)),
                (
                    "division_codes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=6), size=200),
                ),
                (
                    "confidence",
                    models.CharField(choices=[("high", "高"), ("medium", "中"), ("low", "低")], max_length=10),
                ),
                ("summary_zh", models.TextField(blank=True, default="")),
                ("summary_en", models.TextField(blank=True, default="")),
                ("notes_zh", models.TextField(blank=True, default="", help_text="What is doubtful in the sources.")),
                ("notes_en", models.TextField(blank=True, default="")),
                (
                    "agreement_zh",
                    models.CharField(blank=True, default="", help_text="Treaty that lists it.", max_length=200),
                ),
                ("agreement_en", models.CharField(blank=True, default="", max_length=200)),
                ("folded_zh", models.CharField(max_length=80)),
                ("folded_en", models.CharField(blank=True, default="", max_length=160)),
                ("folded_pinyin", models.CharField(max_length=240)),
                (
                    "grams",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), size=None),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="indication_grams"),
                    django.contrib.postgres.indexes.GinIndex(fields=["division_codes"], name="indication_divisions"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["folded_pinyin"], name="indication_pinyin_like", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_en"], name="indication_english_like", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["category"], name="indication_category"),
                    models.Index(
                        fields=["main_division_code"], name="indication_place", opclasses=["text_pattern_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("confidence__in", ["high", "medium", "low"])),
                        name="indication_confidence_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("main_division_code__regex", "^[0-9]{6}$")),
                        name="indication_division_shape",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Title",
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
                            ("gi_product", "地理标志产品"),
                            ("certification_mark", "地理标志证明商标"),
                            ("collective_mark", "地理标志集体商标"),
                            ("agro_gi", "农产品地理标志"),
                            ("foreign", "境外保护"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("reported", "据公开来源（待核对）"),
                            ("disproved", "经核对不成立"),
                            ("draft", "草稿"),
                            ("submitted", "已提交"),
                            ("returned", "退回补正"),
                            ("rejected", "省级初审不通过"),
                            ("prelim_ok", "省级初审通过"),
                            ("forwarded", "已报国家知识产权局"),
                            ("accepted", "已受理"),
                            ("correction", "国家局要求补正"),
                            ("not_accepted", "不予受理"),
                            ("announced_prelim", "初步公告"),
                            ("opposed", "异议审理中"),
                            ("refused", "不予认定"),
                            ("recognised", "已认定"),
                            ("change_pending", "变更审理中"),
                            ("cancel_requested", "撤销审理中"),
                            ("filed", "已申请"),
                            ("published", "初审公告"),
                            ("registered", "已注册"),
                            ("cancelled", "已撤销"),
                            ("invalidated", "宣告无效"),
                            ("expired", "已到期"),
                            ("converted", "已转换"),
                            ("lapsed", "已失效"),
                            ("withdrawn", "已撤回"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "title_number",
                    models.CharField(
                        blank=True, default="", help_text="Registration or certificate number.", max_length=80
                    ),
                ),
                ("announcement_number", models.CharField(blank=True, default="", max_length=120)),
                ("applied_on", models.DateField(blank=True, null=True)),
                ("published_on", models.DateField(blank=True, null=True)),
                (
                    "recognised_on",
                    models.DateField(blank=True, help_text="Day of recognition or registration.", null=True),
                ),
                (
                    "recognised_text",
                    models.CharField(
                        blank=True, default="", help_text="A date known in part, as printed.", max_length=40
                    ),
                ),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, help_text="First day without the title.", null=True)),
                (
                    "document_sha256",
                    models.CharField(
                        blank=True, default="", help_text="Of the document behind the status.", max_length=64
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        choices=[("high", "高"), ("medium", "中"), ("low", "低")], default="low", max_length=10
                    ),
                ),
                ("source_note_zh", models.TextField(blank=True, default="")),
                ("source_note_en", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="titles",
                        to="products.holder",
                    ),
                ),
                (
                    "indication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="titles", to="products.indication"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["indication", "status"], name="title_of_indication")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["gi_product", "certification_mark", "collective_mark", "agro_gi", "foreign"])
                        ),
                        name="title_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "reported",
                                    "disproved",
                                    "draft",
                                    "submitted",
                                    "returned",
                                    "rejected",
                                    "prelim_ok",
                                    "forwarded",
                                    "accepted",
                                    "correction",
                                    "not_accepted",
                                    "announced_prelim",
                                    "opposed",
                                    "refused",
                                    "recognised",
                                    "change_pending",
                                    "cancel_requested",
                                    "filed",
                                    "published",
                                    "registered",
                                    "cancelled",
                                    "invalidated",
                                    "expired",
                                    "converted",
                                    "lapsed",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="title_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confidence__in", ["high", "medium", "low"])), name="title_confidence_known"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("title_number", ""), _negated=True),
                        fields=("kind", "title_number"),
                        name="title_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["cancel_requested", "change_pending", "recognised", "registered"]),
                                _negated=True,
                            ),
                            models.Q(
                                ("document_sha256__regex", "^[0-9a-f]{64}$"),
                                ("recognised_on__isnull", False),
                                models.Q(
                                    models.Q(
                                        ("kind", "gi_product"), models.Q(("announcement_number", ""), _negated=True)
                                    ),
                                    models.Q(
                                        ("kind__in", ["certification_mark", "collective_mark"]),
                                        models.Q(("title_number", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("kind__in", ["agro_gi", "foreign"]),
                                        models.Q(
                                            models.Q(("title_number", ""), _negated=True),
                                            models.Q(("announcement_number", ""), _negated=True),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="title_recognised_only_with_proof",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_on__isnull", True),
                            ("recognised_on__isnull", True),
                            ("expires_on__gt", models.F("recognised_on")),
                            _connector="OR",
                        ),
                        name="title_expires_after_recognition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("document_sha256", ""), ("document_sha256__regex", "^[0-9a-f]{64}$"), _connector="OR"
                        ),
                        name="title_document_shape",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Authorisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "已提交"),
                            ("returned", "退回补正"),
                            ("origin_checked", "产地已核验"),
                            ("refused", "不予核准"),
                            ("prov_ok", "省级审核通过"),
                            ("active", "有效"),
                            ("rectifying", "整改中"),
                            ("dormant_warning", "长期未使用提醒"),
                            ("suspended", "暂停"),
                            ("stopped", "停止使用"),
                            ("revoked", "已撤销"),
                            ("expired", "已到期"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "spells",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("approval_reference", models.CharField(blank=True, default="", max_length=120)),
                ("refusal_criterion", models.CharField(blank=True, default="", max_length=300)),
                ("state_reason", models.TextField(blank=True, default="")),
                (
                    "suspended_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registrar", "省级登记员"),
                            ("city_regulator", "市级监管员"),
                            ("county_regulator", "县级监管员"),
                            ("holder", "地理标志管理人"),
                            ("producer", "生产者"),
                            ("auditor", "审计员（只读）"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "deadline_on",
                    models.DateField(
                        blank=True, help_text="Of rectification, or until a suspension is reviewed.", null=True
                    ),
                ),
                ("last_used_on", models.DateField(blank=True, null=True)),
                (
                    "stop_proposed_on",
                    models.DateField(blank=True, help_text="When the clock of non-use proposed to stop it.", null=True),
                ),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "producer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorisations",
                        to="products.producer",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="authorisations", to="products.title"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["title", "state"], name="authorisation_of_title")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "submitted",
                                    "returned",
                                    "origin_checked",
                                    "refused",
                                    "prov_ok",
                                    "active",
                                    "rectifying",
                                    "dormant_warning",
                                    "suspended",
                                    "stopped",
                                    "revoked",
                                    "expired",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="authorisation_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "active",
                                    "dormant_warning",
                                    "draft",
                                    "origin_checked",
                                    "prov_ok",
                                    "rectifying",
                                    "returned",
                                    "submitted",
                                    "suspended",
                                ],
                            )
                        ),
                        fields=("producer", "title"),
                        name="authorisation_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["active", "dormant_warning", "rectifying"]), _negated=True),
                            models.Q(
                                ("valid_from__isnull", False), models.Q(("approval_reference", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="authorisation_stands_on_approval",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("refusal_criterion", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="authorisation_refused_by_criterion",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="authorisation_dates_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False, max_length=80)),
                ("name_zh", models.CharField(max_length=60)),
                ("name_en", models.CharField(blank=True, default="", max_length=120)),
                ("pinyin", models.CharField(help_text="Syllables without tones, spaced.", max_length=240)),
                ("initials", models.CharField(max_length=60)),
                ("category", models.CharField(max_length=40)),
                ("category_en", models.CharField(blank=True, default="", max_length=60)),
                ("main_division_code", models.CharField(max_length=6)),
                (
                    "division_codes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=6), size=200),
                ),
                (
                    "confidence",
                    models.CharField(choices=[("high", "高"), ("medium", "中"), ("low", "低")], max_length=10),
                ),
                ("summary_zh", models.TextField(blank=True, default="")),
                ("summary_en", models.TextField(blank=True, default="")),
                ("notes_zh", models.TextField(blank=True, default="", help_text="What is doubtful in the sources.")),
                ("notes_en", models.TextField(blank=True, default="")),
                (
                    "agreement_zh",
                    models.CharField(blank=True, default="", help_text="Treaty that lists it.", max_length=200),
                ),
                ("agreement_en", models.CharField(blank=True, default="", max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
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
                        to="products.indication",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProducerEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(default=gi_registry.lib.ids.new_number, editable=False, max_length=10)),
                (
                    "public_point",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, help_text="Shop or gate that the producer chose to show.", null=True, srid=4326
                    ),
                ),
                ("intro_zh", models.TextField(blank=True, default="")),
                ("intro_en", models.TextField(blank=True, default="")),
                ("is_public", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "division",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="regions.division",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.organisation",
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
                        to="products.producer",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Season",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("opens_on", models.DateField()),
                ("closes_on", models.DateField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "indication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seasons", to="products.indication"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("indication", "name"), name="season_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(("opens_on__lte", models.F("closes_on"))),
                        name="season_opens_before_it_closes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeasonEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(default=gi_registry.lib.ids.new_number, editable=False, max_length=10)),
                ("name", models.CharField(max_length=60)),
                ("opens_on", models.DateField()),
                ("closes_on", models.DateField()),
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
                        to="products.season",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Site",
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
                            ("field", "田地"),
                            ("orchard", "果园"),
                            ("greenhouse", "温室大棚"),
                            ("pond", "池塘"),
                            ("pasture", "牧场"),
                            ("gathering", "采集地"),
                            ("workshop", "加工场所"),
                            ("cellar", "窖藏场所"),
                            ("packhouse", "包装场所"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("geom", django.contrib.gis.db.models.fields.GeometryField(spatial_index=False, srid=4326)),
                (
                    "area_m2",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.F("geom"),
                            template="CASE WHEN ST_Dimension(%(expressions)s) = 2 THEN ST_Area(geography(%(expressions)s)) END",
                        ),
                        output_field=models.FloatField(null=True),
                    ),
                ),
                (
                    "placement",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("inside", "在范围内"),
                            ("near_boundary", "紧邻边界，须人工核对"),
                            ("outside", "在范围外"),
                        ],
                        default="",
                        help_text="Empty: no boundary to judge by.",
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待审核"),
                            ("active", "有效"),
                            ("flagged", "临界待核"),
                            ("refused", "未通过"),
                            ("retired", "已停用"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reviewed_note", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.division"
                    ),
                ),
                (
                    "indication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sites", to="products.indication"
                    ),
                ),
                (
                    "producer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sites", to="products.producer"
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(fields=["geom"], name="site_geom"),
                    models.Index(fields=["indication", "state"], name="site_of_indication"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "field",
                                    "orchard",
                                    "greenhouse",
                                    "pond",
                                    "pasture",
                                    "gathering",
                                    "workshop",
                                    "cellar",
                                    "packhouse",
                                ],
                            )
                        ),
                        name="site_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "active", "flagged", "refused", "retired"])),
                        name="site_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("placement__in", ["", "inside", "near_boundary", "outside"])),
                        name="site_placement_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("placement", "outside"), ("state", "active"), _negated=True),
                        name="site_outside_never_active",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["field", "gathering", "greenhouse", "orchard", "pasture", "pond"]),
                                _negated=True,
                            ),
                            django.db.models.lookups.Exact(
                                models.Func(
                                    models.F("geom"), function="ST_Dimension", output_field=models.IntegerField()
                                ),
                                2,
                            ),
                            _connector="OR",
                        ),
                        name="site_land_has_area",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(
                                models.Func(
                                    models.F("geom"), function="ST_IsValid", output_field=models.BooleanField()
                                ),
                                True,
                            )
                        ),
                        name="site_geometry_valid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(default=gi_registry.lib.ids.new_number, editable=False, max_length=10)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("field", "田地"),
                            ("orchard", "果园"),
                            ("greenhouse", "温室大棚"),
                            ("pond", "池塘"),
                            ("pasture", "牧场"),
                            ("gathering", "采集地"),
                            ("workshop", "加工场所"),
                            ("cellar", "窖藏场所"),
                            ("packhouse", "包装场所"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("geom", django.contrib.gis.db.models.fields.GeometryField(spatial_index=False, srid=4326)),
                (
                    "placement",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("inside", "在范围内"),
                            ("near_boundary", "紧邻边界，须人工核对"),
                            ("outside", "在范围外"),
                        ],
                        default="",
                        help_text="Empty: no boundary to judge by.",
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待审核"),
                            ("active", "有效"),
                            ("flagged", "临界待核"),
                            ("refused", "未通过"),
                            ("retired", "已停用"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reviewed_note", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "division",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="regions.division",
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
                        to="products.site",
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
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label_zh", models.CharField(max_length=300)),
                ("label_en", models.CharField(blank=True, default="", max_length=300)),
                ("url", models.URLField(blank=True, default="", max_length=1000)),
                (
                    "indication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sources", to="products.indication"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("indication", "label_zh", "url"), name="source_once")],
            },
        ),
        migrations.CreateModel(
            name="SpecificationVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=gi_registry.lib.ids.new_number, editable=False, max_length=10, unique=True
                    ),
                ),
                ("label_zh", models.CharField(max_length=120)),
                ("label_en", models.CharField(blank=True, default="", max_length=160)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("reported", "据公开来源（待核对）"),
                            ("disproved", "经核对不成立"),
                            ("draft", "草稿"),
                            ("reviewed", "已审核"),
                            ("announced", "已公告"),
                            ("in_force", "现行有效"),
                            ("superseded", "已被替代"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("effective", django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True)),
                (
                    "transition_rule",
                    models.CharField(
                        choices=[
                            ("production_start", "按投产日期适用"),
                            ("production_end", "按完成日期适用"),
                            ("packing", "按包装日期适用"),
                        ],
                        default="production_start",
                        max_length=20,
                    ),
                ),
                (
                    "standards",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), blank=True, default=list, size=50
                    ),
                ),
                ("note_zh", models.TextField(blank=True, default="")),
                ("note_en", models.TextField(blank=True, default="")),
                ("document_sha256", models.CharField(blank=True, default="", max_length=64)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "drafted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="specifications", to="products.title"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["reported", "disproved", "draft", "reviewed", "announced", "in_force", "superseded"],
                            )
                        ),
                        name="specification_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("transition_rule__in", ["production_start", "production_end", "packing"])),
                        name="specification_transition_known",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("status__in", ["announced", "in_force", "reported", "superseded"])),
                        expressions=[("title", "="), ("effective", "&&")],
                        name="specification_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["announced", "in_force", "reported", "superseded"]), _negated=True
                            ),
                            models.Q(
                                ("effective__isempty", False), ("effective__isnull", False), ("status", "reported")
                            ),
                            models.Q(
                                ("document_sha256__regex", "^[0-9a-f]{64}$"),
                                ("effective__isempty", False),
                                ("effective__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="specification_announced_with_proof",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drafted_by__isnull", True),
                            ("reviewed_by__isnull", True),
                            models.Q(("drafted_by", models.F("reviewed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="specification_four_eyes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecificationFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=60)),
                ("label_zh", models.CharField(max_length=120)),
                ("label_en", models.CharField(blank=True, default="", max_length=160)),
                (
                    "operator",
                    models.CharField(
                        choices=[
                            ("min", "不低于"),
                            ("max", "不高于"),
                            ("between", "介于"),
                            ("equals", "等于"),
                            ("text", "描述"),
                        ],
                        max_length=10,
                    ),
                ),
                ("low", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("high", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("text", models.CharField(blank=True, default="", max_length=500)),
                ("text_en", models.CharField(blank=True, default="", max_length=500)),
                (
                    "unit",
                    models.CharField(
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
                        ],
                        default="none",
                        max_length=24,
                    ),
                ),
                ("clause", models.CharField(blank=True, default="", max_length=60)),
                ("zone", models.CharField(blank=True, default="", max_length=60)),
                (
                    "specification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="facts",
                        to="products.specificationversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("operator__in", ["min", "max", "between", "equals", "text"])),
                        name="fact_operator_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "unit__in",
                                [
                                    "none",
                                    "percent",
                                    "ph",
                                    "day",
                                    "month",
                                    "year",
                                    "hour",
                                    "degree_celsius",
                                    "hardness_degree",
                                    "millimetre",
                                    "centimetre",
                                    "metre",
                                    "square_metre",
                                    "mu",
                                    "hectare",
                                    "gram",
                                    "kilogram",
                                    "tonne",
                                    "millilitre",
                                    "litre",
                                    "piece",
                                    "head",
                                    "per_kilogram",
                                    "gram_per_100_ml",
                                    "gram_per_100_g",
                                    "gram_per_kilogram",
                                    "milligram_per_100_g",
                                    "milligram_per_kilogram",
                                    "milligram_koh_per_g",
                                    "millimole_per_kilogram",
                                    "kilogram_per_cm2",
                                    "newton_per_cm2",
                                    "kilogram_per_mu",
                                    "kilogram_per_hectare",
                                    "tonne_per_hectare",
                                    "plants_per_mu",
                                    "plants_per_hectare",
                                ],
                            )
                        ),
                        name="fact_unit_known",
                    ),
                    models.UniqueConstraint(fields=("specification", "key", "zone"), name="fact_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("high__isnull", True), ("low__isnull", False), ("operator__in", ["min", "equals"])
                            ),
                            models.Q(("high__isnull", False), ("low__isnull", True), ("operator", "max")),
                            models.Q(("high__gte", models.F("low")), ("low__isnull", False), ("operator", "between")),
                            models.Q(
                                ("high__isnull", True),
                                ("low__isnull", True),
                                ("operator", "text"),
                                models.Q(("text", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="fact_bounds_fit_operator",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecificationFactEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("key", models.SlugField(db_index=False, max_length=60)),
                ("label_zh", models.CharField(max_length=120)),
                ("label_en", models.CharField(blank=True, default="", max_length=160)),
                (
                    "operator",
                    models.CharField(
                        choices=[
                            ("min", "不低于"),
                            ("max", "不高于"),
                            ("between", "介于"),
                            ("equals", "等于"),
                            ("text", "描述"),
                        ],
                        max_length=10,
                    ),
                ),
                ("low", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("high", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("text", models.CharField(blank=True, default="", max_length=500)),
                ("text_en", models.CharField(blank=True, default="", max_length=500)),
                (
                    "unit",
                    models.CharField(
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
                        ],
                        default="none",
                        max_length=24,
                    ),
                ),
                ("clause", models.CharField(blank=True, default="", max_length=60)),
                ("zone", models.CharField(blank=True, default="", max_length=60)),
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
                        to="products.specificationfact",
                    ),
                ),
                (
                    "specification",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.specificationversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SpecificationVersionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(default=gi_registry.lib.ids.new_number, editable=False, max_length=10)),
                ("label_zh", models.CharField(max_length=120)),
                ("label_en", models.CharField(blank=True, default="", max_length=160)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("reported", "据公开来源（待核对）"),
                            ("disproved", "经核对不成立"),
                            ("draft", "草稿"),
                            ("reviewed", "已审核"),
                            ("announced", "已公告"),
                            ("in_force", "现行有效"),
                            ("superseded", "已被替代"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("effective", django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True)),
                (
                    "transition_rule",
                    models.CharField(
                        choices=[
                            ("production_start", "按投产日期适用"),
                            ("production_end", "按完成日期适用"),
                            ("packing", "按包装日期适用"),
                        ],
                        default="production_start",
                        max_length=20,
                    ),
                ),
                (
                    "standards",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), blank=True, default=list, size=50
                    ),
                ),
                ("note_zh", models.TextField(blank=True, default="")),
                ("note_en", models.TextField(blank=True, default="")),
                ("document_sha256", models.CharField(blank=True, default="", max_length=64)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "drafted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="products.specificationversion",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.title",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TitleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(default=gi_registry.lib.ids.new_number, editable=False, max_length=10)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("gi_product", "地理标志产品"),
                            ("certification_mark", "地理标志证明商标"),
                            ("collective_mark", "地理标志集体商标"),
                            ("agro_gi", "农产品地理标志"),
                            ("foreign", "境外保护"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("reported", "据公开来源（待核对）"),
                            ("disproved", "经核对不成立"),
                            ("draft", "草稿"),
                            ("submitted", "已提交"),
                            ("returned", "退回补正"),
                            ("rejected", "省级初审不通过"),
                            ("prelim_ok", "省级初审通过"),
                            ("forwarded", "已报国家知识产权局"),
                            ("accepted", "已受理"),
                            ("correction", "国家局要求补正"),
                            ("not_accepted", "不予受理"),
                            ("announced_prelim", "初步公告"),
                            ("opposed", "异议审理中"),
                            ("refused", "不予认定"),
                            ("recognised", "已认定"),
                            ("change_pending", "变更审理中"),
                            ("cancel_requested", "撤销审理中"),
                            ("filed", "已申请"),
                            ("published", "初审公告"),
                            ("registered", "已注册"),
                            ("cancelled", "已撤销"),
                            ("invalidated", "宣告无效"),
                            ("expired", "已到期"),
                            ("converted", "已转换"),
                            ("lapsed", "已失效"),
                            ("withdrawn", "已撤回"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "title_number",
                    models.CharField(
                        blank=True, default="", help_text="Registration or certificate number.", max_length=80
                    ),
                ),
                ("announcement_number", models.CharField(blank=True, default="", max_length=120)),
                ("applied_on", models.DateField(blank=True, null=True)),
                ("published_on", models.DateField(blank=True, null=True)),
                (
                    "recognised_on",
                    models.DateField(blank=True, help_text="Day of recognition or registration.", null=True),
                ),
                (
                    "recognised_text",
                    models.CharField(
                        blank=True, default="", help_text="A date known in part, as printed.", max_length=40
                    ),
                ),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, help_text="First day without the title.", null=True)),
                (
                    "document_sha256",
                    models.CharField(
                        blank=True, default="", help_text="Of the document behind the status.", max_length=64
                    ),
                ),
                (
                    "confidence",
                    models.CharField(
                        choices=[("high", "高"), ("medium", "中"), ("low", "低")], default="low", max_length=10
                    ),
                ),
                ("source_note_zh", models.TextField(blank=True, default="")),
                ("source_note_en", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.holder",
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
                        to="products.title",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="regions.region",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AuthorisationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(default=gi_registry.lib.ids.new_number, editable=False, max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "已提交"),
                            ("returned", "退回补正"),
                            ("origin_checked", "产地已核验"),
                            ("refused", "不予核准"),
                            ("prov_ok", "省级审核通过"),
                            ("active", "有效"),
                            ("rectifying", "整改中"),
                            ("dormant_warning", "长期未使用提醒"),
                            ("suspended", "暂停"),
                            ("stopped", "停止使用"),
                            ("revoked", "已撤销"),
                            ("expired", "已到期"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "spells",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("approval_reference", models.CharField(blank=True, default="", max_length=120)),
                ("refusal_criterion", models.CharField(blank=True, default="", max_length=300)),
                ("state_reason", models.TextField(blank=True, default="")),
                (
                    "suspended_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registrar", "省级登记员"),
                            ("city_regulator", "市级监管员"),
                            ("county_regulator", "县级监管员"),
                            ("holder", "地理标志管理人"),
                            ("producer", "生产者"),
                            ("auditor", "审计员（只读）"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "deadline_on",
                    models.DateField(
                        blank=True, help_text="Of rectification, or until a suspension is reviewed.", null=True
                    ),
                ),
                ("last_used_on", models.DateField(blank=True, null=True)),
                (
                    "stop_proposed_on",
                    models.DateField(blank=True, help_text="When the clock of non-use proposed to stop it.", null=True),
                ),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
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
                        to="products.authorisation",
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
                    "title",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.title",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AuthorisedSite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "authorisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="products.authorisation"),
                ),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="products.site")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("authorisation", "site"), name="authorised_site_once")],
            },
        ),
        migrations.CreateModel(
            name="AuthorisedSiteEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
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
                        to="products.authorisedsite",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="products.site",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HolderEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(default=gi_registry.lib.ids.new_number, editable=False, max_length=10)),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, default="", max_length=160)),
                ("is_demo", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.organisation",
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
                        to="products.holder",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=60)),
                ("label_zh", models.CharField(max_length=120)),
                ("label_en", models.CharField(blank=True, default="", max_length=160)),
                ("value", models.CharField(max_length=40)),
                (
                    "unit",
                    models.CharField(
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
                        ],
                        default="none",
                        max_length=24,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "indication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="figures", to="products.indication"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "unit__in",
                                [
                                    "none",
                                    "percent",
                                    "ph",
                                    "day",
                                    "month",
                                    "year",
                                    "hour",
                                    "degree_celsius",
                                    "hardness_degree",
                                    "millimetre",
                                    "centimetre",
                                    "metre",
                                    "square_metre",
                                    "mu",
                                    "hectare",
                                    "gram",
                                    "kilogram",
                                    "tonne",
                                    "millilitre",
                                    "litre",
                                    "piece",
                                    "head",
                                    "per_kilogram",
                                    "gram_per_100_ml",
                                    "gram_per_100_g",
                                    "gram_per_kilogram",
                                    "milligram_per_100_g",
                                    "milligram_per_kilogram",
                                    "milligram_koh_per_g",
                                    "millimole_per_kilogram",
                                    "kilogram_per_cm2",
                                    "newton_per_cm2",
                                    "kilogram_per_mu",
                                    "kilogram_per_hectare",
                                    "tonne_per_hectare",
                                    "plants_per_mu",
                                    "plants_per_hectare",
                                ],
                            )
                        ),
                        name="figure_unit_known",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="authorisation",
            name="sites",
            field=models.ManyToManyField(
                related_name="authorisations", through="products.AuthorisedSite", to="products.site"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="indication",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="eab1d66918a964b3444b113e9f94315f31750f9f",
                    operation="DELETE",
                    pgid="pgtrigger_kept_78c9a",
                    table="products_indication",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="indication",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "products_indicationevent" ("agreement_en", "agreement_zh", "category", "category_en", "confidence", "created_at", "division_codes", "id", "initials", "main_division_code", "name_en", "name_zh", "notes_en", "notes_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinyin", "slug", "summary_en", "summary_zh", "updated_at", "version") VALUES (NEW."agreement_en", NEW."agreement_zh", NEW."category", NEW."category_en", NEW."confidence", NEW."created_at", NEW."division_codes", NEW."id", NEW."initials", NEW."main_division_code", NEW."name_en", NEW."name_zh", NEW."notes_en", NEW."notes_zh", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pinyin", NEW."slug", NEW."summary_en", NEW."summary_zh", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="6fda7b897703020f078f420a81a2209f5f672cf2",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c6ba3",
                    table="products_indication",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="indication",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."agreement_en" IS DISTINCT FROM (NEW."agreement_en") OR OLD."agreement_zh" IS DISTINCT FROM (NEW."agreement_zh") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."category_en" IS DISTINCT FROM (NEW."category_en") OR OLD."confidence" IS DISTINCT FROM (NEW."confidence") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."division_codes" IS DISTINCT FROM (NEW."division_codes") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."initials" IS DISTINCT FROM (NEW."initials") OR OLD."main_division_code" IS DISTINCT FROM (NEW."main_division_code") OR OLD."name_en" IS DISTINCT FROM (NEW."name_en") OR OLD."name_zh" IS DISTINCT FROM (NEW."name_zh") OR OLD."notes_en" IS DISTINCT FROM (NEW."notes_en") OR OLD."notes_zh" IS DISTINCT FROM (NEW."notes_zh") OR OLD."pinyin" IS DISTINCT FROM (NEW."pinyin") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."summary_en" IS DISTINCT FROM (NEW."summary_en") OR OLD."summary_zh" IS DISTINCT FROM (NEW."summary_zh") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "products_indicationevent" ("agreement_en", "agreement_zh", "category", "category_en", "confidence", "created_at", "division_codes", "id", "initials", "main_division_code", "name_en", "name_zh", "notes_en", "notes_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinyin", "slug", "summary_en", "summary_zh", "updated_at", "version") VALUES (NEW."agreement_en", NEW."agreement_zh", NEW."category", NEW."category_en", NEW."confidence", NEW."created_at", NEW."division_codes", NEW."id", NEW."initials", NEW."main_division_code", NEW."name_en", NEW."name_zh", NEW."notes_en", NEW."notes_zh", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pinyin", NEW."slug", NEW."summary_en", NEW."summary_zh", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="2b5c8894c6cfb6fdb117acfd7d5dc341ae774a50",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3aa63",
                    table="products_indication",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holder",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="561b278229de2b6a7fd9ce0f35dcc0d3bbff2968",
                    operation="DELETE",
                    pgid="pgtrigger_kept_b327e",
                    table="products_holder",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holder",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "products_holderevent" ("created_at", "id", "is_demo", "name_en", "name_zh", "number", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "version") VALUES (NEW."created_at", NEW."id", NEW."is_demo", NEW."name_en", NEW."name_zh", NEW."number", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="7f1e364bb6beae5591ba05dbda6bf6268adeb151",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_69e22",
                    table="products_holder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holder",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "products_holderevent" ("created_at", "id", "is_demo", "name_en", "name_zh", "number", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "version") VALUES (NEW."created_at", NEW."id", NEW."is_demo", NEW."name_en", NEW."name_zh", NEW."number", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="de8ad7ad82ba7429fb4db0bc02bf478de292225a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1c882",
                    table="products_holder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holderevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b0c113a08b6af742f34b30064836f7f5e5c6e6a6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_fc6e0",
                    table="products_holderevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="indicationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="14e292c23a27e4d4a08a433acefc973632261238",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_35e85",
                    table="products_indicationevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="bf1b021d28ad39586f5c8f0415719663918d83fc",
                    operation="DELETE",
                    pgid="pgtrigger_kept_654d5",
                    table="products_producer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "products_producerevent" ("created_at", "division_id", "id", "intro_en", "intro_zh", "is_public", "number", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_point", "updated_at", "version") VALUES (NEW."created_at", NEW."division_id", NEW."id", NEW."intro_en", NEW."intro_zh", NEW."is_public", NEW."number", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_point", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="94dd9d8e3e593cb6feaab9fc3692c3e8e2d55db0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_84eec",
                    table="products_producer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "products_producerevent" ("created_at", "division_id", "id", "intro_en", "intro_zh", "is_public", "number", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_point", "updated_at", "version") VALUES (NEW."created_at", NEW."division_id", NEW."id", NEW."intro_en", NEW."intro_zh", NEW."is_public", NEW."number", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_point", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="cf5510b3fe45e152b9afc7da16563bee7c0f095c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_02e4a",
                    table="products_producer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="producerevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9cb8d2687aea694de6d8be7b2307639dc3abc01b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7b9aa",
                    table="products_producerevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="season",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "products_seasonevent" ("closes_on", "created_at", "id", "indication_id", "name", "number", "opens_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "version") VALUES (NEW."closes_on", NEW."created_at", NEW."id", NEW."indication_id", NEW."name", NEW."number", NEW."opens_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="a0805b71684be605f3b20b0e29aa1032d1507fe0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cf46b",
                    table="products_season",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="season",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "products_seasonevent" ("closes_on", "created_at", "id", "indication_id", "name", "number", "opens_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "version") VALUES (NEW."closes_on", NEW."created_at", NEW."id", NEW."indication_id", NEW."name", NEW."number", NEW."opens_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="d60e033898f1efdda0afee041912d55e7f766f03",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_eabe5",
                    table="products_season",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seasonevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e3df4b3f0b9c226914ae6326bcec308c1c5ef680",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_dd6b5",
                    table="products_seasonevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="site",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="b3c3d56560ac26e1fc4f46baa4410bcaa9fd5b5c",
                    operation="DELETE",
                    pgid="pgtrigger_kept_23218",
                    table="products_site",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="site",
            trigger=pgtrigger.compiler.Trigger(
                name="only_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'INSERT' THEN\n    IF NEW.state NOT IN ('active', 'flagged', 'proposed') THEN\n        RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state;\n    END IF;\nELSIF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state, NEW.state) NOT IN (('active', 'retired'), ('flagged', 'active'), ('flagged', 'refused'), ('flagged', 'retired'), ('proposed', 'active'), ('proposed', 'refused'), ('proposed', 'retired')) THEN\n    RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.state, NEW.state;\nEND IF;\nRETURN NEW;\n",
                    hash="c48421f5d6b3f8004e816ce86e2a01e1f1bd2ba8",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_only_steps_93058",
                    table="products_site",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="site",
            trigger=pgtrigger.compiler.Trigger(
                name="outline_never_redrawn",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."producer_id" IS DISTINCT FROM (NEW."producer_id") OR OLD."indication_id" IS DISTINCT FROM (NEW."indication_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."geom" IS DISTINCT FROM (NEW."geom"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="fab51f519086679b785117c890557323b0c18b1d",
                    operation="UPDATE",
                    pgid="pgtrigger_outline_never_redrawn_a0a12",
                    table="products_site",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="site",
            trigger=pgtrigger.compiler.Trigger(
                name="ground_of_its_own",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NEW.state NOT IN ('active', 'flagged', 'proposed') OR NEW.kind NOT IN ('field', 'gathering', 'greenhouse', 'orchard', 'pasture', 'pond') THEN\n    RETURN NEW;\nEND IF;\n-- Two rivals wait for each other here: without the lock neither would see the other's uncommitted site.\nPERFORM pg_advisory_xact_lock(hashtextextended('products.indication:' || NEW.indication_id::text, 0));\nIF EXISTS (\n    SELECT 1\n    FROM products_site other\n    CROSS JOIN LATERAL (\n        SELECT ST_Area(geography(ST_CollectionExtract(ST_Intersection(other.geom, NEW.geom), 3))) AS m2\n    ) shared\n    WHERE other.indication_id = NEW.indication_id AND other.id <> NEW.id\n      AND other.state IN ('active', 'flagged', 'proposed') AND other.kind IN ('field', 'gathering', 'greenhouse', 'orchard', 'pasture', 'pond')\n      AND ST_Intersects(other.geom, NEW.geom)\n      AND shared.m2 > 1.0\n      AND shared.m2 > 0.01 * LEAST(other.area_m2, ST_Area(geography(NEW.geom)))\n) THEN\n    RAISE EXCEPTION 'site overlaps another of the same indication';\nEND IF;\nRETURN NEW;\n",
                    hash="da28f02f3eaa48f96e827046a9c26d82145e64f7",
                    operation='INSERT OR UPDATE OF "geom", "state", "kind", "indication_id"',
                    pgid="pgtrigger_ground_of_its_own_bbcfe",
                    table="products_site",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="site",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "products_siteevent" ("created_at", "division_id", "geom", "id", "indication_id", "kind", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement", "producer_id", "reviewed_note", "state", "updated_at", "version") VALUES (NEW."created_at", NEW."division_id", NEW."geom", NEW."id", NEW."indication_id", NEW."kind", NEW."name", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."placement", NEW."producer_id", NEW."reviewed_note", NEW."state", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="49de9aaa747d18577dfd1fe8817ed04075a68b90",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_62c8a",
                    table="products_site",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="site",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."division_id" IS DISTINCT FROM (NEW."division_id") OR OLD."geom" IS DISTINCT FROM (NEW."geom") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."indication_id" IS DISTINCT FROM (NEW."indication_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."placement" IS DISTINCT FROM (NEW."placement") OR OLD."producer_id" IS DISTINCT FROM (NEW."producer_id") OR OLD."reviewed_note" IS DISTINCT FROM (NEW."reviewed_note") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "products_siteevent" ("created_at", "division_id", "geom", "id", "indication_id", "kind", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement", "producer_id", "reviewed_note", "state", "updated_at", "version") VALUES (NEW."created_at", NEW."division_id", NEW."geom", NEW."id", NEW."indication_id", NEW."kind", NEW."name", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."placement", NEW."producer_id", NEW."reviewed_note", NEW."state", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="ec27b6d2212202a8d88b0e166507f23773e872d2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8b106",
                    table="products_site",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authorisedsiteevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e8f2aaf0b3eabd29823d13068d4c8caf541b64e9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b0761",
                    table="products_authorisedsiteevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authorisedsite",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "products_authorisedsiteevent" ("authorisation_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") VALUES (NEW."authorisation_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."site_id"); RETURN NULL;',
                    hash="ed7ccc2742656a14d7f870e1d7ff9f2ea92d6d20",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_07437",
                    table="products_authorisedsite",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authorisedsite",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "products_authorisedsiteevent" ("authorisation_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id") VALUES (NEW."authorisation_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."site_id"); RETURN NULL;',
                    hash="7b709aa88ac20f5538d6a552916482448657973a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8f361",
                    table="products_authorisedsite",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="siteevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7bc35192af44e249c4fb3cf429e62102ca510b41",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1b8a9",
                    table="products_siteevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specificationfactevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1c938988807005db101829b520ee2785025823dc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_38708",
                    table="products_specificationfactevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specificationfact",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF EXISTS (\n    SELECT 1 FROM products_specificationversion s\n    WHERE s.status IN ('announced', 'in_force', 'superseded')\n      AND s.id IN (\n        CASE WHEN TG_OP <> 'INSERT' THEN OLD.specification_id END,\n        CASE WHEN TG_OP <> 'DELETE' THEN NEW.specification_id END\n      )\n) THEN\n    RAISE EXCEPTION 'the facts of an announced specification are never changed';\nEND IF;\nRETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;\n",
                    hash="21b58b543a8efa05a122851e03da3056d0c2ee21",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_frozen_99847",
                    table="products_specificationfact",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specificationfact",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "products_specificationfactevent" ("clause", "high", "id", "key", "label_en", "label_zh", "low", "operator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "specification_id", "text", "text_en", "unit", "zone") VALUES (NEW."clause", NEW."high", NEW."id", NEW."key", NEW."label_en", NEW."label_zh", NEW."low", NEW."operator", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."specification_id", NEW."text", NEW."text_en", NEW."unit", NEW."zone"); RETURN NULL;',
                    hash="a1d75c17ac01af049aad23029ffbfd8a5ae61676",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2b333",
                    table="products_specificationfact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specificationfact",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "products_specificationfactevent" ("clause", "high", "id", "key", "label_en", "label_zh", "low", "operator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "specification_id", "text", "text_en", "unit", "zone") VALUES (NEW."clause", NEW."high", NEW."id", NEW."key", NEW."label_en", NEW."label_zh", NEW."low", NEW."operator", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."specification_id", NEW."text", NEW."text_en", NEW."unit", NEW."zone"); RETURN NULL;',
                    hash="abd65061c7d0ffcc79388671d0d61d2667496ac4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_027c6",
                    table="products_specificationfact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="title",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="69a247380a8464794d6365df07c64ccbe68e0a9e",
                    operation="DELETE",
                    pgid="pgtrigger_kept_11c00",
                    table="products_title",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="title",
            trigger=pgtrigger.compiler.Trigger(
                name="only_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'INSERT' THEN\n    IF NOT ((NEW.kind = 'agro_gi' AND NEW.status IN ('reported')) OR (NEW.kind = 'certification_mark' AND NEW.status IN ('filed', 'reported')) OR (NEW.kind = 'collective_mark' AND NEW.status IN ('filed', 'reported')) OR (NEW.kind = 'foreign' AND NEW.status IN ('filed', 'reported')) OR (NEW.kind = 'gi_product' AND NEW.status IN ('draft', 'reported'))) THEN\n        RAISE EXCEPTION 'a % title cannot begin as %', NEW.kind, NEW.status;\n    END IF;\nELSIF NEW.kind IS DISTINCT FROM OLD.kind OR NEW.indication_id IS DISTINCT FROM OLD.indication_id THEN\n    RAISE EXCEPTION 'a title never changes its kind or name';\nELSIF NEW.status IS DISTINCT FROM OLD.status AND (NEW.kind, OLD.status, NEW.status) NOT IN (('agro_gi', 'registered', 'converted'), ('agro_gi', 'registered', 'lapsed'), ('agro_gi', 'reported', 'converted'), ('agro_gi', 'reported', 'disproved'), ('agro_gi', 'reported', 'lapsed'), ('agro_gi', 'reported', 'registered'), ('certification_mark', 'filed', 'published'), ('certification_mark', 'filed', 'refused'), ('certification_mark', 'filed', 'withdrawn'), ('certification_mark', 'published', 'refused'), ('certification_mark', 'published', 'registered'), ('certification_mark', 'published', 'withdrawn'), ('certification_mark', 'registered', 'cancelled'), ('certification_mark', 'registered', 'expired'), ('certification_mark', 'registered', 'invalidated'), ('certification_mark', 'reported', 'cancelled'), ('certification_mark', 'reported', 'disproved'), ('certification_mark', 'reported', 'expired'), ('certification_mark', 'reported', 'invalidated'), ('certification_mark', 'reported', 'registered'), ('collective_mark', 'filed', 'published'), ('collective_mark', 'filed', 'refused'), ('collective_mark', 'filed', 'withdrawn'), ('collective_mark', 'published', 'refused'), ('collective_mark', 'published', 'registered'), ('collective_mark', 'published', 'withdrawn'), ('collective_mark', 'registered', 'cancelled'), ('collective_mark', 'registered', 'expired'), ('collective_mark', 'registered', 'invalidated'), ('collective_mark', 'reported', 'cancelled'), ('collective_mark', 'reported', 'disproved'), ('collective_mark', 'reported', 'expired'), ('collective_mark', 'reported', 'invalidated'), ('collective_mark', 'reported', 'registered'), ('foreign', 'filed', 'refused'), ('foreign', 'filed', 'registered'), ('foreign', 'filed', 'withdrawn'), ('foreign', 'registered', 'cancelled'), ('foreign', 'registered', 'expired'), ('foreign', 'reported', 'cancelled'), ('foreign', 'reported', 'disproved'), ('foreign', 'reported', 'registered'), ('gi_product', 'accepted', 'announced_prelim'), ('gi_product', 'accepted', 'refused'), ('gi_product', 'accepted', 'withdrawn'), ('gi_product', 'announced_prelim', 'opposed'), ('gi_product', 'announced_prelim', 'recognised'), ('gi_product', 'announced_prelim', 'refused'), ('gi_product', 'announced_prelim', 'withdrawn'), ('gi_product', 'cancel_requested', 'cancelled'), ('gi_product', 'cancel_requested', 'recognised'), ('gi_product', 'change_pending', 'recognised'), ('gi_product', 'correction', 'forwarded'), ('gi_product', 'correction', 'withdrawn'), ('gi_product', 'draft', 'submitted'), ('gi_product', 'draft', 'withdrawn'), ('gi_product', 'forwarded', 'accepted'), ('gi_product', 'forwarded', 'correction'), ('gi_product', 'forwarded', 'not_accepted'), ('gi_product', 'forwarded', 'withdrawn'), ('gi_product', 'opposed', 'announced_prelim'), ('gi_product', 'opposed', 'refused'), ('gi_product', 'opposed', 'withdrawn'), ('gi_product', 'prelim_ok', 'forwarded'), ('gi_product', 'prelim_ok', 'withdrawn'), ('gi_product', 'recognised', 'cancel_requested'), ('gi_product', 'recognised', 'change_pending'), ('gi_product', 'reported', 'cancelled'), ('gi_product', 'reported', 'disproved'), ('gi_product', 'reported', 'recognised'), ('gi_product', 'returned', 'submitted'), ('gi_product', 'returned', 'withdrawn'), ('gi_product', 'submitted', 'prelim_ok'), ('gi_product', 'submitted', 'rejected'), ('gi_product', 'submitted', 'returned'), ('gi_product', 'submitted', 'withdrawn')) THEN\n    RAISE EXCEPTION 'a % title cannot go from % to %', NEW.kind, OLD.status, NEW.status;\nEND IF;\nRETURN NEW;\n",
                    hash="1aa40a953ebb5423cdf0b398dbac668e817bfe41",
                    operation='INSERT OR UPDATE OF "status", "kind", "indication_id"',
                    pgid="pgtrigger_only_steps_1d1ff",
                    table="products_title",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="title",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "products_titleevent" ("announcement_number", "applied_on", "confidence", "created_at", "document_sha256", "ended_on", "expires_on", "holder_id", "id", "indication_id", "kind", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "recognised_on", "recognised_text", "region_id", "source_note_en", "source_note_zh", "status", "title_number", "updated_at", "version") VALUES (NEW."announcement_number", NEW."applied_on", NEW."confidence", NEW."created_at", NEW."document_sha256", NEW."ended_on", NEW."expires_on", NEW."holder_id", NEW."id", NEW."indication_id", NEW."kind", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_on", NEW."recognised_on", NEW."recognised_text", NEW."region_id", NEW."source_note_en", NEW."source_note_zh", NEW."status", NEW."title_number", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="61323b2d624c9e45e8a552c6b66a4fd84a72ab4f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5cce5",
                    table="products_title",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="title",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "products_titleevent" ("announcement_number", "applied_on", "confidence", "created_at", "document_sha256", "ended_on", "expires_on", "holder_id", "id", "indication_id", "kind", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "recognised_on", "recognised_text", "region_id", "source_note_en", "source_note_zh", "status", "title_number", "updated_at", "version") VALUES (NEW."announcement_number", NEW."applied_on", NEW."confidence", NEW."created_at", NEW."document_sha256", NEW."ended_on", NEW."expires_on", NEW."holder_id", NEW."id", NEW."indication_id", NEW."kind", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_on", NEW."recognised_on", NEW."recognised_text", NEW."region_id", NEW."source_note_en", NEW."source_note_zh", NEW."status", NEW."title_number", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="9d9d2d4bc28ffcd32de66338e01cb41f382edb5c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a2ce7",
                    table="products_title",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specificationversionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="64dd4c020e0f82833d351208479a7e67e9bf2093",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4cf1d",
                    table="products_specificationversionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specificationversion",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="2e0dee3eeedf2bd28ebaf3a4f5ca007d34d13299",
                    operation="DELETE",
                    pgid="pgtrigger_kept_43a3a",
                    table="products_specificationversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specificationversion",
            trigger=pgtrigger.compiler.Trigger(
                name="only_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'INSERT' THEN\n    IF NEW.status NOT IN ('draft', 'reported') THEN\n        RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.status;\n    END IF;\nELSIF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (('announced', 'in_force'), ('draft', 'reviewed'), ('in_force', 'superseded'), ('reported', 'announced'), ('reported', 'disproved'), ('reviewed', 'announced'), ('reviewed', 'draft')) THEN\n    RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status;\nEND IF;\nRETURN NEW;\n",
                    hash="d9b372802ce025dbc29f77eb065452eb5e5982d4",
                    operation='INSERT OR UPDATE OF "status"',
                    pgid="pgtrigger_only_steps_df585",
                    table="products_specificationversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specificationversion",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF OLD.status IN ('announced', 'in_force', 'superseded') AND (\n    ROW(NEW.number, NEW.title_id, NEW.label_zh, NEW.label_en, NEW.transition_rule, NEW.standards, NEW.document_sha256,\n        lower(NEW.effective))\n    IS DISTINCT FROM\n    ROW(OLD.number, OLD.title_id, OLD.label_zh, OLD.label_en, OLD.transition_rule, OLD.standards, OLD.document_sha256,\n        lower(OLD.effective))\n    OR (upper(OLD.effective) IS NOT NULL AND upper(NEW.effective) IS DISTINCT FROM upper(OLD.effective))\n) THEN\n    RAISE EXCEPTION 'an announced specification is never changed';\nEND IF;\nRETURN NEW;\n",
                    hash="f69df796eb7f5d9901a09168ca130014f26e32ab",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_abbf3",
                    table="products_specificationversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specificationversion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "products_specificationversionevent" ("created_at", "document_sha256", "drafted_by_id", "effective", "id", "label_en", "label_zh", "note_en", "note_zh", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewed_by_id", "standards", "status", "title_id", "transition_rule", "updated_at", "version") VALUES (NEW."created_at", NEW."document_sha256", NEW."drafted_by_id", NEW."effective", NEW."id", NEW."label_en", NEW."label_zh", NEW."note_en", NEW."note_zh", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reviewed_by_id", NEW."standards", NEW."status", NEW."title_id", NEW."transition_rule", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="2fe2695cb40c15c8cabd8d7e3c0dced583bbc411",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f0080",
                    table="products_specificationversion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specificationversion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "products_specificationversionevent" ("created_at", "document_sha256", "drafted_by_id", "effective", "id", "label_en", "label_zh", "note_en", "note_zh", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewed_by_id", "standards", "status", "title_id", "transition_rule", "updated_at", "version") VALUES (NEW."created_at", NEW."document_sha256", NEW."drafted_by_id", NEW."effective", NEW."id", NEW."label_en", NEW."label_zh", NEW."note_en", NEW."note_zh", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reviewed_by_id", NEW."standards", NEW."status", NEW."title_id", NEW."transition_rule", NEW."updated_at", NEW."version"); RETURN NULL;',
                    hash="e2af436cd85b9533fdad049b9cd7122e8be24c27",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4d96e",
                    table="products_specificationversion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authorisationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="62e7344ee46793ceceb3b7ddacc609e3e0519e6b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f82e9",
                    table="products_authorisationevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authorisation",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="2b3a3190fe35b857dae163b62df269c0cb877d97",
                    operation="DELETE",
                    pgid="pgtrigger_kept_e1c14",
                    table="products_authorisation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authorisation",
            trigger=pgtrigger.compiler.Trigger(
                name="only_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'INSERT' THEN\n    IF NEW.state NOT IN ('draft') THEN\n        RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state;\n    END IF;\nELSIF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state, NEW.state) NOT IN (('active', 'dormant_warning'), ('active', 'expired'), ('active', 'rectifying'), ('active', 'suspended'), ('dormant_warning', 'active'), ('dormant_warning', 'expired'), ('dormant_warning', 'stopped'), ('dormant_warning', 'suspended'), ('draft', 'submitted'), ('draft', 'withdrawn'), ('origin_checked', 'prov_ok'), ('origin_checked', 'refused'), ('origin_checked', 'withdrawn'), ('prov_ok', 'active'), ('prov_ok', 'withdrawn'), ('rectifying', 'active'), ('rectifying', 'expired'), ('rectifying', 'stopped'), ('rectifying', 'suspended'), ('returned', 'submitted'), ('returned', 'withdrawn'), ('submitted', 'origin_checked'), ('submitted', 'returned'), ('submitted', 'withdrawn'), ('suspended', 'active'), ('suspended', 'expired'), ('suspended', 'revoked')) THEN\n    RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.state, NEW.state;\nEND IF;\nRETURN NEW;\n",
                    hash="6b8561f30e99b5441c56f193489ef0357f4cfb2d",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_only_steps_307b3",
                    table="products_authorisation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authorisation",
            trigger=pgtrigger.compiler.Trigger(
                name="needs_site",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NEW.state IN ('active', 'dormant_warning', 'rectifying') AND OLD.state NOT IN ('active', 'dormant_warning', 'rectifying') AND NOT EXISTS (\n    SELECT 1 FROM products_authorisedsite a JOIN products_site s ON s.id = a.site_id\n    WHERE a.authorisation_id = NEW.id AND s.state = 'active'\n) THEN\n    RAISE EXCEPTION 'an authorisation stands on at least one active site';\nEND IF;\nRETURN NEW;\n",
                    hash="4d5f0f7de66585c1b73534cb58e72b4ffcb63939",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_needs_site_6b658",
                    table="products_authorisation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authorisation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "products_authorisationevent" ("approval_reference", "created_at", "deadline_on", "ended_on", "id", "last_used_on", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "producer_id", "refusal_criterion", "spells", "state", "state_reason", "stop_proposed_on", "suspended_by", "title_id", "updated_at", "valid_from", "valid_until", "version") VALUES (NEW."approval_reference", NEW."created_at", NEW."deadline_on", NEW."ended_on", NEW."id", NEW."last_used_on", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."producer_id", NEW."refusal_criterion", NEW."spells", NEW."state", NEW."state_reason", NEW."stop_proposed_on", NEW."suspended_by", NEW."title_id", NEW."updated_at", NEW."valid_from", NEW."valid_until", NEW."version"); RETURN NULL;',
                    hash="ef5b0a570818cb07d6bfdad2954e1f6dd9f095a7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8a670",
                    table="products_authorisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authorisation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "products_authorisationevent" ("approval_reference", "created_at", "deadline_on", "ended_on", "id", "last_used_on", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "producer_id", "refusal_criterion", "spells", "state", "state_reason", "stop_proposed_on", "suspended_by", "title_id", "updated_at", "valid_from", "valid_until", "version") VALUES (NEW."approval_reference", NEW."created_at", NEW."deadline_on", NEW."ended_on", NEW."id", NEW."last_used_on", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."producer_id", NEW."refusal_criterion", NEW."spells", NEW."state", NEW."state_reason", NEW."stop_proposed_on", NEW."suspended_by", NEW."title_id", NEW."updated_at", NEW."valid_from", NEW."valid_until", NEW."version"); RETURN NULL;',
                    hash="f2e7e20f5889dfaf58d77ad874a5c49d3081d2fa",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_dd489",
                    table="products_authorisation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="titleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3c56799a86e22fc84e99c57f150480ff96f8a5d2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_79a70",
                    table="products_titleevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
