"""Photos from strangers: opened within bounds, and kept only as a copy that we drew ourselves.

A picture can be small to send and huge to unfold, can carry the place where it was taken, and can be more than a picture.
So its size is read before its pixels, only three formats are opened, two at a time, and what is stored is always
re-encoded: no metadata, no trailing bytes, no second image (OWASP ASVS 5.0, 5.2.2 and 5.2.6).
"""

import io
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps

from gi_registry.lib.problems import Invalid, Problem
from gi_registry.lib.texts import Refusal, Text

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
# A progressive JPEG goes over all its pixels once a scan, and a scan may be 75 bytes long: 12 MB of them would hold a
# core for hours. Cameras write a dozen; parts before the picture are tables and notes, at most one a 64 kB.
MOST_SCANS, MOST_PARTS = 64, 1_000
_JPEG, _START_OF_SCAN, _END = b"\xff\xd8", 0xDA, 0xD9
# Not the stuffed zeros, fillers and restarts that stand inside a scan.
_MARKER = re.compile(rb"\xff([^\x00\x01\xff\xd0-\xd8])")
# A PNG at the bounds above takes 460 MB while it is unfolded and holds a core for a second or two: more at once than
# these are put off rather than let every check wait.
_turns = threading.BoundedSemaphore(2)
WAIT_S = 2
_NO_PICTURE = Text(
    "无法打开这张图片。请使用 JPEG、PNG 或 WebP 格式的照片。",
    "The picture cannot be opened. Use a JPEG, PNG or WebP photo.",
)
_TOO_LARGE = Text(
    "照片过大：不超过 12 MB、5000 万像素。", "The photo is too large: 12 MB and 50 million pixels at most."
)


def open_photo(data: bytes, *, longest: int, pointer: str = "/photo") -> Image.Image:
    """The first picture in the bytes, upright, in RGB, its longer side at most ``longest`` pixels. Raises Invalid.

    A JPEG is unfolded at a fraction of its size where that is enough, so a camera's full picture costs little memory.
    Raises Problem (503) when too many are opened at once.
    """
    if len(data) > MOST_BYTES:
        raise Invalid(Refusal("photo_too_large", _TOO_LARGE, pointer))
    if not _is_plain(data):
        raise Invalid(Refusal("photo_unreadable", _NO_PICTURE, pointer))
    try:
        with turn(), warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid(Refusal("photo_too_large", _TOO_LARGE, pointer))
            picture.draft("RGB", (longest, longest))
            # Turned only once it is small: turning copies.
            picture.thumbnail((longest, longest))
            return ImageOps.exif_transpose(picture).convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise Invalid(Refusal("photo_too_large", _TOO_LARGE, pointer)) from bomb
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        KeyError,
        IndexError,
        TypeError,
        OverflowError,
        ArithmeticError,
    ) as fault:
        # Pillow's readers raise all of these on broken files; what is wrong inside is of no use to the sender.
        raise Invalid(Refusal("photo_unreadable", _NO_PICTURE, pointer)) from fault


@contextmanager
def turn() -> Iterator[None]:
    """One of the few turns in which this process works on pictures of strangers. Raises Problem (503) when none comes free."""
    if not _turns.acquire(timeout=WAIT_S):
        raise Problem("unavailable")
    try:
        yield
    finally:
        _turns.release()


def _is_plain(data: bytes) -> bool:
    """Whether a JPEG has no more parts and scans than cameras write (ITU-T T.81, B.1); other formats are."""
    place, scans = 2, 0
    for _ in range(MOST_PARTS if data.startswith(_JPEG) else 0):
        found = _MARKER.search(data, place)
        if found is None or found[1][0] == _END:
            return True
        scans += found[1][0] == _START_OF_SCAN
        if scans > MOST_SCANS:
            return False
        place = found.end() + max(2, int.from_bytes(data[found.end() : found.end() + 2]))
    return not data.startswith(_JPEG)


def as_jpeg(picture: Image.Image, *, quality: int = 80) -> bytes:
    """A copy with nothing in it but pixels."""
    file = io.BytesIO()
    clean = Image.frombytes("RGB", picture.size, picture.tobytes())
    clean.save(file, format="JPEG", quality=quality, optimize=True, progressive=True)
    return file.getvalue()


def as_small_jpeg(picture: Image.Image, *, most_bytes: int) -> tuple[bytes, tuple[int, int]]:
    """The same within a number of bytes, and its size: rather smaller than blurred, and rather blurred than refused.

    Raises Invalid where even a small and rough copy is larger, which no photo is.
    """
    for longest in (960, 800, 640, 480, 320):
        copy = picture.copy()
        copy.thumbnail((longest, longest))
        for quality in (80, 70, 60):
            data = as_jpeg(copy, quality=quality)
            if len(data) <= most_bytes:
                return data, copy.size
    raise Invalid(Refusal("photo_unreadable", _NO_PICTURE, "/photo"))
