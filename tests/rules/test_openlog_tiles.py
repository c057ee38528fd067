"""The files of the tree: which there are at each size, their names, what they hold, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.openlog import tree
from gi_registry.openlog.tiles import ENTRIES, Tile, Tiled, bundle, entries_of, hashes_of, tile_at, tiles_between


def entry_at(index: int) -> bytes:
    return f"entry {index}".encode()


def published(sizes: list[int]) -> dict[str, bytes]:
    """The files after the tree was published at each of these sizes, written as a publisher does."""
    files: dict[str, bytes] = {}
    old = 0
    for size in sizes:
        for tile in tiles_between(old, size):
            first = tile.index * 256
            if tile.level == ENTRIES:
                data = bundle([entry_at(index) for index in range(first, first + tile.width)])
            elif tile.level == 0:
                source = tile_at(ENTRIES, tile.index, size)
                data = b"".join(map(tree.leaf_hash, entries_of(files[source.path])))
            else:
                below = (files[Tile(tile.level - 1, index).path] for index in range(first, first + tile.width))
                data = b"".join(tree.root_over(hashes_of(part)) for part in below)
            assert tile.path not in files, "nothing is written twice"
            files[tile.path] = data
        old = size
    return files


def test_the_worked_example_of_the_specification():
    widths: dict[int, list[int]] = {}
    for tile in tiles_between(0, 70_000):
        widths.setdefault(tile.level, []).append(tile.width)
    assert widths[0] == widths[ENTRIES] == [256] * 273 + [112]
    assert widths[1] == [256, 17]
    assert widths[2] == [1]
    assert set(widths) == {ENTRIES, 0, 1, 2}


# size -> the last file of each level
EDGES = {
    1: ["tile/entries/000.p/1", "tile/0/000.p/1"],
    255: ["tile/entries/000.p/255", "tile/0/000.p/255"],
    256: ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"],
    257: ["tile/entries/001.p/1", "tile/0/001.p/1", "tile/1/000.p/1"],
    65_535: ["tile/entries/255.p/255", "tile/0/255.p/255", "tile/1/000.p/255"],
    65_536: ["tile/entries/255", "tile/0/255", "tile/1/000", "tile/2/000.p/1"],
    65_537: ["tile/entries/256.p/1", "tile/0/256.p/1", "tile/1/000", "tile/2/000.p/1"],
}


@pytest.mark.parametrize("size", EDGES)
def test_exactly_the_files_that_the_specification_names_are_there(size):
    last = {tile.level: tile.path for tile in tiles_between(0, size)}
    assert list(last.values()) == EDGES[size]


def test_a_path_is_written_in_groups_of_three_digits_and_read_back():
    assert Tile(0, 1_234_067).path == "tile/0/x001/x234/067"
    assert Tile(ENTRIES, 1_000, 5).path == "tile/entries/x001/000.p/5"
    assert Tile(63, 7, 255).path == "tile/63/007.p/255"


@given(st.integers(ENTRIES, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_every_path_is_read_as_the_tile_that_bears_it(level, index, width):
    tile = Tile(level, index, width)
    assert Tile.of(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/00/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "tile/0/../001",
        "tile/0/001/",
        "tile/0/001\n",
        "tile/0/x1234/067",
        "tile/0/1234/067",
        "tile/entries/٠٠١",
        "checkpoint",
        "",
    ],
)
def test_another_spelling_of_a_path_is_no_tile(path):
    assert Tile.of(path) is None


@given(st.lists(st.integers(0, 300), min_size=1, max_size=4))
def test_proofs_from_files_written_in_any_steps_lead_to_the_root(steps):
    sizes = [sum(steps[: end + 1]) for end in range(len(steps))]
    size = sizes[-1]
    files = published(sorted(set(sizes)))
    tiled = Tiled(size, lambda tile: files[tile.path])
    entries = [entry_at(index) for index in range(size)]
    root = tree.root(entries)
    assert tree.root_of(size, tiled.subtree) == root
    for index in {0, size // 2, size - 1} if size else ():
        assert tiled.entry(index) == entries[index]
        assert tree.is_proven(entries[index], tree.inclusion(index, size, tiled.subtree), root)
    for old in sizes:
        path = tree.consistency(old, size, tiled.subtree)
        assert tree.is_consistent(old, tree.root(entries[:old]), size, root, path)


def test_a_log_of_seventy_thousand_is_proven_from_its_files():
    files = published([1, 257, 65_535, 65_536, 70_000])
    tiled = Tiled(70_000, lambda tile: files[tile.path])
    root = tree.root(map(entry_at, range(70_000)))
    assert tree.root_of(70_000, tiled.subtree) == root
    for index in (0, 255, 256, 65_535, 65_536, 69_999):
        assert tree.is_proven(entry_at(index), tree.inclusion(index, 70_000, tiled.subtree), root)


@given(st.lists(st.binary(max_size=300), max_size=20), st.data())
def test_a_bundle_holds_its_entries_and_is_refused_when_cut_short(entries, data):
    whole = bundle(entries)
    assert entries_of(whole) == entries
    if whole:
        cut = data.draw(st.integers(1, len(whole) - 1))
        ends = {len(bundle(entries[:count])) for count in range(len(entries) + 1)}
        if cut not in ends:
            with pytest.raises(ValueError, match="cut short"):
                entries_of(whole[:cut])


def test_what_a_bundle_cannot_hold_is_refused():
    assert entries_of(bundle([b"a" * 65_535])) == [b"a" * 65_535]
    with pytest.raises(ValueError, match="65,535"):
        bundle([b"a" * 65_536])
    with pytest.raises(ValueError, match="cut short"):
        hashes_of(bytes(33))


def test_a_file_that_holds_another_number_than_its_name_says_is_refused():
    files = published([300])
    short = Tiled(300, lambda tile: files[tile.path][:-32])
    with pytest.raises(ValueError, match=r"001.p/44 does not hold"):
        short.subtree(0, 299)
    with pytest.raises(ValueError, match=r"000 does not hold"):
        Tiled(300, lambda tile: bundle([b"one"])).entry(3)
    for index in (-1, 300):
        with pytest.raises(ValueError, match="no such entry"):
            short.entry(index)
