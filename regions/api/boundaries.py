"""The outlines of a region through time: read by everybody, published and ended by the registrar."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import anyone
from gi_registry.lib.api import IF_MATCH, ScopedAPIView, listed
from gi_registry.lib.shapes import NothingIn
from regions import actions, policy, queries
from regions.models import Region
from regions.serializers import BoundaryEndIn, BoundaryIn, BoundaryOut


class BoundaryListView(ScopedAPIView):
    scope = staticmethod(Region.objects.visible_to)
    policies = {"GET": anyone, "POST": policy.may_keep_regions}

    @listed("regions_boundaries_list", BoundaryOut)
    def get(self, request: Request, number: str) -> Response:
        """Every outline that a region ever had, newest first; the lines themselves stand in the region's record."""
        self.read_query(NothingIn)
        return self.page(queries.boundaries_of(self.fetch(number=number)), BoundaryOut)

    @extend_schema(operation_id="regions_boundaries_create", request=BoundaryIn, responses={201: BoundaryOut})
    def post(self, request: Request, number: str) -> Response:
        """Publish an outline. It never ends an earlier one by itself: overlapping in time is refused."""
        region = self.fetch(number=number)
        boundary = actions.publish_boundary(region=region, **self.read(BoundaryIn), actor=self.actor, now=clock.now())
        return self.created(BoundaryOut(boundary).data, reverse("regions-boundaries", args=[region.number]))


class BoundaryEndView(ScopedAPIView):
    scope = staticmethod(Region.objects.visible_to)
    policies = {"POST": policy.may_keep_regions}

    @extend_schema(
        operation_id="regions_boundaries_end",
        request=BoundaryEndIn,
        responses=BoundaryOut,
        parameters=[IF_MATCH],
    )
    def post(self, request: Request, number: str) -> Response:
        """Let the outline of a zone hold no longer from a day on."""
        region = self.fetch(number=number)
        self.match(region)
        boundary = actions.end_boundary(region=region, **self.read(BoundaryEndIn), actor=self.actor, now=clock.now())
        return self.ok(BoundaryOut(boundary).data)
