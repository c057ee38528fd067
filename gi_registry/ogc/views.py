"""The addresses of the map service: read the query, ask for the page, write the document."""

import gzip
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from gi_registry.accounts.authentication import ApiKeyAuthentication, PasswordKeyAuthentication, SessionAuth
from gi_registry.lib import clock, jsonio
from gi_registry.lib.access import SIGN_IN
from gi_registry.lib.api import PublicAPIView
from gi_registry.lib.problems import Forbidden, Missing
from gi_registry.ogc import documents, items, openapi, params
from gi_registry.ogc.collection import Catalogue, Collection
from gi_registry.ogc.crs import Crs

# Level 1: a page of outlines shrinks nearly as far as at level 6 in a quarter of the time.
GZIP_LEVEL = 1
GZIP_FROM_BYTES = 1400
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Content-Crs",
}


class OneFormat(BaseContentNegotiation):
    """JSON whatever is accepted: OWSLib sends no Accept, browsers ask for HTML, and neither should meet a 406."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type


class MapView(PublicAPIView):
    """A resource of the service. Rows come through ``Collection.rows(actor)``, the same scope as the API's."""

    public = "the map shows public facts to everyone; every collection narrows its own rows by the actor"
    # Left out of the project's own OpenAPI document: /ogc/api describes these.
    schema = None
    catalogue: Catalogue = Catalogue(())
    content_negotiation_class = OneFormat
    authentication_classes = (PasswordKeyAuthentication, ApiKeyAuthentication, SessionAuth)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Maps on other sites may read every answer, also a refusal: what cookies opened, a browser keeps from them."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, said in CORS.items():
            response.headers[name] = said
        return response

    @property
    def root(self) -> str:
        """The absolute address of the landing page, without its slash: QGIS cannot follow relative links."""
        path = self.request.path
        return self.request.build_absolute_uri(path[: path.index("/ogc") + len("/ogc")])

    def collection(self) -> Collection:
        """The collection in the address; one for signed-in readers answers 401 to others, as its rows would be none."""
        found = self.catalogue.get(self.kwargs["collection_id"])
        if found is None:
            raise Missing
        if self.actor.is_anonymous and not found.is_public:
            raise Forbidden(SIGN_IN)
        return found

    def document(self, content: Any, media_type: str = documents.JSON, crs: Crs | None = None) -> HttpResponse:
        """The answer; ``crs`` is the system of the coordinates in it, where it has any (OGC 18-058r1, 6.3)."""
        body = jsonio.dumps(content)
        headers = {"Cache-Control": "no-cache"}
        if len(body) >= GZIP_FROM_BYTES and "gzip" in self.request.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, GZIP_LEVEL, mtime=0)
            headers["Content-Encoding"] = "gzip"
        if crs:
            headers["Content-Crs"] = f"<{crs.uri}>"
        response = HttpResponse(body, content_type=media_type, headers=headers)
        patch_vary_headers(response, ("Accept-Encoding", "Authorization"))
        return response


class LandingView(MapView):
    def get(self, request: Request) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        return self.document(documents.landing(self.root))


class ConformanceView(MapView):
    def get(self, request: Request) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        return self.document(documents.conformance())


class ApiView(MapView):
    def get(self, request: Request) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        return self.document(openapi.document(self.root, self.catalogue.seen_by(self.actor)), documents.OPENAPI_JSON)


class CollectionsView(MapView):
    def get(self, request: Request) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        return self.document(documents.collections(self.root, self.catalogue.seen_by(self.actor)))


class CollectionView(MapView):
    def get(self, request: Request, collection_id: str) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        return self.document(documents.collection(self.root, self.collection()))


class SchemaView(MapView):
    def get(self, request: Request, collection_id: str) -> HttpResponse:
        params.refuse_unknown(request.GET.lists())
        return self.document(documents.schema(self.root, self.collection()), documents.SCHEMA_JSON)


class ItemsView(MapView):
    def get(self, request: Request, collection_id: str) -> HttpResponse:
        collection = self.collection()
        query = params.read_items_query(collection, request.GET.lists())
        page = items.page_of(collection, self.actor, query)
        matched = {} if page.matched is None else {"numberMatched": page.matched}
        content = {
            "type": "FeatureCollection",
            "links": documents.page_links(self.root, collection, self.here(), self.next_page(page.cursor)),
            "timeStamp": clock.now(),
            **matched,
            "numberReturned": len(page.features),
            "features": page.features,
        }
        return self.document(content, documents.GEOJSON, query.crs)

    def here(self) -> str:
        return self.request.build_absolute_uri()

    def next_page(self, cursor: str) -> str:
        """This request again with the cursor put in; the page size stays a parameter of its own."""
        if not cursor:
            return ""
        kept = [(name, values[-1]) for name, values in self.request.GET.lists() if name not in ("cursor", "offset")]
        return self.request.build_absolute_uri(f"{self.request.path}?{urlencode([*kept, ('cursor', cursor)])}")


class ItemView(MapView):
    def get(self, request: Request, collection_id: str, feature_id: str) -> HttpResponse:
        collection = self.collection()
        query = params.read_item_query(collection, request.GET.lists())
        feature = items.one_of(collection, self.actor, feature_id, query)
        if feature is None:
            raise Missing
        links = documents.feature_links(self.root, collection, request.build_absolute_uri())
        return self.document(feature | {"links": links}, documents.GEOJSON, query.crs)
