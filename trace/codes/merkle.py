"""The Merkle tree over the codes of an issuance (RFC 6962, 2.1): one hash says for ever which codes were issued.

Leaves are the 20 characters of each code in the order of index. Nothing is kept: codes are made again when a proof is
asked for, and memory grows with the logarithm of their number.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def root(entries: Iterable[bytes]) -> bytes:
    """The tree hash, 32 bytes; of no entries that of the empty string."""
    full: list[bytes] = []  # roots of full subtrees, largest first: the binary digits of what was read
    for count, entry in enumerate(entries, start=1):
        node, rest = leaf_hash(entry), count
        while not rest & 1:
            node, rest = node_hash(full.pop(), node), rest >> 1
        full.append(node)
    if not full:
        return sha256(b"").digest()
    right = full.pop()
    while full:
        right = node_hash(full.pop(), right)
    return right


def root_of_codes(codes: Iterable[str]) -> bytes:
    """The root of an issuance, from its codes in the order of index."""
    return root(code.encode("ascii") for code in codes)


@dataclass(frozen=True, slots=True)
class Proof:
    """That a code stands at ``index`` in a tree of ``count``: the hashes beside its way up, lowest first."""

    index: int
    count: int
    path: tuple[bytes, ...]


def proof(entries: Iterable[bytes], index: int, count: int) -> Proof:
    """The audit path of one entry (RFC 6962, 2.1.1), reading each of the ``count`` entries once.

    ValueError when the index is not below the count or there are fewer entries than that.
    """
    if not 0 <= index < count:
        raise ValueError("there is no such entry")
    rest = iter(entries)
    beside = {}
    # From left to right, as the entries come; ``None`` is the entry itself.
    for start, stop, depth in sorted([(index, index + 1, None), *_beside(index, count)], key=lambda part: part[0]):
        part = _exactly(islice(rest, stop - start), stop - start)
        if depth is None:
            next(part)
        else:
            beside[depth] = root(part)
    return Proof(index, count, tuple(beside[depth] for depth in sorted(beside, reverse=True)))


def is_proven(entry: bytes, proof: Proof, root: bytes) -> bool:
    """Whether the proof leads from the entry to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= proof.index < proof.count:
        return False
    place, last, node = proof.index, proof.count - 1, leaf_hash(entry)
    for sibling in proof.path:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def _beside(index: int, count: int) -> Sequence[tuple[int, int, int]]:
    """The subtrees beside the way from the top to an entry: start, stop, depth."""
    parts, start, stop = [], 0, count
    while stop - start > 1:
        middle = start + (1 << (stop - start - 1).bit_length() - 1)  # the largest power of two below the number
        if index < middle:
            parts.append((middle, stop, len(parts)))
            stop = middle
        else:
            parts.append((start, middle, len(parts)))
            start = middle
    return parts


def _exactly(entries: Iterator[bytes], count: int) -> Iterator[bytes]:
    """The entries, or ValueError when they end early: the root of fewer would look like any other."""
    seen = 0
    for seen, entry in enumerate(entries, start=1):  # noqa: B007
        yield entry
    if seen < count:
        raise ValueError("fewer entries than were counted")
