"""What goods were made of, in and out."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gi_registry.lib.shapes import In, Out, WordField
from trace.lineage import Relative, party_of
from trace.models import BatchLink
from trace.rules.batches import MAX_REASON, BatchState
from trace.rules.genealogy import InputKind
from trace.rules.quantities import QuantityUnit
from trace.serializers.numbers import NumberField


class GenealogyIn(In):
    at = serializers.DateTimeField(
        required=False, help_text="Packing as it was at this instant; without it whatever was ever linked."
    )


class InputIn(In):
    """So much of `parent` goes into the draft. A blend or a packing bears the name only if every input does."""

    parent = NumberField(help_text="The lot that was used.")
    kind = WordField(InputKind)
    quantity = serializers.DecimalField(max_digits=15, decimal_places=3)
    unit = WordField(QuantityUnit)
    valid_from = serializers.DateTimeField(required=False, help_text="Since when; now unless told.")
    reason = serializers.CharField(max_length=MAX_REASON, required=False, allow_blank=True, default="")


class EndIn(In):
    """Withdraw an input of a draft, or say when packed goods were taken out again."""

    at = serializers.DateTimeField(required=False, help_text="When they were taken out; now unless told.")
    reason = serializers.CharField(max_length=MAX_REASON, required=False, allow_blank=True, default="")


class LinkFilterIn(In):
    is_waiting = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="For the word of the producer of the input."
    )
    batch = NumberField(required=False)


class LinkOut(Out):
    """`quantity` of `parent` went into `child`."""

    number = serializers.CharField()
    parent = serializers.CharField(source="parent.number")
    child = serializers.CharField(source="child.number")
    kind = WordField(InputKind)
    quantity = serializers.DecimalField(max_digits=15, decimal_places=3)
    unit = WordField(QuantityUnit)
    valid_from = serializers.DateTimeField()
    valid_to = serializers.DateTimeField(
        allow_null=True, help_text="When it was taken out again; `valid_from` where it was withdrawn and never held."
    )
    confirmed_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when the producer of the input stands by it."
    )
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class LinkEndsOut(LinkOut):
    """With the parties of both ends."""

    parent_producer = serializers.SerializerMethodField()
    child_producer = serializers.SerializerMethodField()

    def get_parent_producer(self, link: BatchLink) -> str:
        return party_of(link.parent)

    def get_child_producer(self, link: BatchLink) -> str:
        return party_of(link.child)


class RelativeOut(Out):
    """A batch of a lineage. Of one that you may not see (`is_seen` false) you are told whose it is and what, no more."""

    number = serializers.CharField(source="batch.number")
    level = serializers.IntegerField(help_text="Steps away on the longest way; below zero for what it was made of.")
    is_seen = serializers.BooleanField()
    producer_name = serializers.SerializerMethodField()
    form_name = serializers.CharField(source="batch.form.name_zh")
    state = serializers.SerializerMethodField()
    produced_on = serializers.SerializerMethodField()
    quantity = serializers.SerializerMethodField()
    quantity_unit = serializers.SerializerMethodField()

    def get_producer_name(self, one: Relative) -> str:
        return party_of(one.batch)

    @extend_schema_field(WordField(BatchState, allow_null=True))
    def get_state(self, one: Relative) -> str | None:
        return one.batch.state if one.is_seen else None

    def get_produced_on(self, one: Relative) -> str | None:
        return one.batch.produced_on.isoformat() if one.is_seen else None

    def get_quantity(self, one: Relative) -> str | None:
        return f"{one.batch.quantity:f}" if one.is_seen else None

    @extend_schema_field(WordField(QuantityUnit, allow_null=True))
    def get_quantity_unit(self, one: Relative) -> str | None:
        return one.batch.quantity_unit if one.is_seen else None


class GenealogyOut(Out):
    """What a batch was made of (`back`) and what was made of it (`forward`), near ones first, and what went where."""

    batch = serializers.CharField(source="batch.number")
    back = RelativeOut(many=True)
    forward = RelativeOut(many=True)
    links = LinkOut(many=True)
    is_truncated = serializers.BooleanField(help_text="There are more than are told here.")
