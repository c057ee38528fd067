"""Label orders, transfers and the closing of a season, in and out."""

from typing import Any

from rest_framework import serializers

from gi_registry.lib.access import Actor
from gi_registry.lib.shapes import In, Out, WordField
from gi_registry.lib.texts import Text
from products.rules.words import Unit
from trace.actions.label_orders import LabelSaying
from trace.lineage import told_name
from trace.models import Batch, LabelRange, Transfer
from trace.rules.batches import MAX_REASON
from trace.rules.issuances import Span
from trace.rules.label_orders import MAX_WITNESS, MOST_LABELS, GoodsKind, LabelMove, OrderState, TransferState
from trace.serializers.numbers import NumberField, row_of
from trace.serializers.quota import ReasonedIn, amount_in, shown

FORM, BATCH, ENTITLEMENT = Text("产品规格", "product form"), Text("批次", "batch"), Text("额度", "entitlement")
_LABEL = {"min_value": 1, "max_value": MOST_LABELS}


class LabelOrderIn(ReasonedIn):
    """Labels of one article for a season; each order is a tranche."""

    season = NumberField()
    form = NumberField()
    count = serializers.IntegerField(**_LABEL)


class LabelOrderFilterIn(In):
    season = NumberField(required=False)
    state = WordField(OrderState, required=False)


class LabelsIn(ReasonedIn):
    """Labels `first` to `last` of an order, both included, counted from 1."""

    first = serializers.IntegerField(**_LABEL)
    last = serializers.IntegerField(**_LABEL)


class ActivationIn(LabelsIn):
    """On the packs of which batch they go."""

    batch = NumberField()


class DestructionIn(LabelsIn):
    """Two witnesses by name: two people, and neither is you."""

    reason = serializers.CharField(max_length=MAX_REASON)
    witnesses = serializers.ListField(child=serializers.CharField(max_length=MAX_WITNESS), min_length=2, max_length=2)


class LabelOrderOut(Out):
    """An order, and what became of its labels. `issuance`: where they are unit codes, which are labels too."""

    number = serializers.CharField()
    season = serializers.CharField(source="entitlement.quota.season.number")
    entitlement = serializers.CharField(source="entitlement.number")
    producer = serializers.CharField(source="producer.number")
    form = serializers.CharField(source="form.number")
    form_name = serializers.CharField(source="form.name_zh")
    issuance = serializers.CharField(source="issuance.number", default=None, allow_null=True)
    tranche = serializers.IntegerField()
    count = serializers.IntegerField()
    unused = serializers.IntegerField(help_text="Once issued: labels of which nothing was said yet.")
    active = serializers.IntegerField()
    spoiled = serializers.IntegerField()
    returned = serializers.IntegerField()
    destroyed = serializers.IntegerField()
    lost = serializers.IntegerField()
    state = WordField(OrderState)
    reason = serializers.CharField()
    requested_by = serializers.CharField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class LabelRangeOut(Out):
    kind = WordField(LabelMove)
    first = serializers.IntegerField()
    last = serializers.IntegerField()
    batch = serializers.CharField(source="batch.number", default=None, allow_null=True)
    reason = serializers.CharField()
    witnesses = serializers.SerializerMethodField()
    by_name = serializers.CharField()
    at = serializers.DateTimeField()

    def get_witnesses(self, said: LabelRange) -> list[str]:
        return [name for name in (said.witness, said.other_witness) if name]


class TransferIn(ReasonedIn):
    """Goods of `entitlement` for another producer of the season's name, in the unit of the season."""

    entitlement = NumberField()
    taker = NumberField()
    kind = WordField(GoodsKind)
    quantity = amount_in()


class TransferFilterIn(In):
    state = WordField(TransferState, required=False)


class TransferOut(Out):
    """An offer and what became of it. Nothing has moved before it is `accepted`."""

    number = serializers.CharField()
    season = serializers.CharField(source="giver.quota.season.number")
    giver = serializers.CharField(source="giver.producer.number")
    giver_name = serializers.SerializerMethodField(help_text="For a household the body that vouches for it.")
    taker = serializers.CharField(source="taker.number")
    taker_name = serializers.SerializerMethodField(help_text="For a household the body that vouches for it.")
    kind = WordField(GoodsKind)
    quantity = serializers.SerializerMethodField()
    unit = serializers.SerializerMethodField()
    state = WordField(TransferState)
    reason = serializers.CharField()
    offered_by = serializers.CharField()
    decided_by = serializers.CharField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_giver_name(self, transfer: Transfer) -> str:
        return told_name(transfer.giver.producer)

    def get_taker_name(self, transfer: Transfer) -> str:
        return told_name(transfer.taker)

    def get_quantity(self, transfer: Transfer) -> str:
        return shown(transfer.quantity, _unit_of(transfer))

    def get_unit(self, transfer: Transfer) -> str:
        return Unit(_unit_of(transfer)).value


def _unit_of(transfer: Transfer) -> str:
    quota = transfer.giver.quota
    return quota.raw_unit if transfer.kind == GoodsKind.RAW else quota.goods_unit


class ExplainedIn(In):
    """Where open labels of a producer's article are."""

    producer = NumberField()
    form = NumberField()
    reason = serializers.CharField(max_length=MAX_REASON)


class SeasonCloseIn(ReasonedIn):
    """Labels that are neither used nor destroyed are explained, each producer's of each article, or the season stays open."""

    explained = ExplainedIn(many=True, required=False, max_length=1000, default=list)


def saying_of(actor: Actor, kind: LabelMove, data: dict[str, Any]) -> LabelSaying:
    """What is said of labels, the batch found among those that the actor may see. Raises Invalid."""
    batch = None
    if "batch" in data:
        batch = row_of(Batch.objects.visible_to(actor), data["batch"], BATCH, "/batch")
    return LabelSaying(kind, Span(data["first"], data["last"]), batch, tuple(data.get("witnesses", ())))
