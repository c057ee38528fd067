"""Places for tests: small squares round Qingxu, made by the same actions that the real ones come through."""

from datetime import date
from typing import Any

from gi_registry.lib.access import Actor
from regions import actions
from regions.models import Boundary, Division, Region
from tests.cast import NOW

NAMES = {
    "140000": "山西省",
    "140100": "太原市",
    "140700": "晋中市",
    "140110": "晋源区",
    "140121": "清徐县",
    "140727": "祁县",
}
# West, south, east, north. Qingxu and Qi county share the line 112.4; Jinyuan lies in a hole of Qingxu.
BOXES = {
    "140110": (112.2, 37.5, 112.3, 37.6),
    "140121": (112.0, 37.4, 112.4, 37.7),
    "140727": (112.4, 37.4, 112.8, 37.7),
    "140100": (112.0, 37.4, 112.4, 37.7),
    "140700": (112.4, 37.4, 112.8, 37.7),
    "140000": (112.0, 37.4, 112.8, 37.7),
}


def a_ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def a_square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A box as a GeoJSON polygon."""
    return {"type": "Polygon", "coordinates": [a_ring(west, south, east, north)]}


def a_feature(code: str) -> dict[str, Any]:
    rings = [a_ring(*BOXES[code])]
    if code == "140121":
        rings.append(a_ring(*BOXES["140110"]))
    return {
        "type": "Feature",
        "properties": {"adcode": code, "name_zh": NAMES[code]},
        "geometry": {"type": "Polygon", "coordinates": rings},
    }


def the_divisions() -> dict[str, Division]:
    """A province of two cities and three counties, one of them in a hole of another."""
    return actions.import_divisions(features=[a_feature(code) for code in NAMES], actor=Actor.SYSTEM, now=NOW)


def a_change(**more: Any) -> None:
    """Qingxu once had another code and name."""
    facts = {
        "old_code": "140199",
        "old_name_zh": "梗阳县",
        "new_code": "140121",
        "new_name_zh": "清徐县",
        "share": "whole",
        "changed_after": date(1950, 1, 1),
        "changed_before": date(1960, 1, 1),
        "actor": Actor.SYSTEM,
        "now": NOW,
    }
    actions.record_division_change(**{**facts, **more})


def a_region(slug: str = "qingxu-vinegar", **more: Any) -> Region:
    """The region of Qingxu; give ``division_codes`` and the rest to differ. The divisions must be there."""
    facts = {
        "slug": slug,
        "name_zh": "清徐陈醋产地范围",
        "name_en": "Qingxu vinegar region",
        "source_text": "清徐县",
        "accuracy_m": 1000,
        "division_codes": ["140121"],
        "actor": Actor.SYSTEM,
        "now": NOW,
    }
    return actions.create_region(**{**facts, **more})


def a_boundary(region: Region, **more: Any) -> Boundary:
    """Its outline since 2004, as the union of divisions unless told otherwise."""
    facts = {"valid_from": date(2004, 8, 9), "division_codes": ["140121"], "actor": Actor.SYSTEM, "now": NOW}
    return actions.publish_boundary(**{**facts, "region": region, **more})
