"""Shapes of divisions, regions and their boundaries, in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gi_registry.lib.shapes import EventOut, In, Out, TextOut, WordField
from regions.geometry import to_geojson
from regions.models import Boundary
from regions.models.regions import PRINTED_LIMIT
from regions.rules import BoundaryMethod, BoxCheck, ChangeShare, DeclaredBox, DivisionLevel, Extent
from regions.serializers.fields import (
    CRS_HELP,
    GEOMETRY_SCHEMA,
    CodeField,
    CrsField,
    DayField,
    GeometryField,
    LonLatField,
)

MAX_CODES = 200
MAX_ACCURACY_M = 100_000

# --- divisions ---------------------------------------------------------------------------------------------------


class PointFilterIn(In):
    """A list narrowed by a point."""

    at = LonLatField(required=False, help_text="Those that hold this point: longitude,latitude.")
    crs = CrsField(help_text=f"Of `at`. {CRS_HELP}")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The point is WGS 84 by now."""
        del attrs["crs"]
        return attrs


class DivisionFilterIn(PointFilterIn):
    level = WordField(DivisionLevel, required=False)
    parent = CodeField(required=False, help_text="Code of the division directly above.")
    q = serializers.CharField(
        required=False, max_length=60, help_text="Any part of a name, present or former; pinyin; initials; a code."
    )


class DivisionDetailIn(In):
    geometry = serializers.BooleanField(required=False, default=False, help_text="Also the outline.")


class PlaceOut(Out):
    """A division in short."""

    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()


class DivisionRowOut(PlaceOut):
    level = WordField(DivisionLevel)
    parent = serializers.CharField(source="parent.code", default=None, allow_null=True)
    pinyin = serializers.CharField()
    area_m2 = serializers.FloatField()


class DivisionChangeOut(Out):
    """One step of a reform, from an earlier code to a later one."""

    old_code = serializers.CharField()
    old_name_zh = serializers.CharField()
    old_name_en = serializers.CharField()
    new_code = serializers.CharField()
    new_name_zh = serializers.CharField()
    new_name_en = serializers.CharField()
    share = WordField(ChangeShare)
    changed_after = serializers.DateField()
    changed_before = serializers.DateField()
    changed_on = serializers.DateField(allow_null=True)
    note = serializers.SerializerMethodField()
    source = serializers.CharField()

    @extend_schema_field(TextOut)
    def get_note(self, change: Any) -> dict[str, str]:
        return {"zh": change.note_zh, "en": change.note_en}


class DivisionRecordOut(Out):
    """A code, present or former: the division it names today, or what became of it."""

    code = serializers.CharField()
    is_current = serializers.BooleanField()
    division = DivisionRowOut(allow_null=True)
    became = DivisionChangeOut(many=True, help_text="Empty for a code in use.")
    formerly = DivisionChangeOut(many=True, help_text="Earlier codes that went into this one.")
    geometry = serializers.SerializerMethodField(help_text="Null unless asked for.")

    @extend_schema_field({**GEOMETRY_SCHEMA, "type": ["object", "null"]})
    def get_geometry(self, record: Any) -> dict[str, Any] | None:
        return to_geojson(record.division.geom) if self.context.get("geometry") and record.division else None


# --- regions -----------------------------------------------------------------------------------------------------


class RegionFilterIn(PointFilterIn):
    q = serializers.CharField(required=False, max_length=60)
    division = CodeField(required=False, help_text="Regions drawn today from this division.")


class RegionDetailIn(In):
    as_of = DayField(required=False, help_text="The outlines of this day; today when left out.")
    geometry = serializers.BooleanField(required=False, default=False, help_text="Also the outlines.")


class DeclaredBoxIn(In):
    """The four limits exactly as the announcement printed them."""

    west = serializers.CharField(max_length=PRINTED_LIMIT, allow_blank=True, default="")
    east = serializers.CharField(max_length=PRINTED_LIMIT, allow_blank=True, default="")
    south = serializers.CharField(max_length=PRINTED_LIMIT, allow_blank=True, default="")
    north = serializers.CharField(max_length=PRINTED_LIMIT, allow_blank=True, default="")

    def to_internal_value(self, data: Any) -> DeclaredBox:
        return DeclaredBox(**super().to_internal_value(data))


class RegionIn(In):
    slug = serializers.SlugField(max_length=80)
    name_zh = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=200)
    source_text = serializers.CharField(max_length=5000, help_text="The area as the announcement prints it.")
    source = serializers.CharField(max_length=2000, allow_blank=True, default="")
    accuracy_m = serializers.IntegerField(min_value=1, max_value=MAX_ACCURACY_M)
    extent = WordField(Extent, required=False, help_text="Read from `source_text` when left out.")
    division_codes = serializers.ListField(child=CodeField(), min_length=1, max_length=MAX_CODES)
    declared = DeclaredBoxIn(required=False, help_text="The box that the announcement printed.")
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class DeclaredBoxOut(Out):
    west = serializers.CharField(source="declared_west")
    east = serializers.CharField(source="declared_east")
    south = serializers.CharField(source="declared_south")
    north = serializers.CharField(source="declared_north")
    check = WordField(BoxCheck, source="declared_check", help_text="How the printed box fits the divisions.")
    note = TextOut(source="declared_note")


class RegionOut(Out):
    number = serializers.CharField()
    slug = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    source_text = serializers.CharField()
    source = serializers.CharField()
    extent = WordField(Extent)
    accuracy_m = serializers.IntegerField()
    declared = DeclaredBoxOut(source="*")
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class BoundaryOut(Out):
    zone = serializers.CharField()
    valid_from = serializers.DateField(
        source="valid.lower", allow_null=True, help_text="Null: since before our records."
    )
    valid_until = serializers.DateField(
        source="valid.upper", allow_null=True, help_text="The first day it no longer holds."
    )
    method = WordField(BoundaryMethod)
    accuracy_m = serializers.IntegerField()
    source_text = serializers.CharField()
    area_m2 = serializers.FloatField()
    divisions = PlaceOut(many=True)
    geometry = serializers.SerializerMethodField()

    @extend_schema_field({**GEOMETRY_SCHEMA, "type": ["object", "null"]})
    def get_geometry(self, boundary: Boundary) -> dict[str, Any] | None:
        """Only where asked for: an outline weighs a thousand times more than the facts beside it."""
        return to_geojson(boundary.geom) if self.context.get("geometry") else None


class RegionDetailOut(RegionOut):
    as_of = serializers.DateField()
    boundaries = BoundaryOut(many=True, source="held", help_text="One for each zone that day.")


class BoundaryIn(In):
    zone = serializers.CharField(max_length=60, allow_blank=True, default="")
    valid_from = DayField(allow_null=True, help_text="Null: since before our records.")
    valid_until = DayField(allow_null=True, default=None, help_text="The first day it no longer holds.")
    method = WordField(BoundaryMethod)
    division_codes = serializers.ListField(child=CodeField(), max_length=MAX_CODES, default=list)
    geometry = GeometryField(required=False, help_text="Except for a union of divisions.")
    accuracy_m = serializers.IntegerField(min_value=1, max_value=MAX_ACCURACY_M, required=False)
    source_text = serializers.CharField(max_length=5000, allow_blank=True, default="")
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class BoundaryEndIn(In):
    zone = serializers.CharField(max_length=60, allow_blank=True, default="")
    ended_on = DayField(help_text="The first day it no longer holds.")
    reason = serializers.CharField(max_length=500)


class RegionEventOut(EventOut):
    """One change of a region or of one of its outlines."""

    zone = serializers.CharField(allow_null=True, help_text="Which outline changed; null for the region itself.")
