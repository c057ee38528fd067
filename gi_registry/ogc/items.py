"""Features out of the database: one statement a page, geometry written as GeoJSON by PostGIS and passed on unread.

Parsing the geometry again in Python would cost eight times the whole request. Pages go by keyset on the public id, so
the last page is as quick as the first.
"""

from dataclasses import dataclass
from typing import Any

import orjson

from gi_registry.lib.access import Actor
from gi_registry.lib.spending import sparingly
from gi_registry.ogc import figures, statements, versions
from gi_registry.ogc.collection import Collection
from gi_registry.ogc.params import ItemsQuery
from gi_registry.ogc.sorting import seal

Feature = dict[str, Any]
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page, and the data version of which it is. ``matched`` is None when there are too many to count; ``cursor`` is
    empty on the last page."""

    features: list[Feature]
    matched: int | None
    cursor: str
    version: str


def page_of(collection: Collection, actor: Actor, query: ItemsQuery) -> Page:
    """The page that the query asks for. One statement, two where it has to count.

    Raises ``Invalid`` for a forged cursor, and for a filter that takes too long.
    """
    if query.condition is None:
        return _page_of(collection, actor, query)
    with sparingly("/filter"):
        return _page_of(collection, actor, query)


def _page_of(collection: Collection, actor: Actor, query: ItemsQuery) -> Page:
    asked = statements.asked(collection, actor, query)
    if asked is None:
        return Page([], 0, "", versions.version_of(collection))
    read = asked.page()
    version = versions.version_read(collection, *read.state)
    found, has_more = _cut(read.rows, query.limit)
    matched: int | None = len(found)
    if has_more or query.cursor or query.offset:
        matched = figures.matched(collection, actor.access_class, version, query.narrowing, asked.count)
    return Page(
        features=[_feature(collection, row) for row in found],
        matched=matched,
        cursor=seal(collection, query.sort, found[-1][0], found[-1][3:]) if has_more else "",
        version=version,
    )


def one_of(collection: Collection, actor: Actor, feature_id: str, query: ItemsQuery) -> tuple[Feature, str] | None:
    """The feature of that public id if the actor may see it, and the data version of which it is."""
    if "\x00" in feature_id:
        return None
    read = statements.one(collection, actor, feature_id, query)
    if not read or not read.rows:
        return None
    return _feature(collection, read.rows[0]), versions.version_read(collection, *read.state)


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
