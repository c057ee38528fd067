"""Having checkpoints stamped: one an hour and one when evidence is taken, by an authority that may be slow or away for days.

Nobody waits for it: the publisher goes on, evidence is handed out without a token where there is none yet, and what was due meanwhile
is stamped afterwards in order, so that each token says how late it is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from django.core.cache import cache
from django.db import connection

from gi_registry.openlog.models import Checkpoint, Timestamp
from gi_registry.openlog.publishing import Log, alone
from gi_registry.openlog.stamps import Stamper, StampFault, Token, verify
from gi_registry.openlog.store import STAMPS, history_path, stamp_path

STAMPER = 0x6F70656E03  # name of an advisory lock
# When the oldest checkpoint that is due has waited so long, people are told.
LATE = timedelta(hours=2)
# Evidence asks for a fresh token no more often than this.
WISH_S = 60
_WISH = "openlog-stamp-wished"
# The last checkpoint of each hour that is over. From hour to hour by the index, not over every checkpoint that was signed meanwhile.
DUE = """
WITH RECURSIVE ends(at) AS (
    SELECT (SELECT date_trunc('hour', signed_at) + interval '1 hour' FROM openlog_checkpoint
             WHERE size > %(last)s ORDER BY size LIMIT 1)
  UNION ALL
    SELECT (SELECT date_trunc('hour', signed_at) + interval '1 hour' FROM openlog_checkpoint
             WHERE signed_at >= ends.at ORDER BY signed_at, size LIMIT 1)
      FROM ends WHERE ends.at IS NOT NULL
)
SELECT found.size, found.signed_at FROM ends, LATERAL (
    SELECT size, signed_at FROM openlog_checkpoint
     WHERE signed_at >= ends.at - interval '1 hour' AND signed_at < ends.at AND size > %(last)s AND size <= %(published)s
     ORDER BY signed_at DESC, size DESC LIMIT 1) found
 WHERE ends.at <= %(now)s LIMIT %(most)s"""
MOST_AT_ONCE = 800  # a month of hours
# Whether the database lacks tokens that were published is looked up so often; so many are brought back before others are asked for.
LOOK = timedelta(hours=1)
BATCH = 200
_TOKEN = re.compile(rf"{STAMPS}/[0-9]{{6}}/(0|[1-9][0-9]{{0,14}})\.tsr", re.ASCII)
log = structlog.get_logger("gi.openlog")
TellTime = Callable[[], datetime]


def wish() -> None:
    """The newest checkpoint is to be stamped soon. As often as it is called, the authority is asked once a minute at most."""
    cache.add(_WISH, True, WISH_S)


def due(published: int, now: datetime, every_s: int) -> list[tuple[int, datetime]]:
    """Sizes that wait for a token, oldest first, each with when it was signed: the last of each hour that is over; and the newest of all
    when there was no token for so long, or evidence asked for one. Before there was any, the newest alone: it covers all before it."""
    last = last_stamp()
    newest = Checkpoint.objects.filter(size__lte=published).order_by("-size").first()
    if newest is None or (last and newest.size <= last.size):
        return []
    if last is None:
        return [(newest.size, newest.signed_at)]
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"last": last.size, "published": published, "now": now, "most": MOST_AT_ONCE})
        waiting = sorted((int(size), at) for size, at in cursor.fetchall())
    if any(size == newest.size for size, _ in waiting):
        return waiting
    age = (now - last.received_at).total_seconds()
    is_wished = age >= WISH_S and cache.get(_WISH) is not None
    return [*waiting, (newest.size, newest.signed_at)] if age >= every_s or is_wished else waiting


def stamp_due(ours: Log, stamper: Stamper, tell_time: TellTime) -> int:
    """Have stamped what is due, in order, and say how many it were; 0 also while another process does it. Raises StampFault."""
    with alone(STAMPER) as is_ours:
        if not is_ours:
            return 0
        done = 0
        for size, _ in due(ours.published().size, tell_time(), stamper.every_s):
            _stamp(ours, stamper, size, tell_time)
            done += 1
        return done


def _stamp(ours: Log, stamper: Stamper, size: int, tell_time: TellTime) -> None:
    if not _bring_back(ours, stamper, size, tell_time):
        note = ours.store.read(history_path(size))
        token = stamper.stamp(note)
        ours.store.write_once(stamp_path(size), token.raw)
        _keep(stamper, size, note, token, tell_time)


def _bring_back(ours: Log, stamper: Stamper, size: int, tell_time: TellTime) -> bool:
    """Take up a token that was published and that the database does not know: a process died in between, or the database was restored.
    False where there is none. Raises StampFault."""
    try:
        raw = ours.store.read(stamp_path(size))
    except FileNotFoundError:
        return False
    note = ours.store.read(history_path(size))
    token = Token(raw, verify(raw, note, stamper.roots), "", "published before")
    _keep(stamper, size, note, token, tell_time)
    return True


def _keep(stamper: Stamper, size: int, note: bytes, token: Token, tell_time: TellTime) -> None:
    told = {"stamped_at": token.at, "policy": token.policy, "verified_by": token.verified_by[:120]}
    kept = {"digest": sha256(note).digest(), "token": token.raw, "authority": stamper.authority.name[:120]}
    Timestamp.objects.get_or_create(size=size, defaults={**told, **kept, "received_at": tell_time()})


@dataclass
class Lost:
    """Tokens that stand beside the checkpoints and not in the database, for it was restored. Looked for when a process begins and every
    hour, and brought back in batches, the newest first: nobody is asked again for what is there."""

    ours: Log
    stamper: Stamper
    _sizes: list[int] = field(default_factory=list)
    _looked: datetime | None = None

    def bring_back(self, tell_time: TellTime) -> int:
        """How many of a batch there were. One that cannot be believed (any more) is left where it is, and told of."""
        now = tell_time()
        if self._looked is None or now - self._looked >= LOOK:
            self._looked, known = now, set(Timestamp.objects.values_list("size", flat=True))
            sizes = {int(found[1]) for path in self.ours.store.paths(STAMPS) if (found := _TOKEN.fullmatch(path))}
            self._sizes = sorted(sizes - known)
        batch, self._sizes = self._sizes[-BATCH:], self._sizes[:-BATCH]
        for size in reversed(batch):
            try:
                _bring_back(self.ours, self.stamper, size, tell_time)
            except (StampFault, FileNotFoundError) as fault:
                log.warning("openlog_token_left", size=size, reason=str(fault))
        return len(batch)


def silent_since(now: datetime, last: Timestamp | None) -> datetime | None:
    """When the first checkpoint was signed that no token covers, once it has waited for LATE; None where all is as it should be."""
    waiting = Checkpoint.objects.filter(size__gt=last.size if last else -1).order_by("size")
    since = waiting.values_list("signed_at", flat=True).first()
    return since if since and now - since > LATE else None


def tell_when_late(now: datetime) -> bool:
    """Whether tokens are late; said in the log of the service each time it is asked."""
    if since := silent_since(now, last_stamp()):
        log.error("openlog_timestamps_late", since=since.isoformat())
    return since is not None


def last_stamp() -> Timestamp | None:
    return Timestamp.objects.order_by("-size").first()
