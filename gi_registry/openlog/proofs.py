"""The file that proves one entry (C2SP tlog-proof): where it stands, the hashes beside its way up, the signed checkpoint. Pure."""

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from gi_registry.openlog.notes import Checkpoint, Note, NoteFault, VerifierKey, unbase64
from gi_registry.openlog.succession import Trusted, signed_by
from gi_registry.openlog.tree import Proof, is_proven

FIRST = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,17})", re.ASCII)


@dataclass(frozen=True, slots=True)
class EntryProof:
    """A proof as it is handed over. ``extra`` is not authenticated by anything."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Note
    extra: bytes = b""

    def __str__(self) -> str:
        lines = [FIRST]
        if self.extra:
            lines.append(f"extra {b64encode(self.extra).decode()}")
        lines += [f"index {self.index}", *(b64encode(step).decode() for step in self.path), ""]
        return "\n".join(lines) + f"\n{self.checkpoint}"

    @classmethod
    def read(cls, text: str) -> "EntryProof":
        """Raises NoteFault."""
        head, _, note = text.partition("\n\n")
        first, *lines = head.split("\n")
        extra = b""
        if lines and lines[0].startswith("extra "):
            extra = unbase64(lines.pop(0).removeprefix("extra "))
        place = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if first != FIRST or place is None or len(lines) > MOST_HASHES:
            raise NoteFault("that is no proof of an entry")
        path = tuple(map(unbase64, lines))
        if any(len(step) != 32 for step in path):
            raise NoteFault("a hash of the proof has not 32 bytes")
        return cls(int(place[1]), path, Note.read(note), extra)

    def proven(self, entry: bytes, keys: Iterable[Trusted | VerifierKey], origin: str) -> Checkpoint:
        """The checkpoint under which the entry stands, signed by one of the log's keys. Raises NoteFault, naming what is wrong."""
        head = signed_by(self.checkpoint, keys)
        if head.origin != origin:
            raise NoteFault("the checkpoint is that of another log")
        if not is_proven(entry, Proof(self.index, head.size, self.path), head.root):
            raise NoteFault("the proof does not lead from the entry to the checkpoint")
        return head
