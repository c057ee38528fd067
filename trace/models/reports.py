"""What consumers report about goods. Personal in its words and photo: seen by the officials of the place alone, and erased."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from products.models.steps import kept, only_steps, only_words
from trace.models.batches import Batch
from trace.querysets import ReportQuerySet
from trace.rules.reports import MAX_ANSWER, MAX_CONTACT, MAX_WORDS, ReportKind, ReportState

# What was told is told, until it is erased; what was answered is answered.
_SETTLED = """
IF ROW(NEW.number, NEW.kind, NEW.batch_id, NEW.division_code, NEW.province, NEW.reported_at)
        IS DISTINCT FROM ROW(OLD.number, OLD.kind, OLD.batch_id, OLD.division_code, OLD.province, OLD.reported_at)
    OR NEW.erased_at IS NULL AND ROW(NEW.lot, NEW.code, NEW.words, NEW.contact)
        IS DISTINCT FROM ROW(OLD.lot, OLD.code, OLD.words, OLD.contact)
    OR OLD.state = 'closed' AND ROW(NEW.answer, NEW.closed_at) IS DISTINCT FROM ROW(OLD.answer, OLD.closed_at)
    OR OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at THEN
    RAISE EXCEPTION 'a report is never changed';
END IF;
RETURN NEW;
"""


# Its history keeps nothing that would have to be erased from it.
@pghistory.track(
    fields=["state", "answer", "closed_at", "erased_at"],
    model_name="ReportEvent",
    obj_field=pghistory.ObjForeignKey(related_name="events"),
)
class Report(models.Model):
    """One report. ``number`` is the tracking number: nobody foretells it, and whoever holds it may read the answer.

    ``lot`` and ``code`` are as they were given; ``batch`` is there only where the lot is registered. ``division_code`` is
    that of the batch, or of the province where there is none: officials see reports by it.
    """

    number = models.CharField(max_length=10, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=ReportKind.choices())
    lot = models.CharField(max_length=40, blank=True, default="")
    code = models.CharField(max_length=40, blank=True, default="")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    division_code = models.CharField(max_length=6)
    words = models.CharField(max_length=MAX_WORDS, blank=True, default="")
    contact = models.CharField(max_length=MAX_CONTACT, blank=True, default="")
    province = models.CharField(max_length=20, blank=True, default="")
    state = models.CharField(max_length=10, choices=ReportState.choices(), default=ReportState.RECEIVED)
    answer = models.CharField(max_length=MAX_ANSWER, blank=True, default="")
    reported_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("kind", ReportKind, "report_kind"),
            models.CheckConstraint(
                condition=Q(state=ReportState.RECEIVED, closed_at__isnull=True, answer="")
                | Q(state=ReportState.CLOSED, closed_at__isnull=False) & ~Q(answer=""),
                name="report_closed_with_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(state=ReportState.CLOSED, lot="", code="", words="", contact=""),
                name="report_erased_when_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["division_code"], name="report_by_place", opclasses=["text_pattern_ops"]),
            models.Index(fields=["closed_at"], name="report_to_erase", condition=Q(erased_at__isnull=True)),
        ]
        triggers = [
            kept(),
            only_steps("state", {"received": ["closed"], "closed": []}, ["received"]),
            pgtrigger.Trigger(name="settled", when=pgtrigger.Before, operation=pgtrigger.Update, func=_SETTLED),
        ]

    def __str__(self) -> str:
        return self.number


class ReportPhoto(models.Model):
    """The photo of a report: our own copy, without what a camera writes beside the picture."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="photo")
    jpeg = models.BinaryField(max_length=2_000_000)

    def __str__(self) -> str:
        return str(self.report_id)
