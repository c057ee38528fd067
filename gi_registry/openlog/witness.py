"""Witnesses (C2SP tlog-witness): somebody else who saw that the log only grew, and signs for it. Both sides of the talk. Pure but for
the one request that is sent.

A witness keeps, of each log that it knows, the last checkpoint it signed. It signs another only when shown that the new tree
begins with that one: then two readers under the same witness cannot have been shown two logs.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from gi_registry.openlog.notes import Checkpoint, Note, NoteFault, Signature, Signer, VerifierKey, unbase64
from gi_registry.openlog.tree import EMPTY, is_consistent

MOST_HASHES = 63
MOST_BYTES = 200_000
SIZE_TYPE = "text/x.tlog.size"
PATIENCE_S = 5
_OLD = re.compile(r"old (0|[1-9][0-9]{0,17})", re.ASCII)
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,17})\n")


@dataclass(frozen=True, slots=True)
class Growth:
    """What a witness is asked to sign: that the log of ``checkpoint`` began as it was at ``old`` entries."""

    old: int
    path: tuple[bytes, ...]
    checkpoint: Note

    def __str__(self) -> str:
        steps = "".join(f"{b64encode(step).decode()}\n" for step in self.path)
        return f"old {self.old}\n{steps}\n{self.checkpoint}"

    @classmethod
    def read(cls, data: bytes) -> "Growth":
        """Raises NoteFault."""
        if len(data) > MOST_BYTES:
            raise NoteFault("the request is too long")
        try:
            head, _, note = data.decode().partition("\n\n")
        except UnicodeDecodeError:
            raise NoteFault("the request is not UTF-8") from None
        first, *lines = head.split("\n")
        found = _OLD.fullmatch(first)
        path = tuple(map(unbase64, lines))
        if found is None or len(path) > MOST_HASHES or any(len(step) != 32 for step in path):
            raise NoteFault("that is no request to a witness")
        return cls(int(found[1]), path, Note.read(note))


@dataclass(frozen=True, slots=True)
class Answer:
    """Of a witness: 200 with its lines; 409 with the size it knows; anything else without a word."""

    status: int
    body: str = ""
    type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Watch:
    """A log that is watched: its keys, and what was signed of it last."""

    keys: tuple[VerifierKey, ...]
    size: int = 0
    root: bytes = EMPTY


def judge(
    data: bytes, watched: Mapping[str, Watch], signer: Signer, now: int, keep: Callable[[str, Watch], None]
) -> Answer:
    """What a witness answers. ``keep`` must have stored the new head, for good, when it returns: only then is it signed."""
    try:
        growth = Growth.read(data)
        head = Checkpoint.read(growth.checkpoint.text)
    except NoteFault:
        return Answer(400)
    if (watch := watched.get(head.origin)) is None:
        return Answer(404)
    try:
        if not growth.checkpoint.by(watch.keys):
            return Answer(403)
    except NoteFault:
        return Answer(403)
    if growth.old > head.size:
        return Answer(400)
    if growth.old != watch.size:
        return Answer(409, f"{watch.size}\n", SIZE_TYPE)
    if not is_consistent(watch.size, watch.root, head.size, head.root, growth.path):
        return Answer(422)
    keep(head.origin, Watch(watch.keys, head.size, head.root))
    return Answer(200, str(signer.cosign(growth.checkpoint.text, now)))


# --- asking ---


@dataclass(frozen=True, slots=True)
class Asked:
    """A witness that we ask, by the address before ``add-checkpoint`` and its key."""

    url: str
    key: VerifierKey

    def sign(self, note: Note, seen: int, path_from: Callable[[int], Sequence[bytes]]) -> tuple[Signature, ...]:
        """Its lines under a checkpoint. ``seen``: the size that we believe it signed last; where it knows another, it says so and
        is asked once more from there. Raises Silent."""
        for _ in range(2):
            status, body = self._ask(Growth(seen, tuple(path_from(seen)), note))
            if status == 409 and (found := _SIZE.fullmatch(body)) and int(found[1]) <= Checkpoint.read(note.text).size:
                seen = int(found[1])
                continue
            break
        if status != 200:
            raise Silent(f"{self.key.name} answered {status}")
        return self._own(note, body)

    def _own(self, note: Note, body: bytes) -> tuple[Signature, ...]:
        """The lines that are its own and right: nothing else goes under our checkpoint."""
        try:
            signed = Note.read(f"{note.text}\n{body.decode()}")
            if not signed.by([self.key]):
                raise Silent(f"{self.key.name} sent no line of its own")
        except (NoteFault, UnicodeDecodeError) as fault:
            raise Silent(f"{self.key.name}: {fault}") from fault
        return tuple(line for line in signed.signatures if (line.name, line.id) == (self.key.name, self.key.id))

    def _ask(self, growth: Growth) -> tuple[int, bytes]:
        request = Request(f"{self.url}/add-checkpoint", data=str(growth).encode(), method="POST")  # noqa: S310 - see the settings
        try:
            with build_opener(ProxyHandler({})).open(request, timeout=PATIENCE_S) as answer:
                return answer.status, answer.read(MOST_BYTES)
        except HTTPError as no:
            with no:
                return no.code, no.read(MOST_BYTES)
        except (OSError, HTTPException, ValueError) as fault:
            raise Silent(f"{self.key.name}: {fault}") from fault


class Silent(Exception):
    """A witness did not sign. The log goes on without its line, and says how many signed."""
