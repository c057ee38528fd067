"""The history of a batch, or of an authorisation, as its people read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model

from gi_registry.lib.history import history_of
from gi_registry.lib.texts import Text
from products.models import Authorisation
from products.rules.words import AuthorisationState
from trace.models import Batch
from trace.rules.batches import BatchState

Changes = dict[str, dict[str, str | None]]

_WRITTEN = Text("建立草稿", "Draft written")
_CHANGED = Text("修改", "Changed")
_REVIEW_OPENED = Text("开始核查", "Review opened")
_REVIEW_CLOSED = Text("结束核查", "Review closed")


@dataclass(frozen=True, slots=True)
class Happening:
    what: Text
    at: datetime
    who: str
    why: str


def story_of(batch: Batch) -> list[Happening]:
    """What happened to the batch, newest first."""
    return _told(batch, _of_batch)


def story_of_right(right: Authorisation) -> list[Happening]:
    """What happened to the authorisation, newest first."""
    return _told(right, _of_right)


def _told(thing: Model, what: Callable[[Changes], Text]) -> list[Happening]:
    return [
        Happening(
            what({change["field"]: change for change in event["changes"]}), event["at"], event["who"], event["why"]
        )
        for event in history_of(thing)
    ]


def _of_right(changes: Changes) -> Text:
    if "number" in changes:
        return _WRITTEN
    return AuthorisationState(changes["state"]["after"] or "").text if "state" in changes else _CHANGED


def _of_batch(changes: Changes) -> Text:
    if "number" in changes:
        return _WRITTEN
    if "state" in changes:
        return BatchState(changes["state"]["after"] or "").text
    if "review_opened_at" in changes:
        return _REVIEW_OPENED if changes["review_opened_at"]["after"] else _REVIEW_CLOSED
    return _CHANGED
