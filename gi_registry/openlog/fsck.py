"""Everything worked out anew from the published files, and held against the database and every checkpoint ever signed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import algorithms_available, new
from itertools import count

from gi_registry.lib.texts import Text
from gi_registry.openlog import entries, tiles, tree
from gi_registry.openlog.entries import EntryFault
from gi_registry.openlog.models import Checkpoint, Disclosure, Entry, Head, Timestamp
from gi_registry.openlog.notes import Checkpoint as Claim
from gi_registry.openlog.notes import Note, NoteFault
from gi_registry.openlog.publishing import Log, Tampered
from gi_registry.openlog.stamps import HASHES
from gi_registry.openlog.store import HISTORY, STAMPS, history_path, stamp_path
from gi_registry.openlog.tiles import ENTRIES, WIDTH

AT_ONCE = 20 * WIDTH
_MISSING = Text("已发布的文件不见了", "a published file is missing")
_MALFORMED = Text("文件内容不完整", "the file is not whole")
_OTHER_HASH = Text("与条目算出的摘要不符", "does not follow from the entries")
_NO_ROW = Text("已发布，库中却没有", "published, and not in the database")
_OTHER_ROW = Text("库中与已发布的不同", "the database holds another one than was published")
_OTHER_LEAF = Text("库中摘要与内容不符", "its hash in the database is not that of its content")
_NO_ENTRY = Text("不是规范的日志条目", "is no entry in its canonical form")
_CHAIN = Text("与该对象的前一条不相接", "does not follow the entry of its object before it")
_COMMITMENT = Text("保存的原文与日志中的摘要不符", "what is kept for it is not what it commits to")
_SIGNED = Text("签名或名称不对", "is not signed by this log")
_ROOT = Text("签过的树根与条目不符", "was signed over other entries")
_AHEAD = Text("签过名，却没有发布到这里", "was signed, and the log does not reach it")
_NOTE = Text("库中与已发布的签名摘要不同", "the database holds another note than was published")
_OTHER_TOKEN = Text("库中与已发布的时间戳不同", "the database holds another time stamp than was published")
_OTHER_NOTE = Text("时间戳不是对这个签名摘要加盖的", "was not made over this checkpoint")
_NO_TOKEN = Text("已发布的时间戳，库中却没有", "a published time stamp that is not in the database")
_HEAD = Text("库中的树根与条目不符", "the head in the database does not follow from the entries")


@dataclass(frozen=True, slots=True)
class Difference:
    """Where something differs, and how."""

    where: str
    what: Text

    def __str__(self) -> str:
        return f"{self.where}: {self.what.zh} {self.what.en}"


class _Chains:
    """Per object how many entries there were, and the digest of the last."""

    def __init__(self) -> None:
        self.last: dict[str, tuple[int, str]] = {}

    def take(self, index: int, data: bytes) -> Iterator[Difference]:
        try:
            told = entries.read(data)
            name, stands = told["object"], (told["sequence"], told["before"])
        except (EntryFault, KeyError):
            yield Difference(f"entry {index}", _NO_ENTRY)
            return
        if stands != self.last.get(name, (0, entries.NOTHING)):
            yield Difference(f"entry {index}", _CHAIN)
        self.last[name] = (told["sequence"] + 1, entries.digest(data))


def differences(log: Log) -> Iterator[Difference]:
    """Each thing that is not what it was. Nothing is changed, and nothing of the database is taken for granted."""
    try:
        size = log.published().size
    except Tampered as fault:
        yield Difference("checkpoint", Text(str(fault), str(fault)))
        return
    leaves: list[bytes] = []
    chains = _Chains()
    yield from _published(log, size, leaves, chains)
    yield from _hashes(log, size, leaves)
    published = len(leaves)
    yield from _waiting_to_be(size, leaves, chains)
    yield from _checkpoints(log, size, leaves[:published])
    yield from _stamps(log)
    yield from _head(leaves)
    yield from _disclosed()


def _published(log: Log, size: int, leaves: list[bytes], chains: _Chains) -> Iterator[Difference]:
    """Bundles, and the rows beside them."""
    for start in range(0, size, AT_ONCE):
        stop = min(start + AT_ONCE, size)
        rows = {row.index: row for row in Entry.objects.filter(index__range=(start, stop - 1))}
        for first in range(start, stop, WIDTH):
            tile = tiles.tile_at(ENTRIES, first // WIDTH, size)
            try:
                found = tiles.entries_of(log.store.read(tile.path))
            except FileNotFoundError:
                yield Difference(tile.path, _MISSING)
                found = []
            except ValueError:
                found = []
            if (found and len(found) != tile.width) or not found:
                yield Difference(tile.path, _MALFORMED)
            for index, data in zip(count(first), found, strict=False):
                leaves.append(tree.leaf_hash(data))
                yield from chains.take(index, data)
                yield from _row(rows.get(index), index, data)


def _row(row: Entry | None, index: int, data: bytes) -> Iterator[Difference]:
    if row is None:
        yield Difference(f"entry {index}", _NO_ROW)
    elif bytes(row.data) != data or not _is_written_out(row):
        yield Difference(f"entry {index}", _OTHER_ROW)
    elif bytes(row.leaf) != tree.leaf_hash(data):
        yield Difference(f"entry {index}", _OTHER_LEAF)


def _is_written_out(row: Entry) -> bool:
    """Whether the columns, by which an entry is found, say what its bytes do."""
    try:
        told = entries.read(bytes(row.data))
    except EntryFault:
        return False
    return (row.event, row.type, row.object, row.sequence) == tuple(
        told.get(name) for name in ("event", "type", "object", "sequence")
    )


def _waiting_to_be(size: int, leaves: list[bytes], chains: _Chains) -> Iterator[Difference]:
    """Entries that are in order and not published yet."""
    for row in Entry.objects.filter(index__gte=size).order_by("index").iterator(AT_ONCE):
        data = bytes(row.data)
        if row.index != len(leaves):
            yield Difference(f"entry {len(leaves)}", _NO_ROW)
        leaves.append(tree.leaf_hash(data))
        yield from chains.take(row.index, data)
        yield from _row(row, row.index, data)


def _hashes(log: Log, size: int, leaves: list[bytes]) -> Iterator[Difference]:
    """Tiles of hashes, level by level."""
    level, hashes = 0, leaves
    while hashes and len(leaves) == size:
        for first in range(0, len(hashes), WIDTH):
            part = hashes[first : first + WIDTH]
            path = tiles.Tile(level, first // WIDTH, len(part)).path
            try:
                if log.store.read(path) != b"".join(part):
                    yield Difference(path, _OTHER_HASH)
            except FileNotFoundError:
                yield Difference(path, _MISSING)
        whole = len(hashes) // WIDTH * WIDTH
        hashes = [tree.root_over(hashes[first : first + WIDTH]) for first in range(0, whole, WIDTH)]
        level += 1


def _checkpoints(log: Log, size: int, leaves: list[bytes]) -> Iterator[Difference]:
    """Every one ever signed: those beside the files, and those in the database."""
    kept = {row.size: row for row in Checkpoint.objects.all()}
    claims: list[tuple[str, Claim]] = []
    for path in sorted(log.store.paths(HISTORY)):
        try:
            note = Note.read(log.store.read(path))
            claim = log.claim(note)
        except (NoteFault, Tampered):
            yield Difference(path, _SIGNED)
            continue
        claims.append((path, claim))
        row = kept.pop(claim.size, None)
        if row and (row.note != str(note) or bytes(row.root) != claim.root):
            yield Difference(f"checkpoint {claim.size}", _NOTE)
    # A process may have died between signing and publishing; it says so by what it signed.
    for row in kept.values():
        try:
            claims.append((f"checkpoint {row.size}", log.claim(Note.read(row.note))))
        except (NoteFault, Tampered):
            yield Difference(f"checkpoint {row.size}", _SIGNED)
    yield from _signed_over(claims, size, leaves)


def _signed_over(claims: Iterable[tuple[str, Claim]], size: int, leaves: list[bytes]) -> Iterator[Difference]:
    frontier = tree.Frontier()
    for where, claim in sorted(claims, key=lambda told: told[1].size):
        if claim.size > len(leaves):
            yield Difference(where, _AHEAD)
            continue
        for leaf in leaves[frontier.size : claim.size]:
            frontier.add(leaf)
        if frontier.root() != claim.root:
            yield Difference(where, _ROOT)


def _stamps(log: Log) -> Iterator[Difference]:
    """That each token is published as it came and is over the checkpoint that it was made for. Who trusts it is for OpenSSL to say."""
    files = set(log.store.paths(STAMPS))
    for row in Timestamp.objects.order_by("size").iterator(AT_ONCE):
        path = stamp_path(row.size)
        try:
            note, token = log.store.read(history_path(row.size)), log.store.read(path)
        except FileNotFoundError:
            yield Difference(path, _MISSING)
            continue
        files.discard(path)
        if token != bytes(row.token):
            yield Difference(path, _OTHER_TOKEN)
        elif not any(digest in token for digest in _digests(note)):
            yield Difference(path, _OTHER_NOTE)
    for path in sorted(files):
        yield Difference(path, _NO_TOKEN)


def _digests(note: bytes) -> list[bytes]:
    return [new(name, note).digest() for name in HASHES if name in algorithms_available]


def _head(leaves: list[bytes]) -> Iterator[Difference]:
    head = Head.objects.first() or Head()
    if head.size != len(leaves) or head.frontier.root() != tree.root_over(leaves):
        yield Difference("head", _HEAD)


def _disclosed() -> Iterator[Difference]:
    """What is kept of secrets is what was committed to. What was erased is no difference: it was meant to be."""
    last = ""
    while found := list(Disclosure.objects.filter(event__gt=last).order_by("event")[:AT_ONCE]):
        last = found[-1].event
        rows = {row.event: row for row in Entry.objects.filter(event__in=[kept.event for kept in found])}
        for kept in found:
            row = rows.get(kept.event)
            if row and not entries.is_committed(bytes(row.data), bytes(kept.salt), bytes(kept.payload)):
                yield Difference(f"entry {row.index}", _COMMITMENT)
