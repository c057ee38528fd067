"""Issuances: unit codes made for a batch, of which nothing is stored but how many, under which key, and what became of them."""

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value

from gi_registry.lib.ids import new_number
from products.models import Producer
from products.models.steps import kept, only_steps, only_words
from trace.codes.keyring import UnitKeys
from trace.codes.layout import MOST_ISSUANCES, MOST_UNITS
from trace.keys import ring
from trace.models.batches import Batch
from trace.querysets import IssuanceQuerySet, OfIssuanceQuerySet
from trace.rules.issuances import ISSUANCE_STEPS, SAID_ONCE, Activation, IssuanceState, RangeKind

_I = IssuanceState
_SEALED = """
IF OLD.root IS NOT NULL AND ROW(NEW.root, NEW.issued_at) IS DISTINCT FROM ROW(OLD.root, OLD.issued_at) THEN
    RAISE EXCEPTION 'the root of an issuance is never changed';
END IF;
RETURN NEW;
"""
_WITHIN = f"""
IF NOT EXISTS (
    SELECT FROM trace_issuance i WHERE i.id = NEW.issuance_id AND i.state = '{_I.ISSUED.value}' AND NEW.last < i.count
) THEN
    RAISE EXCEPTION 'a range lies within an issuance that was issued';
END IF;
RETURN NEW;
"""


def _appended() -> pgtrigger.Protect:
    """What happened to codes is added to and never rewritten."""
    return pgtrigger.Protect(name="appended", operation=pgtrigger.Update | pgtrigger.Delete)


@pghistory.track(exclude=["prepared", "root"])
class Issuance(models.Model):
    """``count`` unit codes of a batch, made from the key of ``epoch``, the GTIN, the lot and the ``ordinal``.

    ``gtin`` is 14 digits or ``-``, as it stands in the keys. ``root`` is the RFC 6962 tree hash over all codes in the order
    of their index, 20 ASCII characters a leaf: it says for ever which codes were issued. ``prepared``: how many are in it so
    far, while the state is ``preparing``. ``profile`` names the labels that they were meant for.
    """

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="issuances")
    ordinal = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()
    epoch = models.CharField(max_length=32)
    gtin = models.CharField(max_length=14)
    profile = models.CharField(max_length=40, blank=True, default="")
    has_pin = models.BooleanField(default=False)
    activation = models.CharField(max_length=12, choices=Activation.choices())
    state = models.CharField(max_length=10, choices=IssuanceState.choices(), default=_I.PREPARING.value)
    prepared = models.PositiveIntegerField(default=0)
    root = models.BinaryField(max_length=32, null=True)
    issued_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = IssuanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "ordinal"], name="issuance_ordinal_once"),
            models.CheckConstraint(condition=Q(ordinal__lt=MOST_ISSUANCES), name="issuance_ordinal_fits"),
            models.CheckConstraint(condition=Q(count__gte=1, count__lte=MOST_UNITS), name="issuance_count_fits"),
            models.CheckConstraint(condition=Q(gtin__regex=r"^([0-9]{14}|-)$"), name="issuance_gtin_shape"),
            models.CheckConstraint(condition=Q(prepared__lte=F("count")), name="issuance_prepared_within"),
            only_words("activation", Activation, "issuance_activation_known"),
            only_words("state", IssuanceState, "issuance_state_known"),
            models.CheckConstraint(
                condition=~Q(state=_I.ISSUED.value) | Q(root__isnull=False, issued_at__isnull=False),
                name="issuance_issued_with_root",
            ),
        ]
        indexes = [
            models.Index(fields=["state"], condition=Q(state=_I.PREPARING.value), name="issuance_in_preparation")
        ]
        triggers = [
            kept(),
            pgtrigger.ReadOnly(
                name="fixed",
                fields=[
                    "number", "batch", "ordinal", "count", "epoch", "gtin", "profile", "has_pin", "activation", "created_at",
                ],
            ),
            only_steps("state", {state: list(after) for state, after in ISSUANCE_STEPS.items()}, [_I.PREPARING, _I.ISSUED]),
            pgtrigger.Trigger(name="sealed", when=pgtrigger.Before, operation=pgtrigger.Update, func=_SEALED),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}: {self.count}"

    @property
    def producer(self) -> Producer:
        """Whose codes they are: what policy asks."""
        return self.batch.producer

    @property
    def unit_keys(self) -> UnitKeys:
        """The keys that its codes are made from. Raises KeyFault when this installation cannot have them."""
        return ring().keys(self.epoch, self.gtin, self.batch.number, self.ordinal)


class IssuanceRange(models.Model):
    """What is said of units ``first`` to ``last`` of an issuance, both included. Nothing is unsaid: of one kind it is said
    once, but that labels may be printed again."""

    issuance = models.ForeignKey(Issuance, models.PROTECT, related_name="ranges")
    kind = models.CharField(max_length=10, choices=RangeKind.choices())
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    reason = models.CharField(max_length=500, blank=True, default="")
    by = models.CharField(max_length=40, help_text="Who: Actor.identity.")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = OfIssuanceQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("kind", RangeKind, "issuance_range_kind_known"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="issuance_range_ordered"),
            ExclusionConstraint(
                name="issuance_range_said_once",
                expressions=[
                    ("issuance", "="),
                    ("kind", "="),
                    (Func("first", "last", Value("[]"), function="int4range"), "&&"),
                ],
                condition=Q(kind__in=[kind.value for kind in SAID_ONCE]),
            ),
        ]
        triggers = [
            _appended(),
            pgtrigger.Trigger(name="within", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_WITHIN),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first}–{self.last}"


class CodeDownload(models.Model):
    """That somebody took codes of an issuance as a file. Whoever holds codes can put them on other goods."""

    issuance = models.ForeignKey(Issuance, models.PROTECT, related_name="downloads")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    by = models.CharField(max_length=40, help_text="Who: Actor.identity.")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = OfIssuanceQuerySet.as_manager()

    class Meta:
        triggers = [_appended()]

    def __str__(self) -> str:
        return f"{self.by} {self.first}–{self.last}"
