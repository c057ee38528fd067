"""What this room puts on the map: names with their regions, the producers that chose to be shown, sites for
the entitled, and how many of them lie in a cell for everybody else."""

from dataclasses import replace

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.texts import Text
from gi_registry.ogc.collection import Collection, Kind, Property, Shape
from gi_registry.ogc.drawing import MAX_ZOOM, Band, Drawing, outlines, points
from products.models import Authorisation, Producer, Site, SiteCell, Title
from products.rules.words import Confidence, SiteKind, SiteState
from regions.rules import CELLS_EXTENT, Placement

COMPILED = Text("产地范围编自公开来源，仅供查询参考。", "Regions are compiled from public sources, for reference only.")
REGISTERED = Text("生产者在本系统登记。", "Registered here by the producers.")


def named_regions(actor: Actor) -> QuerySet[Title]:
    """Each region once for each indication, however many titles lean on it, in the outline that holds today."""
    public = Title.objects.public()
    twin = public.filter(indication=OuterRef("indication"), region=OuterRef("region"), id__lt=OuterRef("id"))
    rows = public.filter(~Exists(twin), region__boundaries__valid__contains=clock.today())
    number, zone = F("region__number"), F("region__boundaries__zone")
    rows = rows.annotate(
        shape=F("region__boundaries__geom"),
        geojson=F("region__boundaries__geojson"),
        zone=zone,
        accuracy_m=F("region__boundaries__accuracy_m"),
        area_m2=F("region__boundaries__area_m2"),
    )
    whole = Concat("indication__slug", Value("-"), number, output_field=TextField())
    in_zone = Concat(whole, Value("-"), zone, output_field=TextField())
    return rows.annotate(feature_id=Case(When(zone="", then=whole), default=in_zone, output_field=TextField()))


def shown_producers(actor: Actor) -> QuerySet[Producer]:
    """Producers that chose to be shown, with the names under which their authorisations stand."""
    standing = Authorisation.objects.public().standing().filter(producer=OuterRef("pk"))
    slugs = standing.order_by("title__indication__slug").values("title__indication__slug").distinct()
    return Producer.objects.public().filter(public_point__isnull=False).annotate(slugs=ArraySubquery(slugs))


INDICATIONS = Collection(
    id="indications",
    title=Text("地理标志", "Geographical indications"),
    description=Text(
        "地理标志及其目前有效的产地范围；同一名称有几个范围时各为一个要素。",
        "Protected names with their regions in force today; a name with several regions has a feature for each.",
    ),
    rows=named_regions,
    geometry="shape",
    shape=Shape.AREAS,
    written="geojson",
    key="feature_id",
    properties=(
        Property("indication", Kind.TEXT, Text("地理标志", "Indication"), "indication__slug"),
        Property("name_zh", Kind.TEXT, Text("名称", "Name in Chinese"), "indication__name_zh"),
        Property("name_en", Kind.TEXT, Text("英文名称", "Name in English"), "indication__name_en"),
        Property("category", Kind.TEXT, Text("类别", "Category"), "indication__category"),
        Property("category_en", Kind.TEXT, Text("类别（英文）", "Category in English"), "indication__category_en"),
        Property("division_code", Kind.TEXT, Text("主产区代码", "Main division"), "indication__main_division_code"),
        Property(
            "confidence",
            Kind.TEXT,
            Text("来源可信度", "Support by sources"),
            "indication__confidence",
            words=tuple(Confidence),
        ),
        Property("region", Kind.TEXT, Text("产地编号", "Region number"), "region__number"),
        Property("zone", Kind.TEXT, Text("分区", "Zone")),
        Property("accuracy_m", Kind.INTEGER, Text("精度（米）", "Accuracy in metres")),
        Property("area_m2", Kind.NUMBER, Text("面积（平方米）", "Area in square metres"), is_filter=False),
    ),
    attribution=COMPILED,
    tables=("products_title", "products_indication", "regions_region", "regions_boundary", "regions_boundarydrawing"),
    drawing=Drawing(
        outlines(
            "region__boundaries__drawing__",
            far=("indication", "name_zh"),
            near=("indication", "name_zh", "name_en", "category", "region"),
        ),
        largest_first=("-area_m2",),
    ),
    is_daily=True,
)

PRODUCERS = Collection(
    id="producers",
    title=Text("公开的生产者", "Public producers"),
    description=Text(
        "同意公开的生产者及其自选的公开位置（门市或厂门），不含农户和地块。",
        "Producers that agreed to be shown, at the point they chose (shop or gate); never households or plots.",
    ),
    rows=shown_producers,
    geometry="public_point",
    shape=Shape.POINTS,
    key="number",
    properties=(
        Property("number", Kind.TEXT, Text("生产者编号", "Producer number")),
        Property("name_zh", Kind.TEXT, Text("名称", "Name in Chinese"), "organisation__name_zh"),
        Property("name_en", Kind.TEXT, Text("英文名称", "Name in English"), "organisation__name_en"),
        Property("uscc", Kind.TEXT, Text("统一社会信用代码", "Unified social credit code"), "organisation__uscc"),
        Property("division_code", Kind.TEXT, Text("所在区划代码", "Division code"), "division__code"),
        Property("county_zh", Kind.TEXT, Text("所在县区", "County"), "division__name_zh", is_filter=False),
        Property(
            "county_en", Kind.TEXT, Text("所在县区（英文）", "County in English"), "division__name_en", is_filter=False
        ),
        Property("indications", Kind.TEXTS, Text("获准使用的地理标志", "Indications it may use"), "slugs"),
        Property("is_demo", Kind.BOOLEAN, Text("虚构示例", "Invented for demonstration"), "organisation__is_demo"),
    ),
    attribution=REGISTERED,
    tables=(
        "products_producer",
        "products_authorisation",
        "products_title",
        "products_indication",
        "accounts_organisation",
        "regions_division",
    ),
    drawing=points("public_point", "name_zh", "name_en"),
)

SITES = Collection(
    id="sites",
    title=Text("生产地块与场所", "Production sites"),
    description=Text(
        "地块与场所，只提供给本人、权利人和主管部门。面和点在同一图层；每个图层只画一种图形的软件（如 QGIS）"
        "请用 site_areas 和 site_points。",
        "Plots and premises, only for their owner, title holder and authorities. Outlines and points together: programs"
        " that draw one kind of geometry a layer, such as QGIS, take site_areas and site_points.",
    ),
    rows=Site.objects.visible_to,
    geometry="geom",
    shape=Shape.ANY,
    written="geojson",
    key="number",
    properties=(
        Property("number", Kind.TEXT, Text("地块编号", "Site number")),
        Property("name", Kind.TEXT, Text("名称", "Name"), is_filter=False),
        Property("kind", Kind.TEXT, Text("类型", "Kind"), words=tuple(SiteKind)),
        Property("state", Kind.TEXT, Text("状态", "State"), words=tuple(SiteState)),
        Property("placement", Kind.TEXT, Text("与产地范围的关系", "Against the region"), words=("", *Placement)),
        Property("producer", Kind.TEXT, Text("生产者编号", "Producer number"), "producer__number"),
        Property("indication", Kind.TEXT, Text("地理标志", "Indication"), "indication__slug"),
        Property("division_code", Kind.TEXT, Text("所在区划代码", "Division code"), "division__code"),
        Property("area_m2", Kind.NUMBER, Text("面积（平方米）", "Area in square metres"), is_filter=False),
    ),
    attribution=REGISTERED,
    tables=(
        "products_site",
        "products_producer",
        "products_authorisation",
        "products_authorisedsite",
        "products_title",
        "products_holder",
        "products_indication",
        "accounts_organisation",
        "regions_division",
    ),
    drawing=Drawing(
        # Plots are smaller than a pixel from afar: there a point says how many lie round it.
        (
            Band(10, cells=("cell_column", "cell_row")),
            Band(MAX_ZOOM, "drawn", facts=("name", "kind", "state", "placement", "indication")),
        ),
        largest_first=(F("area_m2").desc(nulls_last=True),),
    ),
    is_public=False,
)


def _of_one_shape(name: str, shape: Shape, title: Text, description: Text) -> Collection:
    """Sites that have an area, or those that have none, for programs that take the first feature for what all are."""
    has_none = shape is Shape.POINTS
    return replace(
        SITES,
        id=name,
        shape=shape,
        title=title,
        description=description,
        rows=lambda actor: Site.objects.visible_to(actor).filter(area_m2__isnull=has_none),
        # GDAL takes what no feature has for text.
        properties=tuple(each for each in SITES.properties if not (has_none and each.name == "area_m2")),
        drawing=None,
    )


SITE_AREAS = _of_one_shape(
    "site_areas",
    Shape.AREAS,
    Text("生产地块与场所：面", "Production sites: outlines"),
    Text("sites 中有边界的地块与场所。", "Those of the sites that have an outline."),
)

SITE_POINTS = _of_one_shape(
    "site_points",
    Shape.POINTS,
    Text("生产场所：点", "Production sites: points"),
    Text("sites 中只登记了一个点的场所。", "Those of the sites that are registered as a point."),
)

SITE_CELLS = Collection(
    id="site_cells",
    title=Text("生产场地分布", "Where production sites lie"),
    description=Text(
        "按约 36 平方公里的六边形网格（H3 第 6 级）统计的有效生产场地数和面积，每天统计一次；"
        "同一网格内同一地理标志的生产者不足三家的不显示。任何地块的位置都不在其中。",
        "Active production sites counted in hexagons of some 36 km² (H3 resolution 6), once a day. A cell with fewer than"
        " three producers of an indication is left out. The place of no plot is told.",
    ),
    rows=SiteCell.objects.visible_to,
    geometry="cell__geom",
    shape=Shape.AREAS,
    key="key",
    properties=(
        Property("cell", Kind.TEXT, Text("网格编号", "Cell"), "cell__name"),
        Property("indication", Kind.TEXT, Text("地理标志", "Indication"), "indication__slug"),
        Property("site_count", Kind.INTEGER, Text("场地数", "Sites")),
        Property("area_ha", Kind.INTEGER, Text("面积（公顷）", "Area in hectares")),
        Property("counted_on", Kind.DATE, Text("统计日期", "Counted on")),
    ),
    attribution=REGISTERED,
    tables=("products_sitecell", "products_indication", "regions_cell"),
    drawing=Drawing(
        (Band(MAX_ZOOM, "cell__drawn", facts=("indication", "site_count", "area_ha")),), largest_first=("-site_count",)
    ),
    extent=CELLS_EXTENT,
)
