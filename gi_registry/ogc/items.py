"""Features out of the database: one statement a page, geometry written as GeoJSON by PostGIS and passed on unread.

Parsing the geometry again in Python would cost eight times the whole request. Pages go by keyset on the public id, so
the last page is as quick as the first.
"""

from dataclasses import dataclass
from typing import Any

import orjson
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.core import signing
from django.db.models import F, Func, Q, QuerySet, TextField, Value

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Refusal, Text
from gi_registry.ogc.collection import Box, Collection, Kind
from gi_registry.ogc.params import ItemsQuery, Span

# Counting further would cost more than the page itself; above it `numberMatched` is left out, as the standard allows.
COUNT_UP_TO = 10_000
FULL_DIGITS = 6  # 0.1 m on the ground
COARSE_DIGITS = 4  # 10 m, for outlines simplified by 50 m and more
COARSE_FROM_DEG = 0.0005

_CURSOR = Text("游标无效，请从第一页重新开始。", "The cursor is not valid. Start again from the first page.")

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``matched`` is None when there are more than ``COUNT_UP_TO``; ``cursor`` is empty on the last page."""

    features: list[Feature]
    matched: int | None
    cursor: str


def page_of(collection: Collection, actor: Actor, query: ItemsQuery) -> Page:
    """The page that the query asks for; raises ``Invalid`` for a forged cursor. One statement, or two with the count."""
    rows = _matching(collection, actor, query)
    asked = rows
    if query.cursor:
        asked = asked.filter(**{f"{collection.key}__gt": _open(collection, query.cursor)})
    asked = asked.order_by(collection.key)
    if query.offset:
        # Ids first: OFFSET would otherwise write out the geometry of every row that it skips.
        keys = asked.values(collection.key)[query.offset : query.offset + query.limit + 1]
        asked = rows.filter(**{f"{collection.key}__in": keys}).order_by(collection.key)
    found = list(_shown(collection, asked, query.tolerance_deg)[: query.limit + 1])
    has_more = len(found) > query.limit
    found = found[: query.limit]
    return Page(
        features=[_feature(collection, row) for row in found],
        matched=_count(rows, query, len(found), has_more=has_more),
        cursor=_seal(collection, found[-1][0]) if has_more else "",
    )


def one_of(collection: Collection, actor: Actor, feature_id: str, tolerance_deg: float = 0.0) -> Feature | None:
    """The feature of that public id if the actor may see it."""
    if "\x00" in feature_id:
        return None
    rows = collection.rows(actor).filter(**{collection.key: feature_id})
    row = _shown(collection, rows, tolerance_deg).first()
    return _feature(collection, row) if row else None


def _matching(collection: Collection, actor: Actor, query: ItemsQuery) -> QuerySet[Any]:
    rows = collection.rows(actor)
    if query.boxes:
        rows = rows.filter(_in_boxes(collection, query.boxes))
    if query.span and collection.time:
        rows = rows.filter(_in_span(collection.time, query.span))
    for name, value in query.equals.items():
        wanted = collection.by_name[name]
        asked = {f"_f_{name}__contains": [value]} if wanted.kind is Kind.TEXTS else {f"_f_{name}": value}
        rows = rows.alias(**{f"_f_{name}": wanted.expression}).filter(**asked)
    return rows


def _in_boxes(collection: Collection, boxes: tuple[Box, ...]) -> Q:
    wanted = Q(**{f"{collection.geometry}__isnull": True}) if collection.has_placeless else Q()
    for box in boxes:
        wanted |= Q(**{f"{collection.geometry}__intersects": _shape_of(box)})
    return wanted


def _shape_of(box: Box) -> GEOSGeometry:
    """A box as geometry, from four checked numbers: text from outside never reaches a geometry parser.

    A box without width or height is a line or a point; as a polygon it would be invalid, and PostGIS would miss rows.
    """
    west, south, east, north = box
    if (west, south) == (east, north):
        return Point(west, south, srid=4326)
    if west == east or south == north:
        return LineString((west, south), (east, north), srid=4326)
    shape = Polygon.from_bbox(box)
    shape.srid = 4326
    return shape


def _in_span(time: tuple[str, str], span: Span) -> Q:
    """Whether two stretches of time touch; a feature without dates touches every one (7.15.4)."""
    first, last = time
    wanted = Q()
    if span.last:
        wanted &= Q(**{f"{first}__lte": span.last}) | Q(**{f"{first}__isnull": True})
    if span.first:
        wanted &= Q(**{f"{last}__gte": span.first}) | Q(**{f"{last}__isnull": True})
    return wanted


def _shown(collection: Collection, rows: QuerySet[Any], tolerance_deg: float) -> QuerySet[Any]:
    """Rows as tuples: key, GeoJSON text or None, then the properties in their order."""
    shape: Any = F(collection.geometry)
    if tolerance_deg:
        shape = Func(
            shape,
            Value(tolerance_deg),
            function="ST_SimplifyPreserveTopology",
            output_field=GeometryField(srid=4326),
        )
    digits = COARSE_DIGITS if tolerance_deg >= COARSE_FROM_DEG else FULL_DIGITS
    text = Func(shape, Value(digits), Value(0), function="ST_AsGeoJSON", output_field=TextField())
    facts = {f"_p_{item.name}": item.expression for item in collection.properties}
    return rows.annotate(_geojson=text, **facts).values_list(collection.key, "_geojson", *facts)


def _feature(collection: Collection, row: tuple[Any, ...]) -> Feature:
    key, geojson, *facts = row
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
