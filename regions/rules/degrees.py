"""Reading longitudes and latitudes as announcements print them: ``112°18′``, ``E 35°21′``, ``北纬38°05′40″``."""

import re
import unicodedata

_PUNCTUATION = str.maketrans(
    {
        "度": "°", "º": "°", "˚": "°", "o": "°",
        "分": "′", "'": "′", "’": "′", "‘": "′", "`": "′", "´": "′",
        "秒": "″", '"': "″", "”": "″", "“": "″",
    }
)  # fmt: skip
_WORDS = {"东经": "E", "西经": "W", "北纬": "N", "南纬": "S"}
_PRINTED = re.compile(
    r"(?P<before>[EWNS])?"
    r"(?P<degrees>[0-9]{1,3}(?:\.[0-9]{1,12})?)°?"
    r"(?:(?P<minutes>[0-9]{1,2}(?:\.[0-9]{1,9})?)′)?"
    r"(?:(?P<seconds>[0-9]{1,2}(?:\.[0-9]{1,9})?)″)?"
    r"(?P<after>[EWNS])?",
    re.ASCII,
)
_LONGEST = 40


def read_degrees(text: str) -> float | None:
    """Decimal degrees, west and south negative; None where the text cannot be read as one angle of at most 180 degrees.

    Which axis it is stays open: an announcement that prints the axes the wrong way round must still be readable, or the
    fault could not be named.
    """
    if len(text) > _LONGEST:
        return None
    # NFKC first (full-width digits), then the marks: NFKC itself splits ″ into two ′.
    plain = unicodedata.normalize("NFKC", text).replace("′′", "″")
    for word, letter in _WORDS.items():
        plain = plain.replace(word, letter)
    plain = re.sub(r"[\s,:]", "", plain).translate(_PUNCTUATION).replace("′′", "″").upper()
    found = _PRINTED.fullmatch(plain)
    if found is None or (found["before"] and found["after"]):
        return None
    return _sum(found)


def _sum(found: re.Match[str]) -> float | None:
    minutes, seconds = float(found["minutes"] or 0), float(found["seconds"] or 0)
    if minutes >= 60 or seconds >= 60 or (found["minutes"] and "." in found["degrees"]):
        return None
    degrees = float(found["degrees"]) + minutes / 60 + seconds / 3600
    if degrees > 180:
        return None
    return -degrees if (found["before"] or found["after"]) in ("W", "S") else degrees
