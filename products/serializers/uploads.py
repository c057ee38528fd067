"""Files of sites in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gi_registry.lib.language import say
from gi_registry.lib.shapes import In, Out, TextOut, WordField
from gi_registry.lib.texts import Text
from products.models import SiteUpload, SiteUploadRow
from products.queries import UploadCounts, upload_counts
from products.rules.uploads import MAX_FEATURES, told
from products.rules.words import SiteKind, SiteState, UploadCrs, UploadFormat, UploadRowState, UploadState
from products.serializers.fields import GeometryField
from regions.geometry import SITES

_NO_FILE = Text("请选择文件。", "Choose a file.")
_EMPTY = Text("文件是空的。", "The file is empty.")
_FAULTS = {"required": _NO_FILE, "invalid": _NO_FILE, "no_name": _NO_FILE, "empty": _EMPTY}


class PlainFileField(serializers.FileField):
    """A file whose faults are told in the reader's language."""

    def fail(self, key: str, **kwargs: Any) -> None:
        if key in _FAULTS:
            raise serializers.ValidationError(say(_FAULTS[key]), code=key)
        super().fail(key, **kwargs)


class SiteUploadIn(In):
    """A file of sites (`multipart/form-data`): GeoJSON, a Shapefile in a ZIP archive, a GeoPackage of one layer, or a
    spreadsheet (xlsx, xls, ods, csv) with columns of longitude and latitude, or of outlines."""

    file = PlainFileField(help_text="At most 5 MB, 1,000 features, 100,000 positions, 5,000 a site.")
    producer = serializers.CharField(max_length=10)
    indication = serializers.SlugField(max_length=80)
    kind = WordField(SiteKind, required=False, help_text="For rows that name no kind.")
    crs = WordField(UploadCrs, required=False, help_text="Needed where the file does not name its own.")


class SiteUploadFilterIn(In):
    producer = serializers.CharField(required=False, max_length=10)
    state = WordField(UploadState, required=False)


class RowFilterIn(In):
    state = WordField(UploadRowState, required=False)


class SiteUploadCommitIn(In):
    leave_out = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=1_000_000),
        max_length=MAX_FEATURES,
        required=False,
        default=list,
        help_text="Numbers of rows that are not to become sites.",
    )


class UploadCountsOut(Out):
    """Rows by what is expected of them before they are tried, and by what became of them."""

    waiting = serializers.IntegerField(help_text="Not looked at yet: `check/` goes on.")
    active = serializers.IntegerField()
    flagged = serializers.IntegerField()
    proposed = serializers.IntegerField()
    refused = serializers.IntegerField()
    faulty = serializers.IntegerField()
    left_out = serializers.IntegerField()
    done = serializers.IntegerField()


class SiteUploadOut(Out):
    number = serializers.CharField()
    producer = serializers.CharField(source="producer.number")
    indication = serializers.CharField(source="indication.slug")
    file_name = serializers.CharField()
    file_sha256 = serializers.CharField()
    format = WordField(UploadFormat)
    crs = WordField(UploadCrs)
    unknown_columns = serializers.ListField(child=serializers.CharField(), help_text="Columns that are not used.")
    row_count = serializers.IntegerField()
    same_as = serializers.CharField(help_text="Number of an earlier upload of the same bytes, or empty.")
    state = WordField(UploadState)
    counts = serializers.SerializerMethodField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()

    @extend_schema_field(UploadCountsOut)
    def get_counts(self, upload: SiteUpload) -> dict[str, int]:
        """Of one upload, or of a whole page in one question."""
        many: dict[int, UploadCounts] = self.context.get("counts") or upload_counts([upload])
        return UploadCountsOut(many[upload.pk]).data


class RowFaultOut(Out):
    code = serializers.CharField()
    text = TextOut()
    pointer = serializers.CharField()


class SiteUploadRowOut(Out):
    """One feature of the file."""

    number = serializers.IntegerField(help_text="Its place in the file, from 1.")
    name = serializers.CharField()
    kind = serializers.CharField()
    state = WordField(UploadRowState)
    outcome = serializers.ChoiceField(
        choices=[("", ""), *SiteState.choices()], help_text="The state in which the site begins, or would begin."
    )
    faults = serializers.SerializerMethodField()
    area_m2 = serializers.FloatField(allow_null=True)
    site = serializers.CharField(source="site.number", default=None, allow_null=True)
    geometry = GeometryField(kinds=SITES, source="geom", allow_null=True)

    @extend_schema_field(RowFaultOut(many=True))
    def get_faults(self, row: SiteUploadRow) -> list[dict[str, Any]]:
        return RowFaultOut(told(row.faults), many=True).data
