"""The books of a season in and out: amounts in the units of the season, whatever the books keep."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gi_registry.lib.shapes import In, Out, WordField
from gi_registry.lib.texts import Text
from products.rules.seasons import QuotaState
from products.rules.words import Unit
from trace.actions.ledger import base_of, in_base
from trace.models import Entitlement, EntitlementLine, LedgerEntry, LedgerTransaction
from trace.rules.batches import MAX_REASON
from trace.rules.ledger import BOOK_OF, GOODS_KINDS, AccountKind, Book, PostingKind
from trace.serializers.numbers import NumberField

MAX_FACTORS = 200
SEASON, PRODUCER, POSTING = Text("产季", "season"), Text("生产者", "producer"), Text("记账", "posting")


def amount_in(**kwargs: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=16, decimal_places=3, **kwargs)


class AmountField(serializers.DecimalField):
    """An amount going out, without trailing zeros."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=30, decimal_places=9, normalize_output=True, **kwargs)


class ReasonedIn(In):
    reason = serializers.CharField(max_length=MAX_REASON, required=False, allow_blank=True, default="")


class FactorIn(In):
    """The share of a site that may bear: young plants, a part lying fallow."""

    site = NumberField()
    factor = serializers.DecimalField(max_digits=5, decimal_places=4)


class EntitlementIn(ReasonedIn):
    """Grant a producer its season. Areas come from the outlines of its sites; done again, it is computed anew."""

    season = NumberField()
    producer = NumberField()
    factors = FactorIn(many=True, required=False, max_length=MAX_FACTORS, default=list)


class EntitlementFilterIn(In):
    season = NumberField(required=False)
    producer = NumberField(required=False)


class HarvestIn(ReasonedIn):
    """`quantity` in the raw unit of the season."""

    quantity = amount_in()


class ProcessingIn(ReasonedIn):
    """`raw` in the raw unit of the season, `goods` in its unit of finished goods."""

    raw = amount_in()
    goods = amount_in()


class PenaltyIn(HarvestIn):
    reason = serializers.CharField(max_length=MAX_REASON)


class ReversalIn(In):
    posting = NumberField()
    reason = serializers.CharField(max_length=MAX_REASON)


class BalancesOut(Out):
    """What is left in each account. `label_right`: goods for which labels may still be ordered."""

    entitlement = AmountField()
    raw = AmountField()
    processed = AmountField()
    packed = AmountField()
    label_right = AmountField()


class EntitlementOut(Out):
    """What a producer may bring to market in a season, and what is left. Raw goods in `raw_unit`, the rest in `goods_unit`."""

    number = serializers.CharField()
    season = serializers.CharField(source="quota.season.number")
    season_name = serializers.CharField(source="quota.season.name")
    season_state = WordField(QuotaState, source="quota.state")
    indication = serializers.CharField(source="quota.season.indication.slug")
    producer = serializers.CharField(source="producer.number")
    producer_name = serializers.CharField(source="producer.organisation.name_zh")
    raw_unit = WordField(Unit, source="quota.raw_unit")
    goods_unit = WordField(Unit, source="quota.goods_unit")
    computed = serializers.SerializerMethodField(help_text="What the land gives, before the cap.")
    quantity = serializers.SerializerMethodField(help_text="What was granted.")
    penalties = serializers.SerializerMethodField()
    balances = serializers.SerializerMethodField()
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()

    def get_computed(self, row: Entitlement) -> str:
        return shown(row.computed, row.quota.raw_unit)

    def get_quantity(self, row: Entitlement) -> str:
        return shown(row.quantity, row.quota.raw_unit)

    def get_penalties(self, row: Entitlement) -> str:
        return shown(row.penalties, row.quota.raw_unit)

    def get_balances(self, row: Entitlement) -> BalancesOut:
        left = self.context["balances"].get((row.quota_id, row.producer_id), {})
        units = {Book.RAW: row.quota.raw_unit}
        return {  # type: ignore[return-value]
            kind.value: shown(left.get(kind.value, Decimal(0)), units.get(BOOK_OF[kind], row.quota.goods_unit))
            for kind in GOODS_KINDS
        }


class EntitlementLineOut(Out):
    """What one site adds."""

    site = serializers.CharField(source="site.number")
    site_name = serializers.CharField(source="site.name")
    area_m2 = serializers.FloatField(allow_null=True)
    zone_zh = serializers.CharField(source="ceiling.zone_zh", default="")
    ceiling = AmountField(source="ceiling.amount", default=None, allow_null=True)
    basis = serializers.CharField(source="ceiling.basis", default="")
    factor = serializers.DecimalField(max_digits=5, decimal_places=4)
    quantity = serializers.SerializerMethodField()

    def get_quantity(self, line: EntitlementLine) -> str:
        return shown(line.quantity, self.context["raw_unit"])


class EntitlementDetailOut(EntitlementOut):
    lines = serializers.SerializerMethodField(help_text="The sites as they were counted last.")

    @extend_schema_field(EntitlementLineOut(many=True))
    def get_lines(self, row: Entitlement) -> Any:
        lines = row.lines.filter(revision=row.revision).select_related("site", "ceiling").defer("site__geom")
        return EntitlementLineOut(lines.order_by("pk"), many=True, context={"raw_unit": row.quota.raw_unit}).data


class EntryOut(Out):
    """What one account gave (below zero) or got, in the base unit of its book: gram, millilitre, piece; labels by number."""

    account = WordField(AccountKind, source="account.kind")
    book = serializers.SerializerMethodField()
    unit = serializers.SerializerMethodField()
    is_own = serializers.SerializerMethodField(help_text="Whether it is an account of this producer.")
    amount = AmountField()

    def get_book(self, entry: LedgerEntry) -> str:
        return BOOK_OF[AccountKind(entry.account.kind)].value

    def get_unit(self, entry: LedgerEntry) -> str:
        book, quota = BOOK_OF[AccountKind(entry.account.kind)], self.context["quota"]
        if book is Book.LABELS:
            return Unit.PIECE.value
        return base_of(quota.raw_unit if book is Book.RAW else quota.goods_unit).value

    def get_is_own(self, entry: LedgerEntry) -> bool:
        return entry.account.producer_id == self.context["producer_id"]


class PostingOut(Out):
    """One posting with its entries; of another party's accounts only that something moved."""

    number = serializers.CharField()
    kind = WordField(PostingKind)
    reason = serializers.CharField()
    by_name = serializers.CharField()
    at = serializers.DateTimeField()
    batch = serializers.CharField(source="batch.number", default=None, allow_null=True)
    reversal_of = serializers.CharField(source="reversal_of.number", default=None, allow_null=True)
    is_reversed = serializers.SerializerMethodField()
    entries = EntryOut(many=True)

    def get_is_reversed(self, posting: LedgerTransaction) -> bool:
        return posting.is_reversed  # type: ignore[attr-defined]


class SeasonBooksOut(Out):
    """All producers of a season together."""

    season = serializers.CharField()
    state = WordField(QuotaState)
    raw_unit = WordField(Unit)
    goods_unit = WordField(Unit)
    producers = serializers.IntegerField()
    granted = AmountField(help_text="To all producers, in the raw unit.")
    left_of_cap = AmountField(allow_null=True, help_text="Null where the season has no cap.")
    balances = BalancesOut()
    labels = serializers.DictField(child=serializers.IntegerField(), help_text="Labels by what became of them.")


def shown(amount: Decimal, unit: str) -> str:
    """An amount of the books in a unit of people, as a plain figure."""
    value = (amount / in_base(unit)).normalize()
    return f"{value:f}"
