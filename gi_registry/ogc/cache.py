"""What the map keeps in memory between requests: small, bounded, and thrown out oldest first.

Nothing here asks whether it is still true. A key therefore holds all that the value depends on: the collection's id, its
data version and, wherever an actor's rows are behind it, ``Actor.access_class``.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, ClassVar, Generic, TypeVar

from prometheus_client import Counter

Value = TypeVar("Value")
LOOKUPS = Counter("gi_map_cache_lookups_total", "Looks into the memory of the map.", ["cache", "found"])


class Memory(Generic[Value]):
    """A bounded memory, safe for threads. ``weigh`` gives what a value counts (1 unless told), ``most`` bounds the sum."""

    _all: ClassVar[list["Memory[Any]"]] = []

    def __init__(self, name: str, most: int, weigh: Callable[[Value], int] = lambda value: 1) -> None:
        self.most, self._weigh, self._sum = most, weigh, 0
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()
        self._hits, self._misses = LOOKUPS.labels(name, "yes"), LOOKUPS.labels(name, "no")
        self._all.append(self)

    def get(self, key: Hashable, absent: Any = None) -> Value | Any:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
        (self._misses if found is None else self._hits).inc()
        return absent if found is None else found[0]

    def put(self, key: Hashable, value: Value) -> None:
        """Keep a value; one that alone is heavier than the whole memory is not kept."""
        weight = self._weigh(value)
        with self._lock:
            self._sum -= self._kept.pop(key, (None, 0))[1]
            if weight > self.most:
                return
            self._kept[key] = value, weight
            self._sum += weight
            while self._sum > self.most:
                self._sum -= self._kept.popitem(last=False)[1][1]

    def recall(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value kept, or the one that is made now. Two threads may make the same; neither waits for the other."""
        found = self.get(key, self)
        if found is self:
            found = make()
            self.put(key, found)
        return found

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._sum = 0

    @classmethod
    def clear_all(cls) -> None:
        """Forget everything: where data versions start anew, as between tests."""
        for each in cls._all:
            each.clear()
