"""Authorisations to use the special mark over HTTP."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.api import IF_MATCH, ScopedAPIView, listed
from products import actions, policy
from products.api.shared import HistoryView, history_of_noun
from products.models import Authorisation, Producer, Site, Title
from products.rules.authorisations import Given
from products.serializers import (
    AuthorisationFilterIn,
    AuthorisationIn,
    AuthorisationMoveIn,
    AuthorisationOut,
    SitesIn,
    row_of,
    rows_of,
)

_COLUMNS = {
    "producer": "producer__number",
    "title": "title__number",
    "indication": "title__indication__slug",
    "state": "state",
}


def seen_authorisations(actor: Any) -> Any:
    rows = Authorisation.objects.visible_to(actor).select_related("title__indication", "title__holder")
    rows = rows.select_related("producer__organisation", "producer__division").defer("producer__division__geom")
    return rows.prefetch_related("sites")


def _sites(view: ScopedAPIView, numbers: list[str]) -> list[Site]:
    rows = Site.objects.visible_to(view.actor).select_related("producer__organisation")
    return rows_of(rows, numbers, "/sites")


class AuthorisationList(ScopedAPIView):
    scope = staticmethod(seen_authorisations)
    policies = {"GET": policy.may_read_scoped, "POST": policy.may_draft_authorisation}

    @listed("authorisations_list", AuthorisationOut, AuthorisationFilterIn)
    def get(self, request: Any) -> Response:
        """Authorisations in one's scope, newest first."""
        asked = self.read_query(AuthorisationFilterIn)
        wanted = {_COLUMNS[name]: value for name, value in asked.items()}
        return self.page(self.rows().filter(**wanted), AuthorisationOut)

    @extend_schema(operation_id="authorisations_create", request=AuthorisationIn, responses={201: AuthorisationOut})
    def post(self, request: Any) -> Response:
        """Begin an application to use the special mark, with its sites."""
        self.permit()
        data = self.read(AuthorisationIn)
        own = Producer.objects.visible_to(self.actor).select_related("organisation", "division").defer("division__geom")
        data["producer"] = row_of(own, "/producer", number=data["producer"])
        self.permit(data["producer"])
        data["title"] = row_of(Title.objects.visible_to(self.actor), "/title", number=data["title"])
        data["sites"] = _sites(self, data["sites"])
        row = actions.draft_authorisation(**data, actor=self.actor, now=clock.now())
        row = seen_authorisations(self.actor).get(pk=row.pk)
        return self.created(AuthorisationOut(row).data, reverse("products-api-authorisation", args=[row.number]), row)


class AuthorisationDetail(ScopedAPIView):
    scope = staticmethod(seen_authorisations)
    policies = {"GET": policy.may_read_scoped, "PATCH": policy.may_change_authorisation}

    @extend_schema(operation_id="authorisations_read", responses=AuthorisationOut)
    def get(self, request: Any, number: str) -> Response:
        """One authorisation."""
        row = self.fetch(number=number)
        return self.ok(AuthorisationOut(row).data, row)

    @extend_schema(
        operation_id="authorisations_change",
        parameters=[IF_MATCH],
        request=SitesIn,
        responses=AuthorisationOut,
    )
    def patch(self, request: Any, number: str) -> Response:
        """Replace the sites of an application that is a draft or was returned."""
        row = self.fetch(number=number)
        self.match(row)
        data = self.read(SitesIn)
        data["sites"] = _sites(self, data["sites"])
        actions.change_sites(authorisation=row, **data, actor=self.actor, now=clock.now())
        row = self.fetch(number=number)
        return self.ok(AuthorisationOut(row).data, row)


class AuthorisationMove(ScopedAPIView):
    scope = staticmethod(seen_authorisations)
    policies = {"POST": policy.may_move_authorisation}

    @extend_schema(operation_id="authorisations_move", request=AuthorisationMoveIn, responses=AuthorisationOut)
    def post(self, request: Any, number: str) -> Response:
        """Take one step in the life of an authorisation; a refusal names the criterion that failed."""
        row = self.fetch(number=number)
        data = self.read(AuthorisationMoveIn)
        to = data.pop("to")
        actions.move_authorisation(authorisation=row, to=to, given=Given(**data), actor=self.actor, now=clock.now())
        row = self.fetch(number=number)
        return self.ok(AuthorisationOut(row).data, row)


@history_of_noun("authorisations")
class AuthorisationHistory(HistoryView):
    scope = staticmethod(seen_authorisations)
