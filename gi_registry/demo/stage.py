"""What the loaders share: the data files, the day of loading, and in whose name each thing is done."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings

from gi_registry.accounts.models import Organisation, User
from gi_registry.accounts.queries import actor_of
from gi_registry.lib.access import Actor, Role, RoleKind
from gi_registry.lib.clock import day_of
from products.models import Producer

DATA = settings.BASE_DIR / "fixtures" / "demo"
REASON = "示例数据 demo"
Row = dict[str, Any]


def read(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


@dataclass
class Stage:
    """Days in the data are counted from the day of loading (-40: forty days ago), so that the demo never grows old."""

    now: datetime
    users: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    producers: dict[str, Producer] = field(default_factory=dict)

    def at(self, days: int) -> datetime:
        return self.now + timedelta(days=days)

    def on(self, days: int | None) -> date | None:
        return None if days is None else day_of(self.at(days))

    @cached_property
    def registrar(self) -> Actor:
        return actor_of(self.users["registrar"])

    def maker(self, key: str) -> Actor:
        """Somebody of this producer's own; most of them have no account that a visitor could use."""
        organisation = self.organisations[key]
        role = Role(RoleKind.PRODUCER, organisation_id=organisation.pk)
        return Actor(user_id=None, name=organisation.name_zh, roles=(role,))

    def actor(self, by: str, producer: str) -> Actor:
        """By whom a step is taken: ``producer`` is the goods' own, everything else a user name."""
        return self.maker(producer) if by == "producer" else actor_of(self.users[by])
