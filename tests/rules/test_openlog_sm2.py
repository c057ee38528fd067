"""The line by SM2 with SM3: the standard's own vector, what OpenSSL makes and reads by itself, and every way to spoil one."""

import hashlib
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from gi_registry.openlog.notes import KeyType, Note, NoteFault, Signature, Signer, VerifierKey
from gi_registry.openlog.sm2 import SM2, SM2Fault, is_signed_sm2, new_key, point_of, sign_sm2
from tests.rules.test_openlog_notes import LOG, ORIGIN, a_note

# GM/T 0003.5, annex A: the recommended curve, identity 1234567812345678.
POINT = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123


@pytest.fixture(scope="module")
def pem():
    return new_key()


@pytest.fixture(scope="module")
def ours(pem):
    return Signer(VerifierKey(ORIGIN, KeyType.PRIVATE, SM2 + point_of(pem)), lambda message: sign_sm2(pem, message))


@pytest.fixture(scope="module")
def note(ours):
    """A checkpoint with the line of the log, that of a witness, and the second of ours."""
    plain = a_note()
    return Note(plain.text, (*plain.signatures, ours.over(plain.text)))


def test_sm3_is_that_of_the_standard():
    told = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert hashlib.new("sm3", b"abc").hexdigest() == told


def test_the_vector_of_the_standard_is_verified_and_nothing_beside_it():
    signature = encode_dss_signature(R, S)
    assert is_signed_sm2(POINT, b"message digest", signature)
    for wrong in (encode_dss_signature(S, R), encode_dss_signature(R, ORDER - S), encode_dss_signature(R, S + 1)):
        assert not is_signed_sm2(POINT, b"message digest", wrong)
    assert not is_signed_sm2(POINT, b"message digesT", signature)
    assert not is_signed_sm2(POINT[:-1] + b"\x12", b"message digest", signature), "no point of the curve"


def test_openssl_reads_what_we_sign_and_we_read_what_it_signs(tmp_path, pem, ours):
    text = b"gi.example/log\n11\nroot\n"
    for name, data in (("key", pem), ("text", text), ("ours", ours.sign(text))):
        (tmp_path / name).write_bytes(data)
    given = ["-sigopt", "distid:1234567812345678", "text"]

    def openssl(*words):
        done = subprocess.run(["openssl", *words], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    openssl("pkey", "-in", "key", "-pubout", "-out", "public")
    assert openssl("dgst", "-sm3", "-verify", "public", "-signature", "ours", *given) == "Verified OK\n"
    openssl("dgst", "-sm3", "-sign", "key", "-out", "theirs", *given)
    assert is_signed_sm2(point_of(pem), text, (tmp_path / "theirs").read_bytes())
    openssl("dgst", "-sm3", "-sign", "key", "-out", "theirs", "-sigopt", "distid:another", "text")
    assert not is_signed_sm2(point_of(pem), text, (tmp_path / "theirs").read_bytes()), "by another identity"


def test_the_line_is_verified_by_who_has_the_key_and_ignored_by_who_has_not(note, ours):
    again = Note.read(str(note))
    assert again == note
    assert again.by([LOG.key, ours.key]) == (LOG.key, ours.key)
    assert again.by([ours.key]) == (ours.key,)
    assert again.by([LOG.key]) == (LOG.key,)


def test_a_wrong_line_is_refused_by_who_has_the_key_whoever_else_signed(note, ours):
    *others, line = note.signatures
    for blob in (
        line.blob[:-1] + bytes([line.blob[-1] ^ 1]),
        line.blob[:-1],
        line.blob + b"\0",
        bytes(70),
        bytes(5_000),
        ours.sign(b"another text\n"),
    ):
        spoilt = Note(note.text, (*others, Signature(line.name, line.id, blob)))
        with pytest.raises(NoteFault, match=r"the signature of gi\.example/log is wrong"):
            spoilt.by([LOG.key, ours.key])
        assert spoilt.by([LOG.key]) == (LOG.key,)
    changed = Note(note.text.replace("11", "12"), note.signatures)
    with pytest.raises(NoteFault, match="is wrong"):
        changed.by([ours.key])


def test_the_key_is_told_as_the_format_says(ours):
    told = str(ours.key)
    assert VerifierKey.read(told) == ours.key
    digest = hashlib.sha256(ORIGIN.encode() + b"\n\xff" + ours.key.public).hexdigest()
    assert told.split("+")[1] == digest[:8]
    assert ours.key.public.startswith(b"1.2.156.10197.1.501 SM2-with-SM3 1234567812345678\n\x04")
    for point in (b"", b"\x04" * 64, b"\x02" + bytes(64)):
        with pytest.raises(NoteFault, match="a point of 65 bytes"):
            VerifierKey.read(str(VerifierKey(ORIGIN, KeyType.PRIVATE, SM2 + point)))
    other = VerifierKey(ORIGIN, KeyType.PRIVATE, b"of somebody else's making" + bytes(65))
    assert VerifierKey.read(str(other)) == other
    with pytest.raises(NoteFault, match="no verifier for keys of type 0xff"):
        other.is_signed("text\n", b"12345")


def test_without_openssl_a_line_is_neither_right_nor_wrong_and_so_refused(note, ours, pem, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    is_signed_sm2.cache_clear()
    with pytest.raises(NoteFault, match="OpenSSL is not installed"):
        note.by([LOG.key, ours.key])
    assert note.by([LOG.key]) == (LOG.key,)
    with pytest.raises(SM2Fault, match="OpenSSL is not installed"):
        sign_sm2(pem, b"text")


def test_a_key_of_another_kind_is_none_of_sm2():
    done = subprocess.run(["openssl", "genpkey", "-algorithm", "ED25519"], capture_output=True, check=True)
    with pytest.raises(SM2Fault, match="none of SM2"):
        point_of(done.stdout)
    with pytest.raises(SM2Fault, match="OpenSSL refuses"):
        point_of(b"nonsense")


def test_signatures_are_pairs_of_numbers_below_the_order(ours):
    r, s = decode_dss_signature(ours.sign(b"text"))
    assert 0 < r < ORDER
    assert 0 < s < ORDER
