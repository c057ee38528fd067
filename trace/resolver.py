"""The GS1-conformant resolver: from a Digital Link of ours to the page or data asked for, by redirect.

GET and HEAD answer 307 to one target, 300 where several suit alike, 404 where there is none, 400 for what is no link, and
200 with the linkset when that is asked for. OPTIONS and every answer are open to pages of other sites.
"""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gi_registry.lib import clock, jsonio
from gi_registry.lib.problems import Invalid, Problem, answer
from gi_registry.lib.texts import Refusal, Text
from trace import limits
from trace.links import DigitalLink, LinkError, linkset, parse_path, unpack
from trace.links.linkset import Level, Link
from trace.links.negotiation import Wishes, names_a_type, read_accept, read_languages, type_quality
from trace.links.packed import unpack_after
from trace.links.syntax import MAX_LINK
from trace.links.targets import host_of
from trace.models import LinkTarget
from trace.resolution import Resolution
from trace.rules.verdicts import Verdict

METHODS = "GET, HEAD, OPTIONS"
# Header names in title case throughout: some checkers keep them in a map that knows one spelling only.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, Accept-Language",
    "Access-Control-Expose-Headers": "Link, Location",
    "Access-Control-Max-Age": "86400",
}
NAME = {"zh": "山西地理标志登记与溯源", "en": "Shanxi GI Registry"}
_NO_SUCH_LINK = Text("此商品没有这种类型的链接。", "There is no link of this type for this article.")
_TOO_LONG = Refusal(
    "link_long", Text(f"链接不超过 {MAX_LINK} 个字符。", f"A link has at most {MAX_LINK} characters."), "/link"
)


# It changes nothing and looks nobody up: without the exemption a POST would be told of a missing token, not of its method.
@csrf_exempt
def resolve(request: HttpRequest) -> HttpResponse:
    """A Digital Link in the clear, or with its key in the clear and the rest compressed."""
    return _answered(request, lambda: _read(request))


@csrf_exempt
def resolve_packed(request: HttpRequest, token: str) -> HttpResponse:
    """A compressed Digital Link. A word that is none is an address that does not exist."""
    return _answered(request, lambda: _read_packed(request, token))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "OPTIONS"])
def description(request: HttpRequest) -> HttpResponse:
    """What this resolver can do (``/.well-known/gs1resolver``)."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={**OPEN, "Allow": METHODS})
    body = jsonio.dumps(linkset.description_file(settings.GI_PUBLIC_URL, NAME))
    headers = {**OPEN, "Cache-Control": "public, max-age=3600"}
    return HttpResponse(body, content_type="application/json", headers=headers)


@require_safe
def leaving(request: HttpRequest, number: str) -> HttpResponse:
    """Before a reader of our pages goes elsewhere: where to, in letters."""
    target = LinkTarget.objects.served().filter(number=number).first()
    if target is None:
        raise Http404
    response = render(request, "trace/leaving.html", {"target": target, "host": host_of(target.href)})
    response["X-Robots-Tag"] = "noindex"
    return response


class _Asked:
    """A link as it came: taken apart, with its address as written and, where it was compressed, uncompressed."""

    def __init__(self, request: HttpRequest, link: DigitalLink, path: str, *, is_packed: bool = False) -> None:
        self.root = f"{request.scheme}://{request.get_host()}"
        self.link, self.anchor = link, f"{self.root}{path}"
        self.same_as = self.anchor if is_packed else ""

    @property
    def header(self) -> str:
        return linkset.link_header(f"{self.anchor}?linkType=linkset", self.same_as)


def _answered(request: HttpRequest, read: Any) -> HttpResponse:
    """The answer with the headers that every answer has, errors too."""
    try:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            raise Problem("method_not_allowed")
        if len(request.get_full_path()) > MAX_LINK:
            raise Invalid(_TOO_LONG)
        asked = read()
        response = HttpResponse(status=204) if request.method == "OPTIONS" else _led(request, asked)
        response["Link"] = asked.header
    except LinkError as error:
        response = answer(request, Invalid(error.refusal))
    except Problem as problem:
        response = answer(request, problem)
    for name, value in {**OPEN, "Allow": METHODS, "Cache-Control": "no-cache"}.items():
        response[name] = value
    patch_vary_headers(response, ("Accept", "Accept-Language"))
    return response


def _read(request: HttpRequest) -> _Asked:
    """The server undoes percent escapes before anybody sees them; they are put back, but a ``%2F`` is lost for good."""
    path = quote(request.path_info.removesuffix("/"), safe="/!$&'()*+;=:@~")
    query = request.META.get("QUERY_STRING", "")
    try:
        return _Asked(request, parse_path(path, query), path)
    except LinkError:
        match path.split("/"):
            case ["", ai, value, token]:
                link = _unpacked_after(ai, value, token)
            case _:
                link = None
        if link is None:
            raise
        return _Asked(request, link, link.path, is_packed=True)


def _unpacked_after(ai: str, value: str, token: str) -> DigitalLink | None:
    try:
        return unpack_after(ai, value, token)
    except LinkError:
        return None


def _read_packed(request: HttpRequest, token: str) -> _Asked:
    try:
        link = unpack(token)
    except LinkError as error:
        raise Problem("not_found") from error
    return _Asked(request, link, link.path, is_packed=True)


def _led(request: HttpRequest, asked: _Asked) -> HttpResponse:
    now = clock.now()
    limits.look(request, now=now)
    types = read_accept(request.headers.get("Accept", ""))
    languages = read_languages(request.headers.get("Accept-Language", ""))
    kind = linkset.kind_of(request.GET.get("linkType", ""))
    resolution = Resolution(asked.link, asked.anchor)
    if resolution.is_guess:
        limits.told(request, Verdict.NOT_ISSUED, now=now)
    if kind in linkset.LINKSET_NAMES or _prefers_linkset(types):
        return _linkset(resolution.levels)
    if not request.GET.get("linkType"):
        link = linkset.default_of(resolution.defaults_only, types, languages)
        return _redirect(request, link)
    levels = resolution.levels
    links = linkset.best_of(linkset.of_kind(levels, kind), types, languages)
    if not links:
        raise Problem("not_found", _NO_SUCH_LINK)
    return _redirect(request, links[0]) if len(links) == 1 else _choices(request, levels[0], links)


def _prefers_linkset(types: Wishes) -> bool:
    if not names_a_type(types, linkset.MEDIA_TYPE):
        return False
    return type_quality(types, linkset.MEDIA_TYPE) >= max(quality for _, quality in types)


def _linkset(levels: list[Level], status: int = 200) -> HttpResponse:
    body = jsonio.dumps(linkset.document(levels))
    return HttpResponse(body, status=status, content_type=linkset.MEDIA_TYPE)


def _redirect(request: HttpRequest, link: Link) -> HttpResponse:
    given = [(name, value) for name, values in request.GET.lists() for value in values]
    return HttpResponseRedirect(linkset.with_query(link, given), preserve_request=True)


def _choices(request: HttpRequest, level: Level, links: list[Link]) -> HttpResponse:
    """Several that suit alike: a person is shown them all, a machine gets them as a linkset."""
    level = Level(level.anchor, level.description, tuple(links))
    if "text/html" not in request.headers.get("Accept", ""):
        return _linkset([level], 300)
    told = [(link, host_of(link.href)) for link in links]
    return render(request, "trace/choices.html", {"level": level, "links": told}, status=300)
