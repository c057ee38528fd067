"""Codes read from a photo, on the server, for phones whose browser cannot scan."""

import zxingcpp

from gi_registry.lib.images import open_photo, turn

# Enough for a label that fills a tenth of a photo. The worst picture, nothing but the corners of QR codes, takes time by the
# square of its pixels: at 2,400 it held a core for nine seconds, at 1,600 for two.
LONGEST_PX = 1_600
MOST_CODES = 10
_FORMATS = [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix]


def codes_in(photo: bytes) -> list[str]:
    """The texts of the QR and Data Matrix symbols in a photo. Raises Invalid for no picture, Problem (503) when busy."""
    picture = open_photo(photo, longest=LONGEST_PX).convert("L")
    with turn():
        found = zxingcpp.read_barcodes(picture, formats=_FORMATS)
    return [code.text for code in found[:MOST_CODES] if code.text]
