"""Goods between producers, and the closing of a season."""

from collections.abc import Callable
from typing import ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.api import ScopedAPIView, listed
from gi_registry.lib.history import history_of
from gi_registry.lib.shapes import EventOut
from products.models import Producer
from products.policy import may_keep_season
from trace import actions, books, policy
from trace.actions.season_close import Explained
from trace.api.quota import quotas_of
from trace.api.quota import seen_by as entitlements_of
from trace.models import Transfer
from trace.querysets import TransferQuerySet
from trace.serializers import ReasonIn
from trace.serializers.label_orders import ENTITLEMENT, SeasonCloseIn, TransferFilterIn, TransferIn, TransferOut
from trace.serializers.numbers import row_of
from trace.serializers.quota import PRODUCER, SeasonBooksOut


def seen_by(actor: Actor) -> TransferQuerySet:
    return Transfer.objects.visible_to(actor).told()


class TransferListView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see, "POST": policy.make}

    @listed("trace_transfers_list", TransferOut, TransferFilterIn)
    def get(self, request: Request) -> Response:
        """Transfers of goods that you may see, newest first."""
        rows = self.rows()
        if state := self.read_query(TransferFilterIn).get("state"):
            rows = rows.filter(state=state.value)
        return self.page(rows, TransferOut)

    @extend_schema(operation_id="trace_transfers_create", request=TransferIn, responses={201: TransferOut})
    def post(self, request: Request) -> Response:
        """Offer goods to another producer. Nothing moves before it confirms."""
        self.permit()
        data = self.read(TransferIn)
        data["row"] = row_of(entitlements_of(self.actor), data.pop("entitlement"), ENTITLEMENT, "/entitlement")
        data["taker"] = row_of(Producer.objects.select_related("organisation"), data["taker"], PRODUCER, "/taker")
        transfer = actions.offer_transfer(**data, actor=self.actor, now=clock.now())
        transfer = Transfer.objects.told().get(pk=transfer.pk)
        return self.created(TransferOut(transfer).data, reverse("trace-transfer", args=[transfer.number]), transfer)


class TransferView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_transfers_read", responses=TransferOut)
    def get(self, request: Request, number: str) -> Response:
        """One transfer."""
        transfer = self.fetch(number=number)
        return self.ok(TransferOut(transfer).data, transfer)


class TransferHistoryView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_transfers_history", responses=EventOut(many=True))
    def get(self, request: Request, number: str) -> Response:
        """Who offered and who confirmed, when and why, newest first."""
        return self.ok(EventOut(history_of(self.fetch(number=number)), many=True).data)


class TransferStepView(ScopedAPIView):
    """Take one step and show the transfer as it then is."""

    scope = staticmethod(seen_by)
    policies = {"POST": policy.take}
    step: ClassVar[Callable[..., Transfer]]

    def take(self, number: str) -> Response:
        transfer = self.fetch(number=number)
        reason = self.read(ReasonIn)["reason"]
        type(self).step(transfer=transfer, actor=self.actor, now=clock.now(), reason=reason)
        transfer = Transfer.objects.told().get(pk=transfer.pk)
        return self.ok(TransferOut(transfer).data, transfer)


class TransferAcceptView(TransferStepView):
    step = staticmethod(actions.accept_transfer)

    @extend_schema(operation_id="trace_transfers_accept", request=ReasonIn, responses=TransferOut)
    def post(self, request: Request, number: str) -> Response:
        """Confirm goods that were offered to you: they are yours from now on, and with them the right to labels."""
        return self.take(number)


class TransferDeclineView(TransferStepView):
    step = staticmethod(actions.decline_transfer)

    @extend_schema(operation_id="trace_transfers_decline", request=ReasonIn, responses=TransferOut)
    def post(self, request: Request, number: str) -> Response:
        """Decline goods that were offered to you, with the reason."""
        return self.take(number)


class TransferWithdrawView(TransferStepView):
    policies = {"POST": policy.end_offer}
    step = staticmethod(actions.withdraw_transfer)

    @extend_schema(operation_id="trace_transfers_withdraw", request=ReasonIn, responses=TransferOut)
    def post(self, request: Request, number: str) -> Response:
        """Take an offer back before it is confirmed. The keeper of the season may too, with the reason."""
        return self.take(number)


class SeasonCloseView(ScopedAPIView):
    scope = staticmethod(quotas_of)
    policies = {"POST": may_keep_season}

    @extend_schema(operation_id="trace_seasons_close", request=SeasonCloseIn, responses=SeasonBooksOut)
    def post(self, request: Request, number: str) -> Response:
        """Close a season for good. Labels that are still open are explained, or it stays open."""
        quota = self.fetch(season__number=number)
        data = self.read(SeasonCloseIn)
        explained = [Explained(**one) for one in data["explained"]]
        given = {"actor": self.actor, "now": clock.now(), "reason": data["reason"]}
        actions.close_season(quota=quota, explained=explained, **given)
        quota = quotas_of(self.actor).get(pk=quota.pk)
        return self.ok(SeasonBooksOut(books.season_books(quota)).data, quota)
