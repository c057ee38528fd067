"""What every address of the map service has in common: who asks, in which format, with which tag, and open to other sites."""

import gzip
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.views import View
from rest_framework.exceptions import MethodNotAllowed

from gi_registry.accounts.authentication import authenticate, challenge
from gi_registry.lib import jsonio
from gi_registry.lib.access import SIGN_IN, Actor, anyone
from gi_registry.lib.api import Policy, keep_apart
from gi_registry.lib.problems import Forbidden, Missing, answer_as_json, problem_of
from gi_registry.ogc import documents, versions
from gi_registry.ogc.collection import Catalogue, Collection
from gi_registry.ogc.crs import Crs
from gi_registry.ogc.formats import prefers_html

# Level 1: a page of outlines shrinks nearly as far as at level 6 in a quarter of the time.
GZIP_LEVEL = 1
GZIP_FROM_BYTES = 1400
# Any site may read what anybody may read. No cookie goes along, as "*" excludes it: a page elsewhere that is to read as
# somebody has to hold a key itself, and may send it.
METHODS = "GET, HEAD, OPTIONS"
OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Crs, ETag, Link",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Authorization, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


_GZIP = re.compile(r"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[0-9.]+\s*)?(?:,|$)", re.IGNORECASE)


class MapView(View):
    """A resource of the service. Anybody may ask: rows come through ``Collection.rows(actor)``, the same scope as the API's.

    A plain view: it reads no body and writes formats of its own, so REST framework would have nothing to do for it.
    """

    policies: ClassVar[Mapping[str, Policy]] = {"GET": anyone}
    catalogue: Catalogue = Catalogue(())
    asks_who = True

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        view = super().as_view(**initkwargs)
        view.csrf_exempt = True  # other methods are refused as such, and these change nothing
        return view

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Every answer may be read from other sites, refusals too: a map there must be able to say what is wrong."""
        try:
            if self.asks_who:
                authenticate(request, takes_password=True)
            response = self._handled(**kwargs)
        except Exception as error:  # noqa: BLE001 - recorded there if it is none of ours
            response = self._refused(error)
        if self.asks_who:
            keep_apart(response, self.actor, "Accept", "Accept-Encoding")
        for name, value in OPEN_TO_ALL.items():
            response.headers[name] = value
        return response

    def _handled(self, **kwargs: Any) -> HttpResponse:
        match self.request.method:
            case "GET" | "HEAD":
                return self.get(self.request, **kwargs)
            case "OPTIONS":
                return HttpResponse(status=204, headers={"Allow": METHODS, **PREFLIGHT})
        raise MethodNotAllowed(self.request.method)

    def _refused(self, error: Exception) -> HttpResponse:
        problem = problem_of(error)
        response = answer_as_json(self.request, problem)
        if problem.status == 401:
            response.headers["WWW-Authenticate"] = challenge(self.request)
        if problem.status == 405:
            response.headers["Allow"] = METHODS
        return response

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        raise NotImplementedError

    @property
    def actor(self) -> Actor:
        return self.request.actor

    @property
    def root(self) -> str:
        """The absolute address of the landing page, without its slash: QGIS cannot follow relative links."""
        path = self.request.path
        return self.request.build_absolute_uri(path[: path.index("/ogc") + len("/ogc")])

    @property
    def is_page(self) -> bool:
        """Whether a page for people is wanted: by ``f``, or by an Accept that puts HTML before JSON as browsers do."""
        asked = self.request.GET.get("f")
        return asked == "html" if asked else prefers_html(self.request.META.get("HTTP_ACCEPT", ""))

    @property
    def takes_gzip(self) -> bool:
        """Whether the reader takes gzip; ``q=0`` refuses it (RFC 9110, 12.5.3)."""
        return bool(_GZIP.search(self.request.META.get("HTTP_ACCEPT_ENCODING", "")))

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

    def tag_now(self, collection: Collection) -> str:
        """The tag of what this request would be answered now. One statement."""
        return self.tag(versions.version_of(collection))

    def unchanged(self, tag: str) -> HttpResponse | None:
        """304 when the reader already has what carries this tag."""
        asked = parse_etags(self.request.META.get("HTTP_IF_NONE_MATCH", ""))
        if self.is_page or not ({"*", tag, tag.removeprefix("W/")} & set(asked)):
            return None
        return HttpResponse(status=304, headers={"ETag": tag, "Cache-Control": "no-cache"})

    def unread(self, collection: Collection) -> HttpResponse | None:
        """304 when the reader already has it, without a look at any feature. Who holds nothing is not worth the question: his
        answer is read together with its version."""
        if "HTTP_IF_NONE_MATCH" not in self.request.META:
            return None
        return self.unchanged(self.tag_now(collection))

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
        response = render(self.request, f"ogc/{name}.html", context)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _tag(told: bytes) -> str:
    return f'W/"{sha256(told).hexdigest()[:20]}"'
