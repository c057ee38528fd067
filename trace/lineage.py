"""Questions about what goods were made of and what was made of them, for one reader.

A reader walks through the batches that it may see. Of others it is told the next step and no more: whose they are and under
which lot, as the law asks of everybody who handles food (one step back, one step forward).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField

from gi_registry.lib import plans
from gi_registry.lib.access import Actor
from gi_registry.lib.compiled import Given, Hole, Statement
from gi_registry.lib.language import name_of
from products.models import Producer
from trace.models import Batch
from trace.rules.batches import BatchState
from trace.rules.genealogy import STOPPED

# As many as a person can look through; beyond it the answer says that there are more.
MOST_BATCHES, MOST_LINKS = 1_000, 5_000
# No lineage of real goods is larger; walking is bounded all the same.
FARTHEST = 1_000_000
_MOST_STOPPED = 20


class _Hole(Hole):
    KEYS = "keys"


_AMONG = Given(_Hole.KEYS, sql='"trace_batch"."id" = ANY (%s::bigint[])', output_field=BooleanField())
# What is told of a batch, its product and its maker, in the order of _kin.
_TOLD = (
    "pk", "number", "state", "produced_on", "quantity", "quantity_unit", "is_seen", "form__name_zh", "form__name_en",
    *(f"producer__{name}" for name in ("pk", "organisation_id", "organisation__name_zh", "organisation__name_en")),
    *(f"producer__organisation__sponsor{name}" for name in ("_id", "__name_zh", "__name_en")),
)  # fmt: skip
# Links withdrawn as mistakes never held. Both ways a batch is met only where it began, and so no link twice.
_HELD = """l.valid_to IS DISTINCT FROM l.valid_from
        AND (%s::timestamptz IS NULL OR l.valid_from <= %s AND (l.valid_to IS NULL OR l.valid_to > %s))"""
_LINK = """
    SELECT l.id, l.number, l.parent_id, l.child_id, l.kind, l.quantity, l.unit, l.version, l.valid_from::text, l.valid_to::text,
        l.confirmed_at::text, l.created_at::text, l.updated_at::text FROM trace_batchlink l"""
_LINKS = f"""
SELECT * FROM (
    {_LINK} WHERE l.parent_id = ANY (%s::bigint[]) AND l.child_id = ANY (%s::bigint[]) AND {_HELD}
    UNION ALL
    {_LINK} WHERE l.child_id = ANY (%s::bigint[]) AND l.parent_id = ANY (%s::bigint[]) AND {_HELD}
) links ORDER BY id LIMIT %s
"""  # noqa: S608 - only our own words
# Times come as text: the driver takes longer to read five of each link than the database to find it.
_FIRST_TIME = 8
_BOTH_WAYS = """
SELECT true, walk FROM trace_lineage(%s::bigint[], true, %s::int, %s::timestamptz) AS walk
UNION ALL SELECT false, walk FROM trace_lineage(%s::bigint[], false, %s::int, %s::timestamptz) AS walk
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
class Named:
    """A product, or a body with the one that vouches for it."""

    name_zh: str
    name_en: str
    sponsor_id: int | None = None
    sponsor: "Named | None" = None


@dataclass(frozen=True, slots=True)
class Maker:
    """As much of a producer as is told of it, and as policy asks."""

    pk: int
    organisation_id: int
    organisation: Named


@dataclass(frozen=True, slots=True)
class Kin:
    """As much of a batch as a lineage tells: a whole one has a place, an outline and forty columns more."""

    pk: int
    number: str
    state: str
    produced_on: date
    quantity: Decimal
    quantity_unit: str
    is_seen: bool
    form: Named
    producer: Maker


@dataclass(frozen=True, slots=True)
class Link:
    """``quantity`` of ``parent`` went into ``child``: a ``BatchLink`` as a lineage tells it."""

    pk: int
    number: str
    parent_id: int
    child_id: int
    kind: str
    quantity: Decimal
    unit: str
    version: int
    parent: Kin
    child: Kin
    valid_from: datetime
    valid_to: datetime | None
    confirmed_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Relative:
    """A batch of a lineage. ``level``: steps away on the longest way, below zero for what it was made of.
    ``is_seen``: the reader may see the batch itself, not just that it is the next step."""

    batch: Kin
    level: int
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Genealogy:
    """``back`` and ``forward`` hold others than the batch itself, near ones first. ``is_truncated``: there are more."""

    batch: Batch
    back: tuple[Relative, ...]
    forward: tuple[Relative, ...]
    links: tuple[Link, ...]
    is_truncated: bool


def genealogy_of(batch: Batch, actor: Actor, *, at: datetime | None = None, most: int = MOST_BATCHES) -> Genealogy:
    """Both ways from a batch that the actor may see, at most ``most`` each; ``at``: packing as it was at an instant."""
    down, up = _reached(batch, at, most + 1)
    is_truncated = len(down) > most or len(up) > most
    down, up = down[:most], up[:most]
    links = _links_among(down, up, at)
    is_truncated |= len(links) > MOST_LINKS
    links = links[:MOST_LINKS]
    told = _told([*down, *up], actor)
    seen = {key for key, one in told.items() if one.is_seen}
    ways = [(parent, child) for _, _, parent, child, *_ in links]
    forward = _levels(batch.pk, ways, seen, set(down))
    back = _levels(batch.pk, [(child, parent) for parent, child in ways], seen, set(up))
    found = forward.keys() | back.keys()
    shown = (
        Link(*row[:_FIRST_TIME], told[parent], told[child], *(_time(text) for text in row[_FIRST_TIME:]))
        for row, (parent, child) in zip(links, ways, strict=True)
        if parent in found and child in found and (parent in seen or child in seen)
    )
    return Genealogy(
        batch,
        tuple(_relatives(back, told, seen, -1)),
        tuple(_relatives(forward, told, seen, 1)),
        tuple(shown),
        is_truncated,
    )


def _reached(batch: Batch, at: datetime | None, most: int) -> tuple[list[int], list[int]]:
    """Keys of what was made of the batch and of what it was made of, itself in both, near ones first."""
    rows = plans.fetch(_BOTH_WAYS, [[batch.pk], most, at] * 2)
    return [key for forward, key in rows if forward], [key for forward, key in rows if not forward]


def _links_among(down: Sequence[int], up: Sequence[int], at: datetime | None) -> list[tuple[Any, ...]]:
    """Rows as ``Link`` has them but for its batches, times as text."""
    return plans.fetch(_LINKS, [down, down, at, at, at, up, up, at, at, at, MOST_LINKS + 1])


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


@lru_cache(maxsize=256)
def _telling(actor: Actor) -> Statement:
    """All that follows from the actor is in its roles, which are part of what it is remembered by."""
    return Statement.of(Batch.objects.marked_for(actor).filter(_AMONG).order_by().values_list(*_TOLD))


def _told(keys: Sequence[int], actor: Actor) -> dict[int, Kin]:
    """What is told of batches, each with whether the actor may see it. Makers and products are few: made once each."""
    rows = _telling(actor)
    forms: dict[tuple[str, str], Named] = {}
    makers: dict[int, Maker] = {}
    told = {}
    for key, number, state, day, quantity, unit, is_seen, zh, en, maker, *body in plans.fetch(
        rows.sql, rows.filled({_Hole.KEYS: keys})
    ):
        form = forms.setdefault((zh, en), Named(zh, en))
        who = makers.get(maker) or makers.setdefault(maker, _maker(maker, *body))
        told[key] = Kin(key, number, state, day, quantity, unit, is_seen, form, who)
    return told


def _maker(key: int, body: int, zh: str, en: str, sponsor: int | None, sponsor_zh: str, sponsor_en: str) -> Maker:
    vouching = None if sponsor is None else Named(sponsor_zh, sponsor_en)
    return Maker(key, body, Named(zh, en, sponsor, vouching))


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


def _relatives(levels: dict[int, int], told: dict[int, Kin], seen: Collection[int], sign: int) -> Iterable[Relative]:
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


def party_of(batch: Batch | Kin) -> str:
    """Whose goods they are, as anybody may be told."""
    return told_name(batch.producer)


def told_name(producer: Producer | Maker) -> str:
    """A household stands under the name of the body that vouches for it."""
    return name_of(producer.organisation.sponsor or producer.organisation)
