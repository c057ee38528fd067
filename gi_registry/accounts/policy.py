"""Who may change people and keys."""

from gi_registry.lib.access import NOT_YOUR_ROLE, SIGN_IN, Actor, Allowed, Decision, Denied, RoleKind, role_in
from gi_registry.lib.texts import Text


def may_register_people(actor: Actor, thing: object = None) -> Decision:
    """Organisations and memberships are entered by the provincial registrar."""
    return role_in(actor, RoleKind.REGISTRAR)


def may_hold_keys(actor: Actor, thing: object = None) -> Decision:
    """A person at a screen keeps keys; a key cannot make another key, or a stolen one would outlive its revocation."""
    if actor.user_id is None:
        return SIGN_IN
    if actor.key_id is not None:
        return Denied(
            "key_by_key", Text("密钥不能用来管理密钥，请登录后操作。", "A key cannot manage keys. Sign in instead.")
        )
    return Allowed() if actor.roles else NOT_YOUR_ROLE
