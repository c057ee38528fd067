"""What is kept of units that were checked, the tries of their PINs, and which unit a check was of.

A frozen copy of the text in ``trace/sql/``; a test demands that both agree.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# No rewrite of the checks that are there: they are of lots, and their token is unique as before.
CHECK_UNITS = """
ALTER TABLE trace_check ADD COLUMN issuance_id integer, ADD COLUMN unit_index integer;
ALTER TABLE trace_check ADD CONSTRAINT trace_check_of_a_unit CHECK ((issuance_id IS NULL) = (unit_index IS NULL));
"""
CHECK_LOTS = "ALTER TABLE trace_check DROP COLUMN issuance_id, DROP COLUMN unit_index;"

UNIT_FACTS = """
-- What is registered of one unit of a batch: its issuance, whether it was activated or withdrawn, how often it was checked.
-- NULL where the batch has no issuance of that ordinal. A function of its own, so that the check of a lot plans none of it.
CREATE OR REPLACE FUNCTION trace_unit_facts(of_batch bigint, of_ordinal integer, at_index integer)
RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_build_object(
            'issuance_id', u.id, 'count', u.count, 'epoch', u.epoch, 'gtin', u.gtin, 'state', u.state,
            'activation', u.activation, 'issued_at', u.issued_at,
            'is_activated', u.activation = 'with_batch' OR EXISTS (
                SELECT FROM trace_issuancerange r
                WHERE r.issuance_id = u.id AND r.kind = 'activated' AND int4range(r.first, r.last, '[]') @> at_index),
            'is_withdrawn', EXISTS (
                SELECT FROM trace_issuancerange r
                WHERE r.issuance_id = u.id AND r.kind IN ('spoiled', 'returned', 'destroyed', 'void')
                    AND int4range(r.first, r.last, '[]') @> at_index),
            'has_pin', u.has_pin,
            'tally', (
                SELECT json_build_object(
                    'count', t.count, 'first_on', date '1970-01-01' + t.first_hour / 24, 'first_province', t.first_province,
                    'grade', t.grade, 'reasons', t.reasons, 'opened_on', date '1970-01-01' + t.opened_hour / 24)
                FROM trace_unittally t WHERE t.issuance_id = u.id AND t.unit_index = at_index))
        FROM trace_issuance u
        WHERE u.batch_id = of_batch AND u.ordinal = of_ordinal
    );
END;
$$;
"""

UNIT_FACTS_BEFORE = """
-- What is registered of one unit of a batch: its issuance, whether it was activated or withdrawn, how often it was checked.
-- NULL where the batch has no issuance of that ordinal. A function of its own, so that the check of a lot plans none of it.
CREATE OR REPLACE FUNCTION trace_unit_facts(of_batch bigint, of_ordinal integer, at_index integer)
RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_build_object(
            'issuance_id', u.id, 'count', u.count, 'epoch', u.epoch, 'gtin', u.gtin, 'state', u.state,
            'activation', u.activation, 'issued_at', u.issued_at,
            'is_activated', u.activation = 'with_batch' OR EXISTS (
                SELECT FROM trace_issuancerange r
                WHERE r.issuance_id = u.id AND r.kind = 'activated' AND int4range(r.first, r.last, '[]') @> at_index),
            'is_withdrawn', EXISTS (
                SELECT FROM trace_issuancerange r
                WHERE r.issuance_id = u.id AND r.kind IN ('spoiled', 'returned', 'destroyed', 'void')
                    AND int4range(r.first, r.last, '[]') @> at_index),
            'tally', NULL)
        FROM trace_issuance u
        WHERE u.batch_id = of_batch AND u.ordinal = of_ordinal
    );
END;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("trace", "0010_print_jobs")]

    operations = [
        migrations.CreateModel(
            name="PinTry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "issuance_id",
                        "unit_index",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("unit_index", models.IntegerField()),
                ("number", models.SmallIntegerField()),
                ("tried_hour", models.IntegerField()),
                ("province", models.BigIntegerField()),
                ("device_token", models.BigIntegerField()),
                ("is_right", models.BooleanField()),
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
            options={
                "verbose_name_plural": "pin tries",
            },
        ),
        migrations.CreateModel(
            name="UnitTally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "issuance_id", "unit_index", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_index", models.IntegerField()),
                ("count", models.IntegerField(db_default=0)),
                ("first_hour", models.IntegerField(null=True)),
                ("first_province", models.BigIntegerField(db_default=0)),
                ("provinces", models.BigIntegerField(db_default=0)),
                ("last_hour", models.IntegerField(null=True)),
                ("last_provinces", models.BigIntegerField(db_default=0)),
                ("pin_tries", models.SmallIntegerField(db_default=0)),
                ("wrong_pins", models.SmallIntegerField(db_default=0)),
                ("opened_hour", models.IntegerField(null=True)),
                ("opened_province", models.BigIntegerField(db_default=0)),
                ("opened_device", models.BigIntegerField(null=True)),
                ("checks_since_opened", models.IntegerField(db_default=0)),
                ("signs", models.SmallIntegerField(db_default=0)),
                ("grade", models.SmallIntegerField(db_default=0)),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), db_default=[], size=None
                    ),
                ),
                ("rule_version", models.SmallIntegerField(db_default=0)),
                (
                    "issuance",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tallies",
                        to="trace.issuance",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "unit tallies",
            },
        ),
        migrations.AddConstraint(
            model_name="pintry",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1), ("number__lte", 5)), name="pin_try_at_most_five"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pintry",
            trigger=pgtrigger.compiler.Trigger(
                name="appended",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="518ce1669667452798d0ead6a3e5a780c08fd39d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_appended_645c5",
                    table="trace_pintry",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="unittally",
            constraint=models.CheckConstraint(
                condition=models.Q(("pin_tries__gte", 0), ("pin_tries__lte", 5)), name="unit_pin_tries"
            ),
        ),
        migrations.AddConstraint(
            model_name="unittally",
            constraint=models.CheckConstraint(
                condition=models.Q(("grade__gte", 0), ("grade__lte", 2)), name="unit_grade_by_rules"
            ),
        ),
        migrations.RunSQL(CHECK_UNITS, CHECK_LOTS),
        migrations.RunSQL(UNIT_FACTS, UNIT_FACTS_BEFORE),
    ]
