"""What the registry itself knows of a year under one authorisation, and how it is kept once a report was sent.

Goods are those of batches first released in the year; of those the recalled ones are told beside, and batches of the year that were voided
stand apart, as they never were goods. Labels, entitlements and harvests belong to a season, and a season to the year in which it opens.
Unit codes of batches whose season has no quota are no labels of its books; they are told apart, by the year of their issue.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, Self

from trace.rules.batches import BatchState
from trace.rules.label_orders import OPEN_ORDERS, OrderState
from trace.rules.quantities import Dimension, QuantityUnit, in_base

# Of the frozen payload. A later shape has another number, and reads this one.
VERSION = 1
SHOWN_IN = {
    Dimension.MASS: QuantityUnit.KILOGRAM,
    Dimension.VOLUME: QuantityUnit.LITRE,
    Dimension.COUNT: QuantityUnit.PIECE,
}
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Goods:
    """Batches of one article, in kilograms, litres or pieces. ``recalled``: of the released ones, those recalled by now."""

    unit: str
    released_batches: int = 0
    released: Decimal = ZERO
    recalled_batches: int = 0
    recalled: Decimal = ZERO
    voided_batches: int = 0
    voided: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Labels:
    """``ordered`` is the sum of those not issued yet (``waiting``), those of which nothing was said (``unused``) and of what became of
    the others. ``codes``: unit codes outside the books, and how many of them were withdrawn."""

    ordered: int = 0
    waiting: int = 0
    unused: int = 0
    active: int = 0
    spoiled: int = 0
    returned: int = 0
    destroyed: int = 0
    lost: int = 0
    codes: int = 0
    codes_withdrawn: int = 0

    def __add__(self, other: "Labels") -> "Labels":
        return Labels(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Labels)))


@dataclass(frozen=True, slots=True)
class Article:
    """One product form: its number and names as they were on the day of the figures."""

    form: str
    name_zh: str
    name_en: str
    goods: tuple[Goods, ...] = ()
    labels: Labels = field(default_factory=Labels)


@dataclass(frozen=True, slots=True)
class SeasonOfYear:
    """What a season granted, took off and saw harvested, in its raw unit. ``entitlement`` is the number of the books."""

    entitlement: str
    season: str
    name: str
    unit: str
    granted: Decimal
    penalties: Decimal
    harvested: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    articles: tuple[Article, ...] = ()
    seasons: tuple[SeasonOfYear, ...] = ()

    @property
    def labels(self) -> Labels:
        """Of all articles together."""
        return sum((article.labels for article in self.articles), Labels())

    def frozen(self) -> dict[str, Any]:
        """As it is kept: amounts as text, so that none of them becomes a float."""
        return {"version": VERSION, **_plain(asdict(self))}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """From what ``frozen`` gave."""
        if kept["version"] != VERSION:
            raise ValueError(f"figures of version {kept['version']}")
        articles = tuple(
            Article(
                **{
                    **row,
                    "goods": tuple(_amounts(Goods, one) for one in row["goods"]),
                    "labels": Labels(**row["labels"]),
                }
            )
            for row in kept["articles"]
        )
        return cls(articles, tuple(_amounts(SeasonOfYear, row) for row in kept["seasons"]))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _amounts(shape: Any, row: Mapping[str, Any]) -> Any:
    decimals = {one.name for one in fields(shape) if one.type in (Decimal, "Decimal")}
    return shape(**{name: Decimal(value) if name in decimals else value for name, value in row.items()})


def goods_of(rows: Iterable[tuple[QuantityUnit, BatchState, int, Decimal]]) -> tuple[Goods, ...]:
    """Batches of one article by (unit, state, count, quantity), gathered by what can be added."""
    found: dict[Dimension, Goods] = {}
    for unit, state, count, quantity in rows:
        dimension, amount = in_base(quantity, unit)
        shown = SHOWN_IN[dimension]
        amount /= in_base(Decimal(1), shown)[1]
        goods = found.get(dimension, Goods(shown.value))
        kinds = {BatchState.VOID: ("voided",), BatchState.RECALLED: ("released", "recalled")}.get(state, ("released",))
        for kind in kinds:
            counts = {f"{kind}_batches": getattr(goods, f"{kind}_batches") + count}
            goods = replace(goods, **counts, **{kind: getattr(goods, kind) + amount})
        found[dimension] = goods
    return tuple(found[dimension] for dimension in Dimension if dimension in found)


def labels_of(state: OrderState, count: int, fates: Mapping[str, int]) -> Labels:
    """Labels of orders in one state; ``fates``: what became of them."""
    if state in OPEN_ORDERS:
        return Labels(ordered=count, waiting=count)
    return Labels(ordered=count, unused=count - sum(fates.values()), **fates)
