"""What the map shows, as plain values: rooms describe their layers with these, the engine serves whatever it is handed."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import BaseExpression, Combinable

from gi_registry.lib.access import Actor
from gi_registry.lib.texts import Text
from gi_registry.ogc.crs import Box, Crs, served
from gi_registry.ogc.drawing import Drawing

# Shanxi, in degrees east and north, rounded outward: no feature of the province lies outside it.
SHANXI: Box = (110.2, 34.5, 114.6, 40.8)
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_RESERVED = frozenset(
    {"bbox", "limit", "datetime", "cursor", "offset", "crs", "f", "lang", "filter", "sortby", "properties", "id"}
)


class Kind(Enum):
    """The JSON Schema of a property. A filter on ``TEXTS`` asks for the lists that hold the given word."""

    TEXT = "string"
    TEXTS = "array"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"

    @property
    def schema(self) -> dict[str, Any]:
        match self:
            case Kind.DATE:
                return {"type": "string", "format": "date"}
            case Kind.TEXTS:
                return {"type": "array", "items": {"type": "string"}}
        return {"type": self.value}


class Shape(Enum):
    """What kind of geometry a layer has: the JSON Schema format (OGC 23-058r1, 7.6) and its dimension, None where mixed."""

    ANY = "geometry-any", None
    POINTS = "geometry-point", 0
    AREAS = "geometry-polygon-or-multipolygon", 2

    def __init__(self, format_: str, dimension: int | None) -> None:
        self.schema = {"format": format_, "x-ogc-role": "primary-geometry"}
        self.dimension = dimension


@dataclass(frozen=True, slots=True)
class Property:
    """One public fact of a feature.

    ``source`` is a field path or an expression; left out, the field has the property's own name. ``words`` is the closed
    list of values, where there is one. A property that is not a filter (a long text) is shown but cannot be asked for.
    """

    name: str
    kind: Kind
    title: Text
    source: str | BaseExpression | Combinable | None = None
    is_filter: bool = True
    words: tuple[str, ...] = ()

    @property
    def is_sortable(self) -> bool:
        """What may be asked for may be sorted by; lists have no order."""
        return self.is_filter and self.kind is not Kind.TEXTS

    @property
    def expression(self) -> BaseExpression | Combinable:
        source = self.source or self.name
        return F(source) if isinstance(source, str) else source

    @property
    def schema(self) -> dict[str, Any]:
        return self.kind.schema | ({"enum": list(self.words)} if self.words else {})

    @property
    def filter_schema(self) -> dict[str, Any]:
        return {"type": "string"} if self.kind is Kind.TEXTS else self.schema


@dataclass(frozen=True, slots=True)
class Collection:
    """One layer. ``rows`` is the same scope as the API's: the engine adds filters, it never widens.

    ``geometry``      path of a geometry field, or name of an annotation, in EPSG:4326. Across a relation to many rows it
                      has to be an annotation: a filter would join a second time and ask another row
    ``shape``         which kind of geometry that is
    ``written``       path of the same geometry as text, see ``written.geojson_of``; left out, each answer writes it anew
    ``key``           path of a unique public text field; it is the feature's id and the order of the pages
    ``key_head``      path of an indexed text, no ``-`` in it, that the key is or, before a ``-``, begins with: where the key is
                      worked out for each row, no index has it, and every page would sort the whole layer
    ``time``          paths of the first and last date on which the feature holds (the same twice for an instant);
                      an empty end is open. Without ``time`` a feature matches every ``datetime``
    ``tables``        every database table on which rows, properties or scope depend; each carries ``ogc_note_change``
    ``is_daily``      True when the rows depend on today's date
    ``is_regional``   True when the layer lies in one province, so that its Gauss-Krueger zones may be asked for
    ``drawing``       how it is drawn on vector tiles; None: not at all
    ``is_public``     False hides the collection from those who are not signed in
    ``has_placeless`` True when the geometry may be NULL: such features match every box (OGC 17-069r4, 7.15.3)
    """

    id: str
    title: Text
    description: Text
    rows: Callable[[Actor], QuerySet[Any]]
    geometry: str
    shape: Shape
    key: str
    properties: tuple[Property, ...]
    attribution: Text
    tables: tuple[str, ...]
    key_head: str = ""
    written: str = ""
    is_daily: bool = False
    is_regional: bool = True
    time: tuple[str, str] | None = None
    drawing: Drawing | None = None
    is_public: bool = True
    has_placeless: bool = False
    extent: Box = SHANXI
    by_name: Mapping[str, Property] = field(init=False, repr=False, compare=False)
    fingerprint: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = [item.name for item in self.properties]
        wrong = [name for name in (self.id, *names) if not _NAME.match(name) or name in _RESERVED]
        if wrong or len(set(names)) < len(names):
            raise ValueError(f"collection {self.id}: names {wrong or names} are not usable")
        object.__setattr__(self, "by_name", {item.name: item for item in self.properties})
        if self.drawing and (unknown := self.drawing.facts.keys() - set(names)):
            raise ValueError(f"collection {self.id}: it draws {sorted(unknown)}, which it does not have")
        # Part of every data version: a release that shows other properties never meets what an older one cached.
        facts = [(item.name, item.kind.name) for item in self.properties]
        told = repr((self.id, self.key, self.geometry, facts, self.drawing))
        object.__setattr__(self, "fingerprint", hashlib.sha256(told.encode()).hexdigest()[:6])

    @property
    def systems(self) -> tuple[Crs, ...]:
        """The reference systems in which it may be asked for, the default first."""
        return served(is_regional=self.is_regional)

    @property
    def filters(self) -> tuple[Property, ...]:
        return tuple(item for item in self.properties if item.is_filter)


class Catalogue:
    """The collections in their order of appearance."""

    def __init__(self, collections: Iterable[Collection]) -> None:
        given = tuple(collections)
        self._by_id = {item.id: item for item in given}
        if len(self._by_id) < len(given):
            raise ValueError("two collections have the same id")

    def __iter__(self) -> Iterator[Collection]:
        return iter(self._by_id.values())

    def seen_by(self, actor: Actor) -> tuple[Collection, ...]:
        """What this actor is told about. Rows are scoped besides, so this is courtesy, not the lock."""
        return tuple(item for item in self._by_id.values() if item.is_public or not actor.is_anonymous)

    def get(self, collection_id: str) -> Collection | None:
        return self._by_id.get(collection_id)
