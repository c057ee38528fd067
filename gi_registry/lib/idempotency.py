"""A POST sent twice with one Idempotency-Key does its work once and gets the same answer twice."""

import functools
import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock, jsonio
from gi_registry.lib.models import AnsweredRequest
from gi_registry.lib.problems import Invalid, Problem
from gi_registry.lib.texts import Refusal, Text

HEADER = "Idempotency-Key"
MAX_KEY = 255
_BAD_KEY = Refusal(
    "idempotency_key",
    Text(
        "Idempotency-Key 应为 1 至 255 个可见 ASCII 字符。",
        "Idempotency-Key must be 1 to 255 visible ASCII characters.",
    ),
)
_MISMATCH = Text(
    "这个 Idempotency-Key 已用于另一个请求，请换一个。",
    "This Idempotency-Key was used for another request. Choose a new one.",
)

Handler = Callable[..., Response]


def once(handler: Handler) -> Handler:
    """Wrap a POST handler. Key, work and stored answer stand or fall in one transaction; a refusal frees the key."""

    @functools.wraps(handler)
    def wrapped(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None or view.actor.is_anonymous:
            return handler(view, request, *args, **kwargs)
        if not (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
            raise Invalid(_BAD_KEY)
        told = f"{request.method} {request.path}\n".encode()
        fingerprint = hashlib.sha256(told + _body_of(request)).digest()
        with transaction.atomic():
            who = view.actor.identity
            if not AnsweredRequest.claim(identity=who, key=key, fingerprint=fingerprint, now=clock.now()):
                return _replay(AnsweredRequest.objects.get(identity=who, key=key), fingerprint)
            response = handler(view, request, *args, **kwargs)
            AnsweredRequest.objects.filter(identity=who, key=key).update(
                status=response.status_code,
                answer=jsonio.dumps(response.data),
                location=response.headers.get("Location", ""),
            )
            return response

    return wrapped


def _body_of(request: Request) -> bytes:
    """What the sender meant. A form with files is written around a line that every program invents anew each time, and
    may have been read before it came here: there the parts are taken, each by its own digest."""
    if not (request.content_type or "").startswith("multipart/"):
        return request._request.body
    parts = []
    for name, values in sorted(request.data.lists()):
        for value in values:
            if hasattr(value, "read"):
                content = value.read()
                value.seek(0)
            else:
                content = str(value).encode()
            parts.append(f"{name!r} {hashlib.sha256(content).hexdigest()}")
    return "\n".join(parts).encode()


def _replay(row: AnsweredRequest, fingerprint: bytes) -> Response:
    if not row.matches(fingerprint):
        raise Problem("idempotency_mismatch", _MISMATCH, [Refusal("idempotency_mismatch", _MISMATCH)])
    headers = {"Idempotency-Replayed": "true"}
    if row.location:
        headers["Location"] = row.location
    return Response(orjson.loads(bytes(row.answer)), status=row.status, headers=headers)
