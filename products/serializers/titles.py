"""Titles and specifications in and out, and the whole of an indication."""

from rest_framework import serializers

from gi_registry.lib import clock
from gi_registry.lib.shapes import In, Out, WordField
from products.models import SpecificationVersion, Title
from products.rules.requirements import MAX_RULES
from products.rules.specifications import MAX_FACTS
from products.rules.words import (
    Confidence,
    FactOperator,
    SpecificationStatus,
    TitleKind,
    TitleStatus,
    TransitionRule,
    Unit,
)
from products.serializers.fields import HashField, ReasonedIn
from products.serializers.indications import FigureOut, IndicationOut, IndicationRefOut, SeasonOut, SourceOut
from products.serializers.requirements import RuleIn, RuleOut

# Columns of a title that a request may bring as facts of a step.
FACTS = (
    *("title_number", "announcement_number", "document_sha256"),
    *("applied_on", "published_on", "recognised_on", "expires_on", "ended_on"),
)


class TitleFactsIn(ReasonedIn):
    title_number = serializers.CharField(max_length=80, required=False, allow_blank=True)
    announcement_number = serializers.CharField(max_length=120, required=False, allow_blank=True)
    applied_on = serializers.DateField(required=False, allow_null=True)
    published_on = serializers.DateField(required=False, allow_null=True)
    recognised_on = serializers.DateField(required=False, allow_null=True)
    expires_on = serializers.DateField(required=False, allow_null=True)
    ended_on = serializers.DateField(required=False, allow_null=True)
    document_sha256 = HashField(required=False, allow_blank=True)


class TitleMoveIn(TitleFactsIn):
    """One step, with the facts it rests on. Proof comes with the step: announcement number, date and document hash."""

    to = WordField(TitleStatus)


class TitleChangeIn(ReasonedIn):
    """What rests on no announcement. ``holder`` and ``region`` are numbers."""

    holder = serializers.CharField(max_length=10, required=False, allow_null=True)
    region = serializers.CharField(max_length=10, required=False, allow_null=True)
    confidence = WordField(Confidence, required=False)
    recognised_text = serializers.CharField(max_length=40, required=False, allow_blank=True)
    source_note_zh = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    source_note_en = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class TitleIn(TitleFactsIn, TitleChangeIn):
    indication = serializers.SlugField(max_length=80)
    kind = WordField(TitleKind)
    status = WordField(TitleStatus)


class TitleFilterIn(In):
    indication = serializers.SlugField(required=False, max_length=80)
    kind = WordField(TitleKind, required=False)
    status = WordField(TitleStatus, required=False)


class HolderRefOut(Out):
    number = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()


class RegionRefOut(Out):
    number = serializers.CharField()
    slug = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()


class TitleFieldsOut(Out):
    number = serializers.CharField()
    kind = WordField(TitleKind)
    status = WordField(TitleStatus)
    stands = serializers.SerializerMethodField(help_text="Whether it stands today.")
    title_number = serializers.CharField()
    announcement_number = serializers.CharField()
    applied_on = serializers.DateField(allow_null=True)
    published_on = serializers.DateField(allow_null=True)
    recognised_on = serializers.DateField(allow_null=True)
    recognised_text = serializers.CharField()
    expires_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    document_sha256 = serializers.CharField()
    holder = HolderRefOut(allow_null=True)
    region = RegionRefOut(allow_null=True)
    confidence = WordField(Confidence)
    source_note_zh = serializers.CharField()
    source_note_en = serializers.CharField()
    version = serializers.IntegerField()

    def get_stands(self, title: Title) -> bool:
        return title.stands_on(clock.today())


class TitleOut(TitleFieldsOut):
    indication = IndicationRefOut()


class FactIn(In):
    key = serializers.SlugField(max_length=60)
    label_zh = serializers.CharField(max_length=120)
    label_en = serializers.CharField(max_length=160, required=False, allow_blank=True, default="")
    operator = WordField(FactOperator)
    low = serializers.DecimalField(max_digits=18, decimal_places=6, required=False, allow_null=True, default=None)
    high = serializers.DecimalField(max_digits=18, decimal_places=6, required=False, allow_null=True, default=None)
    text = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    text_en = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    unit = WordField(Unit, required=False, default=Unit.NONE)
    clause = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    zone = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class FactOut(Out):
    key = serializers.CharField()
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    operator = WordField(FactOperator)
    low = serializers.DecimalField(max_digits=18, decimal_places=6, normalize_output=True, allow_null=True)
    high = serializers.DecimalField(max_digits=18, decimal_places=6, normalize_output=True, allow_null=True)
    text = serializers.CharField()
    text_en = serializers.CharField()
    unit = WordField(Unit)
    clause = serializers.CharField()
    zone = serializers.CharField()


class SpecificationChangeIn(ReasonedIn):
    """``effective_until`` is the first day without it; ``facts`` and ``rules`` replace them all."""

    label_zh = serializers.CharField(max_length=120, required=False)
    label_en = serializers.CharField(max_length=160, required=False, allow_blank=True)
    effective_from = serializers.DateField(required=False, allow_null=True)
    effective_until = serializers.DateField(required=False, allow_null=True)
    transition_rule = WordField(TransitionRule, required=False)
    standards = serializers.ListField(child=serializers.CharField(max_length=200), max_length=50, required=False)
    note_zh = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    note_en = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    document_sha256 = HashField(required=False, allow_blank=True)
    facts = FactIn(many=True, max_length=MAX_FACTS, required=False)
    rules = RuleIn(many=True, max_length=MAX_RULES, required=False)


class SpecificationIn(SpecificationChangeIn):
    title = serializers.CharField(max_length=10, help_text="Number of the title.")
    label_zh = serializers.CharField(max_length=120)


class SpecificationMoveIn(ReasonedIn):
    to = WordField(SpecificationStatus)
    document_sha256 = HashField(required=False, allow_blank=True, default="")


class SpecificationFilterIn(In):
    title = serializers.CharField(required=False, max_length=10)
    indication = serializers.SlugField(required=False, max_length=80)
    on = serializers.DateField(required=False)


class SpecificationFieldsOut(Out):
    number = serializers.CharField()
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    status = WordField(SpecificationStatus)
    effective_from = serializers.SerializerMethodField()
    effective_until = serializers.SerializerMethodField(help_text="First day without it.")
    transition_rule = WordField(TransitionRule)
    standards = serializers.ListField(child=serializers.CharField())
    note_zh = serializers.CharField()
    note_en = serializers.CharField()
    document_sha256 = serializers.CharField()
    facts = FactOut(many=True)
    rules = RuleOut(many=True)
    version = serializers.IntegerField()

    def get_effective_from(self, version: SpecificationVersion) -> str | None:
        return version.days.begins.isoformat() if version.days.begins else None

    def get_effective_until(self, version: SpecificationVersion) -> str | None:
        return version.days.ends.isoformat() if version.days.ends else None


class SpecificationOut(SpecificationFieldsOut):
    title = serializers.CharField(source="title.number")
    indication = serializers.CharField(source="title.indication.slug")


class TitleDetailOut(TitleFieldsOut):
    specifications = SpecificationFieldsOut(many=True)


class IndicationDetailOut(IndicationOut):
    """A name with everything public that hangs on it."""

    summary_zh = serializers.CharField()
    summary_en = serializers.CharField()
    notes_zh = serializers.CharField()
    notes_en = serializers.CharField()
    agreement_zh = serializers.CharField()
    agreement_en = serializers.CharField()
    titles = TitleDetailOut(many=True, source="public_titles")
    sources = SourceOut(many=True)
    figures = FigureOut(many=True)
    seasons = SeasonOut(many=True)
