"""Seasons with a quota for tests, opened by the same actions as the real ones."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gi_registry.lib.access import Actor
from products.actions import QuotaContent, set_quota
from products.models import Indication, Producer, Season, SeasonQuota
from products.rules.seasons import CeilingBasis, CeilingOrigin
from products.rules.words import Unit
from tests.build_products import a_season, everybody
from tests.build_trace import Goods
from tests.cast import NOW
from trace import actions
from trace.books import balances_of
from trace.models import Entitlement, LabelOrder
from trace.rules.label_orders import OrderState


def a_ceiling(amount: Any = 3_000, basis: CeilingBasis = CeilingBasis.PER_PRODUCER, **more: Any) -> dict[str, Any]:
    """3,000 of the raw unit for each producer."""
    words = {
        "zone_zh": "全域",
        "basis": basis.value,
        "origin": CeilingOrigin.HOLDER_SET.value,
        "source": "协会 2026 年第 3 号通知",
    }
    return {**words, "amount": Decimal(str(amount)), **more}


def a_draft_quota(season: Season, *ceilings: dict[str, Any], **more: Any) -> SeasonQuota:
    """In litres of vinegar, nothing lost on the way, no cap."""
    content = QuotaContent(
        **{
            "raw_unit": Unit.LITRE,
            "goods_unit": Unit.LITRE,
            "source": "协会 2026 年第 3 号通知",
            "ceilings": ceilings or [a_ceiling()],
            **more,
        }
    )
    return set_quota(season=season, content=content, actor=everybody(), now=NOW)


def a_quota(
    indication: Indication, *ceilings: dict[str, Any], season: Season | None = None, **more: Any
) -> SeasonQuota:
    """The same, open."""
    draft = a_draft_quota(season or a_season(indication), *ceilings, **more)
    return actions.open_quota(quota=draft, actor=everybody(), now=NOW)


def an_entitlement(quota: SeasonQuota, producer: Producer, **more: Any) -> Entitlement:
    return actions.grant_entitlement(quota=quota, producer=producer, actor=everybody(), now=NOW, **more)


def left(row: Entitlement) -> dict[str, Decimal]:
    """What is in each goods account of a producer, in base units; empty ones left out."""
    found = balances_of([row]).get((row.quota_id, row.producer_id), {})
    return {kind: amount for kind, amount in found.items() if amount}


@dataclass
class Books:
    """Zhang's season: 3,000 L of vinegar, from the works and the field together."""

    goods: Goods
    quota: SeasonQuota
    row: Entitlement

    @property
    def maker(self) -> Actor:
        return self.goods.maker

    def batch(self, litres: int, **more: Any):
        """A registered batch of Zhang's in bottles of half a litre."""
        content = {"quantity": Decimal(litres), "pack_count": litres * 2, "season": self.quota.season, **more}
        return actions.draft_batch(content=self.goods.content(**content), actor=self.maker, now=NOW, register=True)


def the_books(goods: Goods, *ceilings: dict[str, Any], **more: Any) -> Books:
    quota = a_quota(goods.register.indication, *ceilings, **more)
    return Books(goods, quota, an_entitlement(quota, goods.register.zhang))


def an_order(books: Books, count: int = 100, state: OrderState = OrderState.ISSUED) -> LabelOrder:
    given = {"quota": books.quota, "form": books.goods.form, "actor": books.maker, "now": NOW}
    order = actions.request_labels(count=count, **given)
    if state is OrderState.REQUESTED:
        return order
    official = {"actor": Actor.SYSTEM, "now": NOW}
    return actions.issue_labels(order=actions.approve_labels(order=order, **official), **official)
