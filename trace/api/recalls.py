"""Recalls: opened, confirmed by another, followed until the goods are back."""

from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.api import ScopedAPIView, listed
from gi_registry.lib.history import history_of
from gi_registry.lib.problems import Invalid, Missing
from gi_registry.lib.renderers import ByAddress, CsvRenderer
from gi_registry.lib.shapes import EventOut, NothingIn
from gi_registry.lib.sheets import MEDIA_TYPE
from gi_registry.lib.texts import Text
from trace import actions, policy
from trace.models import Recall
from trace.querysets import RecallQuerySet
from trace.recall_sheet import sheet_of
from trace.serializers import ReasonIn
from trace.serializers.numbers import unknown
from trace.serializers.recalls import (
    ReachOut,
    RecallFilterIn,
    RecallIn,
    RecallItemOut,
    RecallNoticeOut,
    RecallOut,
    RecallScopeIn,
    RecoveryIn,
    asked_scope,
    reach_told,
)

_BATCH = Text("批次", "batch")


def seen_by(actor: Actor) -> RecallQuerySet:
    return Recall.objects.visible_to(actor).told()


class OfRecallView(ScopedAPIView):
    scope = staticmethod(seen_by)

    def found(self, number: str) -> Recall:
        """Through the scope, and the role asked; whose batch or notice it is, is asked by the action."""
        recall = type(self).scope(self.actor).filter(number=number).first()
        if recall is None and not self.actor.is_anonymous:
            raise Missing
        self.permit()
        return recall


class RecallListView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see, "POST": policy.open_recall}

    @listed("trace_recalls_list", RecallOut, RecallFilterIn)
    def get(self, request: Request) -> Response:
        """Recalls that you lead, that began with your goods, or that you were told of, newest first."""
        asked, rows = self.read_query(RecallFilterIn), self.rows()
        if "state" in asked:
            rows = rows.filter(state=asked["state"].value)
        if "batch" in asked:
            rows = rows.naming(asked["batch"])
        return self.page(rows, RecallOut)

    @extend_schema(operation_id="trace_recalls_open", request=RecallIn, responses={201: RecallOut})
    def post(self, request: Request) -> Response:
        """Open a recall. Goods of yours or of your place wait on hold until another person confirms it; with `is_mock` nothing is touched."""
        self.permit()
        data = self.read(RecallIn)
        scope = asked_scope(self.actor, data)
        given = {"actor": self.actor, "now": clock.now(), "reason": data["reason"], "is_mock": data["is_mock"]}
        recall = actions.open_recall(scope=scope, **given)
        recall = Recall.objects.told().get(pk=recall.pk)
        return self.created(RecallOut(recall).data, reverse("trace-recall", args=[recall.number]), recall)


class RecallPreviewView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"POST": policy.open_recall}

    @extend_schema(operation_id="trace_recalls_preview", request=RecallScopeIn, responses=ReachOut)
    def post(self, request: Request) -> Response:
        """What a recall of this scope would reach, and whom, before it is opened. Nothing is written."""
        self.permit()
        scope = asked_scope(self.actor, self.read(RecallScopeIn))
        recall = actions.sketch_recall(scope=scope, actor=self.actor, now=clock.now())
        return self.ok(ReachOut(reach_told(recall, self.actor)).data)


class RecallReachView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_recalls_reach", responses=ReachOut)
    def get(self, request: Request, number: str) -> Response:
        """What an open recall would reach now; once confirmed, what it reached and how much came back."""
        recall = self.fetch(number=number)
        self.read_query(NothingIn)
        return self.ok(ReachOut(reach_told(recall, self.actor)).data)


class RecallView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_recalls_read", responses=RecallOut)
    def get(self, request: Request, number: str) -> Response:
        """One recall."""
        recall = self.fetch(number=number)
        return self.ok(RecallOut(recall).data, recall)


class RecallStepView(ScopedAPIView):
    scope = staticmethod(seen_by)
    step: ClassVar[Any]

    def take(self, number: str, **more: Any) -> Response:
        recall = self.fetch(number=number)
        type(self).step(recall=recall, actor=self.actor, now=clock.now(), **more)
        recall = seen_by(self.actor).get(pk=recall.pk)
        return self.ok(RecallOut(recall).data, recall)


class RecallConfirmView(RecallStepView):
    policies = {"POST": policy.lead_recall}
    step = staticmethod(actions.confirm_recall)

    @extend_schema(operation_id="trace_recalls_confirm", request=NothingIn, responses=RecallOut)
    def post(self, request: Request, number: str) -> Response:
        """Confirm what another person opened: everything that it reaches is recalled at once, and its makers are told."""
        self.read(NothingIn)
        return self.take(number)


class RecallWithdrawView(RecallStepView):
    policies = {"POST": policy.withdraw_recall}
    step = staticmethod(actions.withdraw_recall)

    @extend_schema(operation_id="trace_recalls_withdraw", request=ReasonIn, responses=RecallOut)
    def post(self, request: Request, number: str) -> Response:
        """Take back a recall that nobody confirmed."""
        return self.take(number, reason=self.read(ReasonIn)["reason"])


class RecallCloseView(RecallStepView):
    policies = {"POST": policy.lead_recall}
    step = staticmethod(actions.close_recall)

    @extend_schema(operation_id="trace_recalls_close", request=ReasonIn, responses=RecallOut)
    def post(self, request: Request, number: str) -> Response:
        """Say that what could be brought back was. The goods stay recalled."""
        return self.take(number, reason=self.read(ReasonIn)["reason"])


class RecallItemsView(OfRecallView):
    policies = {"GET": policy.see, "POST": policy.recover}

    @listed("trace_recalls_items", RecallItemOut)
    def get(self, request: Request, number: str) -> Response:
        """Batches of a recall that you may see, and how much of each came back."""
        recall = self.fetch(number=number)
        self.read_query(NothingIn)
        return self.page(recall.items.visible_to(self.actor).told(), RecallItemOut)

    @extend_schema(operation_id="trace_recalls_recover", request=RecoveryIn, responses={201: RecallItemOut})
    def post(self, request: Request, number: str) -> Response:
        """Record that so much of a batch came back."""
        recall = self.found(number)
        data = self.read(RecoveryIn)
        items = recall.items.visible_to(self.actor).told()
        item = items.filter(batch__number=data["batch"]).first()
        if item is None:
            raise Invalid(unknown(data["batch"], _BATCH, "/batch"))
        actions.record_recovery(item=item, quantity=data["quantity"], actor=self.actor, now=clock.now())
        item = items.get(pk=item.pk)
        return self.created(RecallItemOut(item).data, reverse("trace-recall-items", args=[recall.number]))


class RecallNoticesView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @listed("trace_recalls_notices", RecallNoticeOut)
    def get(self, request: Request, number: str) -> Response:
        """Who was told, and who read it: all to those who lead the recall, to others their own."""
        recall = self.fetch(number=number)
        self.read_query(NothingIn)
        return self.page(recall.notices.visible_to(self.actor).told(), RecallNoticeOut)


class RecallSheetView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}
    renderer_classes = [CsvRenderer]
    content_negotiation_class = ByAddress

    @extend_schema(operation_id="trace_recalls_sheet", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, number: str) -> Response:
        """The batches of a recall that you may see as a sheet to sort: UTF-8 with a byte order mark, no cell a formula."""
        recall = self.fetch(number=number)
        self.read_query(NothingIn)
        headers = {"Content-Disposition": f'attachment; filename="recall-{recall.number}.csv"'}
        return Response(sheet_of(recall, self.actor), headers=headers, content_type=MEDIA_TYPE)


class RecallReadView(OfRecallView):
    policies = {"POST": policy.read_notice}

    @extend_schema(operation_id="trace_recalls_read_notice", request=NothingIn, responses=RecallOut)
    def post(self, request: Request, number: str) -> Response:
        """Say that you read the notice that was sent to you."""
        recall = self.found(number)
        self.read(NothingIn)
        actions.read_notices(recall=recall, actor=self.actor, now=clock.now())
        return self.ok(RecallOut(recall).data, recall)


class RecallHistoryView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_recalls_history", responses=EventOut(many=True))
    def get(self, request: Request, number: str) -> Response:
        """Who opened, confirmed or closed, when and why, newest first."""
        return self.ok(EventOut(history_of(self.fetch(number=number)), many=True).data)
