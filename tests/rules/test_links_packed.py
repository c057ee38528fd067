"""Compressed Digital Links, held against a packer that was written apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.build_links import PACKABLE, a_link, packed
from trace.links import DigitalLink, LinkError, unpack
from trace.links.dictionary import QUALIFIERS
from trace.links.packed import MAX_PACKED, unpack_after

GTIN = "09506000134376"


def test_the_link_published_with_the_standard_unpacks():
    assert unpack("ARFKk4XB0CDKWcnpq").path == f"/01/{GTIN}/10/LOT01"


def test_the_packer_of_these_tests_writes_the_published_link():
    assert packed([("01", GTIN), ("10", "LOT01")]) == "ARFKk4XB0CDKWcnpq"


@given(a_link())
def test_what_is_packed_unpacks_to_the_same_link(link: DigitalLink):
    # A packed link does not say which of two keys is meant, so none is an attribute of another.
    kept = tuple(pair for pair in link.attributes if pair[0] in PACKABLE - set(QUALIFIERS))
    pairs = [link.key, *link.qualifiers, *kept]
    if not all(ai in PACKABLE for ai, _ in pairs):
        return
    again = unpack(packed(pairs, others=list(link.others)))
    assert (again.key, again.qualifiers, again.attributes) == (link.key, link.qualifiers, kept)
    assert again.others == link.others


@pytest.mark.parametrize(
    ("code", "pairs"),
    [
        ("0A", [("01", GTIN), ("22", "2A")]),
        ("0B", [("01", GTIN), ("10", "lot/1")]),
        ("0C", [("01", GTIN), ("21", "0f0f")]),
        ("0D", [("01", GTIN), ("17", "271231")]),
        ("1A", [("01", GTIN), ("10", "0012"), ("21", "S-1"), ("17", "271200")]),
        ("2D", [("01", GTIN), ("3103", "000195")]),
        ("9A", [("8010", "9521PART"), ("8011", "12")]),
        ("9D", [("414", "9521321000018"), ("254", "A1")]),
    ],
)
def test_codes_for_identifiers_that_often_stand_together_unpack(code, pairs):
    link = unpack(packed(pairs, together=code))
    assert [link.key, *link.qualifiers, *link.attributes] == pairs


def test_a_key_in_the_clear_goes_with_a_packed_rest():
    link = unpack_after("01", GTIN, packed([("10", "LOT01"), ("21", "7")]))
    assert link.path == f"/01/{GTIN}/10/LOT01/21/7"
    with pytest.raises(LinkError):
        unpack_after("01", GTIN, packed([("01", GTIN)]))


@pytest.mark.parametrize(
    "token", ["", "A", "foo", "ARFKk4XB0CDKWcnp*", "ARFKk4XB", "_" * 20, "A" * (MAX_PACKED + 1), "码"]
)
def test_what_cannot_be_unpacked_is_refused(token):
    with pytest.raises(LinkError):
        unpack(token)


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", max_size=60))
def test_random_tokens_never_raise_anything_but_our_own_error(token):
    for read in (unpack, lambda text: unpack_after("01", GTIN, text)):
        try:
            link = read(token)
        except LinkError:
            continue
        assert link.canonical
