"""Pages kept as they were answered: every client begins with a first one, and is back for it before anything has changed."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import sha256

from django.http import HttpResponse

from gi_registry.ogc.cache import Memory

MEMORY_BYTES = 32 * 1024 * 1024
# A heavier answer would put too many others out; whoever wants ten thousand features seldom wants them twice.
HEAVIEST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    headers: dict[str, str]

    @property
    def weight(self) -> int:
        return len(self.body) + 500

    def told(self) -> HttpResponse:
        """A response of its own: what stands above the views adds headers to it."""
        return HttpResponse(self.body, headers=self.headers)


FIRST: Memory[Answer] = Memory("first pages", MEMORY_BYTES, lambda answer: answer.weight)
# Apart, so that a walk through a whole layer puts no first page out.
FURTHER: Memory[Answer] = Memory("further pages", MEMORY_BYTES, lambda answer: answer.weight)


def kept(
    memory: Memory[Answer], key: Hashable, tag: Callable[[], str], make: Callable[[], HttpResponse]
) -> HttpResponse:
    """The answer kept under the key while its entity tag is still ``tag()``, else the one made now. ``tag`` is not called
    where nothing is kept: it costs a statement."""
    # A digest: an address may be 64 KiB long and its packed answer one, so that keys would outweigh what is weighed.
    kept_as = sha256(repr(key).encode()).digest()
    found = memory.get(kept_as)
    if found is not None and found.headers["ETag"] == tag():
        return found.told()
    response = make()
    answer = Answer(response.content, dict(response.headers))
    if response.status_code == 200 and answer.weight <= HEAVIEST_BYTES:
        memory.put(kept_as, answer)
    return response
