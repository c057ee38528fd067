"""Units that somebody asked about: how often, how widely, and what was concluded. A unit nobody checked has no row."""

from dataclasses import fields

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from trace.models.issuances import Issuance
from trace.rules.copies import MAX_PIN_TRIES, State

STATE_FIELDS = tuple(field.name for field in fields(State))


class UnitTally(models.Model):
    """The state of a checked unit (``rules.copies.State``, field by field), and its grade by the rules.

    Hours are counted from 1970 in China; provinces are bits of ``rules.provinces``. Kept up by ``actions.checks`` in the
    statement that counts a check, never through the ORM; ``manage.py replay_grades`` compares it with the checks.
    """

    pk = models.CompositePrimaryKey("issuance_id", "unit_index")
    issuance = models.ForeignKey(Issuance, models.PROTECT, related_name="tallies", db_index=False)
    unit_index = models.IntegerField()
    count = models.IntegerField(db_default=0)
    first_hour = models.IntegerField(null=True)
    first_province = models.BigIntegerField(db_default=0)
    provinces = models.BigIntegerField(db_default=0)
    last_hour = models.IntegerField(null=True)
    last_provinces = models.BigIntegerField(db_default=0)
    pin_tries = models.SmallIntegerField(db_default=0)
    wrong_pins = models.SmallIntegerField(db_default=0)
    opened_hour = models.IntegerField(null=True)
    opened_province = models.BigIntegerField(db_default=0)
    opened_device = models.BigIntegerField(null=True)
    checks_since_opened = models.IntegerField(db_default=0)
    signs = models.SmallIntegerField(db_default=0)
    grade = models.SmallIntegerField(db_default=0)
    reasons = ArrayField(models.CharField(max_length=20), db_default=[])
    rule_version = models.SmallIntegerField(db_default=0)

    class Meta:
        verbose_name_plural = "unit tallies"
        constraints = [
            models.CheckConstraint(condition=Q(pin_tries__gte=0, pin_tries__lte=MAX_PIN_TRIES), name="unit_pin_tries"),
            # 3 is given by a person, with a name and a reason, and never stands here.
            models.CheckConstraint(condition=Q(grade__gte=0, grade__lte=2), name="unit_grade_by_rules"),
        ]

    def __str__(self) -> str:
        return f"{self.issuance_id}/{self.unit_index}: {self.count}"


class PinTry(models.Model):
    """That somebody tried the hidden PIN of a unit, and whether it was right; never what was typed.

    ``number`` is 1 to 5 and part of the key, so that a sixth try cannot be written whoever comes at once.
    """

    pk = models.CompositePrimaryKey("issuance_id", "unit_index", "number")
    issuance = models.ForeignKey(Issuance, models.PROTECT, related_name="+", db_index=False)
    unit_index = models.IntegerField()
    number = models.SmallIntegerField()
    tried_hour = models.IntegerField()
    province = models.BigIntegerField()
    device_token = models.BigIntegerField()
    is_right = models.BooleanField()

    class Meta:
        verbose_name_plural = "pin tries"
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=MAX_PIN_TRIES), name="pin_try_at_most_five"),
        ]
        triggers = [pgtrigger.Protect(name="appended", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.issuance_id}/{self.unit_index} {self.number}"


class UnitReport(models.Model):
    """That somebody reported a unit, once a device and day; nothing of what was told, which is erased from ``Report`` in time.

    The token is one of the day's key (``rules.devices``), made for this unit: it leads to no report and to no check.
    """

    pk = models.CompositePrimaryKey("issuance_id", "unit_index", "device_token")
    issuance = models.ForeignKey(Issuance, models.PROTECT, related_name="+", db_index=False)
    unit_index = models.IntegerField()
    device_token = models.BigIntegerField()
    reported_hour = models.IntegerField()

    class Meta:
        triggers = [pgtrigger.Protect(name="appended", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.issuance_id}/{self.unit_index} {self.reported_hour}"
