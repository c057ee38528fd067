"""The Merkle tree of RFC 6962, 2.1: one hash says for ever which entries there were, and in which order.

Pure. Whoever keeps the tree gives the hashes of whole subtrees (``Subtree``), and proofs are put together from them; where
nothing is kept (the codes of an issuance), a root or a proof is read off the entries as they come, in memory that grows with
the logarithm of their number.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice

EMPTY = sha256(b"").digest()
# The hash over the 2**level entries from index * 2**level on, all of which are there.
Subtree = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """A tree that grows on the right: the roots of its whole subtrees, largest first, are all that adding needs."""

    size: int = 0
    full: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """The hash of one more leaf (or of one more subtree, where all are as large)."""
        self.size += 1
        node, rest = leaf, self.size
        while not rest & 1:
            node, rest = node_hash(self.full.pop(), node), rest >> 1
        self.full.append(node)

    def root(self) -> bytes:
        """32 bytes; of no entries the hash of the empty string."""
        if not self.full:
            return EMPTY
        right = self.full[-1]
        for left in reversed(self.full[:-1]):
            right = node_hash(left, right)
        return right


def root_over(leaves: Iterable[bytes]) -> bytes:
    """The root over hashes of leaves, in order."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


def root(entries: Iterable[bytes]) -> bytes:
    """The root over entries, in order."""
    return root_over(map(leaf_hash, entries))


# --- proofs ---


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry stands at ``index`` in a tree of ``count``: the hashes beside its way up, lowest first."""

    index: int
    count: int
    path: tuple[bytes, ...]


def inclusion(index: int, count: int, subtree: Subtree) -> Proof:
    """The audit path of one entry (RFC 6962, 2.1.1). ValueError when there is no such entry."""
    beside = _beside(index, count)
    return Proof(index, count, tuple(_hash_of(start, stop, subtree) for start, stop in reversed(beside)))


def proof(entries: Iterable[bytes], index: int, count: int) -> Proof:
    """The same, reading each of the ``count`` entries once. ValueError also when there are fewer."""
    rest = iter(entries)
    beside = _beside(index, count)
    found = {}
    for start, stop in sorted([(index, index + 1), *beside]):
        part = _exactly(islice(rest, stop - start), stop - start)
        found[start, stop] = root(part)
    return Proof(index, count, tuple(found[part] for part in reversed(beside)))


def consistency(old: int, new: int, subtree: Subtree) -> tuple[bytes, ...]:
    """That the first ``old`` of ``new`` entries are those of the tree of that size (RFC 6962, 2.1.2).

    Empty where nothing needs proving: for equal sizes, and from a tree of none. ValueError for a tree that shrinks.
    """
    if not 0 <= old <= new:
        raise ValueError("a tree does not shrink")
    if old in (0, new):
        return ()
    parts, start, stop, is_whole = [], 0, new, True
    while stop != old:
        middle = _middle(start, stop)
        if old <= middle:
            parts.append((middle, stop))
            stop = middle
        else:
            parts.append((start, middle))
            start, is_whole = middle, False
    if not is_whole:
        parts.append((start, stop))
    return tuple(_hash_of(*part, subtree) for part in reversed(parts))


def root_of(count: int, subtree: Subtree) -> bytes:
    """The root of a tree of so many entries, from what is kept of it."""
    return _hash_of(0, count, subtree) if count else EMPTY


# --- verification ---


def root_by(leaf: bytes, proof: Proof) -> bytes | None:
    """The root to which a proof leads from the hash of a leaf (RFC 9162, 2.1.3.2); None when it is no proof."""
    if not 0 <= proof.index < proof.count:
        return None
    place, last, node = proof.index, proof.count - 1, leaf
    for sibling in proof.path:
        if last == 0:
            return None
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return node if last == 0 else None


def is_proven(entry: bytes, proof: Proof, root: bytes) -> bool:
    """Whether the proof leads from the entry to the root."""
    return root_by(leaf_hash(entry), proof) == root


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of ``new`` entries begins with that of ``old`` (RFC 9162, 2.1.4.2).

    From a tree of none every tree grows: its root must be that of none, and its proof is empty.
    """
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


# --- parts of a tree ---


def _middle(start: int, stop: int) -> int:
    """Where a part is split: at the largest power of two strictly below its length."""
    return start + (1 << (stop - start - 1).bit_length() - 1)


def _beside(index: int, count: int) -> list[tuple[int, int]]:
    """The parts beside the way from the top to an entry, the highest first. ValueError when there is no such entry."""
    if not 0 <= index < count:
        raise ValueError("there is no such entry")
    parts, start, stop = [], 0, count
    while stop - start > 1:
        middle = _middle(start, stop)
        if index < middle:
            parts.append((middle, stop))
            stop = middle
        else:
            parts.append((start, middle))
            start = middle
    return parts


def _hash_of(start: int, stop: int, subtree: Subtree) -> bytes:
    """The hash over a part, from whole subtrees: those that the binary digits of its length name."""
    nodes, left = [], start
    while left < stop:
        level = (stop - left).bit_length() - 1
        nodes.append(subtree(level, left >> level))
        left += 1 << level
    right = nodes.pop()
    while nodes:
        right = node_hash(nodes.pop(), right)
    return right


def _exactly(entries: Iterator[bytes], count: int) -> Iterator[bytes]:
    """The entries, or ValueError when they end early: the root of fewer would look like any other."""
    seen = 0
    for seen, entry in enumerate(entries, start=1):  # noqa: B007
        yield entry
    if seen < count:
        raise ValueError("fewer entries than were counted")
