"""Print jobs: labels of many units, drawn beside the server in parts that are files."""

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import F, Q

from gi_registry.lib.ids import new_number
from gi_registry.lib.pace import STILL_AFTER, Pace, pace_of
from gi_registry.lib.texts import Text
from products.models import Producer
from products.models.steps import kept, only_steps, only_words
from trace.labels.presets import PRESETS
from trace.models.issuances import Issuance, IssuanceRange
from trace.querysets import PrintJobQuerySet
from trace.rules.issuances import Span
from trace.rules.prints import OPEN, PRINT_STEPS, LinkKind, PrintState, parts_of


class PrintJob(models.Model):
    """Labels of units ``first`` to ``last`` of an issuance, both included.

    ``key`` is made with the page that asks, so that a second press asks for nothing new. ``done`` labels are in finished
    parts; ``done_before`` of them were so when the work was last begun, from which the pace is told. ``recorded`` is the
    printed range that this job put on record, ``emptied_at`` when its files were thrown away.
    """

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    key = models.CharField(max_length=10)
    issuance = models.ForeignKey(Issuance, models.PROTECT, related_name="prints")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    preset = models.CharField(max_length=20)
    dpi = models.PositiveSmallIntegerField()
    dots = models.PositiveSmallIntegerField(null=True)
    link = models.CharField(max_length=10, choices=LinkKind.choices())
    state = models.CharField(max_length=10, choices=PrintState.choices(), default=PrintState.QUEUED.value)
    done = models.PositiveIntegerField(default=0)
    done_before = models.PositiveIntegerField(default=0)
    fault_zh = models.CharField(max_length=500, blank=True, default="")
    fault_en = models.CharField(max_length=500, blank=True, default="")
    recorded = models.ForeignKey(IssuanceRange, models.PROTECT, null=True, related_name="+")
    by = models.CharField(max_length=40, help_text="Who: Actor.identity.")
    by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True)

    objects = PrintJobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuance", "key"], name="print_asked_once"),
            only_words("state", PrintState, "print_state_known"),
            only_words("link", LinkKind, "print_link_known"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="print_range_ordered"),
            models.CheckConstraint(
                condition=Q(done_before__lte=F("done"), done__lte=F("last") - F("first") + 1), name="print_done_within"
            ),
        ]
        indexes = [models.Index(fields=["issuance", "-id"], name="print_of_issuance")]
        triggers = [
            kept(),
            pgtrigger.ReadOnly(
                name="fixed",
                fields=[
                    "number",
                    "key",
                    "issuance",
                    "first",
                    "last",
                    "preset",
                    "dpi",
                    "dots",
                    "link",
                    "by",
                    "created_at",
                ],
            ),
            only_steps("state", {state: list(after) for state, after in PRINT_STEPS.items()}, [PrintState.QUEUED]),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.span}"

    @property
    def producer(self) -> Producer:
        """Whose it is, for the policy."""
        return self.issuance.producer

    @property
    def span(self) -> Span:
        return Span(self.first, self.last)

    @property
    def total(self) -> int:
        return len(self.span)

    @property
    def parts(self) -> list[Span]:
        return parts_of(self.span, PRESETS[self.preset].a_page)

    @property
    def finished_parts(self) -> list[Span]:
        """Those whose files are there; none once they were thrown away."""
        return [] if self.emptied_at else [part for part in self.parts if part.last - self.first < self.done]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def is_still(self, now: datetime) -> bool:
        """Whether nothing was heard of it for so long that something must be wrong."""
        return self.is_open and now - (self.seen_at or self.created_at) > STILL_AFTER

    @property
    def fault(self) -> Text | None:
        return Text(self.fault_zh, self.fault_en) if self.fault_zh else None

    @property
    def pace(self) -> Pace | None:
        if self.begun_at is None or self.seen_at is None:
            return None
        times = {"begun_at": self.begun_at, "seen_at": self.seen_at}
        return pace_of(total=self.total, done=self.done, done_before=self.done_before, **times)
