"""What a filter of CQL2 means, in plain Python over rows: the second opinion against which the map's filters are held.

Written from the standard (OGC 21-065r2) and apart from the product's code: nothing of ``gi_registry.ogc`` may be imported
here. ``holds`` is three-valued, ``written`` gives the text of a filter in JSON form.
"""

import datetime as dt
import json
import operator
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import shapely

Node = Any
Row = dict[str, Any]
Truth = bool | None

GEOMETRY = "geometry"
_COMPARE = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SPATIAL = {
    "s_intersects": shapely.intersects,
    "s_disjoint": shapely.disjoint,
    "s_equals": shapely.equals,
    "s_touches": shapely.touches,
    "s_within": shapely.within,
    "s_contains": shapely.contains,
    "s_overlaps": shapely.overlaps,
    "s_crosses": shapely.crosses,
}


def holds(node: Node, row: Row) -> Truth:
    """True, False, or None where a missing value leaves it open."""
    if isinstance(node, bool):
        return node
    op, args = node["op"], node["args"]
    if op == "and":
        return _all(holds(part, row) for part in args)
    if op == "or":
        return _not(_all(_not(holds(part, row)) for part in args))
    if op == "not":
        return _not(holds(args[0], row))
    if op == "isNull":
        return row[args[0]["property"]] is None
    if op in _SPATIAL:
        return _strict(_SPATIAL[op], _place(args[0], row), _place(args[1], row))
    if op.startswith("t_"):
        return _temporal(op, *_stretch(args[0], row), *_stretch(args[1], row))
    if op.startswith("a_"):
        return _strict(_SETS[op], _set(args[0], row), _set(args[1], row))
    return _plain(op, args, row)


def _plain(op: str, args: list[Node], row: Row) -> Truth:
    value = _value(args[0], row)
    if op == "like":
        return _strict(_like, value, _value(args[1], row))
    if op == "between":
        low, high = (_value(arg, row) for arg in args[1:])
        return _all([_strict(operator.ge, value, low), _strict(operator.le, value, high)])
    if op == "in":
        return _not(_all(_strict(operator.ne, value, _value(item, row)) for item in args[1]))
    return _strict(_COMPARE[op], value, _value(args[1], row))


def _strict(test: Callable[[Any, Any], Any], left: Any, right: Any) -> Truth:
    return None if left is None or right is None else bool(test(left, right))


def _all(parts: Iterable[Truth]) -> Truth:
    found = list(parts)
    if False in found:
        return False
    return None if None in found else True


def _not(part: Truth) -> Truth:
    return None if part is None else not part


def _value(node: Node, row: Row) -> Any:
    if not isinstance(node, dict):
        return node
    if "property" in node:
        return row[node["property"]]
    if "date" in node or "timestamp" in node:
        return _day(node.get("date") or node["timestamp"])
    value = _value(node["args"][0], row)
    return None if value is None else {"casei": str.lower, "accenti": _bare}[node["op"]](value)


def _bare(text: str) -> str:
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", text)))


def _like(text: str, pattern: str) -> bool:
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    expression = "".join(wild.get(part, re.escape(part[-1])) for part in parts)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _place(node: Node, row: Row) -> Any:
    if "property" in node:
        return row[node["property"]]
    if "bbox" not in node:
        return shapely.from_geojson(json.dumps(node))
    west, south, east, north = node["bbox"]
    if west > east:
        return shapely.union_all([shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)])
    if (west, south) == (east, north):
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def _day(said: str) -> dt.date:
    if "T" not in said:
        return dt.date.fromisoformat(said)
    return dt.datetime.fromisoformat(said).astimezone(dt.UTC).date()


def _stretch(node: Node, row: Row) -> tuple[Any, Any]:
    if "interval" not in node:
        return _value(node, row), _value(node, row)
    first, last = node["interval"]
    return _end(first, row, dt.date.min), _end(last, row, dt.date.max)


def _end(node: Node, row: Row, forever: dt.date) -> Any:
    if node == "..":
        return forever
    return _day(node) if isinstance(node, str) else _value(node, row)


def _temporal(op: str, a: Any, b: Any, c: Any, d: Any) -> Truth:
    """Whether [a, b] stands in that relation to [c, d]."""
    ends = {"a": a, "b": b, "c": c, "d": d}
    if op == "t_disjoint":
        return _not(_temporal("t_intersects", a, b, c, d))
    return _all(_strict(_COMPARE[sign], ends[one], ends[other]) for one, sign, other in map(str.split, _TIMES[op]))


_TIMES = {
    "t_after": ["a > d"],
    "t_before": ["b < c"],
    "t_contains": ["a < c", "b > d"],
    "t_during": ["a > c", "b < d"],
    "t_equals": ["a = c", "b = d"],
    "t_finishedBy": ["a < c", "b = d"],
    "t_finishes": ["a > c", "b = d"],
    "t_intersects": ["a <= d", "b >= c"],
    "t_meets": ["b = c"],
    "t_metBy": ["a = d"],
    "t_overlappedBy": ["a > c", "a < d", "b > d"],
    "t_overlaps": ["a < c", "b > c", "b < d"],
    "t_startedBy": ["a = c", "b > d"],
    "t_starts": ["a = c", "b < d"],
}
TIMES = (*_TIMES, "t_disjoint")
_SETS = {
    "a_contains": frozenset.issuperset,
    "a_containedBy": frozenset.issubset,
    "a_equals": operator.eq,
    "a_overlaps": lambda left, right: not left.isdisjoint(right),
}
SETS = tuple(_SETS)
PLACES = tuple(_SPATIAL)


def _set(node: Node, row: Row) -> Any:
    found = row[node["property"]] if isinstance(node, dict) else node
    return None if found is None else frozenset(found)


# --- the same filter as text ---------------------------------------------------------------------------------------


def written(node: Node) -> str:
    """A filter in CQL2 text, every condition in brackets."""
    if isinstance(node, bool):
        return str(node).upper()
    op, args = node["op"], node["args"]
    if op in ("and", "or"):
        return f" {op.upper()} ".join(f"({written(part)})" for part in args)
    if op == "not":
        return f"NOT ({written(args[0])})"
    if op == "isNull":
        return f"{_said(args[0])} IS NULL"
    said = [_said(arg) for arg in args]
    if op == "between":
        return f"{said[0]} BETWEEN {said[1]} AND {said[2]}"
    if op in ("in", "like", *_COMPARE):
        return f"{said[0]} {op.upper()} {said[1]}"
    return f"{op.upper()}({', '.join(said)})"


def _said(node: Node) -> str:
    match node:
        case bool():
            return str(node).upper()
        case int() | float():
            return repr(node)
        case str():
            return "'" + node.replace("'", "''") + "'"
        case list():
            return f"({', '.join(map(_said, node))})"
        case {"property": name}:
            return name
        case {"date": said}:
            return f"DATE('{said}')"
        case {"timestamp": said}:
            return f"TIMESTAMP('{said}')"
        case {"interval": [first, last]}:
            return f"INTERVAL({_said(first)}, {_said(last)})"
        case {"bbox": numbers}:
            return f"BBOX({', '.join(map(repr, numbers))})"
        case {"type": "GeometryCollection", "geometries": members}:
            return f"GEOMETRYCOLLECTION({', '.join(map(_said, members))})"
        case {"type": kind, "coordinates": coordinates}:
            inside = _positions(coordinates)
            return f"{kind.upper()}{inside if inside.startswith('(') else f'({inside})'}"
    return f"{node['op'].upper()}({_said(node['args'][0])})"


def _positions(nested: Any) -> str:
    if not isinstance(nested[0], list):
        return " ".join(map(repr, nested))
    return f"({', '.join(map(_positions, nested))})"
