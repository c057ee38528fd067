"""Evidence on goods in one file, for those who may see them."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from gi_registry.lib.api import ScopedAPIView
from gi_registry.lib.problems import Missing, Refused
from gi_registry.lib.renderers import ByAddress, ZipRenderer
from gi_registry.lib.texts import Refusal, Text
from gi_registry.openlog.evidence import evidence_file
from trace import policy
from trace.api.batches import seen_by
from trace.provenance import batch_evidence

_NOT_YET = Refusal(
    "not_published",
    Text(
        "公开日志中还没有该批次。登记后一般在十秒内发布。",
        "The open log does not hold this batch yet; it usually does within ten seconds of its registration.",
    ),
)


class BatchBundleView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}
    renderer_classes = [ZipRenderer]
    content_negotiation_class = ByAddress

    @extend_schema(operation_id="trace_batches_bundle", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, number: str) -> HttpResponse:
        """The evidence of a batch in one file, to be verified without us.

        Everything that the open log holds of it and of what it stands on, with proofs, what is not public of the batch, how its data
        came to be, and a verifier. 409 while the log has not published the batch.
        """
        batch = self.fetch(number=number)
        try:
            return evidence_file(batch_evidence(batch, self.actor), f"evidence-{batch.number}.zip")
        except Missing:
            raise Refused(_NOT_YET) from None
