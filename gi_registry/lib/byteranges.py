"""Which part of an answer was asked for (RFC 9110, 14): so that a broken download goes on where it broke off."""

import re

from gi_registry.lib.texts import Text

# More digits than any of our answers has bytes: longer ones are nobody's offset.
_ONE = re.compile(r"bytes=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*", re.ASCII)
BEYOND = Text("所请求的部分超出文件范围。", "The part asked for lies beyond the end of the file.")


class Unsatisfiable(Exception):
    """The part lies beyond the end (416)."""


def part_of(header: str, size: int) -> tuple[int, int] | None:
    """``(start, stop)`` of the one part that a Range header names, ``stop`` not included; None for the whole.

    What is not one part of bytes (several parts, other units, no sense) is passed over, as the standard allows.
    """
    found = _ONE.fullmatch(header.strip())
    if not found or found[1] + found[2] == "":
        return None
    if not found[1]:
        start, stop = max(0, size - int(found[2])), size
    else:
        start, stop = int(found[1]), min(int(found[2]) + 1, size) if found[2] else size
        if found[2] and int(found[2]) < start:
            return None
    if start >= size:
        raise Unsatisfiable
    return start, stop
