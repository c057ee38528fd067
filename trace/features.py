"""What this room puts on the map: batches at the first of their sites, and how often goods from a cell were checked, each
for those who may see them."""

from django.db.models import FloatField, QuerySet
from django.db.models.functions import Cast

from gi_registry.lib.access import Actor
from gi_registry.lib.texts import Text
from gi_registry.ogc.collection import Collection, Kind, Property, Shape
from gi_registry.ogc.drawing import MAX_ZOOM, Band, Drawing, points
from regions.rules import CELLS_EXTENT
from trace.models import Batch, CheckCount
from trace.rules.batches import BatchState
from trace.rules.verdicts import Verdict


def registered_batches(actor: Actor) -> QuerySet[Batch]:
    return Batch.objects.visible_to(actor).exclude(state=BatchState.DRAFT)


BATCHES = Collection(
    id="batches",
    title=Text("批次", "Batches"),
    description=Text(
        "已登记的批次，位于其第一处生产场地，只提供给生产者本人、权利人和主管部门。",
        "Registered batches at the first of their sites, only for their producer, title holder and authorities.",
    ),
    rows=registered_batches,
    geometry="place",
    shape=Shape.POINTS,
    key="number",
    properties=(
        Property("number", Kind.TEXT, Text("批次号", "Lot number")),
        Property("state", Kind.TEXT, Text("状态", "State"), words=tuple(BatchState)),
        Property("indication", Kind.TEXT, Text("地理标志", "Indication"), "indication__slug"),
        Property("producer", Kind.TEXT, Text("生产者编号", "Producer number"), "producer__number"),
        Property("product", Kind.TEXT, Text("产品", "Product"), "form__name_zh", is_filter=False),
        Property("division_code", Kind.TEXT, Text("所在区划代码", "Division code")),
        Property("produced_on", Kind.DATE, Text("生产日期", "Produced on")),
        # As a float: a decimal is written as text, which clients would take for one.
        Property("quantity", Kind.NUMBER, Text("数量", "Quantity"), Cast("quantity", FloatField()), is_filter=False),
        Property("quantity_unit", Kind.TEXT, Text("单位", "Unit")),
    ),
    attribution=Text("生产者在本系统登记。", "Registered here by the producers."),
    tables=(
        "trace_batch",
        "trace_productform",
        "products_producer",
        "products_title",
        "products_holder",
        "products_authorisation",
        "products_indication",
        "accounts_organisation",
    ),
    drawing=points("place", "state", "indication"),
    time=("produced_on", "produced_on"),
    is_public=False,
    has_placeless=True,
)

CHECKS = Collection(
    id="checks",
    title=Text("查验次数", "Checks"),
    description=Text(
        "每天对各地产品的查验次数，按产品产地所在的六边形网格（H3 第 5 级，约 253 平方公里）、保护形式、结论和县区合计，"
        "一台设备一天只计一次。位置是产品的来源地，不是查验者所在的地方：查验者的位置不记录。只提供给权利人和主管部门。",
        "How often goods were checked a day, by the hexagon (H3 resolution 5, some 253 km²) that the goods come from, title,"
        " verdict and county; a device counts once a day. The place is that of the goods, not of whoever checked: no"
        " position of a consumer is kept. Only for title holders and authorities.",
    ),
    rows=CheckCount.objects.visible_to,
    geometry="cell__geom",
    shape=Shape.AREAS,
    key="key",
    properties=(
        Property("cell", Kind.TEXT, Text("网格编号", "Cell"), "cell__name"),
        Property("day", Kind.DATE, Text("日期", "Day")),
        Property("indication", Kind.TEXT, Text("地理标志", "Indication"), "title__indication__slug"),
        Property("title", Kind.TEXT, Text("保护形式编号", "Title"), "title_id"),
        Property("verdict", Kind.TEXT, Text("结论", "Verdict"), words=tuple(Verdict)),
        Property("division_code", Kind.TEXT, Text("产地区划代码", "Division of the goods")),
        Property("count", Kind.INTEGER, Text("次数", "Checks")),
    ),
    attribution=Text("本系统统计。", "Counted by this registry."),
    tables=(
        "trace_checkcount",
        "products_title",
        "products_holder",
        "products_indication",
        "regions_cell",
    ),
    # The newest first: a tile may hold fewer than there are days.
    drawing=Drawing(
        (Band(MAX_ZOOM, "cell__drawn", facts=("day", "indication", "verdict", "count")),), largest_first=("-day",)
    ),
    time=("day", "day"),
    is_public=False,
    has_placeless=True,
    extent=CELLS_EXTENT,
)
