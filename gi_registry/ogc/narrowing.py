"""From what a request asks for to the rows that match: the actor's scope first, then each condition on top of it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from gi_registry.lib.access import Actor
from gi_registry.ogc.collection import Collection, Kind
from gi_registry.ogc.params import ItemsQuery, Span


def matching(collection: Collection, actor: Actor, query: ItemsQuery) -> QuerySet[Any]:
    """The rows that the query asks for, of those that the actor may see."""
    rows = collection.rows(actor)
    if query.boxes is not None:
        rows = rows.filter(touching(collection, map(query.bbox_crs.shape, query.boxes)))
    if query.span and collection.time:
        rows = rows.filter(_in_span(collection.time, query.span))
    for name, value in query.equals.items():
        wanted = collection.by_name[name]
        asked = {f"_f_{name}__contains": [value]} if wanted.kind is Kind.TEXTS else {f"_f_{name}": value}
        rows = rows.alias(**{f"_f_{name}": wanted.expression}).filter(**asked)
    return query.condition.apply(rows) if query.condition else rows


def touching(collection: Collection, shapes: Iterable[Any]) -> Q:
    """A feature without a place touches every box (OGC 17-069r4, 7.15.3), also one that lies nowhere."""
    wanted = Q(**{f"{collection.geometry}__isnull": True}) if collection.has_placeless else Q(pk__in=[])
    for shape in shapes:
        wanted |= Q(**{f"{collection.geometry}__intersects": shape})
    return wanted


def _in_span(time: tuple[str, str], span: Span) -> Q:
    """Whether two stretches of time touch; a feature without dates touches every one (7.15.4)."""
    first, last = time
    wanted = Q()
    if span.last:
        wanted &= Q(**{f"{first}__lte": span.last}) | Q(**{f"{first}__isnull": True})
    if span.first:
        wanted &= Q(**{f"{last}__gte": span.first}) | Q(**{f"{last}__isnull": True})
    return wanted
