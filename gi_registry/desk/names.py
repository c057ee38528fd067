"""Where the names of cities and counties stand on the map: one point inside each, so that a name stands once."""

from typing import Any

import orjson
from django.contrib.gis.db.models import PointField
from django.contrib.gis.db.models.functions import AsGeoJSON, GeoFunc
from django.core.cache import cache

from gi_registry.ogc.versions import version_of
from regions.features import DIVISIONS
from regions.models import Division
from regions.rules import DivisionLevel

DIGITS = 4  # ten metres
KEPT_S = 24 * 3600


class _PointInside(GeoFunc):
    function = "ST_PointOnSurface"
    output_field = PointField(srid=4326)


def names_of_places() -> dict[str, Any]:
    """GeoJSON points with ``level``, ``name_zh`` and ``name_en``; kept until a division changes."""
    return cache.get_or_set(f"desk.names.{version_of(DIVISIONS)}", _find, KEPT_S)


def _find() -> dict[str, Any]:
    rows = Division.objects.current().filter(level__in=(DivisionLevel.CITY, DivisionLevel.COUNTY)).order_by("code")
    told = rows.annotate(at=AsGeoJSON(_PointInside("geom"), precision=DIGITS)).values_list(
        "level", "name_zh", "name_en", "at"
    )
    return {"type": "FeatureCollection", "features": [_feature(*row) for row in told]}


def _feature(level: str, name_zh: str, name_en: str, at: str) -> dict[str, Any]:
    facts = {"level": level, "name_zh": name_zh, "name_en": name_en or name_zh}
    return {"type": "Feature", "geometry": orjson.loads(at), "properties": facts}
