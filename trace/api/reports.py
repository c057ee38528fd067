"""Reports of consumers, for the officials of the place."""

from django.db.models import Exists, OuterRef
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.api import ScopedAPIView, listed
from gi_registry.lib.problems import Missing
from gi_registry.lib.renderers import ByAddress, JpegRenderer
from trace import actions, policy
from trace.models import Report, ReportPhoto
from trace.querysets import ReportQuerySet
from trace.serializers import ReportAnswerIn, ReportFilterIn, ReportOut


def seen_by(actor: Actor) -> ReportQuerySet:
    photo = ReportPhoto.objects.filter(report=OuterRef("pk"))
    return Report.objects.visible_to(actor).select_related("batch").annotate(has_photo=Exists(photo))


class ReportListView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @listed("trace_reports_list", ReportOut, ReportFilterIn)
    def get(self, request: Request) -> Response:
        """What consumers reported about goods made in your places, newest first."""
        asked = self.read_query(ReportFilterIn)
        return self.page(self.rows().filter(**asked), ReportOut)


class ReportView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_reports_read", responses=ReportOut)
    def get(self, request: Request, number: str) -> Response:
        """One report."""
        report = self.fetch(number=number)
        return self.ok(ReportOut(report).data, report)


class ReportAnswerView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"POST": policy.answer}

    @extend_schema(operation_id="trace_reports_answer", request=ReportAnswerIn, responses=ReportOut)
    def post(self, request: Request, number: str) -> Response:
        """Close a report with an answer, which whoever reported reads under the tracking number."""
        report = self.fetch(number=number)
        answer = self.read(ReportAnswerIn)["answer"]
        actions.close_report(report=report, answer=answer, actor=self.actor, now=clock.now())
        report = self.fetch(number=number)
        return self.ok(ReportOut(report).data, report)


class ReportPhotoView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}
    content_negotiation_class = ByAddress
    renderer_classes = [JpegRenderer]

    @extend_schema(operation_id="trace_reports_photo", responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, number: str) -> Response:
        """The photo of a report: a copy without what the camera wrote beside it."""
        photo = ReportPhoto.objects.filter(report=self.fetch(number=number)).first()
        if photo is None:
            raise Missing
        headers = {"Cache-Control": "private, no-store", "Content-Disposition": f'inline; filename="{number}.jpg"'}
        return Response(bytes(photo.jpeg), headers=headers)
