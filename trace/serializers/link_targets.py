"""Addresses elsewhere in and out."""

from typing import Any

from rest_framework import serializers

from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Invalid
from gi_registry.lib.shapes import In, Out, WordField
from gi_registry.lib.texts import Refusal, Text
from products.models import Title
from products.querysets import held_by
from trace.actions import TargetContent
from trace.links.targets import MAX_HREF, host_of
from trace.models import LinkTarget, ProductForm
from trace.rules.batches import MAX_REASON
from trace.rules.link_targets import MAX_LABEL, TargetKind, TargetLanguage, TargetMedia, TargetState
from trace.serializers.numbers import NumberField, row_of

_FORM, _TITLE = Text("产品规格", "product form"), Text("权利", "title")
_OF_WHAT = Refusal(
    "target_of_what",
    Text(
        "请写明是哪个产品规格（form）或哪项权利（title）的链接，只写一个。", "Name the form or the title, and only one."
    ),
    "/form",
)


class TargetIn(In):
    """An address proposed by a producer for its ``form`` or by a holder for its ``title``."""

    form = NumberField(required=False)
    title = NumberField(required=False)
    kind = WordField(TargetKind)
    href = serializers.CharField(max_length=MAX_HREF, trim_whitespace=False)
    label_zh = serializers.CharField(max_length=MAX_LABEL)
    label_en = serializers.CharField(max_length=MAX_LABEL, required=False, allow_blank=True, default="")
    language = WordField(TargetLanguage)
    media_type = WordField(TargetMedia, required=False, default=TargetMedia.HTML)


class TargetReviewIn(In):
    """Yes or no; a no owes its reason."""

    is_accepted = serializers.BooleanField()
    reason = serializers.CharField(max_length=MAX_REASON, required=False, allow_blank=True, default="")


class TargetFilterIn(In):
    state = WordField(TargetState, required=False)


class TargetOut(Out):
    number = serializers.CharField()
    form = serializers.CharField(source="form.number", default=None, allow_null=True)
    title = serializers.CharField(source="title.number", default=None, allow_null=True)
    kind = WordField(TargetKind)
    href = serializers.CharField()
    host = serializers.SerializerMethodField(help_text="In ASCII: letters of other scripts show as `xn--`.")
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    language = WordField(TargetLanguage)
    media_type = WordField(TargetMedia)
    state = WordField(TargetState)
    state_reason = serializers.CharField()
    reviewed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_host(self, target: LinkTarget) -> str:
        return host_of(target.href)


def target_content_of(actor: Actor, data: dict[str, Any]) -> TargetContent:
    """What was proposed, its form or title found among the actor's own. Raises Invalid."""
    form, title = data.pop("form", None), data.pop("title", None)
    if (form is None) == (title is None):
        raise Invalid(_OF_WHAT)
    if form is not None:
        own = ProductForm.objects.own_of(actor).select_related("producer__organisation", "producer__division")
        return TargetContent(**data, form=row_of(own.defer("producer__division__geom"), form, _FORM, "/form"))
    held = Title.objects.public().filter(held_by(actor, "")).select_related("holder", "indication")
    return TargetContent(**data, title=row_of(held, title, _TITLE, "/title"))
