"""Product forms in and out."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gi_registry.lib.access import Actor, RoleKind
from gi_registry.lib.problems import Invalid
from gi_registry.lib.shapes import In, Out, WordField
from gi_registry.lib.texts import Refusal, Text
from products.models import Indication, Producer
from products.querysets import produced_by
from trace.actions import FormContent
from trace.models import FormPhoto, ProductForm
from trace.rules.quantities import QuantityUnit
from trace.serializers.numbers import NumberField, row_of

_PRODUCER = Text("生产者", "producer")
_WHICH_PRODUCER = Refusal(
    "producer_needed",
    Text("您代表多个生产者，请写明是哪一个。", "You act for several producers: say which."),
    "/producer",
)
_NO_PRODUCER = Refusal(
    "no_producer", Text("您名下没有登记的生产者。", "No producer is registered for you."), "/producer"
)
_NO_INDICATION = Text("没有这个地理标志。", "There is no such indication.")


class FormChangeIn(In):
    """What can be changed of a product form; GTINs of 8, 12, 13 or 14 digits are taken and kept as 14."""

    name_zh = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=160, required=False, allow_blank=True, default="")
    net_content = serializers.DecimalField(max_digits=12, decimal_places=3)
    net_content_unit = WordField(QuantityUnit)
    packing = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    gtin = serializers.CharField(max_length=40, required=False, allow_null=True, allow_blank=True, default=None)
    is_active = serializers.BooleanField(required=False, default=True)


class FormIn(FormChangeIn):
    """A new product form. ``producer`` may be left out by whoever acts for one producer only."""

    producer = NumberField(required=False)
    indication = serializers.SlugField(max_length=80)


class FormFilterIn(In):
    indication = serializers.SlugField(required=False, max_length=80)
    is_active = serializers.BooleanField(required=False, allow_null=True, default=None)


class FormPhotoIn(In):
    """A photo of the article, as JPEG, PNG or WebP. It is copied small, without what a camera writes beside the picture."""

    photo = serializers.FileField()


class FormPhotoOut(Out):
    """``url`` is made of the content: what stands there never changes."""

    url = serializers.SerializerMethodField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    added_at = serializers.DateTimeField()

    def get_url(self, photo: FormPhoto) -> str:
        return f"{settings.GI_PUBLIC_URL}{photo.path}"


class FormOut(Out):
    number = serializers.CharField()
    producer = serializers.CharField(source="producer.number")
    indication = serializers.CharField(source="indication.slug")
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    net_content = serializers.DecimalField(max_digits=12, decimal_places=3)
    net_content_unit = WordField(QuantityUnit)
    packing = serializers.CharField()
    gtin = serializers.CharField(allow_null=True)
    is_active = serializers.BooleanField()
    photo = serializers.SerializerMethodField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(FormPhotoOut(allow_null=True))
    def get_photo(self, form: ProductForm) -> dict[str, Any] | None:
        photo = getattr(form, "photo", None)
        return FormPhotoOut(photo).data if photo else None


def form_content_of(data: dict[str, Any], form: ProductForm | None = None) -> FormContent:
    """The content after a request: what was sent, and for a change what stands where nothing was."""
    fields = FormContent.__slots__
    known = {name: getattr(form, name) for name in fields} if form else {}
    merged = known | {name: data[name] for name in fields if name in data}
    merged["net_content_unit"] = QuantityUnit(merged["net_content_unit"])
    return FormContent(**merged)


def maker_of(actor: Actor, data: dict[str, Any]) -> tuple[Producer, Indication]:
    """For which producer and indication a new form is. Raises Invalid."""
    own = (
        Producer.objects.filter(produced_by(actor, ""))
        .select_related("organisation", "division")
        .defer("division__geom")
    )
    if "producer" in data:
        producer = row_of(own, data["producer"], _PRODUCER, "/producer")
    else:
        mine = list(own.filter(organisation_id__in=actor.organisation_ids(RoleKind.PRODUCER))[:2])
        if len(mine) != 1:
            raise Invalid(_WHICH_PRODUCER if mine else _NO_PRODUCER)
        producer = mine[0]
    indication = Indication.objects.filter(slug=data["indication"]).first()
    if indication is None:
        raise Invalid(Refusal("unknown_indication", _NO_INDICATION, "/indication"))
    return producer, indication
