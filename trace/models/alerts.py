"""Alerts: leads for officials about units and batches, with what was counted when they were opened."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from gi_registry.lib.ids import new_number
from products.models.steps import kept, only_words
from trace.models.batches import Batch
from trace.models.issuances import Issuance
from trace.querysets import AlertQuerySet
from trace.rules.alerts import CAUSES, AlertKind

# Heard by whoever keeps a desk open: PostgreSQL tells it when the transaction that opened the alert is committed.
CHANNEL = "gi_alert"
_TELL = f"""
IF TG_OP = 'INSERT' OR NEW.reasons IS DISTINCT FROM OLD.reasons THEN
    PERFORM pg_notify('{CHANNEL}', NEW.number);
END IF;
RETURN NULL;
"""


class Alert(models.Model):
    """A lead for a person about one unit, or (without ``issuance``) about a whole batch.

    ``reasons`` are words of ``rules.copies.Reason`` and ``rules.alerts.Pattern``; ``units``, ``checks`` and ``places``
    (provinces far apart) what was counted when it was last written. One of a kind is open for a subject at a time; while
    it is open more evidence is added to it. Closing is a person's.
    """

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    kind = models.CharField(max_length=20, choices=AlertKind.choices())
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="alerts")
    issuance = models.ForeignKey(Issuance, models.PROTECT, null=True, related_name="+", db_index=False)
    unit_index = models.IntegerField(null=True)
    grade = models.SmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=20))
    rule_version = models.SmallIntegerField()
    units = models.IntegerField()
    checks = models.IntegerField()
    places = models.SmallIntegerField()
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("kind", AlertKind, "alert_kind_known"),
            models.CheckConstraint(condition=Q(reasons__contained_by=sorted(CAUSES)), name="alert_reasons_known"),
            models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=3), name="alert_grade_known"),
            models.CheckConstraint(
                condition=Q(issuance__isnull=True, unit_index__isnull=True)
                | Q(issuance__isnull=False, unit_index__isnull=False),
                name="alert_of_a_unit_or_a_batch",
            ),
            models.UniqueConstraint(
                fields=["batch", "kind", "issuance", "unit_index"],
                condition=Q(closed_at__isnull=True),
                nulls_distinct=False,
                name="alert_open_once",
            ),
        ]
        triggers = [
            kept(),
            pgtrigger.ReadOnly(name="fixed", fields=["number", "kind", "batch", "issuance", "unit_index", "opened_at"]),
            pgtrigger.Trigger(
                name="told",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("reasons"),
                func=_TELL,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"
