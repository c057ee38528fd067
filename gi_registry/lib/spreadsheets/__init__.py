"""Spreadsheets from people and for people. A file is read in a process of its own (``child``), as rows of cells that say what
they were; nothing is guessed. Knows no room."""

from gi_registry.lib.spreadsheets.cells import Cell, CellKind
from gi_registry.lib.spreadsheets.faults import SheetRefused, notes_of
from gi_registry.lib.spreadsheets.limits import MAX_ROWS
from gi_registry.lib.spreadsheets.reading import SheetHead, opened
from gi_registry.lib.spreadsheets.sniffing import SheetFormat, format_of

__all__ = [
    "MAX_ROWS",
    "Cell",
    "CellKind",
    "SheetFormat",
    "SheetHead",
    "SheetRefused",
    "format_of",
    "notes_of",
    "opened",
]
