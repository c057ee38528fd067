"""How one key of the log takes the place of another: a note that both sign. Whoever trusts the one may trust the other. Pure.

The text begins ``<origin>/keys`` and ``succession <n>``, so it can never be read as a checkpoint. The key after it may have signed checkpoints
from that size on, the key before it those up to that size.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gi_registry.openlog.notes import Checkpoint, KeyType, Note, NoteFault, VerifierKey

FOLDER = "succession"
MOST = 100
_TEXT = re.compile(
    r"(\S+)/keys\nsuccession ([1-9][0-9]{0,2})\nfrom (\S+)\nto (\S+)\nsize (0|[1-9][0-9]{0,17})\n", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Succession:
    """The ``number``-th of a log, counted from one; ``size``: how many entries were published by then."""

    origin: str
    number: int
    before: VerifierKey
    after: VerifierKey
    size: int

    def __str__(self) -> str:
        keys = f"from {self.before}\nto {self.after}"
        return f"{self.origin}/keys\nsuccession {self.number}\n{keys}\nsize {self.size}\n"

    @classmethod
    def read(cls, data: str | bytes) -> "Succession":
        """Signed by both keys. Raises NoteFault."""
        note = Note.read(data)
        if (told := _TEXT.fullmatch(note.text)) is None:
            raise NoteFault("that is no succession of keys")
        found = cls(told[1], int(told[2]), VerifierKey.read(told[3]), VerifierKey.read(told[4]), int(told[5]))
        keys = (found.before, found.after)
        if str(found) != note.text or any((key.name, key.type) != (found.origin, KeyType.ED25519) for key in keys):
            raise NoteFault("the succession is not written as it must be")
        if found.before == found.after or len(note.by(keys)) != 2:
            raise NoteFault("the succession is not signed by both keys")
        return found


@dataclass(frozen=True, slots=True)
class Trusted:
    """A key, and the sizes of the checkpoints that it may have signed (``last`` None: any)."""

    key: VerifierKey
    first: int = 0
    last: int | None = None

    def may_sign(self, size: int) -> bool:
        return self.first <= size and (self.last is None or size <= self.last)


def succession_path(number: int) -> str:
    return f"{FOLDER}/{number}"


def trusted(given: Iterable[VerifierKey], chain: Sequence[Succession], origin: str) -> list[Trusted]:
    """The keys that are trusted of themselves, and those that they lead to: forwards and backwards. Raises NoteFault for a chain that is none."""
    for place, link in enumerate(chain):
        if link.origin != origin:
            raise NoteFault("the succession is that of another log")
        before = chain[place - 1] if place else None
        if before and (link.number, link.before) != (before.number + 1, before.after):
            raise NoteFault("the successions do not follow each other")
        if before and link.size < before.size:
            raise NoteFault("a succession goes back behind the one before it")
    found = [Trusted(key) for key in given]
    for link in chain:
        if _knows(found, link.before) and not _knows(found, link.after):
            found.append(Trusted(link.after, first=link.size))
    for link in reversed(chain):
        if _knows(found, link.after) and not _knows(found, link.before):
            found.append(Trusted(link.before, last=link.size))
    return found


def signed_by(note: Note, keys: Iterable[Trusted | VerifierKey]) -> Checkpoint:
    """The checkpoint, signed by one of the keys that may have signed it at its size. Raises NoteFault."""
    known = {one.key: one for one in (key if isinstance(key, Trusted) else Trusted(key) for key in keys)}
    signed = note.by(known)
    if not signed:
        raise NoteFault("no key of the log signed the checkpoint")
    head = Checkpoint.read(note.text)
    if not any(known[key].may_sign(head.size) for key in signed):
        raise NoteFault("the key that signed the checkpoint was not the log's at that size")
    return head


def _knows(found: Iterable[Trusted], key: VerifierKey) -> bool:
    return any(one.key == key for one in found)
