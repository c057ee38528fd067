"""What is said with every map: who provides it, how far its lines may be off, and its review number.

The words are settings (docs/operations.md). Public maps in China carry their review number (审图号, State Council Order
664); where there is none the map says so rather than nothing.
"""

from dataclasses import dataclass

from django.conf import settings

from gi_registry.lib.language import say
from gi_registry.lib.texts import Text
from gi_registry.ogc.collection import Collection

_REVIEWED = Text("审图号：{number}", "Map review number: {number}")
_UNREVIEWED = Text("示意图，未经审图。", "A sketch, without an official map review.")


@dataclass(frozen=True, slots=True)
class Notice:
    """``provider`` in a few words, ``accuracy`` and ``review`` as sentences; any of the first two may be empty."""

    provider: Text
    accuracy: Text
    review: Text

    @property
    def sentences(self) -> tuple[Text, ...]:
        return tuple(text for text in (self.accuracy, self.review) if text.zh)


def notice() -> Notice:
    """The notice of this installation."""
    number = settings.MAP_REVIEW_NUMBER
    review = _REVIEWED.format(number=number) if number else _UNREVIEWED
    return Notice(settings.MAP_ATTRIBUTION, settings.MAP_ACCURACY, review)


def attribution_of(collection: Collection) -> str:
    """For a layer's own documents: where its facts are from, then the notice, in the reader's language."""
    told = notice()
    sentences = " ".join(say(text) for text in (collection.attribution, *told.sentences))
    return f"{say(told.provider)} · {sentences}" if told.provider.zh else sentences
