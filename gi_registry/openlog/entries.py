"""What stands in the log: an entry as canonical JSON (RFC 8785), with public facts or with a commitment to what is not public. Pure.

Names of persons, telephones, household plots and free text never stand in an entry. What is not for everybody is committed
to: the entry holds SHA-256(salt || payload), and whoever was given both can show that this is what was logged. Once salt
and payload are erased, what remains says nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import rfc8785

SCHEMA = 1
SALT = 32
# What comes before a first entry of an object.
NOTHING = ""


class EntryFault(Exception):
    """Why bytes are no entry of this log."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to one object.

    ``event`` is drawn by chance when the thing is written down, and tells a repetition from another event. ``object`` is a
    kind and a public number (``batch:7K3QX9PA28``); ``sequence`` counts its entries from 0, and ``before`` is the hex of the
    SHA-256 of the one before (empty for the first).
    """

    event: str
    type: str
    object: str
    sequence: int
    before: str
    occurred_at: datetime
    recorded_at: datetime
    role: str
    facts: Mapping[str, Any] | None = None
    commitment: str = ""

    def told(self) -> dict[str, Any]:
        """The entry as JSON has it. Its bytes are ``canonical`` of this."""
        told: dict[str, Any] = {
            "schema": SCHEMA,
            "event": self.event,
            "type": self.type,
            "object": self.object,
            "sequence": self.sequence,
            "before": self.before,
            "occurred_at": instant(self.occurred_at),
            "recorded_at": instant(self.recorded_at),
            "role": self.role,
        }
        if self.facts is not None:
            told["facts"] = dict(self.facts)
        if self.commitment:
            told["commitment"] = self.commitment
        return told

    def bytes(self) -> bytes:
        """The entry as it is published. EntryFault for facts that JSON does not hold exactly."""
        return canonical(self.told())


def canonical(value: Any) -> bytes:
    """JSON with one spelling only (RFC 8785). Raises EntryFault: a float is no figure of a register, and text is text."""
    if _holds_float(value):
        raise EntryFault("quantities are written as decimal strings")
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as fault:
        raise EntryFault(str(fault)) from fault


def _holds_float(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_float, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_holds_float, value))
    return isinstance(value, float)


def instant(at: datetime) -> str:
    """RFC 3339, in UTC, to the microsecond."""
    if at.tzinfo is None:
        raise EntryFault("an instant has an offset")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def commitment(salt: bytes, payload: bytes) -> str:
    """Hex. The salt has at least 16 bytes, or what is committed to could be guessed."""
    if len(salt) < 16:
        raise EntryFault("a salt has 16 bytes or more")
    return sha256(salt + payload).hexdigest()


def is_committed(data: bytes, salt: bytes, payload: bytes) -> bool:
    """Whether an entry, as published, commits to this."""
    return bool(told := read(data).get("commitment")) and told == commitment(salt, payload)


def read(data: bytes) -> dict[str, Any]:
    """The fields of a published entry. EntryFault unless these are its canonical bytes."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        raise EntryFault("that is not JSON") from None
    if not isinstance(told, dict) or told.get("schema") != SCHEMA:
        raise EntryFault("that is no entry of this schema")
    if canonical(told) != data:
        raise EntryFault("the entry is not canonical JSON")
    return told


def digest(data: bytes) -> str:
    """What the next entry of the object holds as ``before``."""
    return sha256(data).hexdigest()
