"""Spreadsheets on their way into the register: what was read from them, what is wrong with it, and what became of each row."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from gi_registry.lib.ids import new_number
from gi_registry.lib.pace import STILL_AFTER, Pace, pace_of
from gi_registry.lib.spreadsheets import SheetFormat, notes_of
from gi_registry.lib.texts import Refusal, Text
from products.models import Producer
from products.models.steps import only_steps, only_words
from trace.querysets import SheetImportQuerySet
from trace.rules.imports import AT_WORK, MAX_FILE_NAME, OPEN, STEPS, Group, ImportKind, ImportState, RowState, groups_of


def no_groups() -> dict[str, object]:
    return {"version": 1, "groups": []}


class SheetImport(models.Model):
    """One spreadsheet of a producer. ``by_user`` and ``by_key``: for whom it is entered; what they may do is asked again then.

    ``done`` rows are worked on of ``row_count``; ``header`` is as it stands in the file, ``header_row`` its number there.
    """

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    producer = models.ForeignKey(Producer, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ImportKind.choices())
    file_name = models.CharField(max_length=MAX_FILE_NAME)
    file_sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=8, choices=SheetFormat.choices())
    state = models.CharField(max_length=10, choices=ImportState.choices(), default=ImportState.CHECKING.value)
    header = ArrayField(models.TextField(), default=list)
    header_row = models.PositiveIntegerField(default=0)
    unknown_columns = ArrayField(models.CharField(max_length=60), default=list)
    notes = models.JSONField(default=list, help_text="gi_registry.lib.spreadsheets.notes_of: [code, values] each.")
    groups = models.JSONField(default=no_groups, help_text="trace.rules.imports.Groups.kept: versioned.")
    row_count = models.PositiveIntegerField(default=0)
    ready_count = models.PositiveIntegerField(default=0)
    faulty_count = models.PositiveIntegerField(default=0)
    entered_count = models.PositiveIntegerField(default=0)
    leave_out = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    fault_zh = models.CharField(max_length=500, blank=True, default="")
    fault_en = models.CharField(max_length=500, blank=True, default="")
    by_user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    by_key = models.PositiveBigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    objects = SheetImportQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("kind", ImportKind, "import_kind_known"),
            only_words("format", SheetFormat, "import_format_known"),
            only_words("state", ImportState, "import_state_known"),
            models.CheckConstraint(
                condition=Q(ready_count__lte=F("row_count"), faulty_count__lte=F("row_count")), name="import_counts"
            ),
            # The same bytes go in once: what was discarded or could not be read does not stand in the way.
            models.UniqueConstraint(
                fields=["producer", "kind", "file_sha256"],
                condition=~Q(state__in=[ImportState.FAILED.value, ImportState.DISCARDED.value]),
                name="import_file_once",
            ),
        ]
        indexes = [
            models.Index(fields=["producer", "-id"], name="import_of_producer"),
            models.Index(fields=["state", "updated_at"], name="import_age"),
        ]
        triggers = [
            only_steps("state", {state: list(after) for state, after in STEPS.items()}, [ImportState.CHECKING]),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def is_still(self, now: datetime) -> bool:
        """Whether nothing was heard of it for so long that something must be wrong."""
        return self.is_at_work and now - (self.seen_at or self.updated_at) > STILL_AFTER

    @property
    def fault(self) -> Text | None:
        return Text(self.fault_zh, self.fault_en) if self.fault_zh else None

    @property
    def told_notes(self) -> list[Refusal]:
        return notes_of(self.notes)

    @property
    def told_groups(self) -> list[Group]:
        return groups_of(self.groups)

    @property
    def pace(self) -> Pace | None:
        if not self.is_at_work or self.begun_at is None or self.seen_at is None or not self.row_count:
            return None
        times = {"begun_at": self.begun_at, "seen_at": self.seen_at}
        return pace_of(total=self.row_count, done=self.done, done_before=0, **times)


class SheetFile(models.Model):
    """The bytes of a file, kept until it is dealt with: the worker reads them, and nobody else."""

    sheet = models.OneToOneField(SheetImport, models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.sheet_id)


class SheetRow(models.Model):
    """One row of a file. ``number`` stands beside it in the program; ``cells`` are ``Cell.kept``, all columns of the file;
    ``made``: the number of what it became."""

    sheet = models.ForeignKey(SheetImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField(help_text="gi_registry.lib.spreadsheets.Cell.kept, null where empty.")
    faults = models.JSONField(null=True, help_text="products.rules.uploads.stored: versioned, both languages.")
    state = models.CharField(max_length=10, choices=RowState.choices())
    made = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheet_row_once"),
            only_words("state", RowState, "sheet_row_state_known"),
            models.CheckConstraint(
                condition=(Q(state=RowState.DONE.value) & ~Q(made="")) | (~Q(state=RowState.DONE.value) & Q(made="")),
                name="sheet_row_done_made",
            ),
        ]
        indexes = [
            models.Index(fields=["sheet", "state", "number"], name="sheet_row_by_state"),
            models.Index(fields=["made"], condition=~Q(made=""), name="sheet_row_that_made"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
