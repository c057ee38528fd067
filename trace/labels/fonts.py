"""The Chinese font of the labels: where it is found, how wide its letters are, and which characters it lacks.

A rare character must be missed before printing, not found as a box on ten thousand labels.
"""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont, TTLibError

from gi_registry.lib.ids import ALPHABET
from gi_registry.lib.texts import Refusal, Text

PACKAGE = "fonts-wqy-microhei"
# Debian's places: file and face of the collection. Noto's third face is Simplified Chinese.
KNOWN = (
    (Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"), 0),
    (Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"), 2),
)
_TOLD = 20
_NO_FONT = Text(
    f"这台服务器上没有印标签用的中文字体。请运行 apt-get install {PACKAGE}，或用 GI_LABEL_FONT 指定字体文件。",
    f"This server has no Chinese font for labels. Run apt-get install {PACKAGE}, or name a font file in GI_LABEL_FONT.",
)
_LACKING = Text(
    "字体里没有这些字，印出来会是方框：{letters}。请让管理员用 GI_LABEL_FONT 指定含这些字的字体。",
    "The font lacks these characters and would print boxes: {letters}. Have a font that holds them named in GI_LABEL_FONT.",
)


class Unprintable(ValueError):
    """A label that cannot be printed, with the reason."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.text.en)


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file. ``widths`` are advances in ems by code point; heights in ems above and below the baseline."""

    path: Path
    number: int
    name: str
    widths: dict[int, float]
    ascent: float
    descent: float

    def width(self, text: str) -> float:
        """Width in ems."""
        return sum(self.widths[ord(letter)] for letter in text)

    def require(self, letters: Iterable[str]) -> None:
        """Raises Unprintable naming every character that the face lacks."""
        lacking = sorted({letter for letter in letters if ord(letter) not in self.widths})
        if lacking:
            told = " ".join(letter if letter.isprintable() else f"U+{ord(letter):04X}" for letter in lacking[:_TOLD])
            raise Unprintable(Refusal("font_lacks", _LACKING.format(letters=told)))


def find(setting: str) -> Face:
    """The face to print with. ``setting``: a file, with ``#2`` after it for the third face of a collection; or "".

    Raises Unprintable where there is none, naming what to install.
    """
    name, _, number = setting.partition("#")
    places = ((Path(name), int(number) if number.isdigit() else 0),) if name else KNOWN
    for path, face in places:
        if path.is_file():
            try:
                return _read(path, face, path.stat().st_mtime_ns)
            except (TTLibError, OSError, KeyError, IndexError) as unreadable:
                raise Unprintable(Refusal("no_font", _NO_FONT)) from unreadable
    raise Unprintable(Refusal("no_font", _NO_FONT))


@lru_cache(maxsize=4)
def _read(path: Path, number: int, changed_at: int) -> Face:
    # Opened here, as fontTools leaves open what it finds to be no font.
    with path.open("rb") as file, TTFont(file, fontNumber=number, lazy=True) as font:
        em, advances = font["head"].unitsPerEm, font["hmtx"].metrics
        widths = {point: advances[glyph][0] / em for point, glyph in font.getBestCmap().items()}
        across = font["hhea"]
        name = font["name"].getDebugName(4) or path.stem
        return Face(path, number, name, widths, across.ascent / em, -across.descent / em)


def cut(face: Face, letters: str, folder: Path) -> Path:
    """A small font file in ``folder`` with nothing but these letters and those of codes."""
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".otf", delete=False) as file:
        file.write(_cut(face.path, face.number, face.path.stat().st_mtime_ns, frozenset(letters)))
    return Path(file.name)


@lru_cache(maxsize=32)
def _cut(path: Path, number: int, changed_at: int, letters: frozenset[str]) -> bytes:
    """Cutting takes longer than setting a page of labels, and whoever prints does so with the same words again; some tens of
    kilobytes each."""
    options = subset.Options(layout_features=[], name_IDs=[1, 2, 4, 6], notdef_outline=True, hinting=False)
    options.drop_tables += ["FFTM"]  # a time stamp of FontForge, over which the cutter stumbles aloud
    small = BytesIO()
    with TTFont(path, fontNumber=number, lazy=True) as font:
        chooser = subset.Subsetter(options)
        chooser.populate(text="".join(letters) + ALPHABET + " ")
        chooser.subset(font)
        font.save(small)
    return small.getvalue()
