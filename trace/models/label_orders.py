"""Labels of a season: orders, what became of ranges of them, goods between producers, and what a closing season left open."""

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value

from gi_registry.lib.ids import new_number
from products.models.steps import kept, only_steps, only_words
from trace.models.batches import Batch
from trace.models.forms import ProductForm
from trace.models.issuances import Issuance
from trace.models.ledger import AMOUNT, Entitlement, LedgerAccount, LedgerTransaction, appended
from trace.querysets import LabelOrderQuerySet, OfIssuanceQuerySet, TransferQuerySet
from trace.rules.label_orders import (
    LEAVES_ONCE,
    MAX_WITNESS,
    MOST_LABELS,
    ORDER_STEPS,
    TRANSFER_STEPS,
    GoodsKind,
    LabelMove,
    OrderState,
    TransferState,
)

_O = OrderState
# Two who activate labels on one batch at once wait for each other here, so that its packs are not counted twice.
_WITHIN = f"""
IF NOT EXISTS (
    SELECT FROM trace_labelorder o
    WHERE o.id = NEW.order_id AND o.state = '{_O.ISSUED.value}' AND NEW.last <= o.count AND o.issuance_id IS NULL
) THEN
    RAISE EXCEPTION 'labels are moved within an order that was issued';
END IF;
IF NEW.kind = '{LabelMove.DESTROYED.value}' AND NOT coalesce((
    SELECT int4range(NEW.first, NEW.last, '[]') <@ range_agg(int4range(r.first, r.last, '[]')) FROM trace_labelrange r
    WHERE r.order_id = NEW.order_id AND r.kind = '{LabelMove.RETURNED.value}'
), false) THEN
    RAISE EXCEPTION 'only labels that came back are destroyed';
END IF;
IF NEW.kind = '{LabelMove.ACTIVATED.value}' THEN
    PERFORM FROM trace_batch b WHERE b.id = NEW.batch_id FOR NO KEY UPDATE;
    IF NEW.last - NEW.first + 1 + coalesce((
        SELECT sum(r.last - r.first + 1) FROM trace_labelrange r
        WHERE r.batch_id = NEW.batch_id AND r.kind = '{LabelMove.ACTIVATED.value}'
    ), 0) > coalesce((SELECT b.pack_count FROM trace_batch b WHERE b.id = NEW.batch_id), 0) THEN
        RAISE EXCEPTION 'no more labels are activated than a batch has packs';
    END IF;
END IF;
RETURN NEW;
"""  # noqa: S608 - only our own words


@pghistory.track()
class LabelOrder(models.Model):
    """``count`` labels of one article for one producer and season. ``tranche``: its place among those of the same kind. ``active``
    and the rest: what became of them. ``issuance``: where they are unit codes, which are labels too."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="orders")
    form = models.ForeignKey(ProductForm, models.PROTECT, related_name="+")
    issuance = models.OneToOneField(Issuance, models.PROTECT, null=True, related_name="order")
    tranche = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    active = models.PositiveIntegerField(default=0)
    spoiled = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    destroyed = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=OrderState.choices(), default=_O.REQUESTED.value)
    reason = models.CharField(max_length=500, blank=True, default="")
    approval = models.OneToOneField(LedgerTransaction, models.PROTECT, null=True, related_name="+")
    requested_by = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = LabelOrderQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("state", OrderState, "label_order_state_known"),
            models.CheckConstraint(condition=Q(count__gte=1, count__lte=MOST_LABELS), name="label_order_count_fits"),
            models.CheckConstraint(
                condition=Q(count__gte=F("active") + F("spoiled") + F("returned") + F("destroyed") + F("lost")),
                name="label_order_accounted",
            ),
            models.UniqueConstraint(fields=["entitlement", "form", "tranche"], name="label_order_tranche_once"),
            models.CheckConstraint(
                condition=Q(state__in=[_O.REQUESTED.value, _O.REFUSED.value, _O.CANCELLED.value])
                | Q(approval__isnull=False),
                name="label_order_approved_before_issue",
            ),
        ]
        triggers = [
            kept(),
            pgtrigger.ReadOnly(
                name="fixed", fields=["number", "entitlement", "form", "issuance", "tranche", "count", "created_at"]
            ),
            # Unit codes are issued with their order.
            only_steps("state", ORDER_STEPS, [_O.REQUESTED, _O.ISSUED]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def producer(self):
        """Whose labels they are: what policy asks."""
        return self.entitlement.producer

    @property
    def unused(self) -> int:
        return self.count - self.active - self.spoiled - self.returned - self.destroyed - self.lost


class LabelRange(models.Model):
    """What was said of labels ``first`` to ``last`` of an order, both included, counted from 1. Nothing is unsaid."""

    order = models.ForeignKey(LabelOrder, models.PROTECT, related_name="ranges")
    kind = models.CharField(max_length=10, choices=LabelMove.choices())
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")
    posting = models.OneToOneField(LedgerTransaction, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True, default="")
    witness = models.CharField(max_length=MAX_WITNESS, blank=True, default="")
    other_witness = models.CharField(max_length=MAX_WITNESS, blank=True, default="")
    by = models.CharField(max_length=40, help_text="Who: Actor.identity.")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = OfIssuanceQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("kind", LabelMove, "label_range_kind_known"),
            models.CheckConstraint(condition=Q(first__gte=1, last__gte=F("first")), name="label_range_ordered"),
            models.CheckConstraint(
                condition=~Q(kind=LabelMove.DESTROYED.value)
                | (~Q(witness="") & ~Q(other_witness="") & ~Q(witness=F("other_witness"))),
                name="label_range_two_witnesses",
            ),
            models.CheckConstraint(
                condition=Q(kind=LabelMove.ACTIVATED.value, batch__isnull=False)
                | (~Q(kind=LabelMove.ACTIVATED.value) & Q(batch__isnull=True)),
                name="label_range_on_a_batch",
            ),
            *(
                ExclusionConstraint(
                    name=name,
                    expressions=[
                        ("order", "="),
                        (Func("first", "last", Value("[]"), function="int4range"), "&&"),
                    ],
                    condition=Q(kind__in=[kind.value for kind in kinds]),
                )
                for name, kinds in (
                    ("label_range_leaves_once", LEAVES_ONCE),
                    ("label_range_destroyed_once", (LabelMove.DESTROYED,)),
                )
            ),
        ]
        triggers = [
            appended(),
            pgtrigger.Trigger(name="within", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_WITHIN),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first}–{self.last}"


@pghistory.track()
class Transfer(models.Model):
    """Goods from one producer to another, in a base unit: both confirm, then the same quantity leaves and arrives."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    giver = models.ForeignKey(Entitlement, models.PROTECT, related_name="+")
    taker = models.ForeignKey("products.Producer", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=GoodsKind.choices())
    quantity = models.DecimalField(**AMOUNT)
    state = models.CharField(max_length=10, choices=TransferState.choices(), default=TransferState.OFFERED.value)
    reason = models.CharField(max_length=500, blank=True, default="")
    offered_by = models.CharField(max_length=200)
    decided_by = models.CharField(max_length=200, blank=True, default="")
    posting = models.OneToOneField(LedgerTransaction, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("kind", GoodsKind, "transfer_kind_known"),
            only_words("state", TransferState, "transfer_state_known"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="transfer_quantity_positive"),
            models.CheckConstraint(
                condition=Q(state=TransferState.ACCEPTED.value, posting__isnull=False)
                | (~Q(state=TransferState.ACCEPTED.value) & Q(posting__isnull=True)),
                name="transfer_accepted_when_posted",
            ),
        ]
        indexes = [models.Index(fields=["taker", "-id"], name="transfer_to")]
        triggers = [
            kept(),
            pgtrigger.ReadOnly(name="fixed", fields=["number", "giver", "taker", "kind", "quantity", "created_at"]),
            only_steps("state", TRANSFER_STEPS, [TransferState.OFFERED]),
            pgtrigger.Trigger(
                name="to_another",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
IF NEW.taker_id = (SELECT e.producer_id FROM trace_entitlement e WHERE e.id = NEW.giver_id) THEN
    RAISE EXCEPTION 'nobody transfers to himself';
END IF;
RETURN NEW;
""",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def producer(self):
        """Who gives: what policy asks of whoever offers and withdraws."""
        return self.giver.producer


class ClosingNote(models.Model):
    """Labels that were neither used nor destroyed when their season was closed, and what was found of them."""

    account = models.OneToOneField(LedgerAccount, models.PROTECT, related_name="+")
    labels = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=40, help_text="Who: Actor.identity.")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(labels__gte=1) & ~Q(reason=""), name="closing_note_explains"),
        ]
        triggers = [appended()]

    def __str__(self) -> str:
        return f"{self.account_id} {self.labels}"
