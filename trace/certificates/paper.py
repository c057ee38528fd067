"""A certificate on paper: one page of A4 with the facts in both languages and its address as a QR code."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from fpdf import FPDF

from gi_registry.lib.clock import CHINA
from gi_registry.lib.problems import Problem
from gi_registry.lib.texts import Text
from trace.certificates.issued import Certificate
from trace.labels.fonts import Unprintable, cut, find
from trace.qr import QUIET_ZONE_MODULES, runs, symbol_of

QR_MM, LEFT_MM, VALUE_MM, RIGHT_MM = 42.0, 20.0, 78.0, 190.0
FACTS = {
    "indication": Text("地理标志", "Geographical indication"),
    "titleNumber": Text("注册或批准号", "Title number"),
    "producer": Text("生产者", "Producer"),
    "registrationNumber": Text("核准编号", "Authorisation"),
    "approvalReference": Text("批准文号", "Approval reference"),
    "lot": Text("批次号", "Lot"),
    "gtin": Text("商品条码", "GTIN"),
    "harvestedOn": Text("采收日期", "Harvested on"),
    "producedOn": Text("生产日期", "Produced on"),
    "packedOn": Text("包装日期", "Packed on"),
    "bestBeforeOn": Text("保质期至", "Best before"),
}
VALID = {"validFrom": Text("有效期自", "Valid from"), "validUntil": Text("有效期至", "Valid until")}
MEANING = Text(
    "本证书说明登记系统中有此记录，签名后未被改动。它不检验货物。扫码可查当前状态。",
    "This certificate states what stands in the register, unchanged since it was signed. It tests no goods. Scan for its present state.",
)
SERIAL, ISSUED = Text("证书编号", "Certificate"), Text("签发时间", "Issued")
SAMPLE = Text("示例数据，不是证书", "Sample data, no certificate")
ISSUER = Text("山西地理标志登记与溯源", "Shanxi GI Registry & Traceability")


def facts_of(found: Certificate) -> Iterator[tuple[Text, str]]:
    """What is said, in order, each with its name; a name in both languages in one line."""
    subject = found.credential["credentialSubject"]
    for key, name in FACTS.items():
        if key in subject:
            yield name, _words(subject[key])
    for key, name in VALID.items():
        if key in found.credential:
            yield name, f"{datetime.fromisoformat(found.credential[key]).astimezone(CHINA):%Y-%m-%d}"
    yield SERIAL, found.kept.serial
    yield ISSUED, f"{found.kept.issued_at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _words(value: Any) -> str:
    if isinstance(value, dict):
        label = value.get("label", {})
        return " ".join(label[language] for language in ("zh", "en") if language in label)
    return str(value)


def drawn(found: Certificate, address: str) -> bytes:
    """The PDF. Raises Problem where the machine has no font for it."""
    lines = [(f"{name.zh} {name.en}", value) for name, value in facts_of(found)]
    words = [word for text in (SAMPLE, ISSUER, found.kind.text, MEANING) for word in (text.zh, text.en)]
    letters = "".join([*words, *(part for line in lines for part in line), address])
    try:
        face = find(settings.LABEL_FONT)
        face.require(letters)
    except Unprintable as no:
        raise Problem("unavailable", no.refusal.text) from no
    with tempfile.TemporaryDirectory(prefix="gi-certificate-") as folder:
        pdf = _Paper(cut(face, letters, Path(folder)))
        pdf.set_title(found.kind.text.zh)
        pdf.set_creation_date(found.kept.issued_at)
        pdf.headed(found)
        for name, value in lines:
            pdf.fact(name, value)
        pdf.closed(address)
        return bytes(pdf.output())


class _Paper(FPDF):
    def __init__(self, font: Path) -> None:
        super().__init__(unit="mm", format="A4")
        self.set_auto_page_break(False)
        self.set_margins(LEFT_MM, LEFT_MM, 20)
        self.add_font("words", fname=font)
        self.add_page()

    def headed(self, found: Certificate) -> None:
        if settings.GI_DEMO:
            self.set_text_color(176, 0, 32)
            self.set_font("words", size=14)
            self.cell(0, 10, f"{SAMPLE.zh} {SAMPLE.en}", new_x="LMARGIN", new_y="NEXT")
            self.set_text_color(0)
        for text, size in ((f"{ISSUER.zh} {ISSUER.en}", 11), (found.kind.text.zh, 24), (found.kind.text.en, 14)):
            self.set_font("words", size=size)
            self.cell(0, size * 0.6, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(8)

    def fact(self, name: str, value: str) -> None:
        self.set_font("words", size=9)
        self.cell(VALUE_MM - LEFT_MM, 9, name)
        self.set_font("words", size=11)
        self.multi_cell(RIGHT_MM - VALUE_MM, 9, value, new_x="LMARGIN", new_y="NEXT")

    def closed(self, address: str) -> None:
        """The symbol with its quiet zone, what it leads to, and what the certificate means."""
        self.ln(6)
        symbol, top = symbol_of(address), self.get_y()
        module = QR_MM / (symbol.size + 2 * QUIET_ZONE_MODULES)
        for x, y, length in runs(symbol.modules):
            left, above = LEFT_MM + (x + QUIET_ZONE_MODULES) * module, top + (y + QUIET_ZONE_MODULES) * module
            self.rect(left, above, length * module, module, style="F")
        self.set_xy(LEFT_MM + QR_MM + 6, top + 4)
        self.set_font("words", size=9)
        for text in (MEANING.zh, MEANING.en, address):
            self.multi_cell(RIGHT_MM - LEFT_MM - QR_MM - 6, 5, text, new_x="LEFT", new_y="NEXT")
