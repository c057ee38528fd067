"""Making codes: the tag is a MAC of the index, and hides it (synthetic IV, the idea of RFC 5297)."""

from collections.abc import Iterable, Iterator

from gi_registry.openlog import tree
from trace.codes.keyring import UnitKeys
from trace.codes.layout import INDEX_BITS, MOST_UNITS, TAG_BITS, join

PIN_DIGITS = 8
_SPARE_TAG_BITS = 72 - TAG_BITS
_SPARE_MASK_BITS = 32 - INDEX_BITS


def tag_of(keys: UnitKeys, index: int) -> int:
    """The first 65 bits of HMAC(k_tag, index as 4 bytes)."""
    return int.from_bytes(keys.tag(index.to_bytes(4))[:9]) >> _SPARE_TAG_BITS


def mask_of(keys: UnitKeys, tag: int) -> int:
    """The first 25 bits of HMAC(k_enc, tag right-aligned in 9 bytes)."""
    return int.from_bytes(keys.enc(tag.to_bytes(9))[:4]) >> _SPARE_MASK_BITS


def code_at(keys: UnitKeys, index: int) -> str:
    """The code of one unit. ValueError beyond what a code can hold."""
    if not 0 <= index < MOST_UNITS:
        raise ValueError("an issuance has at most 33,554,432 units")
    tag = tag_of(keys, index)
    return join(keys.ordinal, index ^ mask_of(keys, tag), tag)


def codes(keys: UnitKeys, start: int, stop: int) -> Iterator[str]:
    """The codes of units ``start`` to ``stop`` (exclusive) in the order of their index, one at a time."""
    return (code_at(keys, index) for index in range(start, stop))


def root_of(codes: Iterable[str]) -> bytes:
    """One hash that says for ever which codes an issuance has (RFC 6962, 2.1): leaves are their 20 characters, by index."""
    return tree.root(code.encode("ascii") for code in codes)


def pin_at(keys: UnitKeys, index: int) -> str:
    """The eight hidden digits of a unit: HMAC(k_pin, index as 4 bytes) as one number of 256 bits, modulo 10^8.

    2^256 is no multiple of 10^8, but so much larger that no PIN is likelier than another by more than one part in 10^69
    (NIST SP 800-90A, A.5.3, asks for 64 spare bits; here are 229): no draw has to be rejected and repeated.
    """
    number = int.from_bytes(keys.pin(index.to_bytes(4)))
    return f"{number % 10**PIN_DIGITS:0{PIN_DIGITS}}"
