"""What this room puts on the map: the divisions, and the boundaries of production regions that hold today."""

from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.texts import Text
from gi_registry.ogc.collection import Collection, Kind, Property, Shape
from gi_registry.ogc.drawing import Drawing, outlines
from regions.models import Boundary, Division
from regions.rules import BoundaryMethod, BoxCheck, DivisionLevel, Extent

COMPILED = Text(
    "依据公开地理数据整理，仅供查询参考，不作为划界依据。",
    "Compiled from public geographic data, for reference only; not a legal boundary.",
)


def boundaries_of_today(actor: Actor) -> QuerySet[Boundary]:
    """One feature for each zone of a region; the id is the region's number, with the zone where there is one."""
    named = Concat("region__number", Value("-"), "zone", output_field=TextField())
    whole = When(zone="", then=F("region__number"))
    rows = Boundary.objects.visible_to(actor).as_of(clock.today())
    return rows.annotate(feature_id=Case(whole, default=named, output_field=TextField()))


DIVISIONS = Collection(
    id="divisions",
    title=Text("行政区划", "Administrative divisions"),
    description=Text(
        "山西省的省、市、县三级行政区划，代码依照 GB/T 2260。",
        "Province, cities and counties of Shanxi by GB/T 2260 code.",
    ),
    rows=lambda actor: Division.objects.visible_to(actor).current(),
    geometry="geom",
    shape=Shape.AREAS,
    written="geojson",
    key="code",
    properties=(
        Property("code", Kind.TEXT, Text("行政区划代码", "Division code")),
        Property("name_zh", Kind.TEXT, Text("名称", "Name in Chinese")),
        Property("name_en", Kind.TEXT, Text("英文名称", "Name in English")),
        Property("level", Kind.TEXT, Text("级别", "Level"), words=tuple(DivisionLevel)),
        Property("parent_code", Kind.TEXT, Text("上级代码", "Code of the division above"), "parent__code"),
        Property("area_m2", Kind.NUMBER, Text("面积（平方米）", "Area in square metres"), is_filter=False),
    ),
    attribution=COMPILED,
    tables=("regions_division", "regions_divisiondrawing"),
    drawing=Drawing(
        outlines("drawing__", far=("name_zh", "level"), near=("name_zh", "name_en", "level")),
        largest_first=("-area_m2",),
        has_numeric_key=True,
    ),
)

REGIONS = Collection(
    id="regions",
    title=Text("产地范围", "Production regions"),
    description=Text(
        "目前有效的地理标志产地范围。accuracy_m 为边界精度（米），精度以内的位置需人工核对。",
        "Production regions in force today. accuracy_m is how far, in metres, the line may be off; places within it need a person.",
    ),
    rows=boundaries_of_today,
    geometry="geom",
    shape=Shape.AREAS,
    written="geojson",
    key="feature_id",
    key_head="region__number",
    properties=(
        Property("number", Kind.TEXT, Text("产地编号", "Region number"), "region__number"),
        Property("slug", Kind.TEXT, Text("短名", "Short name"), "region__slug"),
        Property("zone", Kind.TEXT, Text("分区", "Zone")),
        Property("name_zh", Kind.TEXT, Text("名称", "Name in Chinese"), "region__name_zh"),
        Property("name_en", Kind.TEXT, Text("英文名称", "Name in English"), "region__name_en"),
        Property("extent", Kind.TEXT, Text("范围类型", "Extent"), "region__extent", words=tuple(Extent)),
        Property("method", Kind.TEXT, Text("边界来源", "How the line was made"), words=tuple(BoundaryMethod)),
        Property("accuracy_m", Kind.INTEGER, Text("精度（米）", "Accuracy in metres")),
        Property(
            "declared_check",
            Kind.TEXT,
            Text("公布经纬度核对结果", "Check of the published box"),
            "region__declared_check",
            words=tuple(BoxCheck),
        ),
        Property("area_m2", Kind.NUMBER, Text("面积（平方米）", "Area in square metres"), is_filter=False),
        Property("valid_from", Kind.DATE, Text("生效日期", "In force from"), "valid__startswith", is_filter=False),
    ),
    attribution=COMPILED,
    tables=("regions_boundary", "regions_region", "regions_boundarydrawing"),
    drawing=Drawing(
        outlines("drawing__", far=("number", "name_zh"), near=("number", "zone", "name_zh", "name_en", "accuracy_m")),
        largest_first=("-area_m2",),
    ),
    is_daily=True,
)
