"""What every address of the map service has in common: who asks, in which format, with which tag, and open to other sites."""

import gzip
import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from gi_registry.accounts.authentication import ApiKeyAuthentication, PasswordKeyAuthentication, SessionAuth
from gi_registry.lib import jsonio
from gi_registry.lib.access import SIGN_IN
from gi_registry.lib.api import PublicAPIView
from gi_registry.lib.problems import Forbidden, Missing
from gi_registry.ogc import documents
from gi_registry.ogc.collection import Catalogue, Collection
from gi_registry.ogc.crs import Crs
from gi_registry.ogc.formats import prefers_html

# Level 1: a page of outlines shrinks nearly as far as at level 6 in a quarter of the time.
GZIP_LEVEL = 1
GZIP_FROM_BYTES = 1400
# Any site may read what anybody may read. No cookie goes along, as "*" excludes it: a page elsewhere that is to read as
# somebody has to hold a key itself, and may send it.
OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Crs, ETag, Link",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


_GZIP = re.compile(r"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[0-9.]+\s*)?(?:,|$)", re.IGNORECASE)


class OneFormat(BaseContentNegotiation):
    """Never a 406: OWSLib sends no Accept, and what is accepted chooses between JSON and a page in ``MapView`` itself."""

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

    @property
    def root(self) -> str:
        """The absolute address of the landing page, without its slash: QGIS cannot follow relative links."""
        path = self.request.path
        return self.request.build_absolute_uri(path[: path.index("/ogc") + len("/ogc")])

    @property
    def is_page(self) -> bool:
        """Whether a page for people is wanted: by ``f``, or by an Accept that puts HTML before JSON as browsers do."""
        asked = self.request.GET.get("f")
        return asked == "html" if asked else prefers_html(self.request.headers.get("Accept", ""))

    @property
    def takes_gzip(self) -> bool:
        """Whether the reader takes gzip; ``q=0`` refuses it (RFC 9110, 12.5.3)."""
        return bool(_GZIP.search(self.request.headers.get("Accept-Encoding", "")))

    def collection(self) -> Collection:
        """The collection in the address; one for signed-in readers answers 401 to others, as its rows would be none."""
        found = self.catalogue.get(self.kwargs["collection_id"])
        if found is None:
            raise Missing
        if self.actor.is_anonymous and not found.is_public:
            raise Forbidden(SIGN_IN)
        return found

    def again(self, **changed: str) -> str:
        """The address of this request with some parameters put in place of others; an empty one is left out."""
        kept = [(name, values[-1]) for name, values in self.request.GET.lists() if name not in changed]
        query = urlencode([*kept, *((name, value) for name, value in changed.items() if value)])
        return self.request.build_absolute_uri(f"{self.request.path}?{query}" if query else self.request.path)

    def tag(self, version: str) -> str:
        """A weak entity tag: equal for answers of equal meaning. It holds all on which an answer depends."""
        told = (version, self.actor.access_class, get_language(), self.request.build_absolute_uri())
        return _tag(repr(told).encode())

    def unchanged(self, tag: str) -> HttpResponse | None:
        """304 when the reader already has what carries this tag."""
        asked = parse_etags(self.request.headers.get("If-None-Match", ""))
        if self.is_page or not ({"*", tag, tag.removeprefix("W/")} & set(asked)):
            return None
        return HttpResponse(status=304, headers={"ETag": tag, "Cache-Control": "no-cache"})

    def document(
        self, content: Any, media_type: str = documents.JSON, crs: Crs | None = None, tag: str = ""
    ) -> HttpResponse:
        """The answer as JSON. ``crs`` is the system of its coordinates, where it has any (OGC 18-058r1, 6.3); without a
        ``tag`` of its own it is tagged by its content."""
        body = jsonio.dumps(content)
        tag = tag or _tag(body)
        if unchanged := self.unchanged(tag):
            return unchanged
        headers = {"Cache-Control": "no-cache", "ETag": tag}
        if len(body) >= GZIP_FROM_BYTES and self.takes_gzip:
            body = gzip.compress(body, GZIP_LEVEL, mtime=0)
            headers["Content-Encoding"] = "gzip"
        if crs:
            headers["Content-Crs"] = f"<{crs.uri}>"
        return HttpResponse(body, content_type=media_type, headers=headers)

    def page(self, name: str, **context: Any) -> HttpResponse:
        """The answer as a page for people."""
        context |= {"root": self.root, "json_href": self.again(f="json")}
        response = render(self.request._request, f"ogc/{name}.html", context)
        response.headers["Cache-Control"] = "no-cache"
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Every answer may be read from other sites, refusals too: a map there must be able to say what is wrong."""
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ("Accept", "Accept-Encoding"))
        for name, value in (OPEN_TO_ALL | (PREFLIGHT if request.method == "OPTIONS" else {})).items():
            response.headers[name] = value
        return response


def _tag(told: bytes) -> str:
    return f'W/"{sha256(told).hexdigest()[:20]}"'
