"""From goods to labels: what a label of a batch says, which link stands in its symbol, and how it is drawn."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings

from gi_registry.lib.ids import ALPHABET, check_character, grouped
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Refusal, Text
from products.models import Title
from products.rules.titles import MARKS
from trace.codes.keyring import NO_GTIN
from trace.codes.layout import UNIT_LENGTH
from trace.codes.sign import codes
from trace.labels.contents import Contents, Label
from trace.labels.fonts import Unprintable, find
from trace.labels.presets import DEFAULT_PRESET, PRESETS, Preset
from trace.labels.run import Run, plan_run
from trace.models import Batch, Issuance
from trace.qr import DEFAULT_DPI
from trace.rules.batches import BatchState
from trace.rules.issuances import Span
from trace.rules.prints import LinkKind

# Nothing is printed for a number that is not issued yet, or not any more.
_NOT_PRINTED = (BatchState.DRAFT, BatchState.VOID)
_NOT_ISSUED = Refusal(
    "not_printable",
    Text("草稿和已作废的批次没有二维码，请先登记。", "A draft or voided batch has no QR code: register it first."),
)
_NO_GTIN = Refusal("no_gtin", Text("该产品规格没有商品条码。", "The product form has no GTIN."), "/link")
_MARK = Text("商标注册号", "Trade mark")
_ENTRY = Text("登记编号", "Register entry")
_TRIAL = Text("试印，勿贴", "Trial, not for goods")


@dataclass(frozen=True, slots=True)
class Style:
    """How labels are to be printed. ``dots`` a module, where somebody insists; see ``labels.layout``."""

    preset: Preset = PRESETS[DEFAULT_PRESET]
    dpi: int = DEFAULT_DPI
    dots: int | None = None
    link: LinkKind = LinkKind.BATCH


def batch_link(batch: Batch, kind: LinkKind) -> str:
    """The link of a whole batch. Raises Refused where there is none to print."""
    if batch.state in _NOT_PRINTED:
        raise Refused(_NOT_ISSUED)
    link = batch.link if kind is LinkKind.BATCH else batch.digital_link
    if link is None:
        raise Refused(_NO_GTIN)
    return link


def unit_link(issuance: Issuance, kind: LinkKind, code: str) -> str:
    """The link of one unit, with the GTIN that its code was made for. Raises Refused where there is none."""
    lot = issuance.batch.number
    if kind is LinkKind.BATCH:
        return f"{settings.GI_PUBLIC_URL}/c/{lot}/{code}"
    if issuance.gtin == NO_GTIN:
        raise Refused(_NO_GTIN)
    return f"{settings.GI_PUBLIC_URL}/01/{issuance.gtin}/10/{lot}/21/{code}"


def contents_of(batch: Batch) -> Contents:
    """What its labels say. A household's goods stand under the body that vouches for it, whose code the mark shows.

    The batch comes with what ``told`` brings along.
    """
    maker = batch.producer.organisation.sponsor or batch.producer.organisation
    specification = batch.specification
    return Contents(
        name_zh=batch.form.name_zh,
        name_en=batch.form.name_en,
        producer=maker.name_zh,
        uscc=maker.uscc or "",
        title=_told(batch.authorisation.title),
        standard="，".join(specification.standards[:2]) if specification else "",
        lot=batch.number,
        typed_at=f"{urlsplit(settings.GI_PUBLIC_URL).netloc}/c/",
    )


def _told(title: Title) -> str:
    """Its announcement, or the number under which it is registered."""
    if title.announcement_number or not title.title_number:
        return title.announcement_number
    return f"{(_MARK if title.kind in MARKS else _ENTRY).zh} {title.title_number}"


def run_of_batch(batch: Batch, style: Style) -> tuple[Run, Label]:
    """The labels of a whole batch are all alike. Raises Refused, Invalid."""
    label = Label(batch_link(batch, style.link))
    return _planned(contents_of(batch), label, style), label


def run_of_units(issuance: Issuance, style: Style) -> Run:
    """Raises Refused, Invalid."""
    return _planned(contents_of(issuance.batch), sample(issuance, style, "0" * UNIT_LENGTH), style)


def trial_run(issuance: Issuance, style: Style, code: str) -> tuple[Run, Label]:
    """A label to try a printer with: as large as the real ones, its code issued to nothing, so that no unit is checked."""
    label = sample(issuance, style, code)
    told = contents_of(issuance.batch)
    return _planned(replace(told, name_zh=_TRIAL.zh), label, style), label


def trial_code() -> str:
    """A code in the form of one. That it should be one that was issued is as likely as a guess: one in 10^19."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(UNIT_LENGTH - 1))
    return body + check_character(body)


def sample(issuance: Issuance, style: Style, code: str) -> Label:
    return Label(unit_link(issuance, style.link, code), code)


def labels_of(issuance: Issuance, style: Style, span: Span) -> Iterator[Label]:
    """The labels of these units, made as they are read. Raises KeyFault."""
    units = codes(issuance.unit_keys, span.first, span.last + 1)
    return (Label(unit_link(issuance, style.link, code), code) for code in units)


def _planned(contents: Contents, label: Label, style: Style) -> Run:
    try:
        face = find(settings.LABEL_FONT)
        return plan_run(style.preset, contents, label, face, dpi=style.dpi, dots=style.dots)
    except Unprintable as reason:
        raise (Invalid if reason.refusal.pointer else Refused)(reason.refusal) from reason


def title_of(batch: Batch) -> str:
    """What a file of its labels is called inside."""
    return f"{batch.form.name_zh} {grouped(batch.number)}"
