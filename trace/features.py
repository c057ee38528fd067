"""What this room puts on the map: batches at the first of their sites, for those who may see them."""

from django.contrib.gis.db.models import PointField
from django.contrib.gis.db.models.functions import GeoFunc
from django.db.models import FloatField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast

from gi_registry.lib.access import Actor
from gi_registry.lib.texts import Text
from gi_registry.ogc.collection import Collection, Kind, Property
from products.models import Site
from trace.models import Batch
from trace.rules.batches import BatchState


class PointOnSurface(GeoFunc):
    """A point that lies within the outline, also where its centre does not (Django's own is limited to polygons)."""

    function = "ST_PointOnSurface"
    output_field = PointField(srid=4326)


def placed_batches(actor: Actor) -> QuerySet[Batch]:
    """Registered batches in the actor's scope, each at a point of the first of its sites."""
    links = Batch.sites.through.objects.filter(batch=OuterRef("pk")).order_by("site_id").values("site_id")[:1]
    rows = Batch.objects.visible_to(actor).exclude(state=BatchState.DRAFT).annotate(first_site_id=Subquery(links))
    place = Site.objects.filter(pk=OuterRef("first_site_id")).annotate(at=PointOnSurface("geom")).values("at")
    return rows.annotate(shape=Subquery(place, output_field=PointField(srid=4326)))


BATCHES = Collection(
    id="batches",
    title=Text("批次", "Batches"),
    description=Text(
        "已登记的批次，位于其第一处生产场地，只提供给生产者本人、权利人和主管部门。",
        "Registered batches at the first of their sites, only for their producer, title holder and authorities.",
    ),
    rows=placed_batches,
    geometry="shape",
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
        "trace_batch_sites",
        "trace_productform",
        "products_site",
        "products_producer",
        "products_title",
        "products_holder",
        "products_authorisation",
        "products_indication",
        "accounts_organisation",
    ),
    time=("produced_on", "produced_on"),
    is_public=False,
    has_placeless=True,
)
