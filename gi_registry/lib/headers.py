"""What pages may ask a device for. The other headers of defence come from Django's own middleware (settings, "security")."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "Permissions-Policy"
_FEATURES = ("browsing-topics", "camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")


def allowing(*features: str) -> str:
    """The policy of a page that needs these of a device itself, and lends them to nobody."""
    return ", ".join(f"{name}=({'self' if name in features else ''})" for name in _FEATURES)


class PermissionsMiddleware:
    """Nothing, unless the view said otherwise: words smuggled into a page then cannot switch on a camera either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, allowing())
        return response
