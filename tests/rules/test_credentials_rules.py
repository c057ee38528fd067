"""What credentials are made of: spellings of bytes, lists of bits, thumbprints; held to published examples and to what comes back."""

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.credentials.issuer import did_of, thumbprint
from gi_registry.credentials.multibase import base58, base64url, multikey, of_base58, of_base64url
from gi_registry.credentials.status import SIZE, encoded, is_set


@pytest.mark.parametrize(
    ("data", "text"),
    [  # draft-msporny-base58, 5
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (b"The quick brown fox jumps over the lazy dog.", "zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"),
        (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
        (b"", "z"),
    ],
)  # fmt: skip
def test_base58_is_that_of_its_draft(data, text):
    assert base58(data) == text
    assert of_base58(text) == data


@given(st.binary(max_size=64))
def test_what_is_spelt_comes_back(data):
    assert of_base58(base58(data)) == data
    assert of_base64url(base64url(data)) == data


@pytest.mark.parametrize("text", ["", "Hello", "z0", "zO", "zé"])
def test_what_is_no_base58_is_refused(text):
    with pytest.raises(ValueError, match="not base58btc"):
        of_base58(text)


def test_a_multikey_is_that_of_the_standard():
    """W3C Data Integrity EdDSA Cryptosuites 1.0, B.1: the key of its test vectors."""
    told = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    key = of_base58(told)
    assert key[:2] == b"\xed\x01"
    assert multikey(key[2:]) == told


def test_a_thumbprint_is_that_of_rfc_8037():
    public = base64.urlsafe_b64decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    assert thumbprint(public) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize(
    ("root", "did"),
    [
        ("https://gi.example", "did:web:gi.example"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
    ],
)
def test_a_did_names_the_host_and_escapes_its_port(root, did):
    assert did_of(root) == did


@given(st.sets(st.integers(0, SIZE - 1), max_size=40))
def test_a_list_has_the_bits_that_were_set_and_no_other(places):
    coded = encoded(places)
    near = {place + step for place in places for step in (-1, 0, 1) if 0 <= place + step < SIZE} | {0, SIZE - 1}
    assert {place for place in near if is_set(coded, place)} == places


def test_the_first_bit_is_the_leftmost():
    assert gzip.decompress(of_base64url(encoded([0])))[0] == 0x80


@pytest.mark.parametrize("place", [-1, SIZE, SIZE * 8])
def test_there_is_no_bit_outside_the_list(place):
    with pytest.raises(ValueError, match="no such bit"):
        is_set(encoded([]), place)
