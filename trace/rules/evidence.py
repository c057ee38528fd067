"""What may be put on record of a batch as evidence, and what of it makes no sense."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gi_registry.lib.texts import Refusal, Text, Word
from products.rules.requirements.faults import KEY
from products.rules.requirements.kinds import SENSIBLE
from products.rules.words import Sex, Unit
from trace.rules.batches import BatchState
from trace.rules.dates import EARLIEST

MAX_ITEMS = 500
MAX_AT_ONCE = 100
MAX_TEXT = 80
# Evidence is what a release rests on: afterwards it is neither added to nor taken back.
OPEN_STATES = frozenset({BatchState.DRAFT, BatchState.REGISTERED})
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_DIVISION = re.compile(r"[1-9][0-9]{5}\Z")


class EvidenceKind(Word):
    MEASUREMENT = "measurement", "测量", "Measurement"
    STEP = "step", "工序", "Step"
    DECLARATION = "declaration", "申报", "Declaration"
    ATTESTATION = "attestation", "认定", "Attestation"


class Declared(Word):
    """What a producer declares of a batch: the keys of declarations."""

    VARIETY = "variety", "品种", "Variety"
    ZONE = "zone", "产区", "Zone"
    GRADE = "grade", "等级", "Grade"
    SEX = "sex", "性别", "Sex"
    PACKED_IN = "packed_in", "包装地（区划代码）", "Packed in (division code)"


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One piece. A measurement has key, value, unit; a step has its name in ``text`` and its days; a declaration a key of
    ``Declared`` and its ``text``; an attestation key, verdict and the hash of its document. ``began_on`` of a measurement is
    the day it was taken."""

    kind: EvidenceKind
    key: str = ""
    text: str = ""
    value: Decimal | None = None
    unit: Unit | None = None
    sex: Sex | None = None
    began_on: date | None = None
    ended_on: date | None = None
    is_met: bool | None = None
    method: str = ""
    laboratory: str = ""
    document_sha256: str = ""
    site: str = ""


_K = EvidenceKind
_WANTED = {
    _K.MEASUREMENT: ("key", "value", "unit"),
    _K.STEP: ("text", "began_on"),
    _K.DECLARATION: ("key", "text"),
    _K.ATTESTATION: ("key", "is_met", "document_sha256"),
}
_TAKEN = {
    _K.MEASUREMENT: ("sex", "site", "began_on", "method", "laboratory", "document_sha256"),
    _K.STEP: ("ended_on", "method", "document_sha256"),
    _K.DECLARATION: ("document_sha256",),
    _K.ATTESTATION: ("text",),
}


def item_faults(item: EvidenceItem, today: date, pointer: str = "") -> list[Refusal]:
    """What is wrong with one piece; every fault at once."""
    faults = []
    wanted, taken = _WANTED[item.kind], _TAKEN[item.kind]
    for name in EvidenceItem.__slots__[1:]:
        is_there = getattr(item, name) not in (None, "")
        if name in wanted and not is_there:
            text = Text(f"“{item.kind.text.zh}”须填写此项。", f"A {item.kind.text.en.lower()} needs this.")
            faults.append(Refusal("evidence_needs", text, f"{pointer}/{name}"))
        elif is_there and name not in wanted and name not in taken:
            text = Text(f"“{item.kind.text.zh}”没有此项。", f"A {item.kind.text.en.lower()} has none of this.")
            faults.append(Refusal("evidence_takes_no", text, f"{pointer}/{name}"))
    return faults or [*_form_faults(item, pointer), *_day_faults(item, today, pointer)]


def _form_faults(item: EvidenceItem, pointer: str) -> list[Refusal]:
    faults = []
    if item.key and not KEY.match(item.key):
        text = Text("指标键只能用小写字母、数字、- 和 _。", "A key has lower-case letters, digits, - and _ only.")
        faults.append(Refusal("evidence_key", text, f"{pointer}/key"))
    if item.document_sha256 and not _SHA256.match(item.document_sha256):
        text = Text("请填写文件的 SHA-256 哈希。", "Give the SHA-256 hash of the document.")
        faults.append(Refusal("evidence_document", text, f"{pointer}/document_sha256"))
    if item.kind is _K.DECLARATION:
        faults += _declaration_faults(item, pointer)
    if item.value is not None and item.unit is not None:
        faults += _value_faults(item.value, item.unit, pointer)
    return faults


def _declaration_faults(item: EvidenceItem, pointer: str) -> list[Refusal]:
    if item.key not in set(Declared):
        keys = ", ".join(Declared)
        return [Refusal("evidence_key", Text(f"申报项为：{keys}。", f"Declared are: {keys}."), f"{pointer}/key")]
    if item.key == Declared.SEX and item.text not in set(Sex):
        words = ", ".join(Sex)
        return [Refusal("evidence_text", Text(f"请填写：{words}。", f"One of: {words}."), f"{pointer}/text")]
    if item.key == Declared.PACKED_IN and not _DIVISION.match(item.text):
        text = Text("请填写六位区划代码。", "Give a division code of six digits.")
        return [Refusal("evidence_text", text, f"{pointer}/text")]
    return []


def _value_faults(value: Decimal, unit: Unit, pointer: str) -> list[Refusal]:
    low, high = SENSIBLE.get(unit, (Decimal(0), None))
    if value.is_finite() and value >= low and (high is None or value <= high):
        return []
    text = Text("数值超出该单位的合理范围。", "The value is out of any sensible range for its unit.")
    return [Refusal("evidence_value", text, f"{pointer}/value")]


def _day_faults(item: EvidenceItem, today: date, pointer: str) -> list[Refusal]:
    faults = []
    for name in ("began_on", "ended_on"):
        day = getattr(item, name)
        if day is not None and not EARLIEST <= day <= today:
            text = Text("日期不能晚于今天，也不能早于 1990 年。", "A day lies neither after today nor before 1990.")
            faults.append(Refusal("evidence_day", text, f"{pointer}/{name}"))
    if item.began_on and item.ended_on and item.ended_on < item.began_on:
        text = Text("结束早于开始。", "It ends before it begins.")
        faults.append(Refusal("evidence_days_crossed", text, f"{pointer}/ended_on"))
    return faults


def open_faults(state: BatchState) -> list[Refusal]:
    """Why the evidence of a batch is closed."""
    if state in OPEN_STATES:
        return []
    text = Text("放行或作废之后，证据不再增减。", "After release or voiding, evidence is neither added nor taken back.")
    return [Refusal("evidence_closed", text)]
