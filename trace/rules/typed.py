"""What a person typed, pasted or scanned, taken apart: a lot, a unit code, or one of the links printed in a QR code.

Forgiving in form (case, blanks, hyphens, full-width letters, look-alikes), strict in substance: the check character
tells a slip of the finger from a code that was never issued.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from gi_registry.lib.ids import NUMBER_LENGTH, gtin14, gtin_faults, is_well_formed, normalise
from gi_registry.lib.texts import Word
from trace.codes.layout import UNIT_LENGTH, is_mistyped

MAX_TYPED = 2_048
# A wrong code is shown back to the person; longer than this it is nobody's code and would only break the page.
MAX_SHOWN = 40
# GS1 element strings as they are printed for people, ``(01)…(10)…(21)…``.
_ELEMENT = re.compile(r"\((01|10|21)\)\s*([^()]{1,60})")


class Kind(Word):
    BATCH = "batch", "批次", "Batch"
    UNIT = "unit", "单件", "Unit"


@dataclass(frozen=True, slots=True)
class Typed:
    """``lot`` and ``code`` are normalised ("" where absent); ``host`` is that of a pasted link."""

    kind: Kind
    lot: str
    code: str = ""
    gtin: str = ""
    host: str = ""
    is_well_formed: bool = False

    @property
    def lacks_lot(self) -> bool:
        """A unit code by itself: its keys are those of its lot, so without the lot nobody can tell whether it was issued."""
        return bool(self.code) and not self.lot


def read_typed(text: str) -> Typed:
    """Take apart anything typed. Never raises: what makes no sense comes back as not well formed."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if named := dict(_ELEMENT.findall(plain)):
        return of_lot(named.get("10", ""), named.get("21", ""), gtin=named.get("01", "").strip())
    host, path = _split_link(plain)
    segments = [unquote(segment) for segment in path.split("/") if segment.strip()]
    match segments:
        case [*_, marker, lot] if marker.lower() == "c":
            return of_lot(lot, host=host)
        case [*_, marker, lot, code] if marker.lower() == "c":
            return of_lot(lot, code, host=host)
        case [*_, "01", gtin, "10", lot]:
            return of_lot(lot, gtin=gtin, host=host)
        case [*_, "01", gtin, "10", lot, "21", code]:
            return of_lot(lot, code, gtin=gtin, host=host)
        case [alone]:
            return _of_bare(alone, host)
        case [lot, code]:
            return of_lot(lot, code, host=host)
    return Typed(Kind.BATCH, _shown(plain), host=host[:253])


def of_lot(lot: str, code: str = "", *, gtin: str = "", host: str = "") -> Typed:
    """A lot, and perhaps a unit code in it, as they stand in a link."""
    lot, code, gtin = normalise(lot), normalise(code), gtin14(gtin)
    well_formed = is_well_formed(lot) and (not code or not is_mistyped(code)) and (not gtin or not gtin_faults(gtin))
    kind = Kind.UNIT if code else Kind.BATCH
    return Typed(kind, _shown(lot), _shown(code), _shown(gtin), host[:253], well_formed)


def _of_bare(text: str, host: str) -> Typed:
    """A code by itself, perhaps behind a label such as ``批次号:`` or ``Lot:``; a lot and its unit code may be run together."""
    code = normalise(text.rpartition(":")[2])
    if len(code) == UNIT_LENGTH:
        return Typed(Kind.UNIT, "", _shown(code), host=host[:253], is_well_formed=not is_mistyped(code))
    if len(code) == NUMBER_LENGTH + UNIT_LENGTH:
        return of_lot(code[:NUMBER_LENGTH], code[NUMBER_LENGTH:], host=host)
    return of_lot(code, host=host)


def _split_link(text: str) -> tuple[str, str]:
    """Host and path of a link, with or without its scheme; plain text has no host. Query and fragment are passed over."""
    if "/" not in text:
        return "", text
    if "://" not in text and not text.startswith("/"):
        first = text.partition("/")[0]
        text = f"https://{text}" if "." in first or ":" in first else f"/{text}"
    try:
        parts = urlsplit(text)
        return (parts.netloc.rpartition("@")[2].lower(), parts.path)
    except ValueError:
        return "", ""


def _shown(text: str) -> str:
    """Only printable characters, and not many: this goes into answers and pages."""
    return "".join(character for character in text if character.isprintable())[:MAX_SHOWN]
