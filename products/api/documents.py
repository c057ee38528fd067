"""Documents of an application to use the special mark, over HTTP."""

from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.api import ScopedAPIView, listed
from gi_registry.lib.renderers import ByAddress, FileRenderer
from products import actions, policy
from products.api.authorisations import seen_authorisations
from products.models import ApplicationDocument
from products.serializers import AuthorisationOut, DocumentIn, DocumentOut


class DocumentList(ScopedAPIView):
    scope = staticmethod(seen_authorisations)
    policies = {"GET": policy.may_read_scoped, "POST": policy.may_change_authorisation}
    parser_classes = (MultiPartParser,)

    @listed("authorisations_documents", DocumentOut)
    def get(self, request: Request, number: str) -> Response:
        """What an application brings with it."""
        return self.page(self.fetch(number=number).documents.defer("data"), DocumentOut)

    @extend_schema(
        operation_id="authorisations_documents_add",
        request={"multipart/form-data": DocumentIn},
        responses={201: DocumentOut},
    )
    def post(self, request: Request, number: str) -> Response:
        """Put a PDF, JPEG or PNG beside an application that is a draft or was returned. A test report is needed to submit it."""
        authorisation = self.fetch(number=number)
        told = self.read(DocumentIn)
        made = actions.add_document(
            authorisation=authorisation,
            kind=told["kind"],
            name=told["file"].name,
            data=told["file"].read(),
            actor=self.actor,
            now=clock.now(),
        )
        return self.created(DocumentOut(made).data, reverse("products-api-document", args=[made.number]))


def seen_documents(actor: Any) -> Any:
    rows = ApplicationDocument.objects.visible_to(actor)
    return rows.select_related("authorisation__producer__organisation", "authorisation__producer__division").defer(
        "data", "authorisation__producer__division__geom"
    )


class DocumentDetail(ScopedAPIView):
    scope = staticmethod(seen_documents)
    policies = {"GET": policy.may_read_scoped, "DELETE": policy.may_change_document}

    @extend_schema(operation_id="authorisations_documents_read", responses=DocumentOut)
    def get(self, request: Request, number: str) -> Response:
        """One document: what it shows, and its fingerprint."""
        return self.ok(DocumentOut(self.fetch(number=number)).data)

    @extend_schema(operation_id="authorisations_documents_remove", request=None, responses={200: AuthorisationOut})
    def delete(self, request: Request, number: str) -> Response:
        """Take a document back out of an application that is a draft or was returned. The application as it then is."""
        document = self.fetch(number=number)
        actions.remove_document(document=document, actor=self.actor)
        row = seen_authorisations(self.actor).get(pk=document.authorisation_id)
        return self.ok(AuthorisationOut(row).data, row)


class DocumentFile(ScopedAPIView):
    scope = staticmethod(seen_documents)
    policies = {"GET": policy.may_read_scoped}
    content_negotiation_class = ByAddress
    renderer_classes = [FileRenderer]

    @extend_schema(
        operation_id="authorisations_documents_file",
        responses={(200, media): OpenApiTypes.BINARY for media in ("application/pdf", "image/jpeg", "image/png")},
    )
    def get(self, request: Request, number: str) -> Response:
        """The file as it was sent in."""
        document = self.fetch(number=number)
        headers = {"Content-Disposition": document.disposition, "Cache-Control": "private, no-store"}
        return Response(bytes(document.data), headers=headers, content_type=document.media_type)
