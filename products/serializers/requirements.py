"""The checkable demands of a specification in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gi_registry.lib.shapes import In, Out, TextOut, WordField
from products.models import SpecificationRule
from products.rules.requirements import MAX_WORDS
from products.rules.requirements.faults import MAX_WORD
from products.rules.words import Confidence, FactOperator, RuleKind, Severity, Sex, Unit


def _text(most: int, **more: Any) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, allow_blank=True, default="", **more)


def _figure() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=18, decimal_places=6, required=False, allow_null=True, default=None)


class RuleIn(In):
    """One checkable demand. With `fact` its figures are those of that fact and are not given again; without, `operator`
    and bounds as in a fact. `words`: what the kind lists: division codes, varieties, steps in order, or the first and last
    day of a window as MM-DD. Empty `zone`, `variety`, `grade`, `sex` mean all."""

    kind = WordField(RuleKind)
    fact = serializers.SlugField(
        max_length=60, required=False, allow_blank=True, default="", help_text="Key of a fact of this version."
    )
    key = serializers.SlugField(max_length=60, required=False, allow_blank=True, default="")
    label_zh = _text(120)
    label_en = _text(160)
    severity = WordField(Severity)
    operator = WordField(FactOperator, required=False, allow_blank=True, default="")
    low = _figure()
    high = _figure()
    unit = WordField(Unit, required=False, default=Unit.NONE)
    words = serializers.ListField(
        child=serializers.CharField(max_length=MAX_WORD), max_length=MAX_WORDS, required=False, default=list
    )
    zone = _text(60)
    variety = _text(60)
    grade = _text(60)
    sex = WordField(Sex, required=False, allow_blank=True, default="")
    clause = _text(60)
    confidence = WordField(Confidence, required=False, allow_blank=True, default="")
    source_zh = _text(300)
    source_en = _text(300)


class RuleOut(Out):
    """One checkable demand. `demanded` says it in words; figures stand in its fact where it has one."""

    kind = WordField(RuleKind)
    fact = serializers.CharField(source="fact.key", default="")
    key = serializers.CharField()
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    severity = WordField(Severity)
    demanded = serializers.SerializerMethodField()
    operator = WordField(FactOperator, allow_blank=True)
    low = serializers.DecimalField(max_digits=18, decimal_places=6, normalize_output=True, allow_null=True)
    high = serializers.DecimalField(max_digits=18, decimal_places=6, normalize_output=True, allow_null=True)
    unit = WordField(Unit)
    words = serializers.ListField(child=serializers.CharField())
    zone = serializers.CharField()
    variety = serializers.CharField()
    grade = serializers.CharField()
    sex = WordField(Sex, allow_blank=True)
    clause = serializers.CharField()
    confidence = WordField(Confidence, allow_blank=True)
    source_zh = serializers.CharField()
    source_en = serializers.CharField()
    is_checked = serializers.SerializerMethodField(help_text="Whether a second person stands for it.")

    @extend_schema_field(TextOut)
    def get_demanded(self, rule: SpecificationRule) -> dict[str, str]:
        return rule.demanded.as_dict()

    def get_is_checked(self, rule: SpecificationRule) -> bool:
        return rule.checked_at is not None
