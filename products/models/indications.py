"""The protected name as one thing, and where what we say of it was read."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from gi_registry.lib.ids import new_number
from products.models.steps import kept, only_words
from products.querysets import HolderQuerySet, IndicationQuerySet, SeasonQuerySet
from products.rules.words import Confidence, Unit


@pghistory.track(exclude=["grams", "folded_zh", "folded_en", "folded_pinyin"])
class Indication(models.Model):
    """A geographical indication: one name, on which several titles may rest."""

    slug = models.SlugField(max_length=80, unique=True)
    name_zh = models.CharField(max_length=60, unique=True)
    name_en = models.CharField(max_length=120, blank=True, default="")
    pinyin = models.CharField(max_length=240, help_text="Syllables without tones, spaced.")
    initials = models.CharField(max_length=60)
    category = models.CharField(max_length=40)
    category_en = models.CharField(max_length=60, blank=True, default="")
    main_division_code = models.CharField(max_length=6)
    division_codes = ArrayField(models.CharField(max_length=6), size=200)
    confidence = models.CharField(max_length=10, choices=Confidence.choices())
    summary_zh = models.TextField(blank=True, default="")
    summary_en = models.TextField(blank=True, default="")
    notes_zh = models.TextField(blank=True, default="", help_text="What is doubtful in the sources.")
    notes_en = models.TextField(blank=True, default="")
    agreement_zh = models.CharField(max_length=200, blank=True, default="", help_text="Treaty that lists it.")
    agreement_en = models.CharField(max_length=200, blank=True, default="")
    # Derived from the names by rules.search.keys_of; never shown.
    folded_zh = models.CharField(max_length=80)
    folded_en = models.CharField(max_length=160, blank=True, default="")
    folded_pinyin = models.CharField(max_length=240)
    grams = ArrayField(models.CharField(max_length=2))
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = IndicationQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("confidence", Confidence, "indication_confidence_known"),
            models.CheckConstraint(
                condition=Q(main_division_code__regex=r"^[0-9]{6}$"), name="indication_division_shape"
            ),
        ]
        indexes = [
            GinIndex(fields=["grams"], name="indication_grams"),
            GinIndex(fields=["division_codes"], name="indication_divisions"),
            GinIndex(fields=["folded_pinyin"], name="indication_pinyin_like", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["name_en"], name="indication_english_like", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["category"], name="indication_category"),
            models.Index(fields=["main_division_code"], name="indication_place", opclasses=["text_pattern_ops"]),
        ]
        triggers = [kept()]

    def __str__(self) -> str:
        return self.name_zh


class Source(models.Model):
    """Where a fact was read; the address may be empty for a text that has no stable one."""

    indication = models.ForeignKey(Indication, models.CASCADE, related_name="sources")
    label_zh = models.CharField(max_length=300)
    label_en = models.CharField(max_length=300, blank=True, default="")
    url = models.URLField(max_length=1000, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indication", "label_zh", "url"], name="source_once")]

    def __str__(self) -> str:
        return self.label_zh


class Figure(models.Model):
    """A statistic as printed (planted area, output, villages). It describes and demands nothing."""

    indication = models.ForeignKey(Indication, models.CASCADE, related_name="figures")
    key = models.SlugField(max_length=60)
    label_zh = models.CharField(max_length=120)
    label_en = models.CharField(max_length=160, blank=True, default="")
    value = models.CharField(max_length=40)
    unit = models.CharField(max_length=24, choices=Unit.choices(), default=Unit.NONE.value)
    year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [only_words("unit", Unit, "figure_unit_known")]

    def __str__(self) -> str:
        return f"{self.label_zh} {self.value}"


@pghistory.track()
class Holder(models.Model):
    """The body that answers for a title. It may have people here (``organisation``) or be known by name only."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True, default="")
    organisation = models.OneToOneField(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = HolderQuerySet.as_manager()

    class Meta:
        triggers = [kept()]

    def __str__(self) -> str:
        return self.name_zh


@pghistory.track()
class Season(models.Model):
    """When goods of an indication may be made: both days belong to it."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    indication = models.ForeignKey(Indication, models.PROTECT, related_name="seasons")
    name = models.CharField(max_length=60)
    opens_on = models.DateField()
    closes_on = models.DateField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = SeasonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indication", "name"], name="season_name_once"),
            models.CheckConstraint(
                condition=Q(opens_on__lte=models.F("closes_on")), name="season_opens_before_it_closes"
            ),
        ]

    def __str__(self) -> str:
        return self.name
