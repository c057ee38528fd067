"""The QR code of a batch as it stands on a page, and the sheet of them that goes to a printer."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.safestring import SafeString, mark_safe

from gi_registry.lib.ids import grouped
from gi_registry.lib.language import say
from gi_registry.lib.texts import Text
from trace import qr
from trace.models import Batch

# Three labels side by side on A4, seven rows: a page is full, and no label is cut.
LABELS_A_PAGE = 21
MOST_PAGES = 10

_TITLE = Text("批次 {lot} 的二维码", "QR code of batch {lot}")
_LEADS = Text("打开 {link}", "Opens {link}")


@dataclass(frozen=True, slots=True)
class Symbol:
    """``svg`` is ours alone, so it may stand in a page; ``width_mm`` is what the printer should measure."""

    link: str
    host: str
    svg: SafeString
    dpi: int
    width_mm: float

    @property
    def width_mm_text(self) -> str:
        return f"{self.width_mm:.1f}"


def symbol_of(batch: Batch, dpi: int = qr.DEFAULT_DPI) -> Symbol:
    """The symbol of the batch's link, without lettering: pages and labels set their own beside it."""
    profile = qr.PROFILES[dpi]
    lot = grouped(batch.number)
    caption = qr.Caption(title=say(_TITLE).format(lot=lot), description=say(_LEADS).format(link=batch.link))
    drawn = mark_safe(qr.qr_svg(batch.link, profile, caption))
    return Symbol(batch.link, urlsplit(batch.link).netloc, drawn, dpi, qr.width_mm(batch.link, profile))
