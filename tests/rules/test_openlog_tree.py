"""The Merkle tree: the reference values of RFC 6962 logs, proofs, and proofs spoilt."""

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.openlog import tree
from trace.codes import sign
from trace.codes.keyring import EpochState, KeyRing

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
SIZES = st.integers(1, 130)


def plainly(entries: list[bytes]) -> bytes:
    """The definition, word for word: split at the largest power of two below the number."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return tree.leaf_hash(entries[0])
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return tree.node_hash(plainly(entries[:half]), plainly(entries[half:]))


@pytest.mark.parametrize("size", range(9))
def test_the_roots_of_the_reference_leaves(size):
    assert tree.root(LEAVES[:size]).hex() == ROOTS[size]


def test_the_hashes_of_the_reference_leaf_and_node():
    leaf = "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert tree.leaf_hash(b"L123456").hex() == leaf
    node = "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    assert tree.node_hash(b"N123", b"N456").hex() == node


def test_the_reference_proof_of_the_first_of_eight():
    told = [b64encode(step).decode() for step in tree.proof(LEAVES, 0, 8).path]
    assert told == [
        "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
        "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
        "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
    ]


@given(SIZES)
def test_a_streamed_root_is_that_of_the_definition(size):
    entries = [bytes([number]) for number in range(size)]
    assert tree.root(iter(entries)) == plainly(entries)


@given(SIZES, st.data())
def test_an_entry_is_proven_at_its_place_and_nowhere_else(size, data):
    entries = [bytes([number]) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    root, proof = plainly(entries), tree.proof(iter(entries), index, size)
    assert tree.is_proven(entries[index], proof, root)
    assert not tree.is_proven(b"another", proof, root)
    assert not tree.is_proven(entries[index], proof, bytes(32))
    assert not tree.is_proven(entries[index], replace(proof, path=(*proof.path, bytes(32))), root)
    for wrong in range(size):
        assert tree.is_proven(entries[index], replace(proof, index=wrong), root) is (wrong == index)
    for step in range(len(proof.path)):
        spoilt = (*proof.path[:step], bytes(32), *proof.path[step + 1 :])
        assert not tree.is_proven(entries[index], replace(proof, path=spoilt), root)
        assert not tree.is_proven(entries[index], replace(proof, path=proof.path[:step]), root)


def test_nothing_is_proven_outside_the_tree():
    for index, count in ((0, 0), (-1, 3), (3, 3)):
        with pytest.raises(ValueError, match="no such entry"):
            tree.proof(LEAVES, index, count)
        assert not tree.is_proven(b"", tree.Proof(index, count, ()), plainly([b""]))


@pytest.mark.parametrize("index", range(9))
def test_a_proof_over_fewer_entries_than_counted_is_refused(index):
    with pytest.raises(ValueError, match="fewer entries"):
        tree.proof(iter(LEAVES), index, 9)


def test_an_auditor_proves_a_code_of_an_issuance_by_its_number():
    ring = KeyRing({"2026": bytes(range(32))}, {"2026": EpochState.SIGNING})
    keys, count = ring.keys("2026", "-", "7K3QX9PA28", 0), 1_000
    root = sign.root_of(sign.codes(keys, 0, count))
    proof = tree.proof((code.encode() for code in sign.codes(keys, 0, count)), 617, count)
    assert tree.is_proven(sign.code_at(keys, 617).encode(), proof, root)
    assert not tree.is_proven(sign.code_at(keys, 618).encode(), proof, root)
    assert len(proof.path) == 10


# --- trees that are kept ---


def kept(entries: list[bytes]) -> tree.Subtree:
    return lambda level, index: plainly(entries[index << level : (index + 1) << level])


@given(SIZES, st.data())
def test_a_proof_from_kept_hashes_is_the_one_read_off_the_entries(size, data):
    entries = [bytes([number]) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    assert tree.inclusion(index, size, kept(entries)) == tree.proof(entries, index, size)
    assert tree.root_of(size, kept(entries)) == plainly(entries)


@given(SIZES, st.data())
def test_a_tree_is_consistent_with_each_it_grew_from_and_with_no_other(size, data):
    entries = [bytes([number]) for number in range(size)]
    old = data.draw(st.integers(0, size))
    roots = plainly(entries[:old]), plainly(entries)
    path = tree.consistency(old, size, kept(entries))
    assert tree.is_consistent(old, roots[0], size, roots[1], path)
    other = plainly([b"another", *entries[1:old]]) if old else bytes(32)
    assert not tree.is_consistent(old, other, size, roots[1], path)
    assert not tree.is_consistent(old, roots[0], size, bytes(32), path) or old == 0
    assert not tree.is_consistent(old, roots[0], size, roots[1], (*path, bytes(32)))
    for step in range(len(path)):
        spoilt = (*path[:step], bytes(32), *path[step + 1 :])
        assert not tree.is_consistent(old, roots[0], size, roots[1], spoilt)
        assert not tree.is_consistent(old, roots[0], size, roots[1], path[:step])


def test_the_reference_consistency_of_one_with_eight():
    path = tree.consistency(1, 8, kept(LEAVES))
    assert path == tree.proof(LEAVES, 0, 8).path
    assert tree.is_consistent(1, plainly(LEAVES[:1]), 8, plainly(LEAVES), path)


def test_every_tree_grows_from_that_of_none_and_only_from_it():
    root = plainly(LEAVES)
    assert tree.consistency(0, 8, kept(LEAVES)) == ()
    assert tree.is_consistent(0, tree.EMPTY, 8, root, ())
    assert tree.is_consistent(0, tree.EMPTY, 0, tree.EMPTY, ())
    assert not tree.is_consistent(0, bytes(32), 8, root, ())
    assert not tree.is_consistent(0, tree.EMPTY, 8, root, (bytes(32),))
    assert not tree.is_consistent(9, root, 8, root, ())
    with pytest.raises(ValueError, match="does not shrink"):
        tree.consistency(9, 8, kept(LEAVES))


@given(st.lists(st.integers(0, 40), max_size=8))
def test_a_frontier_taken_up_again_goes_on_as_if_it_had_never_stopped(parts):
    frontier, entries = tree.Frontier(), []
    for part in parts:
        frontier = tree.Frontier(frontier.size, list(frontier.full))
        for _ in range(part):
            entries.append(str(len(entries)).encode())
            frontier.add(tree.leaf_hash(entries[-1]))
        assert frontier.root() == plainly(entries)
