"""Numbers in a request, and the rows behind them: one's own, or "unknown" in the same words for absent and foreign."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import serializers

from gi_registry.lib.ids import is_well_formed, normalise
from gi_registry.lib.language import say
from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Refusal, Text

M = TypeVar("M", bound=Model)
_INCOMPLETE = Text("这不是一个完整的号码，请核对。", "This is not a complete number; check it.")
_UNKNOWN = Text("没有号码为 {number} 的{what}，或它不属于您。", "There is no {what} {number}, or it is not yours.")


class NumberField(serializers.CharField):
    """A ten-character number, forgiving in form: case, blanks, hyphens and look-alikes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        number = normalise(super().to_internal_value(data))
        if not is_well_formed(number):
            raise serializers.ValidationError(say(_INCOMPLETE), code="number")
        return number


def row_of(rows: QuerySet[M], number: str, what: Text, pointer: str) -> M:
    """The row with this number among those given; Invalid when there is none."""
    row = rows.filter(number=number).first()
    if row is None:
        raise Invalid(unknown(number, what, pointer))
    return row


def unknown(number: str, what: Text, pointer: str) -> Refusal:
    text = Text(_UNKNOWN.zh.format(number=number, what=what.zh), _UNKNOWN.en.format(number=number, what=what.en))
    return Refusal(f"unknown{pointer.replace('/', '_').rstrip('_0123456789')}", text, pointer)
