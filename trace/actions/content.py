"""What a producer states of a batch."""

from dataclasses import dataclass
from decimal import Decimal

from products.models import Authorisation, Season, Site
from trace.models import ProductForm
from trace.rules.dates import BatchDates
from trace.rules.quantities import QuantityUnit


@dataclass(frozen=True, slots=True)
class Content:
    """Rows belong to the producer: views look them up among its own."""

    form: ProductForm
    authorisation: Authorisation
    sites: tuple[Site, ...]
    dates: BatchDates
    quantity: Decimal
    quantity_unit: QuantityUnit
    pack_count: int | None = None
    season: Season | None = None
    producer_lot: str = ""
