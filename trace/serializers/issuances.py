"""Unit codes in and out: how many, and what became of them. The codes themselves are in the file alone."""

from typing import Any

from rest_framework import serializers

from gi_registry.lib.language import say
from gi_registry.lib.shapes import In, Out, WordField
from gi_registry.lib.texts import Text
from trace.codes.layout import MOST_UNITS
from trace.labels.presets import PRESETS
from trace.models import Issuance
from trace.rules.batches import MAX_REASON
from trace.rules.issuances import Activation, IssuanceState, RangeKind

_BOTH = Text("请同时给出 first 和 last；都不给则作废整次签发。", "Give first and last, or neither to void all of it.")


class IssuanceIn(In):
    """Unit codes for a batch. Above 20,000 they are prepared in the background: read the issuance until it is `issued`.

    More codes than five per cent above the registered packs need a `reason`.
    """

    count = serializers.IntegerField(min_value=1, max_value=MOST_UNITS)
    activation = WordField(Activation, required=False, default=Activation.WITH_BATCH)
    has_pin = serializers.BooleanField(required=False, default=False, help_text="With eight hidden digits a unit.")
    profile = serializers.ChoiceField(
        choices=list(PRESETS), required=False, allow_blank=True, default="", help_text="Labels that they are meant for."
    )
    reason = serializers.CharField(max_length=MAX_REASON, required=False, allow_blank=True, default="")


class RangeIn(In):
    """Units `first` to `last`, both included, counted from 0. A return or a destruction owes its reason."""

    first = serializers.IntegerField(min_value=0, max_value=MOST_UNITS - 1)
    last = serializers.IntegerField(min_value=0, max_value=MOST_UNITS - 1)
    reason = serializers.CharField(max_length=MAX_REASON, required=False, allow_blank=True, default="")


class UnitVoidIn(In):
    """Units to withdraw, or without `first` and `last` all of the issuance. The reason is owed."""

    first = serializers.IntegerField(min_value=0, max_value=MOST_UNITS - 1, required=False)
    last = serializers.IntegerField(min_value=0, max_value=MOST_UNITS - 1, required=False)
    reason = serializers.CharField(max_length=MAX_REASON)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("first" in attrs) != ("last" in attrs):
            raise serializers.ValidationError(say(_BOTH), code="half_a_range")
        return attrs


class SpanIn(In):
    """Part of an issuance: units `first` to `last`, both included; all of it unless told."""

    first = serializers.IntegerField(min_value=0, max_value=MOST_UNITS - 1, required=False, default=0)
    last = serializers.IntegerField(min_value=0, max_value=MOST_UNITS - 1, required=False)


class UnitCountsOut(Out):
    """How many units were said to be so. Printed counts reprints again."""

    activated = serializers.IntegerField()
    printed = serializers.IntegerField()
    spoiled = serializers.IntegerField()
    returned = serializers.IntegerField()
    destroyed = serializers.IntegerField()
    void = serializers.IntegerField()


class IssuanceOut(Out):
    """An issuance as its producer, its holder and its officials see it: no codes."""

    number = serializers.CharField()
    batch = serializers.CharField(source="batch.number")
    ordinal = serializers.IntegerField(help_text="Its place among the issuances of the batch, 0 to 31.")
    count = serializers.IntegerField()
    state = WordField(IssuanceState)
    prepared = serializers.IntegerField(help_text="How many codes are made so far.")
    activation = WordField(Activation)
    has_pin = serializers.BooleanField()
    gtin = serializers.SerializerMethodField(help_text="As it stands in the GS1 links; null without one.")
    profile = serializers.CharField()
    epoch = serializers.CharField(help_text="Which master key the codes were made from.")
    root = serializers.SerializerMethodField(
        help_text="RFC 6962 tree hash over all codes in order, in hexadecimal; null while they are prepared."
    )
    units = serializers.SerializerMethodField()
    issued_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_gtin(self, issuance: Issuance) -> str | None:
        return issuance.gtin if issuance.gtin.isdigit() else None

    def get_root(self, issuance: Issuance) -> str | None:
        return bytes(issuance.root).hex() if issuance.root else None

    def get_units(self, issuance: Issuance) -> UnitCountsOut:
        told = self.context["units"].get(issuance.pk, {})
        return {kind.value: told.get(kind.value, 0) for kind in RangeKind}  # type: ignore[return-value]


class RangeOut(Out):
    kind = WordField(RangeKind)
    first = serializers.IntegerField()
    last = serializers.IntegerField()
    reason = serializers.CharField()
    by_name = serializers.CharField()
    at = serializers.DateTimeField()


class RangeFilterIn(In):
    kind = WordField(RangeKind, required=False)


class CodeDownloadOut(Out):
    """That somebody took codes as a file."""

    first = serializers.IntegerField()
    last = serializers.IntegerField()
    by_name = serializers.CharField()
    at = serializers.DateTimeField()
