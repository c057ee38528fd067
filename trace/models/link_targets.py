"""Addresses elsewhere that a reader of a GS1 link may be led to, once an official has looked at them."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from gi_registry.lib.ids import new_number
from products.models.steps import kept, only_steps, only_words
from trace.links.targets import MAX_HREF
from trace.models.forms import ProductForm
from trace.querysets import LinkTargetQuerySet
from trace.rules.batches import MAX_REASON
from trace.rules.link_targets import (
    MACHINE,
    MAX_LABEL,
    TargetKind,
    TargetLanguage,
    TargetMedia,
    TargetState,
)

_SERVED = Q(state=TargetState.ACCEPTED.value)
_TOLD_APART = ("kind", "language", "media_type")


@pghistory.track()
class LinkTarget(models.Model):
    """An https address for one article (by its producer) or for the goods of one title (by its holder).

    ``division_code`` is the place whose officials review it. Only accepted ones are served.
    """

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    form = models.ForeignKey(ProductForm, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.ForeignKey("products.Title", models.PROTECT, null=True, blank=True, related_name="+")
    division_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=40, choices=TargetKind.choices())
    href = models.CharField(max_length=MAX_HREF)
    label_zh = models.CharField(max_length=MAX_LABEL)
    label_en = models.CharField(max_length=MAX_LABEL, blank=True, default="")
    language = models.CharField(max_length=2, choices=TargetLanguage.choices())
    media_type = models.CharField(max_length=40, choices=TargetMedia.choices(), default=TargetMedia.HTML.value)
    state = models.CharField(max_length=10, choices=TargetState.choices(), default=TargetState.PROPOSED.value)
    state_reason = models.CharField(max_length=MAX_REASON, blank=True, default="")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = LinkTargetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(form__isnull=False, title__isnull=True) | Q(form__isnull=True, title__isnull=False),
                name="target_of_form_or_title",
            ),
            only_words("kind", TargetKind, "target_kind_known"),
            only_words("language", TargetLanguage, "target_language_known"),
            only_words("media_type", TargetMedia, "target_media_known"),
            only_words("state", TargetState, "target_state_known"),
            models.CheckConstraint(
                condition=Q(href__regex=r"^https://[a-z0-9-]+(\.[a-z0-9-]+)+/"), name="target_href_shape"
            ),
            models.CheckConstraint(condition=~_SERVED | Q(reviewed_at__isnull=False), name="target_reviewed_to_serve"),
            # Two that cannot be told apart would leave a machine to choose.
            models.UniqueConstraint(fields=["form", *_TOLD_APART], condition=_SERVED, name="target_of_form_once"),
            models.UniqueConstraint(fields=["title", *_TOLD_APART], condition=_SERVED, name="target_of_title_once"),
        ]
        indexes = [
            models.Index(
                fields=["division_code", "-id"], name="target_by_place", opclasses=["text_pattern_ops", "int8_ops"]
            ),
        ]
        triggers = [
            kept(),
            # What was reviewed is what is served: another address is another target.
            pgtrigger.ReadOnly(
                name="fixed",
                fields=[
                    "number",
                    "form",
                    "title",
                    "division_code",
                    "kind",
                    "href",
                    "label_zh",
                    "label_en",
                    "language",
                    "media_type",
                    "created_at",
                ],
            ),
            only_steps(
                "state",
                {state.value: [end.value for end in ends] for state, ends in MACHINE.items()},
                [TargetState.PROPOSED.value],
            ),
        ]

    def __str__(self) -> str:
        return self.href
