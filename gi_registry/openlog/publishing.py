"""Publishing: entries and hashes as files, each written once; then the signed checkpoint, last of all.

Every step can be repeated after a crash, for nothing in it is left to chance: the same entries give the same files, the same
root and the same signature. What was published decides: where the database says otherwise, nothing is signed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction

from gi_registry.openlog import tiles, tree
from gi_registry.openlog.actions import PUBLISHER, Behind, append, locked_head, put_in_order
from gi_registry.openlog.entries import EntryFault, read
from gi_registry.openlog.models import Checkpoint, Entry, Head, Waiting
from gi_registry.openlog.notes import Checkpoint as Claim
from gi_registry.openlog.notes import Note, NoteFault, Signature, Signer
from gi_registry.openlog.sm2 import SM2Fault
from gi_registry.openlog.store import CHECKPOINT, HISTORY, Store, fetch, history_path
from gi_registry.openlog.succession import Succession, signed_by, succession_path, trusted
from gi_registry.openlog.tiles import ENTRIES, Tile, Tiled
from gi_registry.openlog.witness import Asked, Silent

AT_ONCE = 5_000
log = structlog.get_logger("gi.openlog")


class Tampered(Exception):
    """The log, its files or its head are not what they were. Nothing is signed until people have looked at it."""


@dataclass(frozen=True, slots=True)
class Log:
    """One log: its name for life, where it is published, who signs; ``also`` adds lines of other keys of ours, ``chain`` leads to
    the keys that signed before.
    ``at`` is told the name of each step that was reached."""

    origin: str
    store: Store
    signer: Signer
    witnesses: tuple[Asked, ...] = ()
    at: Callable[[str], None] = field(default=lambda step: None)
    also: tuple[Signer, ...] = ()
    chain: tuple[Succession, ...] = ()

    def published(self) -> Claim:
        """What was said last, with our own signature on it; of nothing published, a tree of none. Raises Tampered."""
        return self._said(self._checkpoint() or self._newest_kept())

    def _said(self, data: bytes | None) -> Claim:
        if data is None:
            return Claim(self.origin, 0, tree.EMPTY)
        try:
            note = Note.read(data)
        except NoteFault as fault:
            raise Tampered(f"the checkpoint cannot be read: {fault}") from fault
        return self.claim(note)

    def _checkpoint(self) -> bytes | None:
        with suppress(FileNotFoundError):
            return self.store.read(CHECKPOINT)
        return None

    def _newest_kept(self) -> bytes | None:
        """In the place of a checkpoint that was deleted, the newest of those that were kept: else the log would begin anew."""
        sizes = (path.rpartition("/")[2] for path in self.store.paths(HISTORY))
        newest = max((int(size) for size in sizes if size.isdecimal()), default=None)
        return None if newest is None else self.store.read(history_path(newest))

    def claim(self, note: Note) -> Claim:
        try:
            claim = signed_by(note, trusted([self.signer.key], self.chain, self.origin))
        except NoteFault as fault:
            raise Tampered(str(fault)) from fault
        if claim.origin != self.origin:
            raise Tampered("the checkpoint is not signed by this log")
        return claim

    def tiled(self, size: int) -> Tiled:
        return Tiled(size, self._fetch)

    def _fetch(self, tile: Tile) -> bytes:
        """A published tile. Raises Tampered for one that is gone: whoever waits for it waits for ever."""
        try:
            return fetch(self.store, tile)
        except FileNotFoundError:
            raise Tampered(f"{tile.path} was published and is gone") from None

    # --- forward ---

    def publish(self, now: datetime) -> Claim | None:
        """Publish what was put in order since. None when there was nothing, or while another process does it.

        Raises Behind, Tampered, Clash; OSError when the files cannot be written: then there is no checkpoint either.
        """
        with alone(PUBLISHER) as is_ours:
            if not is_ours:
                return None
            note, head = self._checkpoint(), Head.objects.first() or Head()
            kept = note or self._newest_kept()
            published = self._said(kept)
            if published.size > head.size:
                raise Behind(published.size, head.size)
            if published.size == head.size and kept is not None:
                if published.root != head.frontier.root():
                    raise Tampered("the root in the database is not the one that was published")
                if note is None:
                    self.store.replace(CHECKPOINT, kept)
                return None
            # Signed and not yet published: a process died in between.
            for row in Checkpoint.objects.filter(size__gt=published.size, size__lt=head.size).order_by("size"):
                published = self._advance(published, row.size, bytes(row.root), now)
            return self._advance(published, head.size, head.frontier.root(), now)

    def go_on(self, now: datetime) -> Claim | None:
        """One round of work: what waits is put in order and published; first what a restored database lacks is brought back."""
        published, size = self.published().size, (Head.objects.first() or Head()).size
        if 0 < size < published:  # an empty one may be another database altogether: people say so, by ``restore``
            self.restore()
        while put_in_order(published=published):
            self.at("in order")
        return self.publish(now)

    def _advance(self, published: Claim, size: int, root: bytes, now: datetime) -> Claim:
        """Files up to a size, then its checkpoint. Nothing is written of a log that is not a longer one of what was published."""
        self.at("begin")
        self._must_still_sign()
        hashes = self._hashes(published.size, size)
        self._check(published, size, root, lambda tile: hashes.get(tile) or self._fetch(tile))
        for tile in tiles.tiles_between(published.size, size):
            data = hashes[tile] if tile in hashes else tiles.bundle([bytes(row.data) for row in _rows(tile)])
            self.store.write_once(tile.path, data)
            self.at(f"tile {tile.level}")
        for tile in hashes:
            if tile.level == 0:
                entries = tiles.entries_of(self._fetch(replace(tile, level=ENTRIES)))
                if b"".join(map(tree.leaf_hash, entries)) != self._fetch(tile):
                    raise Tampered(f"{tile.path} was read back with other bytes than were written")
        self._check(published, size, root, self.tiled(size).fetch)
        claim = Claim(self.origin, size, root)
        note = self._signed(claim, published.size, now)
        self.store.write_once(history_path(size), note.encode())
        self.at("history")
        self.store.replace(CHECKPOINT, note.encode())
        self.at("checkpoint")
        self._forget_parts(published.size, size)
        return claim

    def _forget_parts(self, old: int, size: int) -> None:
        """Partial tiles whose whole one is published are needed no more (C2SP tlog-tiles); they would be most of the disk."""
        for tile in tiles.tiles_between(old, size):
            if tile.width == tiles.WIDTH and tile.index * tiles.WIDTH < old >> tiles.HEIGHT * max(tile.level, 0):
                self.store.forget(list(self.store.paths(f"{tile.path}.p")))

    def _must_still_sign(self) -> None:
        """Raises Tampered where another key took the place of ours since this process began."""
        with suppress(FileNotFoundError):
            self.store.read(succession_path(len(self.chain) + 1))
            raise Tampered("another key took the place of this one: start again with it")

    def _hashes(self, old: int, size: int) -> dict[Tile, bytes]:
        """The new tiles of hashes, from the entries themselves. Raises Tampered when those are not what was put in order."""
        fresh: dict[Tile, bytes] = {}
        for tile in tiles.tiles_between(old, size):
            if tile.level == 0:
                fresh[tile] = b"".join(tree.leaf_hash(bytes(row.data)) for row in _rows(tile))
            elif tile.level > 0:
                first = tile.index * tiles.WIDTH
                below = (Tile(tile.level - 1, place) for place in range(first, first + tile.width))
                found = (fresh.get(part) or self._fetch(part) for part in below)
                fresh[tile] = b"".join(tree.root_over(tiles.hashes_of(data)) for data in found)
        return fresh

    def _check(self, published: Claim, size: int, root: bytes, fetch: Callable[[Tile], bytes]) -> None:
        tiled = Tiled(size, fetch)
        if tree.root_of(published.size, tiled.subtree) != published.root:
            raise Tampered("the log would no longer begin with what was published")
        if tree.root_of(size, tiled.subtree) != root:
            raise Tampered("the entries do not lead to the root in the database")

    def _signed(self, claim: Claim, seen: int, now: datetime) -> str:
        """The note of a size, as it was signed before or signed now. Raises Tampered for a second root."""
        if (row := Checkpoint.objects.filter(size=claim.size).first()) is None:
            text = str(claim)
            note = Note(text, (self.signer.over(text), *self._also_signed(text)))
            self.at("signed")
            note = Note(text, (*note.signatures, *self._witnessed(note, claim.size, seen)))
            row, _ = Checkpoint.objects.get_or_create(
                size=claim.size, defaults={"root": claim.root, "note": str(note), "signed_at": now}
            )
            self.at("kept")
        if bytes(row.root) != claim.root:
            raise Tampered(f"another root was signed for {claim.size} entries")
        return str(row.note)

    def _also_signed(self, text: str) -> Iterator[Signature]:
        """A second key that fails holds nobody up, as a witness does not: its line stands under the next checkpoint."""
        for one in self.also:
            try:
                yield one.over(text)
            except SM2Fault as fault:
                log.error("openlog_sm2_failed", reason=str(fault))

    def _witnessed(self, note: Note, size: int, seen: int) -> Iterator[Signature]:
        """The lines of those witnesses that answer. One that is silent holds nobody up: it signs the next checkpoint."""
        tiled = self.tiled(size)
        for witness in self.witnesses:
            try:
                yield from witness.sign(note, seen, lambda old: tree.consistency(old, size, tiled.subtree))
            except Silent as silent:
                log.warning("openlog_witness_silent", reason=str(silent))

    # --- back ---

    @transaction.atomic
    def restore(self) -> int:
        """Bring back the entries that were published and the database lacks, and say how many it were. Raises Tampered when
        what it holds is not how the published log begins."""
        head, published = locked_head(), self.published()
        before = head.size
        for start in range(before, published.size, AT_ONCE):
            append(head, self._entries(start, min(start + AT_ONCE, published.size), published.size))
        if published.size >= before and head.frontier.root() != published.root:
            raise Tampered("the database does not hold what the published log begins with")
        return head.size - before

    def _entries(self, start: int, stop: int, size: int) -> list[tuple[dict[str, Any], bytes]]:
        """Published entries; those that wait in the restored database are there already, under the same event."""
        found: list[bytes] = []
        for index in range(start // tiles.WIDTH, -(-stop // tiles.WIDTH)):
            found += tiles.entries_of(self._fetch(tiles.tile_at(ENTRIES, index, size)))
        part = found[start % tiles.WIDTH : start % tiles.WIDTH + stop - start]
        try:
            told = [(read(data), data) for data in part]
        except EntryFault as fault:
            raise Tampered(f"a published entry cannot be read: {fault}") from fault
        Waiting.objects.filter(event__in=[entry["event"] for entry, _ in told]).delete()
        return told


def _rows(tile: Tile) -> list[Entry]:
    """The entries of a bundle, or those hashed in a tile of level 0. Raises Tampered."""
    first = tile.index * tiles.WIDTH
    rows = list(Entry.objects.filter(index__range=(first, first + tile.width - 1)).order_by("index"))
    for place, row in enumerate(rows, first):
        if row.index != place or tree.leaf_hash(bytes(row.data)) != bytes(row.leaf):
            raise Tampered(f"entry {place} is not what it was when it was put in order")
    if len(rows) != tile.width:
        raise Tampered(f"entries from {first + len(rows)} on are missing")
    return rows


@contextmanager
def alone(lock: int) -> Iterator[bool]:
    """Whether this process is the only one at this work now; the lock goes with its connection, however it ends. No transaction is
    open meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        is_ours = bool(cursor.fetchone()[0])
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])
