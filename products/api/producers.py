"""Producers and their sites over HTTP."""

from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from gi_registry.accounts.models import Organisation
from gi_registry.lib import clock
from gi_registry.lib.api import IF_MATCH, ScopedAPIView, listed
from products import actions, policy, queries
from products.api.shared import HistoryView, history_of_noun
from products.models import Authorisation, Indication, Producer, Site
from products.serializers import (
    ProducerChangeIn,
    ProducerDetailOut,
    ProducerFilterIn,
    ProducerIn,
    ProducerOut,
    ReasonedIn,
    SiteFilterIn,
    SiteIn,
    SiteOut,
    SiteReviewIn,
    row_of,
)
from regions.models import Division

_ORGANISATION = ("organisation__sponsor", "division")


def shown_producers(actor: Any) -> Any:
    """Public ones and those that the actor may see, with what the shapes show."""
    rows = Producer.objects.shown_to(actor).select_related(*_ORGANISATION).defer("division__geom")
    grants = Authorisation.objects.public().select_related("title__indication").order_by("-pk")
    return rows.prefetch_related(Prefetch("authorisations", grants, to_attr="public_grants"))


class ProducerList(ScopedAPIView):
    scope = staticmethod(shown_producers)
    policies = {"GET": policy.may_read_public, "POST": policy.may_register_producer}

    @listed("producers_list", ProducerOut, ProducerFilterIn)
    def get(self, request: Any) -> Response:
        """Producers that chose to be shown; beside them one's own and those in one's care."""
        asked = self.read_query(ProducerFilterIn)
        rows = self.rows()
        if "division" in asked:
            rows = rows.filter(division__code__in=queries.codes_touching(asked["division"]))
        if "indication" in asked:
            granted = Authorisation.objects.public().standing().filter(title__indication__slug=asked["indication"])
            rows = rows.filter(pk__in=granted.values("producer_id"))
        return self.page(rows, ProducerOut)

    @extend_schema(operation_id="producers_create", request=ProducerIn, responses={201: ProducerDetailOut})
    def post(self, request: Any) -> Response:
        """Enter an organisation as a producer in a division."""
        self.permit()
        data = self.read(ProducerIn)
        seen = Organisation.objects.visible_to(self.actor)
        data["organisation"] = row_of(seen, "/organisation", number=data["organisation"])
        data["division"] = row_of(Division.objects.current(), "/division", code=data["division"])
        row = actions.register_producer(**data, actor=self.actor, now=clock.now())
        row = shown_producers(self.actor).get(pk=row.pk)
        return self.created(ProducerDetailOut(row).data, reverse("products-api-producer", args=[row.number]), row)


class ProducerDetail(ScopedAPIView):
    scope = staticmethod(shown_producers)
    policies = {"GET": policy.may_read_public, "PATCH": policy.may_change_producer}

    @extend_schema(operation_id="producers_read", responses=ProducerDetailOut)
    def get(self, request: Any, number: str) -> Response:
        """One producer with the authorisations that anybody may know of."""
        row = self.fetch(number=number)
        return self.ok(ProducerDetailOut(row).data, row)

    @extend_schema(
        operation_id="producers_change",
        parameters=[IF_MATCH],
        request=ProducerChangeIn,
        responses=ProducerDetailOut,
    )
    def patch(self, request: Any, number: str) -> Response:
        """Change what a producer chooses to show of itself."""
        row = self.fetch(number=number)
        self.match(row)
        changes = self.read(ProducerChangeIn)
        reason = changes.pop("reason")
        actions.update_producer(producer=row, changes=changes, actor=self.actor, now=clock.now(), reason=reason)
        row = self.fetch(number=number)
        return self.ok(ProducerDetailOut(row).data, row)


@history_of_noun("producers")
class ProducerHistory(HistoryView):
    scope = staticmethod(shown_producers)


def seen_sites(actor: Any) -> Any:
    rows = Site.objects.visible_to(actor).select_related("producer__organisation", "producer__division")
    return rows.select_related("indication", "division").defer("division__geom", "producer__division__geom")


class SiteList(ScopedAPIView):
    scope = staticmethod(seen_sites)
    policies = {"GET": policy.may_read_scoped, "POST": policy.may_register_site}

    @listed("sites_list", SiteOut, SiteFilterIn)
    def get(self, request: Any) -> Response:
        """Sites in one's scope, newest first. Never public: plots are where people live."""
        asked = self.read_query(SiteFilterIn)
        columns = {"producer": "producer__number", "indication": "indication__slug", "state": "state"}
        wanted = {columns[name]: value for name, value in asked.items()}
        return self.page(self.rows().filter(**wanted), SiteOut)

    @extend_schema(
        operation_id="sites_create",
        request=SiteIn,
        responses={201: SiteOut},
    )
    def post(self, request: Any) -> Response:
        """Register a plot or premises.

        Inside the region it is `active`; near its line `flagged` for a person; outside refused with the distance.
        """
        self.permit()
        data = self.read(SiteIn)
        own = Producer.objects.visible_to(self.actor).select_related("organisation", "division").defer("division__geom")
        data["producer"] = row_of(own, "/producer", number=data["producer"])
        self.permit(data["producer"])
        data["indication"] = row_of(Indication.objects.visible_to(self.actor), "/indication", slug=data["indication"])
        row = actions.register_site(**data, actor=self.actor, now=clock.now())
        return self.created(SiteOut(row).data, reverse("products-api-site", args=[row.number]), row)


class SiteDetail(ScopedAPIView):
    scope = staticmethod(seen_sites)
    policies = {"GET": policy.may_read_scoped}

    @extend_schema(operation_id="sites_read", responses=SiteOut)
    def get(self, request: Any, number: str) -> Response:
        """One site with its outline."""
        row = self.fetch(number=number)
        return self.ok(SiteOut(row).data, row)


class SiteReview(ScopedAPIView):
    scope = staticmethod(seen_sites)
    policies = {"POST": policy.may_review_site}

    @extend_schema(operation_id="sites_review", request=SiteReviewIn, responses=SiteOut)
    def post(self, request: Any, number: str) -> Response:
        """Decide on a site that the machine could not judge."""
        row = self.fetch(number=number)
        data = self.read(SiteReviewIn)
        actions.review_site(site=row, **data, actor=self.actor, now=clock.now())
        row = self.fetch(number=number)
        return self.ok(SiteOut(row).data, row)


class SiteRetire(ScopedAPIView):
    scope = staticmethod(seen_sites)
    policies = {"POST": policy.may_retire_site}

    @extend_schema(operation_id="sites_retire", request=ReasonedIn, responses=SiteOut)
    def post(self, request: Any, number: str) -> Response:
        """Take a site out of use. Goods traced to it stay traced; its ground is free for another."""
        row = self.fetch(number=number)
        data = self.read(ReasonedIn)
        actions.retire_site(site=row, **data, actor=self.actor, now=clock.now())
        row = self.fetch(number=number)
        return self.ok(SiteOut(row).data, row)


@history_of_noun("sites")
class SiteHistory(HistoryView):
    scope = staticmethod(seen_sites)
