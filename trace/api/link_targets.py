"""Addresses elsewhere that GS1 links may lead to: proposed, reviewed, withdrawn."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.api import ScopedAPIView, listed
from gi_registry.lib.history import history_of
from gi_registry.lib.shapes import EventOut
from trace import actions, policy
from trace.actions.link_targets import RELATED
from trace.models import LinkTarget
from trace.querysets import LinkTargetQuerySet
from trace.serializers import ReasonIn, TargetFilterIn, TargetIn, TargetOut, TargetReviewIn, target_content_of


def seen_by(actor: Actor) -> LinkTargetQuerySet:
    return LinkTarget.objects.visible_to(actor).select_related(*RELATED)


class LinkTargetListView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see, "POST": policy.propose}

    @listed("trace_link_targets_list", TargetOut, TargetFilterIn)
    def get(self, request: Request) -> Response:
        """Addresses elsewhere that you may see, newest first: your own, and those proposed in your place."""
        rows = self.rows()
        if state := self.read_query(TargetFilterIn).get("state"):
            rows = rows.filter(state=state.value)
        return self.page(rows, TargetOut)

    @extend_schema(operation_id="trace_link_targets_create", request=TargetIn, responses={201: TargetOut})
    def post(self, request: Request) -> Response:
        """Propose an https address for your article or your title. Nobody is led there before an official accepts it."""
        self.permit()
        content = target_content_of(self.actor, self.read(TargetIn))
        target = actions.propose_target(content=content, actor=self.actor, now=clock.now())
        return self.created(TargetOut(target).data, reverse("trace-link-target", args=[target.number]), target)


class LinkTargetView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_link_targets_read", responses=TargetOut)
    def get(self, request: Request, number: str) -> Response:
        """One address."""
        target = self.fetch(number=number)
        return self.ok(TargetOut(target).data, target)


class LinkTargetReviewView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"POST": policy.control}

    @extend_schema(operation_id="trace_link_targets_review", request=TargetReviewIn, responses=TargetOut)
    def post(self, request: Request, number: str) -> Response:
        """Accept a proposed address or refuse it. Look at the page before you accept it."""
        target = self.fetch(number=number)
        target = actions.review_target(target=target, actor=self.actor, now=clock.now(), **self.read(TargetReviewIn))
        return self.ok(TargetOut(target).data, target)


class LinkTargetWithdrawView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"POST": policy.take_down}

    @extend_schema(operation_id="trace_link_targets_withdraw", request=ReasonIn, responses=TargetOut)
    def post(self, request: Request, number: str) -> Response:
        """Take an address down, for good. From then on nobody is led there."""
        target = self.fetch(number=number)
        reason = self.read(ReasonIn)["reason"]
        target = actions.withdraw_target(target=target, actor=self.actor, now=clock.now(), reason=reason)
        return self.ok(TargetOut(target).data, target)


class LinkTargetHistoryView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_link_targets_history", responses=EventOut(many=True))
    def get(self, request: Request, number: str) -> Response:
        """Who proposed, reviewed or withdrew an address, when and why, newest first."""
        return self.ok(EventOut(history_of(self.fetch(number=number)), many=True).data)
