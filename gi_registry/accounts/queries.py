"""Who is asking: from a user or a key to an Actor."""

import hmac
from datetime import datetime

from gi_registry.accounts.models import ApiKey, Membership, User
from gi_registry.accounts.rules import KEY_PATTERN, KeyScope, digest_of
from gi_registry.lib.access import Actor, Role, RoleKind


def actor_of(user: User, key: ApiKey | None = None) -> Actor:
    """The actor for a person, or for one of the person's keys. One query."""
    memberships = Membership.objects.current().filter(user=user).order_by("pk")
    roles = tuple(Role(RoleKind(m.role), m.organisation_id, m.division_prefix) for m in memberships)
    return Actor(
        user_id=user.pk,
        name=str(user),
        roles=roles,
        key_id=key.pk if key else None,
        can_write=key is None or KeyScope.WRITE in key.scopes,
    )


def key_for(text: str, now: datetime) -> ApiKey | None:
    """The usable key behind a secret, or None. Compared in constant time. One query."""
    match = KEY_PATTERN.fullmatch(text)
    if match is None:
        return None
    key = ApiKey.objects.usable(now).select_related("user").filter(prefix=match[1]).first()
    if key is None or not hmac.compare_digest(bytes(key.key_hash), digest_of(text)):
        return None
    return key
