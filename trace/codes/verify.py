"""Reading codes: which unit of an issuance a code names, if the registry signed it. No database, no count: whether
the index is below the number issued, and whether it was activated or withdrawn, is for whoever asks to compare."""

from hmac import compare_digest

from trace.codes.keyring import UnitKeys
from trace.codes.layout import is_mistyped, split
from trace.codes.sign import mask_of, pin_at, tag_of

__all__ = ["index_of", "is_mistyped", "is_pin", "ordinal_of", "read"]


def ordinal_of(code: str) -> int:
    """Which issuance of its lot a well-formed code says it is from: its keys are the ones to ask ``read`` with."""
    return split(code)[0]


def read(code: str, keys: UnitKeys) -> int | None:
    """The index of a well-formed code under these keys, or None when they did not sign it."""
    ordinal, shown, tag = split(code)
    return index_of(shown, tag, keys) if ordinal == keys.ordinal else None


def index_of(shown: int, tag: int, keys: UnitKeys) -> int | None:
    """What ``read`` does once a code is split into its numbers.

    The tag is compared in constant time, else answers would tell how much of a guess was right.
    """
    index = shown ^ mask_of(keys, tag)
    return index if compare_digest(tag_of(keys, index).to_bytes(9), tag.to_bytes(9)) else None


def is_pin(typed: str, keys: UnitKeys, index: int) -> bool:
    """Whether these are the hidden digits of the unit, compared in constant time. Counting the tries is the caller's."""
    return compare_digest(typed.encode(errors="replace"), pin_at(keys, index).encode())
