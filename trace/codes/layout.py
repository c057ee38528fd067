"""How a unit code is laid out: issuance, masked index, tag and check character in 20 characters of Crockford's base32.

::

    character  1      ordinal of the issuance in its lot, 5 bits
    characters 2-19   90 bits: masked index (25), then tag (65)
    character  20     check character over the 19 before it (gi_registry.lib.ids)
"""

import re

from gi_registry.lib import ids

UNIT_LENGTH = 20
ORDINAL_BITS, INDEX_BITS, TAG_BITS = 5, 25, 65
MOST_ISSUANCES = 1 << ORDINAL_BITS
MOST_UNITS = 1 << INDEX_BITS

_TAG = (1 << TAG_BITS) - 1
_INDEX = MOST_UNITS - 1
_BODY_BITS = ORDINAL_BITS + INDEX_BITS + TAG_BITS
# Two characters at a time: half the steps, and a table of 1,024 stays in the cache of the processor.
_PAIRS = [first + second for first in ids.ALPHABET for second in ids.ALPHABET]
_SHIFTS = range(_BODY_BITS - 10, -1, -10)
_CODE = re.compile(f"[{ids.ALPHABET}]{{{UNIT_LENGTH}}}", re.ASCII)
# int() reads base 32 as 0-9A-V.
_DIGITS = str.maketrans(ids.ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV")


def join(ordinal: int, shown: int, tag: int) -> str:
    """The code that shows these three numbers (5, 25 and 65 bits)."""
    body = (((ordinal << INDEX_BITS) | shown) << TAG_BITS) | tag
    pairs = [_PAIRS[body >> shift & 1023] for shift in _SHIFTS]
    text = "".join(pairs) + ids.ALPHABET[body & 31]  # 19 characters: nine pairs and one
    return text + ids.check_character(text)


def split(code: str) -> tuple[int, int, int]:
    """Ordinal, shown index and tag of a well-formed code. ValueError for anything but 20 characters of the alphabet."""
    if not _CODE.fullmatch(code):
        raise ValueError("not a unit code")
    body = int(code[:-1].translate(_DIGITS), 32)
    return body >> (INDEX_BITS + TAG_BITS), body >> TAG_BITS & _INDEX, body & _TAG


def is_mistyped(code: str) -> bool:
    """Whether a normalised code has a wrong length, letter or check character: a slip, and no sign of a forgery."""
    return not ids.is_well_formed(code, UNIT_LENGTH)
