"""The check of a code: the most asked address of all, so nothing is done here that the answer does not need."""

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from gi_registry.lib import clock, jsonio
from gi_registry.lib.api import PublicAPIView
from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Refusal, Text
from trace import limits, queries
from trace.rules.typed import MAX_TYPED, read_typed
from trace.rules.verdicts import Verdict
from trace.serializers import CheckOut

JSON = "application/json"
CODE = OpenApiParameter(
    "code",
    str,
    required=True,
    description="A lot, a unit code, or a link from a QR code, as typed, pasted or scanned.",
)
_MISSING = Refusal("code_missing", Text("请给出要查询的码。", "Give the code to check."), "/code")
_TOO_LONG = Refusal(
    "code_too_long", Text(f"码不超过 {MAX_TYPED} 个字符。", f"A code has at most {MAX_TYPED} characters."), "/code"
)


def status_of(answer: dict[str, object]) -> int:
    return 503 if answer["verdict"] == Verdict.UNAVAILABLE else 200


class CheckView(PublicAPIView):
    public = "a code is checked by whoever holds the goods"
    # Nobody is looked up: the answer is the same for everybody.
    authentication_classes = []

    @extend_schema(
        operation_id="trace_check", auth=[], parameters=[CODE], responses={200: CheckOut, 429: None, 503: CheckOut}
    )
    def get(self, request: Request) -> HttpResponse:
        """What the registry knows of a code. Always 200 with a verdict, also for codes that are mistyped or unknown.

        A look never counts as a check. 503 with the verdict `unavailable` when the register cannot be asked.
        """
        code = request.query_params.get("code", "")
        if not code.strip():
            raise Invalid(_MISSING)
        if len(code) > MAX_TYPED:
            raise Invalid(_TOO_LONG)
        now = clock.now()
        limits.look(request, now=now)
        answer = queries.check(read_typed(code), now=now)
        limits.told(request, Verdict(answer["verdict"]), now=now)
        headers = {"Cache-Control": "no-store"}
        return HttpResponse(jsonio.dumps(answer), status=status_of(answer), content_type=JSON, headers=headers)
