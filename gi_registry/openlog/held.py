"""What stands in the tables, held against what was logged of it: a row that was edited, deleted or slipped in is named, however whole the
log itself is. The rooms say which of their objects are logged (``Kind``); the roof hands them in.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from gi_registry.lib.texts import Text
from gi_registry.openlog import entries
from gi_registry.openlog.fsck import Difference
from gi_registry.openlog.models import Disclosure, Entry, Waiting

AT_ONCE = 2_000
Facts = Mapping[str, Any]
_GONE = Text("日志里有，库里没有这一行", "is logged, and its row is gone")
_UNTOLD = Text("库里有，日志里从来没有", "stands in the database and was never logged")
_OTHER = Text("库里与日志里的不同", "is not what was logged")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was said of an object. ``opened``: what it committed to, while that is kept."""

    type: str
    facts: Facts
    opened: Facts


def last_said(steps: Sequence[Step]) -> dict[str, Any]:
    """What the steps come to where each tells the whole, or the part that changed."""
    told: dict[str, Any] = {}
    for step in steps:
        told |= {**step.facts, **step.opened}
    return told


@dataclass(frozen=True, slots=True)
class Kind:
    """Objects of one kind: ``prefix:number``. ``now`` gives the facts of rows that are there, by number; ``rows`` the rows that must have
    been logged; ``said`` what the steps of one object come to. Of ``secret`` facts the log only holds a commitment: they are compared
    where what was committed to is kept. ``passing`` facts are of a step alone. ``key``: the column of the number."""

    prefix: str
    now: Callable[[Sequence[str]], Mapping[str, Facts]]
    rows: Callable[[], QuerySet[Any]]
    said: Callable[[Sequence[Step]], Facts] = last_said
    secret: frozenset[str] = frozenset()
    passing: frozenset[str] = frozenset()
    key: str = "number"


def edited(kinds: Sequence[Kind]) -> Iterator[Difference]:
    """Each row that is not what was logged. Rows and log are seen as of one moment."""
    with _one_moment():
        for kind in kinds:
            for names in _logged(kind):
                yield from _compared(kind, names)
            yield from _untold(kind)


def _compared(kind: Kind, names: list[str]) -> Iterator[Difference]:
    now, steps = kind.now([name.partition(":")[2] for name in names]), _steps(names)
    for name in names:
        if (found := now.get(name.partition(":")[2])) is None:
            yield Difference(name, _GONE)
            continue
        said = kind.said(steps[name])
        for key in sorted({*found, *said} - kind.passing - {"reason"}):
            if key in kind.secret and said.get(key) is None:
                continue
            if found.get(key) != said.get(key):
                yield Difference(f"{name} {key}", _OTHER)


def _logged(kind: Kind) -> Iterator[list[str]]:
    """The objects of a kind, some at a time, by name; those whose steps still wait for their place too."""
    last = f"{kind.prefix}:"
    while True:
        found: set[str] = set()
        for model in (Entry, Waiting):
            rows = model.objects.filter(object__startswith=f"{kind.prefix}:", object__gt=last)
            found |= set(rows.order_by("object").values_list("object", flat=True).distinct()[:AT_ONCE])
        if not (names := sorted(found)[:AT_ONCE]):
            return
        yield names
        last = names[-1]


def _steps(names: list[str]) -> dict[str, list[Step]]:
    ordered = Entry.objects.filter(object__in=names).order_by("object", "sequence").values_list("event", "data")
    waiting = Waiting.objects.filter(object__in=names).order_by("pk").values_list("event", "object", "type", "facts")
    told = [(event, entries.read(bytes(data))) for event, data in ordered.iterator(AT_ONCE)]
    later = [
        (event, {"object": name, "type": kind, "facts": json.loads(facts) if facts else {}})
        for event, name, kind, facts in waiting.iterator(AT_ONCE)
    ]
    kept = Disclosure.objects.filter(event__in=[event for event, _ in chain(told, later)])
    opened = {event: json.loads(bytes(data)) for event, data in kept.values_list("event", "payload")}
    steps: dict[str, list[Step]] = {name: [] for name in names}
    for event, said in chain(told, later):
        steps[said["object"]].append(Step(said["type"], said.get("facts", {}), opened.get(event, {})))
    return steps


def _untold(kind: Kind) -> Iterator[Difference]:
    """Rows that never were said to the log: nobody registered them by the usual way."""
    last, ordered = "", kind.rows().order_by(kind.key).values_list(kind.key, flat=True).distinct()
    while names := list(ordered.filter(**{f"{kind.key}__gt": last})[:AT_ONCE]):
        objects = {f"{kind.prefix}:{name}" for name in names}
        for model in (Entry, Waiting):
            objects -= set(model.objects.filter(object__in=objects).values_list("object", flat=True))
        yield from (Difference(name, _UNTOLD) for name in sorted(objects))
        last = names[-1]


@contextmanager
def _one_moment() -> Iterator[None]:
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:  # else somebody opened the transaction before us
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
