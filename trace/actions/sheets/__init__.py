"""Every kind of spreadsheet that rows can be brought in by. A new one: its file beside these, and its word in ``ImportKind``."""

from trace.actions.sheets.batches import BATCHES
from trace.actions.sheets.harvests import HARVESTS
from trace.actions.sheets.kind import Rows, SheetKind, reasons_of
from trace.actions.sheets.transfers import TRANSFERS
from trace.rules.imports import ImportKind

KINDS: dict[ImportKind, SheetKind] = {
    ImportKind.BATCHES: BATCHES,
    ImportKind.HARVESTS: HARVESTS,
    ImportKind.TRANSFERS: TRANSFERS,
}

__all__ = ["KINDS", "Rows", "SheetKind", "reasons_of"]
