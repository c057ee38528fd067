"""Spreadsheets over HTTP: sent, checked by the worker, looked at, entered all together, or handed back with their faults."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.api import ScopedAPIView, listed
from gi_registry.lib.renderers import ByAddress, XlsxRenderer
from gi_registry.lib.shapes import NothingIn
from gi_registry.lib.spreadsheets.handed_back import MEDIA_TYPE
from gi_registry.lib.texts import Text
from products.models import Producer
from products.querysets import produced_by
from trace import actions, policy
from trace.actions.sheets import KINDS
from trace.models import SheetImport
from trace.querysets import SheetImportQuerySet
from trace.serializers.imports import (
    SheetImportCommitIn,
    SheetImportFilterIn,
    SheetImportIn,
    SheetImportOut,
    SheetRowFilterIn,
    SheetRowOut,
    SheetTemplateIn,
)
from trace.serializers.numbers import row_of
from trace.sheet_books import template_of, with_faults

_PRODUCER = Text("生产者", "producer")


def seen_by(actor: Actor) -> SheetImportQuerySet:
    return SheetImport.objects.visible_to(actor).select_related("producer__organisation")


def makers(actor: Actor) -> Any:
    """The producers that the actor speaks for."""
    return Producer.objects.filter(produced_by(actor, "")).select_related("organisation")


def told(actor: Actor, sheet: SheetImport) -> Any:
    """The file as it now is."""
    return SheetImportOut(seen_by(actor).get(pk=sheet.pk), context={"now": clock.now()}).data


def as_file(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=MEDIA_TYPE, headers=headers)


class SheetImportListView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see, "POST": policy.make}
    parser_classes = (MultiPartParser,)

    @listed("trace_imports_list", SheetImportOut, SheetImportFilterIn)
    def get(self, request: Request) -> Response:
        """Spreadsheets of the producers that you speak for, newest first."""
        names = {"producer": "producer__number", "kind": "kind", "state": "state"}
        asked = {names[name]: value for name, value in self.read_query(SheetImportFilterIn).items()}
        return self.page(self.rows().filter(**asked), SheetImportOut, now=clock.now())

    @extend_schema(
        operation_id="trace_imports_create",
        request={"multipart/form-data": SheetImportIn},
        responses={201: SheetImportOut},
    )
    def post(self, request: Request) -> Response:
        """Send a spreadsheet. It is checked by the worker; read it until its `state` is `checked`, and commit it then.

        Nothing is registered before. The same bytes are taken once for a producer: the second time is 409 `same_file`.
        """
        self.permit()
        data = self.read(SheetImportIn)
        producer = row_of(makers(self.actor), data["producer"], _PRODUCER, "/producer")
        file = data["file"]
        given = {"producer": producer, "kind": data["kind"], "file_name": file.name, "data": file.read()}
        sheet = actions.stage_import(**given, actor=self.actor, now=clock.now())
        return self.created(told(self.actor, sheet), reverse("trace-import", args=[sheet.number]))


class SheetImportView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_imports_read", responses=SheetImportOut)
    def get(self, request: Request, number: str) -> Response:
        """One spreadsheet: how far it is and what is wrong with it."""
        return self.ok(SheetImportOut(self.fetch(number=number), context={"now": clock.now()}).data)


class SheetImportRowsView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @listed("trace_imports_rows", SheetRowOut, SheetRowFilterIn)
    def get(self, request: Request, number: str) -> Response:
        """Its rows in the order of the file, each with all that is wrong with it and what it became."""
        asked = self.read_query(SheetRowFilterIn)
        return self.page(self.fetch(number=number).rows.filter(**asked), SheetRowOut, ordering="number")


class SheetImportFaultsView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}
    renderer_classes = [XlsxRenderer]
    content_negotiation_class = ByAddress

    @extend_schema(operation_id="trace_imports_faults", responses={(200, MEDIA_TYPE): OpenApiTypes.BINARY})
    def get(self, request: Request, number: str) -> HttpResponse:
        """The same rows as a workbook with a column that says what is wrong. Corrected, it can be sent as it is."""
        sheet = self.fetch(number=number)
        return as_file(with_faults(sheet), f"{sheet.kind}-{sheet.number}.xlsx")


class SheetTemplateView(ScopedAPIView):
    scope = staticmethod(makers)
    policies = {"GET": policy.see}
    renderer_classes = [XlsxRenderer]
    content_negotiation_class = ByAddress

    @extend_schema(
        operation_id="trace_imports_template",
        parameters=[SheetTemplateIn],
        responses={(200, MEDIA_TYPE): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        """An empty workbook for a producer, with its own articles and sites as lists to choose from."""
        producer, kind = self.fetch(number=number), self.read_query(SheetTemplateIn)["kind"]
        return as_file(template_of(KINDS[kind], producer), f"{kind.value}.xlsx")


class SheetImportStepView(ScopedAPIView):
    """Do one thing with a file, and show it as it then is."""

    scope = staticmethod(seen_by)
    policies = {"POST": policy.make}
    step: ClassVar[Callable[..., Any]]

    def take(self, number: str, shape: Any = NothingIn) -> Response:
        sheet = self.fetch(number=number)
        type(self).step(sheet=sheet, **self.read(shape), actor=self.actor, now=clock.now())
        return self.ok(told(self.actor, sheet))


class SheetImportCommitView(SheetImportStepView):
    step = staticmethod(actions.commit_import)

    @extend_schema(operation_id="trace_imports_commit", request=SheetImportCommitIn, responses=SheetImportOut)
    def post(self, request: Request, number: str) -> Response:
        """Have the rows registered, all or none. Read the file until its `state` is `done`.

        Where a row is refused at the last moment nothing is registered: the `state` is `checked` again, with the reasons.
        """
        return self.take(number, SheetImportCommitIn)


class SheetImportDiscardView(SheetImportStepView):
    step = staticmethod(actions.discard_import)

    @extend_schema(operation_id="trace_imports_discard", request=NothingIn, responses=SheetImportOut)
    def post(self, request: Request, number: str) -> Response:
        """Give a file up. What was read from it is deleted."""
        return self.take(number)


class SheetImportResumeView(SheetImportStepView):
    step = staticmethod(actions.resume_import)

    @extend_schema(operation_id="trace_imports_resume", request=NothingIn, responses=SheetImportOut)
    def post(self, request: Request, number: str) -> Response:
        """Have a file that `is_still` taken up again. One that goes on is left alone."""
        return self.take(number)
