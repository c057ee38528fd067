"""Versions of a specification with their days of effect, and the facts they demand with units."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from gi_registry.lib.ids import new_number
from gi_registry.lib.texts import Text
from products.models.steps import kept, only_steps, only_words, quoted
from products.models.titles import Title
from products.querysets import SpecificationQuerySet
from products.rules import specifications
from products.rules.specifications import BINDING, PROVEN, Effective, FactValue
from products.rules.words import FactOperator, SpecificationStatus, TransitionRule, Unit

_BINDING = [status.value for status in sorted(BINDING)]
_PROVEN = [status.value for status in sorted(PROVEN)]
# Goods were made under these words: they are corrected by a new version only. The end of effect may be set once.
_FROZEN = f"""
IF OLD.status IN ({quoted(_PROVEN)}) AND (
    ROW(NEW.number, NEW.title_id, NEW.label_zh, NEW.label_en, NEW.transition_rule, NEW.standards, NEW.document_sha256,
        lower(NEW.effective))
    IS DISTINCT FROM
    ROW(OLD.number, OLD.title_id, OLD.label_zh, OLD.label_en, OLD.transition_rule, OLD.standards, OLD.document_sha256,
        lower(OLD.effective))
    OR (upper(OLD.effective) IS NOT NULL AND upper(NEW.effective) IS DISTINCT FROM upper(OLD.effective))
) THEN
    RAISE EXCEPTION 'an announced specification is never changed';
END IF;
RETURN NEW;
"""
_CHECKED = f"""
IF NEW.status IN ({quoted(_PROVEN)}) AND OLD.status NOT IN ({quoted(_PROVEN)}) AND EXISTS (
    SELECT FROM products_specificationrule r WHERE r.specification_id = NEW.id AND r.checked_by_id IS NULL
) THEN
    RAISE EXCEPTION 'rules are announced once a second person has checked them';
END IF;
RETURN NEW;
"""


def frozen_with_version(words: str) -> pgtrigger.Trigger:
    """What hangs on a version is neither added to, changed nor deleted once the version is announced."""
    return pgtrigger.Trigger(
        name="frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
IF EXISTS (
    SELECT 1 FROM products_specificationversion s
    WHERE s.status IN ({quoted(_PROVEN)})
      AND s.id IN (
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.specification_id END,
        CASE WHEN TG_OP <> 'DELETE' THEN NEW.specification_id END
      )
) THEN
    RAISE EXCEPTION '{words}';
END IF;
RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
""",  # noqa: S608 - only our own words
    )


@pghistory.track()
class SpecificationVersion(models.Model):
    """The rules of a title for a stretch of days. An unknown beginning is an open lower bound."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    title = models.ForeignKey(Title, models.PROTECT, related_name="specifications")
    label_zh = models.CharField(max_length=120)
    label_en = models.CharField(max_length=160, blank=True, default="")
    status = models.CharField(
        max_length=12, choices=SpecificationStatus.choices(), default=SpecificationStatus.DRAFT.value
    )
    effective = DateRangeField(null=True, blank=True)
    transition_rule = models.CharField(
        max_length=20, choices=TransitionRule.choices(), default=TransitionRule.PRODUCTION_START.value
    )
    standards = ArrayField(models.CharField(max_length=200), size=50, default=list, blank=True)
    note_zh = models.TextField(blank=True, default="")
    note_en = models.TextField(blank=True, default="")
    document_sha256 = models.CharField(max_length=64, blank=True, default="")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = SpecificationQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("status", SpecificationStatus, "specification_status_known"),
            only_words("transition_rule", TransitionRule, "specification_transition_known"),
            ExclusionConstraint(
                name="specification_one_at_a_time",
                expressions=[("title", RangeOperators.EQUAL), ("effective", RangeOperators.OVERLAPS)],
                condition=Q(status__in=_BINDING),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=_BINDING)
                | Q(effective__isnull=False, effective__isempty=False, status=SpecificationStatus.REPORTED.value)
                | Q(effective__isnull=False, effective__isempty=False, document_sha256__regex=r"^[0-9a-f]{64}$"),
                name="specification_announced_with_proof",
            ),
            models.CheckConstraint(
                condition=Q(drafted_by__isnull=True) | Q(reviewed_by__isnull=True) | ~Q(drafted_by=F("reviewed_by")),
                name="specification_four_eyes",
            ),
        ]
        triggers = [
            kept(),
            only_steps("status", specifications.MACHINE, specifications.STARTS),
            pgtrigger.Trigger(name="frozen", when=pgtrigger.Before, operation=pgtrigger.Update, func=_FROZEN),
            pgtrigger.Trigger(
                name="rules_checked", when=pgtrigger.Before, operation=pgtrigger.UpdateOf("status"), func=_CHECKED
            ),
        ]

    def __str__(self) -> str:
        return self.label_zh

    @property
    def days(self) -> Effective:
        return Effective(self.effective.lower, self.effective.upper) if self.effective else Effective(None)


@pghistory.track()
class SpecificationFact(models.Model):
    """One demand: a bound with its unit, or words; for the whole area or one zone of it."""

    specification = models.ForeignKey(SpecificationVersion, models.CASCADE, related_name="facts")
    key = models.SlugField(max_length=60)
    label_zh = models.CharField(max_length=120)
    label_en = models.CharField(max_length=160, blank=True, default="")
    operator = models.CharField(max_length=10, choices=FactOperator.choices())
    low = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    text = models.CharField(max_length=500, blank=True, default="")
    text_en = models.CharField(max_length=500, blank=True, default="")
    unit = models.CharField(max_length=24, choices=Unit.choices(), default=Unit.NONE.value)
    clause = models.CharField(max_length=60, blank=True, default="")
    zone = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            only_words("operator", FactOperator, "fact_operator_known"),
            only_words("unit", Unit, "fact_unit_known"),
            models.UniqueConstraint(fields=["specification", "key", "zone"], name="fact_once"),
            models.CheckConstraint(
                condition=Q(operator__in=["min", "equals"], low__isnull=False, high__isnull=True)
                | Q(operator="max", low__isnull=True, high__isnull=False)
                | Q(operator="between", low__isnull=False, high__gte=F("low"))
                | (Q(operator="text", low__isnull=True, high__isnull=True) & ~Q(text="")),
                name="fact_bounds_fit_operator",
            ),
        ]
        triggers = [frozen_with_version("the facts of an announced specification are never changed")]

    def __str__(self) -> str:
        return self.label_zh

    @property
    def words(self) -> Text:
        """What it demands, as a person reads it."""
        return specifications.in_words(self.value, self.text_en)

    @property
    def value(self) -> FactValue:
        return FactValue(FactOperator(self.operator), self.low, self.high, self.text, Unit(self.unit))
