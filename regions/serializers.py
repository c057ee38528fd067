"""Shapes of places, in and out."""

import math
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from shapely.geometry.base import BaseGeometry

from gi_registry.lib.language import say
from gi_registry.lib.shapes import EventOut, In, Out, TextOut, WordField
from gi_registry.lib.texts import Refusal, Text
from regions.geometry import CHINA, POLYGONS, GeometryRefused, point_at, read_geometry, to_geojson
from regions.models import Boundary
from regions.models.regions import PRINTED_LIMIT
from regions.rules import BoundaryMethod, BoxCheck, ChangeShare, DeclaredBox, DivisionLevel, Extent

MAX_CODES = 200
MAX_ACCURACY_M = 100_000
EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 1, 1)

BAD_POINT = Text("请写作“经度,纬度”，如 112.35,37.60。", "Write it as longitude,latitude, such as 112.35,37.60.")
BAD_DAY = Text("日期应在 1900 年至 2200 年之间。", "The date must lie between 1900 and 2200.")
SWAPPED = Text("看来纬度写在了前面：经度在前。", "It looks as if latitude came first: longitude comes first.")

GEOMETRY_SCHEMA = {
    "type": "object",
    "description": "GeoJSON geometry (RFC 7946): WGS 84, longitude first, at most 100,000 positions, no `crs`.",
    "required": ["type", "coordinates"],
    "properties": {"type": {"type": "string"}, "coordinates": {"type": "array", "items": {}}},
    "additionalProperties": False,
}


@extend_schema_field(GEOMETRY_SCHEMA)
class GeometryField(serializers.Field):
    """GeoJSON in, shapely out; each fault keeps its place inside the geometry."""

    def __init__(self, kinds: frozenset[str] = POLYGONS, **kwargs: Any) -> None:
        self.kinds = kinds
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> BaseGeometry:
        try:
            return read_geometry(data, kinds=self.kinds, pointer="")
        except GeometryRefused as refused:
            raise serializers.ValidationError(_by_place(refused.refusals)) from refused

    def to_representation(self, value: GEOSGeometry) -> dict[str, Any] | None:
        return to_geojson(value)


def _by_place(refusals: tuple[Refusal, ...]) -> dict[str, Any]:
    """Refusals with pointers as REST framework nests its details."""
    tree: dict[str, Any] = {}
    for refusal in refusals:
        node = tree
        for step in filter(None, refusal.pointer.split("/")):
            node = node.setdefault(step, {})
        told = serializers.ErrorDetail(say(refusal.text), code=refusal.code)
        node.setdefault("non_field_errors", []).append(told)
    return tree


@extend_schema_field({"type": "string", "example": "112.35,37.60"})
class LonLatField(serializers.Field):
    """``longitude,latitude`` in degrees, WGS 84, as a point for the database."""

    def to_internal_value(self, data: Any) -> GEOSGeometry:
        try:
            longitude, latitude = (float(part) for part in str(data)[:60].split(","))
        except ValueError:
            longitude = latitude = math.nan
        west, south, east, north = CHINA
        if west <= latitude <= east and south <= longitude <= north:
            raise serializers.ValidationError(say(SWAPPED), code="axes_swapped")
        if not (abs(longitude) <= 180 and abs(latitude) <= 90):
            raise serializers.ValidationError(say(BAD_POINT), code="position_shape")
        return point_at(longitude, latitude)

    def to_representation(self, value: GEOSGeometry) -> str:
        return f"{value.x},{value.y}"


class DayField(serializers.DateField):
    """A date near enough to our own time that no arithmetic with it can overflow."""

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if not EARLIEST <= day <= LATEST:
            raise serializers.ValidationError(say(BAD_DAY), code="date_absurd")
        return day


class CodeField(serializers.RegexField):
    """A division code of GB/T 2260."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"\A[1-9][0-9]{5}\Z", **kwargs)


# --- divisions ---------------------------------------------------------------------------------------------------


class DivisionFilterIn(In):
    level = WordField(DivisionLevel, required=False)
    parent = CodeField(required=False, help_text="Code of the division directly above.")
    q = serializers.CharField(
        required=False, max_length=60, help_text="Any part of a name, present or former; pinyin; initials; a code."
    )
    at = LonLatField(required=False, help_text="Divisions that hold this point: longitude,latitude.")


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


class RegionFilterIn(In):
    q = serializers.CharField(required=False, max_length=60)
    division = CodeField(required=False, help_text="Regions drawn today from this division.")
    at = LonLatField(required=False, help_text="Regions that hold this point today: longitude,latitude.")


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
