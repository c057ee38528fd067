"""Codes read from a photo, on the server, for phones whose browser cannot scan."""

import threading

import zxingcpp
from PIL import Image

from gi_registry.lib.images import open_photo
from gi_registry.lib.problems import Problem

# Enough for a label that fills a tenth of a photo; reading time grows with the pixels.
LONGEST_PX = 2_400
MOST_CODES = 10
_FORMATS = [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix]
# Reading keeps a core busy. More photos at once than this are put off rather than let every check wait.
_reading = threading.BoundedSemaphore(2)


def codes_in(photo: bytes) -> list[str]:
    """The texts of the QR and Data Matrix symbols in a photo. Raises Invalid for no picture, Problem (503) when busy."""
    picture = open_photo(photo, longest=LONGEST_PX)
    if not _reading.acquire(timeout=2):
        raise Problem("unavailable")
    try:
        return _read(picture)
    finally:
        _reading.release()


def _read(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture.convert("L"), formats=_FORMATS)
    return [code.text for code in found[:MOST_CODES] if code.text]
