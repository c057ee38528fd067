"""How the portal's pages show states, amounts and areas."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gi_registry.lib.language import say
from gi_registry.lib.spreadsheets import SheetFormat
from gi_registry.lib.texts import Word
from products.rules.words import (
    AuthorisationState,
    DocumentKind,
    MediaType,
    RuleKind,
    Severity,
    SiteKind,
    SiteState,
    SpecificationStatus,
    TitleKind,
    TransitionRule,
    Unit,
    UploadCrs,
    UploadFormat,
    UploadRowState,
    UploadState,
)
from trace.portal import choices
from trace.portal.menu import Door, menu_of
from trace.rules.annual_reports import AnnualState
from trace.rules.batches import BatchState
from trace.rules.imports import ImportKind, ImportState, RowState
from trace.rules.issuances import Activation, IssuanceState, RangeKind
from trace.rules.label_orders import GoodsKind, LabelMove, OrderState, TransferState
from trace.rules.link_targets import TargetKind, TargetLanguage, TargetState
from trace.rules.prints import PrintState
from trace.rules.recalls import RecallScope, RecallState

register = template.Library()


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> list[tuple[Door, bool]]:
    """The doors of the reader, each with whether this page is behind it."""
    request = context["request"]
    return [(door, door.is_here(request.path)) for door in menu_of(request.actor)]


_WORDS: dict[str, type[Word]] = {
    "batch": BatchState,
    "site": SiteState,
    "document": DocumentKind,
    "media": MediaType,
    "authorisation": AuthorisationState,
    "site_kind": SiteKind,
    "title_kind": TitleKind,
    "upload": UploadState,
    "upload_row": UploadRowState,
    "upload_format": UploadFormat,
    "upload_crs": UploadCrs,
    "issuance": IssuanceState,
    "activation": Activation,
    "range": RangeKind,
    "print": PrintState,
    "import": ImportState,
    "import_kind": ImportKind,
    "import_row": RowState,
    "sheet_format": SheetFormat,
    "annual": AnnualState,
    "season_unit": Unit,
    "order": OrderState,
    "label": LabelMove,
    "transfer": TransferState,
    "goods": GoodsKind,
    "recall": RecallState,
    "recall_scope": RecallScope,
    "specification": SpecificationStatus,
    "transition": TransitionRule,
    "severity": Severity,
    "rule_kind": RuleKind,
    "target": TargetState,
    "target_kind": TargetKind,
    "target_language": TargetLanguage,
}
_TONES: dict[Word, str] = {
    BatchState.REGISTERED: "info",
    BatchState.RELEASED: "good",
    BatchState.ON_HOLD: "warn",
    BatchState.RECALLED: "bad",
    IssuanceState.PREPARING: "info",
    IssuanceState.ISSUED: "good",
    IssuanceState.VOID: "bad",
    OrderState.REQUESTED: "info",
    OrderState.APPROVED: "info",
    OrderState.ISSUED: "good",
    OrderState.REFUSED: "bad",
    AnnualState.SUBMITTED: "info",
    AnnualState.RETURNED: "warn",
    AnnualState.ACCEPTED: "good",
    TransferState.OFFERED: "info",
    TransferState.ACCEPTED: "good",
    TransferState.DECLINED: "bad",
    SpecificationStatus.REVIEWED: "info",
    SpecificationStatus.ANNOUNCED: "info",
    SpecificationStatus.IN_FORCE: "good",
    RecallState.OPENED: "warn",
    RecallState.CONFIRMED: "bad",
    PrintState.QUEUED: "info",
    PrintState.RUNNING: "info",
    PrintState.DONE: "good",
    PrintState.FAILED: "bad",
    TargetState.PROPOSED: "info",
    TargetState.ACCEPTED: "good",
    TargetState.REFUSED: "bad",
    SiteState.ACTIVE: "good",
    SiteState.FLAGGED: "warn",
    SiteState.PROPOSED: "info",
    SiteState.REFUSED: "bad",
    UploadState.STAGED: "info",
    UploadState.COMMITTING: "warn",
    UploadState.DONE: "good",
    UploadRowState.FAULTY: "bad",
    UploadRowState.REFUSED: "bad",
    UploadRowState.DONE: "good",
    AuthorisationState.ACTIVE: "good",
    AuthorisationState.RECTIFYING: "warn",
    AuthorisationState.DORMANT_WARNING: "warn",
    AuthorisationState.RETURNED: "warn",
    AuthorisationState.SUSPENDED: "bad",
    AuthorisationState.STOPPED: "bad",
    AuthorisationState.REVOKED: "bad",
    AuthorisationState.REFUSED: "bad",
    AuthorisationState.SUBMITTED: "info",
    AuthorisationState.ORIGIN_CHECKED: "info",
    AuthorisationState.PROV_OK: "info",
}


@register.simple_tag
def state_tag(kind: str, value: str) -> SafeString:
    """``{% state_tag "batch" batch.state %}``: the word in its tone; a state without one is plain."""
    word = _WORDS[kind](value)
    tone = _TONES.get(word)
    return format_html('<span class="tag{}">{}</span>', f" tag--{tone}" if tone else "", say(word))


@register.filter
def word(value: str, kind: str) -> str:
    """``{{ site.kind|word:"site_kind" }}``: the label of a stored word."""
    return say(_WORDS[kind](value))


@register.simple_tag
def amount(value: Decimal, unit: str) -> str:
    return choices.amount(value, unit)


@register.filter
def area(area_m2: float | None) -> str:
    return choices.area(area_m2)


@register.filter
def count(number: int) -> str:
    """``2,400``"""
    return f"{number:,}"


@register.filter
def decimal(value: Decimal) -> str:
    """``1,250,000.5``"""
    return f"{value.normalize():,f}"


@register.filter
def money(value: Decimal) -> str:
    """``1,250,000.50``"""
    return f"{value:,.2f}"
