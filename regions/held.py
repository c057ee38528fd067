"""What the outlines of regions must be for what was logged of them (gi_registry/openlog/held.py)."""

from collections.abc import Sequence

from gi_registry.openlog.held import Facts, Kind, Step
from regions.actions.logged import boundary_facts
from regions.models import Boundary


def _outlines(numbers: Sequence[str]) -> dict[str, Facts]:
    """All outlines of a region, each under its digest."""
    found: dict[str, dict[str, Facts]] = {}
    for row in Boundary.objects.filter(region__number__in=numbers).select_related("region").iterator(100):
        found.setdefault(row.region.number, {}).update(_named(boundary_facts(row)))
    return found


def _said(steps: Sequence[Step]) -> Facts:
    told: dict[str, Facts] = {}
    for step in steps:
        told |= _named(step.facts)
    return told


def _named(facts: Facts) -> dict[str, Facts]:
    return {f"{facts['zone']} {facts['valid_from']} {facts['geometry_sha256'][:16]}": facts}


KINDS = (Kind("region", _outlines, Boundary.objects.all, _said, key="region__number"),)
