"""Features out of the database: one statement a page, geometry written as GeoJSON by PostGIS and passed on unread.

Parsing the geometry again in Python would cost eight times the whole request. Pages go by keyset on the public id, so
the last page is as quick as the first.
"""

from dataclasses import dataclass
from typing import Any

import orjson
from django.contrib.gis.db.models import GeometryField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BinaryField, ExpressionWrapper, F, Func, QuerySet, Value

from gi_registry.lib.access import Actor
from gi_registry.ogc import figures
from gi_registry.ogc.collection import Collection, Kind
from gi_registry.ogc.narrowing import matching
from gi_registry.ogc.params import ItemsQuery
from gi_registry.ogc.sorting import after, ordered, seal

# The stored geometry of one page: some million vertices. Ten thousand large outlines would fill the memory instead; a
# page that ends earlier has a next link like any other.
PAGE_BYTES = 16 * 1024 * 1024
# Outlines simplified by 50 m and more are written to 10 m.
COARSE_FROM_DEG, COARSE_DIGITS_LESS = 0.0005, 2

# The inner statement holds keys, stored geometry and facts of at most limit + 1 rows, in their order; a window without
# an order keeps it. Geometry is unpacked and written only for the rows before the cap: the rest are asked for again.
_PAGE = """
SELECT k, CASE WHEN heard < {cap} THEN ST_AsGeoJSON({drawn}, {digits}, 0) END, heard >= {cap}{facts}
FROM (
  SELECT *, coalesce(sum(pg_column_size(g)) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS heard
  FROM ({rows}) AS found ({names})
) AS page
"""

_DEGREES = GeometryField(srid=4326)
Feature = dict[str, Any]
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``matched`` is None when there are too many to count; ``cursor`` is empty on the last page."""

    features: list[Feature]
    matched: int | None
    cursor: str


def page_of(collection: Collection, actor: Actor, query: ItemsQuery, version: str) -> Page:
    """The page that the query asks for; raises ``Invalid`` for a forged cursor. One statement, two where it has to count."""
    rows = matching(collection, actor, query)
    asked = ordered(collection, rows, query.sort)
    if query.cursor:
        asked = after(collection, asked, query.sort, query.cursor)
    if query.offset:
        # Ids first: OFFSET would otherwise work out the facts of every row that it skips.
        keys = asked.values(collection.key)[query.offset : query.offset + query.limit + 1]
        asked = ordered(collection, rows.filter(**{f"{collection.key}__in": keys}), query.sort)
    found, has_more = _cut(_fetch(collection, asked[: query.limit + 1], query), query.limit)
    is_all = not (has_more or query.cursor or query.offset)
    return Page(
        features=[_feature(collection, row) for row in found],
        matched=len(found) if is_all else figures.matched(collection, actor.access_class, version, query, rows),
        cursor=seal(collection, query.sort, found[-1][0], found[-1][3:]) if has_more else "",
    )


def one_of(collection: Collection, actor: Actor, feature_id: str, query: ItemsQuery) -> Feature | None:
    """The feature of that public id if the actor may see it."""
    if "\x00" in feature_id:
        return None
    rows = collection.rows(actor).filter(**{collection.key: feature_id})
    row = next(iter(_fetch(collection, rows[:1], query)), None)
    return _feature(collection, row) if row else None


def shown(collection: Collection, rows: QuerySet[Any], tolerance_deg: float = 0.0) -> QuerySet[Any]:
    """Rows as tuples: key, stored geometry, then the properties in their order."""
    shape: Any = F(collection.geometry)
    if tolerance_deg:
        shape = Func(shape, Value(tolerance_deg), function="ST_SimplifyPreserveTopology", output_field=_DEGREES)
    # Bytes only by name: told of a geometry, Django would have each one packed for a journey to Python.
    raw = ExpressionWrapper(shape, output_field=BinaryField())
    facts = {f"_p_{item.name}": item.expression for item in collection.properties}
    return rows.annotate(_shape=raw, **facts).values_list(collection.key, "_shape", *facts)


def _fetch(collection: Collection, rows: QuerySet[Any], query: ItemsQuery) -> list[Row]:
    """Rows as tuples: key, GeoJSON text or None, whether the page was full before it, then the properties in their order."""
    try:
        sql, params = shown(collection, rows, query.tolerance_deg).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_statement(collection, query, sql), params)
        return cursor.fetchall()


def _statement(collection: Collection, query: ItemsQuery, rows: str) -> str:
    """The statement round the rows: their geometry in the system asked for, numbers as numbers."""
    crs = query.crs
    drawn = f"ST_Transform(g, {crs.srid})" if crs.srid else "g"
    drawn = f"ST_FlipCoordinates({drawn})" if crs.is_flipped else drawn
    columns = [f"p{place}" for place in range(len(collection.properties))]
    facts = [
        f", {column}::float8" if item.kind is Kind.NUMBER else f", {column}"
        for column, item in zip(columns, collection.properties, strict=True)
    ]
    return _PAGE.format(
        cap=PAGE_BYTES,
        drawn=drawn,
        digits=crs.digits - (COARSE_DIGITS_LESS if query.tolerance_deg >= COARSE_FROM_DEG else 0),
        facts="".join(facts),
        rows=rows,
        names=", ".join(["k", "g", *columns]),
    )


def _cut(rows: list[Row], limit: int) -> tuple[list[Row], bool]:
    """The rows of this page, and whether more follow."""
    full = next((place for place, row in enumerate(rows) if row[2]), len(rows))
    end = min(limit, full)
    return rows[:end], len(rows) > end


def _feature(collection: Collection, row: Row) -> Feature:
    key, geojson, _, *facts = row
    return {
        "type": "Feature",
        "id": key,
        "geometry": orjson.Fragment(geojson) if geojson else None,
        "properties": dict(zip(collection.by_name, facts, strict=True)),
    }
