"""Fields that the shapes of places share: geometry and points read without trust, days, codes."""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from shapely.geometry.base import BaseGeometry

from gi_registry.lib.language import say
from gi_registry.lib.shapes import WordField
from gi_registry.lib.texts import Refusal, Text
from regions.geometry import CHINA, POLYGONS, GeometryRefused, point_at, read_geometry, to_geojson
from regions.rules import CoordinateSystem, reader_of

EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 1, 1)

BAD_POINT = Text("请写作“经度,纬度”，如 112.35,37.60。", "Write it as longitude,latitude, such as 112.35,37.60.")
BAD_DAY = Text("日期应在 1900 年至 2200 年之间。", "The date must lie between 1900 and 2200.")
SWAPPED = Text("看来纬度写在了前面：经度在前。", "It looks as if latitude came first: longitude comes first.")

CRS_HELP = (
    "Longitude comes first whatever this names. EPSG:4490 is taken as WGS 84; gcj02 and bd09 are converted to it."
)

GEOMETRY_SCHEMA = {
    "type": "object",
    "description": "GeoJSON geometry (RFC 7946): WGS 84, longitude first, at most 100,000 positions, no `crs`.",
    "required": ["type", "coordinates"],
    "properties": {"type": {"type": "string"}, "coordinates": {"type": "array", "items": {}}},
    "additionalProperties": False,
}


class CrsField(WordField):
    """In which system the coordinates beside it stand."""

    def __init__(self, **kwargs: Any) -> None:
        about = {"required": False, "default": CoordinateSystem.CRS84, "help_text": CRS_HELP}
        super().__init__(CoordinateSystem, **{**about, **kwargs})

    def __deepcopy__(self, memo: dict[int, Any]) -> "CrsField":
        return type(self)(**{name: value for name, value in self._kwargs.items() if name != "words"})


def declared_system(field: serializers.Field) -> CoordinateSystem:
    """What the ``crs`` beside a field names. A word that nobody knows is told by its own field."""
    given = getattr(field.parent, "initial_data", None)
    try:
        return CoordinateSystem(given.get("crs", CoordinateSystem.CRS84)) if given else CoordinateSystem.CRS84
    except ValueError:
        return CoordinateSystem.CRS84


@contextmanager
def refused_by_place() -> Iterator[None]:
    """Faults of a geometry as REST framework nests its details."""
    try:
        yield
    except GeometryRefused as refused:
        raise serializers.ValidationError(by_place(refused.refusals)) from refused


@extend_schema_field(GEOMETRY_SCHEMA)
class GeometryField(serializers.Field):
    """GeoJSON in, shapely out; each fault keeps its place inside the geometry. A ``crs`` beside it is honoured."""

    def __init__(self, kinds: frozenset[str] = POLYGONS, **kwargs: Any) -> None:
        self.kinds = kinds
        super().__init__(**kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> "GeometryField":
        return type(self)(**self._kwargs)

    def to_internal_value(self, data: Any) -> BaseGeometry:
        with refused_by_place():
            return read_geometry(data, kinds=self.kinds, pointer="", system=declared_system(self))

    def to_representation(self, value: GEOSGeometry) -> dict[str, Any] | None:
        return to_geojson(value)


def by_place(refusals: Iterable[Refusal]) -> dict[str, Any]:
    """Refusals with pointers as REST framework nests its details."""
    tree: dict[str, Any] = {}
    for refusal in refusals:
        node = tree
        for step in filter(None, refusal.pointer.split("/")):
            node = node.setdefault(step, {})
        told = serializers.ErrorDetail(say(refusal.text), code=refusal.code)
        node.setdefault("non_field_errors", []).append(told)
    return tree


@extend_schema_field({"type": "string", "example": "112.35,37.60"})
class LonLatField(serializers.Field):
    """``longitude,latitude`` in degrees, as a point for the database. A ``crs`` beside it is honoured."""

    def to_internal_value(self, data: Any) -> GEOSGeometry:
        try:
            longitude, latitude = (float(part) for part in str(data)[:60].split(","))
        except ValueError:
            longitude = latitude = math.nan
        west, south, east, north = CHINA
        if west <= latitude <= east and south <= longitude <= north:
            raise serializers.ValidationError(say(SWAPPED), code="axes_swapped")
        if not (abs(longitude) <= 180 and abs(latitude) <= 90):
            raise serializers.ValidationError(say(BAD_POINT), code="position_shape")
        return point_at(*reader_of(declared_system(self))(longitude, latitude))

    def to_representation(self, value: GEOSGeometry) -> str:
        return f"{value.x},{value.y}"


class DayField(serializers.DateField):
    """A date near enough to our own time that no arithmetic with it can overflow."""

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if not EARLIEST <= day <= LATEST:
            raise serializers.ValidationError(say(BAD_DAY), code="date_absurd")
        return day


class CodeField(serializers.RegexField):
    """A division code of GB/T 2260."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"\A[1-9][0-9]{5}\Z", **kwargs)
