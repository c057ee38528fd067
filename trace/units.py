"""Which unit a code names, by the keys of this installation alone: a guess costs no look into the database."""

import re
from dataclasses import dataclass

from trace.codes.keyring import Epoch
from trace.codes.layout import is_mistyped
from trace.codes.verify import ordinal_of, read
from trace.keys import ring

_LOT = re.compile(r"[0-9A-Z]{1,10}", re.ASCII)
# What stands in for a code or a lot that cannot be: it is read like any other, so that a slip takes as long as a guess.
_NO_CODE, _NO_LOT = "0" * 20, "0" * 10


@dataclass(frozen=True, slots=True)
class Signed:
    """A unit that a key of ours signed. Whether it was also issued is for the register to say."""

    ordinal: int
    index: int
    epoch: Epoch


def signed(code: str, *, gtin: str, lot: str) -> Signed | None:
    """The unit that a normalised code names in a lot, or None. ``gtin``: 14 digits or ``-``. Raises KeyFault."""
    is_code, is_lot = not is_mistyped(code), bool(_LOT.fullmatch(lot))
    tried, place = code if is_code else _NO_CODE, lot if is_lot else _NO_LOT
    keys, ordinal, found = ring(), ordinal_of(tried), None
    for epoch in keys.epochs:
        index = read(tried, keys.keys(epoch.name, gtin, place, ordinal))
        if index is not None and is_code and is_lot:
            found = Signed(ordinal, index, epoch)
    return found
