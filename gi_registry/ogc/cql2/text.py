"""CQL2 text (OGC 21-065r2, annex B) into its JSON form. Linear in time, bounded in depth.

The published parsers were tried: they end the process on deep nesting and take exponential time on some unbalanced texts.
Types and names are not looked at here; ``conditions`` does that for both encodings.
"""

from typing import Any

from gi_registry.ogc.cql2 import wkt
from gi_registry.ogc.cql2.faults import MAX_DEPTH, fault
from gi_registry.ogc.cql2.tokens import Tokens

Node = Any

_CAMEL = {
    name.lower(): name
    for name in ("t_finishedBy", "t_metBy", "t_overlappedBy", "t_startedBy", "a_containedBy")
}  # fmt: skip


def parse(text: str) -> Node:
    """The filter in JSON form; raises ``Invalid`` with the place of what cannot be understood."""
    tokens = Tokens(text)
    found = _Parser(tokens).either()
    tokens.expect("end")
    return found


class _Parser:
    """One method a precedence level, loosest first: OR, AND, NOT, comparison, operand."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.depth = 0

    def either(self) -> Node:
        return self._chain("or", self._both)

    def _both(self) -> Node:
        return self._chain("and", self._not)

    def _chain(self, op: str, part: Any) -> Node:
        parts = [part()]
        while self.tokens.accept(op):
            parts.append(part())
        return {"op": op, "args": parts} if len(parts) > 1 else parts[0]

    def _not(self) -> Node:
        if self.tokens.accept("not"):
            return _negated(self._deeper(self._not))
        return self._comparison()

    def _deeper(self, part: Any) -> Node:
        if self.depth >= MAX_DEPTH:
            raise fault("filter_too_deep")
        self.depth += 1
        found = part()
        self.depth -= 1
        return found

    def _comparison(self) -> Node:
        left = self._operand()
        if self.tokens.sees("=", "<>", "<", "<=", ">", ">="):
            return {"op": self.tokens.take().value, "args": [left, self._operand()]}
        if self.tokens.accept("is"):
            wants_value = self.tokens.accept("not")
            self.tokens.expect("word", "null")
            found = {"op": "isNull", "args": [left]}
            return _negated(found) if wants_value else found
        is_negated = self.tokens.sees("not") and bool(self.tokens.take())
        if self.tokens.accept("like"):
            found = {"op": "like", "args": [left, self._operand()]}
        elif self.tokens.accept("between"):
            low = self._operand()
            self.tokens.expect("word", "and")
            found = {"op": "between", "args": [left, low, self._operand()]}
        elif self.tokens.accept("in"):
            self.tokens.expect("sign", "(")
            found = {"op": "in", "args": [left, self._deeper(self._list)]}
        elif is_negated:
            raise self.tokens.unexpected()
        else:
            return left
        return _negated(found) if is_negated else found

    def _operand(self) -> Node:
        tokens = self.tokens
        if tokens.accept("("):
            found = self._deeper(self._list)
            return found[0] if len(found) == 1 else found
        if tokens.sees("-", "+"):
            sign = -1 if tokens.take().value == "-" else 1
            value = self._deeper(self._operand)
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise fault("unknown_operator", name="-" if sign < 0 else "+")
            return sign * value
        if tokens.sees("true", "false"):
            return tokens.take().value == "true"
        if tokens.accept("null"):
            return None
        match tokens.next.kind:
            case "number" | "text":
                return tokens.take().value
            case "quoted":
                return {"property": tokens.take().value}
            case "name":
                return self._named(tokens.take().value)
        raise tokens.unexpected()

    def _list(self) -> list[Node]:
        """What stands between brackets of which the first is taken already."""
        found: list[Node] = []
        while not self.tokens.accept(")"):
            if found:
                self.tokens.expect("sign", ",")
            found.append(self.either())
        return found

    def _named(self, name: str) -> Node:
        """A property, a literal that starts with a word, or a function."""
        lower = name.lower()
        if lower in wkt.TYPES and (shape := wkt.read(self.tokens, lower)):
            return shape
        if not self.tokens.accept("("):
            return {"property": name}
        given = self._deeper(self._list)
        match lower, given:
            case (("date" | "timestamp"), [str(value)]):
                return {lower: value}
            case "interval", [first, last]:
                return {"interval": [first, last]}
            case "bbox", [*numbers]:
                return {"bbox": numbers}
        if lower.startswith("a_"):
            given = [item if isinstance(item, list | dict) else [item] for item in given]
        return {"op": _CAMEL.get(lower, lower), "args": given}


def _negated(node: Node) -> Node:
    return {"op": "not", "args": [node]}
