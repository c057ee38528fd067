"""From a query for features to its statements: one for the page, one that counts what all pages hold.

Pages and boxes of a layer as it is are what clients ask for over and over: those statements are compiled once for all who
see the same, and only the numbers of the request go in anew. Every other query is compiled as it comes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.core.exceptions import EmptyResultSet
from django.db.models import BinaryField, ExpressionWrapper, F, Func, QuerySet, Value

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.compiled import Given, Hole, Statement
from gi_registry.ogc import figures, versions
from gi_registry.ogc.cache import Memory
from gi_registry.ogc.collection import Collection, Kind
from gi_registry.ogc.crs import CRS84, Crs
from gi_registry.ogc.narrowing import matching, touching
from gi_registry.ogc.params import ItemsQuery
from gi_registry.ogc.sorting import after, following, head_of, opened, ordered

# Pages of these sizes are planned once as well as compiled once; for others the planner has to see how many rows it is.
USUAL_SIZES = frozenset({10, 50, 100, 200, 500, 1000})
# The stored geometry, or text, of one page: some million vertices. Ten thousand large outlines would fill the memory
# instead; a page that ends earlier has a next link like any other.
PAGE_BYTES = 16 * 1024 * 1024
# Outlines simplified by 50 m and more are written to 10 m.
COARSE_FROM_DEG, COARSE_DIGITS_LESS = 0.0005, 2

# The inner statement holds keys, stored geometry and facts of the rows in their order; a window without an order keeps
# it. Geometry is unpacked, and written where its text is not kept, only for the rows before the cap: the rest are asked
# for again. The state of the data comes in the same snapshot, with every row, and alone where there is none.
_PAGE = f"""
SELECT total, notes,
  k, CASE WHEN heard < {{cap}} THEN {{text}} END, heard >= {{cap}}{{facts}}
FROM ({versions.STATE}) AS state (total, notes) LEFT JOIN (
  SELECT *, coalesce(sum({{weight}}(g)) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS heard
  FROM ({{rows}} LIMIT %s) AS found ({{names}})
) AS page ON true
"""  # noqa: S608 - our own names


class _Hole(Hole):
    ROWS = "how many rows"
    AFTER = "after which key"
    HEAD = "its head"
    WEST, SOUTH, EAST, NORTH = "west", "south", "east", "north"


_SIDES = (_Hole.WEST, _Hole.SOUTH, _Hole.EAST, _Hole.NORTH)
_DEGREES = GeometryField(srid=4326)
_BOX = Given(*_SIDES, sql="ST_MakeEnvelope(%s, %s, %s, %s, 4326)", output_field=_DEGREES)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as they are at one moment: key, GeoJSON text or None, whether the page was full before it, then the properties.
    ``state`` is what ``versions.version_read`` makes the data version of."""

    rows: list[tuple[Any, ...]]
    state: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Compiled:
    page: Statement
    count: Callable[[], Statement]


@dataclass(frozen=True, slots=True)
class Asked:
    """Statements and what fills their holes."""

    compiled: _Compiled
    values: Mapping[Hole, Any]

    def page(self) -> Rows:
        """At most limit + 1 rows."""
        return _read(self.compiled.page, self.values)

    def count(self) -> int:
        """See ``figures.counting``."""
        return int(self.compiled.count().fetch(self.values)[0][0])


_kept: Memory[_Compiled] = Memory("page statements", 2_000)


def asked(collection: Collection, actor: Actor, query: ItemsQuery) -> Asked | None:
    """The statements of a query; None where it is known already that there are no rows."""
    values: dict[Hole, Any] = {_Hole.ROWS: query.limit + 1}
    try:
        if not query.is_plain:
            return Asked(_any(collection, actor, query), values)
        if query.boxes:
            values |= zip(_SIDES, query.boxes[0], strict=True)
        if query.cursor:
            key = opened(collection, (), query.cursor)[1]
            values |= {_Hole.AFTER: key, _Hole.HEAD: head_of(key)}
        # Rows may depend on the day, and on nothing else of the moment.
        day = clock.today() if collection.is_daily else None
        size = query.limit if query.limit in USUAL_SIZES and not query.boxes else None
        kind = (bool(query.boxes), bool(query.narrowing), bool(query.cursor), query.crs.uri, size)
        kept_as = (collection.id, collection.fingerprint, actor.access_class, day, *kind)
        return Asked(_kept.recall(kept_as, lambda: _plain(collection, actor, query, size)), values)
    except EmptyResultSet:
        return None


def one(collection: Collection, actor: Actor, feature_id: str, query: ItemsQuery) -> Rows | None:
    """The row of that public id, as in a page, if the actor may see it. None where it is known already that he may not."""
    rows = collection.rows(actor).filter(**{collection.key: feature_id})
    try:
        return _read(_page(collection, query, rows), {_Hole.ROWS: 1})
    except EmptyResultSet:
        return None


def _read(statement: Statement, values: Mapping[Hole, Any]) -> Rows:
    found = statement.fetch(values)
    total, notes, first, *_ = found[0]
    return Rows([row[2:] for row in found] if first is not None else [], (total, notes))


def _plain(collection: Collection, actor: Actor, query: ItemsQuery, size: int | None) -> _Compiled:
    """With holes for the box and the cursor; planned once if it is of that ``size``."""
    rows = collection.rows(actor)
    if query.boxes:
        rows = rows.filter(touching(collection, [_BOX]))
    page = following(collection, rows, Given(_Hole.AFTER), Given(_Hole.HEAD)) if query.cursor else rows
    count = cache(lambda: figures.counting(rows, is_narrowed=bool(query.narrowing)))
    page = ordered(collection, page, ())
    if size:
        return _Compiled(_page(collection, query, page, size + 1).planned_once(), count)
    return _Compiled(_page(collection, query, page), count)


def _any(collection: Collection, actor: Actor, query: ItemsQuery) -> _Compiled:
    rows = matching(collection, actor, query)
    page = ordered(collection, rows, query.sort)
    if query.cursor:
        page = after(collection, page, query.sort, query.cursor)
    if query.offset:
        # Ids first: OFFSET would otherwise work out the facts of every row that it skips.
        keys = page.values(collection.key)[query.offset : query.offset + query.limit + 1]
        page = ordered(collection, rows.filter(**{f"{collection.key}__in": keys}), query.sort)
    return _Compiled(_page(collection, query, page), lambda: figures.counting(rows, is_narrowed=bool(query.narrowing)))


def shown(collection: Collection, rows: QuerySet[Any], geometry: str, tolerance_deg: float = 0.0) -> QuerySet[Any]:
    """Rows as tuples: key, what is stored at the path ``geometry``, then the properties in their order."""
    shape: Any = F(geometry)
    if tolerance_deg:
        shape = Func(shape, Value(tolerance_deg), function="ST_SimplifyPreserveTopology", output_field=_DEGREES)
    # Bytes only by name: told of a geometry, Django would have each one packed for a journey to Python.
    raw = ExpressionWrapper(shape, output_field=BinaryField())
    facts = {f"_p_{item.name}": item.expression for item in collection.properties}
    return rows.annotate(_shape=raw, **facts).values_list(collection.key, "_shape", *facts)


def _page(collection: Collection, query: ItemsQuery, rows: QuerySet[Any], most: int | Hole = _Hole.ROWS) -> Statement:
    """The statement round the rows: the state of the data, their geometry in the system asked for, numbers as numbers."""
    is_kept = bool(collection.written) and query.crs == CRS84 and not query.tolerance_deg
    geometry = collection.written if is_kept else collection.geometry
    inner = Statement.of(shown(collection, rows, geometry, query.tolerance_deg))
    columns = [f"p{place}" for place in range(len(collection.properties))]
    facts = [
        f", {column}::float8" if item.kind is Kind.NUMBER else f", {column}"
        for column, item in zip(columns, collection.properties, strict=True)
    ]
    sql = _PAGE.format(
        cap=PAGE_BYTES,
        # Neither unpacks what is stored out of line.
        weight="octet_length" if is_kept else "pg_column_size",
        text="g" if is_kept else _as_geojson(query.crs, query.tolerance_deg),
        facts="".join(facts),
        rows=inner.sql,
        names=", ".join(["k", "g", *columns]),
    )
    return Statement(sql, (list(collection.tables), *inner.params, most))


def _as_geojson(crs: Crs, tolerance_deg: float) -> str:
    """SQL that writes the geometry ``g`` in the system asked for."""
    placed = f"ST_Transform(g, {crs.srid})" if crs.srid else "g"
    placed = f"ST_FlipCoordinates({placed})" if crs.is_flipped else placed
    return f"ST_AsGeoJSON({placed}, {crs.digits - (COARSE_DIGITS_LESS if tolerance_deg >= COARSE_FROM_DEG else 0)}, 0)"
