"""Which language the person in front of us reads: Chinese unless English was asked for."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from gi_registry.lib.texts import Text, Word

COOKIE_AGE_S = 365 * 24 * 3600
TAGS = {"zh": "zh-hans", "en": "en"}


def is_english() -> bool:
    return (translation.get_language() or "").startswith("en")


def say(text: Text | Word | str) -> str:
    """The sentence in the active language; plain strings pass unchanged."""
    if isinstance(text, Word):
        text = text.text
    if isinstance(text, Text):
        return text.pick(translation.get_language())
    return str(text)


def name_of(thing: object, field: str = "name") -> str:
    """A stored pair of columns in the active language: ``name_zh`` (or plain ``category``) and ``name_en``.

    Chinese stands in where English is missing.
    """
    chinese = getattr(thing, f"{field}_zh") if hasattr(thing, f"{field}_zh") else getattr(thing, field)
    return (getattr(thing, f"{field}_en") or chinese) if is_english() else chinese


class LanguageMiddleware(LocaleMiddleware):
    """``?lang=zh|en`` wins and is remembered; then the cookie; then Accept-Language; then Chinese."""

    def process_request(self, request: HttpRequest) -> None:
        asked = TAGS.get(request.GET.get("lang", ""))
        if asked is None:
            super().process_request(request)
            return
        request.chosen_language = asked
        translation.activate(asked)
        request.LANGUAGE_CODE = asked

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        if chosen := getattr(request, "chosen_language", None):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, chosen, max_age=COOKIE_AGE_S, samesite="Lax", httponly=True
            )
        return response
