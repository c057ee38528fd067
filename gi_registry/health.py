"""Whether the service lives, whether it can serve, and which request is which."""

import re
import uuid
from collections.abc import Callable, Iterator

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest

from gi_registry.lib import clock, jsonio
from gi_registry.openlog.stamping import last_stamp, silent_since
from trace import keys

REQUESTS = Counter("gi_requests_total", "Requests answered.", ["method", "status"])
# Any other word is counted as one: a sender who makes up methods must not fill the memory with counters.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)


class RequestIdMiddleware:
    """Gives every request an id (or keeps the proxy's), puts it in every log line and in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        REQUESTS.labels(request.method if request.method in _METHODS else "other", response.status_code).inc()
        return response


def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """The service can do its work; if not, 503 and the reasons."""
    reasons = list(_reasons())
    body = jsonio.dumps({"ready": not reasons, "reasons": reasons, "warnings": [] if reasons else list(_warnings())})
    return HttpResponse(body, status=503 if reasons else 200, content_type="application/json")


def _reasons() -> list[str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT postgis_lib_version(), to_regclass('trace_check')")
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return [f"database: {type(error).__name__}"]
    reasons = [f"{len(waiting)} migrations not applied"] if waiting else []
    # Without keys every unit code would be answered as if we were out of order. Why, `./gi doctor` says: it names files.
    return [*reasons, "code keys cannot be read"] if keys.fault() else reasons


def _warnings() -> Iterator[str]:
    """What people should look into while the service goes on."""
    if settings.OPENLOG.stamps and (since := silent_since(clock.now(), last_stamp())):
        yield f"open log: no time stamp on checkpoints signed since {since.isoformat(timespec='minutes')}"


def metrics(request: HttpRequest) -> HttpResponse:
    """Counters for Prometheus."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
