"""From a request to an actor: sessions for pages, ``Authorization: Api-Key`` for machines, the same key as a password for GIS."""

from base64 import b64decode
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from gi_registry.accounts.actions import note_key_use
from gi_registry.accounts.models import ApiKey, User
from gi_registry.accounts.queries import Bearer, actor_of, bearer_of
from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.language import say
from gi_registry.lib.texts import Text

KEYWORD = "Api-Key"
_BAD_KEY = Text("API 密钥无效、已过期或已停用。", "The API key is unknown, expired or revoked.")


class ActorMiddleware:
    """Every request has an actor; it is looked up only when somebody asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def find() -> Actor:
            user = request.user
            return actor_of(user) if user.is_authenticated else Actor.ANONYMOUS

        request.actor = SimpleLazyObject(find)
        return self.get_response(request)


def authenticate(request: HttpRequest, *, takes_password: bool = False) -> Bearer | None:
    """The key that a request carries; it then speaks as that key's actor and user. None for a request without one.

    ``takes_password``: also as the password of HTTP Basic (RFC 7617), the user name being anything: QGIS, GDAL and OWSLib have
    fields for these two and for nothing else. For the map service only, which changes nothing. Raises AuthenticationFailed.
    """
    scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    match scheme.lower():
        case "api-key":
            secret = text.strip()
        case "basic" if takes_password:
            secret = _password(text.strip())
        case _:
            return None
    now = clock.now()
    bearer = bearer_of(secret, now)
    if bearer is None:
        raise AuthenticationFailed(say(_BAD_KEY))
    request.actor = bearer.actor
    request.user = SimpleLazyObject(lambda: bearer.model.user)
    note_key_use(key_id=bearer.key_id, last_used_at=bearer.last_used_at, now=now)
    return bearer


def _password(credentials: str) -> str:
    """The password, or nothing where the credentials cannot be read."""
    try:
        _, _, password = b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:  # no base64, or no UTF-8 in it
        return ""
    return password.strip()


def challenge(request: HttpRequest) -> str:
    """WWW-Authenticate where a password is taken: GIS clients then ask their user. A browser would ask too, over the page, so
    it gets the other word."""
    return KEYWORD if "HTTP_SEC_FETCH_MODE" in request.META else 'Basic realm="API key", charset="UTF-8"'


class ApiKeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        bearer = authenticate(request._request)
        if bearer is None:
            return None
        key = bearer.model
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD


class SessionAuth(SessionAuthentication):
    """The session of a signed-in person; changes need the CSRF token as on any page."""

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD
