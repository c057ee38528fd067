"""The tree over the codes of an issuance: the reference values of RFC 6962 logs, proofs, and proofs spoilt."""

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.codes import merkle, sign
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
        return merkle.leaf_hash(entries[0])
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return merkle.node_hash(plainly(entries[:half]), plainly(entries[half:]))


@pytest.mark.parametrize("size", range(9))
def test_the_roots_of_the_reference_leaves(size):
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]


def test_the_hashes_of_the_reference_leaf_and_node():
    leaf = "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert merkle.leaf_hash(b"L123456").hex() == leaf
    node = "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    assert merkle.node_hash(b"N123", b"N456").hex() == node


def test_the_reference_proof_of_the_first_of_eight():
    told = [b64encode(step).decode() for step in merkle.proof(LEAVES, 0, 8).path]
    assert told == [
        "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
        "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
        "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
    ]


@given(SIZES)
def test_a_streamed_root_is_that_of_the_definition(size):
    entries = [bytes([number]) for number in range(size)]
    assert merkle.root(iter(entries)) == plainly(entries)


@given(SIZES, st.data())
def test_an_entry_is_proven_at_its_place_and_nowhere_else(size, data):
    entries = [bytes([number]) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    root, proof = plainly(entries), merkle.proof(iter(entries), index, size)
    assert merkle.is_proven(entries[index], proof, root)
    assert not merkle.is_proven(b"another", proof, root)
    assert not merkle.is_proven(entries[index], proof, bytes(32))
    assert not merkle.is_proven(entries[index], replace(proof, path=(*proof.path, bytes(32))), root)
    for wrong in range(size):
        assert merkle.is_proven(entries[index], replace(proof, index=wrong), root) is (wrong == index)
    for step in range(len(proof.path)):
        spoilt = (*proof.path[:step], bytes(32), *proof.path[step + 1 :])
        assert not merkle.is_proven(entries[index], replace(proof, path=spoilt), root)
        assert not merkle.is_proven(entries[index], replace(proof, path=proof.path[:step]), root)


def test_nothing_is_proven_outside_the_tree():
    for index, count in ((0, 0), (-1, 3), (3, 3)):
        with pytest.raises(ValueError, match="no such entry"):
            merkle.proof(LEAVES, index, count)
        assert not merkle.is_proven(b"", merkle.Proof(index, count, ()), plainly([b""]))


@pytest.mark.parametrize("index", range(9))
def test_a_proof_over_fewer_entries_than_counted_is_refused(index):
    with pytest.raises(ValueError, match="fewer entries"):
        merkle.proof(iter(LEAVES), index, 9)


def test_an_auditor_proves_a_code_of_an_issuance_by_its_number():
    ring = KeyRing({"2026": bytes(range(32))}, {"2026": EpochState.SIGNING})
    keys, count = ring.keys("2026", "-", "7K3QX9PA28", 0), 1_000
    root = merkle.root_of_codes(sign.codes(keys, 0, count))
    proof = merkle.proof((code.encode() for code in sign.codes(keys, 0, count)), 617, count)
    assert merkle.is_proven(sign.code_at(keys, 617).encode(), proof, root)
    assert not merkle.is_proven(sign.code_at(keys, 618).encode(), proof, root)
    assert len(proof.path) == 10
