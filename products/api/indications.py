"""Names, holders and seasons over HTTP."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from gi_registry.accounts.models import Organisation
from gi_registry.lib import clock
from gi_registry.lib.api import IF_MATCH, ScopedAPIView, listed
from gi_registry.lib.shapes import NothingIn
from products import actions, policy, queries
from products.api.shared import HistoryView, history_of_noun
from products.models import Holder, Indication, Season
from products.serializers import (
    HolderChangeIn,
    HolderIn,
    HolderOut,
    IndicationChangeIn,
    IndicationDetailOut,
    IndicationFilterIn,
    IndicationIn,
    IndicationOut,
    SeasonChangeIn,
    SeasonFilterIn,
    SeasonIn,
    SeasonOut,
    row_of,
)


def detail_of(indication: Indication) -> dict[str, Any]:
    row = queries.with_details(Indication.objects.filter(pk=indication.pk)).get()
    for season in row.seasons.all():
        season.indication = row
    return IndicationDetailOut(row).data


class IndicationList(ScopedAPIView):
    scope = staticmethod(Indication.objects.visible_to)
    policies = {"GET": policy.may_read_public, "POST": policy.may_keep_register}

    @listed("indications_list", IndicationOut, IndicationFilterIn)
    def get(self, request: Any) -> Response:
        """The register by name. With `search` (Chinese, pinyin, initials, English, a title's number): the best 50."""
        asked = self.read_query(IndicationFilterIn)
        rows = self.rows()
        if "division" in asked:
            rows = rows.in_divisions(queries.codes_touching(asked["division"]))
        if "category" in asked:
            rows = rows.filter(category=asked["category"])
        if "search" not in asked:
            return self.page(rows, IndicationOut)
        found = queries.search(asked["search"], within=rows)
        return self.ok({"results": IndicationOut(found, many=True).data, "next": None, "previous": None})

    @extend_schema(operation_id="indications_create", request=IndicationIn, responses={201: IndicationDetailOut})
    def post(self, request: Any) -> Response:
        """Enter a name. Slug, pinyin and search keys are made from it where they are left out."""
        self.permit()
        data = self.read(IndicationIn)
        row = actions.create_indication(**data, actor=self.actor, now=clock.now())
        return self.created(detail_of(row), reverse("products-api-indication", args=[row.slug]), row)


class IndicationDetail(ScopedAPIView):
    scope = staticmethod(Indication.objects.visible_to)
    policies = {"GET": policy.may_read_public, "PATCH": policy.may_keep_register}

    @extend_schema(operation_id="indications_read", responses=IndicationDetailOut)
    def get(self, request: Any, slug: str) -> Response:
        """One name with its titles, specifications, sources, figures and seasons."""
        row = self.fetch(slug=slug)
        return self.ok(detail_of(row), row)

    @extend_schema(
        operation_id="indications_change",
        parameters=[IF_MATCH],
        request=IndicationChangeIn,
        responses=IndicationDetailOut,
    )
    def patch(self, request: Any, slug: str) -> Response:
        """Correct a name. The slug stays: it stands in links."""
        row = self.fetch(slug=slug)
        self.match(row)
        changes = self.read(IndicationChangeIn)
        reason = changes.pop("reason")
        row = actions.update_indication(
            indication=row, changes=changes, actor=self.actor, now=clock.now(), reason=reason
        )
        return self.ok(detail_of(row), row)


@history_of_noun("indications")
class IndicationHistory(HistoryView):
    scope = staticmethod(Indication.objects.visible_to)


def _organisation(view: ScopedAPIView, data: dict[str, Any]) -> dict[str, Any]:
    """The organisation behind a holder, where its number was sent."""
    if data.get("organisation"):
        rows = Organisation.objects.visible_to(view.actor)
        data["organisation"] = row_of(rows, "/organisation", number=data["organisation"])
    return data


class HolderList(ScopedAPIView):
    scope = staticmethod(Holder.objects.visible_to)
    policies = {"GET": policy.may_read_public, "POST": policy.may_keep_register}

    @listed("holders_list", HolderOut)
    def get(self, request: Any) -> Response:
        """Holders of titles, newest first."""
        self.read_query(NothingIn)
        return self.page(self.rows(), HolderOut)

    @extend_schema(operation_id="holders_create", request=HolderIn, responses={201: HolderOut})
    def post(self, request: Any) -> Response:
        """Enter the body that answers for a title."""
        self.permit()
        data = _organisation(self, self.read(HolderIn))
        row = actions.enter_holder(**data, actor=self.actor, now=clock.now())
        return self.created(HolderOut(row).data, reverse("products-api-holder", args=[row.number]), row)


class HolderDetail(ScopedAPIView):
    scope = staticmethod(Holder.objects.visible_to)
    policies = {"GET": policy.may_read_public, "PATCH": policy.may_keep_holder}

    @extend_schema(operation_id="holders_read", responses=HolderOut)
    def get(self, request: Any, number: str) -> Response:
        """One holder."""
        row = self.fetch(number=number)
        return self.ok(HolderOut(row).data, row)

    @extend_schema(operation_id="holders_change", parameters=[IF_MATCH], request=HolderChangeIn, responses=HolderOut)
    def patch(self, request: Any, number: str) -> Response:
        """Correct a holder."""
        row = self.fetch(number=number)
        self.match(row)
        changes = _organisation(self, self.read(HolderChangeIn))
        reason = changes.pop("reason")
        row = actions.update_holder(holder=row, changes=changes, actor=self.actor, now=clock.now(), reason=reason)
        return self.ok(HolderOut(row).data, row)


@history_of_noun("holders")
class HolderHistory(HistoryView):
    scope = staticmethod(Holder.objects.visible_to)
    policies = {"GET": policy.may_read_holder_history}


class SeasonList(ScopedAPIView):
    scope = staticmethod(lambda actor: Season.objects.visible_to(actor).select_related("indication"))
    policies = {"GET": policy.may_read_public, "POST": policy.may_keep_season}

    @listed("seasons_list", SeasonOut, SeasonFilterIn)
    def get(self, request: Any) -> Response:
        """Seasons, newest first; with `on` those open on a day."""
        asked = self.read_query(SeasonFilterIn)
        rows = self.rows()
        if "indication" in asked:
            rows = rows.filter(indication__slug=asked["indication"])
        if "on" in asked:
            rows = rows.open_on(asked["on"])
        return self.page(rows, SeasonOut)

    @extend_schema(operation_id="seasons_create", request=SeasonIn, responses={201: SeasonOut})
    def post(self, request: Any) -> Response:
        """Open a season of an indication."""
        self.permit()
        data = self.read(SeasonIn)
        data["indication"] = row_of(Indication.objects.visible_to(self.actor), "/indication", slug=data["indication"])
        row = actions.open_season(**data, actor=self.actor, now=clock.now())
        return self.created(SeasonOut(row).data, reverse("products-api-season", args=[row.number]), row)


class SeasonDetail(ScopedAPIView):
    scope = SeasonList.scope
    policies = {"GET": policy.may_read_public, "PATCH": policy.may_keep_season}

    @extend_schema(operation_id="seasons_read", responses=SeasonOut)
    def get(self, request: Any, number: str) -> Response:
        """One season."""
        row = self.fetch(number=number)
        return self.ok(SeasonOut(row).data, row)

    @extend_schema(operation_id="seasons_change", parameters=[IF_MATCH], request=SeasonChangeIn, responses=SeasonOut)
    def patch(self, request: Any, number: str) -> Response:
        """Change the name or the days of a season."""
        row = self.fetch(number=number)
        self.match(row)
        changes = self.read(SeasonChangeIn)
        reason = changes.pop("reason")
        row = actions.change_season(season=row, changes=changes, actor=self.actor, now=clock.now(), reason=reason)
        return self.ok(SeasonOut(row).data, row)


@history_of_noun("seasons")
class SeasonHistory(HistoryView):
    scope = SeasonList.scope
