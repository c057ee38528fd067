"""Questions about the books of a season."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from products.models import SeasonQuota
from trace.actions.ledger import in_base
from trace.models import Entitlement, LedgerAccount
from trace.rules.ledger import BOOK_OF, GOODS_KINDS, LABEL_KINDS, AccountKind, Book

Balances = dict[tuple[int, int], dict[str, Decimal]]
_GOODS = [kind.value for kind in GOODS_KINDS]


def balances_of(rows: Sequence[Entitlement]) -> Balances:
    """(quota, producer) -> kind of account -> balance in base units, of goods accounts, in one query."""
    asked = {"quota__in": {row.quota_id for row in rows}, "producer__in": {row.producer_id for row in rows}}
    told: Balances = {}
    accounts = LedgerAccount.objects.filter(**asked, kind__in=_GOODS)
    for quota, producer, kind, balance in accounts.values_list("quota", "producer", "kind", "balance"):
        told.setdefault((quota, producer), {})[kind] = balance
    return told


def season_books(quota: SeasonQuota) -> dict[str, Any]:
    """All producers of a season together, in the units of the season."""
    sums = LedgerAccount.objects.filter(quota=quota).values("kind").annotate(sum=Sum("balance")).order_by()
    left = {row["kind"]: row["sum"] for row in sums}
    granted = Entitlement.objects.filter(quota=quota).aggregate(sum=Sum("quantity"), producers=Count("pk"))
    raw, goods = in_base(quota.raw_unit), in_base(quota.goods_unit)
    pool = left.get(AccountKind.POOL.value, Decimal(0)) if quota.opened_at else (quota.cap or 0) * raw
    return {
        "season": quota.season.number,
        "state": quota.state,
        "raw_unit": quota.raw_unit,
        "goods_unit": quota.goods_unit,
        "producers": granted["producers"],
        "granted": (granted["sum"] or Decimal(0)) / raw,
        "left_of_cap": None if quota.cap is None else pool / raw,
        "balances": {
            kind.value: left.get(kind.value, Decimal(0)) / (raw if BOOK_OF[kind] is Book.RAW else goods)
            for kind in GOODS_KINDS
        },
        "labels": {kind.value: int(left.get(kind.value, 0)) for kind in LABEL_KINDS},
    }
