"""Values within a filter: literals and the properties that may be asked for, each with its kind, so that none is compared
with what it cannot be.
"""

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Value

from gi_registry.ogc.collection import Collection, Kind
from gi_registry.ogc.cql2 import sql
from gi_registry.ogc.cql2.faults import MAX_NUMBER, fault
from gi_registry.ogc.crs import Crs

Node = Any

GEOMETRY = "geometry"
_ALTERATIONS = {"casei": sql.same_case, "accenti": sql.without_accents}
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """A value of a known kind; ``name`` is what a refusal calls it."""

    kind: Kind
    sql: sql.Expression
    name: str

    @property
    def family(self) -> Kind:
        return Kind.NUMBER if self.kind is Kind.INTEGER else self.kind


@dataclass(frozen=True, slots=True)
class Scope:
    """What a filter may speak of, and the system of the coordinates in it."""

    collection: Collection
    crs: Crs

    def term(self, node: Node) -> Term:
        match node:
            case None:
                raise fault("filter_null")
            case bool():
                return Term(Kind.BOOLEAN, sql.truth(node), str(node).upper())
            case int() | float():
                return Term(Kind.NUMBER, Value(_checked(node)), str(node))
            case str():
                return Term(Kind.TEXT, Value(text(node)), f"'{node}'")
            case {"property": str(name)}:
                return self.property(name)
            case {"date": str(said)} | {"timestamp": str(said)}:
                return Term(Kind.DATE, Value(day(said)), said)
            case {"op": ("casei" | "accenti") as op, "args": [inner]}:
                altered = self.term(inner)
                if altered.kind is not Kind.TEXT:
                    raise fault("filter_arguments", name=op)
                return Term(Kind.TEXT, _ALTERATIONS[op](altered.sql), f"{op}({altered.name})")
            case {"op": str(op)}:
                raise fault("unknown_operator", name=op)
        raise fault("filter_value", near=node)

    def property(self, name: str) -> Term:
        """A property that may be asked for. A hidden one is refused in the very words of one that is not there."""
        found = self.collection.by_name.get(name)
        if found is None or not found.is_filter:
            raise fault("unknown_property" if name != GEOMETRY else "filter_value", name=name, near=name)
        return Term(found.kind, found.expression, name)


def text(value: str) -> str:
    if "\x00" in value:
        raise fault("filter_characters")
    return value


def _checked(value: float) -> float | int:
    if not math.isfinite(value) or abs(value) > MAX_NUMBER:
        raise fault("filter_number")
    return int(value) if float(value).is_integer() else value


def day(said: str) -> dt.date:
    """A date, or the day in UTC on which an instant falls: what the register keeps are days."""
    try:
        if _DATE.match(said):
            return dt.date.fromisoformat(said)
        if _INSTANT.match(said):
            return dt.datetime.fromisoformat(said).astimezone(dt.UTC).date()
    except (ValueError, OverflowError):
        pass
    raise fault("filter_date", near=said)
