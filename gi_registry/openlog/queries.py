"""What the log says of an object, and what is handed out of it: from the published files wherever it must be provable."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gi_registry.openlog import entries, tree
from gi_registry.openlog.models import Entry
from gi_registry.openlog.notes import Checkpoint, Note
from gi_registry.openlog.proofs import EntryProof
from gi_registry.openlog.store import CHECKPOINT, Store, fetch, history_path
from gi_registry.openlog.succession import MOST, succession_path
from gi_registry.openlog.tiles import Tiled

MOST_OF_OBJECT = 200


@dataclass(frozen=True, slots=True)
class Published:
    """What was said last: the note as it stands there, and what it claims. It is ours: whoever reads it checks the signature."""

    note: Note
    claim: Checkpoint
    store: Store

    @classmethod
    def of(cls, store: Store) -> "Published | None":
        """None before anything was published. Raises NoteFault for a file that is none of ours."""
        try:
            note = Note.read(store.read(CHECKPOINT))
        except FileNotFoundError:
            return None
        return cls(note, Checkpoint.read(note.text), store)

    @classmethod
    def at(cls, store: Store, size: int) -> "Published":
        """As it was said at a size. Raises NoteFault, OSError."""
        note = Note.read(store.read(history_path(size)))
        return cls(note, Checkpoint.read(note.text), store)

    @property
    def tiled(self) -> Tiled:
        return Tiled(self.claim.size, lambda tile: fetch(self.store, tile))

    def proof(self, index: int) -> EntryProof:
        """That an entry stands there under this checkpoint. ValueError for one that is not published."""
        path = tree.inclusion(index, self.claim.size, self.tiled.subtree).path
        return EntryProof(index, path, self.note)


def successions(store: Store) -> Iterator[bytes]:
    """The notes by which one key took the place of another, from the first on. Raises OSError."""
    for number in range(1, MOST + 1):
        try:
            yield store.read(succession_path(number))
        except FileNotFoundError:
            return


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of an object, as a page shows it."""

    index: int
    type: str
    sequence: int
    occurred_at: datetime
    recorded_at: datetime
    role: str
    facts: dict[str, Any]
    commitment: str


def said_of(name: str) -> list[Said]:
    """What was logged of an object, newest first, at most MOST_OF_OBJECT."""
    rows = Entry.objects.filter(object=name).order_by("-sequence")[:MOST_OF_OBJECT]
    return [_said(row.index, bytes(row.data)) for row in rows]


def said_last(count: int) -> Iterator[tuple[str, Said]]:
    """The last entries of all, each with its object."""
    for row in Entry.objects.order_by("-index")[:count]:
        yield row.object, _said(row.index, bytes(row.data))


def said_at(index: int) -> tuple[str, Said] | None:
    """One entry with its object."""
    row = Entry.objects.filter(index=index).first()
    return (row.object, _said(row.index, bytes(row.data))) if row else None


def _said(index: int, data: bytes) -> Said:
    told = entries.read(data)
    return Said(
        index=index,
        type=told["type"],
        sequence=told["sequence"],
        occurred_at=datetime.fromisoformat(told["occurred_at"]),
        recorded_at=datetime.fromisoformat(told["recorded_at"]),
        role=told["role"],
        facts=told.get("facts", {}),
        commitment=told.get("commitment", ""),
    )
