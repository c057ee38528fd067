"""What a kind of spreadsheet is: its columns, its lists, and what becomes of its rows. One file of this package each."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Problem
from gi_registry.lib.spreadsheets.folding import folded
from gi_registry.lib.texts import Refusal, Text
from products.models import Producer
from trace.rules.sheet_columns import Column

Faults = dict[int, list[Refusal]]
# A row of the producer's own, with its number and the names by which people call it.
Own = tuple[Any, str, Sequence[str]]
_UNKNOWN = Text("名下没有“{name}”。请从下拉列表中选。", "You have no “{name}”. Choose from the list.")
_SEVERAL = Text(
    "有几个“{name}”，请写编号：{numbers}。", "There are several called “{name}”: give the number, {numbers}."
)


class Rows(Protocol):
    """One file on its way, made anew for checking it and for entering it. Rows go by their number in the file."""

    def read(self, values: Mapping[str, Any]) -> tuple[Any, list[Refusal]]:
        """A row whose cells are what their columns ask for, as the action takes it; or why it cannot be."""

    def weigh(self, contents: Mapping[int, Any]) -> Faults:
        """What stands in the way of entering them, after all that came before them in the file."""

    def enter(self, contents: Mapping[int, Any], *, actor: Actor, reason: str) -> dict[int, str]:
        """The number of what each became. Raises RowsRefused, by row, and Problem for what stops all of them."""


@dataclass(frozen=True, slots=True)
class SheetKind:
    """``lists``: what there is to choose from, by the key of a column. ``enter``, ``see``, ``page``: the words of the button with
    ``{n}`` rows, and of the link to what came of them, with the name of its address."""

    columns: tuple[Column, ...]
    rows: Callable[[Producer, datetime], Rows]
    enter: Text
    see: Text
    page: str
    lists: Mapping[str, Callable[[Producer], list[str]]] = field(default_factory=dict)


class Names:
    """Rows of the producer's own by their number, and by their name where one alone bears it."""

    def __init__(self, rows: Iterable[Own]) -> None:
        self.by_number: dict[str, Any] = {}
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for row, number, names in rows:
            self.by_number[number] = row
            for name in {folded(name) for name in names if name}:
                self.by_name[name].append(number)

    def find(self, told: str, pointer: str, faults: list[Refusal], unknown: Text = _UNKNOWN) -> Any:
        """The row meant; else None, with the reason among the faults."""
        if told in self.by_number:
            return self.by_number[told]
        found = self.by_name.get(folded(told), [])
        if len(found) == 1:
            return self.by_number[found[0]]
        name = told[:40]
        if found:
            faults.append(
                Refusal("name_shared", _SEVERAL.format(name=name, numbers=", ".join(sorted(found)[:5])), pointer)
            )
        else:
            faults.append(Refusal("not_yours", unknown.format(name=name), pointer))
        return None


def in_list(name: str, number: str) -> str:
    """As it stands in a list to choose from, and as ``sheet_cells.reference`` reads it."""
    return f"{name} [{number}]".strip()


def noted(note: str, reason: str) -> str:
    """What a row says of itself, and which file it came with."""
    return f"{note}（{reason}）" if note else reason


def reasons_of(problem: Problem) -> list[Refusal]:
    return list(problem.errors) or [Refusal(problem.code, problem.detail)]
