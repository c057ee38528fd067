"""What of regions is said to the open log: from when to when an outline holds, and a digest of it."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

from gi_registry.lib.access import Actor
from gi_registry.openlog.actions import Event, record
from regions.models import Boundary
from regions.rules.logged import Logged


def log_boundary(word: Logged, boundary: Boundary, *, actor: Actor, now: datetime, reason: str = "") -> None:
    name, secret = f"region:{boundary.region.number}", {"reason": reason.strip()} if reason.strip() else None
    record([Event(word.value, name, now, boundary_facts(boundary), secret)], actor=actor, now=now)


def boundary_facts(boundary: Boundary) -> dict[str, Any]:
    """The digest is that of the well-known binary (2D, little-endian) of the outline as it is stored."""
    region, valid = boundary.region, boundary.valid
    return {
        "region": region.number,
        "zone": boundary.zone,
        "method": boundary.method,
        "valid_from": _day(valid.lower),
        "valid_until": _day(valid.upper),
        "accuracy_m": boundary.accuracy_m,
        "geometry_sha256": sha256(bytes(boundary.geom.wkb)).hexdigest(),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
