"""Questions about what goods were made of and what was made of them, for one reader.

A reader walks through the batches that it may see. Of others it is told the next step and no more: whose they are and under
which lot, as the law asks of everybody who handles food (one step back, one step forward).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Prefetch

from gi_registry.lib.access import Actor
from gi_registry.lib.language import name_of
from products.models import Producer
from trace.models import Batch, BatchLink, ProductForm
from trace.rules.batches import BatchState
from trace.rules.genealogy import STOPPED

# As many as a person can look through; beyond it the answer says that there are more.
MOST_BATCHES, MOST_LINKS = 1_000, 5_000
# No lineage of real goods is larger; walking is bounded all the same.
FARTHEST = 1_000_000
_MOST_STOPPED = 20
# What is told of a batch: a place, an outline and forty columns more would take most of the time.
_BATCH = ("number", "state", "produced_on", "quantity", "quantity_unit", "form", "producer")
_NAMES = ("name_zh", "name_en")
_MAKER = (
    "number", "organisation", "organisation__sponsor", *(f"organisation__{name}" for name in _NAMES),
    *(f"organisation__sponsor__{name}" for name in _NAMES),
)  # fmt: skip
# Links withdrawn as mistakes never held.
_LINKS = """
SELECT * FROM trace_batchlink l
WHERE (l.parent_id = ANY (%(down)s) AND l.child_id = ANY (%(down)s) OR l.parent_id = ANY (%(up)s) AND l.child_id = ANY (%(up)s))
    AND l.valid_to IS DISTINCT FROM l.valid_from
    AND (%(at)s::timestamptz IS NULL OR l.valid_from <= %(at)s AND (l.valid_to IS NULL OR l.valid_to > %(at)s))
ORDER BY l.id LIMIT %(most)s
"""
_BOTH_WAYS = """
SELECT true, walk FROM trace_lineage(%(start)s, true, %(most)s, %(at)s) AS walk
UNION ALL SELECT false, walk FROM trace_lineage(%(start)s, false, %(most)s, %(at)s) AS walk
"""
_STOPPED = """
SELECT b.number FROM trace_lineage(%s, false, %s) AS walk JOIN trace_batch b ON b.id = walk
WHERE b.id <> ALL(%s) AND (b.state = ANY(%s)
    OR EXISTS (SELECT FROM trace_recallitem i WHERE i.batch_id = b.id)
    OR EXISTS (SELECT FROM trace_recallhold h JOIN trace_recall r ON r.id = h.recall_id
        WHERE h.batch_id = b.id AND r.state = 'opened'))
ORDER BY b.id LIMIT %s
"""
_IS_BELOW = "SELECT EXISTS (SELECT FROM trace_lineage(%s, true, %s) AS walk WHERE walk = %s)"


@dataclass(frozen=True, slots=True)
class Relative:
    """A batch of a lineage. ``level``: steps away on the longest way, below zero for what it was made of.
    ``is_seen``: the reader may see the batch itself, not just that it is the next step."""

    batch: Batch
    level: int
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Genealogy:
    """``back`` and ``forward`` hold others than the batch itself, near ones first. ``is_truncated``: there are more."""

    batch: Batch
    back: tuple[Relative, ...]
    forward: tuple[Relative, ...]
    links: tuple[BatchLink, ...]
    is_truncated: bool


def genealogy_of(batch: Batch, actor: Actor, *, at: datetime | None = None, most: int = MOST_BATCHES) -> Genealogy:
    """Both ways from a batch that the actor may see, at most ``most`` each; ``at``: packing as it was at an instant."""
    down, up = _reached(batch, at, most + 1)
    is_truncated = len(down) > most or len(up) > most
    down, up = down[:most], up[:most]
    links = _links_among(down, up, at)
    is_truncated |= len(links) > MOST_LINKS
    links = links[:MOST_LINKS]
    told = _told({*down, *up}, actor)
    seen = {key for key, one in told.items() if one.is_seen}
    ways = [(link.parent_id, link.child_id) for link in links]
    forward = _levels(batch.pk, ways, seen, set(down))
    back = _levels(batch.pk, [(child, parent) for parent, child in ways], seen, set(up))
    found = set(forward) | set(back)
    shown = [
        link for link in links if {link.parent_id, link.child_id} <= found and seen & {link.parent_id, link.child_id}
    ]
    for link in shown:
        link.parent, link.child = told[link.parent_id], told[link.child_id]
    return Genealogy(
        batch,
        tuple(_relatives(back, told, seen, -1)),
        tuple(_relatives(forward, told, seen, 1)),
        tuple(shown),
        is_truncated,
    )


def _reached(batch: Batch, at: datetime | None, most: int) -> tuple[list[int], list[int]]:
    """Keys of what was made of the batch and of what it was made of, itself in both, near ones first."""
    with connection.cursor() as cursor:
        cursor.execute(_BOTH_WAYS, {"start": [batch.pk], "most": most, "at": at})
        rows = cursor.fetchall()
    return [key for forward, key in rows if forward], [key for forward, key in rows if not forward]


def _links_among(down: Sequence[int], up: Sequence[int], at: datetime | None) -> list[BatchLink]:
    return list(BatchLink.objects.raw(_LINKS, {"down": down, "up": up, "at": at, "most": MOST_LINKS + 1}))


def _told(keys: Collection[int], actor: Actor) -> dict[int, Batch]:
    """What is told of batches, each with whether the actor may see it. Makers and articles are few: read once each."""
    makers = Producer.objects.select_related("organisation__sponsor").only(*_MAKER)
    forms = ProductForm.objects.only("name_zh", "name_en")
    rows = Batch.objects.marked_for(actor).only(*_BATCH)
    return rows.prefetch_related(Prefetch("producer", makers), Prefetch("form", forms)).in_bulk(keys)


def _levels(
    start: int, ways: Iterable[tuple[int, int]], seen: Collection[int], within: Collection[int]
) -> dict[int, int]:
    """Batch -> steps on the longest way from ``start`` through batches that the reader may see."""
    after: dict[int, list[int]] = defaultdict(list)
    for one, other in ways:
        if one in seen and one in within and other in within:
            after[one].append(other)
    reached, queue = {start}, [start]
    for one in queue:
        fresh = [other for other in after[one] if other not in reached]
        reached.update(fresh)
        queue.extend(dict.fromkeys(fresh))
    waiting: dict[int, int] = defaultdict(int)
    for one in reached:
        for other in after[one]:
            waiting[other] += 1
    levels, ready = {start: 0}, [start]
    for one in ready:
        for other in after[one]:
            levels[other] = max(levels.get(other, 0), levels[one] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return levels


def _relatives(levels: dict[int, int], told: dict[int, Batch], seen: Collection[int], sign: int) -> Iterable[Relative]:
    for key, level in sorted(levels.items(), key=lambda item: (item[1], item[0])):
        if level:
            yield Relative(told[key], sign * level, key in seen)


def stopped_above(batch: Batch) -> list[str]:
    """Lots on hold, recalled or named by a recall from which a batch was made, however many steps back; the first few."""
    states = [state.value for state in BatchState if state in STOPPED]
    with connection.cursor() as cursor:
        cursor.execute(_STOPPED, [[batch.pk], FARTHEST, [batch.pk], states, _MOST_STOPPED])
        return [number for (number,) in cursor.fetchall()]


def is_below(batch: Batch, other: Batch) -> bool:
    """Whether ``other`` was made of ``batch``, in however many steps."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_BELOW, [[batch.pk], FARTHEST, other.pk])
        return bool(cursor.fetchone()[0])


def party_of(batch: Batch) -> str:
    """Whose goods they are, as anybody may be told."""
    return told_name(batch.producer)


def told_name(producer: Producer) -> str:
    """A household stands under the name of the body that vouches for it."""
    return name_of(producer.organisation.sponsor or producer.organisation)
