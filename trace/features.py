"""What this room puts on the map: batches, at the place where they were made, for those who may see them."""

from django.contrib.gis.db.models import GeometryField, PointField
from django.db.models import F, FloatField, Func, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from gi_registry.lib.access import Actor
from gi_registry.lib.texts import Text
from gi_registry.ogc.collection import Collection, Kind, Property
from trace.models import Batch
from trace.rules.batches import BatchState
from trace.rules.quantities import QuantityUnit


def placed_batches(actor: Actor) -> QuerySet[Batch]:
    """Batches with a point: inside the first of their sites, or else where the producer chose to be shown.

    Whoever may see a batch may see its sites too, so the point tells nothing new.
    """
    inside = Func(F("site__geom"), function="ST_PointOnSurface", output_field=GeometryField(srid=4326))
    made_on = Batch.sites.through.objects.filter(batch=OuterRef("pk")).order_by("site")
    first = made_on.annotate(inside=inside).values("inside")[:1]
    place = Coalesce(Subquery(first), "producer__public_point", output_field=PointField(srid=4326))
    return Batch.objects.visible_to(actor).annotate(place=place)


BATCHES = Collection(
    id="batches",
    title=Text("批次", "Batches"),
    description=Text(
        "批次及其生产地点，只提供给生产者、权利人和主管部门。",
        "Batches where they were made, only for their producer, title holder and authorities.",
    ),
    rows=placed_batches,
    geometry="place",
    key="number",
    properties=(
        Property("number", Kind.TEXT, Text("批次号", "Lot number")),
        Property("state", Kind.TEXT, Text("状态", "State"), words=tuple(BatchState)),
        Property("indication", Kind.TEXT, Text("地理标志", "Indication"), "indication__slug"),
        Property("producer", Kind.TEXT, Text("生产者编号", "Producer number"), "producer__number"),
        Property(
            "producer_zh", Kind.TEXT, Text("生产者", "Producer"), "producer__organisation__name_zh", is_filter=False
        ),
        Property("form_zh", Kind.TEXT, Text("产品", "Product"), "form__name_zh", is_filter=False),
        Property("division_code", Kind.TEXT, Text("生产地区划代码", "Division code")),
        Property("produced_on", Kind.DATE, Text("生产日期", "Produced on")),
        Property("quantity", Kind.NUMBER, Text("数量", "Quantity"), Cast("quantity", FloatField()), is_filter=False),
        Property("quantity_unit", Kind.TEXT, Text("单位", "Unit"), words=tuple(QuantityUnit)),
    ),
    attribution=Text("生产者在本系统登记。", "Registered here by the producers."),
    time=("produced_on", "produced_on"),
    is_public=False,
    has_placeless=True,
)
