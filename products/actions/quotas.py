"""What a season allows: drafted by a holder or the registrar, then opened, and from then on fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.problems import Refused
from gi_registry.lib.texts import Refusal, Text
from products.actions.indications import only_season_keeper
from products.actions.rows import locked, save, stop
from products.models import Season, SeasonCeiling, SeasonQuota
from products.rules.seasons import (
    MAX_CEILINGS,
    QUOTA_STEPS,
    Ceiling,
    CeilingBasis,
    QuotaState,
    ceiling_faults,
    quota_faults,
)
from products.rules.words import SiteKind, Unit

_NOT_DRAFT = Refusal(
    "quota_not_draft",
    Text(
        "该产季配额已开始执行，不能再改动限额。",
        "The season's quota is in force: its figures are not changed any more.",
    ),
)
_TOO_MANY = Refusal(
    "too_many_ceilings",
    Text(f"限额不能超过 {MAX_CEILINGS} 项。", f"There can be at most {MAX_CEILINGS} ceilings."),
    "/ceilings",
)


@dataclass(frozen=True, slots=True)
class QuotaContent:
    """The terms of a season. ``ceilings``: columns of ``SeasonCeiling``."""

    raw_unit: Unit
    goods_unit: Unit
    source: str
    ceilings: Sequence[dict[str, Any]]
    yield_raw: Decimal = Decimal(1)
    yield_goods: Decimal = Decimal(1)
    cap: Decimal | None = None


def ceiling_of(row: dict[str, Any]) -> Ceiling:
    """A ceiling as the rules read it, from columns."""
    kind = SiteKind(row["site_kind"]) if row.get("site_kind") else None
    return Ceiling(row["amount"], CeilingBasis(row["basis"]), row.get("division_code", ""), kind)


@transaction.atomic
def set_quota(*, season: Season, content: QuotaContent, actor: Actor, now: datetime, reason: str = "") -> SeasonQuota:
    """Draft what a season allows, or draft it anew. Raises Invalid; Refused once the quota is open."""
    row = locked(season, "indication")
    only_season_keeper(actor, row.indication)
    c = content
    stop([_TOO_MANY] if len(c.ceilings) > MAX_CEILINGS else ceiling_faults([ceiling_of(one) for one in c.ceilings]))
    stop(quota_faults(c.raw_unit, c.goods_unit, c.yield_raw, c.yield_goods, c.cap))
    quota = SeasonQuota.objects.filter(season=row).first() or SeasonQuota(season=row, version=0, created_at=now)
    if quota.state != QuotaState.DRAFT:
        raise Refused(_NOT_DRAFT)
    with remember(actor, reason):
        figures = {name: getattr(c, name) for name in ("yield_raw", "yield_goods", "cap", "source")}
        save(quota, now, raw_unit=c.raw_unit.value, goods_unit=c.goods_unit.value, **figures)
        quota.ceilings.all().delete()
        SeasonCeiling.objects.bulk_create(SeasonCeiling(quota=quota, **one) for one in c.ceilings)
    return quota


def move_quota(*, quota: SeasonQuota, to: QuotaState, actor: Actor, now: datetime, reason: str = "") -> SeasonQuota:
    """Open or close it, within the caller's transaction, which holds it until its end. Raises Forbidden, Refused."""
    row = locked(quota, "season__indication")
    only_season_keeper(actor, row.indication)
    state = QuotaState(row.state)
    if to not in QUOTA_STEPS[state]:
        text = Text(f"产季配额的状态是“{state.text.zh}”。", f"The season's quota is {state.text.en.lower()}.")
        raise Refused(Refusal("quota_state", text))
    dated = {QuotaState.OPEN: "opened_at", QuotaState.CLOSED: "closed_at"}[to]
    with remember(actor, reason):
        save(row, now, state=to.value, **{dated: now})
    return row
