"""The history of a batch as its people read it."""

from dataclasses import dataclass
from datetime import datetime

from gi_registry.lib.history import history_of
from gi_registry.lib.texts import Text
from trace.models import Batch
from trace.rules.batches import BatchState

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
    return [
        Happening(
            _what({change["field"]: change for change in event["changes"]}), event["at"], event["who"], event["why"]
        )
        for event in history_of(batch)
    ]


def _what(changes: dict[str, dict[str, str | None]]) -> Text:
    if "number" in changes:
        return _WRITTEN
    if "state" in changes:
        return BatchState(changes["state"]["after"] or "").text
    if "review_opened_at" in changes:
        return _REVIEW_OPENED if changes["review_opened_at"]["after"] else _REVIEW_CLOSED
    return _CHANGED
