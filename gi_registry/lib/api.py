"""The one kind of API view: rows come through the actor's scope, methods through a policy, and both are closed by default."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer, URLField
from rest_framework.views import APIView

from gi_registry.lib.access import Actor, Decision, anyone
from gi_registry.lib.idempotency import Handler, once
from gi_registry.lib.paging import KeysetPagination
from gi_registry.lib.problems import Forbidden, Missing, Problem
from gi_registry.lib.texts import Refusal, Text

Policy = Callable[..., Decision]
M = TypeVar("M", bound=Model)

# Parameters that every list understands beside its own filters.
LIST_PARAMETERS = ("cursor", "page_size", "lang")
_UNKNOWN = Text("没有名为“{name}”的参数。", "There is no parameter named “{name}”.")
_NEED_MATCH = Text("请附上 If-Match，其值为您读到的 ETag。", "Send If-Match with the ETag that you read.")
_STALE = Text(
    "您读取之后内容已被修改，请重新读取再改。", "It was changed after you read it. Read it again, then change it."
)

CURSOR = OpenApiParameter("cursor", str, description="From the `next` or `previous` link of a page.")
PAGE_SIZE = OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50})
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="ETag as read.")


# Marks the operation of a QuestionView in the API document.
QUESTION = {"x-question": True}


def listed(operation_id: str, shape: type[Serializer], *parameters: Any) -> Callable[[Handler], Handler]:
    """Document a handler that answers with keyset pages of a shape."""
    page = inline_serializer(
        name=shape.__name__.removesuffix("Out") + "PageOut",
        fields={"results": shape(many=True), "next": URLField(allow_null=True), "previous": URLField(allow_null=True)},
    )
    return extend_schema(operation_id=operation_id, parameters=[*parameters, CURSOR, PAGE_SIZE], responses=page)


class Negotiation(DefaultContentNegotiation):
    """The usual answer to the usual wish, without reading it word by word at each request."""

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        media_type = renderers[0].media_type
        if len(renderers) == 1 and request.META.get("HTTP_ACCEPT", "*/*") in ("*/*", media_type):
            return renderers[0], media_type
        return super().select_renderer(request, renderers, format_suffix)


class ScopedAPIView(APIView):
    """Fetch through scope, ask policy, read input, call one action or query, show.

    ``scope``     actor -> queryset of the rows this actor may see; a row outside answers 404
    ``policies``  method -> policy(actor, row or None); a method without one answers 405
    """

    content_negotiation_class = Negotiation
    scope: ClassVar[Callable[[Actor], QuerySet[Any]]]
    policies: ClassVar[Mapping[str, Policy]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "post" in cls.__dict__ and not issubclass(cls, QuestionView):
            cls.post = once(cls.__dict__["post"])  # type: ignore[attr-defined]

    @property
    def allowed_methods(self) -> list[str]:
        return [method for method in super().allowed_methods if method in {*self.policies, "OPTIONS"}]

    @property
    def actor(self) -> Actor:
        return self.request._request.actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, negotiate; then methods without a policy end here."""
        super().initial(request, *args, **kwargs)
        method = "GET" if request.method == "HEAD" else request.method
        if method != "OPTIONS" and method not in self.policies:
            self.http_method_not_allowed(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.authentication_classes:
            keep_apart(response, getattr(request._request, "actor", Actor.ANONYMOUS))
        return response

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    # --- who ---

    def permit(self, thing: Any = None) -> None:
        """Ask this method's policy; a No is raised with its reason."""
        method = "GET" if self.request.method == "HEAD" else self.request.method
        decision = self.policies[method](self.actor, thing)
        if not decision:
            raise Forbidden(decision)

    def rows(self) -> QuerySet[Any]:
        """The rows this actor may see, the policy of the method asked first without a row."""
        self.permit()
        return type(self).scope(self.actor)

    def fetch(self, queryset: QuerySet[M] | None = None, **lookup: Any) -> M:
        """One row through the scope (404 outside it), then the policy on it (401/403)."""
        rows = type(self).scope(self.actor) if queryset is None else queryset
        row = rows.filter(**lookup).first()
        if row is None:
            if self.actor.is_anonymous:
                self.permit()
            raise Missing
        self.permit(row)
        return row

    # --- reading ---

    def read(self, shape: type[BaseSerializer], **kwargs: Any) -> dict[str, Any]:
        """The request body in a shape, or the faults of every field at once."""
        serializer = shape(data=self.request.data, **kwargs)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def read_query(self, shape: type[BaseSerializer]) -> dict[str, Any]:
        """The query parameters in a shape; unknown ones are refused, given ones must be single."""
        given = {name: value for name, value in self.request.query_params.items() if name not in LIST_PARAMETERS}
        serializer = shape(data=given)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def match(self, thing: Any) -> None:
        """RFC 9110 If-Match: 428 when absent, 412 when the row has moved on."""
        asked = self.request.headers.get("If-Match")
        if asked is None:
            raise Problem("precondition_required", _NEED_MATCH, [Refusal("if_match", _NEED_MATCH)])
        if asked.strip() not in ("*", etag_of(thing)):
            raise Problem("stale", _STALE, [Refusal("stale", _STALE)])

    # --- showing ---

    def page(
        self, queryset: QuerySet[Any], shape: type[BaseSerializer], *, ordering: str = "-id", **context: Any
    ) -> Response:
        """One keyset page of a list, newest first unless told otherwise. A context that is a function is asked with the
        rows of the page, for what is fetched of all of them at once."""
        pages = KeysetPagination()
        pages.ordering = ordering
        rows = pages.paginate_queryset(queryset, self.request, view=self)
        context = {name: value(rows) if callable(value) else value for name, value in context.items()}
        return pages.get_paginated_response(shape(rows, many=True, context=context).data)

    def ok(self, data: Any, thing: Any = None) -> Response:
        return Response(data, headers={"ETag": etag_of(thing)} if thing is not None else None)

    def created(self, data: Any, url: str, thing: Any = None) -> Response:
        headers = {"Location": url}
        if thing is not None:
            headers["ETag"] = etag_of(thing)
        return Response(data, status=201, headers=headers)


class PublicAPIView(ScopedAPIView):
    """A view that anyone may read; ``public`` says why that is right. Changes still need a policy."""

    public: ClassVar[str]
    policies: ClassVar[Mapping[str, Policy]] = {"GET": anyone}


class QuestionView(PublicAPIView):
    """A question by POST because it is too long for an address. It changes nothing: asked twice it is answered twice, and
    no answer is kept for an Idempotency-Key."""

    policies: ClassVar[Mapping[str, Policy]] = {"POST": anyone}


def keep_apart(response: HttpResponse, actor: Actor, *varies: str) -> None:
    """What one person may see is kept by no cache between, and no answer is taken for another reader's. ``varies``: the other
    headers on which the answer depends."""
    patch_vary_headers(response, ("Authorization", "Cookie", *varies))
    if not actor.is_anonymous:
        said = response.headers.get("Cache-Control", "")
        if "private" not in said and "no-store" not in said:
            response.headers["Cache-Control"] = f"private, {said or 'no-cache'}"


def etag_of(thing: Any) -> str:
    """A strong entity tag from the row's version."""
    return f'"v{thing.version}"'
