"""Signed notes, checkpoints and proof files: the reference note, what is read back, and every way to spoil one."""

from base64 import b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.openlog import tree
from gi_registry.openlog.notes import Checkpoint, KeyType, Note, NoteFault, Signature, Signer, VerifierKey
from gi_registry.openlog.proofs import EntryProof

ORIGIN = "gi.example/log"
REFERENCE = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
REFERENCE_NOTE = (
    "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH"
    "3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def a_signer(name: str = ORIGIN, seed: int = 1, kind: int = KeyType.ED25519) -> Signer:
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return Signer(VerifierKey(name, kind, private.public_key().public_bytes_raw()), private.sign)


LOG, WITNESS = a_signer(), a_signer("witness.example", 2, KeyType.COSIGNATURE)
ENTRIES = [f"entry {index}".encode() for index in range(11)]


def a_note(**changed: Any) -> Note:
    head = Checkpoint(**{"origin": ORIGIN, "size": 11, "root": tree.root(ENTRIES), **changed})
    return Note(str(head), (LOG.over(str(head)), WITNESS.cosign(str(head), 1_790_000_000)))


def a_proof(index: int = 7, **changed: Any) -> EntryProof:
    return EntryProof(index, tree.proof(ENTRIES, index, 11).path, a_note(**changed))


# --- notes ---


def test_the_reference_key_verifies_the_reference_note():
    key, note = VerifierKey.read(REFERENCE), Note.read(REFERENCE_NOTE)
    assert str(key) == REFERENCE
    assert str(note) == REFERENCE_NOTE
    assert note.by([key]) == (key,)
    with pytest.raises(NoteFault, match=r"of example.com/foo is wrong"):
        Note.read(REFERENCE_NOTE.replace("example message", "example massage")).by([key])


def test_a_note_is_read_back_with_all_its_signers():
    note = Note.read(str(a_note()).encode())
    assert note == a_note()
    assert note.by([LOG.key, WITNESS.key]) == (LOG.key, WITNESS.key)
    assert Checkpoint.read(note.text) == Checkpoint(ORIGIN, 11, tree.root(ENTRIES))


def test_unknown_lines_say_nothing_and_known_ones_must_be_right():
    text = a_note().text
    strange = Signature("sm2.example", b"abcd", b"\xff a signature of another kind")
    twin = Signature(ORIGIN, b"abcd", b"of another key with our name")
    assert Note(text, (strange, twin, LOG.over(text))).by([LOG.key]) == (LOG.key,)
    assert Note(text, (strange, twin)).by([LOG.key]) == ()
    forged = Signature(ORIGIN, LOG.key.id, bytes(64))
    for signatures in ((forged,), (LOG.over(text), forged)):
        with pytest.raises(NoteFault, match="is wrong"):
            Note(text, signatures).by([LOG.key])


def test_a_cosignature_holds_for_its_own_time_only():
    text = a_note().text
    line = WITNESS.cosign(text, 1_790_000_000)
    later = Signature(line.name, line.id, (1_790_000_001).to_bytes(8, "big") + line.blob[8:])
    assert WITNESS.key.is_signed(text, line.blob)
    assert not WITNESS.key.is_signed(text, later.blob)
    assert not WITNESS.key.is_signed(text, line.blob[8:])


def test_sixteen_signatures_and_more_are_read():
    text = a_note().text
    signers = [a_signer(f"witness-{seed}.example", seed) for seed in range(1, 41)]
    note = Note.read(str(Note(text, tuple(signer.over(text) for signer in signers))))
    assert len(note.by(signer.key for signer in signers)) == 40


def test_the_last_empty_line_is_what_separates():
    text = "one\n\ntwo\n"
    note = Note.read(str(Note(text, (LOG.over(text),))))
    assert note.text == text
    assert note.by([LOG.key]) == (LOG.key,)


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [
        ("", "no text"),
        ("text\n", "no text"),
        ("\n\n\u2014 a AAAAAAAA\n", "no text"),
        ("text\n\n\u2014 a AAAAAAAA", "no text, or no signature"),
        ("text\n\n- a AAAAAAAA\n", "no signature"),
        ("text\n\n\u2014 a b AAAAAAAA\n", "no signature"),
        ("text\n\n\u2014 a+b AAAAAAAA\n", "no signature"),
        ("text\n\n\u2014 a AAAA\n", "no signature"),
        ("text\n\n\u2014 a AAAAAAAB=\n", "not base64"),
        ("text\n\n\u2014 a AAAAAAB=\n", "not base64"),
        ("te\txt\n\n\u2014 a AAAAAAAA\n", "control character"),
        ("text\r\n\n\u2014 a AAAAAAAA\n", "control character"),
        ("text\n\n" + "\u2014 a AAAAAAAA\n" * 65, "too many"),
        ("t" * 100_001, "too long"),
        (b"\xff\n\n\xe2\x80\x94 a AAAAAAAA\n", "not UTF-8"),
        ("\ud800\n\n\u2014 a AAAAAAAA\n", "not UTF-8"),
    ],
)
def test_what_is_no_note_is_refused_with_the_reason(spoilt, words):
    with pytest.raises(NoteFault, match=words):
        Note.read(spoilt)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        "name+00000000+",
        "name+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        REFERENCE.replace("530d903a", "530d903b"),
        REFERENCE.replace("/foo", " foo"),
        REFERENCE[:-1] + "j",
    ],
)
def test_a_key_whose_id_is_not_its_own_is_refused(text):
    with pytest.raises(NoteFault):
        VerifierKey.read(text)


@given(st.integers(0, 255))
def test_a_key_is_read_back_also_with_a_plus_in_its_base64(seed):
    key = a_signer("名.example/log", seed).key
    assert VerifierKey.read(str(key)) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gi\n1\n",
        f"gi\n01\n{b64encode(bytes(32)).decode()}\n",
        f"gi\n-1\n{b64encode(bytes(32)).decode()}\n",
        f"gi\n１\n{b64encode(bytes(32)).decode()}\n",
        f"gi\n{'9' * 19}\n{b64encode(bytes(32)).decode()}\n",
        f"gi\n1\n{b64encode(bytes(31)).decode()}\n",
        f"gi\n1\n{b64encode(bytes(32)).decode()}",
        f"\n1\n{b64encode(bytes(32)).decode()}\n",
        f"gi\n1\n{b64encode(bytes(32)).decode()}\n\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(NoteFault):
        Checkpoint.read(text)


def test_a_checkpoint_keeps_lines_that_others_add():
    head = Checkpoint(ORIGIN, 0, tree.EMPTY, ("one more",))
    assert Checkpoint.read(str(head)) == head


# --- proofs ---


@pytest.mark.parametrize("index", range(11))
def test_a_proof_is_read_back_and_holds(index):
    proof = EntryProof.read(str(a_proof(index)))
    assert proof == a_proof(index)
    assert proof.proven(ENTRIES[index], [LOG.key], ORIGIN).size == 11
    with pytest.raises(NoteFault, match="does not lead"):
        proof.proven(b"another", [LOG.key], ORIGIN)


def test_what_is_added_to_a_proof_authenticates_nothing():
    proof = EntryProof(7, a_proof().path, a_note(), extra="任何话".encode())
    assert EntryProof.read(str(proof)) == proof
    assert proof.proven(ENTRIES[7], [LOG.key], ORIGIN)


def test_a_proof_under_a_strange_checkpoint_is_refused_by_name():
    with pytest.raises(NoteFault, match="no key of the log"):
        a_proof().proven(ENTRIES[7], [a_signer(seed=9).key], ORIGIN)
    with pytest.raises(NoteFault, match="another log"):
        a_proof(origin="elsewhere.example/log").proven(ENTRIES[7], [LOG.key], ORIGIN)
    with pytest.raises(NoteFault, match="does not lead"):
        a_proof(root=bytes(32)).proven(ENTRIES[7], [LOG.key], ORIGIN)


def test_no_flipped_bit_of_a_proof_passes():
    whole = str(a_proof()).encode()
    for at in range(len(whole)):
        for bit in range(8):
            spoilt = whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
            try:
                proof = EntryProof.read(spoilt.decode())
                proof.proven(ENTRIES[7], [LOG.key, WITNESS.key], ORIGIN)
            except (NoteFault, UnicodeDecodeError):
                continue
            # What can be changed unseen: the name or the id of one signer's line, which is then that of somebody unknown.
            assert proof.checkpoint.text == a_note().text
            assert (proof.index, proof.path) == (7, a_proof().path)
            assert len(proof.checkpoint.by([LOG.key, WITNESS.key])) == 1
