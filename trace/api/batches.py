"""Batches: listed, written, read, changed while a draft, and their history."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.api import IF_MATCH, ScopedAPIView, listed
from gi_registry.lib.history import history_of
from gi_registry.lib.shapes import EventOut
from trace import actions, policy, queries
from trace.models import Batch
from trace.querysets import BatchQuerySet
from trace.serializers import BatchChangeIn, BatchFilterIn, BatchIn, BatchOut, content_of
from trace.serializers.batches import StartState


def seen_by(actor: Actor) -> BatchQuerySet:
    return Batch.objects.visible_to(actor).told()


class BatchListView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see, "POST": policy.make}

    @listed("trace_batches_list", BatchOut, BatchFilterIn)
    def get(self, request: Request) -> Response:
        """Batches that you may see, newest first: your own, those under your titles, those made in your place."""
        return self.page(queries.filtered(self.rows(), **self.read_query(BatchFilterIn)), BatchOut)

    @extend_schema(operation_id="trace_batches_create", request=BatchIn, responses={201: BatchOut})
    def post(self, request: Request) -> Response:
        """Write a batch under a new lot number; with `"state": "registered"` it is registered in the same call."""
        self.permit()
        data = self.read(BatchIn)
        batch = actions.draft_batch(
            content=content_of(self.actor, data),
            actor=self.actor,
            now=clock.now(),
            register=data["state"] == StartState.REGISTERED,
        )
        batch = Batch.objects.told().get(pk=batch.pk)
        return self.created(BatchOut(batch).data, reverse("trace-batch", args=[batch.number]), batch)


class BatchView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see, "PATCH": policy.make}

    @extend_schema(operation_id="trace_batches_read", responses=BatchOut)
    def get(self, request: Request, number: str) -> Response:
        """One batch."""
        batch = self.fetch(number=number)
        return self.ok(BatchOut(batch).data, batch)

    @extend_schema(
        operation_id="trace_batches_change", request=BatchChangeIn, responses=BatchOut, parameters=[IF_MATCH]
    )
    def patch(self, request: Request, number: str) -> Response:
        """Change a draft. A registered batch is never changed: void it and write another."""
        batch = self.fetch(number=number)
        self.match(batch)
        content = content_of(self.actor, self.read(BatchChangeIn, partial=True), batch)
        actions.change_draft(batch=batch, content=content, actor=self.actor, now=clock.now())
        batch = self.fetch(number=number)
        return self.ok(BatchOut(batch).data, batch)


class BatchHistoryView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_batches_history", responses=EventOut(many=True))
    def get(self, request: Request, number: str) -> Response:
        """Who changed what of a batch, when and why, newest first."""
        return self.ok(EventOut(history_of(self.fetch(number=number)), many=True).data)
