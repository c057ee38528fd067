"""Shapes in and out. A shape that comes in names every field it knows and refuses the rest: a misspelt optional
field must not vanish without a word."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from gi_registry.lib.characters import unseen_in
from gi_registry.lib.language import say
from gi_registry.lib.texts import Text, Word

# As many faults as a person reads; a program mends the first and asks again.
MAX_TOLD = 50
_TOO_LONG_LIST = Text("最多 {most} 项。", "At most {most} items.")


class WordField(serializers.ChoiceField):
    """One word of a closed vocabulary."""

    def __init__(self, words: type[Word], **kwargs: Any) -> None:
        self.words = words
        super().__init__(choices=words.choices(), **kwargs)

    def to_internal_value(self, data: Any) -> Word:
        return self.words(super().to_internal_value(data))

    def __deepcopy__(self, memo: dict[int, Any]) -> "WordField":
        kwargs = {name: value for name, value in self._kwargs.items() if name != "words"}
        return type(self)(self.words, **kwargs)


class In(serializers.Serializer):
    """A shape that comes in."""

    def run_validation(self, data: Any = empty) -> Any:
        if isinstance(data, Mapping) and (faults := self._unknown(data) | self._overlong(data) | self._unseen(data)):
            raise serializers.ValidationError(faults)
        return super().run_validation(data)

    def _unknown(self, data: Mapping[Any, Any]) -> dict[str, list[serializers.ErrorDetail]]:
        """Fields of no name that we know; the first few, as a body may hold a hundred thousand."""
        names = islice((str(name) for name in data if name not in self.fields), MAX_TOLD)
        return {name: [serializers.ErrorDetail(_unknown_field(name), code="unknown_field")] for name in names}

    def _unseen(self, data: Mapping[Any, Any]) -> dict[str, list[serializers.ErrorDetail]]:
        """Texts with characters that nobody sees, in every field in which people write."""
        faults = {}
        for name, field in self.fields.items():
            given = data.get(name)
            is_written = isinstance(getattr(field, "child", field), serializers.CharField)
            texts = given if isinstance(given, list) else [given]
            said = [one for text in texts if is_written and isinstance(text, str) for one in unseen_in(text)]
            if said:
                faults[name] = [serializers.ErrorDetail(say(one.text), code=one.code) for one in said[:MAX_TOLD]]
        return faults

    def _overlong(self, data: Mapping[Any, Any]) -> dict[str, list[serializers.ErrorDetail]]:
        """Lists above their length, told before their items are read: REST framework reads every item first, and half
        a minute for three hundred thousand of them is cheaper to ask for than to give."""
        faults = {}
        for name, field in self.fields.items():
            longest, given = getattr(field, "max_length", None), data.get(name)
            if longest is not None and isinstance(given, list) and len(given) > longest:
                said = say(_TOO_LONG_LIST.format(most=str(longest)))
                faults[name] = [serializers.ErrorDetail(said, code="max_length")]
        return faults


class NothingIn(In):
    """A query that takes no parameters of its own."""


class Out(serializers.Serializer):
    """A shape that goes out."""


class TextOut(Out):
    """A sentence in both languages."""

    zh = serializers.CharField()
    en = serializers.CharField()

    def to_representation(self, instance: Text | Word | dict[str, str]) -> dict[str, str]:
        if isinstance(instance, Word):
            instance = instance.text
        return instance.as_dict() if isinstance(instance, Text) else instance


class FieldChangeOut(Out):
    """One value before and after; either may be null."""

    field = serializers.CharField()
    # No allow_null: a value that may be anything may be null, and the schema would else allow null twice.
    before = serializers.JSONField()
    after = serializers.JSONField()


class EventOut(Out):
    """One entry of a history: who, when, why, and what it changed."""

    at = serializers.DateTimeField()
    event = serializers.CharField()
    who = serializers.CharField()
    why = serializers.CharField()
    changes = FieldChangeOut(many=True)


def _unknown_field(name: str) -> str:
    from_language = Text("没有名为“{name}”的字段。", "There is no field named “{name}”.")
    return say(from_language.format(name=name[:80]))
