"""Writing: a transaction says what happened, and one sequencer puts it in order.

Locks: the sequencer's own (an advisory one, so that a second steps aside), then the head. A business transaction takes none.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from gi_registry.lib.access import Actor
from gi_registry.openlog import entries, tree
from gi_registry.openlog.models import Disclosure, Entry, Head, Waiting

AT_ONCE = 2_000
# An entry's length is told in two bytes; so much is left for what is not facts.
MOST_FACTS = 60_000
SEQUENCER, PUBLISHER = 0x6F70656E01, 0x6F70656E02  # names of advisory locks


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one object (``batch:7K3QX9PA28``). ``facts`` are for everybody; to ``secret`` the log only commits.

    Quantities are decimal strings. Never a person's name, a telephone, a household's plot or free text among the facts.
    """

    type: str
    object: str
    occurred_at: datetime
    facts: Mapping[str, Any] | None = None
    secret: Mapping[str, Any] | None = None


def record(events: Iterable[Event], *, actor: Actor, now: datetime) -> None:
    """Say that these happened, in the transaction that makes them happen. Raises EntryFault for facts that cannot be logged.

    Those of one object keep their order as long as whoever changes it holds its row.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("what is logged is written with what happened, or not at all")
    role, waiting, disclosed = _role_of(actor), [], []
    for event in events:
        row = Waiting(
            event=uuid4().hex,
            type=event.type,
            object=event.object,
            role=role,
            occurred_at=event.occurred_at,
            recorded_at=now,
            facts=_facts(event.facts),
        )
        if event.secret is not None:
            salt, payload = token_bytes(entries.SALT), entries.canonical(dict(event.secret))
            row.commitment = entries.commitment(salt, payload)
            disclosed.append(Disclosure(event=row.event, salt=salt, payload=payload))
        waiting.append(row)
    Waiting.objects.bulk_create(waiting, batch_size=AT_ONCE)
    if disclosed:
        Disclosure.objects.bulk_create(disclosed, batch_size=AT_ONCE)


def record_alike(
    *, kind: str, prefix: str, names: Sequence[str], key: str, facts: Mapping[str, Any], actor: Actor, now: datetime
) -> None:
    """That the same (``kind``, a type) happened to many objects at once: ``facts``, and under ``key`` the name of each. One statement,
    since two hundred thousand goods may be called back together. Names are public numbers."""
    if not all(name.isascii() and name.isalnum() for name in names):
        raise entries.EntryFault("objects are named by letters and digits")
    head, tail = _facts({**facts, key: _HERE}).split(_HERE)
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, [kind, prefix, _role_of(actor), now, now, head, tail, list(names)])


_HERE = "0PUT0NAME0HERE0"
_ALIKE = """
INSERT INTO openlog_waiting (event, type, object, role, occurred_at, recorded_at, facts, commitment)
SELECT replace(gen_random_uuid()::text, '-', ''), %s, %s || name, %s, %s, %s, %s || name || %s, ''
FROM unnest(%s::text[]) WITH ORDINALITY AS told (name, place) ORDER BY place"""


def _role_of(actor: Actor) -> str:
    return "+".join(sorted({role.kind.value for role in actor.roles})) or "nobody"


def _facts(facts: Mapping[str, Any] | None) -> str:
    if facts is None:
        return ""
    told = entries.canonical(dict(facts))
    if len(told) > MOST_FACTS:
        raise entries.EntryFault(f"facts have {MOST_FACTS} bytes at most")
    return told.decode()


class Behind(Exception):
    """The database is older than what was published: it was restored. ``Log.restore`` brings back what it lacks."""

    def __init__(self, published: int, size: int) -> None:
        super().__init__(f"{published} entries were published and {size} are in the database")


@transaction.atomic
def put_in_order(*, published: int, at_most: int = AT_ONCE) -> int:
    """Give what waits its places in the log, and say how many it was; 0 also while another process does it.

    Raises Behind when the database holds fewer entries than were published: new ones would take the places of those.
    """
    if not _is_sequencer():
        return 0
    head = locked_head()
    if head.size < published:
        raise Behind(published, head.size)
    waiting = list(Waiting.objects.order_by("id")[:at_most])
    if waiting:
        last = _last_of({row.object for row in waiting})
        append(head, [_in_order(row, last) for row in waiting])
        Waiting.objects.filter(id__in=[row.id for row in waiting]).delete()
    return len(waiting)


def locked_head() -> Head:
    Head.objects.bulk_create([Head()], ignore_conflicts=True)
    return Head.objects.select_for_update().get()


def append(head: Head, fresh: Iterable[tuple[dict[str, Any], bytes]]) -> None:
    """Put entries, each with what it tells and its bytes, behind the head, which is locked."""
    frontier, rows = head.frontier, []
    for told, data in fresh:
        leaf = tree.leaf_hash(data)
        rows.append(
            Entry(
                index=frontier.size,
                event=told["event"],
                type=told["type"],
                object=told["object"],
                sequence=told["sequence"],
                recorded_at=datetime.fromisoformat(told["recorded_at"]),
                data=data,
                leaf=leaf,
            )
        )
        frontier.add(leaf)
    Entry.objects.bulk_create(rows, batch_size=AT_ONCE)
    head.size, head.full = frontier.size, b"".join(frontier.full)
    head.save()


def _is_sequencer() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEQUENCER])
        return bool(cursor.fetchone()[0])


def _last_of(objects: set[str]) -> dict[str, tuple[int, str]]:
    """Object -> how many entries it has, and the digest of the last."""
    rows = Entry.objects.filter(object__in=objects).order_by("object", "-sequence").distinct("object")
    return {row.object: (row.sequence + 1, entries.digest(bytes(row.data))) for row in rows}


def _in_order(row: Waiting, last: dict[str, tuple[int, str]]) -> tuple[dict[str, Any], bytes]:
    sequence, before = last.get(row.object, (0, entries.NOTHING))
    told = entries.Entry(
        event=row.event,
        type=row.type,
        object=row.object,
        sequence=sequence,
        before=before,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        role=row.role,
        facts=json.loads(row.facts) if row.facts else None,
        commitment=row.commitment,
    ).told()
    data = entries.canonical(told)
    last[row.object] = sequence + 1, entries.digest(data)
    return told, data
