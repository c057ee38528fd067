"""Administrative divisions by GB/T 2260 code, and what became of earlier codes."""

import pghistory
from django.contrib.gis.db import models
from django.db.models import F, Q

from gi_registry.ogc.written import WrittenManager, geojson_of
from regions.geometry import SRID
from regions.models.areas import area_of
from regions.querysets import DivisionChangeQuerySet, DivisionQuerySet
from regions.rules import ChangeShare, DivisionLevel


@pghistory.track(exclude=["area_m2", "geojson"])
class Division(models.Model):
    """One province, city or county as it is today. Names repeat (城区 twice in this province); codes never do."""

    code = models.CharField(max_length=6, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120)
    pinyin = models.CharField(max_length=120)
    initials = models.CharField(max_length=30)
    level = models.CharField(max_length=8, choices=DivisionLevel.choices())
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    geom = models.MultiPolygonField(srid=SRID)
    area_m2 = area_of("geom")
    geojson = geojson_of("geom")

    objects = WrittenManager.from_queryset(DivisionQuerySet)()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[1-9][0-9]{5}$"), name="division_code_has_six_digits"),
            models.CheckConstraint(
                condition=Q(level__in=[word.value for word in DivisionLevel]), name="division_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="division_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class DivisionPart(models.Model):
    """A piece of a division of at most 128 vertices, kept by a trigger: what makes point-in-division fast."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="parts")
    geom = models.PolygonField(srid=SRID)

    def __str__(self) -> str:
        return f"part of division {self.division_id}"


class DivisionChange(models.Model):
    """One step of a reform: this earlier code went, wholly or in part, into that later one.

    Announcements keep the names of their day, so these rows are how a printed 太谷县 finds today's 太谷区. The day is
    often not known; ``changed_after`` and ``changed_before`` bracket it.
    """

    old_code = models.CharField(max_length=6)
    old_name_zh = models.CharField(max_length=60)
    old_name_en = models.CharField(max_length=120, default="", blank=True)
    new_code = models.CharField(max_length=6)
    new_name_zh = models.CharField(max_length=60)
    new_name_en = models.CharField(max_length=120, default="", blank=True)
    share = models.CharField(max_length=5, choices=ChangeShare.choices())
    changed_after = models.DateField()
    changed_before = models.DateField()
    changed_on = models.DateField(null=True)
    note_zh = models.TextField(default="", blank=True)
    note_en = models.TextField(default="", blank=True)
    source = models.TextField(default="", blank=True)

    objects = DivisionChangeQuerySet.as_manager()

    class Meta:
        ordering = ["old_code", "new_code"]
        constraints = [
            models.UniqueConstraint(fields=["old_code", "new_code"], name="division_change_once"),
            models.CheckConstraint(
                condition=Q(share__in=[word.value for word in ChangeShare]), name="division_change_share_is_known"
            ),
            models.CheckConstraint(
                condition=Q(changed_after__lte=F("changed_before"))
                & (
                    Q(changed_on__isnull=True)
                    | Q(changed_on__gte=F("changed_after"), changed_on__lte=F("changed_before"))
                ),
                name="division_change_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["new_code"], name="division_change_into")]

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code}"
