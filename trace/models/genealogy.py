"""What a batch was made of: links from inputs to what they went into, written once and at most ended."""

from decimal import Decimal

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from gi_registry.lib.ids import new_number
from products.models import Producer
from products.models.steps import kept, only_words, quoted
from trace.models.batches import Batch
from trace.querysets import BatchLinkQuerySet
from trace.rules.batches import BatchState
from trace.rules.genealogy import SAME_NAME, USABLE, InputKind
from trace.rules.quantities import QuantityUnit, in_base


def in_base_sql(amount: str, unit: str) -> str:
    """SQL for an amount in the base unit of its dimension, by the table of ``rules.quantities``."""
    cases = "".join(f" WHEN '{one.value}' THEN {in_base(Decimal(1), one)[1]}" for one in QuantityUnit)
    return f"({amount} * CASE {unit}{cases} END)"


def _dimension(unit: str) -> str:
    cases = "".join(f" WHEN '{one.value}' THEN '{in_base(Decimal(1), one)[0].value}'" for one in QuantityUnit)
    return f"(CASE {unit}{cases} END)"


_ENDS = """
IF (OLD.valid_to IS NOT NULL AND NEW.valid_to IS DISTINCT FROM OLD.valid_to)
    OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at) THEN
    RAISE EXCEPTION 'a link is confirmed once and ended once';
END IF;
RETURN NEW;
"""
# Both batches are kept from changing until the link is there, in the order of their keys, so that two links cannot wait for
# each other. What is read afterwards is read anew: it is what the others left.
_BALANCED = f"""
PERFORM FROM trace_batch WHERE id IN (NEW.parent_id, NEW.child_id) ORDER BY id FOR NO KEY UPDATE;
SELECT * INTO STRICT child FROM trace_batch WHERE id = NEW.child_id;
IF NEW.valid_to IS NOT NULL THEN
    IF child.state <> '{BatchState.DRAFT.value}'
        AND (NEW.kind <> '{InputKind.PACKING.value}' OR NEW.valid_to = NEW.valid_from) THEN
        RAISE EXCEPTION 'what went into registered goods is not taken out of them';
    END IF;
    RETURN NEW;
END IF;
SELECT * INTO STRICT parent FROM trace_batch WHERE id = NEW.parent_id;
IF child.state <> '{BatchState.DRAFT.value}' OR parent.state NOT IN ({quoted(state.value for state in USABLE)}) THEN
    RAISE EXCEPTION 'inputs are registered, and stated before what is made of them is';
END IF;
IF NEW.kind IN ({quoted(kind.value for kind in SAME_NAME)}) AND parent.indication_id <> child.indication_id THEN
    RAISE EXCEPTION 'a blend bears a name that each input bears';
END IF;
SELECT coalesce(sum({in_base_sql("l.quantity", "l.unit")}), 0) INTO used
FROM trace_batchlink l JOIN trace_batch c ON c.id = l.child_id
WHERE l.parent_id = NEW.parent_id AND l.id <> NEW.id AND l.confirmed_at IS NOT NULL AND l.valid_to IS NULL
    AND c.state <> '{BatchState.VOID.value}';
IF {_dimension("NEW.unit")} <> {_dimension("parent.quantity_unit")} OR (NEW.confirmed_at IS NOT NULL
    AND used + {in_base_sql("NEW.quantity", "NEW.unit")} > {in_base_sql("parent.quantity", "parent.quantity_unit")}) THEN
    RAISE EXCEPTION 'no more is used of a batch than there is of it';
END IF;
RETURN NEW;
"""  # noqa: S608 - only our own words


@pghistory.track()
class BatchLink(models.Model):
    """``quantity`` of ``parent`` went into ``child``. Acyclic: the parent was registered when the child was a draft.

    ``confirmed_at``: since when the producer of the parent stands by it; at once where one person speaks for both.
    ``valid_to``: when goods were taken out again (packing); equal to ``valid_from`` for a link withdrawn as a mistake, which
    never held. A void child gives its inputs back.
    """

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    parent = models.ForeignKey(Batch, models.PROTECT, related_name="outputs", db_index=False)
    child = models.ForeignKey(Batch, models.PROTECT, related_name="inputs", db_index=False)
    kind = models.CharField(max_length=14, choices=InputKind.choices())
    quantity = models.DecimalField(max_digits=15, decimal_places=3)
    unit = models.CharField(max_length=12, choices=QuantityUnit.choices())
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = BatchLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("child")), name="link_to_another"),
            only_words("kind", InputKind, "link_kind_known"),
            only_words("unit", QuantityUnit, "link_unit_known"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="link_quantity_positive"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="link_times_ordered"
            ),
            models.UniqueConstraint(
                fields=["parent", "child"], condition=Q(valid_to__isnull=True), name="link_named_once"
            ),
        ]
        # Covering, so that walking a lineage of a hundred thousand batches reads no link itself.
        indexes = [
            models.Index(fields=["parent"], include=["child", "valid_from", "valid_to"], name="link_forward"),
            models.Index(fields=["child"], include=["parent", "valid_from", "valid_to"], name="link_back"),
        ]
        triggers = [
            kept(),
            pgtrigger.ReadOnly(
                name="fixed",
                fields=["number", "parent", "child", "kind", "quantity", "unit", "valid_from", "created_at"],
            ),
            pgtrigger.Trigger(name="ends", when=pgtrigger.Before, operation=pgtrigger.Update, func=_ENDS),
            pgtrigger.Trigger(
                name="balanced",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("confirmed_at", "valid_to"),
                declare=[("parent", "record"), ("child", "record"), ("used", "numeric")],
                func=_BALANCED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parent_id} -> {self.child_id}"

    @property
    def producer(self) -> Producer:
        """Who states it: what policy asks."""
        return self.child.producer
