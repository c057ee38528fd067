"""Production regions: read by everybody, written by the registrar."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import anyone
from gi_registry.lib.api import ScopedAPIView, listed
from regions import actions, policy, queries
from regions.models import Region
from regions.serializers import (
    RegionDetailIn,
    RegionDetailOut,
    RegionEventOut,
    RegionFilterIn,
    RegionIn,
    RegionOut,
)


class RegionListView(ScopedAPIView):
    scope = staticmethod(Region.objects.visible_to)
    policies = {"GET": anyone, "POST": policy.may_keep_regions}

    @listed("regions_regions_list", RegionOut, RegionFilterIn)
    def get(self, request: Request) -> Response:
        """Production regions, newest first."""
        asked = self.read_query(RegionFilterIn)
        return self.page(queries.regions_filtered(self.rows(), day=clock.today(), **asked), RegionOut)

    @extend_schema(operation_id="regions_regions_create", request=RegionIn, responses={201: RegionOut})
    def post(self, request: Request) -> Response:
        """Write a region as it was announced. A printed box that contradicts the divisions is kept and flagged."""
        self.permit()
        region = actions.create_region(**self.read(RegionIn), actor=self.actor, now=clock.now())
        return self.created(RegionOut(region).data, reverse("regions-region", args=[region.number]), region)


class RegionView(ScopedAPIView):
    scope = staticmethod(Region.objects.visible_to)
    policies = {"GET": anyone}

    @extend_schema(operation_id="regions_regions_read", parameters=[RegionDetailIn], responses=RegionDetailOut)
    def get(self, request: Request, number: str) -> Response:
        """One region with the outlines of today, or of the day `as_of`."""
        asked = self.read_query(RegionDetailIn)
        region = self.fetch(number=number)
        region.as_of = asked.get("as_of") or clock.today()
        region.held = queries.boundaries_held(region, region.as_of, with_geometry=asked["geometry"])
        return self.ok(RegionDetailOut(region, context=asked).data, region)


class RegionHistoryView(ScopedAPIView):
    scope = staticmethod(Region.objects.visible_to)
    policies = {"GET": policy.may_read_history}

    @extend_schema(operation_id="regions_regions_history", responses=RegionEventOut(many=True))
    def get(self, request: Request, number: str) -> Response:
        """Who changed what of a region or of its outlines, when and why, newest first."""
        return self.ok(RegionEventOut(queries.history_of_region(self.fetch(number=number)), many=True).data)
