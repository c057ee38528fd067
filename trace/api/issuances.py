"""Issuances of unit codes: made, listed, and what is said of ranges of them."""

from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.api import ScopedAPIView, listed
from gi_registry.lib.history import history_of
from gi_registry.lib.shapes import EventOut, NothingIn
from trace import actions, policy
from trace.api.batches import seen_by as batches_of
from trace.models import Issuance, IssuanceRange
from trace.querysets import IssuanceQuerySet
from trace.rules.issuances import RangeKind, Span
from trace.serializers.issuances import (
    CodeDownloadOut,
    IssuanceIn,
    IssuanceOut,
    RangeFilterIn,
    RangeIn,
    RangeOut,
    UnitVoidIn,
)


def seen_by(actor: Actor) -> IssuanceQuerySet:
    return Issuance.objects.visible_to(actor).told()


def units_of(issuances: list[Issuance]) -> dict[int, dict[str, int]]:
    return IssuanceRange.objects.filter(issuance__in=issuances).units()


def told(issuance: Issuance) -> Any:
    return IssuanceOut(issuance, context={"units": units_of([issuance])}).data


class BatchCodesView(ScopedAPIView):
    scope = staticmethod(batches_of)
    policies = {"GET": policy.see, "POST": policy.make}

    @listed("trace_issuances_list", IssuanceOut)
    def get(self, request: Request, number: str) -> Response:
        """Issuances of unit codes of a batch, newest first: counts and ranges, never the codes."""
        batch = self.fetch(number=number)
        self.read_query(NothingIn)
        return self.page(seen_by(self.actor).filter(batch=batch), IssuanceOut, units=units_of)

    @extend_schema(operation_id="trace_issuances_create", request=IssuanceIn, responses={201: IssuanceOut})
    def post(self, request: Request, number: str) -> Response:
        """Issue unit codes for a batch. A few are there at once, many are prepared in the background."""
        batch = self.fetch(number=number)
        data = self.read(IssuanceIn)
        reason = data.pop("reason")
        wish = actions.Wish(**data)
        issuance = actions.issue_codes(batch=batch, wish=wish, actor=self.actor, now=clock.now(), reason=reason)
        return self.created(told(issuance), reverse("trace-issuance", args=[issuance.number]), issuance)


class IssuanceView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_issuances_read", responses=IssuanceOut)
    def get(self, request: Request, number: str) -> Response:
        """One issuance: how many codes, whether they are ready, and how many were activated, printed or withdrawn."""
        issuance = self.fetch(number=number)
        return self.ok(told(issuance), issuance)


class IssuanceRangesView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @listed("trace_issuances_ranges", RangeOut, RangeFilterIn)
    def get(self, request: Request, number: str) -> Response:
        """What was said of ranges of units, newest first."""
        ranges = self.fetch(number=number).ranges.all()
        kind = self.read_query(RangeFilterIn).get("kind")
        return self.page(ranges.filter(kind=kind) if kind else ranges, RangeOut)


class IssuanceDownloadsView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @listed("trace_issuances_downloads", CodeDownloadOut)
    def get(self, request: Request, number: str) -> Response:
        """Who took codes of the issuance as a file, and when, newest first."""
        downloads = self.fetch(number=number).downloads.all()
        self.read_query(NothingIn)
        return self.page(downloads, CodeDownloadOut)


class IssuanceHistoryView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_issuances_history", responses=EventOut(many=True))
    def get(self, request: Request, number: str) -> Response:
        """Who issued or voided, when and why, newest first."""
        return self.ok(EventOut(history_of(self.fetch(number=number)), many=True).data)


class RangeView(ScopedAPIView):
    """Say one thing of a range, and show the issuance as it then is."""

    scope = staticmethod(seen_by)
    policies = {"POST": policy.make}
    kind: ClassVar[RangeKind]

    def say(self, number: str, shape: Any = RangeIn) -> Response:
        issuance = self.fetch(number=number)
        data = self.read(shape)
        given: dict[str, Any] = {"actor": self.actor, "now": clock.now(), "reason": data["reason"]}
        if "first" in data:
            span = Span(data["first"], data["last"])
            actions.record_range(issuance=issuance, kind=self.kind, span=span, **given)
        else:
            actions.void_issuance(issuance=issuance, **given)
        issuance = seen_by(self.actor).get(pk=issuance.pk)
        return self.ok(told(issuance), issuance)


class IssuanceActivateView(RangeView):
    kind = RangeKind.ACTIVATED

    @extend_schema(operation_id="trace_issuances_activate", request=RangeIn, responses=IssuanceOut)
    def post(self, request: Request, number: str) -> Response:
        """Activate units that were issued to be activated by range: before, their codes read as not released."""
        return self.say(number)


class IssuanceSpoilView(RangeView):
    kind = RangeKind.SPOILED

    @extend_schema(operation_id="trace_issuances_spoil", request=RangeIn, responses=IssuanceOut)
    def post(self, request: Request, number: str) -> Response:
        """Record labels that were spoiled. Their codes read as void from then on."""
        return self.say(number)


class IssuanceReturnView(RangeView):
    kind = RangeKind.RETURNED

    @extend_schema(operation_id="trace_issuances_return", request=RangeIn, responses=IssuanceOut)
    def post(self, request: Request, number: str) -> Response:
        """Record labels that came back unused. Their codes read as void from then on."""
        return self.say(number)


class IssuanceDestroyView(RangeView):
    kind = RangeKind.DESTROYED

    @extend_schema(operation_id="trace_issuances_destroy", request=RangeIn, responses=IssuanceOut)
    def post(self, request: Request, number: str) -> Response:
        """Record labels or goods that were destroyed. Their codes read as void from then on."""
        return self.say(number)


class IssuanceVoidView(RangeView):
    kind = RangeKind.VOID

    @extend_schema(operation_id="trace_issuances_void", request=UnitVoidIn, responses=IssuanceOut)
    def post(self, request: Request, number: str) -> Response:
        """Withdraw a range of units, or the whole issuance, for good."""
        return self.say(number, UnitVoidIn)
