"""Features out of the database: one statement a page, geometry written as GeoJSON by PostGIS and passed on unread.

Parsing the geometry again in Python would cost eight times the whole request. Pages go by keyset on the public id, so
the last page is as quick as the first.
"""

from dataclasses import dataclass
from typing import Any

import orjson
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry, LinearRing, LineString, Point, Polygon
from django.core import signing
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BinaryField, ExpressionWrapper, F, Func, Q, QuerySet, Value

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Refusal, Text
from gi_registry.ogc.collection import Collection, Kind
from gi_registry.ogc.params import ItemsQuery, Span

# Counting further would cost more than the page itself; above it `numberMatched` is left out, as the standard allows.
COUNT_UP_TO = 10_000
# The stored geometry of one page: some million vertices. Ten thousand large outlines would fill the memory instead; a
# page that ends earlier has a next link like any other.
PAGE_BYTES = 16 * 1024 * 1024
# Outlines simplified by 50 m and more are written to 10 m.
COARSE_FROM_DEG, COARSE_DIGITS_LESS = 0.0005, 2

_CURSOR = Text("游标无效，请从第一页重新开始。", "The cursor is not valid. Start again from the first page.")

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
    """One page. ``matched`` is None when there are more than ``COUNT_UP_TO``; ``cursor`` is empty on the last page."""

    features: list[Feature]
    matched: int | None
    cursor: str


def page_of(collection: Collection, actor: Actor, query: ItemsQuery) -> Page:
    """The page that the query asks for; raises ``Invalid`` for a forged cursor. One statement, or two with the count."""
    rows = matching(collection, actor, query)
    asked = rows
    if query.cursor:
        asked = asked.filter(**{f"{collection.key}__gt": _open(collection, query.cursor)})
    asked = asked.order_by(collection.key)
    if query.offset:
        # Ids first: OFFSET would otherwise work out the facts of every row that it skips.
        keys = asked.values(collection.key)[query.offset : query.offset + query.limit + 1]
        asked = rows.filter(**{f"{collection.key}__in": keys}).order_by(collection.key)
    found, has_more = _cut(_fetch(collection, asked[: query.limit + 1], query), query.limit)
    return Page(
        features=[_feature(collection, row) for row in found],
        matched=_count(rows, query, len(found), has_more=has_more),
        cursor=_seal(collection, found[-1][0]) if has_more else "",
    )


def one_of(collection: Collection, actor: Actor, feature_id: str, query: ItemsQuery) -> Feature | None:
    """The feature of that public id if the actor may see it."""
    if "\x00" in feature_id:
        return None
    rows = collection.rows(actor).filter(**{collection.key: feature_id})
    row = next(iter(_fetch(collection, rows[:1], query)), None)
    return _feature(collection, row) if row else None


def matching(collection: Collection, actor: Actor, query: ItemsQuery) -> QuerySet[Any]:
    """The rows that the query asks for, of those that the actor may see."""
    rows = collection.rows(actor)
    if query.boxes is not None:
        rows = rows.filter(_in_boxes(collection, query))
    if query.span and collection.time:
        rows = rows.filter(_in_span(collection.time, query.span))
    for name, value in query.equals.items():
        wanted = collection.by_name[name]
        asked = {f"_f_{name}__contains": [value]} if wanted.kind is Kind.TEXTS else {f"_f_{name}": value}
        rows = rows.alias(**{f"_f_{name}": wanted.expression}).filter(**asked)
    return rows


def _in_boxes(collection: Collection, query: ItemsQuery) -> Q:
    wanted = Q(**{f"{collection.geometry}__isnull": True}) if collection.has_placeless else Q(pk__in=[])
    for box in query.boxes or ():
        wanted |= Q(**{f"{collection.geometry}__intersects": _shape_of(query.bbox_crs.outline(box))})
    return wanted


def _shape_of(outline: list[tuple[float, float]]) -> GEOSGeometry:
    """The outline of a box as geometry, from checked numbers: text from outside never reaches a geometry parser.

    A box without width or height is a line or a point; as a polygon it would be invalid, and PostGIS would miss rows.
    """
    if len(outline) == 1:
        return Point(outline[0], srid=4326)
    if outline[0] != outline[-1]:
        return LineString(outline, srid=4326)
    return Polygon(LinearRing(outline), srid=4326)


def _in_span(time: tuple[str, str], span: Span) -> Q:
    """Whether two stretches of time touch; a feature without dates touches every one (7.15.4)."""
    first, last = time
    wanted = Q()
    if span.last:
        wanted &= Q(**{f"{first}__lte": span.last}) | Q(**{f"{first}__isnull": True})
    if span.first:
        wanted &= Q(**{f"{last}__gte": span.first}) | Q(**{f"{last}__isnull": True})
    return wanted


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


def _count(rows: QuerySet[Any], query: ItemsQuery, found: int, *, has_more: bool) -> int | None:
    if not (has_more or query.cursor or query.offset):
        return found
    counted = rows.order_by().values("pk")[: COUNT_UP_TO + 1].count()
    return counted if counted <= COUNT_UP_TO else None


def _signer(collection: Collection) -> signing.Signer:
    return signing.Signer(sep=".", salt=f"gi_registry.ogc.{collection.id}")


def _seal(collection: Collection, key: str) -> str:
    """Where the next page starts. Signed, so that nobody builds on its inside; the page size is not in it."""
    return _signer(collection).sign_object(key)


def _open(collection: Collection, cursor: str) -> str:
    try:
        key = _signer(collection).unsign_object(cursor)
    except (signing.BadSignature, ValueError) as error:
        raise Invalid(Refusal("cursor", _CURSOR, "/cursor")) from error
    return str(key)
