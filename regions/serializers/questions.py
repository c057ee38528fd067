"""Shapes of questions about many points and polygons, and of their answers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gi_registry.lib.language import say
from gi_registry.lib.shapes import In, Out, WordField
from gi_registry.lib.texts import Refusal, Text
from regions.geometry import MAX_SITE_VERTICES, POLYGONS, GeometryRefused, read_geometry, read_points
from regions.queries import MAX_POINTS, MAX_POSITIONS, MAX_REGIONS, MAX_SHAPES
from regions.rules import CoordinateSystem, Placement
from regions.rules.measures import SQUARE_METRES_PER_HECTARE, SQUARE_METRES_PER_MU
from regions.serializers.fields import CrsField, DayField, declared_system, refused_by_place
from regions.serializers.register import DivisionRowOut

NOT_LIST = Text("此处应为列表。", "A list is expected here.")
EMPTY = Text("至少要有一项。", "At least one is needed.")
TOO_MANY_POSITIONS = Text(
    "全部图形合计不得超过 {most} 个点。", "All shapes together may have {most} positions at most."
)
_POINTS_SCHEMA = {
    "type": "array",
    "minItems": 1,
    "maxItems": MAX_POINTS,
    "items": {
        "oneOf": [
            {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3},
            {
                "type": "object",
                "required": ["type", "coordinates"],
                "properties": {
                    "type": {"const": "Point"},
                    "coordinates": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3},
                },
            },
        ]
    },
}
_SHAPES_SCHEMA = {
    "type": "array",
    "minItems": 1,
    "maxItems": MAX_SHAPES,
    "items": {
        "type": "object",
        "description": f"GeoJSON Polygon or MultiPolygon of at most {MAX_SITE_VERTICES:,} positions.",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"enum": ["Polygon", "MultiPolygon"]},
            "coordinates": {"type": "array", "items": {}},
        },
    },
}


class _ManyField(serializers.Field):
    """A list that is read as a whole, since one field for each of ten thousand items would take longer than to answer."""

    def __init__(self, max_length: int, **kwargs: Any) -> None:
        self.max_length = max_length
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            raise serializers.ValidationError(say(NOT_LIST), code="not_a_list")
        if not data:
            raise serializers.ValidationError(say(EMPTY), code="min_length")
        with refused_by_place():
            return self.items(data, declared_system(self))

    def items(self, data: list[Any], system: CoordinateSystem) -> list[Any]:
        raise NotImplementedError


@extend_schema_field(_POINTS_SCHEMA)
class PointsField(_ManyField):
    """Points in, WGS 84 positions out."""

    def items(self, data: list[Any], system: CoordinateSystem) -> list[Any]:
        return read_points(data, pointer="", system=system)


@extend_schema_field(_SHAPES_SCHEMA)
class ShapesField(_ManyField):
    """GeoJSON polygons in, shapely out; the first that is refused is told with all its faults."""

    def items(self, data: list[Any], system: CoordinateSystem) -> list[Any]:
        shapes, left = [], MAX_POSITIONS
        for place, document in enumerate(data):
            pointer = f"/{place}"
            shape = read_geometry(document, kinds=POLYGONS, pointer=pointer, system=system, most=MAX_SITE_VERTICES)
            left -= _positions(shape)
            if left < 0:
                text = TOO_MANY_POSITIONS.format(most=f"{MAX_POSITIONS:,}")
                raise GeometryRefused([Refusal("too_many_positions", text, pointer)])
            shapes.append(shape)
        return shapes


class LocateIn(In):
    """Points are always `[longitude, latitude]`, whatever `crs` names."""

    crs = CrsField()
    points = PointsField(max_length=MAX_POINTS)
    on = DayField(required=False, help_text="By the boundaries of this day; today when left out.")


class AssessIn(In):
    """Positions are always `[longitude, latitude]`, whatever `crs` names."""

    crs = CrsField()
    shapes = ShapesField(max_length=MAX_SHAPES, help_text=f"At most {MAX_POSITIONS:,} positions in all.")
    regions = serializers.ListField(
        child=serializers.CharField(max_length=10),
        required=False,
        min_length=1,
        max_length=MAX_REGIONS,
        help_text="Numbers of the regions to hold them against; all that they touch when left out.",
    )
    on = DayField(required=False, help_text="By the boundaries of this day; today when left out.")


class OutlineOut(Out):
    """A boundary that points refer to."""

    id = serializers.CharField(
        read_only=True, help_text="What points call it: the number of the region, with the zone where there is one."
    )
    number = serializers.CharField()
    zone = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    accuracy_m = serializers.IntegerField()


@extend_schema_field(OutlineOut(many=True))
class OutlinesField(serializers.Field):
    """A thousand rows as they are, as with the points."""

    def to_representation(self, outlines: Any) -> list[dict[str, Any]]:
        return [
            {
                "id": outline.id,
                "number": outline.number,
                "zone": outline.zone,
                "name_zh": outline.name_zh,
                "name_en": outline.name_en,
                "accuracy_m": outline.accuracy_m,
            }
            for outline in outlines
        ]


class LocatedPointOut(Out):
    """Where one point lies."""

    at = serializers.ListField(child=serializers.FloatField(), help_text="[longitude, latitude] in WGS 84.")
    divisions = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of province, city, county; empty outside the province."
    )
    inside = serializers.ListField(child=serializers.CharField(), help_text="Outlines that hold it, the line included.")
    near_boundary = serializers.ListField(
        child=serializers.CharField(),
        help_text="Outlines whose line runs within their `accuracy_m` of it, whether `inside` names them or not: "
        "for a person to judge.",
    )


@extend_schema_field(LocatedPointOut(many=True))
class LocatedPointsField(serializers.Field):
    """Ten thousand rows as they are: a serializer for each would take longer than finding them."""

    def to_representation(self, points: Any) -> list[dict[str, Any]]:
        return [
            {"at": at, "divisions": divisions, "inside": inside, "near_boundary": near_boundary}
            for at, divisions, inside, near_boundary in points
        ]


class AnswerOut(Out):
    """What every answer repeats of the question."""

    crs = serializers.SerializerMethodField(help_text="As declared.")
    on = serializers.DateField()
    divisions = DivisionRowOut(many=True)

    @extend_schema_field(WordField(CoordinateSystem))
    def get_crs(self, found: Any) -> str:
        return self.context["crs"]


class LocateOut(AnswerOut):
    """One entry in `points` for each point that was sent, in that order; what they name is told once."""

    outlines = OutlinesField()
    points = LocatedPointsField()


class ShareOut(Out):
    """A part of a shape that lies in a division."""

    code = serializers.CharField()
    share = serializers.FloatField(help_text="0 to 1.")
    area_m2 = serializers.FloatField()


class RegionOverlapOut(Out):
    """How a shape lies against a region, all its zones of that day together; judged as a site would be."""

    number = serializers.CharField()
    zone = serializers.CharField(help_text="The zone with most of it; empty for a region without zones.")
    placement = WordField(Placement, source="finding.placement")
    near_boundary = serializers.SerializerMethodField(help_text="It comes within `accuracy_m` of the line.")
    inside_share = serializers.FloatField(source="finding.inside_share", help_text="0 to 1.")
    overlap_m2 = serializers.FloatField()
    beyond_m2 = serializers.FloatField()
    beyond_m = serializers.FloatField(help_text="How far it reaches beyond the line; 0 where nothing lies outside.")
    clearance_m = serializers.FloatField(allow_null=True, help_text="Wholly inside: how near it comes to the line.")
    accuracy_m = serializers.FloatField(source="finding.accuracy_m")

    def get_near_boundary(self, overlap: Any) -> bool:
        return overlap.finding.placement is Placement.NEAR_BOUNDARY


class AssessedShapeOut(Out):
    area_m2 = serializers.FloatField(help_text="On the ellipsoid.")
    area_hectares = serializers.SerializerMethodField()
    area_mu = serializers.SerializerMethodField(help_text="1 mu = 2000/3 m2.")
    divisions = serializers.SerializerMethodField(help_text="Shares of every level, by code.")
    regions = RegionOverlapOut(many=True)

    def get_area_hectares(self, shape: Any) -> float:
        return shape.area_m2 / SQUARE_METRES_PER_HECTARE

    def get_area_mu(self, shape: Any) -> float:
        return shape.area_m2 / SQUARE_METRES_PER_MU

    @extend_schema_field(ShareOut(many=True))
    def get_divisions(self, shape: Any) -> list[dict[str, Any]]:
        return [
            {"code": code, "share": min(1.0, round(area_m2 / shape.area_m2, 7)), "area_m2": area_m2}
            for code, area_m2 in shape.divisions
        ]


class RegionNameOut(Out):
    """A region in short."""

    number = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()


class AssessOut(AnswerOut):
    """One entry in `shapes` for each shape that was sent, in that order; what they name is told once."""

    regions = RegionNameOut(many=True)
    shapes = AssessedShapeOut(many=True)


def _positions(shape: Any) -> int:
    parts = getattr(shape, "geoms", [shape])
    return sum(len(ring.coords) for part in parts for ring in (part.exterior, *part.interiors))
