"""The nouns of the room: what is sold (forms), what was made (batches), who asked (checks)."""

from trace.models.batches import Batch
from trace.models.checks import Allowance, BatchTally, Check, CheckCount, DeviceKey
from trace.models.forms import ProductForm

__all__ = ["Allowance", "Batch", "BatchTally", "Check", "CheckCount", "DeviceKey", "ProductForm"]
