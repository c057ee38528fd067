"""The hidden PIN of a unit."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import anyone
from gi_registry.lib.api import PublicAPIView
from gi_registry.lib.problems import Invalid
from trace.pins import tried
from trace.rules.pins import PIN_SHAPE, PinOutcome, digits
from trace.rules.typed import read_typed
from trace.serializers import PinIn, PinOut


class PinView(PublicAPIView):
    public = "whoever holds the pack reads the PIN under its coating"
    # Nobody is looked up: the answer is the same for everybody, and there is no session to act on.
    authentication_classes = []
    policies = {"POST": anyone}

    @extend_schema(
        operation_id="trace_check_pin", auth=[], request=PinIn, responses={200: PinOut, 429: None, 503: PinOut}
    )
    def post(self, request: Request) -> Response:
        """Try the hidden PIN of a unit code. Each unit has five tries in all, and each call with eight digits uses one.

        The first right one opens the unit; a later right one tells on which day it was opened. 503 when it cannot be
        compared just now, which uses no try.
        """
        data = self.read(PinIn)
        pin = digits(data["pin"])
        if pin is None:
            raise Invalid(PIN_SHAPE)
        told = tried(request._request, read_typed(data["code"]), pin, now=clock.now())
        status = 503 if told.outcome is PinOutcome.UNAVAILABLE else 200
        return Response(PinOut(told).data, status=status, headers={"Cache-Control": "no-store"})
