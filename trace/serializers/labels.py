"""How labels are asked for."""

from typing import Any

from rest_framework import serializers

from gi_registry.lib.shapes import In, WordField
from trace.codes.layout import MOST_UNITS
from trace.labels.presets import DEFAULT_PRESET, PRESETS
from trace.printing import Style
from trace.qr import DEFAULT_DPI, PROFILES
from trace.rules.prints import MOST_INLINE, LinkKind


class StyleIn(In):
    preset = serializers.ChoiceField(choices=list(PRESETS), required=False, default=DEFAULT_PRESET)
    dpi = serializers.ChoiceField(choices=[str(dpi) for dpi in PROFILES], required=False, default=str(DEFAULT_DPI))
    dots = serializers.IntegerField(
        min_value=1, max_value=40, required=False, help_text="Printer dots a module; chosen by the preset unless told."
    )
    link = WordField(LinkKind, required=False, default=LinkKind.BATCH)


class LabelIn(StyleIn):
    """One unit of the issuance, by its index from 0."""

    index = serializers.IntegerField(min_value=0, max_value=MOST_UNITS - 1, required=False, default=0)


class LabelsIn(StyleIn):
    """Units `first` to `last`, both included, at most 300 of them."""

    first = serializers.IntegerField(min_value=0, max_value=MOST_UNITS - 1, required=False, default=0)
    last = serializers.IntegerField(min_value=0, max_value=MOST_UNITS - 1, required=False)


class CopiesIn(StyleIn):
    """The labels of a whole batch are alike."""

    copies = serializers.IntegerField(min_value=1, max_value=MOST_INLINE, required=False, default=1)


def style_of(asked: dict[str, Any]) -> Style:
    return Style(PRESETS[asked["preset"]], int(asked["dpi"]), asked.get("dots"), asked["link"])
