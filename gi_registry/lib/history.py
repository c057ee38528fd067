"""Who changed what, when and why: database triggers write the events (django-pghistory), this shelf reads them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from pghistory.trigger import Event

from gi_registry.lib.access import Actor
from gi_registry.lib.characters import unseen_faults
from gi_registry.lib.problems import Invalid

MAX_EVENTS = 200
_BOOKKEEPING = {"id", "version", "updated_at", "created_at"}


class _AtOnce(Event):
    """Which rows changed is told by EXCEPT, not by joining old rows to new ones: a trigger's plan is kept from the first statement
    of a connection, which changes one row, and a loop made for one row would be run for two hundred thousand."""

    def get_func(self, model: type[models.Model]) -> pgtrigger.Func:
        written, of_all = super().get_func(model).func, "SELECT new_values.* FROM {cond_new_values}"
        kept = {field.name for field in self.event_model._meta.fields}
        names = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if field.name in kept)
        before, after = written.split(of_all)
        changed = f"SELECT {names} FROM new_values EXCEPT SELECT {names} FROM old_values"  # noqa: S608 - names of fields
        return pgtrigger.Func(f"{before}{changed}{after}")


class UpdatesAtOnce(pghistory.UpdateEvent):
    """The events of updates, written once for all rows that a statement changes: one by one they take longer than the change."""

    def add_event_trigger(self, event_model: type[models.Model]) -> None:
        about = {"label": self.label, "name": self.trigger_name, "row": self.row, "operation": self.operation}
        trigger = _AtOnce(event_model=event_model, level=pgtrigger.Statement, **about)
        pgtrigger.register(trigger)(event_model.pgh_tracked_model)


@contextmanager
def remember(actor: Actor, reason: str = "") -> Iterator[None]:
    """Everything written inside is put down to this actor and reason. Raises Invalid for a reason that hides something."""
    if faults := unseen_faults(reason=reason):
        raise Invalid(faults)
    with pghistory.context(actor=actor.identity, name=actor.name, reason=reason):
        yield


def history_of(thing: models.Model) -> list[dict[str, Any]]:
    """The changes of one row, newest first, each as ``{at, who, why, event, changes: [{field, before, after}]}``.

    At most MAX_EVENTS of them; the model must be tracked by ``pghistory.track()``.
    """
    events = thing.events.select_related("pgh_context").order_by("-pgh_id")[: MAX_EVENTS + 1]  # type: ignore[attr-defined]
    return _told(type(thing), list(events))


def histories_of(things: Iterable[models.Model]) -> list[tuple[models.Model, list[dict[str, Any]]]]:
    """The same for several rows of one model that seldom change, in one query instead of one each."""
    rows = {thing.pk: thing for thing in things}
    if not rows:
        return []
    some = next(iter(rows.values()))
    events: dict[Any, list[Any]] = {pk: [] for pk in rows}
    kept = some.events.model.objects.filter(pgh_obj_id__in=rows)  # type: ignore[attr-defined]
    for event in kept.select_related("pgh_context").order_by("-pgh_id"):
        events[event.pgh_obj_id].append(event)
    return [(row, _told(type(row), events[pk])) for pk, row in rows.items()]


def _told(model: type[models.Model], events: list[Any]) -> list[dict[str, Any]]:
    """Events, newest first, as they are shown; each is compared with the one before it."""
    tracked = (field.attname for field in model._meta.concrete_fields if field.attname not in _BOOKKEEPING)
    fields = [name for name in tracked if events and hasattr(events[0], name)]
    told = []
    for place, event in enumerate(events[:MAX_EVENTS]):
        earlier = events[place + 1] if place + 1 < len(events) else None
        context = event.pgh_context.metadata if event.pgh_context else {}
        told.append(
            {
                "at": event.pgh_created_at,
                "event": event.pgh_label,
                "who": context.get("name", ""),
                "why": context.get("reason", ""),
                "changes": list(_changes(event, earlier, fields)),
            }
        )
    return told


def _changes(event: Any, earlier: Any, fields: list[str]) -> Iterator[dict[str, Any]]:
    for field in fields:
        before = _shown(getattr(earlier, field, None)) if earlier else None
        after = _shown(getattr(event, field, None))
        if before != after:
            yield {"field": field, "before": before, "after": after}


def _shown(value: Any) -> Any:
    """Geometries are told by their size, not their thousands of positions."""
    if hasattr(value, "num_coords"):
        return f"{value.geom_type} · {value.num_coords}"
    return value if value is None or isinstance(value, bool | int | str) else str(value)
