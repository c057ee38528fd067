"""Who may change places: the provincial registrar alone. Reading is for everybody."""

from typing import Any

from gi_registry.lib.access import NOT_YOUR_ROLE, READERS, SIGN_IN, Actor, Allowed, Decision, RoleKind, role_in


def may_keep_regions(actor: Actor, region: Any = None) -> Decision:
    """Create a region, publish or end a boundary."""
    return role_in(actor, RoleKind.REGISTRAR)


def may_read_history(actor: Actor, region: Any = None) -> Decision:
    """Who changed a region and why: the names of officials are for the authorities and the auditor."""
    if actor.is_anonymous:
        return SIGN_IN
    return Allowed() if actor.has(*READERS) else NOT_YOUR_ROLE
