"""Locking a row, writing it back with its next version, and raising the faults that rules found."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from gi_registry.lib.access import Denied
from gi_registry.lib.problems import Forbidden, Invalid, Problem, Refused
from gi_registry.lib.texts import Refusal, Text

M = TypeVar("M", bound=models.Model)
_STALE = Text(
    "您读取之后内容已被修改，请重新读取再改。", "It was changed after you read it. Read it again, then change it."
)


def locked(row: M, *related: str) -> M:
    """The row as it is now, ours until the transaction ends."""
    fresh = type(row)._default_manager.select_related(*related).select_for_update(of=("self",))  # noqa: SLF001
    # The outline of a county weighs a thousand times more than its code.
    return fresh.defer(*(f"{path}__geom" for path in related if path.endswith("division"))).get(pk=row.pk)


def locked_as_read(row: M, *related: str) -> M:
    """The same, but refused when somebody changed it after it was read: an edit must not undo another unseen."""
    fresh = locked(row, *related)
    if fresh.version != row.version:  # type: ignore[attr-defined]
        raise Problem("stale", _STALE, [Refusal("stale", _STALE)])
    return fresh


def save(row: Any, now: datetime, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = now
    row.save()


def stop(faults: Iterable[Refusal], conflicts: Collection[str] = ()) -> None:
    """Raise what rules found: a conflict with the present state is 409, anything else is wrong in itself (400)."""
    found = list(faults)
    if not found:
        return
    raise (Refused if any(fault.code in conflicts for fault in found) else Invalid)(found)


def only_if(decision: Any) -> None:
    """Raise a policy's No."""
    if isinstance(decision, Denied):
        raise Forbidden(decision)


def constraint_of(error: Exception) -> str:
    """The name of the constraint behind an IntegrityError, to answer it in the reader's words."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""
