"""Conditions as the database sees them: plain comparisons with parameters, in SQL's own three-valued logic.

Django's ``~Q`` adds IS NOT NULL to please Python's idea of "not"; a filter of CQL2 must not have it: where the value is
missing, neither a comparison nor its negation holds (OGC 21-065r2, 6.3).
"""

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, DateField, Func, TextField, Value
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import Cast

Expression = BaseExpression | Combinable
MARKS = re.compile("[\u0300-\u036f]")

# Made once: a filter has hundreds of parts.
_TRUTH, _TEXT, _DAY, _PLACE = BooleanField(), TextField(), DateField(), GeometryField(srid=4326)
_WORDS = ArrayField(_TEXT)


def _condition(*parts: Expression, template: str = "(%(expressions)s)", joiner: str = ", ") -> Func:
    return Func(*parts, template=template, arg_joiner=joiner, output_field=_TRUTH)


def every(parts: Iterable[Expression]) -> Func:
    return _condition(*parts, joiner=" AND ")


def some(parts: Iterable[Expression]) -> Func:
    return _condition(*parts, joiner=" OR ")


def opposite(part: Expression) -> Func:
    return _condition(part, template="(NOT %(expressions)s)")


def missing(part: Expression) -> Func:
    return _condition(part, template="(%(expressions)s IS NULL)")


def compared(left: Expression, op: str, right: Expression) -> Func:
    """``op`` comes out of our own tables, never out of a request."""
    return _condition(left, right, joiner=f" {op} ")


def among(part: Expression, listed: Iterable[Expression]) -> Func:
    return _condition(part, _condition(*listed), joiner=" IN ")


def related(function: str, left: Expression, right: Expression) -> Func:
    """A predicate of PostGIS; its planner support puts the index before it."""
    return _condition(left, right, template=f"{function}(%(expressions)s)")


def truth(value: bool) -> Value:
    return Value(value, output_field=_TRUTH)


def words(listed: list[str]) -> Value:
    return Value(listed, output_field=_WORDS)


def texts(part: Expression) -> Cast:
    """A list as ``text[]``: PostgreSQL compares lists only where the types of their members are the same."""
    return Cast(part, _WORDS)


def shape(geometry: GEOSGeometry) -> Value:
    return Value(geometry, output_field=_PLACE)


def open_end(*, is_first: bool) -> Cast:
    """The end of an interval that has none."""
    return Cast(Value("-infinity" if is_first else "infinity"), _DAY)


def same_case(part: Expression) -> Func:
    return Func(part, function="LOWER", output_field=_TEXT)


def without_accents(part: Expression) -> Func:
    """Letters without the marks above and below them: taken apart, stripped of U+0300 to U+036F, put together again."""
    marks: Any = Value(MARKS.pattern)
    apart = Func(part, template="normalize((%(expressions)s)::text, NFD)", output_field=_TEXT)
    bare = Func(apart, marks, Value(""), Value("g"), function="regexp_replace", output_field=_TEXT)
    return Func(bare, template="normalize(%(expressions)s, NFC)", output_field=_TEXT)
