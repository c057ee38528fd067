"""The production region of a protected product: its printed words, and how far they can be trusted."""

import pghistory
from django.db import models
from django.db.models import Q

from gi_registry.lib.ids import new_number
from gi_registry.lib.texts import Text
from regions.querysets import RegionQuerySet
from regions.rules import BoxCheck, DeclaredBox, Extent

PRINTED_LIMIT = 40


@pghistory.track()
class Region(models.Model):
    """A stable identity; the outline of the day is a Boundary. The printed area and box are kept letter for letter."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200)
    source_text = models.TextField()
    source = models.TextField(default="", blank=True)
    extent = models.CharField(max_length=12, choices=Extent.choices())
    accuracy_m = models.PositiveIntegerField()
    declared_west = models.CharField(max_length=PRINTED_LIMIT, default="", blank=True)
    declared_east = models.CharField(max_length=PRINTED_LIMIT, default="", blank=True)
    declared_south = models.CharField(max_length=PRINTED_LIMIT, default="", blank=True)
    declared_north = models.CharField(max_length=PRINTED_LIMIT, default="", blank=True)
    declared_check = models.CharField(max_length=10, choices=BoxCheck.choices(), default=BoxCheck.ABSENT.value)
    declared_note_zh = models.TextField(default="", blank=True)
    declared_note_en = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(declared_check__in=[word.value for word in BoxCheck]), name="region_box_check_is_known"
            ),
            models.CheckConstraint(
                condition=Q(extent__in=[word.value for word in Extent]), name="region_extent_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def declared_box(self) -> DeclaredBox:
        return DeclaredBox(self.declared_west, self.declared_east, self.declared_south, self.declared_north)

    @property
    def declared_finding(self) -> BoxCheck:
        """What became of the printed box when it was held against the divisions."""
        return BoxCheck(self.declared_check)

    @property
    def declared_note(self) -> Text:
        return Text(self.declared_note_zh, self.declared_note_en)
