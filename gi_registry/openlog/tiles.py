"""The tree as files (C2SP tlog-tiles, height 8): which there are at a size, what they are called, what they hold. Pure.

A tile of level L holds up to 256 hashes, each over 256**L entries; a bundle holds the entries themselves. A file that is
whole never changes; a partial one carries its width in its name, so nothing is ever written twice with other bytes.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gi_registry.openlog.tree import root_over

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH = 32
# In place of a level, in names and here.
ENTRIES = -1
MOST_ENTRY = 0xFFFF  # its length is told in two bytes
MOST_LEVEL = 63
_NAME = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """One file: its level (``ENTRIES`` for a bundle), its place in the level, and how many hashes or entries it holds."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """``tile/0/x001/x234/067`` or, of a partial one, ``tile/0/x001/x234/067.p/112``."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        digits = f"{self.index:03}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        return f"tile/{level}/{name}" + (f".p/{self.width}" if self.width < WIDTH else "")

    @classmethod
    def of(cls, path: str) -> "Tile | None":
        """The tile of a path; None for a path that no tile bears, also one written otherwise than ours."""
        if not (found := _NAME.fullmatch(path)):
            return None
        level, groups, width = found.groups()
        tile = cls(
            ENTRIES if level == "entries" else int(level),
            int(groups.replace("x", "").replace("/", "")),
            int(width) if width else WIDTH,
        )
        return tile if tile.level <= MOST_LEVEL and tile.path == path else None


def tile_at(level: int, index: int, size: int) -> Tile:
    """The tile as it stands in a tree of so many entries. ValueError when there is none."""
    width = min((size >> HEIGHT * max(level, 0)) - index * WIDTH, WIDTH)
    if width < 1:
        raise ValueError("there is no such tile")
    return Tile(level, index, width)


def tiles_between(old: int, new: int) -> Iterator[Tile]:
    """The files that a tree of ``new`` entries has and one of ``old`` had not: bundles first, then levels upward.

    Only the last of each level can be partial; a level without a hash has no file.
    """
    for level in (ENTRIES, *range(MOST_LEVEL + 1)):
        above = HEIGHT * max(level, 0)
        if not (there := new >> above):
            return
        before = old >> above
        if before == there:
            continue
        for index in range(before // WIDTH, -(-there // WIDTH)):
            yield tile_at(level, index, new)


# --- what stands in them ---


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries as they are published: each after its length in two bytes. ValueError for one that is too long."""
    if any(len(entry) > MOST_ENTRY for entry in entries):
        raise ValueError("an entry has at most 65,535 bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def entries_of(data: bytes) -> list[bytes]:
    """The entries of a bundle. ValueError when it is cut short."""
    entries, at = [], 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise ValueError("the bundle is cut short")
        entries.append(data[start:at])
    return entries


def hashes_of(data: bytes) -> list[bytes]:
    """The hashes of a tile. ValueError when it is cut short."""
    if len(data) % HASH:
        raise ValueError("the tile is cut short")
    return [data[at : at + HASH] for at in range(0, len(data), HASH)]


def cut(tile: Tile, whole: bytes) -> bytes:
    """What a partial tile held, out of the whole one that took its place. ValueError when that is cut short."""
    if tile.level == ENTRIES:
        return bundle(entries_of(whole)[: tile.width])
    return whole[: tile.width * HASH]


@dataclass(frozen=True, slots=True)
class Tiled:
    """A tree of ``size`` entries that is read from its tiles. ``fetch`` raises what it likes for a file that is not there."""

    size: int
    fetch: Callable[[Tile], bytes]

    def subtree(self, level: int, index: int) -> bytes:
        """The hash over ``2**level`` entries: one of a tile, or that over a part of one."""
        tall, low = divmod(level, HEIGHT)
        first = index << low
        tile = tile_at(tall, first // WIDTH, self.size)
        hashes = hashes_of(self.fetch(tile))
        at = first % WIDTH
        part = hashes[at : at + (1 << low)]
        if len(hashes) != tile.width or len(part) != 1 << low:
            raise ValueError(f"{tile.path} does not hold what its name says")
        return root_over(part)

    def entry(self, index: int) -> bytes:
        """One entry. ValueError when there is none."""
        if not 0 <= index < self.size:
            raise ValueError("there is no such entry")
        tile = tile_at(ENTRIES, index // WIDTH, self.size)
        entries = entries_of(self.fetch(tile))
        if len(entries) != tile.width:
            raise ValueError(f"{tile.path} does not hold what its name says")
        return entries[index % WIDTH]
