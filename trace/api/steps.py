"""Steps of a batch: one address each, all alike."""

from collections.abc import Callable
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.api import ScopedAPIView
from trace import actions, policy
from trace.api.batches import seen_by
from trace.models import Batch
from trace.serializers import BatchOut, ReasonIn, ReviewIn


class BatchStepView(ScopedAPIView):
    """Take one step and show the batch as it then is."""

    scope = staticmethod(seen_by)
    step: ClassVar[Callable[..., Batch]]

    def take(self, number: str) -> Response:
        batch = self.fetch(number=number)
        reason = self.read(ReasonIn)["reason"]
        type(self).step(batch=batch, actor=self.actor, now=clock.now(), reason=reason)
        batch = Batch.objects.told().get(pk=batch.pk)
        return self.ok(BatchOut(batch).data, batch)


class BatchRegisterView(BatchStepView):
    policies = {"POST": policy.make}
    step = staticmethod(actions.register_batch)

    @extend_schema(operation_id="trace_batches_register", request=ReasonIn, responses=BatchOut)
    def post(self, request: Request, number: str) -> Response:
        """Register a draft: authorisation, sites, dates and quantities are held against the register."""
        return self.take(number)


class BatchReleaseView(BatchStepView):
    policies = {"POST": policy.make}
    step = staticmethod(actions.release_batch)

    @extend_schema(operation_id="trace_batches_release", request=ReasonIn, responses=BatchOut)
    def post(self, request: Request, number: str) -> Response:
        """Send a registered batch to market: from now on its code reads as released."""
        return self.take(number)


class BatchHoldView(BatchStepView):
    policies = {"POST": policy.control}
    step = staticmethod(actions.hold_batch)

    @extend_schema(operation_id="trace_batches_hold", request=ReasonIn, responses=BatchOut)
    def post(self, request: Request, number: str) -> Response:
        """Put sales on hold. The reason is shown to everybody who checks the code."""
        return self.take(number)


class BatchResumeView(BatchStepView):
    policies = {"POST": policy.control}
    step = staticmethod(actions.resume_batch)

    @extend_schema(operation_id="trace_batches_resume", request=ReasonIn, responses=BatchOut)
    def post(self, request: Request, number: str) -> Response:
        """Let sales go on after a hold."""
        return self.take(number)


class BatchRecallView(BatchStepView):
    policies = {"POST": policy.withdraw}
    step = staticmethod(actions.recall_batch)

    @extend_schema(operation_id="trace_batches_recall", request=ReasonIn, responses=BatchOut)
    def post(self, request: Request, number: str) -> Response:
        """Recall a batch, for good. The reason is shown to everybody who checks the code."""
        return self.take(number)


class BatchCloseView(BatchStepView):
    policies = {"POST": policy.make}
    step = staticmethod(actions.close_batch)

    @extend_schema(operation_id="trace_batches_close", request=ReasonIn, responses=BatchOut)
    def post(self, request: Request, number: str) -> Response:
        """Say that all of a batch is sold. Its code goes on answering."""
        return self.take(number)


class BatchVoidView(BatchStepView):
    policies = {"POST": policy.withdraw}
    step = staticmethod(actions.void_batch)

    @extend_schema(operation_id="trace_batches_void", request=ReasonIn, responses=BatchOut)
    def post(self, request: Request, number: str) -> Response:
        """Withdraw a batch that never went to market. Its number is never used again."""
        return self.take(number)


class BatchReviewView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"POST": policy.control}

    @extend_schema(operation_id="trace_batches_review", request=ReviewIn, responses=BatchOut)
    def post(self, request: Request, number: str) -> Response:
        """Open a review of a batch, or close it. The reason stays in the history."""
        batch = self.fetch(number=number)
        data = self.read(ReviewIn)
        step = actions.open_review if data["is_open"] else actions.close_review
        step(batch=batch, actor=self.actor, now=clock.now(), reason=data["reason"])
        batch = Batch.objects.told().get(pk=batch.pk)
        return self.ok(BatchOut(batch).data, batch)
