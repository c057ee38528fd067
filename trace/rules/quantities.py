"""How much: units of goods, and the amounts that are refused because they cannot be meant."""

from decimal import Decimal

from gi_registry.lib.texts import Refusal, Text, Word
from products.rules.words import Unit

MAX_DECIMALS = 3
MAX_PACKS = 100_000_000


class Dimension(Word):
    MASS = "mass", "质量", "Mass"
    VOLUME = "volume", "容积", "Volume"
    COUNT = "count", "件数", "Count"


def _of(unit: Unit) -> tuple[str, str, str]:
    return unit.value, unit.text.zh, unit.text.en


class QuantityUnit(Word):
    """The units of the register in which goods are weighed, filled or counted. Its other units (percent, degrees) are not
    among them: nobody makes three degrees of vinegar."""

    GRAM = _of(Unit.GRAM)
    KILOGRAM = _of(Unit.KILOGRAM)
    TONNE = _of(Unit.TONNE)
    MILLILITRE = _of(Unit.MILLILITRE)
    LITRE = _of(Unit.LITRE)
    PIECE = _of(Unit.PIECE)


# What one unit is in the base unit of its dimension: gram, millilitre, piece.
_IN_BASE: dict[QuantityUnit, tuple[Dimension, Decimal]] = {
    QuantityUnit.GRAM: (Dimension.MASS, Decimal(1)),
    QuantityUnit.KILOGRAM: (Dimension.MASS, Decimal(1_000)),
    QuantityUnit.TONNE: (Dimension.MASS, Decimal(1_000_000)),
    QuantityUnit.MILLILITRE: (Dimension.VOLUME, Decimal(1)),
    QuantityUnit.LITRE: (Dimension.VOLUME, Decimal(1_000)),
    QuantityUnit.PIECE: (Dimension.COUNT, Decimal(1)),
}

# No single batch of food is larger than this: 10,000 t is a whole county's harvest, so more is a slip of the unit.
BATCH_CEILING: dict[Dimension, Decimal] = {
    Dimension.MASS: Decimal(10_000) * 1_000_000,
    Dimension.VOLUME: Decimal(10_000) * 1_000_000,
    Dimension.COUNT: Decimal(100_000_000),
}

# No pack for sale is larger than this: a tonne, a cubic metre, ten thousand pieces.
PACK_CEILING: dict[Dimension, Decimal] = {
    Dimension.MASS: Decimal(1_000_000),
    Dimension.VOLUME: Decimal(1_000_000),
    Dimension.COUNT: Decimal(10_000),
}

# Packs are filled a little over and batches weighed a little under; more than this share above the batch is an error.
OVERFILL = Decimal("1.05")

_NOT_POSITIVE = Text("数量必须大于零。", "The quantity must be greater than zero.")
_TOO_FINE = Text("数量最多三位小数。", "A quantity has at most three decimals.")
_ABSURD = Text(
    "数量超过 {limit} {unit}，请核对数字和单位。",
    "The quantity is more than {limit} {unit}; check the number and the unit.",
)
_MIXED = Text("该产季按{unit}记账，不能用这个单位。", "The season is kept in {unit}, which this cannot be counted in.")


def quantity_faults(
    quantity: Decimal,
    unit: QuantityUnit,
    pointer: str = "/quantity",
    ceilings: dict[Dimension, Decimal] = BATCH_CEILING,
) -> list[Refusal]:
    """What is wrong with an amount: not a number, not positive, too fine, or beyond the ceiling of its unit."""
    if not quantity.is_finite() or quantity <= 0:
        return [Refusal("quantity_not_positive", _NOT_POSITIVE, pointer)]
    if -int(quantity.as_tuple().exponent) > MAX_DECIMALS:
        return [Refusal("quantity_too_fine", _TOO_FINE, pointer)]
    dimension, factor = _IN_BASE[unit]
    ceiling = ceilings[dimension] / factor
    if quantity > ceiling:
        words = Text(
            _ABSURD.zh.format(limit=f"{ceiling:,f}", unit=unit.text.zh),
            _ABSURD.en.format(limit=f"{ceiling:,f}", unit=unit.text.en),
        )
        return [Refusal("quantity_absurd", words, pointer)]
    return []


def unit_refusals(unit: QuantityUnit, kept_in: QuantityUnit, pointer: str = "/quantity_unit") -> list[Refusal]:
    """Whether an amount can be counted in books that are kept in another unit: kilograms in tonnes, but not in litres."""
    if _IN_BASE[unit][0] is _IN_BASE[kept_in][0]:
        return []
    text = Text(_MIXED.zh.format(unit=kept_in.text.zh), _MIXED.en.format(unit=kept_in.text.en))
    return [Refusal("unit_of_season", text, pointer)]


def pack_faults(pack_count: int | None, pointer: str = "/pack_count") -> list[Refusal]:
    """What is wrong with a number of packs; none given is nothing wrong."""
    if pack_count is None:
        return []
    if pack_count <= 0:
        return [
            Refusal(
                "pack_count_not_positive",
                Text("包装件数必须大于零。", "The number of packs must be greater than zero."),
                pointer,
            )
        ]
    if pack_count > MAX_PACKS:
        words = Text(f"包装件数不能超过 {MAX_PACKS:,}。", f"The number of packs cannot exceed {MAX_PACKS:,}.")
        return [Refusal("pack_count_absurd", words, pointer)]
    return []


def packs_fit(
    quantity: Decimal, unit: QuantityUnit, pack_count: int | None, net_content: Decimal, net_unit: QuantityUnit
) -> bool:
    """Whether the packs hold no more than the batch: a label for goods that were never made is the classic fraud.

    Amounts of different dimensions (kilograms filled into pieces) cannot be compared and are let pass.
    """
    if pack_count is None:
        return True
    (dimension, factor), (net_dimension, net_factor) = _IN_BASE[unit], _IN_BASE[net_unit]
    if dimension is not net_dimension:
        return True
    return pack_count * net_content * net_factor <= quantity * factor * OVERFILL


def goods_of(
    unit: QuantityUnit,
    quantity: Decimal,
    quantity_unit: QuantityUnit,
    pack_count: int | None,
    net_content: Decimal,
    net_unit: QuantityUnit,
) -> Decimal | None:
    """How much a batch is in the base unit of ``unit``: its quantity or what its packs hold, whichever is more. None where
    neither is of that dimension."""
    counted = [(quantity, quantity_unit)]
    if pack_count is not None:
        counted.append((pack_count * net_content, net_unit))
    amounts = [amount * _IN_BASE[one][1] for amount, one in counted if _IN_BASE[one][0] is _IN_BASE[unit][0]]
    return max(amounts, default=None)


def in_base(quantity: Decimal, unit: QuantityUnit) -> tuple[Dimension, Decimal]:
    """An amount in the base unit of its dimension: grams, millilitres, pieces."""
    dimension, factor = _IN_BASE[unit]
    return dimension, quantity * factor
