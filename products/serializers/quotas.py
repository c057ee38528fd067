"""What a season allows, in and out."""

from typing import Any

from rest_framework import serializers

from gi_registry.lib.shapes import In, Out, WordField
from products.rules.seasons import MAX_CEILINGS, CeilingBasis, CeilingOrigin, QuotaState
from products.rules.words import SiteKind, Unit
from products.serializers.fields import ReasonedIn

_FIGURE = {"max_digits": 15, "decimal_places": 3}


class CeilingIn(In):
    """`amount` is in the quota's `raw_unit`. Without `division_code` and `site_kind` it holds everywhere; of several that fit a
    site the narrowest place counts, and there the ceiling of its own kind."""

    zone_zh = serializers.CharField(max_length=60)
    zone_en = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    division_code = serializers.RegexField(
        r"^([1-9][0-9]{1,5})?\Z", max_length=6, required=False, allow_blank=True, default="", help_text="A prefix."
    )
    site_kind = WordField(SiteKind, required=False, allow_blank=True)
    basis = WordField(CeilingBasis)
    amount = serializers.DecimalField(max_digits=18, decimal_places=4)
    origin = WordField(CeilingOrigin)
    source = serializers.CharField(max_length=300)


class SeasonQuotaIn(ReasonedIn):
    """`yield_raw` of raw goods give at most `yield_goods` of finished ones (160 kg of grapes, 102 L). `cap`: all producers together,
    in `raw_unit`; none is no cap."""

    raw_unit = WordField(Unit)
    goods_unit = WordField(Unit)
    yield_raw = serializers.DecimalField(**_FIGURE, required=False, default=1)
    yield_goods = serializers.DecimalField(**_FIGURE, required=False, default=1)
    cap = serializers.DecimalField(max_digits=18, decimal_places=3, required=False, allow_null=True, default=None)
    source = serializers.CharField(max_length=300)
    ceilings = CeilingIn(many=True, max_length=MAX_CEILINGS)


class CeilingOut(Out):
    zone_zh = serializers.CharField()
    zone_en = serializers.CharField()
    division_code = serializers.CharField()
    site_kind = serializers.CharField()
    basis = WordField(CeilingBasis)
    amount = serializers.DecimalField(max_digits=18, decimal_places=4)
    origin = WordField(CeilingOrigin)
    source = serializers.CharField()


class SeasonQuotaOut(Out):
    """What a season allows, with the source of each figure."""

    season = serializers.CharField(source="season.number")
    indication = serializers.CharField(source="season.indication.slug")
    state = WordField(QuotaState)
    raw_unit = WordField(Unit)
    goods_unit = WordField(Unit)
    yield_raw = serializers.DecimalField(**_FIGURE)
    yield_goods = serializers.DecimalField(**_FIGURE)
    cap = serializers.DecimalField(max_digits=18, decimal_places=3, allow_null=True)
    source = serializers.CharField()
    ceilings = CeilingOut(many=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


def ceilings_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Columns of ``SeasonCeiling``: words as the database keeps them."""
    words = ("site_kind", "basis", "origin")
    return [{name: str(value) if name in words else value for name, value in row.items()} for row in rows]
