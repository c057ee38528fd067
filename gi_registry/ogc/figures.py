"""What is said of a whole collection: how many features match, and where and when they lie.

Each is true for the one who asks, no more: both are worked out from the actor's own rows and kept under his access class
and the data version, so nobody learns from them that there are rows which he may not see.
"""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BinaryField, DateField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Cast

from gi_registry.lib.access import Actor
from gi_registry.lib.compiled import Statement
from gi_registry.ogc.cache import Memory
from gi_registry.ogc.collection import Box, Collection

# Counting further would cost more than the page itself; above it `numberMatched` is left out, as the standard allows.
# The count of everything is worth its price: it is asked for again and again until something changes.
COUNT_UP_TO = 10_000
# A coordinate of a feature is rounded to so many digits: an extent rounded outward to as many holds it for certain.
_DIGITS = 6

_NO_DAY = Cast(Value(None), DateField())
_counts: Memory[int | None] = Memory("counts", 20_000)
_extents: Memory["Extent"] = Memory("extents", 5_000)

_EXTENT = """
SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box), open_first, first, open_last, last FROM (
  SELECT ST_Extent(g) AS box, min(t0) AS first, max(t1) AS last,
         bool_or(t0 IS NULL) AS open_first, bool_or(t1 IS NULL) AS open_last
  FROM ({rows}) AS found (g, t0, t1)
) AS told
"""


@dataclass(frozen=True, slots=True)
class Extent:
    """``box`` in degrees, None where nothing has a place; ``days`` the first and last, None for an end that is open."""

    box: Box | None = None
    days: tuple[dt.date | None, dt.date | None] | None = None


def matched(
    collection: Collection, access_class: str, version: str, narrowing: str, count: Callable[[], int]
) -> int | None:
    """How many rows there are; None when a filtered count passes ``COUNT_UP_TO``. ``count`` runs ``counting`` of them."""

    def told() -> int | None:
        counted = count()
        return counted if counted <= COUNT_UP_TO or not narrowing else None

    return _counts.recall((collection.id, version, access_class, narrowing), told)


def counting(rows: QuerySet[Any], *, is_narrowed: bool) -> Statement:
    """The statement that counts the rows: all, or no further than it takes to know that they are too many."""
    inner = Statement.of(rows.order_by().values("pk"))
    most = f" LIMIT {COUNT_UP_TO + 1}" if is_narrowed else ""
    return Statement(f"SELECT count(*) FROM ({inner.sql}{most}) AS found", inner.params)  # noqa: S608 - our own names


def extent_of(collection: Collection, actor: Actor, version: str) -> Extent:
    """Where and when the rows lie that this actor may see. At most one statement."""
    return _extents.recall((collection.id, version, actor.access_class), lambda: _extent(collection, actor))


def _extent(collection: Collection, actor: Actor) -> Extent:
    raw = ExpressionWrapper(F(collection.geometry), output_field=BinaryField())
    first, last = (F(path) for path in collection.time) if collection.time else (_NO_DAY, _NO_DAY)
    rows = collection.rows(actor).order_by().annotate(_g=raw, _first=first, _last=last)
    try:
        sql, params = rows.values_list("_g", "_first", "_last").query.sql_with_params()
    except EmptyResultSet:
        return Extent()
    with connection.cursor() as cursor:
        cursor.execute(_EXTENT.format(rows=sql), params)
        west, south, east, north, open_first, since, open_last, until = cursor.fetchone()
    box = None if west is None else (_down(west), _down(south), _up(east), _up(north))
    days = (None if open_first else since, None if open_last else until) if collection.time else None
    return Extent(box, days if open_first is not None else None)


def _down(value: float) -> float:
    return math.floor(value * 10**_DIGITS) / 10**_DIGITS


def _up(value: float) -> float:
    return math.ceil(value * 10**_DIGITS) / 10**_DIGITS
