"""A cell as it was read: what the program that wrote the file took it for, and its text. Pure."""

from enum import StrEnum
from typing import NamedTuple


class CellKind(StrEnum):
    """The letter under which a kind is kept, before the text."""

    TEXT = "t"
    NUMBER = "n"
    DATE = "d"
    TRUTH = "b"
    FORMULA = "f"
    ERROR = "e"


class Cell(NamedTuple):
    kind: CellKind
    text: str

    @classmethod
    def read(cls, kept: str | None) -> "Cell":
        """From what ``kept`` gave; an empty text for None."""
        return cls(CellKind(kept[0]), kept[1:]) if kept else EMPTY

    @property
    def kept(self) -> str | None:
        """As it goes from process to process and lies in the database; None for an empty one."""
        return f"{self.kind.value}{self.text}" if self.text or self.kind is not CellKind.TEXT else None


EMPTY = Cell(CellKind.TEXT, "")
