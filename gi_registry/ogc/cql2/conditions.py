"""From the JSON form of a filter to one condition of the database, over nothing but the properties that may be asked for."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import F

from gi_registry.ogc.collection import Kind
from gi_registry.ogc.cql2 import shapes, sql, times
from gi_registry.ogc.cql2.faults import fault
from gi_registry.ogc.cql2.terms import GEOMETRY, Scope, Term, text

Node = Any
_SAME = ("=", "<>")
_ORDERED = (Kind.TEXT, Kind.NUMBER, Kind.DATE)
_SPATIAL = {
    "s_intersects": "ST_Intersects",
    "s_equals": "ST_Equals",
    "s_touches": "ST_Touches",
    "s_within": "ST_Within",
    "s_contains": "ST_Contains",
    "s_overlaps": "ST_Overlaps",
    "s_crosses": "ST_Crosses",
}


def condition(scope: Scope, node: Node) -> sql.Expression:
    """The condition that a node states; raises ``Invalid`` where it states none. The tree must not be deep."""
    match node:
        case bool():
            return sql.truth(node)
        case {"op": ("and" | "or") as op, "args": [_, _, *_] as parts}:
            found = [condition(scope, part) for part in parts]
            return sql.every(found) if op == "and" else sql.some(found)
        case {"op": "not", "args": [part]}:
            return sql.opposite(condition(scope, part))
        case {"op": str(op), "args": list(args)}:
            return _stated(scope, op, args)
    raise fault("filter_condition", near=node)


def _stated(scope: Scope, op: str, args: list[Node]) -> sql.Expression:
    if op not in _PREDICATES:
        raise fault("unknown_operator", name=op)
    read, expected = _PREDICATES[op]
    if len(args) != expected:
        raise fault("filter_arguments", name=op)
    return read(scope, args)


def _compared(op: str, left: Term, right: Term) -> sql.Expression:
    """A comparison of two values of one kind. Lists have functions of their own, and truth has no order."""
    for term in (left, right):
        if term.kind is Kind.TEXTS:
            raise fault("filter_list", name=term.name)
    if left.family is not right.family or (op not in _SAME and left.family not in _ORDERED):
        raise fault("filter_types", op=op, left=_described(left), right=_described(right))
    return sql.compared(left.sql, op, right.sql)


def _described(term: Term) -> str:
    return f"{term.name[:20]} ({term.kind.schema.get('format', term.kind.value)})"


def _comparison(op: str, scope: Scope, args: list[Node]) -> sql.Expression:
    return _compared(op, scope.term(args[0]), scope.term(args[1]))


def _between(scope: Scope, args: list[Node]) -> sql.Expression:
    value, low, high = (scope.term(arg) for arg in args)
    return sql.every([_compared(">=", value, low), _compared("<=", value, high)])


def _in(scope: Scope, args: list[Node]) -> sql.Expression:
    if not isinstance(args[1], list) or not args[1]:
        raise fault("filter_arguments", name="in")
    value, listed = scope.term(args[0]), [scope.term(item) for item in args[1]]
    for item in listed:
        _compared("=", value, item)
    return sql.among(value.sql, [item.sql for item in listed])


def _like(scope: Scope, args: list[Node]) -> sql.Expression:
    """``%`` stands for any text, ``_`` for one character, a backslash takes their meaning away, as in PostgreSQL."""
    value, pattern = scope.term(args[0]), scope.term(args[1])
    if value.kind is not Kind.TEXT:
        raise fault("filter_types", op="LIKE", left=_described(value), right=_described(pattern))
    # ACCENTI takes marks away, also those that stand between a backslash and the end.
    bare = sql.MARKS.sub("", _pattern(args[1]))
    if (len(bare) - len(bare.rstrip("\\"))) % 2:
        raise fault("filter_pattern")
    return sql.compared(value.sql, "LIKE", pattern.sql)


def _pattern(node: Node) -> str:
    """The text of a pattern, as it is written: nothing is a pattern that is not known before the database sees it."""
    match node:
        case str():
            return node
        case {"op": "casei" | "accenti", "args": [inner], **more} if not more:
            return _pattern(inner)
    raise fault("filter_pattern")


def _missing(scope: Scope, args: list[Node]) -> sql.Expression:
    is_place = args[0] == {"property": GEOMETRY}
    return sql.missing(F(scope.collection.geometry) if is_place else scope.term(args[0]).sql)


def _spatial(op: str, scope: Scope, args: list[Node]) -> sql.Expression:
    left, right = (_places(scope, arg) for arg in args)
    if op not in ("s_intersects", "s_disjoint") and (len(left) > 1 or len(right) > 1):
        raise fault("filter_collection")
    # Each of one with each of the other: a short text would ask thousands of questions.
    if len(left) > 1 and len(right) > 1:
        raise fault("filter_collections")
    if op == "s_disjoint":
        return sql.opposite(_spatial("s_intersects", scope, args))
    return sql.some(sql.related(_SPATIAL[op], one, other) for one in left for other in right)


def _places(scope: Scope, node: Node) -> list[sql.Expression]:
    if node == {"property": GEOMETRY}:
        return [F(scope.collection.geometry)]
    if isinstance(node, dict) and isinstance(node.get("property"), str):
        raise fault("filter_arguments", name=scope.property(node["property"]).name)
    return [sql.shape(shape) for shape in shapes.shapes_of(node, scope.crs)]


def _lists(op: str, scope: Scope, args: list[Node]) -> sql.Expression:
    """Lists are compared as sets: order and repetition do not count (OGC 21-065r2, 7.10)."""
    left, right = (_list(scope, op, arg) for arg in args)
    match op:
        case "a_contains":
            return sql.compared(left, "@>", right)
        case "a_containedBy":
            return sql.compared(left, "<@", right)
        case "a_overlaps":
            return sql.compared(left, "&&", right)
    return sql.every([sql.compared(left, "@>", right), sql.compared(left, "<@", right)])


def _list(scope: Scope, op: str, node: Node) -> sql.Expression:
    match node:
        case [*items] if all(isinstance(item, str) for item in items):
            return sql.words([text(item) for item in items])
        case {"property": str(name)} if (term := scope.property(name)).kind is Kind.TEXTS:
            return sql.texts(term.sql)
    raise fault("filter_arguments", name=op)


_Read = Callable[[Scope, list[Node]], sql.Expression]
# Operator -> how it is read, and how many arguments it has.
_PREDICATES: dict[str, tuple[_Read, int]] = {
    "between": (_between, 3),
    "in": (_in, 2),
    "like": (_like, 2),
    "isNull": (_missing, 1),
    **{op: (partial(_comparison, op), 2) for op in ("=", "<>", "<", "<=", ">", ">=")},
    **{op: (partial(_spatial, op), 2) for op in (*_SPATIAL, "s_disjoint")},
    **{op: (partial(_lists, op), 2) for op in ("a_contains", "a_containedBy", "a_equals", "a_overlaps")},
    **{op: (lambda scope, args, op=op: times.condition(scope, op, args), 2) for op in times.FUNCTIONS},
}
