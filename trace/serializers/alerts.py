"""Alerts going out, and tries of a PIN coming in."""

from typing import Any

from rest_framework import serializers

from gi_registry.lib.shapes import In, Out, TextOut, WordField
from trace.actions.pins import PinTold
from trace.models import Alert
from trace.rules.alerts import CAUSES, AlertKind
from trace.rules.copies import MAX_PIN_TRIES, Reason
from trace.rules.pins import MAX_TYPED_PIN, PinOutcome, statement
from trace.rules.typed import MAX_TYPED
from trace.serializers.numbers import NumberField


class AlertFilterIn(In):
    kind = WordField(AlertKind, required=False)
    batch = NumberField(required=False)
    is_open = serializers.BooleanField(required=False, allow_null=True, default=None)


class AlertReasonOut(TextOut):
    code = serializers.ChoiceField(choices=sorted(CAUSES))

    def to_representation(self, instance: Any) -> dict[str, str]:
        return {"code": str(instance), **CAUSES[instance].text.as_dict()}


class AlertUnitOut(Out):
    """A unit by its issuance and index in it, as they stand on the roll; its code is not told."""

    issuance = serializers.CharField(source="issuance.number")
    index = serializers.IntegerField(source="unit_index")


class AlertOut(Out):
    number = serializers.CharField()
    kind = WordField(AlertKind)
    kind_name = TextOut()
    batch = serializers.CharField(source="batch.number")
    indication = serializers.CharField(source="batch.indication.slug")
    division_code = serializers.CharField(source="batch.division_code")
    unit = AlertUnitOut(allow_null=True, help_text="null where the alert is about the whole batch.")
    grade = serializers.IntegerField(min_value=1, max_value=3)
    reasons = AlertReasonOut(many=True)
    rule_version = serializers.IntegerField()
    units = serializers.IntegerField(help_text="How many units it is about.")
    checks = serializers.IntegerField(help_text="How often these were checked.")
    places = serializers.IntegerField(help_text="In how many provinces of which no two are neighbours.")
    opened_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Alert) -> dict[str, Any]:
        instance.kind_name = AlertKind(instance.kind)
        instance.unit = instance if instance.issuance_id else None
        if not instance.tells_reports:
            instance.reasons = [reason for reason in instance.reasons if reason != Reason.REPORTED]
        return super().to_representation(instance)


class PinIn(In):
    code = serializers.CharField(max_length=MAX_TYPED, help_text="The link of the unit, or lot and unit code.")
    pin = serializers.CharField(max_length=MAX_TYPED_PIN, help_text="The eight digits under the coating.")


class PinOut(Out):
    outcome = WordField(PinOutcome)
    statement = TextOut()
    tries_left = serializers.IntegerField(allow_null=True, min_value=0, max_value=MAX_PIN_TRIES)
    opened_on = serializers.DateField(allow_null=True, help_text="The day on which the right PIN was first given.")

    def to_representation(self, instance: PinTold) -> dict[str, Any]:
        said = statement(instance.outcome, instance.opened_on, instance.tries_left)
        return {
            "outcome": instance.outcome.value,
            "statement": said.as_dict(),
            "tries_left": instance.tries_left,
            "opened_on": instance.opened_on,
        }
