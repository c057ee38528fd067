"""Print jobs in and out: which labels, how far they are, and what went on record."""

from rest_framework import serializers

from gi_registry.lib.shapes import In, Out, TextOut, WordField
from trace.codes.layout import MOST_UNITS
from trace.models import PrintJob
from trace.rules.prints import LinkKind, PrintState
from trace.serializers.issuances import RangeOut
from trace.serializers.labels import StyleIn


class PrintIn(StyleIn):
    """Labels of units `first` to `last`, both included, at most 200,000 of them."""

    first = serializers.IntegerField(min_value=0, max_value=MOST_UNITS - 1)
    last = serializers.IntegerField(min_value=0, max_value=MOST_UNITS - 1)


class PrintFilterIn(In):
    issuance = serializers.CharField(max_length=10, required=False)
    batch = serializers.CharField(max_length=10, required=False)
    state = WordField(PrintState, required=False)


class PartIn(In):
    part = serializers.IntegerField(min_value=1, max_value=MOST_UNITS, required=False, default=1)


class PrintOut(Out):
    """A print job. Its files are for the maker alone: `/prints/{number}/labels.pdf?part=1` and so on to `parts_done`."""

    number = serializers.CharField()
    issuance = serializers.CharField(source="issuance.number")
    batch = serializers.CharField(source="issuance.batch.number")
    first = serializers.IntegerField()
    last = serializers.IntegerField()
    preset = serializers.CharField()
    dpi = serializers.IntegerField()
    dots = serializers.IntegerField(allow_null=True)
    link = WordField(LinkKind)
    state = WordField(PrintState)
    total = serializers.IntegerField(help_text="How many labels were asked for.")
    done = serializers.IntegerField(help_text="How many are in finished files.")
    parts = serializers.SerializerMethodField(help_text="How many files it makes.")
    parts_done = serializers.SerializerMethodField(
        help_text="How many files can be taken; none once they were deleted."
    )
    is_still = serializers.SerializerMethodField(help_text="Nothing was heard of it for minutes: have it resumed.")
    is_reprint = serializers.BooleanField(help_text="Labels of some of these units were on record as printed before.")
    recorded = RangeOut(allow_null=True, help_text="What went on record of the issuance when it ended.")
    fault = TextOut(allow_null=True, help_text="Why it failed.")
    by_name = serializers.CharField()
    created_at = serializers.DateTimeField()
    begun_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    emptied_at = serializers.DateTimeField(allow_null=True, help_text="When its files were deleted.")

    def get_parts(self, job: PrintJob) -> int:
        return len(job.parts)

    def get_parts_done(self, job: PrintJob) -> int:
        return len(job.finished_parts)

    def get_is_still(self, job: PrintJob) -> bool:
        return job.is_still(self.context["now"])
