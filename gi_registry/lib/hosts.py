"""Whoever asks for a host that is not ours is turned away at the door, quietly: robots do so all day."""

import logging
from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.log import log_response
from prometheus_client import Counter

from gi_registry.lib.problems import Problem, answer_as_json
from gi_registry.lib.texts import Refusal, Text

log = logging.getLogger("gi.hosts")
REFUSED = Counter("gi_refused_hosts_total", "Requests turned away because their Host header names no host of ours.")
_NOT_OURS = Text(
    "本站不以这个主机名提供服务。请核对网址。", "This site does not answer under that host name. Check the address."
)
LONGEST_TOLD = 100


class HostMiddleware:
    """Before all others: those behind take the name for one of ours, as the pages of their own errors do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            return _refused(request)
        return self.get_response(request)


def _refused(request: HttpRequest) -> HttpResponse:
    """A problem without a page: the frame of a page leads to addresses under the host that was asked for."""
    REFUSED.inc()
    with translation.override(translation.get_language_from_request(request)):
        answer = answer_as_json(request, Problem("malformed", _NOT_OURS, [Refusal("unknown_host", _NOT_OURS)]))
    answer["X-Content-Type-Options"] = "nosniff"
    told = request.META.get("HTTP_HOST", "")[:LONGEST_TOLD]
    # By Django's own way to its log, which then writes no second line about the answer.
    log_response("refused host: %r", told, response=answer, request=request, logger=log)
    return answer
