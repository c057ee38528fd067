"""The codes themselves, as a file for their maker alone. Whoever has it can put the codes on other goods, so each taking is noted."""

import hashlib
import threading
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from gi_registry.lib import clock
from gi_registry.lib.api import ScopedAPIView
from gi_registry.lib.downloads import IF_RANGE, RANGE, send
from gi_registry.lib.limits import TooOften
from gi_registry.lib.renderers import ByAddress, CsvRenderer
from trace import actions, policy
from trace.api.issuances import seen_by
from trace.code_sheets import CodeSheet
from trace.models import Issuance
from trace.rules.issuances import Span
from trace.serializers.issuances import SpanIn

# A million codes hold a thread for up to a minute; the others of the process go on answering checks.
AT_A_TIME = 2
WAIT_S = 15
CSV = "text/csv; charset=utf-8"
_turns = threading.BoundedSemaphore(AT_A_TIME)


class Turn:
    """Pieces of a file while one of the turns is held; given back at the end, or when the reader goes away."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        if not _turns.acquire(blocking=False):
            raise TooOften(WAIT_S)
        self._pieces, self._is_held = pieces, True

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        if self._is_held:
            self._is_held = False
            _turns.release()


def sheet_of(issuance: Issuance, span: Span) -> CodeSheet:
    return CodeSheet(
        keys=actions.unit_keys(issuance),
        lot=issuance.batch.number,
        gtin=issuance.gtin,
        has_pin=issuance.has_pin,
        span=span,
        public_url=settings.GI_PUBLIC_URL,
    )


def etag_of(issuance: Issuance, sheet: CodeSheet) -> str:
    """Strong: the same span of the same issuance is the same bytes, for ever and from every process."""
    told = f"{issuance.number} {sheet.span} {sheet.public_url} {sheet.header!r}"
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


class IssuanceCodesView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.make}
    renderer_classes = [CsvRenderer]
    content_negotiation_class = ByAddress

    @extend_schema(
        operation_id="trace_issuances_codes",
        parameters=[SpanIn, RANGE, IF_RANGE],
        responses={
            (200, "text/csv"): OpenApiTypes.STR,
            (206, "text/csv"): OpenApiTypes.STR,
            409: None,
            416: None,
            429: None,
        },
    )
    def get(self, request: Request, number: str) -> Any:
        """The unit codes as CSV: index, code, link, GS1 link, and the PIN if there is one.

        For the producer alone, and each taking is noted. Lines have one length: a broken download goes on with `Range`.
        """
        issuance = self.fetch(number=number)
        asked = self.read_query(SpanIn)
        span = Span(asked["first"], asked.get("last", issuance.count - 1))
        actions.may_take(issuance=issuance, span=span, actor=self.actor)
        return self.send(issuance, sheet_of(issuance, span))

    def send(self, issuance: Issuance, sheet: CodeSheet) -> HttpResponse | StreamingHttpResponse:
        """The part that was asked for, noted before its first byte leaves."""

        def read(start: int, stop: int) -> Turn:
            turn = Turn(sheet.read(start, stop))
            try:
                touched = sheet.touched(start, stop)
                actions.take_codes(issuance=issuance, span=touched, actor=self.actor, now=clock.now())
            except Exception:
                turn.close()
                raise
            return turn

        name, etag = f"{issuance.batch.number}-{issuance.number}.csv", etag_of(issuance, sheet)
        return send(self.request, name=name, size=sheet.size, etag=etag, content_type=CSV, read=read)
