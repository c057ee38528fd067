"""Recalls: goods called back by two persons, the parties told, and what came back."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from gi_registry.lib.ids import new_number
from products.models.steps import kept, only_steps, only_words
from trace.models.batches import Batch
from trace.querysets import RecallItemQuerySet, RecallNoticeQuerySet, RecallQuerySet
from trace.rules.batches import MAX_REASON, BatchState
from trace.rules.recalls import RECALL_STEPS, RecallScope, RecallState

_R = RecallState
_AGREED = [_R.CONFIRMED.value, _R.CLOSED.value]


@pghistory.track()
class Recall(models.Model):
    """What is called back, by its scope: a batch, goods in which a batch was used, batches of a site or of some days of one
    producer, or those for which a laboratory measured. ``division_code`` is the place whose officials lead it (``140000`` for a
    province). The reason is public: goods are on hold with it from the opening on.

    A mock recall (``is_mock``) is an exercise: it is closed as it is opened, moves no goods, and keeps how long the walk took,
    how many batches and parties it found, and how many of the parties have somebody who would read a notice.
    """

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    scope = models.CharField(max_length=12, choices=RecallScope.choices())
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")
    site = models.ForeignKey("products.Site", models.PROTECT, null=True, related_name="+")
    producer = models.ForeignKey("products.Producer", models.PROTECT, null=True, related_name="+")
    laboratory = models.CharField(max_length=120, blank=True, default="")
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    division_code = models.CharField(max_length=6)
    reason = models.CharField(max_length=MAX_REASON)
    is_mock = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=RecallState.choices(), default=_R.OPENED.value)
    opened_by = models.BigIntegerField(help_text="The key of the person, also where a machine of theirs asked.")
    opened_by_name = models.CharField(max_length=200)
    confirmed_by = models.BigIntegerField(null=True)
    confirmed_by_name = models.CharField(max_length=200, blank=True, default="")
    confirmed_at = models.DateTimeField(null=True)
    took_ms = models.PositiveIntegerField(null=True)
    batches = models.PositiveIntegerField(null=True)
    parties = models.PositiveIntegerField(null=True)
    reachable = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = RecallQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("scope", RecallScope, "recall_scope_known"),
            only_words("state", RecallState, "recall_state_known"),
            models.CheckConstraint(condition=Q(division_code__regex=r"^[0-9]{6}$"), name="recall_division_shape"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("opened_by")), name="recall_by_two_persons"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_AGREED) | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="recall_confirmed_before_it_moves",
            ),
            models.CheckConstraint(
                condition=Q(is_mock=False)
                | Q(state=_R.DRILLED.value, took_ms__isnull=False, batches__isnull=False, reachable__isnull=False),
                name="recall_mock_moves_nothing",
            ),
            models.CheckConstraint(
                condition=Q(scope__in=["batch", "input"], batch__isnull=False, site__isnull=True, laboratory="")
                | Q(scope="site", site__isnull=False, batch__isnull=True, laboratory="")
                | Q(scope="laboratory", batch__isnull=True, site__isnull=True) & ~Q(laboratory="")
                | Q(
                    scope="days",
                    first_on__isnull=False,
                    last_on__isnull=False,
                    batch__isnull=True,
                    site__isnull=True,
                    laboratory="",
                ),
                name="recall_scope_told",
            ),
            models.CheckConstraint(
                condition=Q(producer__isnull=False) | Q(scope="laboratory"), name="recall_of_a_producer"
            ),
        ]
        indexes = [
            models.Index(
                fields=["division_code", "-id"], name="recall_by_place", opclasses=["text_pattern_ops", "int8_ops"]
            ),
        ]
        triggers = [
            kept(),
            pgtrigger.ReadOnly(
                name="fixed",
                fields=[
                    "number", "scope", "batch", "site", "producer", "laboratory", "first_on", "last_on", "division_code", "reason",
                    "opened_by", "opened_by_name", "is_mock", "created_at",
                ],
            ),
            only_steps("state", {state.value: list(after) for state, after in RECALL_STEPS.items()}, [_R.OPENED.value, _R.DRILLED.value]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class RecallHold(models.Model):
    """Goods stopped by the opening of a recall, and the version of the batch since: what nobody touched meanwhile goes on when
    the recall is withdrawn. Goods not yet released are named too and are not released while it is open."""

    recall = models.ForeignKey(Recall, models.PROTECT, related_name="holds", db_index=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recall", "batch"], name="recall_holds_once")]
        triggers = [pgtrigger.Protect(name="appended", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.recall_id}: {self.batch_id}"


class RecallItem(models.Model):
    """A batch that the recall touched. ``was``: its state before; only goods that were on the market were moved.
    ``out``: how much of it there was beside what went into other batches, in its own unit."""

    recall = models.ForeignKey(Recall, models.PROTECT, related_name="items", db_index=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="recall_items")
    was = models.CharField(max_length=10, choices=BatchState.choices())
    is_moved = models.BooleanField()
    out = models.DecimalField(max_digits=15, decimal_places=3)

    objects = RecallItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "batch"], name="recall_touches_once"),
            # A recalled batch stays so: what came back of it is counted in one recall.
            models.UniqueConstraint(fields=["batch"], condition=Q(is_moved=True), name="recall_moves_once"),
            models.CheckConstraint(condition=Q(out__gte=0), name="recall_out_not_negative"),
        ]
        triggers = [pgtrigger.Protect(name="appended", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.recall_id}: {self.batch_id}"


class RecallNotice(models.Model):
    """That a producer was told of its batches of one place and title in a recall, and when it said that it had read it. By the
    same rows the officials of the place and the holder of the title know of it."""

    recall = models.ForeignKey(Recall, models.PROTECT, related_name="notices", db_index=False)
    producer = models.ForeignKey("products.Producer", models.PROTECT, related_name="+")
    title = models.ForeignKey("products.Title", models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=6)
    batches = models.PositiveIntegerField()
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by_name = models.CharField(max_length=200, blank=True, default="")

    objects = RecallNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "producer", "title", "division_code"], name="recall_told_once")
        ]
        triggers = [
            kept(),
            pgtrigger.ReadOnly(
                name="fixed", fields=["recall", "producer", "title", "division_code", "batches", "sent_at"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recall_id} -> {self.producer_id}"


# Two who tell at once wait for each other at the item.
_COVERED = """
PERFORM FROM trace_recallitem WHERE id = NEW.item_id FOR UPDATE;
IF NEW.quantity + (SELECT coalesce(sum(quantity), 0) FROM trace_recovery WHERE item_id = NEW.item_id)
    > (SELECT CASE WHEN is_moved THEN out ELSE 0 END FROM trace_recallitem WHERE id = NEW.item_id) THEN
    RAISE EXCEPTION 'no more comes back than was out';
END IF;
RETURN NEW;
"""


class Recovery(models.Model):
    """So much of a recalled batch came back, in the unit of the batch."""

    item = models.ForeignKey(RecallItem, models.PROTECT, related_name="recoveries")
    quantity = models.DecimalField(max_digits=15, decimal_places=3)
    at = models.DateTimeField()
    by = models.CharField(max_length=40, help_text="Who: Actor.identity.")
    by_name = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "recoveries"
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="recovery_positive")]
        triggers = [
            pgtrigger.Protect(name="appended", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(name="covered", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_COVERED),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.quantity}"
