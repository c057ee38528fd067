"""Who is asking, and a No that says why. Pure: policies are functions ``(actor, thing) -> Allowed | Denied``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from gi_registry.lib.texts import Text, Word


class RoleKind(Word):
    REGISTRAR = "registrar", "省级登记员", "Provincial registrar"
    CITY_REGULATOR = "city_regulator", "市级监管员", "City regulator"
    COUNTY_REGULATOR = "county_regulator", "县级监管员", "County regulator"
    HOLDER = "holder", "地理标志管理人", "Title holder"
    PRODUCER = "producer", "生产者", "Producer"
    AUDITOR = "auditor", "审计员（只读）", "Auditor (read only)"


REGULATORS = (RoleKind.REGISTRAR, RoleKind.CITY_REGULATOR, RoleKind.COUNTY_REGULATOR)
READERS = (*REGULATORS, RoleKind.AUDITOR)


@dataclass(frozen=True, slots=True)
class Role:
    """One membership: a role for an organisation (holder, producer) or for the places under a division code prefix."""

    kind: RoleKind
    organisation_id: int | None = None
    division_prefix: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks: a person by session, a machine by key, nobody, or the system itself."""

    user_id: int | None
    name: str
    roles: tuple[Role, ...] = ()
    key_id: int | None = None
    can_write: bool = True

    ANONYMOUS: ClassVar[Actor]
    SYSTEM: ClassVar[Actor]

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None and not self.roles

    @property
    def identity(self) -> str:
        """A stable name for records that must not point at a row: ``user:7``, ``key:3``, ``system``, ``anonymous``."""
        if self.key_id is not None:
            return f"key:{self.key_id}"
        if self.user_id is not None:
            return f"user:{self.user_id}"
        return "anonymous" if self.is_anonymous else "system"

    @property
    def access_class(self) -> str:
        """Names what may be seen, for the keys of caches: scopes are functions of the roles, so equal roles see equal rows."""
        return "public" if self.is_anonymous else _class_of(self.roles)

    def has(self, *kinds: RoleKind) -> bool:
        return any(role.kind in kinds for role in self.roles)

    def organisation_ids(self, *kinds: RoleKind) -> frozenset[int]:
        """Organisations for which the actor holds one of these roles."""
        return frozenset(role.organisation_id for role in self.roles if role.kind in kinds and role.organisation_id)

    def prefixes(self, *kinds: RoleKind) -> tuple[str, ...]:
        """Division code prefixes watched in one of these roles. An empty prefix watches nothing."""
        return tuple(role.division_prefix for role in self.roles if role.kind in kinds and role.division_prefix)

    def watches(self, division_code: str, *kinds: RoleKind) -> bool:
        """Whether a place lies under one of the actor's prefixes in one of these roles."""
        return bool(division_code) and any(division_code.startswith(prefix) for prefix in self.prefixes(*kinds))


@lru_cache(maxsize=1_000)
def _class_of(roles: tuple[Role, ...]) -> str:
    told = sorted((role.kind.value, role.organisation_id or 0, role.division_prefix) for role in roles)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


Actor.ANONYMOUS = Actor(user_id=None, name="anonymous", can_write=False)
Actor.SYSTEM = Actor(user_id=None, name="system", roles=(Role(RoleKind.REGISTRAR, division_prefix="14"),))


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    """No, and why. Falsy, so that ``if policy(...)`` reads as it should."""

    code: str
    text: Text

    def __bool__(self) -> bool:
        return False


Decision = Allowed | Denied

SIGN_IN = Denied("sign_in", Text("请先登录，或在请求中附上 API 密钥。", "Sign in first, or send an API key."))
READ_ONLY = Denied("read_only_key", Text("此 API 密钥只能读取。", "This API key may only read."))
NOT_YOUR_ROLE = Denied("role", Text("您的角色不能进行此操作。", "Your role may not do this."))


def anyone(actor: Actor, thing: Any = None) -> Decision:
    """Public facts: no questions asked."""
    return Allowed()


def signed_in(actor: Actor, thing: Any = None) -> Decision:
    """Any person or key that we know; the rows are narrowed by the scope."""
    return SIGN_IN if actor.is_anonymous else Allowed()


def writer(actor: Actor) -> Decision:
    """The first question of every policy that changes something."""
    if actor.is_anonymous:
        return SIGN_IN
    return Allowed() if actor.can_write else READ_ONLY


def role_in(actor: Actor, *kinds: RoleKind) -> Decision:
    """A writer with one of these roles, wherever."""
    decision = writer(actor)
    if not decision:
        return decision
    return Allowed() if actor.has(*kinds) else NOT_YOUR_ROLE


def watcher(actor: Actor, division_code: str, *kinds: RoleKind) -> Decision:
    """A writer with one of these roles over this place."""
    decision = role_in(actor, *kinds)
    if not decision:
        return decision
    if actor.watches(division_code, *kinds):
        return Allowed()
    return Denied("jurisdiction", Text("不在您的管辖范围内。", "This is outside your jurisdiction."))
