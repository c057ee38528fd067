"""Reports of consumers, as officials read and answer them."""

from rest_framework import serializers

from gi_registry.lib.shapes import In, Out, WordField
from trace.rules.reports import MAX_ANSWER, ReportKind, ReportState
from trace.serializers.numbers import NumberField


class ReportFilterIn(In):
    state = WordField(ReportState, required=False)
    kind = WordField(ReportKind, required=False)
    lot = NumberField(required=False)


class ReportAnswerIn(In):
    """What came of it. The person who reported reads it under the tracking number, so it names nobody."""

    answer = serializers.CharField(max_length=MAX_ANSWER)


class ReportOut(Out):
    number = serializers.CharField()
    kind = WordField(ReportKind)
    state = WordField(ReportState)
    lot = serializers.CharField()
    code = serializers.CharField()
    batch = serializers.CharField(source="batch.number", allow_null=True, default=None)
    division_code = serializers.CharField()
    words = serializers.CharField()
    contact = serializers.CharField()
    has_photo = serializers.BooleanField()
    province = serializers.CharField(help_text="Of whoever reported, by their network; empty where unknown.")
    answer = serializers.CharField()
    reported_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    erased_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
