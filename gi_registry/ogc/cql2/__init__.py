"""Filters in CQL2 (OGC 21-065r2), as text and as JSON, over the properties that a collection lets be asked for.

Text and JSON become one tree, the tree one condition with parameters. Nothing of a request is ever part of a statement.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import QuerySet

from gi_registry.ogc.collection import Collection
from gi_registry.ogc.cql2 import sql
from gi_registry.ogc.cql2.conditions import condition
from gi_registry.ogc.cql2.faults import MAX_BYTES, MAX_DEPTH, fault
from gi_registry.ogc.cql2.terms import Scope
from gi_registry.ogc.cql2.text import parse
from gi_registry.ogc.crs import CRS84, Crs

TEXT, JSON = "cql2-text", "cql2-json"
LANGUAGES = (TEXT, JSON)
# An operator is an object with a list in it; a geometry and its coordinates come on top.
_MAX_LEVELS = 2 * MAX_DEPTH + 16

_PART_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
# Only what tests/ogc/test_cql2*.py hold. Arithmetic and functions of our own are not there.
CONFORMANCE = (
    f"{_PART_3}/queryables",
    f"{_PART_3}/queryables-query-parameters",
    f"{_PART_3}/filter",
    f"{_PART_3}/features-filter",
    f"{_CQL2}/cql2-text",
    f"{_CQL2}/cql2-json",
    f"{_CQL2}/basic-cql2",
    f"{_CQL2}/advanced-comparison-operators",
    f"{_CQL2}/case-insensitive-comparison",
    f"{_CQL2}/accent-insensitive-comparison",
    f"{_CQL2}/basic-spatial-functions",
    # The draft's name for the class above: older QGIS leaves places to the server only where it finds it.
    f"{_CQL2}/basic-spatial-operators",
    f"{_CQL2}/basic-spatial-functions-plus",
    f"{_CQL2}/spatial-functions",
    f"{_CQL2}/temporal-functions",
    f"{_CQL2}/array-functions",
    f"{_CQL2}/property-property",
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter that was read and found sound."""

    expression: sql.Expression

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows for which the filter holds; where it is neither true nor false, for want of a value, it does not."""
        return rows.filter(self.expression)


def read_filter(collection: Collection, text: str, lang: str = TEXT, crs: Crs = CRS84) -> Condition:
    """The condition that a filter states over a collection; raises ``Invalid`` that points at /filter or /filter-lang.

    ``crs`` is the system of the coordinates in it.
    """
    check_language(lang)
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise fault("filter_characters") from None
    if size > MAX_BYTES:
        raise fault("filter_too_long")
    if "\x00" in text:
        raise fault("filter_characters")
    node = parse(text) if lang == TEXT else _parsed(text)
    if _levels(node) > _MAX_LEVELS:
        raise fault("filter_too_deep")
    return Condition(sql.every([condition(Scope(collection, crs), node)]))


def check_language(lang: str) -> None:
    if lang not in LANGUAGES:
        raise fault("filter_lang", "/filter-lang")


def _parsed(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise fault("filter_json") from None


def _levels(node: Any) -> int:
    """How deep a tree is, found out without going down into it."""
    levels, layer = 0, [node]
    while layer:
        levels += 1
        layer = [child for part in layer for child in _children(part)]
    return levels


def _children(node: Any) -> Iterable[Any]:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()
