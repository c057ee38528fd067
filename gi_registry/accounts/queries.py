"""Who is asking: from a user or a key to an Actor. Asked with every request, so both statements are compiled once."""

import hmac
from datetime import datetime
from functools import cache

from gi_registry.accounts.models import ApiKey, Membership, User
from gi_registry.accounts.rules import KEY_PATTERN, KeyScope, digest_of
from gi_registry.lib.access import Actor, Role, RoleKind
from gi_registry.lib.compiled import Given, Hole, Statement

# What a request needs of a key and its person; the rest (a password's hash among it) stays in the database.
_OF_KEY = ("id", "user_id", "name", "prefix", "key_hash", "scopes", "last_used_at")
_OF_USER = ("id", "username", "display_name")


class _Hole(Hole):
    NOW = "now"
    PREFIX = "prefix"
    USER = "user"


def actor_of(user: User, key: ApiKey | None = None) -> Actor:
    """The actor for a person, or for one of the person's keys. One query."""
    rows = _roles().fetch({_Hole.USER: user.pk})
    return Actor(
        user_id=user.pk,
        name=str(user),
        roles=tuple(Role(RoleKind(kind), organisation_id, prefix) for kind, organisation_id, prefix in rows),
        key_id=key.pk if key else None,
        can_write=key is None or KeyScope.WRITE in key.scopes,
    )


def key_for(text: str, now: datetime) -> ApiKey | None:
    """The usable key behind a secret, with its user, or None. Compared in constant time. One query."""
    match = KEY_PATTERN.fullmatch(text)
    if match is None:
        return None
    for row in _keys().fetch({_Hole.NOW: now, _Hole.PREFIX: match[1]}):
        key = ApiKey.from_db("default", _OF_KEY, row[: len(_OF_KEY)])
        if hmac.compare_digest(bytes(key.key_hash), digest_of(text)):
            key.user = User.from_db("default", _OF_USER, row[len(_OF_KEY) :])
            return key
    return None


@cache
def _roles() -> Statement:
    rows = Membership.objects.current().filter(user_id=Given(_Hole.USER)).order_by("pk")
    return Statement.of(rows.values_list("role", "organisation_id", "division_prefix")).planned_once()


@cache
def _keys() -> Statement:
    rows = ApiKey.objects.usable(Given(_Hole.NOW)).filter(prefix=Given(_Hole.PREFIX))
    return Statement.of(rows.values_list(*_OF_KEY, *(f"user__{name}" for name in _OF_USER))).planned_once()
