"""Labels to print: of units of an issuance, and of a whole batch. Drawn for each request and never stored.

Labels carry codes, so they are for the maker alone and each taking of them is noted, as the file of codes is.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.api import ScopedAPIView
from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.problems import Invalid, Problem
from gi_registry.lib.renderers import ByAddress, PdfRenderer, PngRenderer, SvgRenderer, ZplRenderer
from trace import actions, policy, printing
from trace.api.batches import seen_by as batches_of
from trace.labels.contents import Label
from trace.labels.fonts import Unprintable
from trace.labels.pdf import write_pdf
from trace.labels.picture import write_png, write_svg
from trace.labels.run import Run
from trace.labels.zpl import write_zpl
from trace.models import Batch, Issuance
from trace.rules.issuances import Span
from trace.rules.prints import inline_faults
from trace.serializers.labels import CopiesIn, LabelIn, LabelsIn, style_of


def units_of(actor: Any) -> Any:
    """Issuances with what stands on their labels."""
    return Issuance.objects.visible_to(actor).select_related(
        "batch__form",
        "batch__producer__organisation__sponsor",
        "batch__authorisation__title",
        "batch__specification",
    )


class DrawnView(ScopedAPIView):
    """A file that names its format in its address."""

    content_negotiation_class = ByAddress
    policies = {"GET": policy.make}

    def drawn(self, content: bytes | str, name: str) -> Response:
        headers = {
            "Content-Disposition": f'inline; filename="{name}.{self.renderer_classes[0].format}"',
            "Cache-Control": "private, no-store",
        }
        return Response(content, headers=headers)


def as_pdf(run: Run, labels: Iterable[Label], batch: Batch) -> bytes:
    return write_pdf(run, labels, now=clock.now(), title=printing.title_of(batch))


def as_zpl(run: Run, labels: Iterable[Label], batch: Batch) -> str:
    try:
        return "".join(write_zpl(run, labels))
    except Unprintable as reason:
        raise Invalid(reason.refusal) from reason


def as_png(run: Run, labels: Iterable[Label], batch: Batch) -> bytes:
    ((label, symbol),) = run.symbols(labels)
    return write_png(run, label, symbol)


def as_svg(run: Run, labels: Iterable[Label], batch: Batch) -> str:
    ((label, symbol),) = run.symbols(labels)
    return write_svg(run, label, symbol, title=printing.title_of(batch))


class UnitLabelsView(DrawnView):
    """Labels of units of an issuance."""

    scope = staticmethod(units_of)
    draw: ClassVar[Any]

    def labels(self, number: str, asked: dict[str, Any], first: int, last: int | None) -> Response:
        issuance = self.fetch(number=number)
        span = Span(first, first if last is None else last)
        actions.may_take(issuance=issuance, span=span, actor=self.actor)
        if faults := inline_faults(span):
            raise Invalid(faults)
        style = style_of(asked)
        run = printing.run_of_units(issuance, style)
        try:
            content = type(self).draw(run, printing.labels_of(issuance, style, span), issuance.batch)
        except KeyFault as fault:
            raise Problem("unavailable", fault.text) from fault
        if self.request.method == "GET":
            actions.take_codes(issuance=issuance, span=span, actor=self.actor, now=clock.now())
        return self.drawn(content, f"{issuance.batch.number}-{issuance.number}-{span.first}")


class UnitLabelsPdfView(UnitLabelsView):
    renderer_classes = [PdfRenderer]
    draw = staticmethod(as_pdf)

    @extend_schema(
        operation_id="trace_issuances_labels_pdf",
        parameters=[LabelsIn],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 409: None},
    )
    def get(self, request: Request, number: str) -> Response:
        """Labels of up to 300 units as PDF, in true millimetres: print at actual size. More by a print job.

        Without `last` it is one label. For the producer alone, and each taking is noted.
        """
        asked = self.read_query(LabelsIn)
        return self.labels(number, asked, asked["first"], asked.get("last"))


class UnitLabelsZplView(UnitLabelsView):
    renderer_classes = [ZplRenderer]
    draw = staticmethod(as_zpl)

    @extend_schema(
        operation_id="trace_issuances_labels_zpl",
        parameters=[LabelsIn],
        responses={(200, "application/vnd.zebra.zpl"): OpenApiTypes.STR, 409: None},
    )
    def get(self, request: Request, number: str) -> Response:
        """The same as commands of ZPL II, for labels on a roll. All is graphics: the printer needs no Chinese font."""
        asked = self.read_query(LabelsIn)
        return self.labels(number, asked, asked["first"], asked.get("last"))


class UnitLabelPngView(UnitLabelsView):
    renderer_classes = [PngRenderer]
    draw = staticmethod(as_png)

    @extend_schema(
        operation_id="trace_issuances_label_png",
        parameters=[LabelIn],
        responses={(200, "image/png"): OpenApiTypes.BINARY, 409: None},
    )
    def get(self, request: Request, number: str) -> Response:
        """One label as a black and white PNG, a dot of the printer a pixel, its resolution written into it."""
        asked = self.read_query(LabelIn)
        return self.labels(number, asked, asked["index"], asked["index"])


class UnitLabelSvgView(UnitLabelsView):
    renderer_classes = [SvgRenderer]
    draw = staticmethod(as_svg)

    @extend_schema(
        operation_id="trace_issuances_label_svg",
        parameters=[LabelIn],
        responses={(200, "image/svg+xml"): OpenApiTypes.STR, 409: None},
    )
    def get(self, request: Request, number: str) -> Response:
        """One label as SVG, its width and height in millimetres."""
        asked = self.read_query(LabelIn)
        return self.labels(number, asked, asked["index"], asked["index"])


class BatchLabelsView(DrawnView):
    """Labels of a whole batch: as public as its QR code."""

    scope = staticmethod(batches_of)
    policies = {"GET": policy.see}
    draw: ClassVar[Any]

    def labels(self, number: str) -> Response:
        batch = self.fetch(number=number)
        asked = self.read_query(CopiesIn)
        run, label = printing.run_of_batch(batch, style_of(asked))
        return self.drawn(type(self).draw(run, [label] * asked["copies"], batch), batch.number)


class BatchLabelsPdfView(BatchLabelsView):
    renderer_classes = [PdfRenderer]
    draw = staticmethod(as_pdf)

    @extend_schema(
        operation_id="trace_batches_labels_pdf",
        parameters=[CopiesIn],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 409: None},
    )
    def get(self, request: Request, number: str) -> Response:
        """Labels with the link of the whole batch as PDF, all alike: print at actual size."""
        return self.labels(number)


class BatchLabelsZplView(BatchLabelsView):
    renderer_classes = [ZplRenderer]
    draw = staticmethod(as_zpl)

    @extend_schema(
        operation_id="trace_batches_labels_zpl",
        parameters=[CopiesIn],
        responses={(200, "application/vnd.zebra.zpl"): OpenApiTypes.STR, 409: None},
    )
    def get(self, request: Request, number: str) -> Response:
        """The same as commands of ZPL II, for labels on a roll."""
        return self.labels(number)
