"""A place as people write it: a corner a line, longitude before latitude, as phones and maps show them."""

import re
import unicodedata
from typing import Any

from gi_registry.lib.texts import Refusal, Text

MAX_CORNERS = 2_000
MAX_FAULTS = 5
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})\Z")
_BETWEEN = re.compile(r"[\s,;、；°]+")

_NOTHING = Text("请至少标出一个点。", "Give one corner at least.")
_NO_PAIR = Text(
    "第 {line} 行看不懂。请写经度和纬度，例如 112.35012, 37.60734。",
    "Line {line} is not understood. Write longitude and latitude, such as 112.35012, 37.60734.",
)
_TOO_MANY = Text(f"最多 {MAX_CORNERS} 个点。", f"At most {MAX_CORNERS:,} corners.")
_A_LINE = Text(
    "两个点围不成一块地：再加一个点，或只留一个。", "Two corners enclose nothing: add one, or leave one only."
)


def read_corners(text: str, pointer: str = "/corners") -> tuple[dict[str, Any] | None, list[Refusal]]:
    """GeoJSON of what was written (one corner: a Point, three or more: a Polygon, closed here), or why it cannot be read.

    Only the writing is looked at: whether the numbers can be a place is for ``regions.geometry.read_geometry`` to say.
    """
    lines = [(place, line) for place, line in enumerate(_lines(text), 1) if line]
    if not lines:
        return None, [Refusal("no_corners", _NOTHING, pointer)]
    if len(lines) > MAX_CORNERS:
        return None, [Refusal("too_many_corners", _TOO_MANY, pointer)]
    pairs = [(place, _pair(line)) for place, line in lines]
    wrong = [place for place, pair in pairs if pair is None]
    if wrong:
        return None, [Refusal("corner_not_read", _NO_PAIR.format(line=place), pointer) for place in wrong[:MAX_FAULTS]]
    corners = [pair for _, pair in pairs]
    if len(corners) > 2 and corners[0] == corners[-1]:
        corners.pop()
    if len(corners) == 1:
        return {"type": "Point", "coordinates": corners[0]}, []
    if len(corners) == 2:
        return None, [Refusal("corners_enclose_nothing", _A_LINE, pointer)]
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}, []


def _lines(text: str) -> list[str]:
    """Full-width digits and punctuation as they are meant."""
    return [line.strip() for line in unicodedata.normalize("NFKC", text).splitlines()]


def _pair(line: str) -> list[float] | None:
    parts = [part for part in _BETWEEN.split(line) if part]
    if len(parts) != 2 or not all(_NUMBER.match(part) for part in parts):
        return None
    return [float(part) for part in parts]
