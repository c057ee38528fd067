"""Where a person asks about a code: a box to type it in, a photo of the label, or the camera."""

from csp.decorators import csp_update
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from gi_registry.lib import clock, headers
from gi_registry.lib.addresses import address_of, network_of
from gi_registry.lib.files import BoundedUploadHandler
from gi_registry.lib.images import MOST_BYTES
from gi_registry.lib.limits import require
from gi_registry.lib.problems import Invalid, Problem
from gi_registry.lib.texts import Refusal, Text
from trace import limits
from trace.pages import show_verdict
from trace.rules.typed import MAX_TYPED, Typed, read_typed
from trace.rules.verdicts import Verdict
from trace.scans import codes_in

_TOO_LONG = Refusal(
    "code_too_long", Text(f"码不超过 {MAX_TYPED} 个字符。", f"A code has at most {MAX_TYPED} characters."), "/code"
)
_NO_PHOTO = Refusal("photo_missing", Text("请选择一张照片。", "Choose a photo."), "/photo")
_NO_CODE = Refusal(
    "photo_without_code",
    Text(
        "照片里没有读到二维码。请让二维码占画面三分之一以上，对焦清楚、避免反光，再拍一张；也可以输入码下的编号。",
        "No QR code was read in the photo. Let it fill a third of the picture, in focus and without glare, and try again;"
        " or type the number under it.",
    ),
    "/photo",
)
_OTHER_CODE = Refusal(
    "photo_other_code",
    Text(
        "读到了二维码，但不是本登记系统的码。请拍带有批次号的那一个。",
        "A QR code was read, but it is not one of this registry. Photograph the one with the lot number under it.",
    ),
    "/photo",
)


class PhotoUpload(BoundedUploadHandler):
    """A phone's photo is larger than any form."""

    most = MOST_BYTES


@require_safe
def check_form(request: HttpRequest) -> HttpResponse:
    """A box for a typed code; with ``?code=`` the verdict on it."""
    typed = request.GET.get("code", "")
    if len(typed) > MAX_TYPED:
        raise Invalid(_TOO_LONG)
    if typed.strip():
        return show_verdict(request, read_typed(typed), typed)
    return _ask(request)


# Exempt from CSRF tokens like the beacon: it acts on nobody's session, and a token would need a cookie.
@csrf_exempt
@require_POST
def photo(request: HttpRequest) -> HttpResponse:
    """The verdict on the code in a photo. The photo is read in memory and kept nowhere."""
    require(limits.PHOTOS, network_of(address_of(request)), now=clock.now())
    try:
        text = _code_of(request)
    except Invalid as fault:
        return _ask(request, fault)
    return show_verdict(request, read_typed(text), text)


def _code_of(request: HttpRequest) -> str:
    """The one text in the photo that is a code of ours. Raises Invalid."""
    request.upload_handlers = [PhotoUpload(request)]
    try:
        file = request.FILES.get("photo")
    except RequestDataTooBig as large:
        raise Problem("too_large", Text("照片不超过 12 MB。", "A photo may have 12 MB at most.")) from large
    if file is None:
        raise Invalid(_NO_PHOTO)
    texts = [text for text in codes_in(file.read()) if len(text) <= MAX_TYPED]
    if not texts:
        raise Invalid(_NO_CODE)
    ours = [text for text in texts if _is_ours(read_typed(text))]
    if not ours:
        raise Invalid(_OTHER_CODE)
    return ours[0]


def _is_ours(typed: Typed) -> bool:
    """A lot with its check character: another maker's link or a shop's code is not answered as if it were mistyped."""
    return typed.is_well_formed


# The reader that stands in where a browser cannot scan by itself is WebAssembly.
@csp_update({"script-src": ["'wasm-unsafe-eval'"]})
def _ask(request: HttpRequest, fault: Invalid | None = None) -> HttpResponse:
    context = {"verdicts": list(Verdict), "faults": fault.errors if fault else ()}
    response = render(request, "trace/check.html", context, status=400 if fault else 200)
    response[headers.HEADER] = headers.allowing("camera")
    return response
