"""Words in templates: ``{% t "中文" "English" %}`` and ``{{ text|say }}``."""

from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context

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


class ChineseNode(template.Node):
    """Renders one of two stretches of a template."""

    child_nodelists = ("chinese", "english")

    def __init__(self, chinese: NodeList, english: NodeList) -> None:
        self.chinese, self.english = chinese, english

    def render(self, context: Context) -> str:
        return (self.english if is_english() else self.chinese).render(context)


@register.tag
def if_zh(parser: Parser, token: Token) -> ChineseNode:
    """``{% if_zh %}...{% else %}...{% end_if_zh %}``: for what the two languages say in different mark-up."""
    chinese, english = parser.parse(("else", "end_if_zh")), NodeList()
    if parser.next_token().contents == "else":
        english = parser.parse(("end_if_zh",))
        parser.delete_first_token()
    return ChineseNode(chinese, english)
