"""Words in templates: ``{% t "中文" "English" %}`` and ``{{ text|say }}``."""

from typing import Any

from django import template

from gi_registry.lib.ids import grouped as grouped_number
from gi_registry.lib.language import is_english, name_of
from gi_registry.lib.language import say as say_text
from gi_registry.lib.texts import Text

register = template.Library()


@register.simple_tag
def t(zh: str, en: str, **values: Any) -> str:
    """The sentence in the reader's language, with ``{name}`` places filled."""
    text = Text(zh, en)
    return say_text(text.format(**values) if values else text)


@register.filter
def say(text: Any) -> str:
    """A Text or a Word in the reader's language."""
    return say_text(text)


@register.filter
def named(thing: Any, field: str = "name") -> str:
    """``thing.name_zh`` or ``thing.name_en``, whichever is read here."""
    return name_of(thing, field)


@register.filter
def grouped(number: str) -> str:
    """A number in groups of five, as printed."""
    return grouped_number(number)


@register.simple_tag
def reads_english() -> bool:
    return is_english()
