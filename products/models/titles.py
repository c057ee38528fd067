"""One legal title on a name: its number, announcement, dates, document, holder and region."""

from datetime import date

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from gi_registry.lib.ids import new_number
from products.models.indications import Holder, Indication
from products.models.steps import kept, only_words, quoted
from products.querysets import TitleQuerySet
from products.rules import titles
from products.rules.titles import MACHINES, MARKS, PROVEN, STARTS, TitleFacts
from products.rules.words import Confidence, TitleKind, TitleStatus

_PROVEN = [status.value for status in sorted(PROVEN)]
_STEPS = ", ".join(
    sorted(
        f"('{kind}', '{status}', '{to}')"
        for kind, machine in MACHINES.items()
        for status, steps in machine.items()
        for to in steps
        if to != status
    )
)
_STARTS = " OR ".join(
    f"(NEW.kind = '{kind}' AND NEW.status IN ({quoted(starts)}))" for kind, starts in sorted(STARTS.items())
)
# The same table as rules.titles, so that no code path, import or console can jump to "recognised".
_ONLY_STEPS = f"""
IF TG_OP = 'INSERT' THEN
    IF NOT ({_STARTS}) THEN
        RAISE EXCEPTION 'a % title cannot begin as %', NEW.kind, NEW.status;
    END IF;
ELSIF NEW.kind IS DISTINCT FROM OLD.kind OR NEW.indication_id IS DISTINCT FROM OLD.indication_id THEN
    RAISE EXCEPTION 'a title never changes its kind or name';
ELSIF NEW.status IS DISTINCT FROM OLD.status AND (NEW.kind, OLD.status, NEW.status) NOT IN ({_STEPS}) THEN
    RAISE EXCEPTION 'a % title cannot go from % to %', NEW.kind, OLD.status, NEW.status;
END IF;
RETURN NEW;
"""
_HAS_NUMBER = (
    (Q(kind=TitleKind.GI_PRODUCT.value) & ~Q(announcement_number=""))
    | (Q(kind__in=[kind.value for kind in MARKS]) & ~Q(title_number=""))
    | (
        Q(kind__in=[TitleKind.AGRO_GI.value, TitleKind.FOREIGN.value])
        & (~Q(title_number="") | ~Q(announcement_number=""))
    )
)


@pghistory.track()
class Title(models.Model):
    """A protection title. Statuses from "accepted" on mirror the national office; each rests on a document."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    indication = models.ForeignKey(Indication, models.PROTECT, related_name="titles")
    kind = models.CharField(max_length=20, choices=TitleKind.choices())
    status = models.CharField(max_length=20, choices=TitleStatus.choices())
    title_number = models.CharField(
        max_length=80, blank=True, default="", help_text="Registration or certificate number."
    )
    announcement_number = models.CharField(max_length=120, blank=True, default="")
    applied_on = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    recognised_on = models.DateField(null=True, blank=True, help_text="Day of recognition or registration.")
    recognised_text = models.CharField(
        max_length=40, blank=True, default="", help_text="A date known in part, as printed."
    )
    expires_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True, help_text="First day without the title.")
    document_sha256 = models.CharField(
        max_length=64, blank=True, default="", help_text="Of the document behind the status."
    )
    holder = models.ForeignKey(Holder, models.PROTECT, null=True, blank=True, related_name="titles")
    region = models.ForeignKey("regions.Region", models.PROTECT, null=True, blank=True, related_name="+")
    confidence = models.CharField(max_length=10, choices=Confidence.choices(), default=Confidence.LOW.value)
    source_note_zh = models.TextField(blank=True, default="")
    source_note_en = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = TitleQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("kind", TitleKind, "title_kind_known"),
            only_words("status", TitleStatus, "title_status_known"),
            only_words("confidence", Confidence, "title_confidence_known"),
            models.UniqueConstraint(
                fields=["kind", "title_number"], condition=~Q(title_number=""), name="title_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=_PROVEN)
                | (Q(recognised_on__isnull=False, document_sha256__regex=r"^[0-9a-f]{64}$") & _HAS_NUMBER),
                name="title_recognised_only_with_proof",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True)
                | Q(recognised_on__isnull=True)
                | Q(expires_on__gt=F("recognised_on")),
                name="title_expires_after_recognition",
            ),
            models.CheckConstraint(
                condition=Q(document_sha256="") | Q(document_sha256__regex=r"^[0-9a-f]{64}$"),
                name="title_document_shape",
            ),
        ]
        indexes = [models.Index(fields=["indication", "status"], name="title_of_indication")]
        triggers = [
            kept(),
            pgtrigger.Trigger(
                name="only_steps",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "kind", "indication_id"),
                func=_ONLY_STEPS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.title_number or self.announcement_number or self.number}"

    @property
    def facts(self) -> TitleFacts:
        return TitleFacts(
            title_number=self.title_number,
            announcement_number=self.announcement_number,
            applied_on=self.applied_on,
            published_on=self.published_on,
            recognised_on=self.recognised_on,
            expires_on=self.expires_on,
            ended_on=self.ended_on,
            document_sha256=self.document_sha256,
        )

    def stands_on(self, on: date) -> bool:
        """Whether the title stands (stood) on a day; see ``rules.titles.stands_on``."""
        return titles.stands_on(TitleStatus(self.status), Confidence(self.confidence), self.facts, on)
