"""What a recall reaches: the batches that its scope names and everything made of them, whose they are, and what came back."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Q, Sum

from gi_registry.accounts.models import Membership
from gi_registry.lib.access import REGULATORS, Actor
from products.models import Producer, Site
from products.querysets import produced_by
from trace.lineage import FARTHEST, told_name
from trace.models import Batch, BatchLink, Evidence, Recall, RecallItem, Recovery
from trace.rules.batches import BatchState
from trace.rules.quantities import QuantityUnit
from trace.rules.recalls import RECALLABLE, RecallScope, RecallState, area_of

MOST_PARTIES = 100
# More batches than this are named by no scope that a person means: it is refused, not cut.
MOST_NAMED = 50_000
# Drafts are not goods yet, and void batches never were.
_WALK = """
FROM trace_lineage(%(start)s, true, %(most)s) AS walk JOIN trace_batch b ON b.id = walk
WHERE b.registered_at IS NOT NULL AND b.state <> 'void' AND NOT (%(below)s AND b.id = ANY (%(start)s))
"""
_COUNTED = f"SELECT b.producer_id, b.state, b.division_code, count(*) {_WALK} GROUP BY 1, 2, 3"
_KEYS = f"SELECT b.id {_WALK} ORDER BY b.id"
_ITEMS = """
SELECT b.producer_id, i.was, b.division_code, count(*) FROM trace_recallitem i JOIN trace_batch b ON b.id = i.batch_id
WHERE i.recall_id = %(recall)s GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is called back. Days narrow a site or a laboratory and make up ``days``. Only a laboratory goes without a producer:
    then all that it measured in the place of ``division_code`` is meant."""

    kind: RecallScope
    producer: Producer | None
    division_code: str
    batch: Batch | None = None
    site: Site | None = None
    laboratory: str = ""
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A producer whose goods are affected. ``is_reachable``: somebody of it would read a notice."""

    producer: Producer
    name: str
    batches: int
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class Amount:
    """How much was out and how much came back, in one unit."""

    unit: QuantityUnit
    out: Decimal
    recovered: Decimal

    @property
    def percent(self) -> int:
        """Whole per cents, rounded down: a hundred is all of it."""
        return int(100 * self.recovered / self.out) if self.out else 100


@dataclass(frozen=True, slots=True)
class Reach:
    """``states``: how many batches are in which; ``moved``: of how many the codes change; ``makers``: producers and how many
    batches of each; ``divisions``: where they were made; ``is_truncated``: there are more than are ever walked."""

    states: dict[BatchState, int]
    makers: dict[int, int]
    divisions: dict[str, int]
    amounts: tuple[Amount, ...] = field(default=())

    @property
    def batches(self) -> int:
        return sum(self.states.values())

    @property
    def moved(self) -> int:
        return sum(count for state, count in self.states.items() if state in RECALLABLE)

    @property
    def is_truncated(self) -> bool:
        return self.batches > FARTHEST


def scope_of(recall: Recall) -> Scope:
    names = ("producer", "division_code", "batch", "site", "laboratory", "first_on", "last_on")
    return Scope(RecallScope(recall.scope), **{name: getattr(recall, name) for name in names})


def starts_of(scope: Scope) -> list[int]:
    """Keys of the batches that the scope names by itself, one more than MOST_NAMED where there are more."""
    if scope.kind in (RecallScope.BATCH, RecallScope.INPUT):
        return [scope.batch.pk]  # type: ignore[union-attr]
    rows = Batch.objects.filter(registered_at__isnull=False).exclude(state=BatchState.VOID.value)
    if scope.kind is RecallScope.SITE:
        rows = rows.filter(sites=scope.site)
    elif scope.kind is RecallScope.LABORATORY:
        measured = Evidence.objects.filter(laboratory=scope.laboratory, withdrawn_at__isnull=True)
        rows = rows.filter(pk__in=measured.values("batch"), division_code__startswith=area_of(scope.division_code))
    if scope.producer is not None and scope.kind is not RecallScope.SITE:
        rows = rows.filter(producer=scope.producer)
    if scope.first_on:
        rows = rows.filter(produced_on__gte=scope.first_on)
    if scope.last_on:
        rows = rows.filter(produced_on__lte=scope.last_on)
    return list(rows.order_by("pk").values_list("pk", flat=True)[: MOST_NAMED + 1])


def reach_of(scope: Scope) -> Reach:
    """What a recall of this scope would touch now, whoever may see it. Nothing is locked or written."""
    starts = starts_of(scope)
    return _counted(_COUNTED, _walk_of(scope, starts)) if starts else Reach({}, {}, {})


def touched_by(recall: Recall) -> Reach:
    """While it is open what it would touch now, from then on what it touched, with what came back; nothing of the others."""
    state = RecallState(recall.state)
    if state is RecallState.OPENED:
        return reach_of(scope_of(recall))
    return _counted(_ITEMS, {"recall": recall.pk}, amounts_of(RecallItem.objects.filter(recall=recall)))


def keys_of(scope: Scope) -> list[int]:
    """Keys of all that the scope reaches now, in their order. An input itself is not among what was made of it."""
    starts = starts_of(scope)
    if not starts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, _walk_of(scope, starts))
        return [key for (key,) in cursor.fetchall()]


def amounts_of(items: Iterable[RecallItem]) -> tuple[Amount, ...]:
    """Of the recalled batches among ``items`` (a queryset), by unit."""
    moved = items.filter(is_moved=True).order_by()  # type: ignore[attr-defined]
    out = dict(moved.values_list("batch__quantity_unit").annotate(all=Sum("out")))
    came = Recovery.objects.filter(item__in=moved).order_by()
    back = dict(came.values_list("item__batch__quantity_unit").annotate(all=Sum("quantity")))
    return tuple(
        Amount(unit, out[unit.value], back.get(unit.value, Decimal(0))) for unit in QuantityUnit if unit.value in out
    )


def parties_of(reach: Reach, scope: Scope, actor: Actor) -> list[Party]:
    """The affected, most goods first, MOST_PARTIES at most. Officials of the place are told all; a producer its own and those
    who took goods from it directly, as everybody who handles food must know."""
    makers = reach.makers
    if not actor.watches(scope.division_code, *REGULATORS):
        near = set(Producer.objects.filter(produced_by(actor, "")).values_list("pk", flat=True))
        taken = BatchLink.objects.filter(parent__in=starts_of(scope), child__producer__in=list(makers))
        near |= set(taken.values_list("child__producer", flat=True))
        makers = {key: count for key, count in makers.items() if key in near}
    keys = sorted(makers, key=lambda key: (-makers[key], key))[:MOST_PARTIES]
    found = Producer.objects.select_related("organisation__sponsor").in_bulk(keys)
    reachable = reachable_among(keys)
    return [Party(found[key], told_name(found[key]), makers[key], key in reachable) for key in keys]


def reachable_among(producers: Collection[int]) -> set[int]:
    """Producers with a person who would read a notice: of their own, or of the body that vouches for them."""
    people = Membership.objects.current().filter(organisation__isnull=False).values("organisation")
    rows = Producer.objects.filter(pk__in=producers)
    return set(
        rows.filter(Q(organisation__in=people) | Q(organisation__sponsor__in=people)).values_list("pk", flat=True)
    )


def _walk_of(scope: Scope, starts: list[int]) -> dict[str, object]:
    return {"start": starts, "most": FARTHEST + 1, "below": scope.kind is RecallScope.INPUT}


def _counted(sql: str, given: dict[str, object], amounts: tuple[Amount, ...] = ()) -> Reach:
    states: dict[BatchState, int] = defaultdict(int)
    makers: dict[int, int] = defaultdict(int)
    divisions: dict[str, int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        for producer, state, division, count in cursor.fetchall():
            states[BatchState(state)] += count
            makers[producer] += count
            divisions[division] += count
    return Reach(dict(states), dict(makers), dict(divisions), amounts)
