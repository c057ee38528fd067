"""Product forms: described once, used by many batches, and fixed in what is printed as soon as one is registered."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.characters import unseen_faults
from gi_registry.lib.history import remember
from gi_registry.lib.ids import gtin14, gtin_faults
from gi_registry.lib.problems import Invalid, Refused
from gi_registry.lib.texts import Refusal, Text
from products.actions.rows import locked_as_read, only_if
from products.models import Indication, Producer
from trace import policy
from trace.models import LabelOrder, ProductForm
from trace.rules.batches import BatchState
from trace.rules.quantities import PACK_CEILING, QuantityUnit, quantity_faults

# What stands on packs that are already out there.
PRINTED = ("name_zh", "net_content", "net_content_unit", "gtin")

_TAKEN = Refusal(
    "gtin_taken", Text("该商品条码已用于另一产品规格。", "This GTIN is already used by another product form."), "/gtin"
)
_IN_USE = Text(
    "已有批次按此规格登记，或已为它申领标识，名称、净含量和商品条码不能再改；请另建规格。",
    "Batches are registered with this form, or labels ordered for it: name, net content and GTIN stay as they are. "
    "Make a new form.",
)
_NO_NAME = Refusal("name_missing", Text("请填写产品名称。", "Give the product's name."), "/name_zh")


@dataclass(frozen=True, slots=True)
class FormContent:
    """What a producer says of an article. ``gtin``: 8, 12, 13 or 14 digits as typed, or ""."""

    name_zh: str
    net_content: Decimal
    net_content_unit: QuantityUnit
    name_en: str = ""
    packing: str = ""
    gtin: str | None = None
    is_active: bool = True


@transaction.atomic
def create_form(
    *, producer: Producer, indication: Indication, content: FormContent, actor: Actor, now: datetime, reason: str = ""
) -> ProductForm:
    """Describe an article. Raises Invalid (content) or Refused (GTIN in use)."""
    form = ProductForm(producer=producer, indication=indication, created_at=now)
    only_if(policy.make(actor, form))
    _write(form, content, actor=actor, now=now, reason=reason)
    return form


@transaction.atomic
def change_form(
    *, form: ProductForm, content: FormContent, actor: Actor, now: datetime, reason: str = ""
) -> ProductForm:
    """Change an article as it was read (a newer version makes the change stale); printed facts only while unused."""
    row = locked_as_read(form, "producer__organisation")
    only_if(policy.make(actor, row))
    was = {name: getattr(row, name) for name in PRINTED}
    used = (
        row.batches.exclude(state=BatchState.DRAFT).exists() or LabelOrder.objects.standing().filter(form=row).exists()
    )
    row.version += 1
    _write(row, content, actor=actor, now=now, reason=reason, kept=was if used else {})
    return row


def _write(
    form: ProductForm,
    content: FormContent,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
    kept: dict[str, Any] | None = None,
) -> None:
    gtin = gtin14(content.gtin) if content.gtin else None
    _check(content, gtin)
    form.name_zh, form.name_en, form.packing = content.name_zh.strip(), content.name_en.strip(), content.packing.strip()
    form.net_content, form.net_content_unit = content.net_content, content.net_content_unit
    form.gtin, form.is_active, form.updated_at = gtin, content.is_active, now
    changed = [name for name, value in (kept or {}).items() if getattr(form, name) != value]
    if changed:
        raise Refused([Refusal("form_in_use", _IN_USE, f"/{name}") for name in changed])
    if gtin and ProductForm.objects.filter(gtin=gtin).exclude(pk=form.pk).exists():
        raise Refused(_TAKEN)
    with remember(actor, reason):
        form.save()


def _check(content: FormContent, gtin: str | None) -> None:
    faults = quantity_faults(content.net_content, content.net_content_unit, "/net_content", PACK_CEILING)
    if not content.name_zh.strip():
        faults.append(_NO_NAME)
    faults += unseen_faults(name_zh=content.name_zh, name_en=content.name_en, packing=content.packing)
    if gtin is not None:
        faults += gtin_faults(gtin)
    if faults:
        raise Invalid(faults)
