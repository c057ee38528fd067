"""The temporal functions: each is a condition on first and last days (OGC 21-065r2, 7.8; the relations are Allen's).

A single day counts as the stretch that begins and ends with it, so that it may stand wherever an interval may.
"""

import datetime as dt
from typing import Any

from django.db.models import Value

from gi_registry.ogc.collection import Kind
from gi_registry.ogc.cql2 import sql
from gi_registry.ogc.cql2.faults import fault
from gi_registry.ogc.cql2.terms import Scope, day

Node = Any
_FIRST, _LAST = 0, 1
# Function -> conditions (end of the left stretch, comparison, end of the right one) that all have to hold.
_RELATIONS = {
    "t_after": ((_FIRST, ">", _LAST),),
    "t_before": ((_LAST, "<", _FIRST),),
    "t_contains": ((_FIRST, "<", _FIRST), (_LAST, ">", _LAST)),
    "t_during": ((_FIRST, ">", _FIRST), (_LAST, "<", _LAST)),
    "t_equals": ((_FIRST, "=", _FIRST), (_LAST, "=", _LAST)),
    "t_finishedBy": ((_FIRST, "<", _FIRST), (_LAST, "=", _LAST)),
    "t_finishes": ((_FIRST, ">", _FIRST), (_LAST, "=", _LAST)),
    "t_intersects": ((_FIRST, "<=", _LAST), (_LAST, ">=", _FIRST)),
    "t_meets": ((_LAST, "=", _FIRST),),
    "t_metBy": ((_FIRST, "=", _LAST),),
    "t_overlappedBy": ((_FIRST, ">", _FIRST), (_FIRST, "<", _LAST), (_LAST, ">", _LAST)),
    "t_overlaps": ((_FIRST, "<", _FIRST), (_LAST, ">", _FIRST), (_LAST, "<", _LAST)),
    "t_startedBy": ((_FIRST, "=", _FIRST), (_LAST, ">", _LAST)),
    "t_starts": ((_FIRST, "=", _FIRST), (_LAST, "<", _LAST)),
}
FUNCTIONS = (*_RELATIONS, "t_disjoint")


def condition(scope: Scope, op: str, args: list[Node]) -> sql.Expression:
    if op == "t_disjoint":
        return sql.opposite(condition(scope, "t_intersects", args))
    left, right = (_stretch(scope, op, node) for node in args)
    return sql.every(sql.compared(left[one], sign, right[other]) for one, sign, other in _RELATIONS[op])


def _stretch(scope: Scope, op: str, node: Node) -> tuple[sql.Expression, sql.Expression]:
    if not isinstance(node, dict) or "interval" not in node:
        term = scope.term(node)
        if term.kind is not Kind.DATE:
            raise fault("filter_arguments", name=op)
        return term.sql, term.sql
    match node["interval"]:
        case [first, last]:
            ends = _end(scope, first, is_first=True), _end(scope, last, is_first=False)
            if all(isinstance(end, dt.date) for end in ends) and ends[0] > ends[1]:
                raise fault("filter_backwards")
            return _value(ends[0]), _value(ends[1])
    raise fault("filter_arguments", name="interval")


def _end(scope: Scope, node: Node, *, is_first: bool) -> Any:
    match node:
        case "..":
            return sql.open_end(is_first=is_first)
        case str(said) | {"date": str(said)} | {"timestamp": str(said)}:
            return day(said)
        case {"property": str(name)} if (term := scope.property(name)).kind is Kind.DATE:
            return term.sql
    raise fault("filter_arguments", name="interval")


def _value(end: Any) -> sql.Expression:
    return Value(end) if isinstance(end, dt.date) else end
