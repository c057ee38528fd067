"""What is on record of a batch, as far as demands look at it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from products.rules.words import Sex, Unit


@dataclass(frozen=True, slots=True)
class Measurement:
    """A figure with its unit; of one site where ``site`` names it, of one sex where it was taken by sex.
    ``has_report``: a laboratory's document stands behind it."""

    key: str
    value: Decimal
    unit: Unit
    site: str = ""
    sex: Sex | None = None
    has_report: bool = False


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step or event by the name the records give it; ``ended_on`` is None while it goes on, or for an event of a day."""

    name: str
    began_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Attestation:
    """What a person signed for: that a demand is met, or that it is not."""

    key: str
    is_met: bool
    signer: str


@dataclass(frozen=True, slots=True)
class Place:
    """A site of the batch. ``is_within``: whether it lies in the region, None where no boundary or no clear side of it."""

    number: str
    division_code: str
    is_within: bool | None = None
    area_m2: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """``harvest``: what was taken in the same year from these sites, and from those harvested together with them, this batch
    included: amount, unit and the area of them all in m2. ``output``: the batch. ``packed_in``: division code of the place
    of packing. ``opens_on``: the season's opening date."""

    produced_on: date
    harvested_on: date | None = None
    opens_on: date | None = None
    sites: tuple[Place, ...] = ()
    varieties: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    grade: str = ""
    sexes: tuple[Sex, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    steps: tuple[StepDone, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    output: tuple[Decimal, Unit] | None = None
    harvest: tuple[Decimal, Unit, Decimal] | None = None
    packed_in: str = ""
    region_codes: tuple[str, ...] = ()

    @property
    def gathered_on(self) -> date:
        """The day that harvest windows look at: the harvest, or production where nothing is harvested."""
        return self.harvested_on or self.produced_on
