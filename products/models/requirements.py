"""The checkable demands of a specification version, as data: what, how much, of which goods, and how much it matters."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from gi_registry.lib.texts import Text
from products.models.specifications import SpecificationFact, SpecificationVersion, frozen_with_version
from products.models.steps import only_words
from products.rules.requirements import MAX_WORDS, Requirement
from products.rules.requirements.kinds import demanded
from products.rules.specifications import FactValue
from products.rules.words import Confidence, FactOperator, RuleKind, Severity, Sex, Unit


def _or_none(words: type) -> list[str]:
    return ["", *(word.value for word in words)]


@pghistory.track()
class SpecificationRule(models.Model):
    """One demand. With ``fact`` it takes its figures from there and holds none of its own, so that they are said once.

    ``words`` are what its kind lists (``rules.requirements.kinds``). ``place`` is its place in the order of entry.
    ``confidence`` and the source are those of what it was taken from; empty where the announcement itself was entered.
    Whoever entered it never checks it.
    """

    specification = models.ForeignKey(SpecificationVersion, models.CASCADE, related_name="rules")
    fact = models.ForeignKey(SpecificationFact, models.CASCADE, null=True, blank=True, related_name="+")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=RuleKind.choices())
    key = models.SlugField(max_length=60)
    label_zh = models.CharField(max_length=120)
    label_en = models.CharField(max_length=160, blank=True, default="")
    severity = models.CharField(max_length=8, choices=Severity.choices())
    operator = models.CharField(max_length=10, choices=FactOperator.choices(), blank=True, default="")
    low = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=24, choices=Unit.choices(), default=Unit.NONE.value)
    words = ArrayField(models.CharField(max_length=80), size=MAX_WORDS, default=list, blank=True)
    zone = models.CharField(max_length=60, blank=True, default="")
    variety = models.CharField(max_length=60, blank=True, default="")
    grade = models.CharField(max_length=60, blank=True, default="")
    sex = models.CharField(max_length=8, choices=Sex.choices(), blank=True, default="")
    clause = models.CharField(max_length=60, blank=True, default="")
    confidence = models.CharField(max_length=8, choices=Confidence.choices(), blank=True, default="")
    source_zh = models.CharField(max_length=300, blank=True, default="")
    source_en = models.CharField(max_length=300, blank=True, default="")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("specification", "place")
        constraints = [
            only_words("kind", RuleKind, "rule_kind_known"),
            only_words("severity", Severity, "rule_severity_known"),
            only_words("unit", Unit, "rule_unit_known"),
            models.CheckConstraint(condition=Q(sex__in=_or_none(Sex)), name="rule_sex_known"),
            models.CheckConstraint(condition=Q(confidence__in=_or_none(Confidence)), name="rule_confidence_known"),
            models.UniqueConstraint(
                fields=["specification", "kind", "key", "zone", "variety", "grade", "sex"], name="rule_once"
            ),
            models.UniqueConstraint(fields=["specification", "place"], name="rule_place_once"),
            models.CheckConstraint(
                condition=Q(operator="", low__isnull=True, high__isnull=True)
                | Q(operator__in=["min", "equals"], low__isnull=False, high__isnull=True, fact__isnull=True)
                | Q(operator="max", low__isnull=True, high__isnull=False, fact__isnull=True)
                | Q(operator="between", low__isnull=False, high__gte=F("low"), fact__isnull=True),
                name="rule_bounds_fit_operator",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | Q(entered_by__isnull=True) | ~Q(checked_by=F("entered_by")),
                name="rule_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(severity=Severity.BLOCK.value, confidence=Confidence.LOW.value), name="rule_sure_to_block"
            ),
        ]
        triggers = [frozen_with_version("the rules of an announced specification are never changed")]

    def __str__(self) -> str:
        return self.label_zh

    @property
    def bound(self) -> FactValue | None:
        """Its own figures, or those of the fact that it makes checkable."""
        if self.operator:
            return FactValue(FactOperator(self.operator), self.low, self.high, unit=Unit(self.unit))
        if self.fact is None or self.fact.operator == FactOperator.TEXT:
            return None
        return self.fact.value

    @property
    def demanded(self) -> Text:
        """What it demands, as a person reads it."""
        return demanded(self.requirement)

    @property
    def requirement(self) -> Requirement:
        """As ``rules.requirements`` holds it against a batch."""
        return Requirement(
            kind=RuleKind(self.kind),
            key=self.key,
            label=Text(self.label_zh, self.label_en or self.label_zh),
            severity=Severity(self.severity),
            bound=self.bound,
            words=tuple(self.words),
            zone=self.zone,
            variety=self.variety,
            grade=self.grade,
            sex=Sex(self.sex) if self.sex else None,
            clause=self.clause,
            confidence=Confidence(self.confidence) if self.confidence else None,
            said=self.fact.words if self.fact and self.fact.operator == FactOperator.TEXT else None,
            ident=self.pk,
        )
