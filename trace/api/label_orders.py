"""Label orders: asked for, decided, issued, and what became of every label."""

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
from trace import actions, policy
from trace.api.quota import quotas_of
from trace.models import LabelOrder, ProductForm
from trace.querysets import LabelOrderQuerySet
from trace.rules.label_orders import LabelMove
from trace.serializers import ReasonIn
from trace.serializers.label_orders import (
    FORM,
    ActivationIn,
    DestructionIn,
    LabelOrderFilterIn,
    LabelOrderIn,
    LabelOrderOut,
    LabelRangeOut,
    LabelsIn,
    saying_of,
)
from trace.serializers.numbers import row_of
from trace.serializers.quota import SEASON


def seen_by(actor: Actor) -> LabelOrderQuerySet:
    return LabelOrder.objects.visible_to(actor).told()


class LabelOrderListView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see, "POST": policy.make}

    @listed("trace_label_orders_list", LabelOrderOut, LabelOrderFilterIn)
    def get(self, request: Request) -> Response:
        """Label orders that you may see, newest first, with what became of their labels."""
        rows, asked = self.rows(), self.read_query(LabelOrderFilterIn)
        if "season" in asked:
            rows = rows.filter(entitlement__quota__season__number=asked["season"])
        if "state" in asked:
            rows = rows.filter(state=asked["state"].value)
        return self.page(rows, LabelOrderOut)

    @extend_schema(operation_id="trace_label_orders_create", request=LabelOrderIn, responses={201: LabelOrderOut})
    def post(self, request: Request) -> Response:
        """Ask for a tranche of labels: never more than there are goods for."""
        self.permit()
        data = self.read(LabelOrderIn)
        quota = row_of(quotas_of(self.actor).annotate(number=F("season__number")), data["season"], SEASON, "/season")
        own = ProductForm.objects.own_of(self.actor).select_related("producer__organisation")
        form = row_of(own, data["form"], FORM, "/form")
        given = {"count": data["count"], "reason": data["reason"], "actor": self.actor, "now": clock.now()}
        order = LabelOrder.objects.told().get(pk=actions.request_labels(quota=quota, form=form, **given).pk)
        return self.created(LabelOrderOut(order).data, reverse("trace-label-order", args=[order.number]), order)


class LabelOrderView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_label_orders_read", responses=LabelOrderOut)
    def get(self, request: Request, number: str) -> Response:
        """One order."""
        order = self.fetch(number=number)
        return self.ok(LabelOrderOut(order).data, order)


class LabelOrderRangesView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @listed("trace_label_orders_ranges", LabelRangeOut)
    def get(self, request: Request, number: str) -> Response:
        """What was said of ranges of its labels, newest first."""
        order = self.fetch(number=number)
        self.read_query(NothingIn)
        return self.page(order.ranges.select_related("batch"), LabelRangeOut)


class LabelOrderHistoryView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_label_orders_history", responses=EventOut(many=True))
    def get(self, request: Request, number: str) -> Response:
        """Who asked, approved, issued or recorded, when and why, newest first."""
        return self.ok(EventOut(history_of(self.fetch(number=number)), many=True).data)


class LabelOrderStepView(ScopedAPIView):
    """Take one step and show the order as it then is."""

    scope = staticmethod(seen_by)
    policies = {"POST": policy.approve_labels}
    step: ClassVar[Callable[..., LabelOrder]]

    def take(self, number: str) -> Response:
        order = self.fetch(number=number)
        reason = self.read(ReasonIn)["reason"]
        type(self).step(order=order, actor=self.actor, now=clock.now(), reason=reason)
        order = LabelOrder.objects.told().get(pk=order.pk)
        return self.ok(LabelOrderOut(order).data, order)


class LabelOrderApproveView(LabelOrderStepView):
    step = staticmethod(actions.approve_labels)

    @extend_schema(operation_id="trace_label_orders_approve", request=ReasonIn, responses=LabelOrderOut)
    def post(self, request: Request, number: str) -> Response:
        """Approve an order: the goods for its labels are spoken for from now on."""
        return self.take(number)


class LabelOrderRefuseView(LabelOrderStepView):
    step = staticmethod(actions.refuse_labels)

    @extend_schema(operation_id="trace_label_orders_refuse", request=ReasonIn, responses=LabelOrderOut)
    def post(self, request: Request, number: str) -> Response:
        """Refuse an order, with the reason."""
        return self.take(number)


class LabelOrderIssueView(LabelOrderStepView):
    step = staticmethod(actions.issue_labels)

    @extend_schema(operation_id="trace_label_orders_issue", request=ReasonIn, responses=LabelOrderOut)
    def post(self, request: Request, number: str) -> Response:
        """Hand the labels over: each of them is accounted for from now on."""
        return self.take(number)


class LabelOrderCancelView(LabelOrderStepView):
    policies = {"POST": policy.make}
    step = staticmethod(actions.cancel_labels)

    @extend_schema(operation_id="trace_label_orders_cancel", request=ReasonIn, responses=LabelOrderOut)
    def post(self, request: Request, number: str) -> Response:
        """Give up an order that was not issued yet, with the reason."""
        return self.take(number)


class LabelsView(ScopedAPIView):
    """Say one thing of labels of an order, and show the order as it then is."""

    scope = staticmethod(seen_by)
    policies = {"POST": policy.make}
    kind: ClassVar[LabelMove]

    def say(self, number: str, shape: Any = LabelsIn) -> Response:
        order = self.fetch(number=number)
        data = self.read(shape)
        saying = saying_of(self.actor, self.kind, data)
        given = {"actor": self.actor, "now": clock.now(), "reason": data["reason"]}
        actions.record_labels(order=order, saying=saying, **given)
        order = LabelOrder.objects.told().get(pk=order.pk)
        return self.ok(LabelOrderOut(order).data, order)


class LabelsActivateView(LabelsView):
    kind = LabelMove.ACTIVATED

    @extend_schema(operation_id="trace_label_orders_activate", request=ActivationIn, responses=LabelOrderOut)
    def post(self, request: Request, number: str) -> Response:
        """Put labels on the packs of a registered batch: never more than it has packs."""
        return self.say(number, ActivationIn)


class LabelsSpoilView(LabelsView):
    kind = LabelMove.SPOILED

    @extend_schema(operation_id="trace_label_orders_spoil", request=LabelsIn, responses=LabelOrderOut)
    def post(self, request: Request, number: str) -> Response:
        """Record labels that were spoiled, with the reason."""
        return self.say(number)


class LabelsLoseView(LabelsView):
    kind = LabelMove.LOST

    @extend_schema(operation_id="trace_label_orders_lose", request=LabelsIn, responses=LabelOrderOut)
    def post(self, request: Request, number: str) -> Response:
        """Report labels that were lost, with the reason. The goods for them are not labelled again."""
        return self.say(number)


class LabelsReturnView(LabelsView):
    policies = {"POST": policy.approve_labels}
    kind = LabelMove.RETURNED

    @extend_schema(operation_id="trace_label_orders_return", request=LabelsIn, responses=LabelOrderOut)
    def post(self, request: Request, number: str) -> Response:
        """Record labels that came back unused, by whoever took them in hand."""
        return self.say(number)


class LabelsDestroyView(LabelsView):
    policies = {"POST": policy.approve_labels}
    kind = LabelMove.DESTROYED

    @extend_schema(operation_id="trace_label_orders_destroy", request=DestructionIn, responses=LabelOrderOut)
    def post(self, request: Request, number: str) -> Response:
        """Record returned labels that were destroyed before two witnesses. Goods for them may be labelled again."""
        return self.say(number, DestructionIn)
