"""Geometry literals of CQL2 text into GeoJSON: only numbers and brackets, nothing that a geometry library would parse."""

from typing import Any

from gi_registry.ogc.cql2.tokens import Tokens

# How many brackets lie round a list of positions; a point has one position and a collection holds geometries.
_BRACKETS = {"point": 0, "linestring": 1, "polygon": 2, "multipoint": 1, "multilinestring": 2, "multipolygon": 3}
_GEOJSON = {
    name.lower(): name
    for name in (
        "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection",
    )
}  # fmt: skip
TYPES = frozenset(spelled for name in _GEOJSON for spelled in (name, f"{name}z"))


def read(tokens: Tokens, name: str) -> dict[str, Any] | None:
    """The geometry whose type was just taken, or None where the word is a property's name after all."""
    if tokens.next.kind == "name" and tokens.next.value.lower() == "z":
        tokens.take()
    elif not tokens.sees("("):
        return None
    name = name.removesuffix("z")
    if name == "geometrycollection":
        return {"type": _GEOJSON[name], "geometries": _listed(tokens, _member)}
    if name == "point":
        tokens.expect("sign", "(")
        found = _position(tokens)
        tokens.expect("sign", ")")
        return {"type": "Point", "coordinates": found}
    part = _loose_position if name == "multipoint" else _position
    return {"type": _GEOJSON[name], "coordinates": _nested(tokens, _BRACKETS[name], part)}


def _member(tokens: Tokens) -> dict[str, Any]:
    name = tokens.expect("name").value.lower()
    found = read(tokens, name) if name in TYPES and not name.startswith("geometrycollection") else None
    if found is None:
        raise tokens.unexpected()
    return found


def _nested(tokens: Tokens, brackets: int, part: Any) -> Any:
    if brackets == 0:
        return part(tokens)
    return _listed(tokens, lambda tokens: _nested(tokens, brackets - 1, part))


def _listed(tokens: Tokens, part: Any) -> list[Any]:
    tokens.expect("sign", "(")
    found = [part(tokens)]
    while tokens.accept(","):
        found.append(part(tokens))
    tokens.expect("sign", ")")
    return found


def _loose_position(tokens: Tokens) -> list[float]:
    """In a multipoint each position may stand in brackets of its own."""
    if not tokens.accept("("):
        return _position(tokens)
    found = _position(tokens)
    tokens.expect("sign", ")")
    return found


def _position(tokens: Tokens) -> list[float]:
    found = [_coordinate(tokens), _coordinate(tokens)]
    while tokens.next.kind == "number" or tokens.sees("-", "+"):
        found.append(_coordinate(tokens))
    return found


def _coordinate(tokens: Tokens) -> float:
    sign = -1 if tokens.sees("-") else 1
    if tokens.sees("-", "+"):
        tokens.take()
    return sign * tokens.expect("number").value
