"""Recalls in and out."""

from typing import Any

from rest_framework import serializers

from gi_registry.lib.access import REGULATORS, Actor
from gi_registry.lib.problems import Invalid
from gi_registry.lib.shapes import In, Out, WordField
from gi_registry.lib.texts import Refusal, Text
from products.models import Producer, Site
from products.querysets import produced_by, watched
from trace.lineage import party_of, told_name
from trace.models import Batch, Recall, RecallItem, RecallNotice
from trace.reach import Scope, parties_of, scope_of, touched_by
from trace.rules.batches import MAX_REASON, BatchState
from trace.rules.quantities import QuantityUnit
from trace.rules.recalls import RecallScope, RecallState, code_of
from trace.serializers.numbers import NumberField, row_of

_BATCH, _SITE, _PRODUCER = Text("批次", "batch"), Text("场地", "site"), Text("生产者", "producer")
_NEEDS = {
    RecallScope.BATCH: ("batch",),
    RecallScope.INPUT: ("batch",),
    RecallScope.SITE: ("site",),
    RecallScope.DAYS: ("producer", "first_on", "last_on"),
    RecallScope.LABORATORY: ("laboratory",),
}
_MAY = {RecallScope.SITE: ("first_on", "last_on"), RecallScope.LABORATORY: ("producer", "first_on", "last_on")}
_OUT_OF_PLACE = Text("此字段不属于所选的召回范围。", "This field does not belong to the scope chosen.")
_WHOSE = Refusal("producer_missing", Text("请指明生产者。", "Name the producer."), "/producer")


class RecallScopeIn(In):
    """What is called back, with everything made of it. `batch` for a batch or an input; `site`, with days or without; `producer`
    with both days; `laboratory`, of one producer or, for officials, of all in their place."""

    scope = WordField(RecallScope)
    batch = NumberField(required=False)
    site = NumberField(required=False)
    producer = NumberField(required=False)
    laboratory = serializers.CharField(required=False, max_length=120, help_text="As written with the measurements.")
    first_on = serializers.DateField(required=False)
    last_on = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        needs = _NEEDS[attrs["scope"]]
        missing = [name for name in needs if name not in attrs]
        if missing:
            field = self.fields[missing[0]]
            raise serializers.ValidationError({missing[0]: [field.error_messages["required"]]}, code="required")
        every = {name for names in (*_NEEDS.values(), *_MAY.values()) for name in names}
        if odd := sorted(every & set(attrs) - {*needs, *_MAY.get(attrs["scope"], ())}):
            raise Invalid([Refusal("not_of_this_scope", _OUT_OF_PLACE, f"/{name}") for name in odd])
        return attrs


class RecallIn(RecallScopeIn):
    """Opens a recall. With `is_mock` it is an exercise: nothing is stopped, nobody is told, and the answer says how long it took and
    how complete it was."""

    reason = serializers.CharField(max_length=MAX_REASON, help_text="Shown to everybody who checks a code.")
    is_mock = serializers.BooleanField(required=False, default=False)


class RecoveryIn(In):
    """So much of a recalled batch came back, in the unit of the batch."""

    batch = NumberField()
    quantity = serializers.DecimalField(max_digits=15, decimal_places=3)


class RecallFilterIn(In):
    """`batch`: recalls that began with it or named it."""

    state = WordField(RecallState, required=False)
    batch = NumberField(required=False)


class RecallOut(Out):
    """A recall. What it reaches is told by `reach/`."""

    number = serializers.CharField()
    scope = WordField(RecallScope)
    state = WordField(RecallState)
    batch = serializers.CharField(source="batch.number", default=None, allow_null=True)
    site = serializers.CharField(source="site.number", default=None, allow_null=True)
    producer = serializers.CharField(source="producer.number", default=None, allow_null=True)
    laboratory = serializers.CharField()
    first_on = serializers.DateField(allow_null=True)
    last_on = serializers.DateField(allow_null=True)
    division_code = serializers.CharField()
    reason = serializers.CharField()
    is_mock = serializers.BooleanField()
    opened_by_name = serializers.CharField()
    confirmed_by_name = serializers.CharField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    took_ms = serializers.IntegerField(allow_null=True, help_text="Of a mock recall: how long the walk took.")
    batches = serializers.IntegerField(allow_null=True, help_text="Of a mock recall: how many it would have reached.")
    parties = serializers.IntegerField(allow_null=True)
    reachable = serializers.IntegerField(allow_null=True, help_text="Parties with somebody who would read a notice.")
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class RecallItemOut(Out):
    """A batch that the recall touched, how much of it was out beside what went into others, and how much of that came back."""

    batch = serializers.CharField(source="batch.number")
    producer_name = serializers.SerializerMethodField()
    form_name = serializers.CharField(source="batch.form.name_zh")
    was = WordField(BatchState)
    is_moved = serializers.BooleanField()
    quantity = serializers.DecimalField(source="batch.quantity", max_digits=15, decimal_places=3)
    quantity_unit = serializers.SerializerMethodField()
    out = serializers.DecimalField(max_digits=15, decimal_places=3)
    recovered = serializers.DecimalField(max_digits=15, decimal_places=3)

    def get_producer_name(self, item: RecallItem) -> str:
        return party_of(item.batch)

    def get_quantity_unit(self, item: RecallItem) -> QuantityUnit:
        return QuantityUnit(item.batch.quantity_unit)


class RecallNoticeOut(Out):
    """Who was told of how many batches, and whether it was read."""

    producer = serializers.CharField(source="producer.number")
    producer_name = serializers.SerializerMethodField()
    division_code = serializers.CharField()
    batches = serializers.IntegerField()
    sent_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    read_by_name = serializers.CharField()

    def get_producer_name(self, notice: RecallNotice) -> str:
        return told_name(notice.producer)


class ReachStateOut(Out):
    state = WordField(BatchState)
    batches = serializers.IntegerField()


class PartyOut(Out):
    """An affected producer, a household under the body that vouches for it."""

    name = serializers.CharField()
    batches = serializers.IntegerField()
    is_reachable = serializers.BooleanField(help_text="Somebody of it would read a notice.")


class AmountOut(Out):
    """Of the recalled goods in one unit: how much was out, how much came back."""

    unit = WordField(QuantityUnit)
    out = serializers.DecimalField(max_digits=20, decimal_places=3)
    recovered = serializers.DecimalField(max_digits=20, decimal_places=3)


class ReachOut(Out):
    """What a recall reaches, whoever may see it: how many batches in which state, how many would be recalled (`moved`), how many
    producers. `parties` names at most 100 of them: all to officials of the place, to a producer its own and its direct takers."""

    batches = serializers.IntegerField()
    moved = serializers.IntegerField()
    is_truncated = serializers.BooleanField(help_text="There are more than are ever walked: name a narrower scope.")
    states = ReachStateOut(many=True)
    division_codes = serializers.ListField(
        child=serializers.CharField(), help_text="Where they were made, 100 at most."
    )
    party_count = serializers.IntegerField()
    parties = PartyOut(many=True)
    amounts = AmountOut(many=True, help_text="Once confirmed.")


def reach_told(recall: Recall, actor: Actor) -> dict[str, Any]:
    """A recall, or one that is not written yet, as ReachOut shows it."""
    reach, scope = touched_by(recall), scope_of(recall)
    return {
        "batches": reach.batches,
        "moved": reach.moved,
        "is_truncated": reach.is_truncated,
        "states": [{"state": state, "batches": reach.states[state]} for state in BatchState if state in reach.states],
        "division_codes": sorted(reach.divisions)[:100],
        "party_count": len(reach.makers),
        "parties": parties_of(reach, scope, actor),
        "amounts": reach.amounts,
    }


def asked_scope(actor: Actor, data: dict[str, Any]) -> Scope:
    """The scope after a request: rows are looked up among those that the actor may see. Raises Invalid."""
    kind, days = data["scope"], {name: data.get(name) for name in ("first_on", "last_on")}
    if kind in (RecallScope.BATCH, RecallScope.INPUT):
        rows = Batch.objects.visible_to(actor).filter(registered_at__isnull=False)
        batch = row_of(rows.select_related("producer__organisation"), data["batch"], _BATCH, "/batch")
        return Scope(kind, batch.producer, batch.division_code, batch=batch)
    if kind is RecallScope.SITE:
        sites = Site.objects.visible_to(actor).select_related("producer__organisation", "division")
        site = row_of(sites.defer("geom", "division__geom"), data["site"], _SITE, "/site")
        return Scope(kind, site.producer, site.division.code, site=site, **days)
    laboratory = {"laboratory": data["laboratory"].strip()} if kind is RecallScope.LABORATORY else {}
    if "producer" not in data:
        prefixes = sorted(actor.prefixes(*REGULATORS), key=len)
        if not prefixes:
            raise Invalid(_WHOSE)
        return Scope(kind, None, code_of(prefixes[0]), **laboratory, **days)
    makers = Producer.objects.filter(produced_by(actor, "") | watched(actor, "division__code"))
    makers = makers.select_related("organisation", "division").defer("division__geom")
    producer = row_of(makers, data["producer"], _PRODUCER, "/producer")
    return Scope(kind, producer, producer.division.code, **laboratory, **days)
