"""What a producer may bring to market in a season: the area of its sites by the ceiling of each, times a factor.

Areas come from the outline on the ellipsoid, never from a form. 1 mu is 2000/3 m2. All sums are made in exact fractions and rounded
once, to a thousandth of the base unit, so that 5.2 mu at 28.75 kg are 149.5 kg and not a milligram less.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from gi_registry.lib.texts import Refusal, Text
from products.rules.seasons import Ceiling, CeilingBasis, ceiling_for
from products.rules.words import SiteKind
from trace.rules.ledger import STEP, ZERO

AREA_M2 = {CeilingBasis.PER_MU: Fraction(2000, 3), CeilingBasis.PER_HECTARE: Fraction(10_000)}
FULL = Decimal(1)


@dataclass(frozen=True, slots=True)
class Plot:
    """A site that counts. ``factor``: the share of it that may bear, 0 to 1 (young plants, part lying fallow)."""

    site: int
    division_code: str
    kind: SiteKind
    area_m2: float | Decimal | None
    factor: Decimal = FULL


@dataclass(frozen=True, slots=True)
class Line:
    """What one site adds, in base units; of sites for which the season has no ceiling, nothing."""

    plot: Plot
    ceiling: Ceiling | None
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """``computed`` is what the land gives; ``quantity`` is that within what is left of the season's cap."""

    lines: tuple[Line, ...]
    computed: Decimal
    quantity: Decimal


def entitlement(
    plots: Sequence[Plot], ceilings: Sequence[Ceiling], unit_in_base: int, left_of_cap: Decimal | None = None
) -> Sum:
    """The entitlement of a producer. ``unit_in_base``: what the raw unit of the ceilings is in its base unit.

    A ceiling per producer is counted once, by the first site that it fits.
    """
    lines, given = [], set()
    for plot in plots:
        ceiling = ceiling_for(ceilings, plot.division_code, plot.kind)
        quantity = ZERO
        if ceiling is not None and ceiling.basis is not CeilingBasis.PER_PRODUCER:
            quantity = _of_land(plot, ceiling, unit_in_base)
        elif ceiling is not None and ceiling not in given:
            given.add(ceiling)
            quantity = _rounded(_exact(ceiling.amount) * unit_in_base * _exact(plot.factor))
        lines.append(Line(plot, ceiling, quantity))
    computed = sum((line.quantity for line in lines), ZERO)
    return Sum(tuple(lines), computed, computed if left_of_cap is None else min(computed, left_of_cap))


def _of_land(plot: Plot, ceiling: Ceiling, unit_in_base: int) -> Decimal:
    if plot.area_m2 is None:
        return ZERO
    area = _exact(plot.area_m2) / AREA_M2[ceiling.basis]
    return _rounded(area * _exact(ceiling.amount) * _exact(plot.factor) * unit_in_base)


def _exact(value: float | Decimal) -> Fraction:
    return Fraction(Decimal(repr(value)) if isinstance(value, float) else value)


def _rounded(value: Fraction) -> Decimal:
    """To the nearest thousandth: an area is known to a few digits only, and 149.4999999 kg are 149.5."""
    return Decimal(round(value * 1000)) * STEP


def labels_within(goods: Decimal, net_content: Decimal) -> int:
    """How many packs of this content a quantity fills; both in the same base unit."""
    return int((goods / net_content).to_integral_value(ROUND_FLOOR))


def factor_refusals(factors: Mapping[str, Decimal], known: Iterable[str]) -> list[Refusal]:
    """Factors are given for sites that count, by number, from 0 to 1."""
    there = set(known)
    refusals = []
    for place, (number, factor) in enumerate(factors.items()):
        if number not in there:
            text = Text(f"场地 {number} 不计入该生产者的额度。", f"Site {number} does not count for this producer.")
            refusals.append(Refusal("site_not_counted", text, f"/factors/{place}/site"))
        elif not (factor.is_finite() and 0 <= factor <= 1):
            text = Text("系数应在 0 至 1 之间。", "A factor lies between 0 and 1.")
            refusals.append(Refusal("factor_out_of_range", text, f"/factors/{place}/factor"))
    return refusals
