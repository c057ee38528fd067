"""What may be made in a season: ceilings by place and kind of site, the cap on the whole, and where each figure comes from."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from products.models.indications import Season
from products.models.steps import kept, only_steps, only_words
from products.querysets import SeasonQuotaQuerySet
from products.rules.seasons import QUOTA_STEPS, QUOTA_UNITS, CeilingBasis, CeilingOrigin, QuotaState
from products.rules.words import SiteKind

_UNITS = [(unit.value, unit.text.zh) for unit in QUOTA_UNITS]
# Entitlements are computed from these figures: once the quota is open they stay as they were announced.
_FROZEN = f"""
IF EXISTS (
    SELECT FROM products_seasonquota q
    WHERE q.id = COALESCE(NEW.quota_id, OLD.quota_id) AND q.state <> '{QuotaState.DRAFT.value}'
) THEN
    RAISE EXCEPTION 'the ceilings of an open quota are never changed';
END IF;
RETURN COALESCE(NEW, OLD);
"""
_FIGURES = ("raw_unit", "goods_unit", "yield_raw", "yield_goods", "cap", "source")
_SETTLED = f"""
IF OLD.state <> '{QuotaState.DRAFT.value}' AND ROW({", ".join(f"NEW.{name}" for name in _FIGURES)})
    IS DISTINCT FROM ROW({", ".join(f"OLD.{name}" for name in _FIGURES)}) THEN
    RAISE EXCEPTION 'the figures of an open quota are never changed';
END IF;
RETURN NEW;
"""


@pghistory.track()
class SeasonQuota(models.Model):
    """The terms of a season's books. ``yield_raw`` (in ``raw_unit``) of raw goods gives at most ``yield_goods`` (in
    ``goods_unit``) of finished ones; ``cap`` is for all producers together, in ``raw_unit``."""

    season = models.OneToOneField(Season, models.PROTECT, related_name="quota")
    state = models.CharField(max_length=8, choices=QuotaState.choices(), default=QuotaState.DRAFT.value)
    raw_unit = models.CharField(max_length=12, choices=_UNITS)
    goods_unit = models.CharField(max_length=12, choices=_UNITS)
    yield_raw = models.DecimalField(max_digits=15, decimal_places=3, default=1)
    yield_goods = models.DecimalField(max_digits=15, decimal_places=3, default=1)
    cap = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    source = models.CharField(max_length=300)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = SeasonQuotaQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("state", QuotaState, "season_quota_state_known"),
            models.CheckConstraint(
                condition=Q(raw_unit__in=[unit.value for unit in QUOTA_UNITS])
                & Q(goods_unit__in=[unit.value for unit in QUOTA_UNITS]),
                name="season_quota_units_known",
            ),
            models.CheckConstraint(
                condition=Q(yield_raw__gt=0, yield_goods__gt=0)
                & (Q(cap__isnull=True) | Q(cap__gt=0))
                & (~Q(raw_unit=F("goods_unit")) | Q(yield_goods__lte=F("yield_raw"))),
                name="season_quota_figures",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="season_quota_has_source"),
            models.CheckConstraint(
                condition=(Q(state=QuotaState.DRAFT.value) | Q(opened_at__isnull=False))
                & (~Q(state=QuotaState.CLOSED.value) | Q(closed_at__isnull=False)),
                name="season_quota_dated",
            ),
        ]
        triggers = [
            kept(),
            only_steps("state", QUOTA_STEPS, [QuotaState.DRAFT]),
            pgtrigger.Trigger(name="settled", when=pgtrigger.Before, operation=pgtrigger.Update, func=_SETTLED),
        ]

    def __str__(self) -> str:
        return f"{self.season}"

    @property
    def indication(self):
        """Whose season it is: what policy asks."""
        return self.season.indication


@pghistory.track()
class SeasonCeiling(models.Model):
    """At most ``amount`` (in the quota's ``raw_unit``) per mu, hectare or producer, for sites of a kind under a division code."""

    quota = models.ForeignKey(SeasonQuota, models.CASCADE, related_name="ceilings")
    zone_zh = models.CharField(max_length=60)
    zone_en = models.CharField(max_length=80, blank=True, default="")
    division_code = models.CharField(max_length=6, blank=True, default="", help_text="Prefix; empty is everywhere.")
    site_kind = models.CharField(max_length=12, choices=SiteKind.choices(), blank=True, default="")
    basis = models.CharField(max_length=12, choices=CeilingBasis.choices())
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    origin = models.CharField(max_length=10, choices=CeilingOrigin.choices())
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quota", "division_code", "site_kind"], name="season_ceiling_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="season_ceiling_positive"),
            models.CheckConstraint(condition=~Q(source=""), name="season_ceiling_has_source"),
            models.CheckConstraint(
                condition=Q(division_code__regex=r"^([1-9][0-9]{1,5})?$"), name="season_ceiling_division_shape"
            ),
            models.CheckConstraint(
                condition=Q(site_kind__in=["", *(kind.value for kind in SiteKind)]), name="season_ceiling_kind_known"
            ),
            only_words("basis", CeilingBasis, "season_ceiling_basis_known"),
            only_words("origin", CeilingOrigin, "season_ceiling_origin_known"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_FROZEN,
            )
        ]

    def __str__(self) -> str:
        return f"{self.zone_zh} {self.amount}"
