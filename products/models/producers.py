"""Who makes goods under an indication, and on which sites."""

import pghistory
import pgtrigger
from django.contrib.gis.db import models as gis
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact

from gi_registry.lib.ids import new_number
from gi_registry.ogc.drawing import CELL_ZOOM, MERCATOR
from gi_registry.ogc.written import WrittenManager, geojson_of
from products.models.indications import Indication
from products.models.steps import kept, only_steps, only_words, quoted
from products.querysets import ProducerQuerySet, SiteQuerySet
from products.rules.sites import (
    LAND,
    MACHINE,
    OVERLAP_TOLERANCE_M2,
    OVERLAP_TOLERANCE_SHARE,
    REVIEWABLE,
    TAKES_GROUND,
)
from products.rules.words import SiteKind, SiteState
from regions.rules.placement import Placement


@pghistory.track()
class Producer(models.Model):
    """An organisation as a maker of goods. A household is one too; it is never shown in public."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    organisation = models.OneToOneField("accounts.Organisation", models.PROTECT, related_name="+")
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+")
    public_point = gis.PointField(
        srid=4326, null=True, blank=True, help_text="Shop or gate that the producer chose to show."
    )
    intro_zh = models.TextField(blank=True, default="")
    intro_en = models.TextField(blank=True, default="")
    is_public = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ProducerQuerySet.as_manager()

    class Meta:
        triggers = [kept()]

    def __str__(self) -> str:
        return str(self.organisation)


_GROUND = f"""
IF NEW.state NOT IN ({quoted(TAKES_GROUND)}) OR NEW.kind NOT IN ({quoted(LAND)}) THEN
    RETURN NEW;
END IF;
-- Two rivals wait for each other here: without the lock neither would see the other's uncommitted site.
PERFORM pg_advisory_xact_lock(hashtextextended('products.indication:' || NEW.indication_id::text, 0));
IF EXISTS (
    SELECT 1
    FROM products_site other
    CROSS JOIN LATERAL (
        SELECT ST_Area(geography(ST_CollectionExtract(ST_Intersection(other.geom, NEW.geom), 3))) AS m2
    ) shared
    WHERE other.indication_id = NEW.indication_id AND other.id <> NEW.id
      AND other.state IN ({quoted(TAKES_GROUND)}) AND other.kind IN ({quoted(LAND)})
      AND ST_Intersects(other.geom, NEW.geom)
      AND shared.m2 > {OVERLAP_TOLERANCE_M2}
      AND shared.m2 > {OVERLAP_TOLERANCE_SHARE} * LEAST(other.area_m2, ST_Area(geography(NEW.geom)))
) THEN
    RAISE EXCEPTION 'site overlaps another of the same indication';
END IF;
RETURN NEW;
"""  # noqa: S608 - only our own words
# Where it is drawn, and in which column and row of the cells of ``CELL_ZOOM`` its middle lies.
_DRAWN = f"ST_Transform(%(expressions)s, {MERCATOR})"
_MIDDLE = f"ST_Centroid({_DRAWN})"
_CELLS, _A_METRE = 2**CELL_ZOOM, f"{2**CELL_ZOOM} / 40075016.685578488"
_COLUMN = f"floor({_CELLS // 2} + ST_X({_MIDDLE}) * {_A_METRE})::integer"
_ROW = f"floor({_CELLS // 2} - ST_Y({_MIDDLE}) * {_A_METRE})::integer"


def _from_outline(template: str, output_field: models.Field) -> models.GeneratedField:
    return models.GeneratedField(
        expression=Func(F("geom"), template=template), output_field=output_field, db_persist=True
    )


SITE_AREA = "CASE WHEN ST_Dimension(%(expressions)s) = 2 THEN ST_Area(geography(%(expressions)s)) END"


class SiteManager(WrittenManager.from_queryset(SiteQuerySet)):
    """Leaves the drawing in the database too: only tiles need it, and they are made there."""

    deferred = ("drawn", "geojson")


@pghistory.track(exclude=["area_m2", "drawn", "cell_column", "cell_row", "geojson"])
class Site(models.Model):
    """A plot or premises for one indication. Its area comes from its outline on the ellipsoid, never from a form."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    producer = models.ForeignKey(Producer, models.PROTECT, related_name="sites")
    indication = models.ForeignKey(Indication, models.PROTECT, related_name="sites")
    kind = models.CharField(max_length=12, choices=SiteKind.choices())
    name = models.CharField(max_length=80)
    geom = gis.GeometryField(srid=4326, spatial_index=False)
    area_m2 = _from_outline(SITE_AREA, models.FloatField(null=True))
    geojson = geojson_of("geom")
    drawn = _from_outline(_DRAWN, gis.GeometryField(srid=MERCATOR))
    cell_column = _from_outline(_COLUMN, models.IntegerField())
    cell_row = _from_outline(_ROW, models.IntegerField())
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+")
    placement = models.CharField(
        max_length=16, choices=Placement.choices(), blank=True, default="", help_text="Empty: no boundary to judge by."
    )
    state = models.CharField(max_length=10, choices=SiteState.choices())
    reviewed_note = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = SiteManager()

    class Meta:
        constraints = [
            only_words("kind", SiteKind, "site_kind_known"),
            only_words("state", SiteState, "site_state_known"),
            models.CheckConstraint(
                condition=Q(placement__in=["", *(word.value for word in Placement)]), name="site_placement_known"
            ),
            models.CheckConstraint(
                condition=~Q(placement=Placement.OUTSIDE.value, state=SiteState.ACTIVE.value),
                name="site_outside_never_active",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(kind.value for kind in LAND))
                | Exact(Func(F("geom"), function="ST_Dimension", output_field=models.IntegerField()), 2),
                name="site_land_has_area",
            ),
            models.CheckConstraint(
                condition=Q(Exact(Func(F("geom"), function="ST_IsValid", output_field=models.BooleanField()), True)),
                name="site_geometry_valid",
            ),
        ]
        indexes = [
            GistIndex(fields=["geom"], name="site_geom"),
            GistIndex(fields=["drawn"], name="site_drawn"),
            # With what the scopes ask for, so that counting the sites of a cell reads nothing else.
            models.Index(fields=["cell_column", "cell_row"], include=["division", "producer", "id"], name="site_cells"),
            models.Index(fields=["indication", "state"], name="site_of_indication"),
            models.Index(fields=["number"], condition=Q(area_m2__isnull=True), name="site_points"),
        ]
        triggers = [
            kept(),
            only_steps("state", MACHINE, REVIEWABLE | {SiteState.ACTIVE}),
            # A plot that moved is another plot: goods were traced to this one.
            pgtrigger.ReadOnly(name="outline_never_redrawn", fields=["producer", "indication", "kind", "geom"]),
            pgtrigger.Trigger(
                name="ground_of_its_own",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("geom", "state", "kind", "indication_id"),
                func=_GROUND,
            ),
        ]

    def __str__(self) -> str:
        return self.name
