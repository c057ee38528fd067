"""Having checkpoints stamped: one an hour and one when evidence is taken, by an authority that may be slow or away for days.

Nobody waits for it: the publisher goes on, evidence is handed out without a token where there is none yet, and what was due meanwhile
is stamped afterwards in order, so that each token says how late it is.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from django.core.cache import cache
from django.db import connection

from gi_registry.openlog.models import Checkpoint, Timestamp
from gi_registry.openlog.publishing import Log, alone
from gi_registry.openlog.stamps import Stamper, Token, verify
from gi_registry.openlog.store import history_path, stamp_path

STAMPER = 0x6F70656E03  # name of an advisory lock
# When the oldest checkpoint that is due has waited so long, people are told.
LATE = timedelta(hours=2)
# Evidence asks for a fresh token no more often than this.
WISH_S = 60
_WISH = "openlog-stamp-wished"
_DUE = """
SELECT size, signed_at FROM (
    SELECT DISTINCT ON (date_trunc('hour', signed_at)) size, signed_at FROM openlog_checkpoint
    WHERE size > %(last)s AND size <= %(published)s AND signed_at < date_trunc('hour', %(now)s::timestamptz)
    ORDER BY date_trunc('hour', signed_at), size DESC
) hours ORDER BY size LIMIT %(most)s"""
MOST_AT_ONCE = 800  # a month of hours
log = structlog.get_logger("gi.openlog")
TellTime = Callable[[], datetime]


def wish() -> None:
    """The newest checkpoint is to be stamped soon. As often as it is called, the authority is asked once a minute at most."""
    cache.add(_WISH, True, WISH_S)


def due(published: int, now: datetime, every_s: int) -> list[tuple[int, datetime]]:
    """Sizes that wait for a token, oldest first, each with when it was signed: the last of each hour that is over; and the newest of all
    when there was no token for so long, or evidence asked for one."""
    last = Timestamp.objects.order_by("-size").first()
    with connection.cursor() as cursor:
        given = {"last": last.size if last else -1, "published": published, "now": now, "most": MOST_AT_ONCE}
        cursor.execute(_DUE, given)
        waiting = [(int(size), at) for size, at in cursor.fetchall()]
    newest = Checkpoint.objects.filter(size__lte=published).order_by("-size").first()
    if newest is None or (last and newest.size <= last.size) or any(size == newest.size for size, _ in waiting):
        return waiting
    age = (now - last.received_at).total_seconds() if last else every_s
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
    note = ours.store.read(history_path(size))
    path = stamp_path(size)
    try:
        token = _adopted(ours.store.read(path), note, stamper)
    except FileNotFoundError:
        token = stamper.stamp(note)
        ours.store.write_once(path, token.raw)
    told = {"stamped_at": token.at, "policy": token.policy, "verified_by": token.verified_by[:120]}
    kept = {"digest": sha256(note).digest(), "token": token.raw, "authority": stamper.authority.name[:120]}
    Timestamp.objects.get_or_create(size=size, defaults={**told, **kept, "received_at": tell_time()})


def _adopted(raw: bytes, note: bytes, stamper: Stamper) -> Token:
    """A token that was published before the database knew of it: a process died in between, or the database was restored."""
    return Token(raw, verify(raw, note, stamper.roots), "", "published before")


def tell_when_late(ours: Log, stamper: Stamper, now: datetime) -> bool:
    """Whether tokens are late; said in the log of the service each time it is asked."""
    waiting = due(ours.published().size, now, stamper.every_s)
    is_late = bool(waiting) and now - waiting[0][1] > LATE
    if is_late:
        log.error("openlog_timestamps_late", waiting=len(waiting), since=waiting[0][1].isoformat())
    return is_late


def last_stamp() -> Timestamp | None:
    return Timestamp.objects.order_by("-size").first()
