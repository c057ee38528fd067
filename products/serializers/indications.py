"""Names, holders and seasons in and out."""

from rest_framework import serializers

from gi_registry.lib.shapes import In, Out, WordField
from products.rules.search import MAX_QUERY
from products.rules.words import Confidence, Unit
from products.serializers.fields import DivisionCodeField, ReasonedIn


class SourceIn(In):
    label_zh = serializers.CharField(max_length=300)
    label_en = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    url = serializers.URLField(max_length=1000, required=False, allow_blank=True, default="")


class SourceOut(Out):
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    url = serializers.CharField()


class FigureOut(Out):
    key = serializers.CharField()
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    value = serializers.CharField()
    unit = WordField(Unit)
    year = serializers.IntegerField(allow_null=True)


class IndicationChangeIn(ReasonedIn):
    """Every field may be left out; ``sources`` replaces the whole list."""

    name_zh = serializers.CharField(max_length=60, required=False)
    name_en = serializers.CharField(max_length=120, required=False, allow_blank=True)
    pinyin = serializers.CharField(max_length=200, required=False)
    category = serializers.CharField(max_length=40, required=False)
    category_en = serializers.CharField(max_length=60, required=False, allow_blank=True)
    main_division_code = DivisionCodeField(required=False)
    division_codes = serializers.ListField(child=DivisionCodeField(), min_length=1, max_length=200, required=False)
    confidence = WordField(Confidence, required=False)
    summary_zh = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    summary_en = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    notes_zh = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    notes_en = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    agreement_zh = serializers.CharField(max_length=200, required=False, allow_blank=True)
    agreement_en = serializers.CharField(max_length=200, required=False, allow_blank=True)
    sources = SourceIn(many=True, max_length=50, required=False)


class IndicationIn(IndicationChangeIn):
    """A new name. Slug and pinyin are made from it where they are left out."""

    slug = serializers.RegexField(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=80, required=False)
    name_zh = serializers.CharField(max_length=60)
    category = serializers.CharField(max_length=40)
    main_division_code = DivisionCodeField()
    division_codes = serializers.ListField(child=DivisionCodeField(), min_length=1, max_length=200)
    confidence = WordField(Confidence)


class IndicationFilterIn(In):
    search = serializers.CharField(required=False, max_length=MAX_QUERY)
    division = DivisionCodeField(required=False)
    category = serializers.CharField(required=False, max_length=40)


class IndicationOut(Out):
    slug = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    pinyin = serializers.CharField()
    initials = serializers.CharField()
    category = serializers.CharField()
    category_en = serializers.CharField()
    main_division_code = serializers.CharField()
    division_codes = serializers.ListField(child=serializers.CharField())
    confidence = WordField(Confidence)
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class IndicationRefOut(Out):
    slug = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()


class HolderIn(ReasonedIn):
    name_zh = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=160, required=False, allow_blank=True)
    organisation = serializers.CharField(max_length=10, required=False, allow_null=True)


class HolderChangeIn(HolderIn):
    name_zh = serializers.CharField(max_length=120, required=False)


class HolderOut(Out):
    number = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    is_demo = serializers.BooleanField()
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class SeasonChangeIn(ReasonedIn):
    name = serializers.CharField(max_length=60, required=False)
    opens_on = serializers.DateField(required=False)
    closes_on = serializers.DateField(required=False)


class SeasonIn(SeasonChangeIn):
    indication = serializers.SlugField(max_length=80)
    name = serializers.CharField(max_length=60)
    opens_on = serializers.DateField()
    closes_on = serializers.DateField()


class SeasonFilterIn(In):
    indication = serializers.SlugField(required=False, max_length=80)
    on = serializers.DateField(required=False)


class SeasonOut(Out):
    number = serializers.CharField()
    indication = serializers.CharField(source="indication.slug")
    name = serializers.CharField()
    opens_on = serializers.DateField()
    closes_on = serializers.DateField()
    version = serializers.IntegerField()
