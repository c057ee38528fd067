"""Who is asking: from a user or a key to an Actor. Asked with every request, so both statements are compiled once."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import orjson
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from gi_registry.accounts.models import ApiKey, Membership, User
from gi_registry.accounts.rules import KEY_PATTERN, KeyScope, digest_of
from gi_registry.lib.access import Actor, Role, RoleKind
from gi_registry.lib.compiled import Given, Hole, Statement

# What a request needs of a key and its person; the rest (a password's hash among it) stays in the database.
_OF_KEY = ("id", "user_id", "name", "prefix", "key_hash", "scopes", "last_used_at")
_HASH = _OF_KEY.index("key_hash")
_OF_USER = ("id", "username", "display_name")
_OF_ROLE = ("role", "organisation_id", "division_prefix")


class _Hole(Hole):
    NOW = "now"
    PREFIX = "prefix"
    USER = "user"


def actor_of(user: User, key: ApiKey | None = None) -> Actor:
    """The actor for a person, or for one of the person's keys. One query."""
    return Actor(
        user_id=user.pk,
        name=str(user),
        roles=_roles_of(_roles().fetch({_Hole.USER: user.pk})),
        key_id=key.pk if key else None,
        can_write=key is None or KeyScope.WRITE in key.scopes,
    )


@dataclass(frozen=True, slots=True)
class Bearer:
    """A usable key, as far as every request needs it; ``model`` and its user are made for those who ask for them."""

    facts: Sequence[Any]
    roles: Sequence[str]

    @property
    def key_id(self) -> int:
        return self.facts[0]

    @property
    def last_used_at(self) -> datetime | None:
        return self.facts[len(_OF_KEY) - 1]

    @property
    def model(self) -> ApiKey:
        key = ApiKey.from_db("default", _OF_KEY, self.facts[: len(_OF_KEY)])
        key.user = User.from_db("default", _OF_USER, self.facts[len(_OF_KEY) :])
        return key

    @property
    def actor(self) -> Actor:
        """For whom it speaks."""
        key_id, user_id, _, _, _, scopes, *_, username, display_name = self.facts
        return _actor_of_key(user_id, display_name or username, tuple(self.roles), key_id, KeyScope.WRITE in scopes)


@lru_cache(maxsize=1_000)
def _actor_of_key(user_id: int, name: str, roles: tuple[str, ...], key_id: int, can_write: bool) -> Actor:
    """Nothing but what its arguments say, which are read with every request; ``roles`` as JSON."""
    told = map(orjson.loads, roles)
    return Actor(
        user_id=user_id,
        name=name,
        roles=_roles_of([role[field] for field in _OF_ROLE] for role in told),
        key_id=key_id,
        can_write=can_write,
    )


def bearer_of(text: str, now: datetime) -> Bearer | None:
    """The usable key behind a secret, or None. Compared in constant time. One query."""
    match = KEY_PATTERN.fullmatch(text)
    if match is None:
        return None
    for *facts, roles in _keys().fetch({_Hole.NOW: now, _Hole.PREFIX: match[1]}):
        if hmac.compare_digest(facts[_HASH], digest_of(text)):
            return Bearer(facts, roles)
    return None


def _roles_of(rows: Iterable[Sequence[Any]]) -> tuple[Role, ...]:
    """From rows of ``_OF_ROLE``."""
    return tuple(Role(RoleKind(kind), organisation_id, prefix) for kind, organisation_id, prefix in rows)


@cache
def _roles() -> Statement:
    rows = Membership.objects.current().filter(user_id=Given(_Hole.USER)).order_by("pk")
    return Statement.of(rows.values_list(*_OF_ROLE)).planned_once()


@cache
def _keys() -> Statement:
    roles = Membership.objects.current().filter(user_id=OuterRef("user_id")).order_by("pk")
    told = ArraySubquery(roles.values(told=JSONObject(**{name: F(name) for name in _OF_ROLE})))
    rows = ApiKey.objects.usable(Given(_Hole.NOW)).filter(prefix=Given(_Hole.PREFIX)).annotate(_roles=told)
    facts = (*_OF_KEY, *(f"user__{name}" for name in _OF_USER), "_roles")
    return Statement.of(rows.values_list(*facts)).planned_once()
