"""Evidence of batches in and out, and what demands made of it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gi_registry.lib.shapes import In, Out, TextOut, WordField
from products.rules.words import Confidence, OutcomeResult, RuleKind, Severity, Sex, Unit
from products.serializers.fields import HashField
from trace.rules.batches import MAX_REASON
from trace.rules.evidence import MAX_AT_ONCE, MAX_TEXT, EvidenceItem, EvidenceKind
from trace.serializers.numbers import NumberField


def _text(most: int) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, allow_blank=True, default="")


def _day() -> serializers.DateField:
    return serializers.DateField(required=False, allow_null=True, default=None)


class EvidenceItemIn(In):
    """One piece. A `measurement` has `key`, `value`, `unit`; a `step` its name in `text` and `began_on`; a `declaration` a
    `key` (variety, zone, grade, sex, packed_in) and `text`; an `attestation` `key`, `is_met` and `document_sha256`. A
    laboratory's figure names the laboratory and the hash of its report."""

    kind = WordField(EvidenceKind)
    key = serializers.SlugField(max_length=60, required=False, allow_blank=True, default="")
    text = _text(MAX_TEXT)
    value = serializers.DecimalField(max_digits=18, decimal_places=6, required=False, allow_null=True, default=None)
    unit = WordField(Unit, required=False, allow_null=True, default=None)
    sex = WordField(Sex, required=False, allow_null=True, default=None)
    began_on = _day()
    ended_on = _day()
    is_met = serializers.BooleanField(required=False, allow_null=True, default=None)
    method = _text(120)
    laboratory = _text(120)
    document_sha256 = HashField(required=False, allow_blank=True, default="")
    site = NumberField(required=False, allow_blank=True, default="", help_text="Number of a site of the batch.")


class EvidenceIn(In):
    """All pieces are put on record, or none."""

    items = EvidenceItemIn(many=True, max_length=MAX_AT_ONCE)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        read = super().to_internal_value(data)
        return {"items": [EvidenceItem(**item) for item in read["items"]]}


class WithdrawIn(In):
    reason = serializers.CharField(max_length=MAX_REASON)


class EvidenceOut(Out):
    number = serializers.CharField()
    kind = WordField(EvidenceKind)
    key = serializers.CharField()
    text = serializers.CharField()
    value = serializers.DecimalField(max_digits=18, decimal_places=6, normalize_output=True, allow_null=True)
    unit = WordField(Unit, allow_blank=True)
    sex = WordField(Sex, allow_blank=True)
    began_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    is_met = serializers.BooleanField(allow_null=True)
    method = serializers.CharField()
    laboratory = serializers.CharField()
    document_sha256 = serializers.CharField()
    site = serializers.CharField(source="site.number", default="")
    by_name = serializers.CharField()
    at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_by = serializers.CharField()
    withdrawn_reason = serializers.CharField()


class OutcomeOut(Out):
    """One demand: what is demanded, what is on record, and what follows."""

    kind = WordField(RuleKind, source="rule.kind")
    key = serializers.CharField(source="rule.key")
    label = TextOut(source="rule.label")
    severity = WordField(Severity, source="rule.severity")
    clause = serializers.CharField(source="rule.clause")
    confidence = serializers.SerializerMethodField()
    result = WordField(OutcomeResult)
    demanded = TextOut()
    measured = TextOut()
    why = TextOut()

    @extend_schema_field(serializers.ChoiceField(choices=["", *Confidence], help_text="How well its source is known."))
    def get_confidence(self, outcome: Any) -> str:
        return outcome.rule.confidence or ""


class JudgedOut(Out):
    """The demands of the version that applies to a batch. `at`: when it was released, and the outcomes were kept; null
    while they follow the evidence."""

    specification = serializers.CharField(source="version.number", default=None, allow_null=True)
    label_zh = serializers.CharField(source="version.label_zh", default="")
    label_en = serializers.CharField(source="version.label_en", default="")
    at = serializers.DateTimeField(allow_null=True)
    outcomes = OutcomeOut(many=True)


class TrialRuleOut(Out):
    """One rule of the version over all batches that it was tried on."""

    label = TextOut(source="rule.label")
    kind = WordField(RuleKind, source="rule.kind")
    severity = WordField(Severity, source="rule.severity")
    demanded = TextOut()
    passed = serializers.IntegerField()
    failed = serializers.IntegerField()
    not_applicable = serializers.IntegerField()
    missing_evidence = serializers.IntegerField()


class TrialBatchOut(Out):
    number = serializers.CharField()
    reasons = TextOut(many=True)


class TrialOut(Out):
    """A version held against past batches of its title, as if it had applied. `stopped` are those that it would keep from
    the market, at most a hundred; `is_cut`: there are more batches than were looked at."""

    specification = serializers.CharField(source="version.number")
    batches = serializers.IntegerField()
    is_cut = serializers.BooleanField()
    releasable = serializers.IntegerField()
    rules = TrialRuleOut(many=True)
    stopped = TrialBatchOut(many=True)
