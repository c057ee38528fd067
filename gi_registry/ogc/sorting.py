"""The order of the features, and the cursor that says where the next page begins.

Pages go by keyset: the next one starts after the values of the last row, so it costs the same however deep it lies. The
public id comes last in every order and makes it total. Missing values come after all others, in both directions.
"""

from typing import Any

from django.core import signing
from django.db.models import F, FloatField, Q, QuerySet
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import Cast

from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Refusal, Text
from gi_registry.ogc.collection import Collection, Kind, Property
from gi_registry.ogc.params import Order

_CURSOR = Text("游标无效，请从第一页重新开始。", "The cursor is not valid. Start again from the first page.")


def ordered(collection: Collection, rows: QuerySet[Any], sort: tuple[Order, ...]) -> QuerySet[Any]:
    """The rows in the order asked for."""
    if not sort:
        return rows.order_by(*filter(None, (collection.key_head, collection.key)))
    rows = rows.alias(**{_alias(order): _sortable(order.property) for order in sort})
    by = [
        F(_alias(order)).desc(nulls_last=True) if order.is_down else F(_alias(order)).asc(nulls_last=True)
        for order in sort
    ]
    return rows.order_by(*by, collection.key)


def after(collection: Collection, rows: QuerySet[Any], sort: tuple[Order, ...], cursor: str) -> QuerySet[Any]:
    """Those of the ordered rows that follow a cursor; raises ``Invalid`` for one that is not ours or of another order."""
    values, key = opened(collection, sort, cursor)
    if not sort:
        return following(collection, rows, key, head_of(key))
    follows, ties = Q(), Q()
    for order, value in zip(sort, values, strict=True):
        name = _alias(order)
        if value is None:  # after a missing value come only other missing ones
            ties &= Q(**{f"{name}__isnull": True})
            continue
        beyond = Q(**{f"{name}__{'lt' if order.is_down else 'gt'}": value}) | Q(**{f"{name}__isnull": True})
        follows |= ties & beyond
        ties &= Q(**{name: value})
    return rows.filter(follows | (ties & Q(**{f"{collection.key}__gt": key})))


def following(collection: Collection, rows: QuerySet[Any], key: Any, head: Any) -> QuerySet[Any]:
    """Those of the rows that follow a key. ``head`` is its ``head_of``: by that an index finds the first of them."""
    rows = rows.filter(**{f"{collection.key}__gt": key})
    return rows.filter(**{f"{collection.key_head}__gte": head}) if collection.key_head else rows


def head_of(key: str) -> str:
    """See ``Collection.key_head``."""
    return key.partition("-")[0]


def seal(collection: Collection, sort: tuple[Order, ...], key: str, facts: tuple[Any, ...]) -> str:
    """Where the page after a row starts. Signed, so that nobody builds on its inside; the page size is not in it."""
    if not sort:
        return _signer(collection).sign_object(key)
    places = list(collection.by_name)
    values = [facts[places.index(order.property.name)] for order in sort]
    told = [value.isoformat() if hasattr(value, "isoformat") else value for value in values]
    return _signer(collection).sign_object([_spelt(sort), told, key], compress=True)


def _alias(order: Order) -> str:
    return f"_s_{order.property.name}"


def _sortable(wanted: Property) -> BaseExpression | Combinable:
    """Numbers as they are shown: a cursor holds what was shown, and nothing may lie between the two."""
    return Cast(wanted.expression, FloatField()) if wanted.kind is Kind.NUMBER else wanted.expression


def _spelt(sort: tuple[Order, ...]) -> str:
    return ",".join(f"{'-' if order.is_down else '+'}{order.property.name}" for order in sort)


def _signer(collection: Collection) -> signing.Signer:
    return signing.Signer(sep=".", salt=f"gi_registry.ogc.{collection.id}")


def opened(collection: Collection, sort: tuple[Order, ...], cursor: str) -> tuple[list[Any], str]:
    """What is in a cursor: the values of the last row by which it was sorted, and its key. Raises as ``after`` does."""
    try:
        told = _signer(collection).unsign_object(cursor)
    except (signing.BadSignature, ValueError) as error:
        raise Invalid(Refusal("cursor", _CURSOR, "/cursor")) from error
    if isinstance(told, str) and not sort:
        return [], told
    if isinstance(told, list) and sort and told[0] == _spelt(sort):
        return told[1], told[2]
    raise Invalid(Refusal("cursor", _CURSOR, "/cursor"))
