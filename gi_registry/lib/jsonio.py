"""JSON in and out by orjson: strict on the way in (no NaN, bounded size), fast on the way out."""

from decimal import Decimal
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.functional import Promise
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from gi_registry.lib.language import say
from gi_registry.lib.texts import Text

_NOT_JSON = Text(
    "请求不是合法的 JSON（行:列 {place}）。NaN 和 Infinity 也不是 JSON。",
    "The request is not JSON (at line and column {place}). Neither NaN nor Infinity is JSON.",
)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def dumps(data: Any, *, is_readable: bool = False) -> bytes:
    """``is_readable``: line by line, for people."""
    lines = orjson.OPT_INDENT_2 if is_readable else 0
    return orjson.dumps(data, default=_plain, option=orjson.OPT_NON_STR_KEYS | lines)


class JsonParser(BaseParser):
    """RFC 8259 JSON. NaN and Infinity are refused, and so is a body over the limit, before it is read whole."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise RequestDataTooBig("request body over the limit")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            place = f"{error.lineno}:{error.colno}"
            raise ParseError(say(_NOT_JSON.format(place=place)), code="malformed") from error


class JsonRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else dumps(data)


class ProblemRenderer(JsonRenderer):
    media_type = "application/problem+json"
    format = "problem"
