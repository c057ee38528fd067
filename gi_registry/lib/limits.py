"""How often a stranger may ask in a stretch of time, counted in the database: exact however many processes serve.

A limit is never exceeded. A process may take its share in blocks, so that a busy address costs one statement for many
requests; what a process took and did not use is lost until the stretch ends, so that a limit with blocks may be reached a
little early, never late. Subjects (networks, codes) are kept as keyed digests that change with each stretch.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.crypto import salted_hmac

from gi_registry.lib import plans
from gi_registry.lib.problems import Problem

# What one process remembers; beyond it the longest unused share is given up.
MOST_SHARES = 50_000
# Of a subject and the end of a stretch: how many to take, and how many may have been taken before.
_TAKE = """
INSERT INTO lib_allowance AS held (subject, ends_at, taken) VALUES (%s::bigint, %s, %s::bigint)
ON CONFLICT (subject, ends_at) DO UPDATE SET taken = held.taken + excluded.taken WHERE held.taken <= %s::bigint
RETURNING taken
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """``most`` requests of one subject in ``seconds``; ``block`` of them taken by a process at once (divides ``most``)."""

    name: str
    most: int
    seconds: int
    block: int = 1

    def __post_init__(self) -> None:
        if self.most % self.block:
            raise ValueError(f"{self.name}: a block of {self.block} does not divide {self.most}")

    def ends_at(self, now: datetime) -> datetime:
        """The end of the stretch in which ``now`` lies; stretches begin at multiples of ``seconds``."""
        return datetime.fromtimestamp((int(now.timestamp()) // self.seconds + 1) * self.seconds, UTC)


class TooOften(Problem):
    """A limit is reached (429). ``wait``: seconds until the next stretch begins, for Retry-After."""

    def __init__(self, wait: int) -> None:
        super().__init__("throttled")
        self.wait = wait


class Shares:
    """What this process has taken and not used yet; 0 is remembered as refused, so that a flood costs no statement."""

    def __init__(self, most: int = MOST_SHARES) -> None:
        self._left: OrderedDict[tuple[int, datetime], int] = OrderedDict()
        self._most = most
        self._lock = threading.Lock()

    def use(self, key: tuple[int, datetime]) -> bool | None:
        """True: one was left and is used. False: refused until the stretch ends. None: the database must be asked."""
        with self._lock:
            left = self._left.get(key)
            if left is None:
                return None
            self._left.move_to_end(key)
            if left > 1:
                self._left[key] = left - 1
            elif left == 1:
                del self._left[key]
            return left > 0

    def add(self, key: tuple[int, datetime], count: int) -> None:
        with self._lock:
            self._left[key] = self._left.get(key, 0) + count
            while len(self._left) > self._most:
                self._left.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._left.clear()


shares = Shares()


def take(limit: Limit, subject: str, *, now: datetime) -> bool:
    """Use one of what a subject is allowed; False where nothing is left.

    Outside a transaction by preference: inside one, others who ask for the same subject wait for its end.
    """
    ends_at = limit.ends_at(now)
    key = (_digest(limit, subject, ends_at), ends_at)
    used = shares.use(key)
    if used is not None:
        return used
    is_given = bool(plans.fetch(_TAKE, [key[0], ends_at, limit.block, limit.most - limit.block]))
    if not is_given:
        shares.add(key, 0)
    elif limit.block > 1:
        shares.add(key, limit.block - 1)
    return is_given


def require(limit: Limit, subject: str, *, now: datetime) -> None:
    """Use one of what a subject is allowed. Raises TooOften."""
    if not take(limit, subject, now=now):
        raise TooOften(max(1, int((limit.ends_at(now) - now).total_seconds())))


def _digest(limit: Limit, subject: str, ends_at: datetime) -> int:
    """A signed 64-bit digest, unrelated to that of the same subject in another stretch."""
    told = f"{limit.name}|{ends_at.timestamp():.0f}|{subject}"
    digest = salted_hmac("gi_registry.lib.limits", told, algorithm="sha256").digest()
    return int.from_bytes(digest[:8], "big", signed=True)
