"""Print jobs: more labels than a request should draw, made beside the server and taken as files by their maker."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.api import ScopedAPIView, listed
from gi_registry.lib.downloads import IF_RANGE, RANGE, send
from gi_registry.lib.ids import new_number
from gi_registry.lib.problems import Missing
from gi_registry.lib.renderers import ByAddress, PdfRenderer
from gi_registry.lib.shapes import NothingIn
from trace import actions, policy
from trace.api.labels import units_of
from trace.models import PrintJob
from trace.querysets import PrintJobQuerySet
from trace.rules.issuances import Span
from trace.serializers.labels import style_of
from trace.serializers.prints import PartIn, PrintFilterIn, PrintIn, PrintOut

PIECE = 1 << 16


def seen_by(actor: Actor) -> PrintJobQuerySet:
    return PrintJob.objects.visible_to(actor).told()


class PrintListView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @listed("trace_prints_list", PrintOut, PrintFilterIn)
    def get(self, request: Request) -> Response:
        """Print jobs of the issuances that you may see, newest first: how far they are, never the codes."""
        names = {"issuance": "issuance__number", "batch": "issuance__batch__number", "state": "state"}
        asked = {names[name]: value for name, value in self.read_query(PrintFilterIn).items()}
        return self.page(self.rows().filter(**asked), PrintOut, now=clock.now())


class IssuancePrintsView(ScopedAPIView):
    scope = staticmethod(units_of)
    policies = {"POST": policy.make}

    @extend_schema(operation_id="trace_prints_create", request=PrintIn, responses={201: PrintOut})
    def post(self, request: Request, number: str) -> Response:
        """Have labels of many units drawn as PDF files of a thousand labels each. Read the job until it is `done`.

        When it ends, the units are on record as printed; those that were so before are recorded again, as a reprint.
        """
        issuance = self.fetch(number=number)
        data = self.read(PrintIn)
        wish = actions.PrintWish(Span(data["first"], data["last"]), style_of(data), new_number())
        job = actions.queue_print(issuance=issuance, wish=wish, actor=self.actor, now=clock.now())
        return self.created(told(self.actor, job), reverse("trace-print", args=[job.number]))


def told(actor: Actor, job: PrintJob) -> Any:
    """The job as it now is."""
    return PrintOut(seen_by(actor).get(pk=job.pk), context={"now": clock.now()}).data


class PrintView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_prints_read", responses=PrintOut)
    def get(self, request: Request, number: str) -> Response:
        """One print job: how far it is, how many files there are, and what went on record."""
        return self.ok(PrintOut(self.fetch(number=number), context={"now": clock.now()}).data)


class PrintStepView(ScopedAPIView):
    """Do one thing with a job, and show it as it then is."""

    scope = staticmethod(seen_by)
    policies = {"POST": policy.make}
    step: ClassVar[Callable[..., Any]]

    def take(self, number: str) -> Response:
        job = self.fetch(number=number)
        self.read(NothingIn)
        type(self).step(job=job, actor=self.actor, now=clock.now())
        return self.ok(told(self.actor, job))


class PrintCancelView(PrintStepView):
    step = staticmethod(actions.cancel_print)

    @extend_schema(operation_id="trace_prints_cancel", request=NothingIn, responses=PrintOut)
    def post(self, request: Request, number: str) -> Response:
        """Stop after the file that is being drawn. What is finished stays, and is on record as printed."""
        return self.take(number)


class PrintResumeView(PrintStepView):
    step = staticmethod(actions.resume_print)

    @extend_schema(operation_id="trace_prints_resume", request=NothingIn, responses=PrintOut)
    def post(self, request: Request, number: str) -> Response:
        """Have a job that `is_still` taken up again where its files end. One that goes on is left alone."""
        return self.take(number)


class PrintFileView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.make}
    renderer_classes = [PdfRenderer]
    content_negotiation_class = ByAddress

    @extend_schema(
        operation_id="trace_prints_file",
        parameters=[PartIn, RANGE, IF_RANGE],
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (206, "application/pdf"): OpenApiTypes.BINARY,
            409: None,
            416: None,
        },
    )
    def get(self, request: Request, number: str) -> Any:
        """One finished file of a print job. For the producer alone, and each taking is noted.

        Files are kept for seven days. A broken download goes on with `Range`.
        """
        job = self.fetch(number=number)
        place = self.read_query(PartIn)["part"]
        parts = job.finished_parts
        file = actions.file_of(job, place)
        if place > len(parts) or not file.is_file():
            raise Missing
        return self.send(job, file, parts[place - 1])

    def send(self, job: PrintJob, file: Path, part: Span) -> Any:
        given = {"issuance": job.issuance, "span": part, "actor": self.actor}
        actions.may_take(**given)

        def read(start: int, stop: int) -> Iterator[bytes]:
            actions.take_codes(**given, now=clock.now())
            return pieces(file, start, stop)

        told = file.stat()
        etag = f'"{told.st_size:x}-{told.st_mtime_ns:x}"'
        media = {"name": file.name, "size": told.st_size, "content_type": PdfRenderer.media_type}
        return send(self.request, etag=etag, read=read, **media)


def pieces(file: Path, start: int, stop: int) -> Iterator[bytes]:
    with file.open("rb") as content:
        content.seek(start)
        while start < stop and (piece := content.read(min(PIECE, stop - start))):
            start += len(piece)
            yield piece
