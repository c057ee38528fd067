"""What a season allows, over HTTP. It is opened and closed where its books are kept."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.api import ScopedAPIView
from products import actions, policy
from products.api.shared import HistoryView, history_of_noun
from products.models import Season, SeasonQuota
from products.serializers.quotas import SeasonQuotaIn, SeasonQuotaOut, ceilings_of


class SeasonQuotaDetail(ScopedAPIView):
    scope = staticmethod(lambda actor: SeasonQuota.objects.visible_to(actor).told())
    policies = {"GET": policy.may_read_public, "POST": policy.may_keep_season}

    @extend_schema(operation_id="season_quotas_read", responses=SeasonQuotaOut)
    def get(self, request: Any, number: str) -> Response:
        """Ceilings, cap and conversion of a season, each with its source."""
        row = self.fetch(season__number=number)
        return self.ok(SeasonQuotaOut(row).data, row)

    @extend_schema(operation_id="season_quotas_set", request=SeasonQuotaIn, responses={201: SeasonQuotaOut})
    def post(self, request: Any, number: str) -> Response:
        """Draft what a season allows, or draft it anew. Once it is open its figures stay."""
        season = self.fetch(Season.objects.visible_to(self.actor), number=number)
        data = self.read(SeasonQuotaIn)
        reason = data.pop("reason")
        content = actions.QuotaContent(**{**data, "ceilings": ceilings_of(data["ceilings"])})
        row = actions.set_quota(season=season, content=content, actor=self.actor, now=clock.now(), reason=reason)
        row = SeasonQuota.objects.told().get(pk=row.pk)
        return self.created(SeasonQuotaOut(row).data, reverse("products-api-season-quota", args=[number]), row)


@history_of_noun("season_quotas")
class SeasonQuotaHistory(HistoryView):
    scope = SeasonQuotaDetail.scope

    def fetch(self, queryset: Any = None, **lookup: Any) -> Any:
        return super().fetch(queryset, season__number=lookup.pop("number"), **lookup)
