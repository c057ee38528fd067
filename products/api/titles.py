"""Titles and specifications over HTTP."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.api import IF_MATCH, ScopedAPIView, listed
from products import actions, policy
from products.api.shared import HistoryView, history_of_noun
from products.models import Holder, Indication, SpecificationVersion, Title
from products.queries import with_rules
from products.rules.titles import TitleFacts
from products.serializers import (
    FACTS,
    SpecificationChangeIn,
    SpecificationFilterIn,
    SpecificationIn,
    SpecificationMoveIn,
    SpecificationOut,
    TitleChangeIn,
    TitleFilterIn,
    TitleIn,
    TitleMoveIn,
    TitleOut,
    row_of,
)
from regions.models import Region


def _facts(data: dict[str, Any]) -> TitleFacts:
    """The facts of a step, taken out of what was sent."""
    given = {name: data.pop(name) for name in FACTS if name in data}
    return TitleFacts(reason=data.pop("reason"), **given)


def _rows(view: ScopedAPIView, data: dict[str, Any]) -> dict[str, Any]:
    """Numbers and slugs that were sent, as rows."""
    if "indication" in data:
        rows = Indication.objects.visible_to(view.actor)
        data["indication"] = row_of(rows, "/indication", slug=data["indication"])
    for name, rows in (("holder", Holder.objects.all()), ("region", Region.objects.visible_to(view.actor))):
        if data.get(name):
            data[name] = row_of(rows, f"/{name}", number=data[name])
    return data


class TitleList(ScopedAPIView):
    scope = staticmethod(lambda actor: Title.objects.visible_to(actor).select_related("indication", "holder", "region"))
    policies = {"GET": policy.may_read_public, "POST": policy.may_open_title}

    @listed("titles_list", TitleOut, TitleFilterIn)
    def get(self, request: Any) -> Response:
        """Titles in force, ended or published, newest first; applications for those who may see them."""
        asked = self.read_query(TitleFilterIn)
        columns = {"indication": "indication__slug", "kind": "kind", "status": "status"}
        wanted = {columns[name]: value for name, value in asked.items()}
        return self.page(self.rows().filter(**wanted), TitleOut)

    @extend_schema(operation_id="titles_create", request=TitleIn, responses={201: TitleOut})
    def post(self, request: Any) -> Response:
        """Enter a title where its kind may begin: a draft, a filing, or a report of one older than this register."""
        self.permit()
        data = self.read(TitleIn)
        facts = _facts(data)
        row = actions.open_title(**_rows(self, data), facts=facts, actor=self.actor, now=clock.now())
        return self.created(TitleOut(row).data, reverse("products-api-title", args=[row.number]), row)


class TitleDetail(ScopedAPIView):
    scope = TitleList.scope
    policies = {"GET": policy.may_read_public, "PATCH": policy.may_keep_register}

    @extend_schema(operation_id="titles_read", responses=TitleOut)
    def get(self, request: Any, number: str) -> Response:
        """One title."""
        row = self.fetch(number=number)
        return self.ok(TitleOut(row).data, row)

    @extend_schema(operation_id="titles_change", parameters=[IF_MATCH], request=TitleChangeIn, responses=TitleOut)
    def patch(self, request: Any, number: str) -> Response:
        """Correct what rests on no announcement: holder, region, confidence, notes."""
        row = self.fetch(number=number)
        self.match(row)
        changes = _rows(self, self.read(TitleChangeIn))
        reason = changes.pop("reason")
        row = actions.update_title(title=row, changes=changes, actor=self.actor, now=clock.now(), reason=reason)
        return self.ok(TitleOut(row).data, row)


class TitleMove(ScopedAPIView):
    scope = TitleList.scope
    policies = {"POST": policy.may_move_title}

    @extend_schema(operation_id="titles_move", request=TitleMoveIn, responses=TitleOut)
    def post(self, request: Any, number: str) -> Response:
        """Take one step in the life of a title. No role has a bare "recognise": the step brings its proof or is refused."""
        row = self.fetch(number=number)
        data = self.read(TitleMoveIn)
        row = actions.move_title(title=row, to=data["to"], given=_facts(data), actor=self.actor, now=clock.now())
        return self.ok(TitleOut(row).data, row)


@history_of_noun("titles")
class TitleHistory(HistoryView):
    scope = TitleList.scope


class SpecificationList(ScopedAPIView):
    scope = staticmethod(
        lambda actor: (
            SpecificationVersion.objects.visible_to(actor)
            .select_related("title__indication", "title__holder")
            .prefetch_related("facts", with_rules())
        )
    )
    policies = {"GET": policy.may_read_public, "POST": policy.may_draft_specification}

    @listed("specifications_list", SpecificationOut, SpecificationFilterIn)
    def get(self, request: Any) -> Response:
        """Versions of specifications, newest first; with `on` those that apply on a day."""
        asked = self.read_query(SpecificationFilterIn)
        rows = self.rows()
        if "title" in asked:
            rows = rows.filter(title__number=asked["title"])
        if "indication" in asked:
            rows = rows.filter(title__indication__slug=asked["indication"])
        if "on" in asked:
            rows = rows.on(asked["on"])
        return self.page(rows, SpecificationOut)

    @extend_schema(operation_id="specifications_create", request=SpecificationIn, responses={201: SpecificationOut})
    def post(self, request: Any) -> Response:
        """Draft a version of a specification with its facts and checkable rules."""
        self.permit()
        data = self.read(SpecificationIn)
        data["title"] = row_of(TitleList.scope(self.actor), "/title", number=data["title"])
        row = actions.draft_specification(**data, actor=self.actor, now=clock.now())
        return self.created(SpecificationOut(row).data, reverse("products-api-specification", args=[row.number]), row)


class SpecificationDetail(ScopedAPIView):
    scope = SpecificationList.scope
    policies = {"GET": policy.may_read_public, "PATCH": policy.may_draft_specification}

    @extend_schema(operation_id="specifications_read", responses=SpecificationOut)
    def get(self, request: Any, number: str) -> Response:
        """One version with its facts and rules."""
        row = self.fetch(number=number)
        return self.ok(SpecificationOut(row).data, row)

    @extend_schema(
        operation_id="specifications_change",
        parameters=[IF_MATCH],
        request=SpecificationChangeIn,
        responses=SpecificationOut,
    )
    def patch(self, request: Any, number: str) -> Response:
        """Change a draft. Whoever changes it last is its author: another person has to review it."""
        row = self.fetch(number=number)
        self.match(row)
        changes = self.read(SpecificationChangeIn)
        reason = changes.pop("reason")
        row = actions.redraft_specification(
            specification=row, changes=changes, actor=self.actor, now=clock.now(), reason=reason
        )
        return self.ok(SpecificationOut(row).data, row)


class SpecificationMove(ScopedAPIView):
    scope = SpecificationList.scope
    policies = {"POST": policy.may_draft_specification}

    @extend_schema(operation_id="specifications_move", request=SpecificationMoveIn, responses=SpecificationOut)
    def post(self, request: Any, number: str) -> Response:
        """Take one step: review, announce (with the document's hash), put in force."""
        row = self.fetch(number=number)
        data = self.read(SpecificationMoveIn)
        row = actions.move_specification(specification=row, **data, actor=self.actor, now=clock.now())
        return self.ok(SpecificationOut(row).data, row)


@history_of_noun("specifications")
class SpecificationHistory(HistoryView):
    scope = SpecificationList.scope
