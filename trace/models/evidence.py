"""What is on record of a batch as evidence, and what became of each demand when it was released."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gi_registry.lib.ids import new_number
from gi_registry.lib.texts import Text
from products.models.steps import kept, only_words, quoted
from products.rules.words import OutcomeResult, Sex, Unit
from trace.models.batches import Batch
from trace.querysets import EvidenceQuerySet
from trace.rules.evidence import MAX_TEXT, OPEN_STATES, EvidenceKind

_STATED = (
    "number", "batch_id", "kind", "key", "text", "value", "unit", "site_id", "sex", "began_on", "ended_on", "is_met",
    "method", "laboratory", "document_sha256", "signer_id", "by", "by_name", "at",
)  # fmt: skip
# What was put on record stays as it was put; it is taken back once, with a reason, while the batch is not released.
_SETTLED = f"""
IF TG_OP = 'UPDATE' AND (OLD.withdrawn_at IS NOT NULL OR ROW({", ".join(f'NEW."{name}"' for name in _STATED)})
    IS DISTINCT FROM ROW({", ".join(f'OLD."{name}"' for name in _STATED)})) THEN
    RAISE EXCEPTION 'evidence is never changed';
END IF;
IF NOT EXISTS (
    SELECT FROM trace_batch b WHERE b.id = NEW.batch_id
    AND b.state IN ({quoted(state.value for state in OPEN_STATES)})
) THEN
    RAISE EXCEPTION 'the evidence of a batch is closed with its release';
END IF;
RETURN NEW;
"""


class Evidence(models.Model):
    """One piece: its columns by kind are in ``rules.evidence``. ``signer`` is the person behind an attestation."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=12, choices=EvidenceKind.choices())
    key = models.SlugField(max_length=60, blank=True, default="", db_index=False)
    text = models.CharField(max_length=MAX_TEXT, blank=True, default="")
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=24, choices=Unit.choices(), blank=True, default="")
    site = models.ForeignKey("products.Site", models.PROTECT, null=True, blank=True, related_name="+")
    sex = models.CharField(max_length=8, choices=Sex.choices(), blank=True, default="")
    began_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    is_met = models.BooleanField(null=True, blank=True)
    method = models.CharField(max_length=120, blank=True, default="")
    laboratory = models.CharField(max_length=120, blank=True, default="")
    document_sha256 = models.CharField(max_length=64, blank=True, default="")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.CharField(max_length=40, help_text="Who: Actor.identity.")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=200, blank=True, default="")
    withdrawn_reason = models.CharField(max_length=500, blank=True, default="")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            only_words("kind", EvidenceKind, "evidence_kind_known"),
            models.CheckConstraint(condition=Q(unit__in=["", *Unit]), name="evidence_unit_known"),
            models.CheckConstraint(condition=Q(sex__in=["", *Sex]), name="evidence_sex_known"),
            models.CheckConstraint(
                condition=(Q(kind="measurement", value__isnull=False) & ~Q(unit="") & ~Q(key=""))
                | (Q(kind="step", began_on__isnull=False) & ~Q(text=""))
                | (Q(kind="declaration") & ~Q(key="") & ~Q(text=""))
                | (
                    Q(kind="attestation", is_met__isnull=False, signer__isnull=False)
                    & ~Q(key="")
                    & Q(document_sha256__regex=r"^[0-9a-f]{64}$")
                ),
                name="evidence_complete",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")), name="evidence_days_ordered"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""), name="evidence_withdrawn_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["laboratory"], condition=~Q(laboratory=""), name="evidence_of_laboratory")]
        triggers = [
            kept(),
            pgtrigger.Trigger(
                name="settled",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_SETTLED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key or self.text}"


class RuleOutcome(models.Model):
    """What became of one demand at the release of a batch, in figures and words. Written with the release, for good."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="outcomes")
    rule = models.ForeignKey("products.SpecificationRule", models.PROTECT, related_name="+")
    result = models.CharField(max_length=16, choices=OutcomeResult.choices())
    demanded_zh = models.CharField(max_length=4_000)
    demanded_en = models.CharField(max_length=4_000)
    measured_zh = models.CharField(max_length=4_000, blank=True, default="")
    measured_en = models.CharField(max_length=4_000, blank=True, default="")
    why_zh = models.CharField(max_length=4_000)
    why_en = models.CharField(max_length=4_000)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            only_words("result", OutcomeResult, "outcome_result_known"),
            models.UniqueConstraint(fields=["batch", "rule"], name="outcome_once"),
        ]
        triggers = [pgtrigger.Protect(name="appended", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.result}"

    @property
    def demanded(self) -> Text:
        return Text(self.demanded_zh, self.demanded_en)

    @property
    def measured(self) -> Text:
        return Text(self.measured_zh, self.measured_en)

    @property
    def why(self) -> Text:
        return Text(self.why_zh, self.why_en)
