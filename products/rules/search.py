"""Search without an extension that knows Chinese: one form for everything typed, and short pieces of it to index.

A trigram index has nothing to say about 醋 or 陈醋, the commonest queries; arrays of one- and two-character pieces do.
"""

import re
import unicodedata
from dataclasses import dataclass

from regions.rules.names import syllables_of

MAX_QUERY = 100
MAX_RESULTS = 50
_UMLAUT = re.compile(r"([ln])v")
_HAN = re.compile(r"[㐀-鿿豈-﫿]")


def folded(text: str) -> str:
    """NFKC (full-width to half-width), case-folded, letters and digits only: ``Shan xi`` and ``SHANXI`` are one.

    ü is typed as ü, u or v; after l and n all three become u.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    # Accents go, so that Lüliang typed without dots is found; Han characters have no decomposition to lose.
    bare = (c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return _UMLAUT.sub(r"\1u", "".join(c for c in bare if c.isalnum()))


def grams(text: str) -> set[str]:
    """Its one- and two-character pieces, folded."""
    key = folded(text)
    return set(key) | {key[place : place + 2] for place in range(len(key) - 1)}


def pinyin_of(name: str) -> str:
    """Syllables without tones, spaced: ``老陈醋`` -> ``lao chen cu``. Latin runs stay whole."""
    return " ".join(" ".join(syllables_of(unicodedata.normalize("NFKC", name))).lower().split())


def initials_of(name: str) -> str:
    """First letters of the syllables: ``山西老陈醋`` -> ``sxlcc``."""
    return folded("".join(syllable[:1] for syllable in syllables_of(unicodedata.normalize("NFKC", name))))


def has_han(text: str) -> bool:
    return _HAN.search(text) is not None


@dataclass(frozen=True, slots=True)
class Keys:
    """Everything derived from the names of an indication for its search columns."""

    folded_zh: str
    folded_en: str
    pinyin: str
    folded_pinyin: str
    initials: str
    grams: list[str]


def keys_of(name_zh: str, name_en: str, category: str = "", pinyin: str = "") -> Keys:
    """``pinyin`` may be given where the machine would read a character wrongly (长子 is Zhangzi, not Changzi)."""
    spaced = " ".join((pinyin or pinyin_of(name_zh)).lower().split())
    initials = "".join(part[0] for part in spaced.split()) if pinyin else initials_of(name_zh)
    parts = (name_zh, name_en, category, spaced, initials)
    # Cut to their columns: compatibility forms and long syllables can grow many times over their text.
    return Keys(
        folded_zh=folded(name_zh)[:80],
        folded_en=folded(name_en)[:160],
        pinyin=spaced[:240],
        folded_pinyin=folded(spaced)[:240],
        initials=initials[:60],
        grams=sorted(set().union(*map(grams, parts))),
    )


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed: its folded key, the pieces that a hit must contain, and its sound for misheard characters."""

    key: str
    grams: tuple[str, ...]
    sound: str


def query_of(typed: str) -> Query:
    """An empty key means that nothing searchable was typed."""
    key = folded(typed[:MAX_QUERY])
    pieces = {key[place : place + 2] for place in range(len(key) - 1)} or set(key)
    return Query(key, tuple(sorted(pieces)), folded(pinyin_of(key)) if has_han(key) else "")


_SEPARATORS = re.compile(r"[^0-9a-z]+")


def slug_of(name_zh: str, pinyin: str = "") -> str:
    """``山西老陈醋`` -> ``shan-xi-lao-chen-cu``: readable aloud, typable anywhere."""
    spaced = (pinyin or pinyin_of(name_zh)).lower()
    bare = "".join(c for c in unicodedata.normalize("NFKD", spaced) if not unicodedata.combining(c))
    return _SEPARATORS.sub("-", bare).strip("-")[:80]


# Words that stand where a slug would in page addresses.
RESERVED_SLUGS = frozenset({"producers", "holders", "titles", "sites", "search", "map"})
