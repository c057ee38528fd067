"""What consumers report, and the photos that they send."""

import io
from typing import Any

from PIL import Image

from tests.build_trace import a_sender
from tests.cast import NOW
from trace import actions
from trace.models import Report
from trace.rules.reports import ReportKind
from trace.rules.typed import read_typed

NOBODYS = "000000001T"
GPS = 0x8825


def a_photo(size: tuple[int, int] = (64, 48), kind: str = "JPEG", **more: Any) -> bytes:
    """As a phone makes it: with the place where it was taken, and a word of the camera's."""
    exif = Image.Exif()
    exif[0x010F] = "MAKER-OF-PHONES"
    exif.get_ifd(GPS)[1], exif.get_ifd(GPS)[2] = "N", (37.0, 36.0, 22.5)
    file = io.BytesIO()
    Image.new("RGB", size, (150, 40, 30)).save(file, format=kind, exif=exif, **more)
    return file.getvalue()


def a_report(
    code: str, *, words: str = "瓶盖没有封膜。", contact: str = "13900000000", photo: bytes = b"", **more: Any
) -> Report:
    """``code``: as typed, perhaps a lot and a unit code with a stroke between them."""
    told = actions.Told(kind=ReportKind.TAMPERED, words=words, contact=contact, photo=photo)
    asked = {"once": "", "sender": a_sender(province="山西省"), "now": NOW, **more}
    return actions.send_report(about=read_typed(code), told=told, **asked)
