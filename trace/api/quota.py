"""The books of seasons: what was granted to whom, what is left, and every posting."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import F
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.api import ScopedAPIView, listed
from gi_registry.lib.history import history_of
from gi_registry.lib.shapes import EventOut, NothingIn
from products.models import Producer, SeasonQuota
from products.policy import may_keep_season
from products.querysets import SeasonQuotaQuerySet
from trace import actions, books, policy
from trace.models import Entitlement, LedgerTransaction
from trace.querysets import EntitlementQuerySet
from trace.serializers import ReasonIn
from trace.serializers.numbers import row_of
from trace.serializers.quota import (
    POSTING,
    PRODUCER,
    SEASON,
    EntitlementDetailOut,
    EntitlementFilterIn,
    EntitlementIn,
    EntitlementOut,
    HarvestIn,
    PenaltyIn,
    PostingOut,
    ProcessingIn,
    ReversalIn,
    SeasonBooksOut,
)


def seen_by(actor: Actor) -> EntitlementQuerySet:
    return Entitlement.objects.visible_to(actor).told()


def quotas_of(actor: Actor) -> SeasonQuotaQuerySet:
    return SeasonQuota.objects.visible_to(actor).told()


def told(row: Entitlement) -> Any:
    return EntitlementDetailOut(row, context={"balances": books.balances_of([row])}).data


class QuotaListView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see, "POST": may_keep_season}

    @listed("trace_quota_list", EntitlementOut, EntitlementFilterIn)
    def get(self, request: Request) -> Response:
        """Entitlements that you may see, newest first, each with what is left of it."""
        rows, asked = self.rows(), self.read_query(EntitlementFilterIn)
        if "season" in asked:
            rows = rows.filter(quota__season__number=asked["season"])
        if "producer" in asked:
            rows = rows.filter(producer__number=asked["producer"])
        return self.page(rows, EntitlementOut, balances=books.balances_of)

    @extend_schema(operation_id="trace_quota_grant", request=EntitlementIn, responses={201: EntitlementDetailOut})
    def post(self, request: Request) -> Response:
        """Grant a producer its season: the area of its sites by the ceilings, within the cap. Done again, it is computed anew."""
        self.permit()
        data = self.read(EntitlementIn)
        seasons = quotas_of(self.actor).annotate(number=F("season__number"))
        quota = row_of(seasons, data["season"], SEASON, "/season")
        producer = row_of(Producer.objects.select_related("organisation"), data["producer"], PRODUCER, "/producer")
        factors = {one["site"]: one["factor"] for one in data["factors"]}
        given = {"factors": factors, "reason": data["reason"], "actor": self.actor, "now": clock.now()}
        row = actions.grant_entitlement(quota=quota, producer=producer, **given)
        row = Entitlement.objects.told().get(pk=row.pk)
        return self.created(told(row), reverse("trace-quota", args=[row.number]), row)


class QuotaView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_quota_read", responses=EntitlementDetailOut)
    def get(self, request: Request, number: str) -> Response:
        """One entitlement: its sites, what was granted, and what is left in each account."""
        row = self.fetch(number=number)
        return self.ok(told(row), row)


class QuotaPostingsView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @listed("trace_quota_postings", PostingOut)
    def get(self, request: Request, number: str) -> Response:
        """Everything posted to the accounts of this producer in the season, newest first."""
        row = self.fetch(number=number)
        self.read_query(NothingIn)
        postings = LedgerTransaction.objects.of(row.quota_id, row.producer_id).told()
        return self.page(postings, PostingOut, quota=row.quota, producer_id=row.producer_id)


class QuotaHistoryView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_quota_history", responses=EventOut(many=True))
    def get(self, request: Request, number: str) -> Response:
        """Who granted or took what, when and why, newest first."""
        return self.ok(EventOut(history_of(self.fetch(number=number)), many=True).data)


class QuotaPostingView(ScopedAPIView):
    """Post one thing, and show the entitlement as it then is."""

    scope = staticmethod(seen_by)
    step: ClassVar[Callable[..., Any]]

    def take(self, number: str, shape: Any) -> Response:
        row = self.fetch(number=number)
        data = self.read(shape)
        if "posting" in data:
            own = LedgerTransaction.objects.of(row.quota_id, row.producer_id).select_related("quota")
            data["posting"] = row_of(own, data["posting"], POSTING, "/posting")
        type(self).step(row=row, actor=self.actor, now=clock.now(), **data)
        row = Entitlement.objects.told().get(pk=row.pk)
        return self.ok(told(row), row)


class QuotaHarvestView(QuotaPostingView):
    policies = {"POST": policy.make}
    step = staticmethod(actions.declare_harvest)

    @extend_schema(operation_id="trace_quota_harvest", request=HarvestIn, responses=EntitlementDetailOut)
    def post(self, request: Request, number: str) -> Response:
        """Declare what was harvested: never more than the land is entitled to."""
        return self.take(number, HarvestIn)


class QuotaProcessView(QuotaPostingView):
    policies = {"POST": policy.make}
    step = staticmethod(actions.process_goods)

    @extend_schema(operation_id="trace_quota_process", request=ProcessingIn, responses=EntitlementDetailOut)
    def post(self, request: Request, number: str) -> Response:
        """Record what went in and what came out: never more than the season's conversion gives."""
        return self.take(number, ProcessingIn)


class QuotaPenaltyView(QuotaPostingView):
    policies = {"POST": may_keep_season}
    step = staticmethod(actions.penalise)

    @extend_schema(operation_id="trace_quota_penalty", request=PenaltyIn, responses=EntitlementDetailOut)
    def post(self, request: Request, number: str) -> Response:
        """Take from what may yet be harvested, with the reason."""
        return self.take(number, PenaltyIn)


class QuotaReverseView(QuotaPostingView):
    policies = {"POST": may_keep_season}
    step = staticmethod(actions.reverse_posting)

    @extend_schema(operation_id="trace_quota_reverse", request=ReversalIn, responses=EntitlementDetailOut)
    def post(self, request: Request, number: str) -> Response:
        """Take a harvest, a processing or a penalty back, whole and once. The posting stays in the books."""
        return self.take(number, ReversalIn)


class SeasonBooksView(ScopedAPIView):
    scope = staticmethod(quotas_of)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_seasons_read", responses=SeasonBooksOut)
    def get(self, request: Request, number: str) -> Response:
        """All producers of a season together: granted, left of the cap, and what became of labels."""
        quota = self.fetch(season__number=number)
        return self.ok(SeasonBooksOut(books.season_books(quota)).data, quota)


class SeasonOpenView(ScopedAPIView):
    scope = staticmethod(quotas_of)
    policies = {"POST": may_keep_season}

    @extend_schema(operation_id="trace_seasons_open", request=ReasonIn, responses=SeasonBooksOut)
    def post(self, request: Request, number: str) -> Response:
        """Put the quota of a season in force: its figures stay from now on, and its batches are held against them."""
        quota = self.fetch(season__number=number)
        reason = self.read(ReasonIn)["reason"]
        actions.open_quota(quota=quota, actor=self.actor, now=clock.now(), reason=reason)
        quota = quotas_of(self.actor).get(pk=quota.pk)
        return self.ok(SeasonBooksOut(books.season_books(quota)).data, quota)
