"""Fields that several shapes share: geometry read without trust, codes, hashes, and rows named by number or slug."""

from typing import Any, TypeVar

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Model, QuerySet
from rest_framework import serializers

from gi_registry.lib.problems import Invalid
from gi_registry.lib.shapes import In, Out
from gi_registry.lib.texts import Refusal, Text
from regions.geometry import to_geos
from regions.serializers.fields import GeometryField

M = TypeVar("M", bound=Model)
_UNKNOWN = Text("没有“{value}”，或您无权使用。", "There is no “{value}”, or none that you may use.")


def row_of(rows: QuerySet[M], pointer: str, **lookup: Any) -> M:
    """The row that a request names, among those given; Invalid when there is none."""
    row = rows.filter(**lookup).first()
    if row is None:
        raise Invalid(unknown(str(next(iter(lookup.values()))), pointer))
    return row


def unknown(value: str, pointer: str) -> Refusal:
    """The same words for what is not there and what is somebody else's."""
    shown = value[:40].replace("{", "").replace("}", "")
    return Refusal("unknown", _UNKNOWN.format(value=shown), pointer)


def rows_of(rows: QuerySet[M], numbers: list[str], pointer: str) -> list[M]:
    """The rows with these numbers, in one query; Invalid with a pointer to each that is not there."""
    found = {row.number: row for row in rows.filter(number__in=numbers)}  # type: ignore[attr-defined]
    faults = [unknown(number, f"{pointer}/{place}") for place, number in enumerate(numbers) if number not in found]
    if faults:
        raise Invalid(faults)
    return [found[number] for number in dict.fromkeys(numbers)]


class DivisionCodeField(serializers.RegexField):
    """A six-digit code of GB/T 2260."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^[1-9][0-9]{5}\Z", max_length=6, **kwargs)


class HashField(serializers.RegexField):
    """A SHA-256 in lower-case hex."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^[0-9a-f]{64}\Z", max_length=64, **kwargs)


class PointField(GeometryField):
    """A point for a column of points."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(kinds=frozenset({"Point"}), **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> "PointField":
        return type(self)(**{name: value for name, value in self._kwargs.items() if name != "kinds"})

    def to_internal_value(self, data: Any) -> GEOSGeometry:
        return to_geos(super().to_internal_value(data))


class DivisionRefOut(Out):
    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()


class ReasonedIn(In):
    """Why a change is made: it stands in the history."""

    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)
