"""Batches: goods made alike at one time, the thing that a lot number names."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.gis.db.models import PointField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q

from gi_registry.lib.history import UpdatesAtOnce
from products.models.steps import kept, only_steps, only_words
from trace.models.forms import ProductForm
from trace.querysets import BatchQuerySet
from trace.rules.batches import STEPS, BatchState
from trace.rules.quantities import QuantityUnit

_S = BatchState
_NEVER_RELEASED = [_S.DRAFT.value, _S.REGISTERED.value, _S.VOID.value]
_MACHINE = {
    state.value: [end.value for starts, end in STEPS.values() if end is not None and state in starts] for state in _S
}

# What was registered is what was printed: a mistake is voided and written anew.
_STATED = (
    "form_id", "indication_id", "authorisation_id", "specification_id", "season_id", "division_code", "producer_lot",
    "harvested_on", "produced_from", "produced_on", "packed_on", "best_before_on", "quantity", "quantity_unit",
    "pack_count", "registered_at", "place", "cell_id",
)  # fmt: skip
# As a condition it costs a recall of two hundred thousand batches next to nothing.
_UNSETTLED = f"""OLD.state <> '{_S.DRAFT.value}' AND ROW({", ".join(f"NEW.{name}" for name in _STATED)})
    IS DISTINCT FROM ROW({", ".join(f"OLD.{name}" for name in _STATED)})"""


def _not_before(later: str, earlier: str) -> Q:
    return Q(**{f"{later}__isnull": True}) | Q(**{f"{earlier}__isnull": True}) | Q(**{f"{later}__gte": F(earlier)})


@pghistory.track(pghistory.InsertEvent(), UpdatesAtOnce(), exclude=["place", "cell"])
class Batch(models.Model):
    """One lot. ``number`` is random, unique for ever, and stands in the QR code; days are days in China.

    ``division_code`` is that of the county in which the batch was made: officials see the batch by it.
    ``place`` is a point within the first of its sites (the one entered first) and ``cell`` the H3 cell that holds it:
    both follow from the sites, so the history leaves them out. The place of a plot is shown to nobody but those who may
    see the batch. ``state_reason`` is public while the batch is on hold or recalled.
    """

    number = models.CharField(max_length=10, unique=True, editable=False)
    # Without an index of its own: one of the same column and the key stands below, and a recall writes each for each batch.
    producer = models.ForeignKey("products.Producer", models.PROTECT, related_name="+", db_index=False)
    form = models.ForeignKey(ProductForm, models.PROTECT, related_name="batches")
    indication = models.ForeignKey("products.Indication", models.PROTECT, related_name="+", db_index=False)
    authorisation = models.ForeignKey("products.Authorisation", models.PROTECT, related_name="+", db_index=False)
    specification = models.ForeignKey(
        "products.SpecificationVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    season = models.ForeignKey("products.Season", models.PROTECT, null=True, blank=True, related_name="+")
    sites = models.ManyToManyField("products.Site", related_name="+")
    division_code = models.CharField(max_length=6)
    place = PointField(srid=4326, null=True, blank=True, editable=False, spatial_index=False)
    cell = models.ForeignKey(
        "regions.Cell", models.PROTECT, null=True, blank=True, editable=False, related_name="+", db_index=False
    )
    state = models.CharField(max_length=10, choices=BatchState.choices(), default=BatchState.DRAFT.value)
    state_reason = models.CharField(max_length=500, blank=True, default="")
    producer_lot = models.CharField(max_length=60, blank=True, default="")
    harvested_on = models.DateField(null=True, blank=True)
    produced_from = models.DateField(null=True, blank=True)
    produced_on = models.DateField()
    packed_on = models.DateField(null=True, blank=True)
    best_before_on = models.DateField(null=True, blank=True)
    quantity = models.DecimalField(max_digits=15, decimal_places=3)
    quantity_unit = models.CharField(max_length=12, choices=QuantityUnit.choices())
    pack_count = models.PositiveIntegerField(null=True, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    review_opened_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=r"^[0-9A-HJKMNP-TV-Z]{10}$"), name="batch_number_shape"),
            only_words("state", BatchState, "batch_state_known"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="batch_quantity_positive"),
            only_words("quantity_unit", QuantityUnit, "batch_unit_known"),
            models.CheckConstraint(
                condition=Q(pack_count__isnull=True) | Q(pack_count__gt=0), name="batch_packs_positive"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[_S.DRAFT.value, _S.VOID.value]) | Q(registered_at__isnull=False),
                name="batch_registered_before_use",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_NEVER_RELEASED) | Q(released_at__isnull=False), name="batch_released_before_use"
            ),
            models.CheckConstraint(
                condition=_not_before("produced_on", "harvested_on")
                & _not_before("produced_on", "produced_from")
                & _not_before("packed_on", "produced_on")
                & _not_before("best_before_on", "produced_on"),
                name="batch_dates_ordered",
            ),
            models.CheckConstraint(condition=Q(division_code__regex=r"^[0-9]{6}$"), name="batch_division_shape"),
            models.CheckConstraint(
                condition=Q(place__isnull=True, cell__isnull=True) | Q(place__isnull=False, cell__isnull=False),
                name="batch_place_in_a_cell",
            ),
        ]
        indexes = [
            models.Index(fields=["producer", "-id"], name="batch_of_producer"),
            models.Index(fields=["indication", "-id"], name="batch_of_indication"),
            models.Index(fields=["authorisation", "-id"], name="batch_of_authorisation"),
            models.Index(
                fields=["division_code", "-id"], name="batch_by_place", opclasses=["text_pattern_ops", "int8_ops"]
            ),
            models.Index(fields=["state", "-id"], name="batch_by_state"),
            GistIndex(fields=["place"], name="batch_place"),
            # Covering: what a recall of two hundred thousand batches reaches is counted without reading one of them.
            models.Index(
                fields=["id"],
                include=["producer", "state", "division_code"],
                condition=Q(registered_at__isnull=False) & ~Q(state=_S.VOID.value),
                name="batch_reached",
            ),
        ]
        triggers = [
            # A lot number that was printed must lead somewhere for ever, so it is never deleted, changed or given away.
            kept(),
            pgtrigger.ReadOnly(name="fixed", fields=["number", "producer", "created_at"]),
            only_steps("state", _MACHINE, [_S.DRAFT.value]),
            pgtrigger.Trigger(
                name="settled",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(_UNSETTLED),
                func="RAISE EXCEPTION 'a registered batch is never changed';",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def link(self) -> str:
        """The link printed in its QR code: scheme and host in lower case, as some phones open no other."""
        return f"{settings.GI_PUBLIC_URL}/c/{self.number}"

    @property
    def digital_link(self) -> str | None:
        """The GS1 Digital Link (AI 01 and 10), where the product form has a GTIN."""
        gtin = self.form.gtin
        return f"{settings.GI_PUBLIC_URL}/01/{gtin}/10/{self.number}" if gtin else None
