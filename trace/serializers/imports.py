"""Spreadsheets in and out: what was sent, how far it is, what is wrong with it by kinds of fault and by rows."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gi_registry.lib.shapes import In, Out, TextOut, WordField
from gi_registry.lib.spreadsheets import MAX_ROWS, Cell, SheetFormat
from products.rules.uploads import told
from products.serializers.uploads import PlainFileField, RowFaultOut
from trace.models import SheetImport, SheetRow
from trace.rules.imports import ImportKind, ImportState, RowState
from trace.serializers.numbers import NumberField


class SheetImportIn(In):
    """A spreadsheet (`multipart/form-data`): xlsx, xls, ods, or csv in UTF-8 or GB18030."""

    file = PlainFileField(help_text=f"At most 5 MB and {MAX_ROWS:,} rows.")
    kind = WordField(ImportKind)
    producer = NumberField()


class SheetImportFilterIn(In):
    producer = NumberField(required=False)
    kind = WordField(ImportKind, required=False)
    state = WordField(ImportState, required=False)


class SheetTemplateIn(In):
    kind = WordField(ImportKind)


class SheetRowFilterIn(In):
    state = WordField(RowState, required=False)


class SheetImportCommitIn(In):
    leave_out = serializers.BooleanField(
        required=False, default=False, help_text="Rows with faults stay outside; else one such row stops all."
    )


class FaultGroupOut(Out):
    """One kind of fault in one column."""

    code = serializers.CharField()
    column = serializers.CharField(
        help_text="The field of the API that the column stands for; empty for the whole row."
    )
    text = TextOut(help_text="The sentence for the first of the rows.")
    count = serializers.IntegerField(help_text="In how many rows it is met.")
    rows = serializers.ListField(
        child=serializers.IntegerField(), help_text="The first 200 of them, by the number beside the row in the file."
    )


class SheetNoteOut(Out):
    code = serializers.CharField()
    text = TextOut()


class SheetImportOut(Out):
    """A spreadsheet. All its rows go into the register together, or none of them does."""

    number = serializers.CharField()
    producer = serializers.CharField(source="producer.number")
    kind = WordField(ImportKind)
    file_name = serializers.CharField()
    file_sha256 = serializers.CharField()
    format = WordField(SheetFormat)
    state = WordField(ImportState)
    row_count = serializers.IntegerField(help_text="Rows read so far.")
    ready_count = serializers.IntegerField()
    faulty_count = serializers.IntegerField()
    entered_count = serializers.IntegerField()
    done = serializers.IntegerField(help_text="Rows worked on since the work was begun.")
    seconds_left = serializers.SerializerMethodField(help_text="At the pace so far; null while nothing can be told.")
    is_still = serializers.SerializerMethodField(help_text="Nothing was heard of it for minutes: have it resumed.")
    groups = FaultGroupOut(many=True, source="told_groups", help_text="What is wrong, the most frequent first.")
    notes = SheetNoteOut(many=True, source="told_notes")
    unknown_columns = serializers.ListField(child=serializers.CharField(), help_text="Columns that are not used.")
    fault = TextOut(allow_null=True, help_text="Why the file cannot be read, or why nothing was entered.")
    by_name = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_seconds_left(self, sheet: SheetImport) -> int | None:
        is_told = sheet.state == ImportState.ENTERING
        return int(sheet.pace.left.total_seconds()) if is_told and sheet.pace else None

    def get_is_still(self, sheet: SheetImport) -> bool:
        return sheet.is_still(self.context["now"])


class SheetRowOut(Out):
    """One row of the file."""

    number = serializers.IntegerField(help_text="The number beside the row in the file.")
    cells = serializers.SerializerMethodField(help_text="As they were read, in the order of the file's columns.")
    state = WordField(RowState)
    faults = serializers.SerializerMethodField()
    made = serializers.CharField(help_text="The number of what it became, or empty.")

    @extend_schema_field(serializers.ListField(child=serializers.CharField(allow_blank=True)))
    def get_cells(self, row: SheetRow) -> list[str]:
        return [Cell.read(kept).text for kept in row.cells]

    @extend_schema_field(RowFaultOut(many=True))
    def get_faults(self, row: SheetRow) -> list[dict[str, Any]]:
        return RowFaultOut(told(row.faults) if row.faults else [], many=True).data
