"""CQL2 text cut into tokens, each with its place, so that a fault can say where it lies."""

import re
from dataclasses import dataclass
from typing import Any

from gi_registry.ogc.cql2.faults import MAX_NUMBER, fault

RESERVED = frozenset({"and", "or", "not", "like", "between", "in", "is", "null", "true", "false"})

# A quote within a text is doubled or follows a backslash (OGC 21-065r2, annex B, escapeQuote). Quantifiers are
# possessive: no text makes the search go back.
_TOKEN = re.compile(
    r"""(?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?(?![\w.]))
    |   (?P<text>'(?:[^'\\]|\\.|'')*+')
    |   (?P<quoted>"(?:[^"]|"")*+")
    |   (?P<name>[^\W\d][\w.:]*+)
    |   (?P<sign><>|!=|<=|>=|[=<>(),+*/^%-])""",
    re.VERBOSE | re.DOTALL,
)
_SPACE = re.compile(r"\s*")
_ESCAPED = re.compile(r"\\.|''", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is number, text, quoted, name, word (a reserved one, in lower case), sign or end."""

    kind: str
    value: Any
    at: int


class Tokens:
    """The tokens of one filter, looked at one by one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = 0
        self.next = self._cut()

    def take(self) -> Token:
        token, self.next = self.next, self._cut()
        return token

    def sees(self, *values: str) -> bool:
        """Whether the next token is one of these signs or reserved words."""
        return self.next.kind in ("sign", "word") and self.next.value in values

    def accept(self, *values: str) -> bool:
        return self.sees(*values) and bool(self.take())

    def expect(self, kind: str, value: str | None = None) -> Token:
        if self.next.kind != kind or (value is not None and self.next.value != value):
            raise self.unexpected()
        return self.take()

    def unexpected(self) -> Exception:
        if self.next.kind == "end":
            return fault("filter_ends")
        return fault("filter_syntax", at=self.next.at + 1, near=self._text[self.next.at : self.next.at + 20])

    def _cut(self) -> Token:
        at = _SPACE.match(self._text, self._end).end()  # type: ignore[union-attr]
        if at == len(self._text):
            return Token("end", "", at)
        found = _TOKEN.match(self._text, at)
        if found is None:
            raise fault("filter_syntax", at=at + 1, near=self._text[at : at + 20])
        self._end = found.end()
        return _token(str(found.lastgroup), found.group(), at)


def _token(kind: str, said: str, at: int) -> Token:
    match kind:
        case "number":
            return Token(kind, number(said), at)
        case "text":
            return Token(kind, _ESCAPED.sub(_unescaped, said[1:-1]), at)
        case "quoted":
            return Token("quoted", said[1:-1].replace('""', '"'), at)
        case "name" if said.lower() in RESERVED:
            return Token("word", said.lower(), at)
        case "sign":
            return Token(kind, "<>" if said == "!=" else said, at)
    return Token(kind, said, at)


def _unescaped(found: re.Match[str]) -> str:
    return "'" if found.group() in ("''", "\\'") else found.group()


def number(said: str) -> float | int:
    """Whole numbers stay whole, so that an index on a whole-number column serves them; ``inf`` is refused later on."""
    value = float(said)
    return int(value) if abs(value) <= MAX_NUMBER and value.is_integer() else value
