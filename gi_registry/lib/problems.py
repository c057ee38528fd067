"""Everything that can go wrong, as RFC 9457 problem documents, in the reader's language, with stable codes.

Our exceptions carry refusals; one table turns them, Django's and REST framework's own into the same document.
"""

import logging
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import structlog
from django.core import exceptions as django_errors
from django.db import DataError, IntegrityError, InternalError, OperationalError, ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from rest_framework import exceptions as drf
from rest_framework.response import Response

from gi_registry.lib import jsonio
from gi_registry.lib.access import SIGN_IN, Denied
from gi_registry.lib.language import say
from gi_registry.lib.texts import Refusal, Text

log = logging.getLogger("gi.problems")
# An answer tells no more faults than this: a small request must not earn an answer of megabytes.
MAX_ERRORS = 100

TITLES: dict[str, tuple[int, Text]] = {
    "invalid": (400, Text("提交的内容有误", "The request has mistakes")),
    "malformed": (400, Text("无法读取请求", "The request cannot be read")),
    "unauthenticated": (401, Text("需要登录", "Sign-in required")),
    "forbidden": (403, Text("不允许的操作", "Not allowed")),
    "not_found": (404, Text("没有找到", "Not found")),
    "method_not_allowed": (405, Text("此地址不支持该方法", "Method not allowed here")),
    "not_acceptable": (406, Text("无法提供所要求的格式", "No such format here")),
    "refused": (409, Text("当前状态不允许此操作", "Refused in the present state")),
    "stale": (412, Text("内容已被他人修改", "Changed by someone else meanwhile")),
    "too_large": (413, Text("提交的内容过大", "The request is too large")),
    "unsupported_media_type": (415, Text("不支持的内容类型", "Unsupported content type")),
    "idempotency_mismatch": (
        422,
        Text("同一幂等键用于了不同的请求", "The idempotency key was used for another request"),
    ),
    "precondition_required": (428, Text("缺少 If-Match", "If-Match is required")),
    "throttled": (429, Text("请求过于频繁", "Too many requests")),
    "server_error": (500, Text("服务器出错", "The server failed")),
    "unavailable": (503, Text("服务暂时不可用", "Temporarily unavailable")),
}
GENERIC = {
    "forbidden": Text("您没有权限进行此操作。", "You may not do this."),
    "not_found": Text("没有这个地址，或您无权查看该内容。", "There is no such thing here, or none that you may see."),
    "server_error": Text("我们已记下这个错误。请稍后再试。", "The error has been recorded. Please try again later."),
    "refused": Text(
        "数据库拒绝了这次修改：它会破坏登记规则。", "The database refused the change: it would break a rule."
    ),
    "unavailable": Text("数据库暂时无法访问，请稍后再试。", "The database cannot be reached just now. Try again soon."),
    "too_large": Text("单次提交不得超过 5 MB。", "A request may hold 5 MB at most."),
    "malformed": Text("请求格式不正确。", "The request is not well formed."),
}


class Problem(Exception):
    """A refusal on its way to the reader. ``code`` is a key of TITLES and decides status and title."""

    def __init__(self, code: str, detail: Text | None = None, errors: Iterable[Refusal] = ()) -> None:
        self.code = code
        self.errors = tuple(islice(errors, MAX_ERRORS))
        first = self.errors[0].text if self.errors else GENERIC.get(code)
        self.detail = detail or first or TITLES[code][1]
        super().__init__(self.detail.en)

    @property
    def status(self) -> int:
        return TITLES[self.code][0]


def _many(refusals: Refusal | Iterable[Refusal]) -> tuple[Refusal, ...]:
    return (refusals,) if isinstance(refusals, Refusal) else tuple(islice(refusals, MAX_ERRORS))


class Invalid(Problem):
    """What was sent cannot be right, whatever the state of the register (400)."""

    def __init__(self, refusals: Refusal | Iterable[Refusal]) -> None:
        super().__init__("invalid", errors=_many(refusals))


class Refused(Problem):
    """What was asked is sound but a guard says no in the present state (409)."""

    def __init__(self, refusals: Refusal | Iterable[Refusal]) -> None:
        super().__init__("refused", errors=_many(refusals))


class Forbidden(Problem):
    """A policy said no (401 when nobody is signed in, else 403)."""

    def __init__(self, denied: Denied) -> None:
        code = "unauthenticated" if denied is SIGN_IN else "forbidden"
        super().__init__(code, denied.text, [Refusal(denied.code, denied.text)])


class Missing(Problem):
    """There is no such row, or none that this actor may see: the two are never told apart (404)."""

    def __init__(self) -> None:
        super().__init__("not_found")


def document(problem: Problem, path: str) -> dict[str, Any]:
    """The RFC 9457 document of a problem."""
    status, title = TITLES[problem.code]
    return {
        "type": f"/api/problems/#{problem.code}",
        "title": say(title),
        "status": status,
        "detail": say(problem.detail),
        "instance": path,
        "code": problem.code,
        "errors": [{"pointer": e.pointer, "code": e.code, "detail": say(e.text)} for e in problem.errors],
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
    }


# --- the one table -----------------------------------------------------------------------------------------------

_DRF_CODES: tuple[tuple[type[Exception], str], ...] = (
    (drf.NotAuthenticated, "unauthenticated"),
    (drf.AuthenticationFailed, "unauthenticated"),
    (drf.PermissionDenied, "forbidden"),
    (drf.NotFound, "not_found"),
    (drf.MethodNotAllowed, "method_not_allowed"),
    (drf.NotAcceptable, "not_acceptable"),
    (drf.UnsupportedMediaType, "unsupported_media_type"),
    (drf.Throttled, "throttled"),
    (drf.ParseError, "malformed"),
    (Http404, "not_found"),
    (django_errors.PermissionDenied, "forbidden"),
    (django_errors.RequestDataTooBig, "too_large"),
    (django_errors.SuspiciousOperation, "malformed"),
    (django_errors.BadRequest, "malformed"),
    (MultiPartParserError, "malformed"),
    (UnicodeDecodeError, "malformed"),
    (OperationalError, "unavailable"),
)
# A constraint or trigger that held after policy and rules let something pass. P0001 is RAISE in our own triggers.
_WALL_STATES = ("23", "P0001")
# Values that no column can hold: too long, out of range, an impossible date, NUL (which the driver refuses by itself).
_UNFIT_STATES = ("22001", "22003", "22007", "22008", "22021", "22P05")


def problem_from(error: Exception) -> Problem | None:
    """The problem for an exception, or None for one that is a defect of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, drf.ValidationError):
        return Invalid(_refusals(error.get_full_details()))
    if isinstance(error, IntegrityError | InternalError | ProgrammingError | DataError):
        return _wall(error)
    for kind, code in _DRF_CODES:
        if isinstance(error, kind):
            said = str(error.detail) if isinstance(error, drf.APIException) and code != "not_found" else None
            return Problem(code, Text(said, said) if said else None)
    return None


def problem_of(error: Exception) -> Problem:
    """The problem for any exception; what is a defect of ours is recorded and told as that."""
    problem = problem_from(error)
    if problem is None:
        log.exception("unexpected error", exc_info=error)
        problem = Problem("server_error")
    return problem


def _wall(error: Exception) -> Problem | None:
    state = getattr(error.__cause__, "sqlstate", None) or ""
    if isinstance(error, DataError) and (not state or state.startswith(_UNFIT_STATES)):
        # A cookie or a header may carry what no column can hold, such as NUL; that is the sender's fault, not ours.
        return Problem("malformed")
    if not state.startswith(_WALL_STATES):
        return None
    log.warning("wall held: %s", error)
    return Problem("refused")


def _refusals(details: Any, pointer: str = "") -> Iterator[Refusal]:
    """REST framework's nested details as flat refusals with JSON pointers."""
    if isinstance(details, list):
        for place, item in enumerate(details):
            is_leaf = isinstance(item, dict) and set(item) == {"message", "code"}
            yield from _refusals(item, pointer if is_leaf else f"{pointer}/{place}")
    elif set(details) == {"message", "code"} and not isinstance(details["message"], dict | list):
        said = str(details["message"])
        yield Refusal(details["code"], Text(said, said), pointer)
    else:
        for name, item in details.items():
            step = "" if name == "non_field_errors" else f"/{str(name).replace('~', '~0').replace('/', '~1')}"
            yield from _refusals(item, pointer + step)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's EXCEPTION_HANDLER: every answer that is not a success is a problem document."""
    problem = problem_of(error)
    headers = _waiting(error)
    if problem.status == 401:
        headers["WWW-Authenticate"] = context["view"].get_authenticate_header(context["request"]) or "Api-Key"
    request = context["request"]
    request.accepted_renderer = jsonio.ProblemRenderer()
    request.accepted_media_type = jsonio.ProblemRenderer.media_type
    content = document(problem, request.path)
    return Response(content, status=problem.status, headers=headers, content_type=jsonio.ProblemRenderer.media_type)


def _waiting(error: Exception) -> dict[str, str]:
    """Retry-After (RFC 9110, 10.2.3) where the error says how many seconds to ``wait``."""
    wait = getattr(error, "wait", None)
    return {"Retry-After": str(int(wait))} if wait else {}


# --- plain Django pages ------------------------------------------------------------------------------------------

MACHINE_PREFIXES = ("/api/", "/ogc/", "/epcis/")


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem as JSON for machines and as a page for people."""
    wants_page = "text/html" in request.headers.get("Accept", "") and not request.path.startswith(MACHINE_PREFIXES)
    if wants_page:
        # The page for our own faults leans on nothing: the frame of the others asks the database who is signed in.
        page = "500.html" if problem.status >= 500 else "problem.html"
        response = render(request, page, {"problem": document(problem, request.path)}, status=problem.status)
        for name, value in _waiting(problem).items():
            response[name] = value
        return response
    return answer_as_json(request, problem)


def answer_as_json(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem as JSON, whatever the reader would rather have."""
    body = jsonio.dumps(document(problem, request.path))
    return HttpResponse(
        body, status=problem.status, headers=_waiting(problem), content_type=jsonio.ProblemRenderer.media_type
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, problem_from(exception) or Problem("malformed"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, problem_from(exception) or Problem("forbidden"))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, Problem("not_found"))


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, Problem("server_error"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = Text("页面已过期，请刷新后重试。", "The page has expired. Reload it and try again.")
    return answer(request, Problem("forbidden", text, [Refusal("csrf", text)]))


class ProblemMiddleware:
    """Turns our own exceptions raised by plain pages into problem pages."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, django_errors.SuspiciousOperation | Http404 | django_errors.PermissionDenied):
            return None
        problem = problem_from(exception)
        return answer(request, problem) if problem else None
