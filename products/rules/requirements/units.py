"""Which units measure the same thing, and what one is in another. Exact: a mu is 2000/3 square metres, not 666.67."""

from decimal import Decimal
from fractions import Fraction

from products.rules.words import Unit

_MU = Fraction(2000, 3)  # square metres
_HECTARE = Fraction(10_000)
_KILOGRAM_FORCE = Fraction(980_665, 100_000)  # newton; a firmness in kg/cm2 is a force

# unit -> (what it measures, how many of the first unit of that kind it is)
_IN_BASE: dict[Unit, tuple[str, Fraction]] = {
    Unit.MILLIMETRE: ("length", Fraction(1)),
    Unit.CENTIMETRE: ("length", Fraction(10)),
    Unit.METRE: ("length", Fraction(1_000)),
    Unit.SQUARE_METRE: ("area", Fraction(1)),
    Unit.MU: ("area", _MU),
    Unit.HECTARE: ("area", _HECTARE),
    Unit.GRAM: ("mass", Fraction(1)),
    Unit.KILOGRAM: ("mass", Fraction(1_000)),
    Unit.TONNE: ("mass", Fraction(1_000_000)),
    Unit.MILLILITRE: ("volume", Fraction(1)),
    Unit.LITRE: ("volume", Fraction(1_000)),
    Unit.HOUR: ("time", Fraction(1)),
    Unit.DAY: ("time", Fraction(24)),
    # A month is no number of days: months and years are counted on the calendar.
    Unit.MONTH: ("months", Fraction(1)),
    Unit.YEAR: ("months", Fraction(12)),
    Unit.MILLIGRAM_PER_KILOGRAM: ("mass share", Fraction(1)),
    Unit.MILLIGRAM_PER_100_G: ("mass share", Fraction(10)),
    Unit.GRAM_PER_KILOGRAM: ("mass share", Fraction(1_000)),
    Unit.GRAM_PER_100_G: ("mass share", Fraction(10_000)),
    Unit.MILLIGRAM_PER_LITRE: ("mass in volume", Fraction(1)),
    Unit.GRAM_PER_100_ML: ("mass in volume", Fraction(10_000)),
    Unit.NEWTON_PER_CM2: ("pressure", Fraction(1)),
    Unit.KILOGRAM_PER_CM2: ("pressure", _KILOGRAM_FORCE),
    Unit.KILOGRAM_PER_MU: ("mass on area", 1 / _MU),
    Unit.KILOGRAM_PER_HECTARE: ("mass on area", 1 / _HECTARE),
    Unit.TONNE_PER_HECTARE: ("mass on area", 1_000 / _HECTARE),
    Unit.PLANTS_PER_MU: ("plants on area", 1 / _MU),
    Unit.PLANTS_PER_HECTARE: ("plants on area", 1 / _HECTARE),
    Unit.HEAD_PER_MU: ("head on area", 1 / _MU),
}


def measured_by(unit: Unit) -> str:
    """What a unit measures. Units with no other of their kind (percent, pH, degrees) measure what they are named for."""
    return _IN_BASE[unit][0] if unit in _IN_BASE else unit.value


def same_kind(one: Unit, other: Unit) -> bool:
    return measured_by(one) == measured_by(other)


def in_base(value: Decimal, unit: Unit) -> Fraction:
    """A value in the first unit of its kind, exactly. ``value`` is finite."""
    return Fraction(value) * (_IN_BASE[unit][1] if unit in _IN_BASE else 1)


def from_base(value: Fraction, unit: Unit) -> Decimal:
    """Back in a unit, to six decimals: for showing, never for comparing."""
    there = value / (_IN_BASE[unit][1] if unit in _IN_BASE else 1)
    return round(Decimal(there.numerator) / Decimal(there.denominator), 6)
