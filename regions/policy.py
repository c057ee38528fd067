"""Who may change places: the provincial registrar alone. Reading is for everybody."""

from typing import Any

from gi_registry.lib.access import Actor, Decision, RoleKind, role_in


def may_keep_regions(actor: Actor, region: Any = None) -> Decision:
    """Create a region, publish or end a boundary."""
    return role_in(actor, RoleKind.REGISTRAR)
